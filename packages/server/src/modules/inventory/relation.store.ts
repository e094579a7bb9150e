import type { ItemType } from '@changbai/contract/inventory.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    item_relation: {
      id: string
      kind: string
      from_type: string
      from_id: string
      to_type: string
      to_id: string
      note: string
      bundle: string
      needed: number
      created_at: Temporal.Instant
    }
  }
}

export interface Edge {
  id: string | null
  kind: string
  fromType: ItemType
  from: string
  toType: ItemType
  to: string
  note: string
  bundle: string
  needed: number
}
export interface Node {
  type: ItemType
  id: string
  name: string
  state: string | null
  tenantId: string | null
  applicationId: string | null
}

/** Every way one item points at another, and what that pointing means. */
const pointers: readonly (readonly [fromType: ItemType, table: string, column: string, toType: ItemType, kind: string])[] = [
  ['server', 'server', 'application_id', 'application', 'BELONGS_TO'],
  ['volume', 'volume', 'application_id', 'application', 'BELONGS_TO'],
  ['network', 'network', 'application_id', 'application', 'BELONGS_TO'],
  ['volume', 'volume', 'server_id', 'server', 'ATTACHED_TO'],
  ['network', 'network', 'server_id', 'server', 'ATTACHED_TO'],
  ['server', 'server', 'rack_id', 'rack', 'PLACED_IN'],
  ['component', 'component', 'rack_id', 'rack', 'PLACED_IN'],
  ['server', 'server', 'hardware_model_id', 'hardwareModel', 'MADE_FROM'],
  ['server', 'server', 'flavor_id', 'flavor', 'MADE_FROM'],
  ['server', 'server', 'image_id', 'image', 'BUILT_FROM'],
  ['server', 'server', 'pool_id', 'pool', 'DRAWN_FROM'],
  ['volume', 'volume', 'pool_id', 'pool', 'DRAWN_FROM'],
]

/** Edges that touch any of these items, at most `limit`. */
export async function edgesAt(db: Db, ids: readonly string[], limit: number): Promise<Edge[]> {
  const here = sql`any (${[...ids]}::uuid[])`
  const pointing = pointers.map(
    ([fromType, table, column, toType, kind]) => sql`
      select null::uuid as id, ${sql.lit(kind)} as kind, ${sql.lit(fromType)} as "fromType", id as "from", ${sql.lit(toType)} as "toType",
        ${sql.raw(column)} as "to", '' as note, '' as bundle, 1 as needed
      from ${sql.raw(table)} where retired_at is null and ${sql.raw(column)} is not null and (id = ${here} or ${sql.raw(column)} = ${here})`,
  )
  const { rows } = await sql<Edge>`
    select * from (${sql.join(pointing, sql` union all `)} union all
      select id, kind, from_type, from_id, to_type, to_id, note, bundle, needed from item_relation where from_id = ${here} or to_id = ${here}) as edge
    limit ${limit}`.execute(db)
  return rows
}

const named: Record<ItemType, string> = {
  application: "select 'application', id, name, state, tenant_id, id from application",
  server: "select 'server', id, name, state, tenant_id, application_id from server",
  volume: "select 'volume', id, name, state, tenant_id, application_id from volume",
  network: "select 'network', id, name, state, tenant_id, application_id from network",
  pool: "select 'pool', id, name, null, null::uuid, null::uuid from pool",
  rack: "select 'rack', id, room || ' ' || name, null, null::uuid, null::uuid from rack",
  component: "select 'component', id, name, state, null::uuid, null::uuid from component",
  flavor: "select 'flavor', id, name, state, null::uuid, null::uuid from flavor",
  image: "select 'image', id, name, state, null::uuid, null::uuid from image",
  hardwareModel: "select 'hardwareModel', id, vendor || ' ' || model, acceptance, null::uuid, null::uuid from hardware_model",
}

/** Names, states and owners of items of several kinds. */
export async function nodesOf(db: Db, wanted: ReadonlyMap<string, ItemType>): Promise<Node[]> {
  const nodes: Node[] = []
  for (const type of new Set(wanted.values())) {
    const ids = [...wanted].filter(([, kind]) => kind === type).map(([id]) => id)
    const { rows } = await sql<Node>`
      select * from (${sql.raw(named[type])}) as n (type, id, name, state, "tenantId", "applicationId") where id = any (${ids}::uuid[])`.execute(
      db,
    )
    nodes.push(...rows)
  }
  return nodes
}

export const insertRelation = (
  db: Db,
  row: {
    id: string
    kind: string
    from: { type: string; id: string }
    to: { type: string; id: string }
    note: string
    bundle: string
    needed: number
    now: Temporal.Instant
  },
) =>
  db
    .insertInto('item_relation')
    .values({
      id: row.id,
      kind: row.kind,
      from_type: row.from.type,
      from_id: row.from.id,
      to_type: row.to.type,
      to_id: row.to.id,
      note: row.note,
      bundle: row.bundle,
      needed: row.needed,
      created_at: row.now,
    })
    .onConflict((conflict) => conflict.columns(['kind', 'from_id', 'to_id']).doNothing())
    .executeTakeFirst()

export const deleteRelation = (db: Db, id: string) => db.deleteFrom('item_relation').where('id', '=', id).returningAll().executeTakeFirst()
