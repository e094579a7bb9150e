/**
 * Incidents at a hundred thousand and at a million rows, over real connections: opening one (with its process, clocks, page and ledger facts), writing to
 * its log, responding (a fact, a step and the clocks in one call), the list with its count, a search; each by 1 and by 16 callers, with the processor time
 * of server and database a call. Then ten thousand running clocks judged anew, and how late the warning of a clock is.
 *
 * `RT_URL=http://127.0.0.1:18000 RT_RUN=folder` takes Request Tracker 5 beside it in turns: its ratios are of the same minutes on the same machine.
 * `BENCH_ROWS=100000` for one size, `BENCH_SCALE=0.3` for fewer calls.
 */
import { dueClocks, rejudge } from '../packages/server/src/modules/incident/index.ts'
import { type Load, load, loadTarget, treeSeconds } from './support/load.ts'
import { type Figure, report, round } from './support/report.ts'
import { openTracker } from './support/request-tracker.ts'
import { quantile, type Stage, startStage } from './support/stage.ts'

const SIZES = (process.env.BENCH_ROWS ?? '100000,1000000').split(',').map(Number)
const SCALE = Number(process.env.BENCH_SCALE ?? 1)
const JUDGED_INCIDENTS = 3_334
const JUDGED_CLOCKS = 3 * JUDGED_INCIDENTS
const LIMITS = `[{"severity":"I","responseMinutes":10,"planMinutes":30,"resolveMinutes":180},{"severity":"II","responseMinutes":10,"planMinutes":30,"resolveMinutes":360},
  {"severity":"III","responseMinutes":10,"planMinutes":30,"resolveMinutes":720},{"severity":"IV","responseMinutes":10,"planMinutes":120,"resolveMinutes":1440}]`

/** A twentieth is open, spread over severities, sixty bureaus and years; open ones have three facts. */
async function fill({ sql }: Stage, rows: number): Promise<void> {
  const [index] = await sql<{ indexdef: string }>(`select indexdef from pg_indexes where indexname = 'incident_text'`)
  await sql(`drop index incident_text;
    set session_replication_role = replica; set statement_timeout = 0; set maintenance_work_mem = '512MB';
    insert into incident (id, number, title, symptom, criteria, severity, top_severity, first_severity, status, source, tenant_id, reporter_name, reporter_phone, is_security,
      reported_at, clock_start_at, held, limits, rev, created_at, updated_at, closed_at)
    select ('01900000' || substr(md5(n::text), 1, 4) || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid, 'GZ-20240101-' || n,
      (array['门户', '数据库', '交换机', '认证', '存储', '邮件'])[1 + n % 6] || (array['无法访问', '缓慢', '告警', '报错'])[1 + n / 6 % 4] || n % 977, '现象', array['SLOW'],
      sev, sev, sev, case when n % 20 = 0 then 'IN_PROGRESS' else 'CLOSED' end, 'PORTAL', ('00000000-0000-4000-8000-' || lpad(to_hex(n % 60), 12, '0'))::uuid, '报障人' || n % 900, '', false,
      timestamptz '2024-01-01 00:00Z' + n * interval '1 minute', timestamptz '2024-01-01 00:00Z' + n * interval '1 minute', false, '${LIMITS}'::jsonb, 0,
      timestamptz '2024-01-01 00:00Z' + n * interval '1 minute', timestamptz '2024-01-01 00:00Z' + n * interval '1 minute',
      case when n % 20 = 0 then null else timestamptz '2024-01-01 04:00Z' + n * interval '1 minute' end
    from (select n, (array['I', 'II', 'III', 'IV'])[1 + n % 4] as sev from generate_series(1, ${rows}) n) rows;
    insert into incident_event (id, incident_id, kind, at, recorded_at, by_name, text)
    select gen_random_uuid(), id, kind, reported_at + after, reported_at + after, '张三', ''
    from incident, (values ('REPORTED', interval '0'), ('RESPONDED', interval '5 minutes'), ('LEVEL_ASKED', interval '6 minutes')) facts(kind, after) where status <> 'CLOSED';
    ${index?.indexdef};
    reset session_replication_role`)
  await sql('vacuum analyze incident')
  await sql('vacuum analyze incident_event')
}

const show = ({ perSecond, ms, cpuMs }: Load): string =>
  `${round(perSecond, 1)}/s, p50 ${round(quantile(ms, 0.5), 1)}, p95 ${round(quantile(ms, 0.95), 1)} ms; ${round(cpuMs, 1)} ms of processor`
const figures: Figure[] = []
const tracker = process.env.RT_URL ? await openTracker(process.env.RT_URL, process.env.RT_RUN ?? '') : null

/** Ours, and the same work of Request Tracker right after it. */
async function sideBySide(what: string, ours: Load, theirs: (() => Promise<Load>) | undefined, listP95?: boolean): Promise<void> {
  const p95 = quantile(ours.ms, 0.95)
  figures.push({ what, measured: show(ours), target: listP95 ? 'p95 under 30 ms' : '', passed: listP95 ? p95 < 30 : null })
  if (!theirs) return
  const other = await theirs()
  const [rate, cpu] = [ours.perSecond / other.perSecond, other.cpuMs / ours.cpuMs]
  figures.push({
    what: `${what}: Request Tracker 5 in the same minute`,
    measured: `${show(other)}; ours ${round(rate, 1)} times its rate at 1/${round(cpu, 1)} of its processor time`,
    target: 'at least 15 times its rate at 1/20',
    passed: rate >= 15 && cpu >= 20,
  })
}

