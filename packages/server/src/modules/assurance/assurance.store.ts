import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/db.ts'

type Reading = Kysely<Tables>

/** Facts of these kinds since then; served by ledger_fact_kind, so a year of a busy cloud is counted quickly. */
export async function countFacts(db: Reading, kinds: readonly string[], since: Temporal.Instant): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from ledger_fact where kind = any(${kinds}::text[]) and at >= ${since}`.execute(db)
  return rows[0]?.n ?? 0
}

/** All facts, by the chain's own count where it is sealed, and the first day. */
export async function ledgerFigures(
  db: Reading,
): Promise<{ sealed: number; unsealed: number; lastBatchAt: Temporal.Instant | null; firstAt: Temporal.Instant | null }> {
  const { rows } = await sql<{ sealed: number; unsealed: number; lastBatchAt: Temporal.Instant | null; firstAt: Temporal.Instant | null }>`
    select coalesce((select last_position from ledger_batch order by no desc limit 1), 0) as sealed,
      (select count(*) from ledger_pending) as unsealed,
      (select sealed_at from ledger_batch order by no desc limit 1) as "lastBatchAt",
      (select at from ledger_fact order by at, id limit 1) as "firstAt"`.execute(db)
  return rows[0] as Awaited<ReturnType<typeof ledgerFigures>>
}
