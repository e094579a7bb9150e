import type { CalendarChange, DayKind, YearStatus } from '@changbai/contract/calendar.ts'
import type { ColumnType } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import { newId } from '../../platform/ids.ts'
import { forget, remembered } from '../../platform/memo.ts'
import type { YearOfDays } from './domain/calendar.ts'

interface StateTable {
  only: ColumnType<boolean, boolean | undefined, never>
  revision: string
}
interface YearTable {
  year: number
  status: YearStatus
  published_doc: string
  source: string
  published_at: Temporal.Instant | null
}
interface DayTable {
  on_day: Temporal.PlainDate
  year: number
  kind: DayKind
  name: string | null
  name_en: string | null
  published_doc: string | null
  source: string
  changed_by_name: string | null
  approved_by_name: string | null
}
interface ChangeTable {
  id: string
  year: number
  publishes: boolean
  published_doc: string
  reason: string
  status: CalendarChange['status']
  days: ColumnType<CalendarChange['days'], string, never>
  proposed_by: string
  proposed_by_name: string
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
  comment: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    calendar_state: StateTable
    calendar_year: YearTable
    calendar_day: DayTable
    calendar_change: ChangeTable
  }
}

/** Changes whenever any day does; null on a database without a calendar. */
export const calendarRevision = (db: Db): Promise<string | null> =>
  remembered(db, REVISION, async () => (await db.selectFrom('calendar_state').select('revision').executeTakeFirst())?.revision ?? null)
const REVISION = 'calendar:'

/** Waits for whoever changes the calendar at the same time. */
export async function lockCalendar(db: Db): Promise<void> {
  forget(db, REVISION)
  await db
    .insertInto('calendar_state')
    .values({ revision: newId() })
    .onConflict((conflict) => conflict.column('only').doUpdateSet({ revision: newId() }))
    .execute()
}

/** All years with their special days, about 800 rows. */
export async function readYears(db: Db): Promise<YearOfDays[]> {
  const years = await db.selectFrom('calendar_year').selectAll().orderBy('year').execute()
  const days = Map.groupBy(await db.selectFrom('calendar_day').selectAll().orderBy('on_day').execute(), (row) => row.year)
  return years.map(({ year, status, published_doc }) => ({
    year,
    status,
    publishedDoc: published_doc,
    days: (days.get(year) ?? []).map((row) => ({
      on: row.on_day.toString(),
      kind: row.kind,
      name: row.name,
      nameEn: row.name_en,
      ...(row.published_doc === null ? {} : { publishedDoc: row.published_doc }),
    })),
  }))
}

export const yearRows = (db: Db) => db.selectFrom('calendar_year').selectAll().orderBy('year', 'desc').execute()
export const yearRow = (db: Db, year: number) => db.selectFrom('calendar_year').selectAll().where('year', '=', year).executeTakeFirst()
export const dayRows = (db: Db, year: number): Promise<Row<'calendar_day'>[]> =>
  db.selectFrom('calendar_day').selectAll().where('year', '=', year).orderBy('on_day').execute()

export async function saveYear(db: Db, row: NewRow<'calendar_year'>): Promise<void> {
  await db
    .insertInto('calendar_year')
    .values(row)
    .onConflict((conflict) => conflict.column('year').doUpdateSet({ ...row }))
    .execute()
}

/** Puts days in place of what the calendar said of them. */
export async function saveDays(db: Db, rows: NewRow<'calendar_day'>[]): Promise<void> {
  await removeDays(
    db,
    rows.map((row) => row.on_day),
  )
  if (rows.length > 0) await db.insertInto('calendar_day').values(rows).execute()
}

export async function removeDays(db: Db, days: readonly Temporal.PlainDate[]): Promise<void> {
  if (days.length > 0)
    await db
      .deleteFrom('calendar_day')
      .where('on_day', 'in', [...days])
      .execute()
}

export const openChangeCounts = async (db: Db): Promise<Map<number, number>> => {
  const rows = await db
    .selectFrom('calendar_change')
    .select(({ fn }) => ['year', fn.countAll<number>().as('count')])
    .where('status', '=', 'PROPOSED')
    .groupBy('year')
    .execute()
  return new Map(rows.map((row) => [row.year, row.count]))
}

export async function insertChange(db: Db, row: NewRow<'calendar_change'>): Promise<void> {
  await db.insertInto('calendar_change').values(row).execute()
}
export const lockChange = (db: Db, id: string): Promise<Row<'calendar_change'> | undefined> =>
  db.selectFrom('calendar_change').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const settleChange = (db: Db, id: string, change: RowChange<'calendar_change'>): Promise<Row<'calendar_change'>> =>
  db.updateTable('calendar_change').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** Newest first; ids sort by time. Served by index calendar_change_recent. */
export function changeRows(
  db: Db,
  filter: { year?: number | undefined; status?: CalendarChange['status'] | undefined; before?: string | undefined; limit: number },
): Promise<Row<'calendar_change'>[]> {
  let query = db.selectFrom('calendar_change').selectAll().orderBy('id', 'desc').limit(filter.limit)
  if (filter.year !== undefined) query = query.where('year', '=', filter.year)
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  return query.execute()
}
