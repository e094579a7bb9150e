import type {
  ReclaimAmounts,
  ReclaimAssessment,
  ReclaimFigures,
  ReclaimOutcome,
  ReclaimReply,
  ReclaimReport,
  ReclaimSource,
  ReclaimStatus,
  ReclaimSubject,
} from '@changbai/contract/reclaim.ts'
import { type ColumnType, type RawBuilder, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

type Json<T> = ColumnType<T, string, string>
type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>
interface Who {
  id: string | null
  name: string
}
export interface Ruling {
  outcome: string
  reason: string
  by: Who
  at: string
}
export interface Changed {
  changeNo: string
  note: string
  by: Who
  at: string
  after: ReclaimAmounts
  tier: string | null
}
interface CaseTable {
  id: string
  number: string
  process_key: 'server-reclaim' | 'storage-reclaim'
  subject: ReclaimSubject
  item_id: string
  item_name: string
  tenant_id: string | null
  application_id: string | null
  source: ReclaimSource
  rule: string | null
  finding_id: string | null
  reason: string
  status: ReclaimStatus
  outcome: ReclaimOutcome | null
  node: string | null
  allocated: Json<ReclaimAmounts>
  figures: MaybeJson<ReclaimFigures>
  report: MaybeJson<ReclaimReport>
  assessment: MaybeJson<ReclaimAssessment>
  reply: MaybeJson<ReclaimReply>
  ruling: MaybeJson<Ruling>
  change: MaybeJson<Changed>
  cool_until: Temporal.Instant | null
  saving: MaybeJson<ReclaimAmounts>
  asked_at: Temporal.Instant | null
  instance_id: string | null
  created_by: string | null
  created_by_name: string
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
  closed_at: Temporal.Instant | null
}
export interface Backup {
  ref: string
  /** What in the cloud holds it; null for one that people made. */
  kind: 'image' | 'volumeSnapshot' | null
  connectionId: string | null
  /** Things of the register that go when the backup goes: a system disk whose snapshots it holds. */
  holds: string[]
  /** The cloud's id of the project whose quota it counts in. */
  projectId: string | null
  by: string
  at: string
  note: string
}
export interface Declaration {
  statement: 'BACKED_UP' | 'NOT_NEEDED'
  by: string
  at: string
  comment: string
}
export interface Proof {
  method: string
  by: string
  witness: string
  evidence: string
  at: string
  digest: string
}
interface PartTable {
  id: string
  case_id: string
  seq: number
  item_type: 'server' | 'volume'
  item_id: string
  item_name: string
  vcpu: number
  mem_gib: number
  gib: number
  state: 'WAITING' | 'BACKED_UP' | 'COOLING' | 'RELEASED' | 'RECOVERED'
  backup: MaybeJson<Backup>
  declaration: MaybeJson<Declaration>
  was_on: string | null
  stopped_at: Temporal.Instant | null
  cool_until: Temporal.Instant | null
  released_at: Temporal.Instant | null
  proof: MaybeJson<Proof>
  backup_until: Temporal.Instant | null
  backup_gone_at: Temporal.Instant | null
}
interface EventTable {
  id: string
  case_id: string
  at: Temporal.Instant
  by_person_id: string | null
  by_name: string
  kind: string
  text: string
  data: MaybeJson<Record<string, unknown>>
}
declare module '../../platform/db.ts' {
  interface Tables {
    reclaim_case: CaseTable
    reclaim_part: PartTable
    reclaim_event: EventTable
  }
}
export type CaseRow = Row<'reclaim_case'>
export type PartRow = Row<'reclaim_part'>
export type EventRow = Row<'reclaim_event'>
export type CaseChange = RowChange<'reclaim_case'>

export const insertCase = async (db: Db, row: NewRow<'reclaim_case'>): Promise<void> => {
  await db.insertInto('reclaim_case').values(row).execute()
}
export const findCase = (db: Db, id: string): Promise<CaseRow | undefined> =>
  db.selectFrom('reclaim_case').selectAll().where('id', '=', id).executeTakeFirst()
export const lockCase = (db: Db, id: string): Promise<CaseRow | undefined> =>
  db.selectFrom('reclaim_case').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
export const openCaseOf = (db: Db, itemId: string): Promise<CaseRow | undefined> =>
  db.selectFrom('reclaim_case').selectAll().where('item_id', '=', itemId).where('closed_at', 'is', null).executeTakeFirst()
export async function itemsWithOpenCase(db: Db): Promise<Map<string, string>> {
  const rows = await db.selectFrom('reclaim_case').select(['item_id', 'id']).where('closed_at', 'is', null).execute()
  return new Map(rows.map((row) => [row.item_id, row.id]))
}
export async function updateCase(db: Db, id: string, change: CaseChange, at: Temporal.Instant): Promise<void> {
  await db
    .updateTable('reclaim_case')
    .set({ ...change, updated_at: at })
    .where('id', '=', id)
    .execute()
}

export interface CaseFilter {
  q?: string | undefined
  state: 'open' | 'cooling' | 'closed' | 'all'
  subject?: ReclaimSubject | undefined
  itemId?: string | undefined
}
const inScope = (scope: Scope): RawBuilder<unknown> =>
  scope.all ? sql`true` : sql`(tenant_id = any (${scope.tenantIds}::uuid[]) or application_id = any (${scope.applicationIds}::uuid[]))`

/** Newest first, a row more than asked: ids carry their time. */
export async function listCases(db: Db, filter: CaseFilter, scope: Scope, after: Cursor | undefined, limit: number): Promise<CaseRow[]> {
  const all = [inScope(scope)]
  if (filter.state === 'open') all.push(sql`closed_at is null`)
  if (filter.state === 'cooling') all.push(sql`closed_at is null and cool_until is not null`)
  if (filter.state === 'closed') all.push(sql`closed_at is not null`)
  if (filter.subject) all.push(sql`subject = ${filter.subject}`)
  if (filter.itemId) all.push(sql`item_id = ${filter.itemId}`)
  if (filter.q) {
    const like = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`
    all.push(sql`(number ilike ${like} or item_name ilike ${like})`)
  }
  if (after) all.push(sql`id < ${after[1]}::uuid`)
  const { rows } =
    await sql<CaseRow>`select * from reclaim_case where ${sql.join(all, sql` and `)} order by id desc limit ${limit + 1}`.execute(db)
  return rows
}

export const insertPart = async (db: Db, row: NewRow<'reclaim_part'>): Promise<void> => {
  await db.insertInto('reclaim_part').values(row).execute()
}
export const partsOf = (db: Db, caseId: string): Promise<PartRow[]> =>
  db.selectFrom('reclaim_part').selectAll().where('case_id', '=', caseId).orderBy('seq').execute()
export async function updatePart(db: Db, id: string, change: RowChange<'reclaim_part'>): Promise<void> {
  await db.updateTable('reclaim_part').set(change).where('id', '=', id).execute()
}
export const findPart = (db: Db, id: string): Promise<PartRow | undefined> =>
  db.selectFrom('reclaim_part').selectAll().where('id', '=', id).executeTakeFirst()
/** Where something lies, or lay before it was taken back: by any case about it or about a cluster it was in. */
export async function placeOfTaken(db: Db, itemId: string): Promise<{ tenantId: string | null; applicationId: string | null } | undefined> {
  const { rows } = await sql<{ tenantId: string | null; applicationId: string | null }>`
    select c.tenant_id as "tenantId", c.application_id as "applicationId" from reclaim_case c
    where c.id in (select case_id from reclaim_part where item_id = ${itemId}) limit 1`.execute(db)
  return rows[0]
}
/** Backups whose time is over. Served by reclaim_part_backup. */
export const backupsOver = (db: Db, now: Temporal.Instant, limit: number): Promise<PartRow[]> =>
  db
    .selectFrom('reclaim_part')
    .selectAll()
    .where('backup_until', '<=', now)
    .where('backup_gone_at', 'is', null)
    .orderBy('backup_until')
    .limit(limit)
    .execute()

export const insertEvent = async (db: Db, row: NewRow<'reclaim_event'>): Promise<void> => {
  await db.insertInto('reclaim_event').values(row).execute()
}
export const eventsOf = (db: Db, caseId: string): Promise<EventRow[]> =>
  db.selectFrom('reclaim_event').selectAll().where('case_id', '=', caseId).orderBy('id').execute()

/** Cases that ended within a year with something given back. */
export async function closedIn(db: Db, from: Temporal.Instant, to: Temporal.Instant, scope: Scope): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`
    select * from reclaim_case where closed_at >= ${from} and closed_at < ${to} and ${inScope(scope)} order by closed_at limit 20000`.execute(
    db,
  )
  return rows
}
/** Cases of which something falls into a span: opened before its end and not closed before its beginning. For the judgement of clauses. */
export async function casesWithin(db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`
    select * from reclaim_case where created_at < ${to} and (closed_at is null or closed_at >= ${from}) order by id limit 20000`.execute(db)
  return rows
}
export async function partsOfCases(db: Db, caseIds: readonly string[]): Promise<PartRow[]> {
  if (caseIds.length === 0) return []
  const { rows } =
    await sql<PartRow>`select * from reclaim_part where case_id = any (${[...caseIds]}::uuid[]) order by case_id, seq`.execute(db)
  return rows
}
