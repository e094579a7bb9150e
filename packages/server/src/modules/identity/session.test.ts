import { accessApi } from '@changbai/contract/access.ts'
import type { Role } from '@changbai/contract/capability.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { grantsOf } from './grant.store.ts'
import { addPerson, grantDirect, holdersOf } from './index.ts'
import { endStaleSessions } from './session.service.ts'

const PASSWORD = 'Tianchi-2026-snow'
const NEXT = 'Songhua-2026-river'
let t: TestServer
let serial = 0
let signIn = ''
let personId = ''

const somebody = (role: Role): Promise<string> => {
  serial += 1
  signIn = `keeper${serial}`
  return t.inTx(async (ctx) => {
    const id = await addPerson(ctx, { name: `值守${serial}`, signIn, password: PASSWORD }, { temporary: false })
    await grantDirect(ctx, { personId: id, role, tenantId: null, applicationId: null, reason: 'test' })
    return id
  })
}

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T09:00' })
})
afterAll(() => t.stop())
beforeEach(async () => {
  t.advance('PT1H')
  personId = await somebody('OPERATION_MANAGER')
})

type Headers = Record<string, string>
const attempt = (password = PASSWORD, code?: string, name = signIn) =>
  t.anonymous.send(identityApi.signIn, { signIn: name, password, ...(code ? { code } : {}) })
const enter = async (name = signIn): Promise<Headers> => {
  const answer = await attempt(PASSWORD, undefined, name)
  expect(answer.status).toBe(200)
  return { cookie: String([answer.headers['set-cookie']].flat()[0]).split(';')[0] ?? '' }
}
const facts = (subject: string) =>
  t.inTx(async (ctx) => {
    const rows = await ctx.db.selectFrom('ledger_fact').select(['kind', 'data']).where('subject_id', '=', subject).orderBy('id').execute()
    return rows.map(({ kind, data }): Record<string, unknown> & { kind: string } => ({ ...(data as object), kind }))
  })
const codeOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret), period: 30, digits: 6, algorithm: 'SHA1' }).generate({
    timestamp: t.now().epochMilliseconds,
  })
const enrol = async (headers: Headers) => {
  const { secret } = (await t.anonymous.send(identityApi.enrolSecondFactor, { password: PASSWORD }, headers)).reply
  const { recoveryCodes } = (await t.anonymous.send(identityApi.confirmSecondFactor, { code: codeOf(secret) }, headers)).reply
  t.advance('PT1M')
  return { secret, recoveryCodes }
}

/** Whoever signed in goes on as the same browser: another one would end the session. */
const sameBrowser = (headers: Record<string, string>) => ({ ...headers, 'user-agent': 'lightMyRequest' })

