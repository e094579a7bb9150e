/**
 * Incidents at a hundred thousand rows through the whole server: opening one (with its process, clocks, page and ledger facts), writing to its log, the list,
 * a search; and ten thousand running clocks judged anew from their facts.
 */
import { rejudge } from '../packages/server/src/modules/incident/index.ts'
import { report, round } from './support/report.ts'
import { drive, quantile, startStage } from './support/stage.ts'

const ROWS = 100_000
const CALLERS = 16
const CREATED = 160
const UPDATED = 480
const READ = 480
const JUDGED_INCIDENTS = 3_334
const JUDGED_CLOCKS = 3 * JUDGED_INCIDENTS
const LIMITS = `[{"severity":"I","responseMinutes":10,"planMinutes":30,"resolveMinutes":180},{"severity":"II","responseMinutes":10,"planMinutes":30,"resolveMinutes":360},
  {"severity":"III","responseMinutes":10,"planMinutes":30,"resolveMinutes":720},{"severity":"IV","responseMinutes":10,"planMinutes":120,"resolveMinutes":1440}]`

const stage = await startStage()
try {
  const { sql, worker } = stage
  // whoever reports is a person of the installation
  await sql(`insert into person (id, sign_in, name, active, created_at) values ($1, 'bench', '张三', true, now())`, [worker.personId])
  const [index] = await sql<{ indexdef: string }>(`select indexdef from pg_indexes where indexname = 'incident_text'`)
  await sql(`drop index incident_text;
    set session_replication_role = replica; set statement_timeout = 0; set maintenance_work_mem = '512MB';
    insert into incident (id, number, title, symptom, criteria, severity, top_severity, first_severity, status, source, tenant_id, reporter_name, reporter_phone, is_security,
      reported_at, clock_start_at, held, limits, rev, created_at, updated_at, closed_at)
    select ('01900000' || substr(md5(n::text), 1, 4) || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid, 'GZ-20240101-' || n,
      (array['门户', '数据库', '交换机', '认证', '存储', '邮件'])[1 + n % 6] || (array['无法访问', '缓慢', '告警', '报错'])[1 + n / 6 % 4] || n % 977, '现象', array['SLOW'],
      sev, sev, sev, case when n % 20 = 0 then 'IN_PROGRESS' else 'CLOSED' end, 'PORTAL', ('00000000-0000-4000-8000-' || lpad(to_hex(n % 60), 12, '0'))::uuid, '报障人' || n % 900, '', false,
      timestamptz '2024-01-01 00:00Z' + n * interval '10 minutes', timestamptz '2024-01-01 00:00Z' + n * interval '10 minutes', false, '${LIMITS}'::jsonb, 0,
      timestamptz '2024-01-01 00:00Z' + n * interval '10 minutes', timestamptz '2024-01-01 00:00Z' + n * interval '10 minutes',
      case when n % 20 = 0 then null else timestamptz '2024-01-01 04:00Z' + n * interval '10 minutes' end
    from (select n, (array['I', 'II', 'III', 'IV'])[1 + n % 4] as sev from generate_series(1, ${ROWS}) n) rows;
    insert into incident_event (id, incident_id, kind, at, recorded_at, by_name, text)
    select gen_random_uuid(), id, kind, reported_at + after, reported_at + after, '张三', ''
    from incident, (values ('REPORTED', interval '0'), ('RESPONDED', interval '5 minutes'), ('LEVEL_ASKED', interval '6 minutes')) facts(kind, after) where status <> 'CLOSED';
    ${index?.indexdef};
    reset session_replication_role`)
  await sql('vacuum analyze incident')
  await sql('vacuum analyze incident_event')

  const body = { title: '门户无法访问', symptom: '打开首页超时', criteria: ['PART_FAILED'], reporterName: '杨帆' }
  const created: string[] = []
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
  const timed = (count: number, work: (n: number) => Promise<unknown>) => drive(numbers(count), CALLERS, work)
  const create = await timed(CREATED, async (n) => {
    const { id } = (await stage.post('/api/incidents', { ...body, title: `${body.title}${n}` })) as { id: string }
    created.push(id)
  })
  const update = await timed(UPDATED, (n) => stage.post(`/api/incidents/${created[n % created.length]}/log`, { text: `处理第 ${n} 步` }))
  const list = await timed(READ, () => stage.get('/api/incidents?limit=50'))
  const open = await timed(READ, () => stage.get('/api/incidents?limit=50&state=open&severity=I,II'))
  const search = await timed(READ, () => stage.get(`/api/incidents?limit=50&q=${encodeURIComponent('交换机')}`))

  const rows = await sql<{ id: string; first_severity: 'I'; limits: never }>(
    `select id, first_severity, limits from incident where status <> 'CLOSED' limit ${JUDGED_INCIDENTS}`,
  )
  const judge = () => stage.as(worker, (ctx) => rejudge(ctx, rows))
  await judge()
  const began = performance.now()
  await judge()
  const judged = performance.now() - began

  const show = ({ perSecond, ms }: { perSecond: number; ms: number[] }) =>
    `${round(perSecond, 1)}/s, p95 ${round(quantile(ms, 0.95), 1)} ms`
  report([
    { what: `open an incident, ${CALLERS} callers, ${ROWS} rows`, measured: show(create), target: '', passed: null },
    { what: `write to a log, ${CALLERS} callers`, measured: show(update), target: '', passed: null },
    { what: `list of 50, ${CALLERS} callers`, measured: show(list), target: 'p95 under 30 ms', passed: quantile(list.ms, 0.95) < 30 },
    { what: `open ones of I and II, ${CALLERS} callers`, measured: show(open), target: '', passed: null },
    { what: `search for three characters, ${CALLERS} callers`, measured: show(search), target: '', passed: null },
    { what: `${JUDGED_CLOCKS} clocks judged anew`, measured: `${round(judged, 0)} ms`, target: 'under 1,000 ms', passed: judged < 1_000 },
  ])
} finally {
  await stage.stop()
}
