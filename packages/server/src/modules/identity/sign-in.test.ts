import { accessApi } from '@changbai/contract/access.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { addPerson, grantDirect } from './index.ts'
import { lockFailures, saveFailures } from './session.store.ts'

const PASSWORD = 'Tianchi-2026-snow'
const NEXT = 'Songhua-2026-river'
let t: TestServer
let serial = 0
let signIn = ''
let personId = ''

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T09:00' })
})
afterAll(() => t.stop())
beforeEach(async () => {
  serial += 1
  signIn = `person${serial}`
  t.advance('PT1H')
  personId = await t.inTx(async (ctx) => {
    const id = await addPerson(ctx, { name: `人员${serial}`, signIn, password: PASSWORD }, { temporary: false })
    await grantDirect(ctx, { personId: id, role: 'OPERATION_MANAGER', tenantId: null, applicationId: null, reason: 'test' })
    return id
  })
})

const enter = (given: { password?: string; code?: string; name?: string } = {}) =>
  t.anonymous.send(identityApi.signIn, {
    signIn: given.name ?? signIn,
    password: given.password ?? PASSWORD,
    ...(given.code ? { code: given.code } : {}),
  })
const cookieOf = (headers: Record<string, unknown>): Record<string, string> => ({
  cookie: String([headers['set-cookie']].flat()[0]).split(';')[0] ?? '',
})
const entered = async (): Promise<Record<string, string>> => {
  const answer = await enter()
  expect(answer.status).toBe(200)
  return cookieOf(answer.headers)
}
const seen = async (headers: Record<string, string>) => (await t.anonymous.send(identityApi.session, {}, headers)).status
const kinds = (subject: string) =>
  t.inTx(async (ctx) =>
    (await ctx.db.selectFrom('ledger_fact').select('kind').where('subject_id', '=', subject).orderBy('id').execute()).map(
      (row) => row.kind,
    ),
  )

describe('signing in with a password', () => {
  test('opens a session whose cookie no script reads', async () => {
    const answer = await enter({ name: signIn.toUpperCase() })
    expect(answer.reply.person.signIn).toBe(signIn)
    expect(answer.reply.capabilities).toContain('request.technicalReview:U')
    const cookie = String([answer.headers['set-cookie']].flat()[0])
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(await seen(cookieOf(answer.headers))).toBe(200)
    expect(await kinds(personId)).toContain('session.started')
  })
  test('an unknown name and a wrong password get the same answer', async () => {
    const [unknown, wrong] = [await enter({ name: `nobody${serial}` }), await enter({ password: 'Wrong-1234-word' })]
    expect(unknown.status).toBe(401)
    const { instance: _a, ...one } = unknown.problem
    const { instance: _b, ...other } = wrong.problem
    expect(one).toEqual(other)
    expect(await kinds(personId)).toContain('session.refused')
  })
  test('a disabled account is refused like an unknown one', async () => {
    await t.inTx((ctx) => ctx.db.updateTable('person').set({ active: false }).where('id', '=', personId).execute())
    expect((await enter()).problem.type).toContain('identity.wrong-sign-in')
  })
  test('a cookie that is made up opens nothing', async () => {
    expect(await seen({ cookie: 'changbai.session=made-up' })).toBe(401)
    expect(await seen({ cookie: 'changbai.session=%E0%A4%A' })).toBe(401)
  })
  test('signing out ends the session at once', async () => {
    const headers = await entered()
    expect((await t.anonymous.send(identityApi.signOut, {}, headers)).status).toBe(200)
    expect(await seen(headers)).toBe(401)
  })
})

