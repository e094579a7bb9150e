import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import { columnOf, type Kind, type Sort } from './kinds.store.ts'

/** A row as it goes over the wire: days and instants are texts. */
export type Item = { id: string; rev: number; retiredAt: string | null } & Record<string, unknown>

export interface ItemQuery {
  q?: string | undefined
  /** A field of the kind's sorts; `-` before it: descending. */
  sort?: string | undefined
  retired?: boolean | undefined
  equals: Readonly<Record<string, unknown>>
  /** States separated by commas. */
  states?: string | undefined
  usageBefore?: string | undefined
  scope: Scope
}

const COMMON = ['id', 'rev', 'createdAt', 'updatedAt', 'retiredAt']

const selection = (kind: Kind): RawBuilder<unknown> =>
  sql.raw(
    [
      ...[...COMMON, ...kind.fixed, ...kind.fields].map((field) => `i.${columnOf(field)} as "${field}"`),
      ...Object.entries(kind.computed).map(([field, expression]) => `${expression} as "${field}"`),
    ].join(', '),
  )
const tableOf = (kind: Kind) => sql.raw(`${kind.table} as i`)

/** Days and instants become texts; counts come as numbers already. */
function toItem(row: Record<string, unknown>): Item {
  for (const [field, value] of Object.entries(row))
    if (value instanceof Temporal.Instant || value instanceof Temporal.PlainDate) row[field] = value.toString()
  return row as Item
}

const inScope = (kind: Kind, scope: Scope): RawBuilder<unknown> => {
  if (scope.all || !kind.scope) return sql`true`
  return sql`(${sql.raw(kind.scope.tenant)} = any (${scope.tenantIds}::uuid[]) or ${sql.raw(kind.scope.application)} = any (${scope.applicationIds}::uuid[]))`
}

/** Every run of two characters must occur (index), and the whole word as typed (recheck); one character alone scans. */
function matching(q: string): RawBuilder<unknown> {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)
  if (words.length === 0) return sql`true`
  return sql.join(
    words.map((word) => sql`(zh_grams(i.search) @> zh_grams(${word}) and i.search ilike ${`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`})`),
    sql` and `,
  )
}

function conditions(kind: Kind, query: ItemQuery): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [inScope(kind, query.scope)]
  if (query.q) parts.push(matching(query.q))
  if (!query.retired) parts.push(sql`i.retired_at is null`)
  for (const field of kind.filters)
    if (query.equals[field] !== undefined) parts.push(sql`${sql.raw(`i.${columnOf(field)}`)} = ${query.equals[field]}`)
  if (query.states) parts.push(sql`i.state = any (${query.states.split(',')}::text[])`)
  if (query.usageBefore) parts.push(sql`i.usage_until < ${query.usageBefore}::date`)
  return sql.join(parts, sql` and `)
}

/** One page of a kind and, per row, the end it would make; `limit` rows at most. Served by the kind's sort and search indexes. */
export async function listItems(
  db: Db,
  kind: Kind,
  query: ItemQuery,
  after: Cursor | undefined,
  limit: number,
): Promise<{ item: Item; cursor: Cursor }[]> {
  const descending = query.sort?.startsWith('-') ?? false
  const name = query.sort?.replace(/^-/, '') ?? kind.defaultSort
  const sort = (kind.sorts[name] ?? kind.sorts[kind.defaultSort]) as Sort
  const expression = sql.raw(sort.expression)
  const direction = sql.raw(descending ? 'desc' : 'asc')
  const beyond = after
    ? sql`(${expression}, i.id) ${sql.raw(descending ? '<' : '>')} (${after[0]}::${sql.raw(sort.type)}, ${after[1]}::uuid)`
    : sql`true`
  const { rows } = await sql<Record<string, unknown> & { sortValue: string }>`
    select ${selection(kind)}, (${expression})::text as "sortValue" from ${tableOf(kind)}
    where ${conditions(kind, query)} and ${beyond}
    order by ${expression} ${direction}, i.id ${direction} limit ${limit}`.execute(db)
  return rows.map(({ sortValue, ...row }) => {
    const item = toItem(row)
    return { item, cursor: [sortValue, item.id] }
  })
}

export async function findItem(db: Db, kind: Kind, id: string): Promise<Item | undefined> {
  const { rows } = await sql<Record<string, unknown>>`select ${selection(kind)} from ${tableOf(kind)} where i.id = ${id}`.execute(db)
  return rows[0] && toItem(rows[0])
}

