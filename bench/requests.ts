/** First page of the request list at 1,000 and at 1,000,000 requests, through the whole server. */
import { report, round } from './support/report.ts'
import { median, quantile, type Stage, startStage } from './support/stage.ts'

const SMALL = 1_000
const LARGE = 1_000_000
const BUREAUS = 60

/** SQL of an identifier that is always the same for the same words; the contract takes only well-formed ones. */
const uuidOf = (words: string) => `overlay(overlay(md5(${words}) placing '4' from 13) placing '8' from 17)::uuid`

/** Requests of some bureaus over three years, with names as varied as real ones; rows they refer to are left out. */
async function addRequests({ sql }: Stage, from: number, to: number): Promise<void> {
  const [index] = await sql<{ indexdef: string }>(`select indexdef from pg_indexes where indexname = 'request_text'`)
  // built once at the end: filling a GIN index row by row takes ten times as long
  await sql('drop index request_text')
  await sql(`set session_replication_role = replica; set statement_timeout = 0; set maintenance_work_mem = '512MB';
    insert into request (id, number, kind, status, tenant_id, application_id, app_name, admission_id, admission_no, applicant_id, applicant_name, form_id,
      catalog_id, env, created_at, updated_at, submitted_at)
    select gen_random_uuid(), 'SQ-' || to_char(timestamptz '2024-01-01 00:00Z' + n * interval '90 seconds', 'YYYYMMDD') || '-' || n,
      (array['NEW', 'EXPANSION', 'MIGRATION'])[1 + n % 3], (array['DRAFT', 'UNDER_REVIEW', 'REJECTED', 'CLOSED', 'CLOSED', 'CLOSED'])[1 + n % 6],
      ${uuidOf(`'bureau' || n % ${BUREAUS}`)}, ${uuidOf(`'application' || n % 5000`)},
      (array['财政', '人社', '医保', '公安', '交通', '教育', '水利', '林业'])[1 + n % 8] || (array['预算', '监管', '服务', '审批', '监测', '档案'])[1 + n / 8 % 6] || '系统' || n % 5000,
      ${uuidOf(`'admission' || n % 5000`)}, 'ZR-' || n % 5000, ${uuidOf(`'person' || n % 900`)}, '申请人' || n % 900, gen_random_uuid(), gen_random_uuid(), 'PROD',
      timestamptz '2024-01-01 00:00Z' + n * interval '90 seconds', timestamptz '2024-01-03 00:00Z' + n * interval '90 seconds',
      timestamptz '2024-01-02 00:00Z' + n * interval '90 seconds'
    from generate_series(${from}, ${to}) n;
    ${index?.indexdef};
    reset session_replication_role`)
  await sql('vacuum analyze request')
}

async function measure(stage: Stage, path: string): Promise<number[]> {
  const ms: number[] = []
  for (let turn = 0; turn < 150; turn += 1) {
    const at = performance.now()
    await stage.get(path)
    if (turn >= 50) ms.push(performance.now() - at)
  }
  return ms
}

const small = await startStage()
const large = await startStage()
try {
  await addRequests(small, 1, SMALL)
  await addRequests(large, 1, LARGE)
  const paths = { list: '/api/requests?limit=50', search: `/api/requests?limit=50&q=${encodeURIComponent('医保')}` }
  // in turns, so that both meet the same machine
  const times = { list: { small: [] as number[], large: [] as number[] }, search: { small: [] as number[], large: [] as number[] } }
  for (let turn = 0; turn < 3; turn += 1) {
    for (const name of ['list', 'search'] as const) {
      times[name].small.push(...(await measure(small, paths[name])))
      times[name].large.push(...(await measure(large, paths[name])))
    }
  }
  const ratio = median(times.list.large) / median(times.list.small)
  const show = (ms: number[]) => `p50 ${round(median(ms), 2)} ms, p95 ${round(quantile(ms, 0.95), 2)} ms`
  report([
    { what: 'first page at 1,000 requests', measured: show(times.list.small), target: '', passed: null },
    { what: 'first page at 1,000,000 requests', measured: show(times.list.large), target: '', passed: null },
    { what: 'ratio', measured: round(ratio, 2), target: 'under 1.5', passed: ratio < 1.5 },
    { what: 'search for two characters (医保) at 1,000', measured: show(times.search.small), target: '', passed: null },
    { what: 'search for two characters (医保) at 1,000,000', measured: show(times.search.large), target: '', passed: null },
  ])
} finally {
  await small.stop()
  await large.stop()
}
