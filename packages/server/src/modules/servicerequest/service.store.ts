import type { CatalogueItem, ServiceState } from '@changbai/contract/service-request.ts'
import { type ColumnType, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { Answers } from './catalogue.domain.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>
interface ServiceTable {
  id: string
  number: string
  code: string
  item: Json<CatalogueItem>
  title: string
  answers: Json<Answers>
  state: ServiceState
  source: 'PORTAL' | 'CALL' | 'MAIL'
  tenant_id: string | null
  application_id: string | null
  requester_id: string
  requester_name: string
  contact: string
  handler_id: string | null
  handler_name: string | null
  result: string
  submitted_at: Temporal.Instant
  due_at: Temporal.Instant
  provisional: boolean
  done_at: Temporal.Instant | null
  closed_at: Temporal.Instant | null
  rating: number | null
  rating_comment: string | null
  instance_id: string | null
  task_id: string | null
  node: string | null
}
interface EventTable {
  id: string
  request_id: string
  kind: string
  at: Temporal.Instant
  by_name: string
  text: string
}
declare module '../../platform/db.ts' {
  interface Tables {
    service_request: ServiceTable
    service_request_event: EventTable
  }
}
export type ServiceRow = Row<'service_request'>

export const insertService = async (db: Db, row: NewRow<'service_request'>): Promise<void> => {
  await db.insertInto('service_request').values(row).execute()
}
export const findService = (db: Db, id: string): Promise<ServiceRow | undefined> =>
  db.selectFrom('service_request').selectAll().where('id', '=', id).executeTakeFirst()
export const findServiceByNumber = (db: Db, number: string): Promise<ServiceRow | undefined> =>
  db.selectFrom('service_request').selectAll().where('number', '=', number).executeTakeFirst()
export const lockService = (db: Db, id: string): Promise<ServiceRow | undefined> =>
  db.selectFrom('service_request').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
export const updateService = (db: Db, id: string, change: RowChange<'service_request'>): Promise<ServiceRow> =>
  db.updateTable('service_request').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export interface ServiceFilter {
  q?: string | undefined
  code?: string | undefined
  state?: ServiceState | undefined
  open?: boolean | undefined
  /** Asked or handled by this person. */
  personId?: string | undefined
}
const TEXT = sql`number || ' ' || title || ' ' || requester_name`
/** Newest first, a row more than asked; ids carry their time. Whoever asked sees it whatever the scope. */
export async function listServices(
  db: Db,
  filter: ServiceFilter,
  scope: Scope,
  askerId: string | null,
  cursor: Cursor | undefined,
  limit: number,
): Promise<ServiceRow[]> {
  const like = `%${(filter.q ?? '').replace(/[\\%_]/g, '\\$&')}%`
  const reach = scope.all
    ? sql`true`
    : sql`(tenant_id = any(${scope.tenantIds}::uuid[]) or application_id = any(${scope.applicationIds}::uuid[]) or requester_id = ${askerId}::uuid)`
  const { rows } = await sql<ServiceRow>`
    select * from service_request
    where ${reach}
      and ${filter.code ? sql`code = ${filter.code}` : sql`true`}
      and ${filter.state ? sql`state = ${filter.state}` : sql`true`}
      and ${filter.open ? sql`state in ('SUBMITTED', 'IN_PROGRESS', 'DONE')` : sql`true`}
      and ${filter.personId ? sql`(requester_id = ${filter.personId}::uuid or handler_id = ${filter.personId}::uuid)` : sql`true`}
      and ${filter.q ? sql`zh_grams(${TEXT}) @> zh_grams(${filter.q}) and ${TEXT} ilike ${like}` : sql`true`}
      and ${cursor ? sql`id < ${cursor[1]}::uuid` : sql`true`}
    order by id desc limit ${limit + 1}`.execute(db)
  return rows
}
/** Of one line of the catalogue, those that fall due in a span. Served by service_request_due. */
export const servicesDue = (db: Db, code: string, from: Temporal.Instant, to: Temporal.Instant): Promise<ServiceRow[]> =>
  db
    .selectFrom('service_request')
    .selectAll()
    .where('code', '=', code)
    .where('due_at', '>=', from)
    .where('due_at', '<', to)
    .orderBy('due_at')
    .orderBy('id')
    .execute()

export const insertServiceEvent = async (db: Db, row: NewRow<'service_request_event'>): Promise<void> => {
  await db.insertInto('service_request_event').values(row).execute()
}
export const serviceEvents = (db: Db, requestId: string): Promise<Row<'service_request_event'>[]> =>
  db.selectFrom('service_request_event').selectAll().where('request_id', '=', requestId).orderBy('at').orderBy('id').execute()