export async function findItems(db: Db, kind: Kind, ids: readonly string[]): Promise<Item[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select ${selection(kind)} from ${tableOf(kind)} where i.id = any (${[...ids]}::uuid[])`.execute(db)
  return rows.map(toItem)
}

export async function findBySource(db: Db, kind: Kind, source: { type: string; id: string }): Promise<Item | undefined> {
  const { rows } = await sql<Record<string, unknown>>`
    select ${selection(kind)} from ${tableOf(kind)} where i.source_type = ${source.type} and i.source_id = ${source.id}`.execute(db)
  return rows[0] && toItem(rows[0])
}

/** The item whose text column has this value, ignoring case; retired ones only if nothing else. */
export async function findByText(
  db: Db,
  kind: Kind,
  field: string,
  value: string,
  more: Record<string, unknown> = {},
): Promise<Item | undefined> {
  const also = Object.entries(more).map(([name, one]) => sql`${sql.raw(`i.${columnOf(name)}`)} is not distinct from ${one}`)
  const { rows } = await sql<Record<string, unknown>>`
    select ${selection(kind)} from ${tableOf(kind)}
    where ${sql.join([sql`lower(${sql.raw(`i.${columnOf(field)}`)}) = lower(${value})`, ...also], sql` and `)}
    order by i.retired_at nulls first limit 1`.execute(db)
  return rows[0] && toItem(rows[0])
}

/** Locks first, then reads in a second statement: the computed columns must see what a waiting writer has committed. */
export async function lockItem(db: Db, kind: Kind, id: string): Promise<Item | undefined> {
  await sql`select 1 from ${sql.raw(kind.table)} where id = ${id} for update`.execute(db)
  return findItem(db, kind, id)
}

const columnValue = (kind: Kind, field: string, value: unknown) =>
  kind.json.includes(field) && value !== null ? JSON.stringify(value) : value

export async function insertItem(db: Db, kind: Kind, values: Readonly<Record<string, unknown>>): Promise<void> {
  const entries = Object.entries(values)
  await sql`
    insert into ${sql.raw(kind.table)} (${sql.join(entries.map(([field]) => sql.raw(columnOf(field))))})
    values (${sql.join(entries.map(([field, value]) => sql`${columnValue(kind, field, value)}`))})`.execute(db)
}

export async function updateItem(
  db: Db,
  kind: Kind,
  id: string,
  values: Readonly<Record<string, unknown>>,
  now: Temporal.Instant,
): Promise<void> {
  const sets = Object.entries(values).map(([field, value]) => sql`${sql.raw(columnOf(field))} = ${columnValue(kind, field, value)}`)
  await sql`
    update ${sql.raw(kind.table)} set ${sql.join([...sets, sql`rev = rev + 1`, sql`updated_at = ${now}`])} where id = ${id}`.execute(db)
}

/** Live items that point at this one, by kind and name; at most five, with how many there are. */
export async function usersOf(db: Db, type: Kind['type'], id: string): Promise<{ count: number; names: string[] }> {
  const uses: Partial<Record<Kind['type'], readonly [table: string, column: string][]>> = {
    application: [
      ['server', 'application_id'],
      ['volume', 'application_id'],
      ['network', 'application_id'],
    ],
    server: [
      ['volume', 'server_id'],
      ['network', 'server_id'],
    ],
    pool: [
      ['server', 'pool_id'],
      ['volume', 'pool_id'],
    ],
    rack: [
      ['server', 'rack_id'],
      ['component', 'rack_id'],
    ],
    hardwareModel: [['server', 'hardware_model_id']],
  }
  const queries = (uses[type] ?? []).map(
    ([table, column]) => sql`select name from ${sql.raw(table)} where ${sql.raw(column)} = ${id} and retired_at is null`,
  )
  if (queries.length === 0) return { count: 0, names: [] }
  const { rows } = await sql<{ name: string; count: number }>`
    select name, count(*) over () as count from (${sql.join(queries, sql` union all `)}) as used order by name limit 5`.execute(db)
  return { count: rows[0]?.count ?? 0, names: rows.map((row) => row.name) }
}

/** Whose computed rows another server's units overlap, if any. */
export async function unitTaken(
  db: Db,
  rackId: string,
  from: number,
  height: number,
  exceptServerId: string,
): Promise<{ name: string; unit: number } | undefined> {
  const { rows } = await sql<{ name: string; unit: number }>`
    select s.name, greatest(s.rack_unit, ${from}::int) as unit from server s left join hardware_model m on m.id = s.hardware_model_id
    where s.rack_id = ${rackId} and s.retired_at is null and s.id <> ${exceptServerId} and s.rack_unit is not null
      and s.rack_unit < ${from}::int + ${height}::int and ${from}::int < s.rack_unit + coalesce(m.rack_units, 1)
    limit 1`.execute(db)
  return rows[0]
}

/** Bureaus that have or had an application. */
export async function tenantIdsInUse(db: Db): Promise<string[]> {
  const { rows } = await sql<{ tenant_id: string }>`select distinct tenant_id from application`.execute(db)
  return rows.map((row) => row.tenant_id)
}
