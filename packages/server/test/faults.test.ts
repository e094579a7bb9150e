import { ROLES, type Role, roleCodes, roleHolds } from '@changbai/contract/capability.ts'
import type { Endpoint } from '@changbai/contract/endpoint.ts'
import { formApi } from '@changbai/contract/forms.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { processApi } from '@changbai/contract/process.ts'
import { requestApi } from '@changbai/contract/request.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apis } from '../src/app/apis.ts'
import { addPerson, grantDirect } from '../src/modules/identity/index.ts'
import type { Client } from './harness.ts'
import { draftAdmission, openProcedures, type Procedures, submitAdmission, taskOf } from './procedures.ts'
import { sampleInput } from './sample-input.ts'

/**
 * Bad input at every endpoint, by somebody who may call it, so that it gets as far as it can. Zip bombs: inventory/sheet.test.ts. Files of a lying
 * type, forms of ten thousand lines and over-long text: admission.test.ts. Clocks: process/clock.test.ts. Kills: provisioning, process.
 */
let p: Procedures
const holders = new Map<Role, Client>()
beforeAll(async () => {
  p = await openProcedures()
  for (const role of roleCodes)
    holders.set(role, await p.t.signedIn({ role, tenantId: ROLES[role].scope === 'TENANT' ? p.tenantId : null }))
}, 120_000)
afterAll(() => p.t.stop())

// set-up and sign-in pages are endpoints like the others; streams never end and uploads have tests of their own
const endpoints = Object.values(apis)
  .flatMap((api) => Object.values(api))
  .filter((e) => e.kind !== 'events' && e.kind !== 'file')
const nameOf = (e: Endpoint) => `${e.method} ${e.path}`

/** Somebody who may call it. */
function callerOf({ access }: Endpoint): Client {
  if (typeof access === 'string') return p.om
  const role = roleCodes.find((one) => access.anyOf.some(({ capability, verb }) => roleHolds(one, capability, verb)))
  return (role && holders.get(role)) ?? p.om
}

const address = (e: Endpoint, value: string) => `/api${e.path.replace(/:\w+/g, encodeURIComponent(value))}`
const raw = (e: Endpoint, payload: string, type = 'application/json') =>
  p.t.server.app.inject({
    method: e.method,
    url: address(e, '0198f0a0-0000-7000-8000-000000000001'),
    headers: { authorization: `Test ${callerOf(e).personId}`, 'content-type': type },
    payload,
  })

/** Endpoints that answered other than the rule allows, with what they said. */
async function offenders(
  list: readonly Endpoint[],
  call: (e: Endpoint) => Promise<{ status: number; said: unknown }>,
  isFine: (status: number) => boolean,
) {
  const found: unknown[] = []
  for (const e of list) {
    const { status, said } = await call(e)
    if (!isFine(status)) found.push([nameOf(e), status, said])
  }
  return found
}
const written = endpoints.filter((e) => e.method !== 'GET')

