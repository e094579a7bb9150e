import { createSocket } from 'node:dgram'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { logApi } from '@changbai/contract/log.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { localCertificate } from '../../platform/tls.ts'
import { type SyslogReceiver, startSyslog } from './index.ts'
import { logClauses } from './log.clauses.ts'
import { keepLogDays } from './log.service.ts'

let t: TestServer
let manager: Client
let syslog: SyslogReceiver
let folder: string
const day = { from: '2026-09-18T00:00:00Z', to: '2026-09-19T00:00:00Z' }

const stream = (port: number, bytes: string, isTls = false) =>
  new Promise<void>((done, failed) => {
    const socket = isTls ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }) : connect(port, '127.0.0.1')
    socket.on('error', failed)
    socket.on('close', () => done())
    socket.once(isTls ? 'secureConnect' : 'connect', () => socket.end(bytes))
    socket.resume()
  })
/** Waits until that many lines of a device are there. */
const linesOf = (device: string, most: number) =>
  vi.waitFor(
    async () => {
      const { items } = await manager.call(logApi.search, { device, ...day })
      expect(items.length).toBeGreaterThanOrEqual(most)
      return items
    },
    { timeout: 5_000, interval: 50 },
  )

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T12:00:00Z', plan: false })
  manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
  folder = await mkdtemp(join(tmpdir(), 'changbai-log-'))
  const { key, cert } = await localCertificate({ dataDir: folder, publicUrl: 'https://localhost' })
  syslog = await startSyslog(t.server.runtime, { host: '127.0.0.1', udp: 0, tcp: 0, tls: { port: 0, key, cert } })
})
afterAll(async () => {
  await syslog.close()
  await t.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('[5.2-4] logs of devices', () => {
  test('arrive by datagram, by stream in both framings, and by TLS', async () => {
    const sender = createSocket('udp4')
    await new Promise<void>((done) =>
      sender.send('<11>1 2026-09-18T11:59:59Z sw-udp LINK - - - port 3 down\n', syslog.ports.udp, '127.0.0.1', () => done()),
    )
    sender.close()
    await stream(syslog.ports.tcp as number, '<13>Sep 18 19:00:00 sw-tcp a: one\n<13>Sep 18 19:00:01 sw-tcp a: two')
    const counted = '<13>1 - sw-tls - - - - 链路抖动\nzweite Zeile'
    await stream(syslog.ports.tls as number, `${Buffer.byteLength(counted)} ${counted}`, true)
    expect((await linesOf('sw-udp', 1))[0]).toMatchObject({ severity: 3, app: 'LINK', text: 'port 3 down', sentAt: '2026-09-18T11:59:59Z' })
    expect((await linesOf('sw-tcp', 2)).map(({ text }) => text)).toEqual(['two', 'one'])
    expect((await linesOf('sw-tls', 1))[0]?.text).toBe('链路抖动 zweite Zeile')
    const { items } = await manager.call(logApi.devices, {})
    expect(items.map(({ name, lines }) => [name, lines])).toEqual(expect.arrayContaining([['sw-tcp', 2]]))
  })
  test('are found by words, severity and time, a page at a time', async () => {
    await stream(
      syslog.ports.tcp as number,
      Array.from({ length: 30 }, (_, i) => `<${i % 2 ? 11 : 14}>1 - pages p - - - Interface 100%_${i} changed\n`).join(''),
    )
    await linesOf('pages', 30)
    const first = await manager.call(logApi.search, { q: '100%_ CHANGED', severity: 3, ...day, limit: 10 })
    expect([first.items.length, first.items.every(({ severity }) => severity === 3)]).toEqual([10, true])
    const second = await manager.call(logApi.search, { q: '100%_ CHANGED', severity: 3, ...day, limit: 10, after: first.next as string })
    expect([second.items.length, second.next]).toEqual([5, null])
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(15)
    expect((await manager.call(logApi.search, { q: '100%_', from: '2026-09-17T00:00:00Z', to: '2026-09-18T00:00:00Z' })).items).toEqual([])
  })
  test('searches are kept for oneself or for all', async () => {
    const query = { q: 'down', severity: 3, hours: 24 }
    await manager.call(logApi.saveQuery, { name: '端口异常', isShared: true, query })
    await manager.call(logApi.saveQuery, { name: '我的', query })
    const other = await t.signedIn({ role: 'MAINTENANCE_ENGINEER' })
    const { items } = await other.call(logApi.queries, {})
    expect(items.map(({ name, isMine }) => [name, isMine])).toEqual([['端口异常', false]])
    expect((await other.send(logApi.deleteQuery, { queryId: items[0]?.id as string })).status).toBe(404)
  })
  test.each([
    ['read on its day', '2026-09-18', true],
    ['read four days late', '2026-09-14', false],
  ])('a day %s counts as read: %s', async (_, day, isValid) => {
    const before = await manager.call(logApi.reviews, { day })
    const signed = await manager.call(logApi.signReview, { day, finding: '端口抖动，已转交' })
    expect(signed.summary).toEqual(before.summary)
    const [source] = logClauses
    const span = { from: t.now().subtract({ hours: 1 }), to: t.now().add({ hours: 1 }), asOf: t.now() }
    const events = await t.inTx(async (ctx) => (source?.meter === 'rhythm' ? source.events(ctx, span) : []))
    expect(events.find(({ id }) => id === signed.id)?.valid).toBe(isValid)
    expect((await manager.send(logApi.signReview, { day })).status).toBe(409)
  })
  test('a summary says what was worst and who fell quiet', async () => {
    const { summary } = await manager.call(logApi.reviews, { day: '2026-09-18' })
    expect(summary.bySeverity[3]).toBe(16)
    expect(summary.worst.map(({ device, text, count }) => [device, text, count])).toContainEqual(['pages', 'Interface #%_# changed', 15])
    expect((await manager.call(logApi.reviews, { day: '2026-09-19' })).summary).toMatchObject({
      lines: 0,
      quiet: expect.arrayContaining(['pages']),
    })
    expect((await manager.send(logApi.signReview, { day: '2026-09-20' })).status).toBe(422)
  })
  test('go after 190 days, with the partitions of their days', async () => {
    const count = async () => (await manager.call(logApi.search, { device: 'pages', ...day, limit: 500 })).items.length
    t.advance('PT4536H')
    await t.inTx(keepLogDays)
    expect(await count()).toBe(30)
    t.advance('PT48H')
    await t.inTx(keepLogDays)
    expect(await count()).toBe(0)
  })
})
