import { exportsApi } from '@changbai/contract/exports.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { ledgerApi } from '@changbai/contract/ledger.ts'
import { requestApi } from '@changbai/contract/request.ts'
import excel from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { EXPORTS, NO_EXPORTS, needsApproval } from './exports.domain.ts'

let t: TestServer
let iaas: Client
let guard: Client
const kindOf = (answer: { problem: { type: string } }): string => answer.problem.type.replace('urn:changbai:problem:', '')

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  iaas = await t.signedIn({ role: 'IAAS_ADMIN', name: '高岩' })
  guard = await t.signedIn({ role: 'SECURITY_ADMIN', name: '申岚' })
  await iaas.call(inventoryApi.createRack, { name: 'A01', room: '长春' })
})
afterAll(() => t.stop())

const racks = { type: 'rack', format: 'xlsx' } as const
const ask = (client: Client, input: Record<string, unknown> = racks) =>
  client.call(exportsApi.ask, { path: inventoryApi.exportItems.path, input, reason: '年度盘点' })
const take = (client: Client, id: string, input: typeof racks | { type: 'server' } = racks) =>
  client.send(inventoryApi.exportItems, input, { 'x-export-approval': id })

test('every download is an export with a class, or has its reason for being none', () => {
  const paths = t.server.app.endpoints.filter(({ kind }) => kind === 'download').map(({ path }) => path)
  expect(paths.length).toBeGreaterThan(30)
  expect(paths.filter((path) => !(path in EXPORTS) && !(path in NO_EXPORTS))).toEqual([])
  expect([...Object.keys(EXPORTS), ...Object.keys(NO_EXPORTS)].filter((path) => !paths.includes(path))).toEqual([])
})

test.each([
  ['few internal rows', 10, 'internal', false],
  ['as many as the plan says', 5000, 'internal', true],
  ['one short of it', 4999, 'internal', false],
  ['sensitive, however few', 1, 'sensitive', true],
  ['personal, uncounted', null, 'personal', true],
  ['an empty form of the most careful', 0, 'personal', false],
] as const)('a second person: %s', (_what, rows, dataClass, needed) =>
  expect(needsApproval({ rows: 5000, from: 'sensitive' }, { rows, dataClass })).toBe(needed),
)

test('a careful export is refused without a second person and leaves no fact; asked, approved and taken once it bears who, when and number', async () => {
  const refused = await iaas.send(inventoryApi.exportItems, racks)
  expect([refused.status, kindOf(refused)]).toEqual([409, 'export.needs-approval'])
  const auditor = await t.signedIn({ role: 'AUDIT_ADMIN', name: '卢文博' })
  expect((await auditor.call(ledgerApi.searchFacts, { kind: 'inventory.exported' })).items).toEqual([])

  const asked = await ask(iaas)
  expect(kindOf(await take(iaas, asked.id))).toBe('export.not-approved')
  expect((await iaas.send(exportsApi.decide, { exportId: asked.id, approve: true })).status).toBe(403)
  const own = await ask(guard)
  expect(kindOf(await guard.send(exportsApi.decide, { exportId: own.id, approve: true }))).toBe('export.own')
  const colleague = await t.signedIn({ role: 'IAAS_ADMIN', name: '同事' })

  await guard.call(exportsApi.decide, { exportId: asked.id, approve: true })
  expect(kindOf(await take(colleague, asked.id))).toBe('export.not-approved')
  expect(kindOf(await take(iaas, asked.id, { type: 'server' }))).toBe('export.not-approved')
  const taken = await take(iaas, asked.id)
  expect(taken.status).toBe(200)
  const number = String(taken.headers['x-export-number'])
  expect(number).toMatch(/^DC-20260918-\d{4}$/)
  const book = new excel.Workbook()
  await book.xlsx.load(new Uint8Array(taken.reply as Buffer).buffer)
  expect(book.worksheets[0]?.headerFooter.oddHeader).toContain(`高岩 于 2026-09-18 15:00 导出 编号 ${number}`)
  expect(book.getWorksheet('导出说明')?.getCell('A1').text).toContain(number)
  expect(kindOf(await take(iaas, asked.id))).toBe('export.not-approved')

  const { items } = await auditor.call(exportsApi.list, {})
  expect(items.find((one) => one.number === number)).toMatchObject({
    byName: '高岩',
    decidedByName: '申岚',
    state: 'TAKEN',
    rows: 1,
    input: null,
  })
  expect((await iaas.call(exportsApi.mine, {})).items.map(({ byName }) => byName)).toEqual(['高岩'])
  const facts = await auditor.call(ledgerApi.searchFacts, { kind: 'export.' })
  expect(facts.items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['export.asked', 'export.approved', 'export.taken']))
})

test('an approval ends by itself, and a list below the limits goes out with its number alone', async () => {
  const asked = await ask(iaas)
  await guard.call(exportsApi.decide, { exportId: asked.id, approve: true })
  const before = t.now()
  t.advance('PT24H')
  expect(kindOf(await take(iaas, asked.id))).toBe('export.not-approved')
  expect((await iaas.call(exportsApi.mine, {})).items[0]?.state).toBe('EXPIRED')
  t.setNow(before)
  const manager = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  const list = await manager.send(requestApi.exportList, { format: 'csv' })
  expect(list.status).toBe(200)
  expect(decodeURIComponent(String(list.headers['content-disposition']))).toContain(String(list.headers['x-export-number']))
})