describe('bad input at every endpoint', () => {
  test('there are endpoints to try', () => expect([endpoints.length > 150, written.length > 80]).toEqual([true, true]))

  test.each([
    ['malformed JSON', '{"a":'],
    ['a list', '[1,2,3]'],
    ['a tower of lists', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])(
    '%s is refused, never a fault',
    async (_, payload) => {
      const call = async (e: Endpoint) => {
        const answer = await raw(e, payload)
        return { status: answer.statusCode, said: answer.body.slice(0, 200) }
      }
      expect(await offenders(written, call, (status) => status < 500)).toEqual([])
    },
    120_000,
  )

  test.each([
    ['an object', { a: 1 }],
    ['nothing', null],
    ['a number beyond all bounds', 1e308],
  ])(
    '%s in place of every member',
    async (_, value) => {
      const call = async (e: Endpoint) => {
        const input = Object.fromEntries(Object.keys(sampleInput(e, { optional: true })).map((name) => [name, value]))
        const { status, problem } = await callerOf(e).send(e, input as never)
        return { status, said: problem }
      }
      expect(await offenders(written, call, (status) => status < 500)).toEqual([])
    },
    120_000,
  )

  const HOSTILE = `'; drop table person; -- \\' or 1=1 <script>alert(1)</script> %_ \u202e {{7*7}} \${x} 长白`
  test.each([
    ['SQL and HTML', HOSTILE],
    ['a character PostgreSQL cannot store', 'x\u0000y'],
    ['a text of 100,000 characters', '长'.repeat(100_000)],
  ])(
    '%s in every text field',
    async (_, text) => {
      const call = async (e: Endpoint) => {
        const input = sampleInput(e, { text, optional: true })
        const { status, problem } = await callerOf(e).send(e, input as never)
        return { status, said: problem }
      }
      // an address of 100,000 characters is the web server's to refuse
      expect(await offenders(endpoints, call, (status) => status < 500)).toEqual([])
    },
    180_000,
  )

  test('and the tables are still there', async () => {
    const { n } = await p.t.inTx((ctx) =>
      ctx.db.selectFrom('person').select(ctx.db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
    )
    expect(n).toBeGreaterThan(8)
    expect((await p.om.call(requestApi.list, { limit: 1 })).items).toEqual([])
  })
})

describe('a step done twice', () => {
  test('at the same moment exactly one wins, the other is told who, when and with what; repeated with its key it takes effect once', async () => {
    const matter = await draftAdmission(p)
    await submitAdmission(p, matter.id)
    const twin = await p.t.signedIn({ role: 'TENANT_APPROVER', tenantId: p.tenantId, name: '赵副' })
    const task = await taskOf(p.tl, matter.id)
    const done = { taskId: task.id, outcome: 'APPROVE', data: { means: 'ELECTRONIC' } }
    const answers = await Promise.all([p.tl, twin].map((one) => one.send(processApi.complete, done)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const winner = answers[0]?.status === 200 ? '王建国' : '赵副'
    const refused = answers.find(({ status }) => status === 409)
    expect(refused?.problem).toMatchObject({ type: 'urn:changbai:problem:process.task-gone', by: winner, outcome: 'APPROVE' })

    const next = await taskOf(p.om, matter.id)
    const key = { 'idempotency-key': 'the-same-press' }
    const once = await p.om.call(processApi.complete, { taskId: next.id, outcome: 'APPROVE', data: {} }, key)
    const again = await p.om.call(processApi.complete, { taskId: next.id, outcome: 'APPROVE', data: {} }, key)
    expect(again).toEqual(once)
    expect((await p.om.send(processApi.complete, { taskId: next.id, outcome: 'APPROVE', data: {} })).status).toBe(409)
  })
})

test('a session that runs out in the middle of a form: what was typed is refused once, and taken after signing in again', async () => {
  const password = 'Tianchi-2026-snow'
  const personId = await p.t.inTx(async (ctx) => {
    const id = await addPerson(ctx, { name: '半途', signIn: 'halfway', password }, { temporary: false })
    await grantDirect(ctx, { personId: id, role: 'APP_PROJECT_MANAGER', tenantId: p.tenantId, applicationId: null, reason: 'test' })
    return id
  })
  expect(personId).toBeTruthy()
  const enter = async () => {
    const answer = await p.t.anonymous.send(identityApi.signIn, { signIn: 'halfway', password })
    return { cookie: String([answer.headers['set-cookie']].flat()[0]).split(';')[0] ?? '' }
  }
  const { formId } = await draftAdmission(p)
  const first = await enter()
  const { rev, content } = (await p.t.anonymous.send(formApi.get, { formId }, first)).reply
  p.t.advance('PT24H')
  const typed = { formId, rev, set: { funding: '写到一半的预算说明' } }
  const refused = await p.t.anonymous.send(formApi.save, typed, first)
  expect([refused.status, refused.problem.type]).toEqual([401, 'urn:changbai:problem:not-signed-in'])
  const second = await enter()
  expect((await p.t.anonymous.send(formApi.get, { formId }, second)).reply.content.funding).toBe(content.funding)
  expect((await p.t.anonymous.send(formApi.save, typed, second)).status).toBe(200)
  expect((await p.t.anonymous.send(formApi.get, { formId }, second)).reply.content.funding).toBe('写到一半的预算说明')
})
