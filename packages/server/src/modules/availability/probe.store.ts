import type { ProbeTarget } from '@changbai/contract/availability.shapes.ts'
import type { ColumnType, Generated } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Json } from './chain.store.ts'
import type { Run } from './probe.domain.ts'

interface ProbeTable {
  id: string
  name: string
  place: string
  state: 'PENDING' | 'ACTIVE' | 'REVOKED'
  token_sha256: string
  canaries: Json<ProbeTarget[]>
  networks: Json<string[]>
  created_by: string
  created_by_person_id: string
  created_at: Temporal.Instant
  decided_by: string | null
  decided_at: Temporal.Instant | null
  last_seen_at: Temporal.Instant | null
  last_address: string | null
  version: string | null
  abstaining: Generated<boolean>
}
interface RunTable {
  probe_id: string
  application_id: string
  run: Json<Run>
  last_at: Temporal.Instant
}
interface ResultTable {
  probe_id: string
  application_id: string
  at: Temporal.Instant
  verdict: 'UP' | 'DOWN' | 'ABSTAIN'
  latency_ms: ColumnType<number | null, number | null, never>
  detail: string
  received_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    probe: ProbeTable
    probe_run: RunTable
    probe_result: ResultTable
  }
}
export type ProbeRecord = Row<'probe'>

export const allProbes = (db: Db): Promise<ProbeRecord[]> => db.selectFrom('probe').selectAll().orderBy('name').execute()
export const probeById = (db: Db, id: string): Promise<ProbeRecord | undefined> =>
  db.selectFrom('probe').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const probeByToken = (db: Db, sha256: string): Promise<ProbeRecord | undefined> =>
  db.selectFrom('probe').selectAll().where('token_sha256', '=', sha256).executeTakeFirst()
export async function insertProbe(db: Db, row: NewRow<'probe'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('probe')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
export async function updateProbe(db: Db, id: string, change: RowChange<'probe'>): Promise<void> {
  await db.updateTable('probe').set(change).where('id', '=', id).execute()
}
export async function countActiveProbes(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('probe')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', '=', 'ACTIVE')
    .executeTakeFirstOrThrow()
  return Number(count)
}

export interface RunOf {
  probeId: string
  run: Run
  /** Nothing runs behind a probe of the demo data: it speaks once a minute. */
  simulated: boolean
}
/** Version of the demo's probes. */
export const SIMULATED = 'simulated'
/** Runs of probes that vote; those of a revoked one are over. */
export async function runsOf(db: Db, applicationId: string): Promise<RunOf[]> {
  const rows = await db
    .selectFrom('probe_run as r')
    .innerJoin('probe as p', 'p.id', 'r.probe_id')
    .select(['r.probe_id', 'r.run', 'p.version'])
    .where('r.application_id', '=', applicationId)
    .where('p.state', '=', 'ACTIVE')
    .orderBy('r.probe_id')
    .execute()
  return rows.map((row) => ({ probeId: row.probe_id, run: row.run, simulated: row.version === SIMULATED }))
}
export async function runsOfProbe(db: Db, probeId: string): Promise<{ applicationId: string; run: Run }[]> {
  const rows = await db
    .selectFrom('probe_run')
    .select(['application_id', 'run'])
    .where('probe_id', '=', probeId)
    .orderBy('application_id')
    .forUpdate()
    .execute()
  return rows.map((row) => ({ applicationId: row.application_id, run: row.run }))
}
/** Locked: two batches of one probe that overlap come one after the other. */
export async function lockRuns(db: Db, probeId: string, applicationIds: readonly string[]): Promise<Map<string, Run>> {
  const rows = await db
    .selectFrom('probe_run')
    .select(['application_id', 'run'])
    .where('probe_id', '=', probeId)
    .where('application_id', 'in', [...applicationIds])
    .orderBy('application_id')
    .forUpdate()
    .execute()
  return new Map(rows.map((row) => [row.application_id, row.run]))
}
export async function saveRun(db: Db, probeId: string, applicationId: string, run: Run): Promise<void> {
  const values = { run: JSON.stringify(run), last_at: Temporal.Instant.fromEpochMilliseconds(run.against?.last ?? run.last) }
  await db
    .insertInto('probe_run')
    .values({ probe_id: probeId, application_id: applicationId, ...values })
    .onConflict((conflict) => conflict.columns(['probe_id', 'application_id']).doUpdateSet(values))
    .execute()
}
export async function deleteRun(db: Db, probeId: string, applicationId: string): Promise<void> {
  await db.deleteFrom('probe_run').where('probe_id', '=', probeId).where('application_id', '=', applicationId).execute()
}
/** Applications with fewer than `voters` runs that are fresh. */
export async function applicationsGoneQuiet(
  db: Db,
  applicationIds: readonly string[],
  voters: number,
  freshFrom: Temporal.Instant,
): Promise<string[]> {
  if (applicationIds.length === 0) return []
  const rows = await db
    .selectFrom('probe_run as r')
    .innerJoin('probe as p', 'p.id', 'r.probe_id')
    .select(['r.application_id', (eb) => eb.fn.countAll<number>().as('fresh')])
    .where('r.application_id', 'in', [...applicationIds])
    .where('r.last_at', '>=', freshFrom)
    .where('p.state', '=', 'ACTIVE')
    .groupBy('r.application_id')
    .execute()
  const fresh = new Map(rows.map((row) => [row.application_id, Number(row.fresh)]))
  return applicationIds.filter((id) => voters === 0 || (fresh.get(id) ?? 0) < voters)
}

export async function insertResults(db: Db, rows: readonly NewRow<'probe_result'>[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('probe_result')
    .values([...rows])
    .onConflict((conflict) => conflict.columns(['application_id', 'at', 'probe_id']).doNothing())
    .execute()
}
/** Results of a span in order, at most 500. Served by the primary key. */
export const resultsBetween = (db: Db, applicationId: string, from: Temporal.Instant, to: Temporal.Instant) =>
  db
    .selectFrom('probe_result as r')
    .innerJoin('probe as p', 'p.id', 'r.probe_id')
    .select(['p.name', 'r.at', 'r.verdict', 'r.latency_ms', 'r.detail'])
    .where('r.application_id', '=', applicationId)
    .where('r.at', '>=', from)
    .where('r.at', '<', to)
    .orderBy('r.at')
    .limit(500)
    .execute()
export async function forgetResults(db: Db, before: Temporal.Instant): Promise<void> {
  await db.deleteFrom('probe_result').where('at', '<', before).execute()
}
