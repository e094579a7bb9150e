import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callOutside, chooseOutbound, isForbiddenAddress, isOutboundAllowed, OutboundRefused } from './outbound.ts'
import { readZip, writeZip } from './zip.ts'

describe('an address typed into a webhook', () => {
  let inside: ReturnType<typeof createServer>
  let port = 0
  let reached = 0
  beforeAll(async () => {
    inside = createServer((request, reply) => {
      reached += 1
      if (request.url === '/away') reply.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
      else reply.end('x'.repeat(200_000))
    })
    await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done))
    port = (inside.address() as AddressInfo).port
  })
  afterAll(() => {
    inside.close()
    chooseOutbound(['127.0.0.1'])
  })
  // a server started before in this worker may have left its exceptions
  beforeEach(() => chooseOutbound([]))
  const call = (url: string, resolve?: Parameters<typeof callOutside>[3]) =>
    callOutside(url, { method: 'GET', headers: {} }, AbortSignal.timeout(2_000), resolve)
  const names = (...answers: string[]) =>
    ((_name: string, _options: unknown, done: (error: null, all: { address: string; family: number }[]) => void) =>
      done(
        null,
        answers.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )) as unknown as Parameters<typeof callOutside>[3]

  test.each([
    ['this machine', 'http://127.0.0.1:PORT/'],
    ['this machine by a number', 'http://2130706433:PORT/'],
    ['this machine in octal', 'http://0177.0.0.1:PORT/'],
    ['this machine in short', 'http://0:PORT/'],
    ['this machine by IPv6', 'http://[::1]:PORT/'],
    ['this machine by IPv4 in IPv6', 'http://[::ffff:127.0.0.1]:PORT/'],
    ['what a cloud tells its servers', 'http://169.254.169.254/openstack/latest/meta_data.json'],
    ['a neighbour without a router', 'http://[fe80::1]/'],
    ['a file', 'file:///etc/passwd'],
    ['another protocol', 'gopher://127.0.0.1:PORT/'],
  ])('%s is not called', async (_what, url) => {
    const before = reached
    if (url.startsWith('http:')) expect(isForbiddenAddress(url.replace('PORT', String(port)))).toBe(true)
    await expect(call(url.replace('PORT', String(port)))).rejects.toThrow(OutboundRefused)
    expect(reached).toBe(before)
  })
  test('a name is judged by what it leads to, by every answer, and by the one that is called', async () => {
    const before = reached
    await expect(call(`http://gateway.example:${port}/`, names('127.0.0.1'))).rejects.toThrow(OutboundRefused)
    await expect(call(`http://gateway.example:${port}/`, names('10.1.2.3', '127.0.0.1'))).rejects.toThrow(OutboundRefused)
    expect(reached).toBe(before)
    chooseOutbound(['127.0.0.1'])
    let asked = 0
    // it would lead elsewhere at a second look; there is none
    const rebinding = ((name: string, options: unknown, done: never) => {
      asked += 1
      return (names(asked === 1 ? '127.0.0.1' : '169.254.169.254') as (...all: unknown[]) => void)(name, options, done)
    }) as unknown as Parameters<typeof callOutside>[3]
    expect((await call(`http://gateway.example:${port}/away`, rebinding)).status).toBe(302)
    expect([asked, reached]).toEqual([1, before + 1])
  })
  test('a redirect is an answer, never followed, and a long answer is cut', async () => {
    chooseOutbound(['127.0.0.1'])
    expect((await call(`http://127.0.0.1:${port}/away`)).status).toBe(302)
    expect((await call(`http://127.0.0.1:${port}/long`)).text).toHaveLength(64 * 1024)
  })
  test('gateways of a government cloud stand in private networks', () =>
    expect(['10.0.0.5', '172.16.3.4', '192.168.1.1', '2001:db8::1'].map(isOutboundAllowed)).toEqual([true, true, true, true]))
})

describe('a package with names that lead out of it', () => {
  test('its names are told as they are and nothing is written by them', () => {
    const entries = readZip(writeZip([{ name: '../../etc/cron.d/x', bytes: Buffer.from('evil') }]))
    expect(entries.map(({ name }) => name)).toEqual(['../../etc/cron.d/x'])
  })
  test('nobody of ours unpacks an archive to disk', async () => {
    const { readdir, readFile } = await import('node:fs/promises')
    const { resolve } = await import('node:path')
    const root = resolve(import.meta.dirname, '..')
    const readers: string[] = []
    for (const name of (await readdir(root, { recursive: true })).filter((one) => one.endsWith('.ts') && !one.endsWith('.test.ts'))) {
      const text = await readFile(resolve(root, name), 'utf8')
      if (/\breadZip\(|unzip|extractAllTo|\btar\.x\b/.test(text) && /writeFile\(|createWriteStream\(/.test(text)) readers.push(name)
    }
    expect(readers).toEqual([])
  })
})
