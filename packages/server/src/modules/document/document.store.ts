import type { BoardWeek, LibraryDocument, PlanningPaper } from '@changbai/contract/document.ts'
import type { DigestAlgorithm } from '@changbai/verify/digest.ts'
import { type ColumnType, type Generated, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>

declare module '../../platform/db.ts' {
  interface Tables {
    guidance: { id: string; number: string; title: string; text: string; by_name: string; at: Temporal.Instant }
    board_signature: { week: string; figures: Json<BoardWeek['figures']>; remarks: string; by_name: string; at: Temporal.Instant }
    coordination: {
      id: string
      number: string
      title: string
      party: string
      owner_id: string
      owner_name: string
      due_on: Temporal.PlainDate
      opened_at: Temporal.Instant
      closed_at: Temporal.Instant | null
      result: Generated<string>
    }
    planning_paper: {
      id: string
      number: string
      year: number
      tenant_id: string
      status: PlanningPaper['status']
      figures: Json<PlanningPaper['figures']>
      advice: Generated<string>
      as_of: Temporal.Instant
      sent_at: Temporal.Instant | null
      ack_by_name: string | null
      ack_at: Temporal.Instant | null
      ack_comment: Generated<string>
    }
    library_document: {
      id: string
      title: string
      kind: LibraryDocument['kind']
      keep_until: Temporal.PlainDate
      retired_at: Temporal.Instant | null
      created_at: Temporal.Instant
    }
    library_version: {
      document_id: string
      version: number
      file_id: string
      file_name: string
      digest: string
      digest_algorithm: string
      note: string
      by_name: string
      at: Temporal.Instant
    }
    archive_package: {
      id: string
      year: number
      files: number
      digest: string
      digest_algorithm: DigestAlgorithm
      by_name: string
      at: Temporal.Instant
    }
  }
}
export interface Between {
  from: Temporal.Instant
  to: Temporal.Instant
}

export function listGuidance(db: Db, filter: { before?: string | undefined; limit: number }): Promise<Row<'guidance'>[]> {
  let query = db.selectFrom('guidance').selectAll()
  if (filter.before) query = query.where('id', '<', filter.before)
  return query.orderBy('id', 'desc').limit(filter.limit).execute()
}
export const insertGuidance = async (db: Db, row: NewRow<'guidance'>): Promise<void> =>
  void (await db.insertInto('guidance').values(row).execute())
export const guidanceBetween = (db: Db, { from, to }: Between): Promise<Row<'guidance'>[]> =>
  db.selectFrom('guidance').selectAll().where('at', '>=', from).where('at', '<', to).orderBy('at').execute()

export const signaturesOf = (db: Db, weeks: readonly string[]): Promise<Row<'board_signature'>[]> =>
  weeks.length === 0 ? Promise.resolve([]) : db.selectFrom('board_signature').selectAll().where('week', 'in', weeks).execute()
export const insertSignature = async (db: Db, row: NewRow<'board_signature'>): Promise<boolean> =>
  (
    await db
      .insertInto('board_signature')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
  ).numInsertedOrUpdatedRows === 1n
export const signaturesBetween = (db: Db, { from, to }: Between): Promise<Row<'board_signature'>[]> =>
  db.selectFrom('board_signature').selectAll().where('at', '>=', from).where('at', '<', to).orderBy('at').execute()

/** Earliest thing recorded in any of the register's rhythms. */
export const anyBefore = async (db: Db, table: 'guidance' | 'board_signature', before: Temporal.Instant): Promise<boolean> =>
  (await db.selectFrom(table).select('by_name').where('at', '<', before).limit(1).executeTakeFirst()) !== undefined

/** What a week came to. @param on the day before which an open matter is overdue */
export async function boardFigures(db: Db, { from, to }: Between, on: Temporal.PlainDate): Promise<BoardWeek['figures']> {
  const { rows } = await sql<BoardWeek['figures']>`
    select * from
      (select count(*) filter (where clock_start_at >= ${from} and clock_start_at < ${to}) as "incidentsOpened",
              count(*) filter (where clock_start_at < ${to} and (closed_at is null or closed_at >= ${to})) as "incidentsOpen" from register_incident) i
      cross join (select count(*) filter (where due_at >= ${from} and due_at < ${to}) as "linesDue",
              count(*) filter (where due_at >= ${from} and due_at < ${to} and delivered_at <= due_at) as "linesMet",
              count(*) filter (where due_at < ${to} and (delivered_at is null or delivered_at >= ${to})) as "linesOverdue" from register_line) l
      cross join (select count(*) as rounds, count(*) filter (where valid) as "roundsValid" from register_round where done_at >= ${from} and done_at < ${to}) r
      cross join (select count(*) as calls from register_call where called_at >= ${from} and called_at < ${to}) c
      cross join (select count(*) as "coordinationOverdue" from coordination where due_on < ${on} and (closed_at is null or closed_at >= ${to})) o`.execute(
    db,
  )
  return rows[0] as BoardWeek['figures']
}

export function listCoordination(
  db: Db,
  filter: { open?: boolean | undefined; after?: { dueOn: string; id: string } | undefined; limit: number },
): Promise<Row<'coordination'>[]> {
  let query = db.selectFrom('coordination').selectAll()
  if (filter.open !== undefined) query = query.where('closed_at', filter.open ? 'is' : 'is not', null)
  const { after } = filter
  if (after) query = query.where(sql<boolean>`(due_on, id) > (${after.dueOn}::date, ${after.id}::uuid)`)
  return query.orderBy('due_on').orderBy('id').limit(filter.limit).execute()
}
export const coordinationDue = (db: Db, from: Temporal.PlainDate, to: Temporal.PlainDate): Promise<Row<'coordination'>[]> =>
  db.selectFrom('coordination').selectAll().where('due_on', '>=', from).where('due_on', '<', to).orderBy('due_on').execute()
export const insertCoordination = (db: Db, row: NewRow<'coordination'>): Promise<Row<'coordination'>> =>
  db.insertInto('coordination').values(row).returningAll().executeTakeFirstOrThrow()
export const lockCoordination = (db: Db, id: string): Promise<Row<'coordination'> | undefined> =>
  db.selectFrom('coordination').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateCoordination = (db: Db, id: string, change: RowChange<'coordination'>): Promise<Row<'coordination'>> =>
  db.updateTable('coordination').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export async function paperFigures(db: Db, tenantId: string, { from, to }: Between): Promise<PlanningPaper['figures']> {
  const { rows } = await sql<PlanningPaper['figures']>`
    select * from
      (select count(*) as servers, count(*) filter (where created_at >= ${from}) as "serversAdded", coalesce(sum(vcpu), 0)::bigint as vcpu,
              coalesce(sum(mem_gib), 0)::bigint as "memGib" from register_server
       where tenant_id = ${tenantId} and created_at < ${to} and (retired_at is null or retired_at >= ${to})) s
      cross join (select coalesce(sum(gib), 0)::bigint as "volumeGib", coalesce(sum(gib) filter (where created_at >= ${from}), 0)::bigint as "volumeAddedGib"
       from register_volume where tenant_id = ${tenantId} and created_at < ${to} and (retired_at is null or retired_at >= ${to})) v
      cross join (select count(*) as incidents from register_incident where tenant_id = ${tenantId} and clock_start_at >= ${from} and clock_start_at < ${to}) i`.execute(
    db,
  )
  return rows[0] as PlanningPaper['figures']
}
export function listPapers(
  db: Db,
  filter: { tenantIds: readonly string[] | null; sentOnly: boolean; before?: string | undefined; limit: number },
): Promise<Row<'planning_paper'>[]> {
  let query = db.selectFrom('planning_paper').selectAll()
  if (filter.tenantIds)
    query = query.where('tenant_id', 'in', filter.tenantIds.length > 0 ? filter.tenantIds : ['00000000-0000-0000-0000-000000000000'])
  if (filter.sentOnly) query = query.where('sent_at', 'is not', null)
  if (filter.before) query = query.where('id', '<', filter.before)
  return query.orderBy('id', 'desc').limit(filter.limit).execute()
}
export const papersSent = (db: Db, { from, to }: Between): Promise<Row<'planning_paper'>[]> =>
  db.selectFrom('planning_paper').selectAll().where('sent_at', '>=', from).where('sent_at', '<', to).orderBy('sent_at').execute()
export const anyPaperBefore = async (db: Db, before: Temporal.Instant): Promise<boolean> =>
  (await db.selectFrom('planning_paper').select('id').where('as_of', '<', before).limit(1).executeTakeFirst()) !== undefined
export const insertPaper = (db: Db, row: NewRow<'planning_paper'>): Promise<Row<'planning_paper'> | undefined> =>
  db
    .insertInto('planning_paper')
    .values(row)
    .onConflict((conflict) => conflict.columns(['year', 'tenant_id']).doNothing())
    .returningAll()
    .executeTakeFirst()
export const findPaper = (db: Db, id: string): Promise<Row<'planning_paper'> | undefined> =>
  db.selectFrom('planning_paper').selectAll().where('id', '=', id).executeTakeFirst()
export const lockPaper = (db: Db, id: string): Promise<Row<'planning_paper'> | undefined> =>
  db.selectFrom('planning_paper').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updatePaper = (db: Db, id: string, change: RowChange<'planning_paper'>): Promise<Row<'planning_paper'>> =>
  db.updateTable('planning_paper').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export function listDocuments(db: Db, filter: { before?: string | undefined; limit: number }): Promise<Row<'library_document'>[]> {
  let query = db.selectFrom('library_document').selectAll()
  if (filter.before) query = query.where('id', '<', filter.before)
  return query.orderBy('id', 'desc').limit(filter.limit).execute()
}
export const lockDocument = (db: Db, id: string): Promise<Row<'library_document'> | undefined> =>
  db.selectFrom('library_document').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const insertDocument = (db: Db, row: NewRow<'library_document'>): Promise<Row<'library_document'>> =>
  db.insertInto('library_document').values(row).returningAll().executeTakeFirstOrThrow()
export const retireDocument = (db: Db, id: string, at: Temporal.Instant): Promise<Row<'library_document'>> =>
  db.updateTable('library_document').set({ retired_at: at }).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
export const versionsOf = (db: Db, documentIds: readonly string[]): Promise<Row<'library_version'>[]> =>
  documentIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('library_version').selectAll().where('document_id', 'in', documentIds).orderBy('version').execute()
export const insertVersion = async (db: Db, row: NewRow<'library_version'>): Promise<void> =>
  void (await db.insertInto('library_version').values(row).execute())
export const versionsBetween = (db: Db, { from, to }: Between): Promise<Row<'library_version'>[]> =>
  db.selectFrom('library_version').selectAll().where('at', '>=', from).where('at', '<', to).orderBy('at').execute()

export const listArchives = (db: Db): Promise<Row<'archive_package'>[]> =>
  db.selectFrom('archive_package').selectAll().orderBy('year', 'desc').orderBy('at', 'desc').limit(200).execute()
export const insertArchive = async (db: Db, row: NewRow<'archive_package'>): Promise<void> =>
  void (await db.insertInto('archive_package').values(row).execute())
