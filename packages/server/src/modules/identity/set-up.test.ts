import { identityApi } from '@changbai/contract/identity.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { openSetUp } from './index.ts'

let t: TestServer
beforeAll(async () => {
  t = await startTestServer()
})
afterAll(() => t?.stop())

test('four weak passwords are named at once, nothing is kept of them, and what is done closes for good', async () => {
  const token = (await t.inTx(openSetUp)) as string
  const person = (name: string, signIn: string, password: string) => ({ name, signIn, password })
  const good = 'Tianchi-2026-snow'
  const people = {
    systemAdmin: person('甲', 'sys-one', good),
    securityAdmin: person('乙', 'sec-one', 'short'),
    auditAdmin: person('丙', 'aud-one', good),
    iaasAdmin: person('丁', 'iaas-one', 'iaas-one-2026-X'),
  }
  const refused = await t.anonymous.send(identityApi.setUp, { token, ...people })
  expect(refused.problem.type).toContain('weak-password')
  expect(refused.problem.errors?.map(({ path }) => path)).toEqual(['securityAdmin.password', 'iaasAdmin.password'])
  expect(await t.anonymous.call(identityApi.setUpState, {})).toEqual({ open: true })

  const sent = { token, ...people, securityAdmin: person('乙', 'sec-one', good), iaasAdmin: person('丁', 'iaas-one', good) }
  expect((await t.anonymous.send(identityApi.setUp, { ...sent, token: `${token}x` })).status).toBeGreaterThanOrEqual(400)
  await t.anonymous.call(identityApi.setUp, sent)
  expect(await t.anonymous.call(identityApi.setUpState, {})).toEqual({ open: false })
  expect((await t.anonymous.send(identityApi.setUp, sent)).status).toBeGreaterThanOrEqual(400)
})
