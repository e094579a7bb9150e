import { singleSignOnApi } from '@changbai/contract/single-sign-on.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { type IdentityProvider, startIdentityProvider } from '../../../test/identity-provider.ts'
import { newId } from '../../platform/ids.ts'
import { insertPerson } from './person.store.ts'
import { CALLBACK_PATH } from './single-sign-on.service.ts'

let t: TestServer
let idp: IdentityProvider
let systemAdmin: Client
let securityAdmin: Client

beforeAll(async () => {
  t = await startTestServer()
  idp = await startIdentityProvider(`http://localhost:3000${CALLBACK_PATH}`)
  systemAdmin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  securityAdmin = await t.signedIn({ role: 'SECURITY_ADMIN' })
  await addAccount('hanxuefeng')
})
afterAll(async () => {
  await idp.stop()
  await t.stop()
})

const addAccount = async (signIn: string): Promise<string> => {
  const id = newId()
  await t.inTx((ctx) =>
    insertPerson(ctx.db, { id, sign_in: signIn, name: signIn, unit: null, phone: null, email: null, created_at: ctx.now }),
  )
  return id
}
const proposal = () => ({ label: '统一身份认证', issuer: idp.issuer, clientId: idp.clientId, clientSecret: idp.clientSecret })
const cookieOf = (headers: Record<string, unknown>): string =>
  [headers['set-cookie']]
    .flat()
    .map((line) => String(line).split(';')[0])
    .join('; ')

async function begin(returnTo = '/requests') {
  const answer = await t.anonymous.send(singleSignOnApi.start, { returnTo })
  return { url: answer.reply.url, cookie: cookieOf(answer.headers) }
}
async function arrive(at: URL, cookie: string) {
  const answer = await t.server.app.inject({ url: `${at.pathname}${at.search}`, headers: { cookie } })
  return { status: answer.statusCode, to: String(answer.headers.location), cookie: cookieOf(answer.headers) }
}
const lastFact = async (): Promise<string> =>
  t.inTx(async (ctx) => {
    const row = await ctx.db.selectFrom('ledger_fact').select(['kind', 'data']).orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
    return `${row.kind} ${JSON.stringify(row.data)}`
  })
const sessions = async (): Promise<number> => t.inTx(async (ctx) => (await ctx.db.selectFrom('session').select('id').execute()).length)

describe('putting a provider in force', () => {
  test('is off until then', async () => {
    expect((await t.anonymous.call(singleSignOnApi.state, {})).label).toBeNull()
    expect((await t.anonymous.send(singleSignOnApi.start, {})).problem.type).toContain('single-sign-on.off')
  })
  test('refuses plain http elsewhere', async () => {
    const answer = await systemAdmin.send(singleSignOnApi.propose, { ...proposal(), issuer: 'http://sso.example.gov.cn' })
    expect(answer.problem.type).toContain('insecure-issuer')
  })
  test('needs the provider to be reached', async () => {
    const dead = await systemAdmin.call(singleSignOnApi.propose, { ...proposal(), issuer: 'http://127.0.0.1:9' })
    await t.runJobs()
    const answer = await securityAdmin.send(singleSignOnApi.decide, { providerId: dead.id, approve: true })
    expect(answer.problem.type).toContain('undiscovered')
  })
  test('takes two persons', async () => {
    const made = await systemAdmin.call(singleSignOnApi.propose, proposal())
    await t.runJobs()
    expect((await systemAdmin.send(singleSignOnApi.decide, { providerId: made.id, approve: true })).status).toBe(403)
    const inForce = await securityAdmin.call(singleSignOnApi.decide, { providerId: made.id, approve: true })
    expect(inForce).toMatchObject({ status: 'IN_FORCE', issuer: idp.issuer })
    expect(JSON.stringify(inForce)).not.toContain(idp.clientSecret)
    expect((await t.anonymous.call(singleSignOnApi.state, {})).label).toBe('统一身份认证')
  })
})

describe('signing in through the provider', () => {
  test('opens a session and goes back to the page', async () => {
    const { url, cookie } = await begin()
    const before = await sessions()
    const back = await arrive(await idp.signIn(url, 'hanxuefeng'), cookie)
    expect(back).toMatchObject({ status: 303, to: '/requests' })
    expect(back.cookie).toContain('changbai.session=')
    expect(await sessions()).toBe(before + 1)
    expect(await lastFact()).toMatch(/^session\.started .*SINGLE_SIGN_ON/)
  })
  test('the answer of the provider is good once', async () => {
    const { url, cookie } = await begin()
    const at = await idp.signIn(url, 'hanxuefeng')
    expect((await arrive(at, cookie)).to).toBe('/requests')
    expect((await arrive(at, cookie)).to).toContain('problem=single-sign-on.lost')
    expect(await lastFact()).toMatch(/^session\.refused .*lost/)
  })
  test('and only in the browser that began it', async () => {
    const [mine, other] = [await begin(), await begin()]
    expect((await arrive(await idp.signIn(mine.url, 'hanxuefeng'), other.cookie)).to).toContain('problem=single-sign-on.lost')
  })
  test('and for ten minutes', async () => {
    const { url, cookie } = await begin()
    const at = await idp.signIn(url, 'hanxuefeng')
    t.advance('PT10M')
    expect((await arrive(at, cookie)).to).toContain('problem=single-sign-on.lost')
  })
  test('a changed code is refused and leaves a fact', async () => {
    const { url, cookie } = await begin()
    const at = await idp.signIn(url, 'hanxuefeng')
    at.searchParams.set('code', 'x'.repeat(43))
    expect((await arrive(at, cookie)).to).toContain('problem=single-sign-on.refused')
    expect(await lastFact()).toMatch(/^session\.refused .*provider/)
  })
  test('somebody without an account stays out', async () => {
    const { url, cookie } = await begin()
    expect((await arrive(await idp.signIn(url, 'stranger'), cookie)).to).toContain('problem=single-sign-on.unknown-person')
    expect(await lastFact()).toMatch(/^session\.refused .*unknown/)
  })
  test('a disabled account stays out although it was linked', async () => {
    const id = await addAccount('leaver')
    const first = await begin()
    expect((await arrive(await idp.signIn(first.url, 'leaver'), first.cookie)).to).toBe('/requests')
    await t.inTx((ctx) => ctx.db.updateTable('person').set({ active: false }).where('id', '=', id).execute())
    const second = await begin()
    expect((await arrive(await idp.signIn(second.url, 'leaver'), second.cookie)).to).toContain('unknown-person')
  })
  test('another subject cannot take over a linked account', async () => {
    await t.inTx((ctx) => ctx.db.updateTable('sso_link').set({ subject: 'somebody-else' }).where('subject', '=', 'hanxuefeng').execute())
    const { url, cookie } = await begin()
    expect((await arrive(await idp.signIn(url, 'hanxuefeng'), cookie)).to).toContain('unknown-person')
  })
  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'requests'])('never leads to %s', async (returnTo) => {
    expect((await t.anonymous.send(singleSignOnApi.start, { returnTo })).status).toBe(400)
  })
})
