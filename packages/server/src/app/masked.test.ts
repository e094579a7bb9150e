import type { Role } from '@changbai/contract/capability.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { ledgerApi } from '@changbai/contract/ledger.ts'
import { personalApi, type RevealSubject } from '@changbai/contract/personal.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/harness.ts'
import { createTenant } from '../modules/identity/index.ts'
import { maskPhone } from '../platform/mask.ts'

let t: TestServer
let incidentId: string
const OFFICER = '13904310011'
const REPORTER = '13804317788'
const NUMBERS = [OFFICER, REPORTER]
const ROLES = [
  'APP_PROJECT_MANAGER',
  'THIRD_PARTY',
  'CUSTOMER_LEADER',
  'AUDIT_ADMIN',
  'OPERATION_MANAGER',
  'DUTY_OFFICER',
] as const satisfies readonly Role[]

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  const officer = await t.signedIn({ role: 'DUTY_OFFICER', name: '值班员' })
  await t.inTx(({ db }) => db.updateTable('person').set({ phone: OFFICER }).where('id', '=', officer.personId).execute())
  const { id } = await officer.call(incidentApi.report, {
    title: '门户打不开',
    symptom: '群众反映打不开',
    criteria: ['BUSINESS_DOWN'],
    source: 'HOTLINE',
    reporterName: '报障人',
    reporterPhone: REPORTER,
  })
  incidentId = id
})
afterAll(() => t.stop())

/** Where a number is work, and whose: everybody else sees enough to recognise it. */
const NEEDED: Readonly<Record<string, readonly Role[]>> = {}

test('no list shows a whole telephone number to whoever has no need of it', async () => {
  const seen: string[] = []
  const lists = t.server.app.endpoints.filter(({ method, path, kind }) => method === 'GET' && kind === 'json' && !path.includes(':'))
  expect(lists.length).toBeGreaterThan(100)
  let answered = 0
  for (const role of ROLES) {
    const client: Client = await t.signedIn({ role })
    for (const e of lists) {
      const answer = await client.send(e, {} as never)
      if (answer.status !== 200) continue
      answered += 1
      const text = JSON.stringify(answer.reply)
      if (NUMBERS.some((number) => text.includes(number)) && !NEEDED[e.path]?.includes(role)) seen.push(`${role} ${e.path}`)
    }
  }
  expect(answered).toBeGreaterThan(200)
  expect(seen).toEqual([])
})

test('the ledger names who reported, not how to reach them', async () => {
  const auditor = await t.signedIn({ role: 'AUDIT_ADMIN' })
  const { items } = await auditor.call(ledgerApi.searchFacts, { kind: 'incident.' })
  expect(items.length).toBeGreaterThan(0)
  expect(JSON.stringify(items)).not.toContain(REPORTER)
  await t.inTx((ctx) => ctx.record({ kind: 'probe.told', subject: { type: 'probe', id: '1' }, data: { note: `回电 ${REPORTER}` } }))
  const told = await auditor.call(ledgerApi.searchFacts, { kind: 'probe.told' })
  expect(told.items[0]?.data).toEqual({ note: `回电 ${maskPhone(REPORTER)}` })
})

describe('the number of whoever reported', () => {
  const look = (client: Client, field = 'reporterPhone', subject: RevealSubject = 'incident', id = incidentId) =>
    client.send(personalApi.reveal, { subject, id, field, reason: '回访报障人' })
  const shownTo = async (client: Client) => (await client.call(incidentApi.get, { incidentId })).reporterPhone

  test.each(['DUTY_OFFICER', 'SERVICE_DESK'] as const)('%s has to telephone and sees it whole', async (role) =>
    expect(await shownTo(await t.signedIn({ role }))).toBe(REPORTER),
  )
  test.each(['MAINTENANCE_ENGINEER', 'OPERATION_MANAGER'] as const)(
    '%s recognises it, and looks it up with a reason on record',
    async (role) => {
      const client = await t.signedIn({ role, name: '查看人' })
      expect(await shownTo(client)).toBe(maskPhone(REPORTER))
      const { value } = await client.call(personalApi.reveal, {
        subject: 'incident',
        id: incidentId,
        field: 'reporterPhone',
        reason: '回访报障人',
      })
      expect(value).toBe(REPORTER)
      const auditor = await t.signedIn({ role: 'AUDIT_ADMIN' })
      const { items } = await auditor.call(ledgerApi.searchFacts, { kind: 'personal.revealed' })
      expect(items[0]).toMatchObject({ actorName: '查看人', data: { field: 'reporterPhone', reason: '回访报障人' } })
      expect(JSON.stringify(items)).not.toContain(REPORTER)
    },
  )
  test.each([
    ['a leader may not', 'CUSTOMER_LEADER', 'reporterPhone', 403],
    ['a third party may not', 'THIRD_PARTY', 'reporterPhone', 403],
    ['no other field is looked up in this way', 'OPERATION_MANAGER', 'symptom', 404],
    ['nor anything that objects inherit', 'OPERATION_MANAGER', 'constructor.name', 404],
  ] as const)('%s', async (_what, role, field, status) => expect((await look(await t.signedIn({ role }), field)).status).toBe(status))
  test('another bureau finds no incident', async () => {
    const { id: tenantId } = await t.inTx((ctx) => createTenant(ctx, { code: 'theirs', name: '他局', shortName: '他局' }))
    expect((await look(await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId }))).status).toBe(404)
  })
  test('without a reason nothing is shown', async () => {
    const client = await t.signedIn({ role: 'OPERATION_MANAGER' })
    expect(
      (await client.send(personalApi.reveal, { subject: 'incident', id: incidentId, field: 'reporterPhone', reason: '' })).status,
    ).toBe(400)
  })
  test('whoever keeps accounts looks up one person, and a masked number sent back changes nothing', async () => {
    const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
    const someone = await t.signedIn({ role: 'OPERATION_TECHNICIAN', name: '被查的人' })
    await t.inTx(({ db }) => db.updateTable('person').set({ phone: OFFICER }).where('id', '=', someone.personId).execute())
    const row = (await admin.call(identityApi.people, { q: '被查的人' })).items[0]
    expect(row?.phone).toBe(maskPhone(OFFICER))
    await admin.call(identityApi.changeContact, { personId: someone.personId, unit: '运维部', phone: maskPhone(OFFICER) })
    expect((await look(admin, 'phone', 'person', someone.personId)).reply).toMatchObject({ value: OFFICER })
  })
})
