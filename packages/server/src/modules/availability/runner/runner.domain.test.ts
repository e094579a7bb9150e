import { X509Certificate } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { ProbeAssignment, ProbeResult, ProbeTarget } from '@changbai/contract/availability.shapes.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { localCertificate } from '../../../platform/tls.ts'
import { check } from './check.ts'
import { addressOf, createGuard, NotAllowed } from './guard.ts'
import type { Pulse } from './pulse.ts'
import { startRunner } from './runner.ts'
import { openSpool } from './spool.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const stop = (server: Server | HttpsServer) =>
  new Promise<void>((done) => {
    server.closeAllConnections()
    server.close(() => done())
  })
async function serve(listener: RequestListener, port = 0): Promise<{ port: number; url: string; server: Server }> {
  const server = createServer(listener)
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  closing.push(() => stop(server))
  const bound = (server.address() as AddressInfo).port
  return { port: bound, url: `http://127.0.0.1:${bound}/`, server }
}
const http = (url: string, expect: Partial<ProbeTarget['expect']> = {}): ProbeTarget => ({
  kind: 'HTTP',
  url,
  expect: { status: 200, contains: '', ...expect },
})
const local = createGuard(['127.0.0.0/8'])
const folder = () => mkdtempSync(join(tmpdir(), 'probe-'))

describe('where a probe may reach', () => {
  test.each<[string, string[], boolean]>([
    ['203.0.113.7', [], true],
    ['10.52.0.80', [], false],
    ['10.52.0.80', ['10.52.0.0/16'], true],
    ['10.53.0.80', ['10.52.0.0/16'], false],
    ['127.0.0.1', [], false],
    ['::1', [], false],
    ['::ffff:127.0.0.1', [], false],
    ['192.168.1.1', [], false],
    ['169.254.169.254', [], false],
    ['169.254.169.254', ['169.254.0.0/16', '0.0.0.0/0'], false],
    ['224.0.0.1', [], false],
    ['fe80::1', [], false],
    ['fd00::1', ['fd00::/8'], true],
    ['2001:db8::1', [], true],
    ['nonsense', [], false],
  ])('%s with %j: %s', (address, networks, allowed) => expect(createGuard(networks).allows(address)).toBe(allowed))
  test('a name that leads inside is refused before anything is called', async () => {
    await expect(addressOf('localhost', createGuard([]))).rejects.toThrow(NotAllowed)
    expect(await addressOf('127.0.0.1', local)).toBe('127.0.0.1')
  })
})

describe('one look', () => {
  test('HTTP: status, content, redirects, nobody there, no answer', async () => {
    const { url, port } = await serve((request, answer) => {
      if (request.url === '/slow') return
      if (request.url === '/moved') answer.writeHead(302, { location: '/' }).end()
      else if (request.url === '/loop') answer.writeHead(302, { location: '/loop' }).end()
      else if (request.url === '/inside') answer.writeHead(302, { location: 'http://10.0.0.1/' }).end()
      else if (request.url === '/broken') answer.writeHead(503).end()
      else answer.end('政务服务大厅')
    })
    const look = async (path: string, expect: object = {}, timeout = 2000) => check(http(new URL(path, url).href, expect), local, timeout)
    expect(await look('/')).toMatchObject({ ok: true, unable: false })
    expect(await look('/', { contains: '政务服务' })).toMatchObject({ ok: true })
    expect(await look('/', { contains: '维护中' })).toMatchObject({ ok: false, detail: 'the page does not contain "维护中"' })
    expect(await look('/moved')).toMatchObject({ ok: true })
    expect(await look('/moved', { status: 302 })).toMatchObject({ ok: true })
    expect(await look('/loop')).toMatchObject({ ok: false, detail: 'more than 5 redirects' })
    expect(await look('/inside')).toMatchObject({ ok: false, unable: true })
    expect(await look('/broken')).toMatchObject({ ok: false, detail: 'HTTP 503, expected 200' })
    expect(await look('/slow', {}, 200)).toMatchObject({ ok: false, detail: 'no answer within 200 ms' })
    expect(await check(http('http://127.0.0.1:9/'), local, 2000)).toMatchObject({ ok: false, unable: false })
    expect(await check(http(`http://localhost:${port}/`), createGuard([]), 2000)).toMatchObject({ ok: false, unable: true })
  })
  test('HTTPS: until when the certificate is valid', async () => {
    const made = await localCertificate({ dataDir: folder(), publicUrl: 'https://cloud.example.gov.cn' })
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, await readFile(made.authorityFile, 'utf8')])
    const server = createHttpsServer(made, (_request, answer) => answer.end('ok'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    closing.push(() => stop(server))
    const seen = await check(http(`https://localhost:${(server.address() as AddressInfo).port}/`), local, 5000)
    setDefaultCACertificates(before)
    const until = Date.parse(new X509Certificate(made.cert).validTo)
    expect(seen).toMatchObject({ ok: true, detail: '', certificateUntilMs: until })
    expect(until).toBeGreaterThan(Date.now())
  })
  test('TCP', async () => {
    const server = createTcp((socket) => socket.end())
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const target: ProbeTarget = { kind: 'TCP', url: `tcp://127.0.0.1:${port}`, expect: { status: 200, contains: '' } }
    expect(await check(target, local, 2000)).toMatchObject({ ok: true })
    await new Promise((done) => server.close(done))
    expect(await check(target, local, 2000)).toMatchObject({ ok: false, detail: expect.stringContaining('ECONNREFUSED') })
  })
})

