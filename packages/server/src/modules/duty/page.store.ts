import { sql } from 'kysely'
import type { Db, NewRow, Row } from '../../platform/db.ts'
import type { PageStep } from './duty.domain.ts'

interface PageTable {
  id: string
  subject_type: string
  subject_id: string
  tenant_id: string | null
  title: string
  link: string
  state: 'RUNNING' | 'ACKNOWLEDGED' | 'EXHAUSTED' | 'ENDED'
  steps: unknown
  step: number
  next_at: Temporal.Instant | null
  started_at: Temporal.Instant
  acknowledged_by: string | null
  acknowledged_at: Temporal.Instant | null
}
interface TryTable {
  id: string
  page_id: string
  seq: number
  person_id: string
  place: string
  at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    duty_page: PageTable
    duty_page_try: TryTable
  }
}
export type PageRow = Omit<Row<'duty_page'>, 'steps'> & { steps: PageStep[] }
export type TryRow = Row<'duty_page_try'>
const read = (row: Row<'duty_page'>): PageRow => ({ ...row, steps: row.steps as PageStep[] })

export const insertPage = (db: Db, row: PageRow) =>
  db
    .insertInto('duty_page')
    .values({ ...row, steps: JSON.stringify(row.steps) })
    .execute()
export async function findPage(db: Db, id: string): Promise<PageRow | undefined> {
  const row = await db.selectFrom('duty_page').selectAll().where('id', '=', id).executeTakeFirst()
  return row && read(row)
}
export async function lockPage(db: Db, id: string): Promise<PageRow | undefined> {
  const row = await db.selectFrom('duty_page').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && read(row)
}
export const updatePage = (
  db: Db,
  id: string,
  change: Partial<Pick<PageRow, 'state' | 'step' | 'next_at' | 'acknowledged_by' | 'acknowledged_at'>>,
) => db.updateTable('duty_page').set(change).where('id', '=', id).execute()

/** Pages whose next try is due, locked; what another process holds is left to it. Served by duty_page_next. */
export async function lockDuePages(db: Db, now: Temporal.Instant, limit: number): Promise<PageRow[]> {
  const { rows } = await sql<Row<'duty_page'>>`
    select * from duty_page where state = 'RUNNING' and next_at <= ${now} order by next_at limit ${limit} for update skip locked`.execute(
    db,
  )
  return rows.map(read)
}
/** Pages of a subject that nobody has answered yet, locked. */
export async function lockRunningPages(db: Db, subjectId: string): Promise<PageRow[]> {
  const rows = await db
    .selectFrom('duty_page')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .where('state', '=', 'RUNNING')
    .forUpdate()
    .execute()
  return rows.map(read)
}
/** Those still going out first, then newest first; the last hundred. */
export async function listPages(db: Db, filter: { open: boolean; subjectId?: string | undefined }): Promise<PageRow[]> {
  const { rows } = await sql<Row<'duty_page'>>`
    select * from duty_page
    where ${filter.open ? sql`state = 'RUNNING'` : sql`true`}
      and ${filter.subjectId === undefined ? sql`true` : sql`subject_id = ${filter.subjectId}::uuid`}
    order by state = 'RUNNING' desc, started_at desc limit 100`.execute(db)
  return rows.map(read)
}
export const insertTry = (db: Db, row: NewRow<'duty_page_try'>) => db.insertInto('duty_page_try').values(row).execute()
export const triesOf = async (db: Db, pageIds: readonly string[]): Promise<TryRow[]> =>
  pageIds.length === 0
    ? []
    : db.selectFrom('duty_page_try').selectAll().where('page_id', 'in', pageIds).orderBy('page_id').orderBy('seq').execute()
