import { type Kysely, sql } from 'kysely'
import type { Db, Tables } from '../../platform/db.ts'
import type { SlowFigure } from '../../platform/slow.ts'
import type { Finding } from './health.domain.ts'

interface ProcessTable {
  id: string
  host: string
  pid: number
  version: string
  started_at: Temporal.Instant
  seen_at: Temporal.Instant
  memory_bytes: number
  loop_lag_ms: number
  disk_free: number | null
}
interface StateTable {
  check_id: string
  state: Finding['state']
  since_at: Temporal.Instant
  checked_at: Temporal.Instant
  finding: Finding | string
}
interface SlowTable {
  digest: string
  statement: string
  calls: number
  total_ms: number
  max_ms: number
  last_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    server_process: ProcessTable
    health_state: StateTable
    slow_statement: SlowTable
  }
}
type Reading = Kysely<Tables>
export type ProcessRecord = ProcessTable

export const saveProcess = async (db: Db, row: ProcessRecord): Promise<void> => {
  await db
    .insertInto('server_process')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        seen_at: row.seen_at,
        memory_bytes: row.memory_bytes,
        loop_lag_ms: row.loop_lag_ms,
        disk_free: row.disk_free,
      }),
    )
    .execute()
}
export const removeProcess = async (db: Db, id: string): Promise<void> => {
  await db.deleteFrom('server_process').where('id', '=', id).execute()
}
export const processesSince = (db: Reading, since: Temporal.Instant): Promise<ProcessRecord[]> =>
  db.selectFrom('server_process').selectAll().where('seen_at', '>=', since).orderBy('started_at').orderBy('id').execute()
export const forgetProcesses = async (db: Db, before: Temporal.Instant): Promise<void> => {
  await db.deleteFrom('server_process').where('seen_at', '<', before).execute()
}

export const allStates = (db: Reading) => db.selectFrom('health_state').selectAll().execute()
/** Serialises looks: one process decides at a time what is new. */
export const lockStates = (db: Db) => db.selectFrom('health_state').selectAll().forUpdate().execute()
export const saveState = async (db: Db, row: Omit<StateTable, 'finding'> & { finding: Finding }): Promise<void> => {
  const values = { ...row, finding: JSON.stringify(row.finding) }
  await db
    .insertInto('health_state')
    .values(values)
    .onConflict((conflict) => conflict.column('check_id').doUpdateSet(values))
    .execute()
}

/** Adds what one process saw to what all saw. */
export async function addSlow(db: Db, figures: readonly (SlowFigure & { digest: string })[], now: Temporal.Instant): Promise<void> {
  if (figures.length === 0) return
  await db
    .insertInto('slow_statement')
    .values(
      figures.map(({ digest, statement, calls, totalMs, maxMs }) => ({
        digest,
        statement,
        calls,
        total_ms: Math.round(totalMs),
        max_ms: Math.round(maxMs),
        last_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('digest').doUpdateSet({
        calls: sql`slow_statement.calls + excluded.calls`,
        total_ms: sql`slow_statement.total_ms + excluded.total_ms`,
        max_ms: sql`greatest(slow_statement.max_ms, excluded.max_ms)`,
        last_at: sql`excluded.last_at`,
      }),
    )
    .execute()
}
export const slowest = (db: Reading, limit: number) =>
  db.selectFrom('slow_statement').selectAll().orderBy('total_ms', 'desc').limit(limit).execute()
export const forgetSlow = async (db: Db, before: Temporal.Instant): Promise<void> => {
  await db.deleteFrom('slow_statement').where('last_at', '<', before).execute()
}

export interface DatabaseFigures {
  version: string
  bytes: number
  connections: number
  connectionsMax: number
  /** The database's own clock when the transaction began, in milliseconds: that is when ours was read. */
  clockMs: number
}
export async function databaseFigures(db: Reading): Promise<DatabaseFigures> {
  const { rows } = await sql<DatabaseFigures>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
      (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
      current_setting('max_connections')::int as "connectionsMax", extract(epoch from now())::float8 * 1000 as "clockMs"
  `.execute(db)
  return rows[0] as DatabaseFigures
}

export interface QueueRecord {
  queue: string
  waiting: number
  later: number
  active: number
  failed: number
  oldest: Temporal.Instant | null
}
/** By queue; only rows that are still open or failed are read, however many were done. */
export async function queueFigures(db: Reading, now: Temporal.Instant): Promise<QueueRecord[]> {
  const { rows } = await sql<QueueRecord>`
    select name as queue,
      count(*) filter (where state in ('created', 'retry') and start_after <= ${now}) as waiting,
      count(*) filter (where state in ('created', 'retry') and start_after > ${now}) as later,
      count(*) filter (where state = 'active') as active,
      count(*) filter (where state = 'failed') as failed,
      min(start_after) filter (where state in ('created', 'retry') and start_after <= ${now}) as oldest
    from pgboss.job where state in ('created', 'retry', 'active', 'failed') and name not like '\\_\\_pgboss%'
    group by name order by name
  `.execute(db)
  return rows
}

export interface FailedRecord {
  id: string
  queue: string
  created_on: Temporal.Instant
  completed_on: Temporal.Instant | null
  retry_count: number
  output: unknown
}
export async function failedJobs(db: Reading, limit: number): Promise<FailedRecord[]> {
  const { rows } = await sql<FailedRecord>`
    select id, name as queue, created_on, completed_on, retry_count, output
    from pgboss.job where state = 'failed' order by completed_on desc nulls last, id limit ${limit}
  `.execute(db)
  return rows
}
export async function isFailedJob(db: Reading, queue: string, id: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pgboss.job where name = ${queue} and id = ${id} and state = 'failed'`.execute(db)
  return rows.length > 0
}

/** When the oldest fact that no batch holds yet was recorded. */
export async function oldestUnsealed(db: Reading): Promise<Temporal.Instant | null> {
  const row = await db
    .selectFrom('ledger_pending')
    .innerJoin('ledger_fact', 'ledger_fact.id', 'ledger_pending.fact_id')
    .select('ledger_fact.at')
    .orderBy('ledger_pending.fact_id')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}
