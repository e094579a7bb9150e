import { accessApi } from '@changbai/contract/access.ts'
import type { Role } from '@changbai/contract/capability.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { newId } from '../../platform/ids.ts'
import { grantsOf } from './grant.store.ts'
import { createTenant, holdersOf, insertPerson } from './index.ts'
import { lapseUnreviewed } from './review.service.ts'
import { insertSession } from './session.store.ts'

let t: TestServer
let iaas: Client
let system: Client
let security: Client
let customer: Client
let tenantId = ''

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T09:00' })
  iaas = await t.signedIn({ role: 'IAAS_ADMIN', name: '高岩' })
  system = await t.signedIn({ role: 'SYSTEM_ADMIN', name: '邓宇' })
  security = await t.signedIn({ role: 'SECURITY_ADMIN', name: '沈岚' })
  customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
  await t.signedIn({ role: 'AUDIT_ADMIN', name: '陆文博' })
  tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'rst', name: '人力资源和社会保障厅', shortName: '省人社厅' })).id)
})
afterAll(() => t.stop())

let serial = 0
async function somebody(): Promise<string> {
  const id = newId()
  serial += 1
  const name = `人员${serial}`
  await t.inTx((ctx) => insertPerson(ctx.db, { id, sign_in: id, name, unit: null, phone: null, email: null, created_at: ctx.now }))
  return id
}
const propose = (by: Client, personId: string, role: Role, tenant: string | null = null) =>
  by.send(identityApi.proposeGrant, { personId, role, tenantId: tenant, reason: '工作需要' })
const holders = (role: Role) => t.inTx((ctx) => holdersOf(ctx, role, { tenantId }))

describe('[3.2.1-(1)] a grant', () => {
  test('is in force only after the security administrator approves', async () => {
    const person = await somebody()
    const made = (await propose(iaas, person, 'APP_PROJECT_MANAGER', tenantId)).reply
    expect(made).toMatchObject({ status: 'PROPOSED', tenantName: '省人社厅' })
    expect(await holders('APP_PROJECT_MANAGER')).not.toContain(person)
    await security.call(identityApi.approveGrant, { grantId: made.id })
    expect(await holders('APP_PROJECT_MANAGER')).toContain(person)
    const again = await security.send(identityApi.approveGrant, { grantId: made.id })
    expect(again.problem).toMatchObject({ status: 409, by: '沈岚' })
    await iaas.call(identityApi.withdrawGrant, { grantId: made.id, reason: '调离' })
    expect(await holders('APP_PROJECT_MANAGER')).not.toContain(person)
  })
  test('is never given to oneself', async () => {
    expect((await propose(iaas, iaas.personId, 'OPERATION_MANAGER')).problem.type).toContain('self-grant')
  })
  test.each<[string, () => Client, Role, number]>([
    ['the IaaS administrator proposes IaaS roles', () => iaas, 'MAINTENANCE_MANAGER', 200],
    ['not the customer’s', () => iaas, 'CUSTOMER_LEADER', 403],
    ['nor the three administrators', () => iaas, 'AUDIT_ADMIN', 403],
    ['the system administrator proposes other roles', () => system, 'SERVICE_DESK', 200],
    ['not IaaS roles', () => system, 'IAAS_ADMIN', 403],
    ['the customer proposes the customer’s roles', () => customer, 'CUSTOMER_LEADER', 200],
    ['and no others', () => customer, 'OPERATION_MANAGER', 403],
  ])('%s', async (_, by, role, status) => {
    expect((await propose(by(), await somebody(), role)).status).toBe(status)
  })
  test('of a bureau’s role names the bureau, of another none', async () => {
    expect((await propose(iaas, await somebody(), 'APP_ENGINEER')).problem.type).toContain('scope-needed')
    expect((await propose(iaas, await somebody(), 'OPERATION_MANAGER', tenantId)).problem.type).toContain('scope-refused')
  })
  test('of the customer’s role has the customer on one side', async () => {
    const [byOthers, byCustomer] = [await somebody(), await somebody()]
    const first = (await propose(system, byOthers, 'CUSTOMER_LEADER')).reply
    expect((await security.send(identityApi.approveGrant, { grantId: first.id })).problem.type).toContain('not-grantor')
    expect((await customer.call(identityApi.approveGrant, { grantId: first.id })).status).toBe('IN_FORCE')
    const second = (await propose(customer, byCustomer, 'CUSTOMER_LEADER')).reply
    expect((await customer.send(identityApi.approveGrant, { grantId: second.id })).problem.type).toContain('self-grant')
    expect((await security.call(identityApi.approveGrant, { grantId: second.id })).status).toBe('IN_FORCE')
    const other = (await propose(iaas, await somebody(), 'OPERATION_TECHNICIAN')).reply
    expect((await customer.send(identityApi.approveGrant, { grantId: other.id })).status).toBe(403)
  })
  test('never joins duties that check each other, not even two proposals at once', async () => {
    const person = await somebody()
    expect((await propose(iaas, person, 'OPERATION_MANAGER')).status).toBe(200)
    expect((await propose(customer, person, 'CUSTOMER_LEADER')).problem.type).toContain('incompatible')
    expect((await propose(system, person, 'AUDIT_ADMIN')).problem.type).toContain('incompatible')
    const fresh = await somebody()
    const answers = await Promise.all([propose(iaas, fresh, 'OPERATION_MANAGER'), propose(customer, fresh, 'CUSTOMER_LEADER')])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
  })
})

