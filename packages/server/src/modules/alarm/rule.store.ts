import type { RuleChange } from '@changbai/contract/alarm.shapes.ts'
import { sql } from 'kysely'
import type { Db, Row } from '../../platform/db.ts'
import type { EventRule, Metric, Rule } from './rules/pack.domain.ts'

interface RuleTable {
  id: string
  pack: string
  place: number
  kind: 'METRIC' | 'EVENT'
  definition: Rule | EventRule
  metric: Metric | null
  override: RuleChange
  gone: boolean
  loaded_at: Temporal.Instant
}
interface RuleChangeTable {
  id: string
  rule_id: string
  change: RuleChange
  reason: string
  state: 'PROPOSED' | 'APPROVED' | 'REFUSED'
  proposed_by: string
  proposed_by_name: string
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
  comment: string
}
declare module '../../platform/db.ts' {
  interface Tables {
    alarm_rule: RuleTable
    alarm_rule_load: { digest: string; loaded_at: Temporal.Instant }
    alarm_rule_change: RuleChangeTable
  }
}
export type RuleRow = Row<'alarm_rule'>
export type RuleChangeRow = Row<'alarm_rule_change'>

export const newestLoad = async (db: Db): Promise<string | undefined> =>
  (await db.selectFrom('alarm_rule_load').select('digest').orderBy('loaded_at', 'desc').limit(1).executeTakeFirst())?.digest

/** The packs as they are now; a rule that is in none any more is kept for the alarms that name it. What people changed stays. */
export async function saveRules(
  db: Db,
  rows: readonly Omit<RuleRow, 'override' | 'gone'>[],
  digest: string,
  now: Temporal.Instant,
): Promise<void> {
  await sql`
    insert into alarm_rule (id, pack, place, kind, definition, metric, loaded_at)
    select id, pack, place, kind, definition, metric, loaded_at from jsonb_populate_recordset(null::alarm_rule, ${JSON.stringify(rows)}::jsonb)
    on conflict (id) do update set pack = excluded.pack, place = excluded.place, kind = excluded.kind, definition = excluded.definition,
      metric = excluded.metric, gone = false, loaded_at = excluded.loaded_at`.execute(db)
  await sql`update alarm_rule set gone = true where id <> all (${rows.map(({ id }) => id)}::text[])`.execute(db)
  await sql`insert into alarm_rule_load (digest, loaded_at) values (${digest}, ${now}) on conflict (digest) do update set loaded_at = excluded.loaded_at`.execute(
    db,
  )
}
export const allRules = (db: Db): Promise<RuleRow[]> =>
  db.selectFrom('alarm_rule').selectAll().where('gone', '=', false).orderBy('place').execute()
/** Another text whenever a rule was loaded, changed or taken out: the transactions that wrote the rows. Reads none of what they hold. */
export async function rulesVersion(db: Db): Promise<string> {
  const { rows } = await sql<{ version: string | null }>`
    select string_agg(xmin::text, ',' order by id) as version from alarm_rule where gone = false`.execute(db)
  return rows[0]?.version ?? ''
}
export const lockRule = (db: Db, id: string) => db.selectFrom('alarm_rule').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export async function overrideRule(db: Db, id: string, override: RuleChange): Promise<void> {
  await db
    .updateTable('alarm_rule')
    .set({ override: JSON.stringify(override) as unknown as RuleChange })
    .where('id', '=', id)
    .execute()
}

export async function insertChange(db: Db, row: RuleChangeRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('alarm_rule_change')
    .values({ ...row, change: JSON.stringify(row.change) as unknown as RuleChange })
    .onConflict((conflict) => conflict.column('rule_id').where('state', '=', 'PROPOSED').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
export const lockChange = (db: Db, id: string) =>
  db.selectFrom('alarm_rule_change').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export async function settleChange(
  db: Db,
  id: string,
  change: Pick<RuleChangeRow, 'state' | 'decided_by' | 'decided_by_name' | 'decided_at' | 'comment'>,
): Promise<void> {
  await db.updateTable('alarm_rule_change').set(change).where('id', '=', id).execute()
}
export const waitingChanges = (db: Db): Promise<RuleChangeRow[]> =>
  db.selectFrom('alarm_rule_change').selectAll().where('state', '=', 'PROPOSED').execute()

/** Open alarms by rule, and objects by metric that reported within the span. */
export async function firingByRule(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select rule_id as id, count(*)::int as count from alarm where state in ('FIRING', 'RECOVERING') and rule_id is not null group by rule_id`.execute(
    db,
  )
  return new Map(rows.map(({ id, count }) => [id, count]))
}
export async function objectsByMetric(db: Db, since: Temporal.Instant): Promise<Map<string, number>> {
  const { rows } = await sql<{ metric: string; count: number }>`
    select metric, count(*)::int as count from alarm_reading where last_at >= ${since} group by metric`.execute(db)
  return new Map(rows.map(({ metric, count }) => [metric, count]))
}
