import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'

type Plain = string | number | boolean | Date | null
export interface FactSheet {
  name: string
  head: readonly string[]
  rows: readonly (readonly Plain[])[]
}
interface Month {
  from: Temporal.Instant
  to: Temporal.Instant
}

const ZONE = 'Asia/Shanghai'
/** A spreadsheet knows no zones: instants are written as the wall clock of Shanghai. */
const local = (column: string) => sql`(${sql.ref(column)} at time zone ${ZONE})::timestamp::text`
const toDate = (value: unknown): Plain => {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  const text = String(value)
  return /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?)?$/.test(text)
    ? new Date(`${text.replace(' ', 'T')}${text.length > 10 ? '' : 'T00:00:00'}Z`)
    : text
}

async function sheet(
  ctx: Ctx,
  name: string,
  head: readonly string[],
  query: ReturnType<typeof sql<Record<string, unknown>>>,
): Promise<FactSheet> {
  const { rows } = await query.execute(ctx.db)
  return { name, head, rows: rows.map((row) => Object.values(row).map(toDate)) }
}

/**
 * The bare records of one month and what lies just before it, as they stand in the tables: nothing that the clause meters have judged. Reads the
 * tables of many modules on purpose, so that it shares no line with what it checks.
 */
export async function readFacts(ctx: Ctx, { from, to }: Month): Promise<FactSheet[]> {
  const before = from.subtract({ hours: 24 * 14 })
  return [
    await sheet(
      ctx,
      'days',
      ['day', 'workday'],
      sql`select d::date::text as day, case when coalesce(c.kind, case when extract(isodow from d) > 5 then 'WEEKEND' else 'WORKDAY' end)
          in ('WORKDAY', 'MAKEUP_WORK') then 1 else 0 end as workday
        from generate_series((${before} at time zone ${ZONE})::date, (${to} at time zone ${ZONE})::date + 20, interval '1 day') d
        left join calendar_day c on c.on_day = d::date order by d`,
    ),
    await sheet(
      ctx,
      'rounds',
      ['kind', 'done', 'window_from', 'window_to', 'check_in', 'groups', 'unexplained'],
      sql`select kind, ${local('done_at')} as done, ${local('window_from')} as a, ${local('window_to')} as b, check_in ->> 'method' as method,
          (select count(distinct i ->> 'group')::int from jsonb_array_elements(answers) x join jsonb_array_elements(items) i on i ->> 'code' = x ->> 'code'
            where x ->> 'result' <> 'NA') as groups,
          (select count(*)::int from jsonb_array_elements(answers) x where x ->> 'result' = 'NA' and trim(coalesce(x ->> 'note', '')) = '') as unexplained
        from inspection_round where done_at >= ${before} and done_at < ${to} order by kind, done_at`,
    ),
    await sheet(
      ctx,
      'incidents',
      ['number', 'severity', 'clock_start', 'responded', 'planned', 'solved', 'reported'],
      sql`select i.number, i.severity, ${local('i.clock_start_at')} as started,
          (select (done_at at time zone ${ZONE})::timestamp::text from incident_clock c where c.incident_id = i.id and c.clock = 'response') as responded,
          (select (done_at at time zone ${ZONE})::timestamp::text from incident_clock c where c.incident_id = i.id and c.clock = 'plan') as planned,
          (select (done_at at time zone ${ZONE})::timestamp::text from incident_clock c where c.incident_id = i.id and c.clock = 'solution') as solved,
          (select (min(e.at) at time zone ${ZONE})::timestamp::text from incident_event e where e.incident_id = i.id and e.kind = 'REPORT') as reported
        from incident i where i.clock_start_at >= ${before} and i.clock_start_at < ${to} and i.merged_into_id is null order by i.clock_start_at`,
    ),
    await sheet(
      ctx,
      'calls',
      ['called', 'result'],
      sql`select ${local('called_at')} as called, result from hotline_call where called_at >= ${from} and called_at < ${to} order by called_at`,
    ),
    await sheet(
      ctx,
      'meetings',
      ['held', 'groups_present', 'filed'],
      sql`select ${local('held_at')} as held,
          (select count(distinct a ->> 'group')::int from jsonb_array_elements(attendees) a where (a ->> 'present')::boolean and a ->> 'group' <> 'CUSTOMER') as groups,
          (archived_at at time zone ${ZONE})::timestamp::text as filed
        from meeting where held_at >= ${before} and held_at < ${to} order by held_at`,
    ),
    await sheet(
      ctx,
      'boards',
      ['signed'],
      sql`select ${local('at')} as signed from board_signature where at >= ${before} and at < ${to} order by at`,
    ),
    await sheet(
      ctx,
      'reports',
      ['handed_in', 'signatures', 'approvals', 'last_approval'],
      sql`select ${local('r.submitted_at')} as handed_in,
          (select count(*)::int from report_signature s where s.report_id = r.id and s.at <= r.submitted_at) as signatures,
          (select count(distinct "group")::int from report_approval a where a.report_id = r.id and a.result = 'APPROVE') as approvals,
          (select (max(a.at) at time zone ${ZONE})::timestamp::text from report_approval a where a.report_id = r.id and a.result = 'APPROVE') as last
        from report r where r.month = to_char((${from} at time zone ${ZONE})::date - 1, 'YYYY-MM')`,
    ),
    await sheet(
      ctx,
      'applications',
      ['code', 'managers', 'engineers'],
      sql`select a.code,
          (select count(*)::int from role_grant g where g.role = 'APP_PROJECT_MANAGER' and coalesce(g.decided_at, g.proposed_at) < ${to} and (g.ended_at is null or g.ended_at >= ${to})
            and (g.tenant_id = a.tenant_id or g.application_id = a.id)) as managers,
          (select count(*)::int from role_grant g where g.role = 'APP_ENGINEER' and coalesce(g.decided_at, g.proposed_at) < ${to} and (g.ended_at is null or g.ended_at >= ${to})
            and (g.tenant_id = a.tenant_id or g.application_id = a.id)) as engineers
        from application a where a.created_at < ${to} order by a.code`,
    ),
  ]
}