for (const rows of SIZES) {
  const stage = await startStage({
    grants: ['OPERATION_MANAGER', 'MAINTENANCE_MANAGER'].map((role) => ({
      role: role as 'MAINTENANCE_MANAGER',
      tenantId: null,
      applicationId: null,
    })),
  })
  try {
    const { sql, worker } = stage
    // whoever reports is a person of the installation
    await sql(`insert into person (id, sign_in, name, active, created_at) values ($1, 'bench', '张三', true, now())`, [worker.personId])
    await fill(stage, rows)
    const target = await loadTarget(stage)
    const body = { symptom: '打开首页超时。'.repeat(20), criteria: ['ERROR_OR_WARNING'], reporterName: '杨帆' }
    const created: string[] = []
    let next = 0
    const n = (calls: number, callers: number) => Math.max(callers * 2, Math.round(calls * SCALE * (callers === 1 ? 1 : 2.5)))
    const run = (calls: number, callers: number, work: (i: number, conn: number) => Promise<unknown>) =>
      load(n(calls, callers), callers, work, () => treeSeconds([target.databasePid]))
    for (const callers of [1, 16]) {
      const at = `${callers === 1 ? '1 caller' : `${callers} callers`}, ${rows.toLocaleString('en-US')} rows`
      const beside = tracker && rows === SIZES[0] ? tracker : undefined
      const create = await run(60, callers, async (i, conn) => {
        const { id } = (await target.post(conn, '/api/incidents', { ...body, title: `门户无法访问${i}` })) as { id: string }
        created.push(id)
      })
      await sideBySide(`open an incident, ${at}`, create, beside && (() => beside.create(n(24, callers), callers)))
      const update = await run(60, callers, (_, conn) => {
        const id = created[next++] as string
        return target.post(conn, `/api/incidents/${id}/respond`, { channel: 'PORTAL', note: '已与报障人联系' })
      })
      await sideBySide(`respond: a comment and a step, ${at}`, update, beside && (() => beside.update(n(24, callers), callers)))
      const comment = await run(80, callers, (i, conn) =>
        target.post(conn, `/api/incidents/${created[i % created.length]}/log`, { text: `处理第 ${i} 步` }),
      )
      await sideBySide(`write to a log, ${at}`, comment, undefined)
      const list = await run(120, callers, (_, conn) => target.get(conn, '/api/incidents?limit=50&state=open'))
      await sideBySide(
        `list of 50 open ones with their count, ${at}`,
        list,
        beside && (() => beside.list(n(48, callers), callers)),
        callers === 16,
      )
      const search = await run(120, callers, (_, conn) => target.get(conn, `/api/incidents?limit=50&q=${encodeURIComponent('交换机')}`))
      await sideBySide(`search for three characters, ${at}`, search, undefined)
    }
    if (rows === SIZES[0]) await judgeClocks(stage)
    await target.close()
  } finally {
    await stage.stop()
  }
}

async function judgeClocks({ sql, as, worker, server }: Stage): Promise<void> {
  const incidents = await sql<{ id: string; first_severity: 'I'; limits: never }>(
    `select id, first_severity, limits from incident where status <> 'CLOSED' limit ${JUDGED_INCIDENTS}`,
  )
  const judge = () => as(worker, (ctx) => rejudge(ctx, incidents))
  await judge()
  const took: number[] = []
  for (let i = 0; i < 3; i++) {
    const began = performance.now()
    await judge()
    took.push(performance.now() - began)
  }
  const judged = quantile(took, 0.5)
  figures.push({
    what: `${JUDGED_CLOCKS} clocks judged anew`,
    measured: `${round(judged, 0)} ms`,
    target: 'under 1,000 ms',
    passed: judged < 1_000,
  })
  // 200 clocks fall due within ten seconds among ten thousand that do not; the loop looks every second, as it does in service
  await sql(`update incident_clock set next_at = now() + interval '1 day', warned = 0`)
  await sql(`update incident_clock c set next_at = due.at, due_at = due.at, start_at = due.at - interval '10 minutes', done_at = null
    from (select incident_id, clock, now() + random() * interval '10 seconds' as at from incident_clock where clock = 'solution' limit 200) due
    where due.incident_id = c.incident_id and due.clock = c.clock`)
  const until = performance.now() + 13_000
  while (performance.now() < until) {
    const taken = await dueClocks.run(server.runtime)
    if (taken === 0) await new Promise((done) => setTimeout(done, 1_000))
  }
  const late = (
    await sql<{ ms: number }>(
      `select extract(epoch from e.recorded_at - c.due_at) * 1000 as ms from incident_event e join incident_clock c on c.incident_id = e.incident_id
       where e.kind = 'WARNED' and e.text like '解决%' and c.clock = 'solution' and e.recorded_at >= c.due_at and c.due_at > now() - interval '1 minute' and c.due_at < now()`,
    )
  ).map(({ ms }) => Number(ms))
  figures.push({
    what: `lateness of a clock's notice, p99 of ${late.length}`,
    measured: `${round(quantile(late, 0.99), 0)} ms`,
    target: 'under 2,000 ms',
    passed: late.length > 0 && quantile(late, 0.99) < 2_000,
  })
}
report(figures)
