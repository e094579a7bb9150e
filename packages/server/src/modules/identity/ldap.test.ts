import { accessApi } from '@changbai/contract/access.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { ldapApi } from '@changbai/contract/ldap.ts'
import { registrationApi } from '@changbai/contract/registration.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { readLdapAttributes } from '../../platform/ldap.domain.ts'
import { type Ldap, LdapDown, type LdapEntry } from '../../platform/ldap.ts'
import { addPerson, grantDirect } from './index.ts'

/** What a directory would answer, without one: the wire is tried by `npm run test:ldap` against a real server. */
const people = new Map<string, LdapEntry & { password: string }>()
let down = false
const asked: string[] = []
const ldap: Ldap = {
  config: {
    url: 'ldaps://ldap.example',
    startTls: false,
    caFile: undefined,
    bindDn: 'cn=reader',
    bindSecretFile: '/secret',
    base: 'dc=example',
    filter: '(objectClass=person)',
    disabledFilter: undefined,
    attributes: readLdapAttributes('') as Ldap['config']['attributes'],
  },
  async readAll() {
    if (down) throw new LdapDown('connect ECONNREFUSED')
    return [...people.values()].map(({ password: _, ...one }) => one)
  },
  async authenticate({ entryId }, password) {
    asked.push(entryId)
    if (down) throw new LdapDown('connect ECONNREFUSED')
    const one = people.get(entryId)
    return !one ? 'GONE' : one.disabled ? 'DISABLED' : one.password === password ? 'RIGHT' : 'WRONG'
  },
}
const person = (signIn: string, more: Partial<LdapEntry> = {}): void => {
  const entryId = `id-${signIn}`
  people.set(entryId, {
    entryId,
    dn: `uid=${signIn},dc=example`,
    signIn,
    name: `目录${signIn}`,
    unit: '信息中心',
    phone: '13800000000',
    email: `${signIn}@example.cn`,
    disabled: false,
    password: `pass-${signIn}`,
    ...more,
  })
}

let t: TestServer
let admin: Client
beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T09:00', ldap })
  admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
})
afterAll(() => t.stop())

const sync = (confirmLeavers = false) => admin.call(ldapApi.sync, { confirmLeavers })
const enter = (signIn: string, password: string) => t.anonymous.send(identityApi.signIn, { signIn, password })
const kindOf = (answer: { problem: { type: string } }) => answer.problem.type.replace('urn:changbai:problem:', '')
const cookieOf = (headers: Record<string, unknown>) => ({ cookie: String([headers['set-cookie']].flat()[0]).split(';')[0] ?? '' })
const seen = async (headers: Record<string, string>) => (await t.anonymous.send(identityApi.session, {}, headers)).status
/** In the directory, seen, and with an account here. */
async function taken(signIn: string): Promise<string> {
  person(signIn)
  await sync()
  const { refused } = await admin.call(ldapApi.takeOn, { entryIds: [`id-${signIn}`] })
  expect(refused).toEqual([])
  const { items } = await admin.call(ldapApi.accounts, { state: 'LINKED', q: signIn })
  return items[0]?.person?.id ?? ''
}

