import { type Generated, type Kysely, sql } from 'kysely'
import type { Db, Tables } from '../../platform/db.ts'

interface BatchTable {
  seq: Generated<number>
  received_at: Temporal.Instant
  samples: number
  oldest_ms: number
  newest_ms: number
  payload: Buffer
}
declare module '../../platform/db.ts' {
  interface Tables {
    telemetry_batch: BatchTable
  }
}
type Reading = Kysely<Tables>

export interface NewBatch {
  samples: number
  oldestMs: number
  newestMs: number
  payload: Buffer
}

/** One statement, so it is its own transaction: durable when it returns. */
export async function insertBatches(db: Reading, now: Temporal.Instant, batches: readonly NewBatch[]): Promise<void> {
  await db
    .insertInto('telemetry_batch')
    .values(
      batches.map(({ samples, oldestMs, newestMs, payload }) => ({
        received_at: now,
        samples,
        oldest_ms: oldestMs,
        newest_ms: newestMs,
        payload,
      })),
    )
    .execute()
}

export interface Backlog {
  batches: number
  samples: number
  oldestReceivedAt: Temporal.Instant | null
}
export async function unfolded(db: Reading): Promise<Backlog> {
  const { rows } = await sql<{ batches: number; samples: number | null; oldest: Temporal.Instant | null }>`
    select count(*) as batches, sum(samples) as samples, min(received_at) as oldest from telemetry_batch`.execute(db)
  const [row] = rows
  return { batches: row?.batches ?? 0, samples: row?.samples ?? 0, oldestReceivedAt: row?.oldest ?? null }
}

/** Takes the oldest batches, at most about `samples` samples, out of the table; they are back if the transaction fails. */
export async function takeBatches(db: Db, samples: number): Promise<{ seq: number; samples: number; payload: Buffer }[]> {
  const { rows } = await sql<{ seq: number; samples: number; payload: Buffer }>`
    delete from telemetry_batch where seq in (
      select seq from (select seq, sum(samples) over (order by seq) - samples as before from telemetry_batch order by seq limit 4000) t where before < ${samples}
    ) returning seq, samples, payload`.execute(db)
  return rows.sort((a, b) => a.seq - b.seq)
}

/** Which batches hold samples of this span, oldest first. */
export async function batchesWithin(db: Reading, fromMs: number, toMs: number): Promise<number[]> {
  const rows = await db
    .selectFrom('telemetry_batch')
    .select('seq')
    .where('newest_ms', '>=', fromMs)
    .where('oldest_ms', '<', toMs)
    .orderBy('seq')
    .execute()
  return rows.map(({ seq }) => seq)
}
export const readBatches = (db: Reading, seqs: readonly number[]): Promise<{ seq: number; payload: Buffer }[]> =>
  db
    .selectFrom('telemetry_batch')
    .select(['seq', 'payload'])
    .where('seq', 'in', [...seqs])
    .execute()