describe('[5.1] five failures in a row lock for 15 minutes', () => {
  const failTimes = async (times: number) => {
    for (let n = 0; n < times; n += 1) await enter({ password: 'Wrong-1234-word' })
  }
  test('the right password does not help while locked', async () => {
    await failTimes(5)
    expect(await enter()).toMatchObject({ status: 423, problem: { until: t.now().add({ minutes: 15 }).toString() } })
    t.advance('PT14M59S')
    expect((await enter()).status).toBe(423)
    t.advance('PT1S')
    expect((await enter()).status).toBe(200)
  })
  test('four failures and a success begin anew', async () => {
    await failTimes(4)
    await entered()
    await failTimes(4)
    expect((await enter()).status).toBe(200)
  })
  test('five at the same moment count as five', async () => {
    await Promise.all(Array.from({ length: 5 }, () => enter({ password: 'Wrong-1234-word' })))
    expect((await enter()).status).toBe(423)
  })
  test('a name that does not exist is locked the same way', async () => {
    const name = `ghost${serial}`
    for (let n = 0; n < 5; n += 1) expect((await enter({ name })).status).toBe(401)
    expect((await enter({ name })).status).toBe(423)
  })
  test('fifty failures over many names lock the address', async () => {
    const counted = { key: 'address:127.0.0.1', failures: 48, last_at: t.now(), locked_until: null }
    await t.inTx((ctx) => lockFailures(ctx.db, counted.key, ctx.now).then(() => saveFailures(ctx.db, counted)))
    expect((await enter({ name: `guess-${serial}-48` })).status).toBe(401)
    expect((await enter({ name: `guess-${serial}-49` })).status).toBe(401)
    expect((await enter()).problem.type).toContain('identity.locked')
    t.advance('PT15M')
    expect((await enter()).status).toBe(200)
  })
})

describe('[5.1] a session idle for 15 minutes ends', () => {
  test('a call in time keeps it', async () => {
    const headers = await entered()
    t.advance('PT14M')
    expect(await seen(headers)).toBe(200)
    // the idle clock is moved after the reply
    await expect
      .poll(() =>
        t.inTx((ctx) =>
          ctx.db
            .selectFrom('session')
            .select('seen_at')
            .where('person_id', '=', personId)
            .executeTakeFirstOrThrow()
            .then((row) => row.seen_at.toString()),
        ),
      )
      .toBe(t.now().toString())
    t.advance('PT14M')
    expect(await seen(headers)).toBe(200)
  })
  test('15 minutes without one do not', async () => {
    const headers = await entered()
    t.advance('PT15M')
    expect(await seen(headers)).toBe(401)
  })
  test('and after 12 hours it ends whatever happened', async () => {
    const headers = await entered()
    await t.inTx((ctx) =>
      ctx.db
        .updateTable('session')
        .set({ seen_at: t.now().add({ hours: 12 }) })
        .where('person_id', '=', personId)
        .execute(),
    )
    t.advance('PT12H')
    expect(await seen(headers)).toBe(401)
  })
})

describe('[5.1] a password lives 90 days', () => {
  const people = (headers: Record<string, string>) => t.anonymous.send(identityApi.directory, { q: '' }, headers)
  test('afterwards one may sign in only to change it', async () => {
    t.advance('PT2160H')
    const answer = await enter()
    expect(answer.reply).toMatchObject({ mustChangePassword: true })
    const headers = cookieOf(answer.headers)
    expect((await people(headers)).status).toBe(403)
    const changed = await t.anonymous.send(identityApi.changePassword, { current: PASSWORD, next: NEXT }, headers)
    expect(changed.status).toBe(200)
    expect((await people(headers)).status).toBe(200)
  })
  test('a password set by somebody else is to be changed first', async () => {
    const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    t.advance('PT1S')
    await admin.call(identityApi.resetPassword, { personId, password: 'Given-2026-once' })
    const answer = await enter({ password: 'Given-2026-once' })
    expect(answer.reply.mustChangePassword).toBe(true)
    expect((await people(cookieOf(answer.headers))).status).toBe(403)
  })
  test.each([
    ['too short', 'Ab1-x', 'weak-password'],
    ['of two kinds', 'onlyletters2026', 'weak-password'],
    ['the same again', PASSWORD, 'password-reused'],
  ])('%s is refused', async (_, next, kind) => {
    const headers = await entered()
    t.advance('PT1S')
    expect((await t.anonymous.send(identityApi.changePassword, { current: PASSWORD, next }, headers)).problem.type).toContain(kind)
  })
  test('changing it ends the sign-ins elsewhere', async () => {
    const [here, elsewhere] = [await entered(), await entered()]
    t.advance('PT1S')
    await t.anonymous.send(identityApi.changePassword, { current: PASSWORD, next: NEXT }, here)
    expect([await seen(here), await seen(elsewhere)]).toEqual([200, 401])
  })
})

