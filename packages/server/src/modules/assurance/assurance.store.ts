import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/db.ts'

type Reading = Kysely<Tables>

/** Facts of these kinds since then; served by ledger_fact_kind, so a year of a busy cloud is counted quickly. */
export async function countFacts(db: Reading, kinds: readonly string[], since: Temporal.Instant): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from ledger_fact where kind = any(${kinds}::text[]) and at >= ${since}`.execute(db)
  return rows[0]?.n ?? 0
}

export interface ConfigurationFact {
  at: Temporal.Instant
  actor: string
  address: string
  kind: string
  subject: string
}
/** What was set up or changed in a year, newest first. Served by ledger_fact_kind, a kind at a time. */
export async function configurationFacts(
  db: Reading,
  kinds: readonly string[],
  since: Temporal.Instant,
  limit: number,
): Promise<ConfigurationFact[]> {
  const { rows } = await sql<ConfigurationFact>`
    select at, actor_name as actor, address, kind, subject_type || ' ' || subject_id as subject
    from ledger_fact where at >= ${since} and kind ~ ${`^(${kinds.join('|')})\\.`}
    order by at desc, id desc limit ${limit}`.execute(db)
  return rows
}

export interface SignInFigure {
  month: string
  entered: number
  refused: number
  locked: number
  stolen: number
}
/** Doors by month: who got in, who did not, whose account was locked, whose session was another's. */
export async function signInFigures(db: Reading, since: Temporal.Instant): Promise<SignInFigure[]> {
  const { rows } = await sql<SignInFigure>`
    select to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM') as month,
      count(*) filter (where kind = 'session.started') as entered,
      count(*) filter (where kind = 'session.refused') as refused,
      count(*) filter (where kind = 'session.refused' and (data ->> 'locked' = 'true' or data ->> 'why' = 'locked')) as locked,
      count(*) filter (where kind = 'session.stolen') as stolen
    from ledger_fact where at >= ${since} and kind in ('session.started', 'session.refused', 'session.stolen')
    group by 1 order by 1 desc`.execute(db)
  return rows
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