describe('a delegation', () => {
  const lend = (by: Client, to: string, role: Role, days: number) =>
    by.send(identityApi.delegate, {
      toPersonId: to,
      role,
      fromAt: t.now().toString(),
      untilAt: t
        .now()
        .add({ hours: days * 24 })
        .toString(),
      reason: '出差',
    })
  const grantsNow = async (personId: string) =>
    t.inTx(async (ctx) => {
      return (await grantsOf(ctx.db, personId, ctx.now)).map((grant) => grant.role)
    })
  test('lends the role until its end and no longer', async () => {
    const manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
    const delegate = await somebody()
    expect((await lend(manager, delegate, 'MAINTENANCE_MANAGER', 15)).status).toBe(200)
    expect(await grantsNow(delegate)).toEqual(['MAINTENANCE_MANAGER'])
    t.advance('PT360H')
    expect(await grantsNow(delegate)).toEqual([])
  })
  test('lasts 15 days at most', async () => {
    const manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
    const tooLong = await manager.send(identityApi.delegate, {
      toPersonId: await somebody(),
      role: 'MAINTENANCE_MANAGER',
      fromAt: t.now().toString(),
      untilAt: t.now().add({ hours: 360, seconds: 1 }).toString(),
      reason: '出差',
    })
    expect(tooLong.problem.type).toContain('delegation-too-long')
  })
  test('does not get round the separation of duties', async () => {
    const applicant = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId })
    const reviewer = await t.signedIn({ role: 'OPERATION_MANAGER' })
    expect((await lend(reviewer, applicant.personId, 'OPERATION_MANAGER', 3)).problem.type).toContain('incompatible')
  })
  test('of a role that was lent is refused', async () => {
    const manager = await t.signedIn({ role: 'BUILD_PROJECT_MANAGER' })
    const delegate = await t.signedIn({ role: 'OPERATION_TECHNICIAN' })
    await lend(manager, delegate.personId, 'BUILD_PROJECT_MANAGER', 3)
    expect((await lend(delegate, await somebody(), 'BUILD_PROJECT_MANAGER', 3)).problem.type).toContain('not-grantor')
  })
})

