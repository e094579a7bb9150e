/** An export of 200,000 requests as xlsx, written while it is read and sent as a stream: how much memory the serving process needs for it. */
import { requestApi } from '@changbai/contract/request.ts'
import { exportRequests } from '../packages/server/src/modules/request/index.ts'
import { report, round } from './support/report.ts'
import { startStage } from './support/stage.ts'

const ROWS = 200_000
const MEGABYTES_MAX = 200
const uuidOf = (words: string) => `overlay(overlay(md5(${words}) placing '4' from 13) placing '8' from 17)::uuid`

const stage = await startStage({ poolSize: 4 })
await stage.sql(`set session_replication_role = replica; set statement_timeout = 0;
  insert into request (id, number, kind, status, tenant_id, application_id, app_name, admission_id, admission_no, applicant_id, applicant_name, form_id,
    catalog_id, env, created_at, updated_at, submitted_at)
  select gen_random_uuid(), 'SQ-' || lpad(n::text, 9, '0'), (array['NEW', 'EXPANSION', 'MIGRATION'])[1 + n % 3], 'CLOSED',
    ${uuidOf(`'bureau' || n % 60`)}, ${uuidOf(`'application' || n % 5000`)}, '业务系统' || n, ${uuidOf(`'admission' || n % 5000`)}, 'ZR-' || n % 5000,
    ${uuidOf(`'person' || n % 900`)}, '申请人' || n % 900, gen_random_uuid(), gen_random_uuid(), 'PROD', now(), now(), now()
  from generate_series(1, ${ROWS}) n; reset session_replication_role; analyze request`)

const megabytes = () => process.memoryUsage.rss() / 1024 / 1024
// one row first, so that everything is loaded
await drain({ q: 'SQ-000000001' })
globalThis.gc?.()
const before = megabytes()
let peak = before
const watch = setInterval(() => {
  peak = Math.max(peak, megabytes())
}, 20)
const began = performance.now()
const bytes = await drain({})
const seconds = (performance.now() - began) / 1000
clearInterval(watch)

async function drain(filter: { q?: string }): Promise<number> {
  const { bytes } = await stage.as(stage.worker, (ctx) =>
    exportRequests(ctx, requestApi.exportList.input.parse({ format: 'xlsx', ...filter })),
  )
  let sent = 0
  for await (const chunk of bytes as AsyncIterable<Uint8Array>) sent += chunk.length
  return sent
}

report([
  { what: `${ROWS} rows as xlsx`, measured: `${round(seconds)} s, ${round(bytes / 1024 / 1024)} MB sent`, target: '', passed: null },
  { what: 'resident memory before', measured: `${round(before, 0)} MB`, target: '', passed: null },
  {
    what: 'resident memory that the export adds at most',
    measured: `${round(peak - before, 0)} MB`,
    target: `< ${MEGABYTES_MAX} MB`,
    passed: peak - before < MEGABYTES_MAX,
  },
  { what: 'largest resident memory of the process', measured: `${round(peak, 0)} MB`, target: '', passed: null },
])
await stage.stop()
