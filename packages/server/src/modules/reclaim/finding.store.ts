import type { ReclaimSubject, ReclaimVerdict } from '@changbai/contract/reclaim.ts'
import { type ColumnType, type RawBuilder, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

type Json<T> = ColumnType<T, string, string>
interface RunTable {
  id: string
  at: Temporal.Instant
  by_name: string
  by_hand: boolean
  shadow: boolean
  rules: Json<unknown>
  looked_at: number
  counts: Json<Record<string, number>>
  done_at: Temporal.Instant | null
}
export type Excluded = 'EXEMPT' | 'TOO_NEW' | 'STANDBY' | 'SHADOW' | 'OPEN_CASE'
interface FindingTable {
  id: string
  run_id: string
  subject: ReclaimSubject
  item_id: string
  item_name: string
  tenant_id: string | null
  application_id: string | null
  verdict: ReclaimVerdict
  rule: string | null
  figures: Json<Record<string, number | null>>
  reason: Json<{ zh: string; en: string }>
  excluded: Excluded | null
  case_id: string | null
  vcpu: number
  mem_gib: number
  gib: number
}
interface ClusterTable {
  id: string
  name: string
  tenant_id: string
  application_id: string
  server_ids: string[]
  min_nodes: number | null
  min_by_name: string | null
  min_at: Temporal.Instant | null
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
  retired_at: Temporal.Instant | null
}
interface ExemptionTable {
  id: string
  item_id: string
  item_name: string
  tenant_id: string | null
  application_id: string | null
  kind: 'DR_STANDBY' | 'SEASONAL' | 'KEPT' | 'OTHER'
  reason: string
  from_on: Temporal.PlainDate
  until_on: Temporal.PlainDate
  case_id: string | null
  approved_by: string | null
  approved_by_name: string
  at: Temporal.Instant
  ended_at: Temporal.Instant | null
  ended_by_name: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    reclaim_run: RunTable
    reclaim_finding: FindingTable
    reclaim_cluster: ClusterTable
    reclaim_exemption: ExemptionTable
  }
}
export type RunRow = Row<'reclaim_run'>
export type FindingRow = Row<'reclaim_finding'>
export type ClusterRow = Row<'reclaim_cluster'>
export type ExemptionRow = Row<'reclaim_exemption'>

export const insertRun = async (db: Db, row: NewRow<'reclaim_run'>): Promise<void> => {
  await db.insertInto('reclaim_run').values(row).execute()
}
export const latestRuns = (db: Db, limit: number): Promise<RunRow[]> =>
  db.selectFrom('reclaim_run').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
export async function firstRunAt(db: Db): Promise<Temporal.Instant | undefined> {
  return (await db.selectFrom('reclaim_run').select('at').orderBy('at').limit(1).executeTakeFirst())?.at
}

/** A thousand rows a statement: ten thousand findings are ten round trips. */
const BATCH = 1_000
export async function insertFindings(db: Db, rows: readonly NewRow<'reclaim_finding'>[]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH)
    await db
      .insertInto('reclaim_finding')
      .values(rows.slice(at, at + BATCH))
      .execute()
}
export const findFinding = (db: Db, id: string): Promise<FindingRow | undefined> =>
  db.selectFrom('reclaim_finding').selectAll().where('id', '=', id).executeTakeFirst()
export async function setFindingCase(db: Db, id: string, caseId: string): Promise<void> {
  const change: RowChange<'reclaim_finding'> = { case_id: caseId }
  await db.updateTable('reclaim_finding').set(change).where('id', '=', id).execute()
}
export const openable = (db: Db, runId: string): Promise<{ id: string }[]> =>
  db
    .selectFrom('reclaim_finding')
    .select('id')
    .where('run_id', '=', runId)
    .where('verdict', '<>', 'NO_CONCLUSION')
    .where('excluded', 'is', null)
    .where('case_id', 'is', null)
    .orderBy('id')
    .execute()

const inScope = (scope: Scope): RawBuilder<unknown> =>
  scope.all ? sql`true` : sql`(tenant_id = any (${scope.tenantIds}::uuid[]) or application_id = any (${scope.applicationIds}::uuid[]))`
const likeOf = (q: string): string => `%${q.replace(/[\\%_]/g, '\\$&')}%`