describe('the second factor', () => {
  const codeAt = (secret: string, at: Temporal.Instant) =>
    new TOTP({ secret: Secret.fromBase32(secret), period: 30, digits: 6, algorithm: 'SHA1' }).generate({ timestamp: at.epochMilliseconds })

  async function enrol() {
    const headers = await entered()
    const { secret } = (await t.anonymous.send(identityApi.enrolSecondFactor, { password: PASSWORD }, headers)).reply
    const confirmed = await t.anonymous.send(identityApi.confirmSecondFactor, { code: codeAt(secret, t.now()) }, headers)
    expect(confirmed.status).toBe(200)
    return { secret, recoveryCodes: confirmed.reply.recoveryCodes }
  }
  test('is asked for once it is confirmed', async () => {
    const { secret } = await enrol()
    t.advance('PT1M')
    expect((await enter()).problem.type).toContain('second-factor-needed')
    expect((await enter({ code: '000000' })).problem.type).toContain('wrong-code')
    expect((await enter({ code: codeAt(secret, t.now()) })).status).toBe(200)
  })
  test('takes a code once', async () => {
    const { secret } = await enrol()
    t.advance('PT1M')
    const code = codeAt(secret, t.now())
    expect((await enter({ code })).status).toBe(200)
    expect((await enter({ code })).status).toBe(401)
  })
  test('takes each recovery code once', async () => {
    const { recoveryCodes } = await enrol()
    expect(recoveryCodes).toHaveLength(10)
    const [code = ''] = recoveryCodes
    expect((await enter({ code })).status).toBe(200)
    expect((await enter({ code })).status).toBe(401)
  })
  test('wrong codes lock, too', async () => {
    await enrol()
    for (let n = 0; n < 5; n += 1) await enter({ code: '000000' })
    expect((await enter()).status).toBe(423)
  })
})

describe('where one may sign in from', () => {
  test('a rule that shuts out its own author is refused', async () => {
    const security = await t.signedIn({ role: 'SECURITY_ADMIN' })
    const answer = await security.send(accessApi.addAddress, { network: '10.0.0.0/8', note: '政务外网' })
    expect(answer.problem.type).toContain('own-address')
    expect((await security.call(accessApi.policy, {})).addresses).toEqual([])
  })
  test('an address outside the rules gets neither in nor on', async () => {
    const security = await t.signedIn({ role: 'SECURITY_ADMIN' })
    const headers = await entered()
    const first = await security.call(accessApi.addAddress, { network: '127.0.0.0/8', note: '本机' })
    expect((await enter()).status).toBe(200)
    const far = { remoteAddress: '203.0.113.9', method: 'POST' as const, url: '/api/session', payload: { signIn, password: PASSWORD } }
    expect((await t.server.app.inject(far)).json().type).toContain('address-refused')
    const on = await t.server.app.inject({ remoteAddress: '203.0.113.9', url: '/api/session', headers })
    expect(on.statusCode).toBe(401)
    await security.call(accessApi.removeAddress, { ruleId: first.addresses[0]?.id ?? '' })
  })
  test('the policy may be stricter than the plan, never looser', async () => {
    const security = await t.signedIn({ role: 'SECURITY_ADMIN' })
    const { plan } = await security.call(accessApi.policy, {})
    expect(plan).toEqual({
      failuresToLock: 5,
      lockMinutes: 15,
      idleMinutes: 15,
      passwordMinLength: 10,
      passwordClasses: 3,
      passwordDays: 90,
    })
    expect((await security.send(accessApi.setPolicy, { ...plan, passwordDays: 180, reason: '放宽' })).problem.type).toContain('looser')
    await security.call(accessApi.setPolicy, { ...plan, idleMinutes: 10, reason: '收紧' })
    const headers = await entered()
    t.advance('PT10M')
    expect(await seen(headers)).toBe(401)
    t.advance('PT1S')
    const { changes } = await security.call(accessApi.setPolicy, { ...plan, reason: '恢复' })
    expect(changes.map(({ reason, values }) => [reason, values.idleMinutes])).toEqual([
      ['恢复', 15],
      ['收紧', 10],
    ])
  })
})
