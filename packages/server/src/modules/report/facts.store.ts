import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

// What a report reads of other modules, by the views their owners keep for it (migration 0074). A month is named as in Asia/Shanghai.

export interface Span {
  from: Temporal.Instant
  to: Temporal.Instant
}
const rowsOf = async <T>(db: Db, query: ReturnType<typeof sql<T>>): Promise<T[]> => (await query.execute(db)).rows
const monthOf = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'Asia/Shanghai', 'YYYY-MM')`

export interface Estate {
  month: string
  vms: number
  metals: number
  vcpu: number
  mem_gib: number
  volume_gib: number
}
/** What there was at each month's end; `ends` in order. */
export const estateAt = (db: Db, ends: readonly { month: string; at: Temporal.Instant }[]): Promise<Estate[]> =>
  rowsOf(
    db,
    sql<Estate>`
      select e.month, s.*, coalesce(v.volume_gib, 0)::bigint as volume_gib
      from unnest(${ends.map(({ month }) => month)}::text[], ${ends.map(({ at }) => at.toString())}::timestamptz[]) with ordinality as e (month, at, n)
      cross join lateral (
        select count(*) filter (where kind = 'vm') as vms, count(*) filter (where kind = 'baremetal') as metals,
               coalesce(sum(vcpu), 0)::bigint as vcpu, coalesce(sum(mem_gib), 0)::bigint as mem_gib
        from report_server where created_at < e.at and (retired_at is null or retired_at >= e.at)) s
      cross join lateral (
        select sum(gib) as volume_gib from report_volume where created_at < e.at and (retired_at is null or retired_at >= e.at)) v
      order by e.n`,
  )

export interface Turnover {
  kind: string
  added: number
  removed: number
}
export const turnoverIn = (db: Db, { from, to }: Span): Promise<Turnover[]> =>
  rowsOf(
    db,
    sql<Turnover>`
      select kind, count(*) filter (where created_at >= ${from} and created_at < ${to}) as added,
             count(*) filter (where retired_at >= ${from} and retired_at < ${to}) as removed
      from (select kind, created_at, retired_at from report_server
            union all select 'volume-' || kind, created_at, retired_at from report_volume
            union all select 'network-' || kind, created_at, retired_at from report_network) as thing
      group by kind order by kind`,
  )

export interface Pool {
  code: string
  name: string
  vcpu: number
  mem_gib: number
  storage_gib: number
  held_vcpu: number
  held_mem_gib: number
  held_storage_gib: number
}
export const pools = (db: Db): Promise<Pool[]> => rowsOf(db, sql<Pool>`select * from report_pool order by code limit 100`)

export interface ByMonth {
  month: string
  key: string
  n: number
}
const perMonth = (db: Db, view: string, column: string, key: string, { from, to }: Span): Promise<ByMonth[]> =>
  rowsOf(
    db,
    sql<ByMonth>`select ${monthOf(column)} as month, ${sql.ref(key)} as key, count(*) as n from ${sql.table(view)}
      where ${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${to} group by 1, 2 order by 1, 2`,
  )
export const incidentsByMonth = (db: Db, span: Span) => perMonth(db, 'report_incident', 'clock_start_at', 'severity', span)
export const callsByMonth = (db: Db, span: Span) => perMonth(db, 'report_call', 'called_at', 'type', span)
export const requestsByMonth = (db: Db, span: Span) => perMonth(db, 'report_request', 'submitted_at', 'kind', span)

export interface ClockShare {
  severity: string
  clock: string
  due: number
  met: number
}
/** Clocks that fell due in the span; open ones past it count as not met. */
export const clockShares = (db: Db, { from, to }: Span): Promise<ClockShare[]> =>
  rowsOf(
    db,
    sql<ClockShare>`select severity, clock, count(*) as due, count(*) filter (where done_at <= due_at) as met from report_incident_clock
      where due_at >= ${from} and due_at < ${to} group by 1, 2 order by 1, 2`,
  )
export interface IncidentLine {
  number: string
  title: string
  severity: string
  status: string
  clock_start_at: Temporal.Instant
  closed_at: Temporal.Instant | null
}
/** The gravest first; at most `limit` and how many there are. */
export async function incidentsIn(db: Db, { from, to }: Span, limit: number): Promise<{ rows: IncidentLine[]; total: number }> {
  const rows = await rowsOf(
    db,
    sql<
      IncidentLine & { total: number }
    >`select number, title, severity, status, clock_start_at, closed_at, count(*) over () as total from report_incident
      where clock_start_at >= ${from} and clock_start_at < ${to} order by severity, clock_start_at, number limit ${limit}`,
  )
  return { rows, total: rows[0]?.total ?? 0 }
}
export const incidentSources = (db: Db, { from, to }: Span): Promise<{ key: string; n: number }[]> =>
  rowsOf(
    db,
    sql<{ key: string; n: number }>`select source as key, count(*) as n from report_incident
      where clock_start_at >= ${from} and clock_start_at < ${to} group by 1 order by 2 desc, 1 limit 10`,
  )
export const securityIncidents = async (db: Db, { from, to }: Span): Promise<{ opened: number; open: number }> =>
  (
    await rowsOf(
      db,
      sql<{ opened: number; open: number }>`select count(*) filter (where clock_start_at >= ${from} and clock_start_at < ${to}) as opened,
        count(*) filter (where clock_start_at < ${to} and (closed_at is null or closed_at >= ${to})) as open
        from report_incident where is_security`,
    )
  )[0] ?? { opened: 0, open: 0 }
export const actionShare = async (db: Db, from: Temporal.PlainDate, to: Temporal.PlainDate): Promise<{ due: number; done: number }> =>
  (
    await rowsOf(
      db,
      sql<{ due: number; done: number }>`select count(*) as due, count(*) filter (where state <> 'OPEN') as done from report_incident_action
        where due_on >= ${from} and due_on < ${to}`,
    )
  )[0] ?? { due: 0, done: 0 }

export interface LineShare {
  kind: string
  due: number
  met: number
  delivered: number
}
/** Lines of work orders that fell due in the span, by kind. */
export const lineShares = (db: Db, { from, to }: Span): Promise<LineShare[]> =>
  rowsOf(
    db,
    sql<LineShare>`select kind, count(*) as due, count(*) filter (where done_at <= due_at) as met, count(done_at) as delivered from report_order_line
      where due_at >= ${from} and due_at < ${to} group by 1 order by 1`,
  )
export interface RequestCounts {
  kind: string
  submitted: number
  decided: number
}
export const requestCounts = (db: Db, { from, to }: Span): Promise<RequestCounts[]> =>
  rowsOf(
    db,
    sql<RequestCounts>`select kind, count(*) filter (where submitted_at >= ${from} and submitted_at < ${to}) as submitted,
      count(*) filter (where decided_at >= ${from} and decided_at < ${to}) as decided
      from report_request where submitted_at < ${to} group by 1 order by 1`,
  )
export interface RoundCounts {
  month: string
  kind: string
  walked: number
  valid: number
  abnormal: number
}
export const roundsByMonth = (db: Db, { from, to }: Span): Promise<RoundCounts[]> =>
  rowsOf(
    db,
    sql<RoundCounts>`select ${monthOf('done_at')} as month, kind, count(*) as walked, count(*) filter (where valid) as valid,
      coalesce(sum(abnormal), 0)::bigint as abnormal from report_round
      where done_at >= ${from} and done_at < ${to} group by 1, 2 order by 1, 2`,
  )
export interface CallFigures {
  calls: number
  answered: number
  in_time: number
  rated: number
  rating: number | null
}
/** @param seconds until which a call counts as answered in time */
export const callFigures = async (db: Db, { from, to }: Span, seconds: number): Promise<CallFigures> =>
  (
    await rowsOf(
      db,
      sql<CallFigures>`select count(*) as calls, count(answered_at) as answered,
        count(*) filter (where answered_at <= called_at + ${seconds} * interval '1 second') as in_time, count(rating) as rated, avg(rating) as rating
        from report_call where called_at >= ${from} and called_at < ${to}`,
    )
  )[0] ?? { calls: 0, answered: 0, in_time: 0, rated: 0, rating: null }
