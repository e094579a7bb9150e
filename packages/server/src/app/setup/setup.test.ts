import { identityApi } from '@changbai/contract/identity.ts'
import { setupApi } from '@changbai/contract/setup.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { importSheet } from './import.ts'

let t: TestServer
let system: Client
let security: Client
let iaas: Client
beforeAll(async () => {
  t = await startTestServer()
  system = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  security = await t.signedIn({ role: 'SECURITY_ADMIN' })
  iaas = await t.signedIn({ role: 'IAAS_ADMIN' })
})
afterAll(() => t.stop())

const sheet = (...lines: string[]) => ({ name: '导入.csv', bytes: Buffer.from(lines.join('\r\n')) })
const bring = (who: Client, kind: 'bureau' | 'person' | 'grant', file: ReturnType<typeof sheet>, dryRun = false) =>
  t.inTx((ctx) => importSheet(ctx, { kind, dryRun }, file), who.actor)

test('bureaus, people and grants are brought in; nothing is in force before the security administrator has approved in bulk', async () => {
  const bureaus = sheet('单位代码,单位全称,简称', 'rst,吉林省人力资源和社会保障厅,省人社厅', 'lcj,吉林省林业和草原局,省林草局')
  expect(await bring(iaas, 'bureau', bureaus, true)).toMatchObject({ applied: false, created: 2, errorCount: 0 })
  expect(await bring(iaas, 'bureau', bureaus)).toMatchObject({ applied: true, created: 2 })
  expect(await bring(iaas, 'bureau', bureaus)).toMatchObject({ applied: true, created: 0, unchanged: 2 })
  const people = sheet('Sign-in,Name,Email', 'liping,李平,liping@example.cn', 'wangfang,王芳,wangfang@example.cn')
  expect(await bring(system, 'person', people)).toMatchObject({ applied: true, created: 2 })
  const grants = sheet('用户名,角色,单位代码', 'liping,PM,rst', 'wangfang,委办局负责人,rst')
  expect(await bring(iaas, 'grant', grants)).toMatchObject({ applied: true, created: 2 })

  const proposed = await security.call(identityApi.grants, { status: 'PROPOSED' })
  const ids = proposed.items.map(({ id }) => id)
  expect(ids).toHaveLength(2)
  const { items: before } = await security.call(identityApi.tenants, { q: '人力资源' })
  expect(before.map(({ status }) => status)).toEqual(['PROPOSED'])
  // whoever proposed cannot approve, and one refusal costs the others nothing
  expect(await security.call(setupApi.approveGrants, { grantIds: [...ids, '0198f0a0-0000-7000-8000-00000000dead'] })).toMatchObject({
    approved: 2,
    refused: [{ grantId: '0198f0a0-0000-7000-8000-00000000dead' }],
  })
  const { items: after } = await security.call(identityApi.tenants, { q: '人力资源' })
  expect(after.map(({ status }) => status)).toEqual(['ACTIVE'])
})

test('one wrong row and nothing is kept; every error names its row and column', async () => {
  const report = await bring(
    iaas,
    'grant',
    sheet('用户名,角色,单位代码', 'liping,技术总监,rst', 'nobody,PM,rst', 'liping,PM,xxx', 'wangfang,AE,rst'),
  )
  expect(report).toMatchObject({ applied: false, rows: 4, created: 1, errorCount: 3 })
  expect(report.errors.map(({ row, column }) => `${row} ${column}`)).toEqual(['2 角色', '3 用户名', '4 单位代码'])
  expect((await security.call(identityApi.grants, { status: 'PROPOSED' })).items).toEqual([])
})

test('each sheet asks for its own right, and a sheet with other headings is refused by name', async () => {
  await expect(bring(system, 'bureau', sheet('code,name,shortName', 'a,b,c'))).rejects.toThrow(/forbidden/)
  await expect(bring(iaas, 'bureau', sheet('单位代码,电话', 'a,1'))).rejects.toThrow(/单位全称/)
})

test('the checklist is judged from the installation, in the reader’s language', async () => {
  const zh = await system.call(setupApi.checklist, {})
  expect(zh.items.map(({ key }) => key)).toEqual([
    'administrators',
    'organisation',
    'roles',
    'directory',
    'plan',
    'calendar',
    'cloud',
    'mail',
    'probes',
    'backup',
  ])
  const states = Object.fromEntries(zh.items.map(({ key, state }) => [key, state]))
  expect(states).toMatchObject({ plan: 'READY', calendar: 'READY', cloud: 'WEAK', mail: 'MISSING', probes: 'MISSING', backup: 'MISSING' })
  // people of a test have no password: nobody could sign in
  expect(zh.items[0]?.findings.join()).toContain('系统管理员：没有人')
  const en = await system.call(setupApi.checklist, {}, { 'x-locale': 'en-US' })
  expect(en.items.find(({ key }) => key === 'cloud')?.findings[0]).toContain('simulated')
})
