import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export interface QuarterCounts {
  incidents: number
  major: number
  security: number
  clocks_due: number
  clocks_met: number
  /** Mean minutes from the first sign to the solution, of what was solved in the span. */
  mttr_minutes: number | null
  vcpu: number
  rating: number | null
}
/** Counted from the views that other modules keep for assessments. */
export async function countsOf(db: Db, { from, to }: { from: Temporal.Instant; to: Temporal.Instant }): Promise<QuarterCounts> {
  const { rows } = await sql<QuarterCounts>`
    select i.*, c.*, m.mttr_minutes, coalesce(s.vcpu, 0)::bigint as vcpu, r.rating
    from (select count(*) as incidents, count(*) filter (where severity in ('I', 'II')) as major, count(*) filter (where is_security) as security
          from assessment_incident where clock_start_at >= ${from} and clock_start_at < ${to}) i
    cross join (select count(*) as clocks_due, count(*) filter (where done_at <= due_at) as clocks_met
          from assessment_clock where due_at >= ${from} and due_at < ${to}) c
    cross join (select avg(extract(epoch from done_at - start_at) / 60) as mttr_minutes
          from assessment_clock where clock = 'solution' and done_at >= ${from} and done_at < ${to}) m
    cross join (select sum(vcpu) as vcpu from assessment_server where created_at < ${to} and (retired_at is null or retired_at >= ${to})) s
    cross join (select avg(rating) as rating from assessment_call where called_at >= ${from} and called_at < ${to}) r`.execute(db)
  return rows[0] as QuarterCounts
}