describe('every sign-in event leaves a fact', () => {
  test('a success, with how', async () => {
    await enter()
    expect(await facts(personId)).toContainEqual(
      expect.objectContaining({ kind: 'session.started', method: 'PASSWORD', address: '127.0.0.1' }),
    )
  })
  test('a wrong password, and the lock it ends in', async () => {
    for (let n = 0; n < 5; n += 1) await attempt('Wrong-1234-word')
    await attempt()
    const refused = (await facts(personId)).filter(({ kind }) => kind === 'session.refused')
    expect(refused).toHaveLength(6)
    expect(refused[0]).toMatchObject({ why: 'password', failures: 1, locked: false })
    expect(refused[4]).toMatchObject({ why: 'password', failures: 5, locked: true })
    expect(refused[5]).toMatchObject({ why: 'locked' })
  })
  test('a wrong code, a right one, a recovery code', async () => {
    const { secret, recoveryCodes } = await enrol(await enter())
    await attempt(PASSWORD, '000000')
    await attempt(PASSWORD, codeOf(secret))
    await attempt(PASSWORD, recoveryCodes[0])
    const all = await facts(personId)
    expect(all).toContainEqual(expect.objectContaining({ kind: 'session.refused', why: 'code' }))
    expect(all).toContainEqual(expect.objectContaining({ kind: 'session.started', method: 'PASSWORD_AND_CODE' }))
    expect(all).toContainEqual(expect.objectContaining({ kind: 'second-factor.recovery-used' }))
    expect(all).toContainEqual(expect.objectContaining({ kind: 'session.started', method: 'PASSWORD_AND_RECOVERY_CODE' }))
  })
  test('signing out', async () => {
    await t.anonymous.send(identityApi.signOut, {}, await enter())
    expect(await facts(personId)).toContainEqual(expect.objectContaining({ kind: 'session.ended', why: 'SIGNED_OUT' }))
  })
  test('standing idle, once, and not before', async () => {
    await enter()
    t.advance('PT14M59S')
    await t.inTx(endStaleSessions)
    const idle = async () => (await facts(personId)).filter((fact) => fact.kind === 'session.ended')
    expect(await idle()).toEqual([])
    t.advance('PT1S')
    await t.inTx(endStaleSessions)
    await t.inTx(endStaleSessions)
    expect(await idle()).toEqual([expect.objectContaining({ why: 'IDLE' })])
  })
  test('an end by somebody else, and by oneself from elsewhere', async () => {
    const [here, there] = [await enter(), await enter()]
    const mine = (await t.anonymous.send(accessApi.mySignIns, {}, here)).reply.items
    expect(mine.filter(({ current }) => current)).toHaveLength(1)
    expect((await t.anonymous.send(accessApi.endOtherSignIns, {}, here)).reply).toEqual({ ended: 1 })
    expect((await t.anonymous.send(identityApi.session, {}, there)).status).toBe(401)
    const security = await t.signedIn({ role: 'SECURITY_ADMIN' })
    await security.call(accessApi.endSignIn, { sessionId: mine.find(({ current }) => current)?.id ?? '' })
    expect((await t.anonymous.send(identityApi.session, {}, here)).status).toBe(401)
    const whys = (await facts(personId)).flatMap((fact) => (fact.kind === 'session.ended' ? [fact['why']] : []))
    expect(whys).toEqual(['SELF', 'OTHER'])
  })
  test('a password changed or reset, an account closed, each with the sessions it ends', async () => {
    const system = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    const [here] = [await enter(), await enter()]
    t.advance('PT1S')
    await t.anonymous.send(identityApi.changePassword, { current: PASSWORD, next: NEXT }, here)
    t.advance('PT1S')
    await system.call(identityApi.resetPassword, { personId, password: 'Given-2026-once' })
    await system.call(identityApi.disablePerson, { personId, reason: '离岗' })
    const all = await facts(personId)
    const kinds = all.map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['password.changed', 'password.reset', 'person.disabled']))
    expect(all.filter(({ kind }) => kind === 'session.ended')).toHaveLength(2)
  })
})

describe('the second factor', () => {
  test('in force is not replaced by a password alone', async () => {
    const headers = await enter()
    const { secret } = await enrol(headers)
    const again = await t.anonymous.send(identityApi.enrolSecondFactor, { password: PASSWORD }, headers)
    expect(again.problem.type).toContain('second-factor-on')
    expect((await t.anonymous.send(identityApi.confirmSecondFactor, { code: codeOf(secret) }, headers)).problem.type).toContain(
      'second-factor-on',
    )
    expect((await attempt()).problem.type).toContain('second-factor-needed')
  })
  test('gets new recovery codes for password and code; the old ones stop working', async () => {
    const headers = await enter()
    const { secret, recoveryCodes } = await enrol(headers)
    const renew = (password: string, code: string) => t.anonymous.send(identityApi.renewRecoveryCodes, { password, code }, headers)
    expect((await renew(PASSWORD, '000000')).problem.type).toContain('wrong-code')
    expect((await renew('Wrong-1234-word', codeOf(secret))).problem.type).toContain('wrong-sign-in')
    const fresh = (await renew(PASSWORD, codeOf(secret))).reply.recoveryCodes
    expect(fresh).toHaveLength(10)
    expect((await attempt(PASSWORD, recoveryCodes[1])).status).toBe(401)
    expect((await attempt(PASSWORD, fresh[1])).status).toBe(200)
  })
  test('is turned off by both, and not without', async () => {
    const headers = await enter()
    const { secret } = await enrol(headers)
    const off = (code: string) => t.anonymous.send(identityApi.disableSecondFactor, { password: PASSWORD, code }, headers)
    expect((await off('000000')).status).toBe(401)
    expect((await attempt()).problem.type).toContain('second-factor-needed')
    expect((await off(codeOf(secret))).status).toBe(200)
    expect((await attempt()).status).toBe(200)
    expect((await off(codeOf(secret))).problem.type).toContain('second-factor-off')
  })
  test('guessing the code locks the account', async () => {
    const headers = await enter()
    await enrol(headers)
    for (let n = 0; n < 5; n += 1) await t.anonymous.send(identityApi.disableSecondFactor, { password: PASSWORD, code: '000000' }, headers)
    expect((await attempt()).status).toBe(423)
  })
  test('that was lost is taken away by the security administrator alone', async () => {
    const headers = await enter()
    await enrol(headers)
    const [system, security] = [await t.signedIn({ role: 'SYSTEM_ADMIN' }), await t.signedIn({ role: 'SECURITY_ADMIN' })]
    expect((await system.send(identityApi.resetSecondFactor, { personId, reason: '手机丢失' })).status).toBe(403)
    await security.call(identityApi.resetSecondFactor, { personId, reason: '手机丢失' })
    expect((await t.anonymous.send(identityApi.session, {}, headers)).status).toBe(401)
    expect((await attempt()).status).toBe(200)
  })
})