describe('results wait on disk', () => {
  const result = (n: number): ProbeResult => ({
    applicationId: 'a',
    at: new Date(n * 1000).toISOString(),
    verdict: 'UP',
    latencyMs: 1,
    detail: '',
  })
  test('what was kept is there after a restart, what was acknowledged is not', async () => {
    const where = folder()
    const first = await openSpool(where)
    for (let n = 0; n < 5; n++) first.put(result(n))
    await first.keep()
    await first.drop(5)
    for (let n = 5; n < 8; n++) first.put(result(n))
    await first.keep()
    const second = await openSpool(where)
    expect(second.next(10)).toEqual([5, 6, 7].map(result))
    await second.drop(3)
    expect((await openSpool(where)).size).toBe(0)
  })
})

describe('a probe process', () => {
  /** The machine of the tests may be busy; what a starved probe says is its own test. */
  const calm: Pulse = { begin: () => ({ wallMs: Date.now(), monotonicMs: 0 }), troubleSince: () => null, stop: () => {} }
  /** A platform that takes results, and can go away. */
  async function platform(assignment: Omit<ProbeAssignment, 'probeId' | 'name'>) {
    const taken: ProbeResult[] = []
    const state = { away: false }
    const { url } = await serve(async (request, answer) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      if (state.away) {
        answer.writeHead(503).end('{"title":"away"}')
        return
      }
      const body = JSON.parse(Buffer.concat(parts).toString()) as { results?: ProbeResult[] }
      if (request.headers.authorization !== 'Bearer t') answer.writeHead(401).end('{}')
      else if (body.results) {
        taken.push(...body.results)
        answer.end('{"accepted":1,"refused":0}')
      } else answer.end(JSON.stringify({ probeId: '0198f0a0-0000-7000-8000-000000000001', name: '探测点', ...assignment }))
    })
    return { url, taken, state }
  }
  const until = async (holds: () => boolean) => {
    for (let n = 0; n < 200 && !holds(); n++) await new Promise((done) => setTimeout(done, 25))
    expect(holds()).toBe(true)
  }

  test('looks, says down, and delivers later what it saw while the platform was away', async () => {
    const target = await serve((_request, answer) => answer.end('ok'))
    const canary = await serve((_request, answer) => answer.end('ok'))
    const { url, taken, state } = await platform({
      intervalSeconds: 0.1,
      suspectedSeconds: 0.05,
      canaries: [http(canary.url)],
      networks: ['127.0.0.0/8'],
      applications: [{ applicationId: 'a', probes: [http(target.url)] }],
    })
    const runner = await startRunner({ server: url, token: 't', folder: folder(), version: '1', say: () => {}, pulse: calm })
    closing.push(() => runner.stop())
    await until(() => taken.some(({ verdict }) => verdict === 'UP'))
    state.away = true
    await stop(target.server)
    await until(() => runner.waiting > 3)
    expect(taken.every(({ verdict }) => verdict === 'UP')).toBe(true)
    state.away = false
    await until(() => taken.filter(({ verdict }) => verdict === 'DOWN').length > 3)
    const times = taken.map(({ at }) => at)
    expect(times).toEqual([...times].sort())
    expect(new Set(times).size).toBe(times.length)
  }, 20_000)
  test('abstains when its own canaries are lost too', async () => {
    const { url, taken } = await platform({
      intervalSeconds: 0.1,
      suspectedSeconds: 0.05,
      canaries: [http('http://127.0.0.1:9/')],
      networks: ['127.0.0.0/8'],
      applications: [{ applicationId: 'a', probes: [http('http://127.0.0.1:9/')] }],
    })
    const runner = await startRunner({ server: url, token: 't', folder: folder(), version: '1', say: () => {}, pulse: calm })
    closing.push(() => runner.stop())
    await until(() => taken.length > 2)
    expect(new Set(taken.map(({ verdict }) => verdict))).toEqual(new Set(['ABSTAIN']))
  }, 20_000)
  test('abstains when it was held up itself, and goes on saying that what answers is up', async () => {
    const target = await serve((_request, answer) => answer.end('ok'))
    const { url, taken } = await platform({
      intervalSeconds: 0.1,
      suspectedSeconds: 0.05,
      canaries: [http(target.url)],
      networks: ['127.0.0.0/8'],
      applications: [
        { applicationId: 'a', probes: [http('http://127.0.0.1:9/')] },
        { applicationId: 'b', probes: [http(target.url)] },
      ],
    })
    const starved: Pulse = { ...calm, troubleSince: () => 'this probe was held up for 4000 ms' }
    const runner = await startRunner({ server: url, token: 't', folder: folder(), version: '1', say: () => {}, pulse: starved })
    closing.push(() => runner.stop())
    await until(() => taken.length > 4)
    expect(new Set(taken.map(({ applicationId, verdict, detail }) => `${applicationId} ${verdict} ${detail}`))).toEqual(
      new Set(['a ABSTAIN this probe was held up for 4000 ms', 'b UP ']),
    )
  }, 20_000)
})
