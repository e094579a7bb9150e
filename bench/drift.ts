/**
 * One reconciliation of 10,000 servers and their volumes in an OpenStack over HTTP, against as many records: requests, seconds, memory; and what a
 * page of the product takes meanwhile. Two hundred were resized, fifty deleted and fifty made behind our back.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { readCloud } from '../packages/server/src/modules/cloud/index.ts'
import { openDrifts } from '../packages/server/src/modules/inventory/index.ts'
import { systemActor } from '../packages/server/src/platform/actor.ts'
import { newId } from '../packages/server/src/platform/ids.ts'
import { report, round } from './support/report.ts'
import { quantile, startStage } from './support/stage.ts'

const SERVERS = 10_000
const RESIZED = 200
const DELETED = 50
const MADE = 50
const PAGE = 1_000

const idOf = (mark: string, n: number): string => `${mark}0000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const servers = Array.from({ length: SERVERS }, (_, n) => ({
  id: idOf('aaaa', n),
  name: `vm-${n}`,
  tenant_id: 'p',
  status: 'ACTIVE',
  metadata: {},
  flavor: n < RESIZED ? { vcpus: 8, ram: 16_384 } : { vcpus: 4, ram: 8_192 },
  addresses: { net: [{ addr: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, 'OS-EXT-IPS:type': 'fixed' }] },
}))
const there = [
  ...servers.slice(0, SERVERS - DELETED),
  ...Array.from({ length: MADE }, (_, n) => ({ ...servers[n], id: idOf('bbbb', n), name: `by-hand-${n}` })),
]
const volumes = servers.map(({ id }, n) => ({
  id: idOf('cccc', n),
  name: `disk-${n}`,
  size: 100,
  status: 'in-use',
  attachments: [{ server_id: id }],
  metadata: {},
}))

/** As much of an OpenStack as a reading asks, page by page. */
let requests = 0
const cloud = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://cloud')
  const say = (body: object, status = 200, headers = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  const base = `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`
  if (url.pathname === '/v3/auth/tokens') {
    const catalog = ['compute', 'network', 'volumev3', 'image'].map((type) => ({
      type,
      endpoints: [
        { interface: 'public', region_id: 'R', url: `${base}/${type}${type === 'compute' ? '/v2.1' : type === 'volumev3' ? '/v3/p' : ''}` },
      ],
    }))
    return say({ token: { expires_at: '2999-01-01T00:00:00Z', user: { id: 'u' }, project: { id: 'p' }, catalog } }, 201, {
      'x-subject-token': 't',
    })
  }
  requests += 1
  const page = <T extends { id: string }>(rows: T[], name: string) => {
    const marker = url.searchParams.get('marker')
    const from = marker ? rows.findIndex((row) => row.id === marker) + 1 : 0
    const limit = Math.min(PAGE, Number(url.searchParams.get('limit') ?? PAGE))
    const more = from + limit < rows.length
    return say({ [name]: rows.slice(from, from + limit), ...(more ? { [`${name}_links`]: [{ rel: 'next', href: '' }] } : {}) })
  }
  if (url.pathname.endsWith('/servers/detail')) return page(there, 'servers')
  if (url.pathname.endsWith('/volumes/detail')) return page(volumes, 'volumes')
  if (url.pathname.endsWith('/subnets')) return say({ subnets: [] })
  if (url.pathname.endsWith('/floatingips')) return say({ floatingips: [] })
  if (url.pathname.endsWith('/projects')) return say({ projects: [{ id: 'p', name: 'p' }] })
  if (url.pathname.includes('simple-tenant-usage')) return say({ tenant_usages: [] })
  return say({ version: { version: '2.90' }, versions: [{ version: '3.70' }] })
})
await new Promise<void>((resolve) => cloud.listen(0, '127.0.0.1', resolve))
const stage = await startStage()
try {
  const { runtime } = stage.server
  const connectionId = newId()
  const settings = { authUrl: `http://127.0.0.1:${(cloud.address() as AddressInfo).port}/v3`, userName: 'admin', projectName: 'admin' }
  const [secret] = await stage.as(systemActor('bench'), async (ctx) => [ctx.crypto.seal('cloud.connection', 'secret')])
  await stage.sql(
    `insert into cloud_connection (id, name, driver, status, settings, sealed_secret, proposed_by_name, proposed_at)
     values ($1, 'bench', 'openstack', 'RETIRED', $2, $3, 'bench', now())`,
    [connectionId, JSON.stringify(settings), secret],
  )
  await stage.sql(
    `insert into server (id, kind, name, env, state, vcpu, mem_gib, root_gib, connection_id, external_id, addresses, created_at, updated_at)
     select gen_random_uuid(), 'vm', 'vm-' || n, 'PROD', 'ACTIVE', 4, 8, 40, $1, 'aaaa0000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'),
       jsonb_build_array(jsonb_build_object('address', '10.' || (n >> 16 & 255) || '.' || (n >> 8 & 255) || '.' || (n & 255), 'zone', '', 'public', false)), now() - interval '1 day', now() - interval '1 day'
     from generate_series(0, ${SERVERS - 1}) n`,
    [connectionId],
  )
  await stage.sql(
    `insert into volume (id, kind, name, env, state, gib, connection_id, external_id, server_id, created_at, updated_at)
     select gen_random_uuid(), 'block', 'disk-' || n, 'PROD', 'ACTIVE', 100, $1, 'cccc0000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'), s.id, now() - interval '1 day', now() - interval '1 day'
     from generate_series(0, ${SERVERS - 1}) n join server s on s.connection_id = $1 and s.external_id = 'aaaa0000-0000-4000-8000-' || lpad(to_hex(n), 12, '0')`,
    [connectionId],
  )
  await stage.sql('analyze server')
  const list = async () => {
    const at = performance.now()
    await stage.get('/api/inventory/servers?limit=50')
    return performance.now() - at
  }
  for (let n = 0; n < 20; n++) await list()

  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let peak = before
  let isDone = false
  const pages: number[] = []
  const watch = (async () => {
    while (!isDone) {
      pages.push(await list())
      peak = Math.max(peak, process.memoryUsage().rss)
      await wait(20)
    }
  })()
  const began = performance.now()
  await readCloud(runtime, { cause: 'DEMAND', connectionId }, AbortSignal.timeout(600_000)).finally(() => {
    isDone = true
  })
  const seconds = (performance.now() - began) / 1000
  await watch
  const again = performance.now()
  await readCloud(runtime, { cause: 'DEMAND', connectionId }, AbortSignal.timeout(600_000))
  const second = (performance.now() - again) / 1000
  const drifts = await stage.as(systemActor('bench'), (ctx) => openDrifts(ctx, connectionId, 10_000))
  const wanted = RESIZED + DELETED + MADE
  report([
    {
      what: `requests for ${SERVERS} servers and ${SERVERS} volumes`,
      measured: String(Math.round(requests / 2)),
      target: 'under 50',
      passed: requests / 2 < 50,
    },
    { what: 'first reading, everything new', measured: `${round(seconds, 1)} s`, target: 'under 60 s', passed: seconds < 60 },
    { what: 'second reading', measured: `${round(second, 1)} s`, target: '', passed: null },
    {
      what: 'memory more than before, this process with the cloud it reads',
      measured: `${round((peak - before) / 2 ** 20, 0)} MiB`,
      target: 'under 300 MiB',
      passed: peak - before < 300 * 2 ** 20,
    },
    {
      what: 'page of 50 servers meanwhile, p95',
      measured: `${round(quantile(pages, 0.95), 0)} ms of ${pages.length}`,
      target: '',
      passed: null,
    },
    { what: 'differences found', measured: `${drifts.length}`, target: `${wanted}`, passed: drifts.length === wanted },
  ])
} finally {
  await stage.stop()
  cloud.closeAllConnections()
  cloud.close()
}
