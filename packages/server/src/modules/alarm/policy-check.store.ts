import type { PolicySummary } from '@changbai/contract/policy-check.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db, Row } from '../../platform/db.ts'
import type { AlarmRow } from './alarm.store.ts'

interface PolicyCheckTable {
  id: string
  month: string
  summary: ColumnType<PolicySummary, string, never>
  outcome: 'IN_FORCE' | 'DEVIATIONS'
  finding: string
  by_person_id: string
  by_name: string
  at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    policy_check: PolicyCheckTable
  }
}
export type PolicyCheckRow = Row<'policy_check'>

export const policyChecksOf = (db: Db, month: string): Promise<PolicyCheckRow[]> =>
  db.selectFrom('policy_check').selectAll().where('month', '=', month).orderBy('at').execute()
/** @returns undefined if this person has signed for the month already */
export const insertPolicyCheck = (
  db: Db,
  row: Omit<PolicyCheckRow, 'summary'> & { summary: PolicySummary },
): Promise<PolicyCheckRow | undefined> =>
  db
    .insertInto('policy_check')
    .values({ ...row, summary: JSON.stringify(row.summary) })
    .onConflict((conflict) => conflict.columns(['month', 'by_person_id']).doNothing())
    .returningAll()
    .executeTakeFirst()
/** Signed within the span, for the judgement of the clause. Served by policy_check_at. */
export const policyChecksBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<PolicyCheckRow[]> =>
  db.selectFrom('policy_check').selectAll().where('at', '>=', from).where('at', '<', to).orderBy('at').execute()
export async function anyPolicyCheckBefore(db: Db, before: Temporal.Instant): Promise<boolean> {
  return (await db.selectFrom('policy_check').select('id').where('at', '<', before).limit(1).executeTakeFirst()) !== undefined
}
/** Alarms about policies that fired within a span, the latest first. Served by alarm_topic. */
export async function policyAlarms(db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<AlarmRow[]> {
  const { rows } = await sql<AlarmRow>`
    select * from alarm where topic = 'policy' and fired_at >= ${from} and fired_at < ${to} and close_reason is distinct from 'NEVER_FIRED'
    order by fired_at desc limit 200`.execute(db)
  return rows
}