describe('a leaver', () => {
  test('goes in one step, and is nobody afterwards', async () => {
    const leaver = await t.signedIn({ role: 'MAINTENANCE_ENGINEER' })
    const successor = await t.signedIn({ role: 'MAINTENANCE_ENGINEER' })
    const result = await system.call(accessApi.handOver, { personId: leaver.personId, toPersonId: successor.personId, reason: '离职' })
    expect(result).toMatchObject({ grants: 1, delegations: 0 })
    expect(await holders('MAINTENANCE_ENGINEER')).not.toContain(leaver.personId)
    expect(await holders('MAINTENANCE_ENGINEER')).toContain(successor.personId)
    const [row] = (await system.call(identityApi.people, { active: 'false' })).items.filter(({ id }) => id === leaver.personId)
    expect(row).toMatchObject({ active: false, roles: [] })
  })
  test('is shown before what would go, in counts and roles alone', async () => {
    const leaver = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '将离' })
    const delegate = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '代办' })
    await leaver.call(identityApi.delegate, {
      toPersonId: delegate.personId,
      role: 'MAINTENANCE_MANAGER',
      fromAt: t.now().toString(),
      untilAt: t.now().add({ hours: 48 }).toString(),
      reason: '出差',
    })
    const preview = (by: Client, personId: string) => by.send(accessApi.handOverPreview, { personId })
    expect((await preview(system, leaver.personId)).reply).toMatchObject({
      personName: '将离',
      tasks: 0,
      grants: [{ role: 'MAINTENANCE_MANAGER', tenantName: null, proposed: false }],
      delegations: [{ role: 'MAINTENANCE_MANAGER', fromName: '将离', toName: '代办' }],
      lastOf: null,
    })
    expect((await preview(system, security.personId)).reply).toMatchObject({ lastOf: 'SECURITY_ADMIN' })
    expect((await preview(iaas, leaver.personId)).status).toBe(403)
    const result = await system.call(accessApi.handOver, { personId: leaver.personId, toPersonId: delegate.personId, reason: '离职' })
    expect(result).toEqual({ tasks: 0, grants: 1, delegations: 1 })
  })
  test('cannot hand over to themselves or to a closed account', async () => {
    const [a, b] = [await somebody(), await somebody()]
    expect((await system.send(accessApi.handOver, { personId: a, toPersonId: a, reason: 'x' })).problem.type).toContain('same-person')
    await system.call(identityApi.disablePerson, { personId: b, reason: 'x' })
    expect((await system.send(accessApi.handOver, { personId: a, toPersonId: b, reason: 'x' })).problem.type).toContain('cannot-receive')
  })
  test('who is the last of the three administrators stays', async () => {
    const answer = await system.send(accessApi.handOver, { personId: security.personId, toPersonId: await somebody(), reason: 'x' })
    expect(answer.problem.type).toContain('last-administrator')
  })
})

describe('a new telephone number', () => {
  test('is where a person is reached from then on; the fact names what changed and holds no number', async () => {
    const personId = await somebody()
    const changed = await system.call(identityApi.changeContact, { personId, phone: '13900000001', email: 'a@example.gov.cn' })
    // whoever keeps accounts sees enough to recognise it
    expect(changed).toMatchObject({ phone: '139****0001', email: 'a@example.gov.cn', unit: null })
    expect(await t.inTx(({ db }) => db.selectFrom('person').select('phone').where('id', '=', personId).execute())).toEqual([
      { phone: '13900000001' },
    ])
    await system.call(identityApi.changeContact, { personId, phone: '13900000001', email: 'a@example.gov.cn' })
    const facts = await t.inTx(({ db }) =>
      db.selectFrom('ledger_fact').select('data').where('kind', '=', 'person.contact-changed').where('subject_id', '=', personId).execute(),
    )
    expect(facts).toEqual([{ data: { changed: ['phone', 'email'] } }])
    expect((await iaas.send(identityApi.changeContact, { personId, phone: '1' })).status).toBe(403)
    expect((await system.send(identityApi.changeContact, { personId: newId(), phone: '1' })).status).toBe(404)
    expect((await system.send(identityApi.changeContact, { personId, email: 'no' })).problem.errors?.[0]?.path).toBe('email')
  })
})

