import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

/** Identities of open alarms of rules on metrics. */
export async function openMeasured(db: Db): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ identity: string }>`
    select identity from alarm where state <> 'CLOSED' and identity like 'rule:%' limit 50000`.execute(db)
  return new Set(rows.map(({ identity }) => identity))
}
/** Firing alarms of the evaluator that nobody has spoken of since then. */
export async function unheard(
  db: Db,
  before: Temporal.Instant,
): Promise<{ id: string; ruleId: string; identity: string; lastAt: Temporal.Instant }[]> {
  const { rows } = await sql<{ id: string; ruleId: string; identity: string; lastAt: Temporal.Instant }>`
    select id, rule_id as "ruleId", identity, last_at as "lastAt" from alarm
    where state in ('SUSPECTED', 'FIRING', 'RECOVERING') and source = 'EVALUATOR' and identity like 'rule:%' and missing_at is null and last_at < ${before}
    order by identity limit 2000`.execute(db)
  return rows
}
/** Open alarms whose identity begins so. */
export async function openIdentities(db: Db, prefix: string): Promise<string[]> {
  const { rows } = await sql<{ identity: string }>`
    select identity from alarm where state <> 'CLOSED' and source = 'PLATFORM' and identity like ${`${prefix}%`} order by identity limit 5000`.execute(
    db,
  )
  return rows.map(({ identity }) => identity)
}
