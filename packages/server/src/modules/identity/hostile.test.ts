import { deskApi } from '@changbai/contract/desk.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { ledgerApi } from '@changbai/contract/ledger.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { addPerson, grantDirect } from './index.ts'

const PASSWORD = 'Tianchi-2026-snow'
let t: TestServer
const addSomebody = (signIn: string) =>
  t.inTx(async (ctx) => {
    const personId = await addPerson(ctx, { name: signIn, signIn, password: PASSWORD }, { temporary: false })
    await grantDirect(ctx, { personId, role: 'OPERATION_MANAGER', tenantId: null, applicationId: null, reason: 'test' })
  })
beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T09:00' })
  for (const name of ['owner', 'target', 'bystander']) await addSomebody(name)
})
afterAll(() => t.stop())

const knock = (signIn: string, password: string, more: { remoteAddress?: string; headers?: Record<string, string> } = {}) =>
  t.server.app.inject({ method: 'POST', url: '/api/session', payload: { signIn, password }, ...more })
const cookieOf = (answer: { headers: Record<string, unknown> }): string =>
  String([answer.headers['set-cookie']].flat()[0]).split(';')[0] ?? ''

describe('a stolen session', () => {
  test('used by another browser it ends for both, and the audit administrator reads from where', async () => {
    const mine = { 'user-agent': 'Mozilla/5.0 (X11; UOS) Chrome/120' }
    const entered = await knock('owner', PASSWORD, { headers: mine })
    expect(entered.statusCode).toBe(200)
    const cookie = cookieOf(entered)
    const look = (headers: Record<string, string>, remoteAddress = '10.8.0.5') =>
      t.server.app.inject({ url: '/api/session', headers: { cookie, ...headers }, remoteAddress }).then(({ statusCode }) => statusCode)
    expect(await look(mine)).toBe(200)
    // a lap-top carried to another room is still its owner's
    expect(await look(mine, '10.9.0.7')).toBe(200)
    expect(await look({ 'user-agent': 'curl/8.5.0' }, '203.0.113.9')).toBe(401)
    await expect.poll(() => look(mine)).toBe(401)
    const auditor = await t.signedIn({ role: 'AUDIT_ADMIN' })
    const { items } = await auditor.call(ledgerApi.searchFacts, { kind: 'session.stolen' })
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ address: '203.0.113.9', data: { agent: 'curl/8.5.0' } })
  })
})

describe('brute force', () => {
  test('one account from a hundred addresses is closed after five tries, whoever asks', async () => {
    const answers: number[] = []
    for (let n = 0; n < 100; n += 1)
      answers.push((await knock('target', `Wrong-${n}-word`, { remoteAddress: `198.51.100.${n}` })).statusCode)
    expect(answers.slice(0, 5)).toEqual([401, 401, 401, 401, 401])
    expect(new Set(answers.slice(5))).toEqual(new Set([423]))
    expect((await knock('target', PASSWORD, { remoteAddress: '10.0.0.1' })).statusCode).toBe(423)
  })
  test('a hundred invented senders behind one gateway are one: the gateway closes, who is in stays in, who comes another way gets in', async () => {
    const inside = cookieOf(await knock('bystander', PASSWORD, { remoteAddress: '192.0.2.1' }))
    const answers: number[] = []
    for (let n = 0; n < 100; n += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.${n}`, 'x-real-ip': `203.0.113.${n}` }
      answers.push((await knock(`guess${n}`, PASSWORD, { remoteAddress: '192.0.2.1', headers })).statusCode)
    }
    expect(answers.filter((status) => status === 401)).toHaveLength(50)
    expect(answers.filter((status) => status === 423)).toHaveLength(50)
    expect((await t.server.app.inject({ url: '/api/session', headers: { cookie: inside }, remoteAddress: '192.0.2.1' })).statusCode).toBe(
      200,
    )
    expect((await knock('bystander', PASSWORD, { remoteAddress: '192.0.2.2' })).statusCode).toBe(200)
    t.advance('PT15M')
    expect((await knock('bystander', PASSWORD, { remoteAddress: '192.0.2.1' })).statusCode).toBe(200)
  })
})

describe('input made to be expensive', () => {
  const within = async (work: () => PromiseLike<unknown>): Promise<number> => {
    const from = performance.now()
    await work()
    return performance.now() - from
  }
  test('JSON ten thousand deep is refused or read, never a fault of ours', async () => {
    for (const payload of [`${'['.repeat(10_000)}${']'.repeat(10_000)}`, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`]) {
      const answer = await t.server.app.inject({
        method: 'POST',
        url: '/api/session',
        headers: { 'content-type': 'application/json' },
        payload,
      })
      expect(answer.statusCode).toBe(400)
    }
  })
  test('names that poison objects are refused', async () => {
    for (const payload of ['{"__proto__":{"isAdmin":true},"signIn":"a","password":"b"}', '{"constructor":{"prototype":{"x":1}}}']) {
      const answer = await t.server.app.inject({
        method: 'POST',
        url: '/api/session',
        headers: { 'content-type': 'application/json' },
        payload,
      })
      expect(answer.statusCode).toBe(400)
    }
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
  })
  test('texts that make patterns run for ever are answered at once', async () => {
    const agent = await t.signedIn({ role: 'DUTY_OFFICER' })
    const long = [
      `${'a'.repeat(50_000)}!`,
      `${'0'.repeat(50_000)}x`,
      ' '.repeat(50_000),
      `${'%_'.repeat(20_000)}`,
      '((((((((((a+)+)+)+)+)+)+)+'.repeat(500),
    ]
    for (const text of long) {
      expect(await within(() => agent.send(deskApi.calls, { q: text }))).toBeLessThan(2_000)
      expect(await within(() => t.anonymous.send(identityApi.signIn, { signIn: text, password: text }))).toBeLessThan(2_000)
    }
  })
})
