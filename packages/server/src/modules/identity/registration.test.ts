import { fileApi } from '@changbai/contract/file.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { isCreditCode, registrationApi } from '@changbai/contract/registration.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { holdersOf } from './index.ts'

const PASSWORD = 'Tianchi-2026-snow'
let t: TestServer
let iaas: Client
let security: Client

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T09:00' })
  iaas = await t.signedIn({ role: 'IAAS_ADMIN', name: '高岩' })
  security = await t.signedIn({ role: 'SECURITY_ADMIN', name: '沈岚' })
})
afterAll(() => t.stop())

const PDF = Buffer.from('%PDF-1.7\n一份盖章公函')
const letterOf = (bytes: Buffer = PDF, name = '公函.pdf') => ({ name, base64: bytes.toString('base64') })
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
let serial = 0
/** A right code that nobody has yet. */
const nextCode = (): string => {
  serial += 1
  const head = `1122000000000${String(serial).padStart(4, '0')}`
  return `${head}${[...ALPHABET].find((letter) => isCreditCode(head + letter))}`
}
const bureau = (more: object = {}) => ({
  name: `吉林省第${serial + 1}局`,
  creditCode: nextCode(),
  pm: { name: '张三', phone: '0431-88900001', email: 'zhangsan@example.cn' },
  tl: { name: '李四', phone: '0431-88900002', email: 'lisi@example.cn' },
  letter: letterOf(),
  ...more,
})
/** From an address of its own, so that tests do not use up each other's tries. */
let host = 0
const freshAddress = (): string => {
  host += 1
  return `198.51.100.${host}`
}
const register = async (input: object, remoteAddress = freshAddress(), headers: Record<string, string> = {}) => {
  const answer = await t.server.app.inject({ method: 'POST', url: '/api/registrations', remoteAddress, headers, payload: input })
  return { status: answer.statusCode, body: answer.json() as { number?: string; type?: string } }
}
const waiting = async () => (await iaas.call(registrationApi.registrations, { status: 'SUBMITTED' })).items
const received = async (more: object = {}) => {
  const { body } = await register(bureau(more))
  return (await waiting()).find(({ number }) => number === body.number) ?? expect.fail('not received')
}
const takeOn = (registrationId: string, by: Client = iaas, more: object = {}) =>
  by.send(registrationApi.takeOn, {
    registrationId,
    code: `code${serial}`,
    shortName: `第${serial}局`,
    pmSignIn: `pm${serial}`,
    tlSignIn: `tl${serial}`,
    ...more,
  })
const proposedGrants = async () => (await security.call(identityApi.grants, { status: 'PROPOSED' })).items
const signIn = (name: string, password = PASSWORD) => t.anonymous.send(identityApi.signIn, { signIn: name, password })
const use = (path: string, password = PASSWORD) => t.anonymous.send(registrationApi.useLink, { token: path.split('#')[1] ?? '', password })