describe('who is found waits until somebody opens an account', () => {
  test('a trial says what would change and writes nothing', async () => {
    person('wang')
    const preview = await admin.call(ldapApi.preview, {})
    expect(preview).toMatchObject({ found: 1, counts: { added: 1, leaving: 0 }, added: [{ signIn: 'wang' }], held: false })
    expect((await admin.call(ldapApi.state, {})).pending).toBe(0)
  })
  test('seen, not let in: the password is right, the account is not there', async () => {
    expect(await sync()).toMatchObject({ outcome: 'DONE', found: 1, counts: { added: 1 } })
    const answer = await enter('wang', 'pass-wang')
    expect([answer.status, kindOf(answer)]).toEqual([403, 'ldap.waiting'])
    expect(kindOf(await enter('wang', 'wrong'))).toBe('identity.wrong-sign-in')
  })
  test('taken on: signs in by the directory, holds no role and no password here', async () => {
    const id = await taken('wang')
    const answer = await enter('wang', 'pass-wang')
    expect(answer.status).toBe(200)
    expect(answer.reply).toMatchObject({ person: { signIn: 'wang', phone: '13800000000' }, grants: [], mustChangePassword: false })
    expect(await t.inTx((ctx) => ctx.db.selectFrom('password').select('hash').where('person_id', '=', id).execute())).toEqual([])
    const facts = await t.inTx((ctx) => ctx.db.selectFrom('ledger_fact').selectAll().where('subject_id', '=', id).execute())
    expect(facts.map((fact) => fact.kind)).toEqual(expect.arrayContaining(['person.created', 'ldap.linked', 'session.started']))
    expect(JSON.stringify(facts)).not.toContain('pass-wang')
  })
  test('a role is proposed and approved as any other, and no way in is sent', async () => {
    const id = await taken('li')
    const { reply: grant } = await (await t.signedIn({ role: 'SYSTEM_ADMIN' })).send(identityApi.proposeGrant, {
      personId: id,
      role: 'SERVICE_DESK',
      reason: '坐席',
    })
    expect((await enter('li', 'pass-li')).reply.grants).toEqual([])
    expect(await (await t.signedIn({ role: 'SECURITY_ADMIN' })).call(identityApi.approveGrant, { grantId: grant.id })).toMatchObject({
      status: 'IN_FORCE',
      hasPassword: true,
    })
    expect((await enter('li', 'pass-li')).reply.grants).toMatchObject([{ role: 'SERVICE_DESK' }])
    expect((await (await t.signedIn({ role: 'IAAS_ADMIN' })).send(registrationApi.renewLink, { personId: id })).status).toBe(409)
  })
  test('an account of the same name is bound, and its old password is none any more', async () => {
    const id = await t.inTx((ctx) =>
      addPerson(ctx, { name: '旧账号', signIn: 'zhao', password: 'Tianchi-2026-snow' }, { temporary: false }),
    )
    expect((await enter('zhao', 'Tianchi-2026-snow')).status).toBe(200)
    expect(await taken('zhao')).toBe(id)
    expect(kindOf(await enter('zhao', 'Tianchi-2026-snow'))).toBe('identity.wrong-sign-in')
    const answer = await enter('zhao', 'pass-zhao')
    expect(answer.status).toBe(200)
    const change = { current: 'pass-zhao', next: 'Songhua-2026-river' }
    expect(kindOf(await t.anonymous.send(identityApi.changePassword, change, cookieOf(answer.headers)))).toBe('ldap.elsewhere')
    expect((await t.anonymous.send(identityApi.enrolSecondFactor, { password: 'pass-zhao' }, cookieOf(answer.headers))).status).toBe(200)
    expect((await t.anonymous.send(identityApi.enrolSecondFactor, { password: 'wrong' }, cookieOf(answer.headers))).status).toBe(401)
  })
  test('an administrator of the three stays local, whatever the directory calls its people', async () => {
    const id = await t.inTx(async (ctx) => {
      const made = await addPerson(ctx, { name: '系统管理员', signIn: 'root', password: 'Tianchi-2026-snow' }, { temporary: false })
      await grantDirect(ctx, { personId: made, role: 'SYSTEM_ADMIN', tenantId: null, applicationId: null, reason: 'test' })
      return made
    })
    person('root')
    await sync()
    const { refused } = await admin.call(ldapApi.takeOn, { entryIds: ['id-root'] })
    expect(refused).toMatchObject([{ entryId: 'id-root', message: expect.stringContaining('三员') }])
    expect((await enter('root', 'Tianchi-2026-snow')).reply.person.id).toBe(id)
    expect((await enter('root', 'pass-root')).status).toBe(401)
  })
  test('whoever the directory vouches for becomes none of the three', async () => {
    const grant = { personId: await taken('hu'), role: 'AUDIT_ADMIN', tenantId: null, applicationId: null, reason: 'test' } as const
    await expect(t.inTx((ctx) => grantDirect(ctx, grant))).rejects.toMatchObject({
      kind: { kind: 'ldap.linked' },
      params: { name: expect.any(String) },
    })
  })
  test('renamed there to the name of somebody here: nobody is taken over or shut out', async () => {
    await taken('sun')
    const entry = people.get('id-sun')
    if (entry) people.set('id-sun', { ...entry, signIn: 'root', entryId: 'id-sun' })
    people.delete('id-root')
    await sync()
    expect((await enter('root', 'Tianchi-2026-snow')).status).toBe(200)
    expect((await enter('root', 'pass-sun')).status).toBe(401)
  })
})