export async function listFindings(
  db: Db,
  filter: { runId: string; subject?: ReclaimSubject | undefined; verdict?: ReclaimVerdict | undefined; q?: string | undefined },
  scope: Scope,
  after: Cursor | undefined,
  limit: number,
): Promise<FindingRow[]> {
  const all = [inScope(scope), sql`run_id = ${filter.runId}`]
  if (filter.subject) all.push(sql`subject = ${filter.subject}`)
  if (filter.verdict) all.push(sql`verdict = ${filter.verdict}`)
  if (filter.q) all.push(sql`item_name ilike ${likeOf(filter.q)}`)
  if (after) all.push(sql`id > ${after[1]}::uuid`)
  const { rows } =
    await sql<FindingRow>`select * from reclaim_finding where ${sql.join(all, sql` and `)} order by id limit ${limit + 1}`.execute(db)
  return rows
}

export const clusters = (db: Db): Promise<ClusterRow[]> =>
  db.selectFrom('reclaim_cluster').selectAll().where('retired_at', 'is', null).orderBy('id').execute()
export const findCluster = (db: Db, id: string): Promise<ClusterRow | undefined> =>
  db.selectFrom('reclaim_cluster').selectAll().where('id', '=', id).where('retired_at', 'is', null).executeTakeFirst()
export async function listClusters(db: Db, scope: Scope, after: Cursor | undefined, limit: number): Promise<ClusterRow[]> {
  const { rows } = await sql<ClusterRow>`
    select * from reclaim_cluster where retired_at is null and ${inScope(scope)} and ${after ? sql`id < ${after[1]}::uuid` : sql`true`}
    order by id desc limit ${limit + 1}`.execute(db)
  return rows
}
export async function saveCluster(db: Db, row: NewRow<'reclaim_cluster'>): Promise<void> {
  await db
    .insertInto('reclaim_cluster')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        name: row.name,
        server_ids: row.server_ids,
        min_nodes: row.min_nodes,
        min_by_name: row.min_by_name,
        min_at: row.min_at,
        updated_at: row.updated_at,
      }),
    )
    .execute()
}
export async function changeCluster(db: Db, id: string, change: RowChange<'reclaim_cluster'>): Promise<void> {
  await db.updateTable('reclaim_cluster').set(change).where('id', '=', id).execute()
}

export const insertExemption = async (db: Db, row: NewRow<'reclaim_exemption'>): Promise<void> => {
  await db.insertInto('reclaim_exemption').values(row).execute()
}
/** In force on a day, the latest end of each item first. Served by reclaim_exemption_item. */
export const exemptionsOn = (db: Db, on: Temporal.PlainDate): Promise<ExemptionRow[]> =>
  db
    .selectFrom('reclaim_exemption')
    .selectAll()
    .where('from_on', '<=', on)
    .where('until_on', '>=', on)
    .where('ended_at', 'is', null)
    .orderBy('until_on', 'desc')
    .execute()
export const exemptionOf = (db: Db, itemId: string, on: Temporal.PlainDate): Promise<ExemptionRow | undefined> =>
  db
    .selectFrom('reclaim_exemption')
    .selectAll()
    .where('item_id', '=', itemId)
    .where('from_on', '<=', on)
    .where('until_on', '>=', on)
    .where('ended_at', 'is', null)
    .orderBy('until_on', 'desc')
    .executeTakeFirst()
export const findExemption = (db: Db, id: string): Promise<ExemptionRow | undefined> =>
  db.selectFrom('reclaim_exemption').selectAll().where('id', '=', id).executeTakeFirst()
export async function endExemption(db: Db, id: string, at: Temporal.Instant, by: string): Promise<void> {
  await db
    .updateTable('reclaim_exemption')
    .set({ ended_at: at, ended_by_name: by })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}
export async function listExemptions(
  db: Db,
  inForceOn: Temporal.PlainDate | undefined,
  scope: Scope,
  after: Cursor | undefined,
  limit: number,
): Promise<ExemptionRow[]> {
  const all = [inScope(scope)]
  if (inForceOn) all.push(sql`until_on >= ${inForceOn} and ended_at is null`)
  if (after) all.push(sql`id < ${after[1]}::uuid`)
  const { rows } =
    await sql<ExemptionRow>`select * from reclaim_exemption where ${sql.join(all, sql` and `)} order by id desc limit ${limit + 1}`.execute(
      db,
    )
  return rows
}
