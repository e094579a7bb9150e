import type { ImpactDirection, ImpactEffect, ItemType } from '@changbai/contract/inventory.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db } from '../../platform/db.ts'

export interface Reached {
  id: string
  type: ItemType
  hop: number
  effect: ImpactEffect
  via: string | null
  bundle: string
  up: number | null
  members: number | null
}
/** What the reader may see of what was reached. */
export interface ImpactSight {
  /** Applications, servers, volumes and networks. */
  owned: Scope
  /** The provider's own house: racks, components. */
  house: boolean
}
interface Counted {
  type: ItemType
  effect: ImpactEffect
  count: number
}

/** The walk, and what is strong and weak in its direction. */
const walks = {
  DOWN: { walk: 'follow_loss', strong: 'LOST', weak: 'WEAKENED' },
  UP: { walk: 'follow_needs', strong: 'VITAL', weak: 'SPARE' },
} as const satisfies Record<ImpactDirection, { walk: string; strong: ImpactEffect; weak: ImpactEffect }>
/** As migration 0056 numbers them, from 1. */
const numbered = ['application', 'server', 'volume', 'network', 'component', 'rack'] as const satisfies readonly ItemType[]
const typeWord = sql.raw(`(array['${numbered.join("','")}'])`)
const HOUSE_FROM = numbered.indexOf('component') + 1

/** Whose rows are open to the reader; who reads everything is not asked thing by thing. */
function visible({ owned, house }: ImpactSight): RawBuilder<unknown> {
  if (owned.all) return house ? sql`true` : sql`w.type < ${sql.lit(HOUSE_FROM)}`
  const { tenantIds, applicationIds } = owned
  const mine = ['server', 'volume', 'network'].map(
    (table) =>
      sql`exists (select from ${sql.raw(table)} o where o.id = node.id and (o.tenant_id = any (${tenantIds}::uuid[]) or o.application_id = any (${applicationIds}::uuid[])))`,
  )
  const application = sql`exists (select from application o where o.id = node.id and (o.tenant_id = any (${tenantIds}::uuid[]) or o.id = any (${applicationIds}::uuid[])))`
  return sql`case when w.type >= ${sql.lit(HOUSE_FROM)} then ${sql.lit(house)}
    else exists (select from item_node node where node.no = w.no and (${sql.join([application, ...mine], sql` or `)})) end`
}

/**
 * Walks the needs from one thing; a function of migration 0056 does the walk in the database, where tens of thousands of things are sets, not rows.
 * @param limits how many things, and how many applications, are told one by one
 */
export async function walkImpact(
  db: Db,
  startId: string,
  direction: ImpactDirection,
  hops: number,
  sight: ImpactSight,
  limits: { nodes: number; applications: number },
): Promise<{ counts: Counted[]; nodes: Reached[]; applications: Reached[]; stubs: string[] }> {
  const { walk, strong, weak } = walks[direction]
  const told = sql`jsonb_build_object('id', node.id, 'type', ${typeWord}[l.type], 'hop', l.hop, 'effect', case when l.strong then ${sql.lit(strong)} else ${sql.lit(weak)} end,
    'via', through.id, 'bundle', l.bundle, 'up', l.up, 'members', l.members)`
  const tell = (list: string) =>
    sql`(select jsonb_agg(${told}) from ${sql.raw(list)} l join item_node node on node.no = l.no left join item_node through on through.no = l.via)`
  const { rows } = await sql<{ counts: Counted[] | null; nodes: Reached[] | null; applications: Reached[] | null; stubs: string[] | null }>`
    with start as (select no from item_node where id = ${startId}::uuid),
    walked as materialized (select w.* from start, ${sql.raw(walk)}(start.no, ${hops}::int) w),
    seen as materialized (
      select w.*, ${visible(sight)} as open from walked w
      where w.strong or not exists (select from walked x where x.again and x.no = w.no)
    ),
    listed as (select * from seen where open order by hop, strong desc, type, no limit ${limits.nodes}),
    apps as (select * from seen where open and type = 1 order by strong desc, hop, no limit ${limits.applications})
    select
      (select jsonb_agg(jsonb_build_object('type', ${typeWord}[c.type], 'effect', case when c.strong then ${sql.lit(strong)} else ${sql.lit(weak)} end, 'count', c.count))
        from (select type, strong, count(*)::int as count from seen where open group by type, strong order by strong desc, type) c) as counts,
      ${tell('listed')} as nodes, ${tell('apps')} as applications,
      (select jsonb_agg(distinct through.id) from seen s join item_node through on through.no = s.via left join seen v on v.no = s.via
        where not s.open and (through.id = ${startId}::uuid or v.open)) as stubs`.execute(db)
  const [row] = rows
  return { counts: row?.counts ?? [], nodes: row?.nodes ?? [], applications: row?.applications ?? [], stubs: row?.stubs ?? [] }
}

const everywhere = [
  ['application', 'name', 'code'],
  ['server', 'name'],
  ['component', 'name'],
  ['rack', 'name'],
  ['volume', 'name'],
  ['network', 'name'],
] as const

/** Of which kind an id is; at most one answers. */
export async function typeOfItem(db: Db, id: string): Promise<ItemType | undefined> {
  const { rows } = await sql<{ type: ItemType }>`${sql.join(
    everywhere.map(([table]) => sql`select ${sql.lit(table)} as type from ${sql.raw(table)} where id = ${id}`),
    sql` union all `,
  )}`.execute(db)
  return rows[0]?.type
}

/** Live things of that name, or applications of that code; a few, for people who type. */
export async function itemsNamed(db: Db, word: string, limit: number): Promise<{ type: ItemType; id: string; name: string }[]> {
  const branches = everywhere.flatMap(([table, ...columns]) =>
    columns.map(
      (column) =>
        sql`select distinct ${sql.lit(table)} as type, id, name from ${sql.raw(table)} where lower(${sql.raw(column)}) = lower(${word}) and retired_at is null`,
    ),
  )
  const { rows } = await sql<{ type: ItemType; id: string; name: string }>`
    select distinct * from (${sql.join(branches, sql` union all `)}) as found order by type, name, id limit ${limit}`.execute(db)
  return rows
}