describe('[ruling 6] a bureau registers itself', () => {
  test('waits with its letter, which those who read registrations can open and others cannot', async () => {
    const row = await received()
    expect(row).toMatchObject({ status: 'SUBMITTED', pm: { name: '张三', phone: '****0001' }, letter: { name: '公函.pdf' } })
    expect((await iaas.send(fileApi.download, { fileId: row.letter.fileId })).reply).toEqual(PDF)
    const manager = await t.signedIn({ role: 'OPERATION_MANAGER' })
    expect((await manager.send(fileApi.download, { fileId: row.letter.fileId })).status).toBe(404)
    expect((await t.anonymous.send(fileApi.download, { fileId: row.letter.fileId })).status).toBe(401)
    expect((await security.call(registrationApi.registrations, {})).items[0]?.pm.phone).toBe('****0001')
  })
  test('is taken on, approved, told, and lets its people in by a link good once', async () => {
    const row = await received()
    const taken = (await takeOn(row.id)).reply
    expect(taken).toMatchObject({ status: 'TAKEN_ON', tenantStatus: 'PROPOSED', decidedBy: '高岩' })
    const place = { tenantId: taken.tenantId }
    const holders = () => t.inTx((ctx) => holdersOf(ctx, 'APP_PROJECT_MANAGER', place))
    expect(await holders()).toEqual([])
    const grants = (await proposedGrants()).filter((grant) => grant.tenantId === taken.tenantId)
    expect(grants.map(({ role }) => role).sort()).toEqual(['APP_PROJECT_MANAGER', 'TENANT_APPROVER'])
    for (const { id } of grants) await security.call(identityApi.approveGrant, { grantId: id })
    expect(await holders()).toHaveLength(1)
    const [after] = (await iaas.call(registrationApi.registrations, {})).items.filter(({ id }) => id === row.id)
    expect(after?.tenantStatus).toBe('ACTIVE')

    const [personId = ''] = await holders()
    expect((await signIn(`pm${serial}`)).status).toBe(401)
    const link = await iaas.call(registrationApi.renewLink, { personId })
    expect(await t.anonymous.call(registrationApi.lookLink, { token: link.path.split('#')[1] ?? '' })).toMatchObject({
      signIn: `pm${serial}`,
    })
    expect((await use(link.path, 'short')).problem.type).toContain('weak-password')
    expect((await use(link.path)).reply).toEqual({ signIn: `pm${serial}` })
    expect((await use(link.path, 'Another-2026-one')).problem.type).toContain('link-gone')
    expect((await signIn(`pm${serial}`)).reply.grants).toEqual([expect.objectContaining({ role: 'APP_PROJECT_MANAGER', ...place })])
    expect((await iaas.send(registrationApi.renewLink, { personId })).problem.type).toContain('has-password')
  })
  test('is refused with a reason, once', async () => {
    const row = await received()
    expect((await iaas.call(registrationApi.refuse, { registrationId: row.id, reason: '公函未盖章' })).status).toBe('REFUSED')
    expect((await takeOn(row.id)).problem).toMatchObject({ status: 409, by: '高岩' })
    expect((await iaas.send(registrationApi.refuse, { registrationId: row.id, reason: 'x' })).status).toBe(409)
  })
  test('is decided by the IaaS administrator alone, and approved by another', async () => {
    const row = await received()
    for (const role of ['SECURITY_ADMIN', 'SYSTEM_ADMIN', 'OPERATION_MANAGER', 'AUDIT_ADMIN'] as const)
      expect((await takeOn(row.id, await t.signedIn({ role }))).status, role).toBe(403)
    await takeOn(row.id)
    const grant = (await proposedGrants()).find(({ proposedBy }) => proposedBy === '高岩')
    expect((await iaas.send(identityApi.approveGrant, { grantId: grant?.id ?? '' })).status).toBe(403)
  })
})

describe('nothing leaks', () => {
  test('whether the bureau or its registration is there already', async () => {
    const known = nextCode()
    await iaas.call(registrationApi.invite, {
      code: `known${serial}`,
      name: '吉林省已有局',
      shortName: '已有局',
      creditCode: known,
      reason: '首次上云',
      pm: { name: '甲', signIn: `known-pm${serial}` },
      tl: { name: '乙', signIn: `known-tl${serial}` },
    })
    const fresh = await register(bureau())
    const there = await register({ ...bureau(), creditCode: known, letter: letterOf(Buffer.from('%PDF-another')) })
    expect(there.status).toBe(fresh.status)
    expect(Object.keys(there.body)).toEqual(Object.keys(fresh.body))
    const row = (await waiting()).find(({ number }) => number === there.body.number)
    expect(row?.known).toBe('吉林省已有局')
    expect((await takeOn(row?.id ?? '')).problem.type).toContain('conflict')
  })
  test('and the same letter sent again is one registration', async () => {
    const input = bureau()
    const [first, again] = [await register(input), await register(input)]
    expect(again.body.number).toBe(first.body.number)
    expect((await waiting()).filter(({ number }) => number === first.body.number)).toHaveLength(1)
  })
})