test('a lent role says whose it is and until when, reaches its notices, and ends with the lender’s account', async () => {
  const delegate = await somebody('OPERATION_TECHNICIAN')
  const name = signIn
  const lender = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  const untilAt = t.now().add({ hours: 48 })
  await lender.call(identityApi.delegate, {
    toPersonId: delegate,
    role: 'MAINTENANCE_MANAGER',
    fromAt: t.now().toString(),
    untilAt: untilAt.toString(),
    reason: '出差',
  })
  const grants = async () => (await t.anonymous.send(identityApi.session, {}, await enter(name))).reply.grants
  expect(await grants()).toEqual([
    expect.objectContaining({ role: 'OPERATION_TECHNICIAN', onBehalfOf: null, until: null }),
    expect.objectContaining({ role: 'MAINTENANCE_MANAGER', onBehalfOf: '赵立新', until: untilAt.toString() }),
  ])
  // what the door knows of the actor says whose the role is, and nothing of an own one
  const known = await t.inTx((ctx) => grantsOf(ctx.db, delegate, ctx.now))
  expect(Object.fromEntries(known.map((grant) => [grant.role, grant.lentBy]))).toEqual({
    OPERATION_TECHNICIAN: undefined,
    MAINTENANCE_MANAGER: { personId: lender.personId, name: '赵立新' },
  })
  const holders = () => t.inTx((ctx) => holdersOf(ctx, 'MAINTENANCE_MANAGER'))
  expect(await holders()).toEqual(expect.arrayContaining([lender.personId, delegate]))
  const system = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  await system.call(identityApi.disablePerson, { personId: lender.personId, reason: '停用' })
  expect(await holders()).not.toContain(delegate)
  expect((await grants()).map(({ role }) => role)).toEqual(['OPERATION_TECHNICIAN'])
})

test('a delegate does not grant to the lender what the lender may not grant to themselves', async () => {
  const lender = await t.signedIn({ role: 'IAAS_ADMIN' })
  const delegate = await t.signedIn({ role: 'OPERATION_TECHNICIAN', grants: [{ role: 'IAAS_ADMIN', tenantId: null, applicationId: null }] })
  await t.inTx((ctx) => ctx.db.updateTable('role_grant').set({ status: 'WITHDRAWN' }).where('person_id', '=', delegate.personId).execute())
  await lender.call(identityApi.delegate, {
    toPersonId: delegate.personId,
    role: 'IAAS_ADMIN',
    fromAt: t.now().toString(),
    untilAt: t.now().add({ hours: 24 }).toString(),
    reason: '出差',
  })
  const propose = (to: string) =>
    delegate.send(identityApi.proposeGrant, { personId: to, role: 'OPERATION_MANAGER', tenantId: null, reason: '工作需要' })
  expect((await propose(lender.personId)).problem.type).toContain('not-grantor')
  expect((await propose(await somebody('OPERATION_TECHNICIAN'))).status).toBe(200)
})