describe('who leaves the directory leaves here', () => {
  test('disabled there: refused and signed out at once, closed at night, and offered for handing over', async () => {
    const id = await taken('zhou')
    const session = cookieOf((await enter('zhou', 'pass-zhou')).headers)
    expect(await seen(session)).toBe(200)
    person('zhou', { disabled: true })
    const answer = await enter('zhou', 'pass-zhou')
    expect([answer.status, kindOf(answer)]).toEqual([403, 'ldap.disabled'])
    expect(await seen(session)).toBe(401)
    const done = await sync()
    expect(done.leavers).toMatchObject([{ personId: id, signIn: 'zhou', why: 'DISABLED', closed: true }])
    expect((await admin.call(accessApi.handOverPreview, { personId: id })).active).toBe(false)
    expect((await sync()).leavers).toEqual([])
  })
  test('back there: the account stays closed until a person opens it', async () => {
    person('zhou')
    expect(await sync()).toMatchObject({ counts: { back: 1 } })
    expect((await enter('zhou', 'pass-zhou')).status).toBe(401)
    const { items } = await admin.call(ldapApi.accounts, { state: 'LINKED', q: 'zhou' })
    await admin.call(identityApi.enablePerson, { personId: items[0]?.person?.id ?? '', reason: '返岗' })
    expect((await enter('zhou', 'pass-zhou')).status).toBe(200)
  })
  test('half a directory closes nobody until a person says so', async () => {
    const many = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6']
    for (const one of many) person(one)
    await sync()
    await admin.call(ldapApi.takeOn, { entryIds: many.map((one) => `id-${one}`) })
    for (const one of many) people.delete(`id-${one}`)
    expect((await admin.call(ldapApi.preview, {})).held).toBe(true)
    expect(await sync()).toMatchObject({ outcome: 'HELD', leavers: [], counts: { leaving: 6 } })
    const { items } = await admin.call(ldapApi.accounts, { state: 'LINKED', q: 'm1' })
    expect(items[0]).toMatchObject({ presence: 'PRESENT', person: { active: true } })
    expect((await sync(true)).leavers).toHaveLength(6)
  })
  test('released: local again, and no older password comes back', async () => {
    const id = await t.inTx((ctx) => addPerson(ctx, { name: '钱', signIn: 'qian', password: 'Tianchi-2026-snow' }, { temporary: false }))
    expect(await taken('qian')).toBe(id)
    await admin.call(ldapApi.release, { entryId: 'id-qian' })
    expect((await enter('qian', 'pass-qian')).status).toBe(401)
    expect((await enter('qian', 'Tianchi-2026-snow')).status).toBe(401)
    expect((await admin.send(ldapApi.ignore, { entryId: 'id-qian', ignored: false })).reply.state).toBe('PENDING')
  })
})

describe('a directory that does not answer', () => {
  test('its people are told so, local accounts sign in, and the night writes it down', async () => {
    await taken('wu')
    down = true
    const answer = await enter('wu', 'pass-wu')
    expect([answer.status, kindOf(answer)]).toEqual([503, 'ldap.unreachable'])
    expect((await enter('root', 'Tianchi-2026-snow')).status).toBe(200)
    expect(await sync()).toMatchObject({ outcome: 'FAILED', problem: 'connect ECONNREFUSED' })
    expect(kindOf(await admin.send(ldapApi.preview, {}))).toBe('ldap.unreachable')
    down = false
    // nobody was locked for it
    expect((await enter('wu', 'pass-wu')).status).toBe(200)
  })
  test('guessing through us ends with the lock, and the directory is not asked any more', async () => {
    await taken('feng')
    for (let n = 0; n < 5; n++) expect((await enter('feng', `guess-${n}`)).status).toBe(401)
    const before = asked.length
    expect((await enter('feng', 'pass-feng')).status).toBe(423)
    expect(asked.length).toBe(before)
  })
})
