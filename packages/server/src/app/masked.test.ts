import type { Role } from '@changbai/contract/capability.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { ledgerApi } from '@changbai/contract/ledger.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/harness.ts'
import { maskPhone } from '../platform/mask.ts'

let t: TestServer
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
  await officer.call(incidentApi.report, {
    title: '门户打不开',
    symptom: '群众反映打不开',
    criteria: ['BUSINESS_DOWN'],
    source: 'HOTLINE',
    reporterName: '报障人',
    reporterPhone: REPORTER,
  })
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