test('the language chosen stays with the person', async () => {
  const headers = await enter()
  const locale = async () => (await t.anonymous.send(identityApi.session, {}, headers)).reply.locale
  expect(await locale()).toBeNull()
  await t.anonymous.send(identityApi.setLocale, { locale: 'en-US' }, headers)
  expect(await locale()).toBe('en-US')
  const preference = await t.anonymous.send(notificationApi.preference, {}, headers)
  expect(preference.reply.locale).toBe('en-US')
})

test('a call that nobody asked for does not keep a session alive', async () => {
  const headers = await enter()
  t.advance('PT10M')
  await t.anonymous.send(identityApi.session, {}, { ...headers, 'x-unattended': '1' })
  t.advance('PT5M')
  expect((await t.anonymous.send(identityApi.session, {}, headers)).status).toBe(401)
})

describe('an open stream ends', () => {
  let address = ''
  beforeAll(async () => {
    address = await t.server.app.listen({ port: 0, host: '127.0.0.1' })
  })
  /** Opens the stream and gives what it says until the server ends it. */
  async function open(headers: Headers): Promise<Promise<string>> {
    const answer = await fetch(`${address}/api/notifications/stream`, { headers: sameBrowser(headers) })
    expect(answer.status).toBe(200)
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    let heard = ''
    const more = async (): Promise<boolean> => {
      const { value, done } = await reader.read()
      heard += value ? Buffer.from(value).toString('utf8') : ''
      return !done
    }
    while (!heard.includes('event: unread')) expect(await more()).toBe(true)
    const rest = async (): Promise<string> => {
      while (await more());
      return heard
    }
    return Promise.resolve(rest())
  }
  const reopened = async (headers: Headers) =>
    (await fetch(`${address}/api/notifications/stream`, { headers: sameBrowser(headers) })).status

  test.each<[string, (headers: Headers) => Promise<unknown>]>([
    ['at sign-out', (headers) => t.anonymous.send(identityApi.signOut, {}, headers)],
    [
      'when the session was idle too long',
      async () => {
        t.advance('PT15M')
        await t.inTx(endStaleSessions)
      },
    ],
    [
      'when the account is closed',
      async () => (await t.signedIn({ role: 'SYSTEM_ADMIN' })).call(identityApi.disablePerson, { personId, reason: '离岗' }),
    ],
  ])('%s, and does not open again', async (_, happen) => {
    const headers = await enter()
    let ended = ''
    const over = open(headers).then((rest) => {
      ended = 'opened'
      return rest
    })
    await expect.poll(() => ended || t.server.app.streams.size > 0).toBeTruthy()
    await expect.poll(() => [...t.server.app.streams].some((stream) => stream.personId === personId)).toBe(true)
    await happen(headers)
    expect(await over).toContain('event: access-changed')
    expect(await reopened(headers)).toBe(401)
  })
  test('when a grant is withdrawn, and opens again with the rights that are left', async () => {
    const iaas = await t.signedIn({ role: 'IAAS_ADMIN' })
    const headers = await enter()
    const over = open(headers)
    await expect.poll(() => [...t.server.app.streams].some((stream) => stream.personId === personId)).toBe(true)
    const grant = (await iaas.call(identityApi.grants, { personId })).items[0]
    await iaas.call(identityApi.withdrawGrant, { grantId: grant?.id ?? '', reason: '调离' })
    expect(await over).toContain('event: access-changed')
    expect(await reopened(headers)).toBe(403)
  })
  test('but not when somebody else’s rights change', async () => {
    const headers = await enter()
    const own = personId
    void open(headers)
    await expect.poll(() => [...t.server.app.streams].some((stream) => stream.personId === own)).toBe(true)
    const other = await somebody('SERVICE_DESK')
    await (await t.signedIn({ role: 'SYSTEM_ADMIN' })).call(identityApi.disablePerson, { personId: other, reason: '离岗' })
    await t.anonymous.send(identityApi.session, {}, headers)
    expect([...t.server.app.streams].some((stream) => stream.personId === own)).toBe(true)
  })
})