describe('abuse', () => {
  test('a hundred tries from one address: ten are looked at, the next day again', async () => {
    const address = freshAddress()
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => register({ ...bureau(), letter: letterOf(Buffer.from('MZ not a letter')) }, address)),
    )
    expect(answers.filter(({ status }) => status === 415)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90)
    expect((await register(bureau(), address)).body.type).toContain('too-many')
    expect((await register(bureau())).status).toBe(200)
    t.advance('PT24H')
    expect((await register(bureau(), address)).status).toBe(200)
  })
  test.each([
    ['a program named as a letter', { letter: letterOf(Buffer.from('MZ\u0090'), '公函.pdf') }, 415],
    ['a page named as a letter', { letter: letterOf(Buffer.from('<script>alert(1)</script>'), '公函.pdf') }, 415],
    ['an archive', { letter: letterOf(Buffer.from('PK\u0003\u0004'), '公函.zip') }, 415],
    ['an empty letter', { letter: letterOf(Buffer.alloc(0), '公函.pdf') }, 400],
    ['text that is not base64', { letter: { name: '公函.pdf', base64: '!!!!' } }, 415],
    ['a letter over 5 MB', { letter: letterOf(Buffer.concat([PDF, Buffer.alloc(5 * 1024 * 1024)])) }, 413],
    ['a code whose check character is wrong', { creditCode: '112200000000000010' }, 400],
    ['one person in both seats', { tl: { name: '张三', phone: '0431-88900001', email: 'other@example.cn' } }, 400],
    ['no e-mail to answer to', { pm: { name: '张三', phone: '0431-88900001', email: 'zhangsan' } }, 400],
  ])('%s is not taken', async (_, more, status) => {
    const before = (await waiting()).length
    expect((await register(bureau(more))).status).toBe(status)
    expect((await waiting()).length).toBe(before)
  })
  test('SQL and HTML in the fields are text', async () => {
    const name = `<img src=x onerror=alert(1)>'; drop table person; --`
    const row = await received({ name })
    expect(row.name).toBe(name)
  })
})

describe('a bureau is invited in one step', () => {
  const invite = (more: object = {}) => {
    serial += 1
    return iaas.send(registrationApi.invite, {
      code: `inv${serial}`,
      name: `受邀${serial}局`,
      shortName: `受邀${serial}`,
      reason: '首批上云',
      pm: { name: `甲${serial}`, signIn: `inv-pm${serial}` },
      tl: { name: `乙${serial}`, signIn: `inv-tl${serial}` },
      ...more,
    })
  }
  test('with both accounts, grants that wait, and a link each', async () => {
    const { tenant, links } = (await invite()).reply
    expect(tenant.status).toBe('PROPOSED')
    expect(links.map(({ role }) => role)).toEqual(['APP_PROJECT_MANAGER', 'TENANT_APPROVER'])
    const [pm] = links
    expect((await use(pm?.path ?? '')).status).toBe(200)
    expect((await signIn(pm?.signIn ?? '')).reply.grants).toEqual([])
    const grant = (await proposedGrants()).find(({ personId }) => personId === pm?.personId)
    await security.call(identityApi.approveGrant, { grantId: grant?.id ?? '' })
    expect((await signIn(pm?.signIn ?? '')).reply.grants).toHaveLength(1)
  })
  test('whole or not at all', async () => {
    const taken = (await invite()).reply.links[0]?.signIn ?? ''
    const answer = await invite({ tl: { name: '重名', signIn: taken } })
    expect(answer.problem.type).toContain('sign-in-taken')
    const { items } = await iaas.call(identityApi.tenants, { q: `受邀${serial}局` })
    expect(items).toEqual([])
  })
  test('and its links end: after three days, when one was used, when the account is closed', async () => {
    const [old, used, closed] = [(await invite()).reply, (await invite()).reply, (await invite()).reply]
    const extra = await iaas.call(registrationApi.renewLink, { personId: used.links[0]?.personId ?? '' })
    const both = await Promise.all([use(extra.path), use(used.links[0]?.path ?? '')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410])
    const system = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    await system.call(identityApi.disablePerson, { personId: closed.links[0]?.personId ?? '', reason: '误建' })
    expect((await use(closed.links[0]?.path ?? '')).status).toBe(410)
    t.advance('PT71H59M')
    expect((await t.anonymous.send(registrationApi.lookLink, { token: old.links[0]?.path.split('#')[1] ?? '' })).status).toBe(200)
    t.advance('PT1M')
    expect((await use(old.links[0]?.path ?? '')).status).toBe(410)
  })
  test('another bureau’s people neither invite nor renew', async () => {
    const { tenant, links } = (await invite()).reply
    const manager = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: tenant.id })
    expect((await manager.send(registrationApi.renewLink, { personId: links[1]?.personId ?? '' })).status).toBe(403)
    expect((await manager.send(registrationApi.registrations, {})).status).toBe(403)
  })
})
