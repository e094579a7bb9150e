/** Detection of reclaim candidates: every rule over ten thousand servers and their roll-ups of thirty days, four measures each. */
import { createTenant } from '../packages/server/src/modules/identity/index.ts'
import { addApplication } from '../packages/server/src/modules/inventory/index.ts'
import { detectCandidates } from '../packages/server/src/modules/reclaim/index.ts'
import { report, round } from './support/report.ts'
import { startStage } from './support/stage.ts'

const SERVERS = 10_000
const DAYS = 30
const LIMIT_SECONDS = 60
const MEASURES = [
  // a tenth does nothing, three tenths are too large, the others are busy
  ['cpu', 'case when n % 10 = 0 then 2 when n % 10 < 4 then 12 else 70 end + d * 0.01'],
  ['memory', 'case when n % 10 < 4 then 25 else 60 end'],
  ['netIn', 'case when n % 10 = 0 then 800 else 90000 end'],
  ['connections', 'case when n % 10 = 0 then 0 else 40 end'],
] as const

const stage = await startStage()
try {
  const applicationId = await stage.as(stage.worker, async (ctx) => {
    const tenant = await createTenant(ctx, { code: 'BENCH', name: '量测单位', shortName: '量测' })
    return (await addApplication(ctx, { tenantId: tenant.id, name: '量测应用', code: 'BENCH', mlpsLevel: 2 }, 'ADMISSION')).id
  })
  await stage.sql(
    `insert into server (id, kind, tenant_id, application_id, name, env, state, vcpu, mem_gib, root_gib, created_at, updated_at)
     select gen_random_uuid(), 'vm', a.tenant_id, a.id, 'bench-' || n, 'PROD', 'ACTIVE', 8, 16, 40, now() - interval '200 days', now()
     from generate_series(0, ${SERVERS - 1}) n, application a where a.id = $1`,
    [applicationId],
  )
  for (const [metric, value] of MEASURES)
    await stage.sql(
      `insert into reclaim_day (item_id, metric, on_day, peak, peak_at, mean, sum, measured_seconds, interval_seconds, source)
       select s.id, '${metric}', day, v, day + interval '12 hours', v / 2, v * 288, 86400, 300, 'MONITOR'
       from (select id, substring(name from 7)::int as n from server where name like 'bench-%') s,
            lateral (select (now() at time zone 'Asia/Shanghai')::date - d as day, ${value} as v from generate_series(1, ${DAYS}) d) days`,
    )
  await stage.sql('vacuum analyze reclaim_day')
  const before = process.memoryUsage.rss()
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 50)
  const started = performance.now()
  const run = await stage.as(stage.worker, (ctx) => detectCandidates(ctx, true))
  const seconds = (performance.now() - started) / 1000
  clearInterval(watch)
  const named = Object.entries(run.counts).map(([verdict, n]) => `${verdict} ${n}`)
  const right = run.counts.RELEASE === SERVERS / 10 && run.counts.RIGHT_SIZE === (SERVERS * 3) / 10
  report([
    {
      what: `candidates among ${SERVERS.toLocaleString('en-US')} servers × ${DAYS} days of roll-ups`,
      measured: `${round(seconds, 2)} s; ${named.join(', ')}`,
      target: `under ${LIMIT_SECONDS} s, every tenth idle, three tenths too large`,
      passed: seconds < LIMIT_SECONDS && right,
    },
    {
      what: 'memory of the program while it looks',
      measured: `${Math.round(peak / 1_048_576)} MiB, ${Math.round((peak - before) / 1_048_576)} MiB more than before`,
      target: '',
      passed: null,
    },
  ])
  if (seconds >= LIMIT_SECONDS || !right) process.exitCode = 1
} finally {
  await stage.stop()
}