describe('[3.2.1-(1)] the quarterly access review', () => {
  test('keeps, withdraws, lapses after ten working days, and is confirmed by the security administrator', async () => {
    t.setNow('2026-10-12T09:00')
    const [kept, gone, forgotten] = [
      await t.signedIn({ role: 'OPERATION_MANAGER', name: '留任' }),
      await t.signedIn({ role: 'OPERATION_MANAGER', name: '收回' }),
      await t.signedIn({ role: 'OPERATION_MANAGER', name: '遗漏' }),
    ]
    const review = await security.call(accessApi.openReview, {})
    expect(review).toMatchObject({ quarter: '2026Q4', state: 'OPEN', dueAt: Temporal.Instant.from('2026-10-26T17:30+08:00').toString() })
    expect((await security.send(accessApi.openReview, {})).problem.type).toContain('review-open')

    const { items } = await iaas.call(accessApi.reviewItems, { reviewId: review.id })
    const itemOf = (name: string) => items.find((item) => item.personName === name) ?? expect.fail(`no item of ${name}`)
    const decide = (by: Client, name: string, decision: 'KEEP' | 'WITHDRAW') =>
      by.send(accessApi.decideItem, { reviewId: review.id, grantId: itemOf(name).grantId, decision })
    expect(itemOf('留任').mine).toBe(true)
    expect(itemOf('高岩').mine).toBe(false)
    expect((await decide(system, '留任', 'KEEP')).problem.type).toContain('not-reviewer')
    expect((await decide(iaas, '高岩', 'KEEP')).problem.type).toContain('not-reviewer')
    expect((await decide(iaas, '留任', 'KEEP')).reply).toMatchObject({ decision: 'KEEP', decidedBy: '高岩' })
    expect((await decide(iaas, '收回', 'WITHDRAW')).reply).toMatchObject({ decision: 'WITHDRAW' })
    // the only grantor of the role holds it: the security administrator stands in
    expect((await decide(security, '高岩', 'KEEP')).status).toBe(200)
    expect(await holders('OPERATION_MANAGER')).toEqual(expect.arrayContaining([kept.personId, forgotten.personId]))
    expect(await holders('OPERATION_MANAGER')).not.toContain(gone.personId)
    expect((await security.send(accessApi.confirmReview, { reviewId: review.id })).problem.type).toContain('unreviewed')

    t.setNow('2026-10-26T17:30')
    expect(await t.inTx(lapseUnreviewed)).toBe(0)
    t.setNow('2026-10-26T17:31')
    expect(await t.inTx(lapseUnreviewed)).toBeGreaterThan(0)
    expect(await holders('OPERATION_MANAGER')).toContain(kept.personId)
    expect(await holders('OPERATION_MANAGER')).not.toContain(forgotten.personId)
    // nobody is left to grant anything if these lapse, so they stay
    for (const role of ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'] as const) expect(await holders(role)).toHaveLength(1)

    const confirmed = await security.call(accessApi.confirmReview, { reviewId: review.id })
    expect(confirmed).toMatchObject({ state: 'CONFIRMED', confirmedBy: '沈岚' })
  })
})

describe('sign-ins', () => {
  test('of others end by the security administrator only', async () => {
    const person = await somebody()
    const id = newId()
    await t.inTx(async (ctx) => {
      await insertSession(ctx.db, {
        id,
        digest: id,
        person_id: person,
        started_at: ctx.now,
        seen_at: ctx.now,
        ends_at: ctx.now.add({ hours: 12 }),
        address: '127.0.0.1',
        user_agent: 'test',
        idle_minutes: 15,
        password_due_at: null,
        previous_sign_in_at: null,
        ended_at: null,
        ended_why: null,
      })
    })
    expect((await iaas.send(accessApi.endSignIn, { sessionId: id })).status).toBe(404)
    expect((await security.call(accessApi.signIns, { personId: person })).items).toHaveLength(1)
    await security.call(accessApi.endSignIn, { sessionId: id })
    expect((await security.call(accessApi.signIns, { personId: person })).items).toHaveLength(0)
  })
})
