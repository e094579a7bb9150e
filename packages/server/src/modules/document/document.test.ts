import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { complianceApi } from '@changbai/contract/compliance.ts'
import { documentApi } from '@changbai/contract/document.ts'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import { storeFile } from '../../platform/files.ts'
import { readZip, watermarked, writeZip } from '../../platform/zip.ts'
import { createTenant } from '../identity/index.ts'

const DOCX = readFileSync(resolve(import.meta.dirname, '../../../../../plan/jilin/documents/monthly-report.docx'))
let t: TestServer
let om: Client
let customer: Client
let approver: Client
let foreign: Client
let tenantId: string
const clause = async (clauseId: string, month: string) => (await customer.call(complianceApi.clause, { clauseId, month })).clause.figure
const bytesOf = async (who: Client, url: string, payload: object): Promise<Buffer> => {
  const answer = await t.server.app.inject({
    method: 'POST',
    url: `/api${url}`,
    headers: { authorization: `Test ${who.personId}` },
    payload,
  })
  expect(answer.statusCode).toBe(200)
  return answer.rawPayload
}

beforeAll(async () => {
  t = await startTestServer({ now: '2026-05-06T09:00' })
  tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'rst', name: '人社厅', shortName: '人社厅' })).id)
  const other = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'lcj', name: '林草局', shortName: '林草局' })).id)
  om = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
  approver = await t.signedIn({ role: 'TENANT_APPROVER', tenantId, name: '陈丽华' })
  foreign = await t.signedIn({ role: 'TENANT_APPROVER', tenantId: other, name: '田国华' })
})
afterAll(() => t.stop())

describe('the operations register', () => {
  test('[3.2.2-(1)] guidance, once a quarter at least', async () => {
    expect(await om.call(documentApi.addGuidance, { title: '汛期保障', text: '加密机房巡检' })).toMatchObject({ quarter: '2026-Q2' })
    expect((await customer.send(documentApi.addGuidance, { title: '汛期保障', text: '加密机房巡检' })).status).toBe(403)
    t.setNow('2026-07-01T09:00')
    expect(await clause('3.2.2-(1)', '2026-06')).toMatchObject({ state: 'COMPLIANT', met: 1 })
    t.setNow('2026-05-07T09:00')
  })
  test('[3.2.2-(2)] the board is signed in its week, and shows what was signed', async () => {
    expect((await om.send(documentApi.signBoard, { week: '2026-W20' })).status).toBe(422)
    await om.call(documentApi.signBoard, { week: '2026-W19', remarks: '正常' })
    expect((await om.send(documentApi.signBoard, { week: '2026-W19' })).status).toBe(409)
    t.setNow('2026-05-18T09:00')
    const { items } = await customer.call(documentApi.board, { weeks: 3 })
    expect(items.map(({ week, signedByName }) => [week, signedByName])).toEqual([
      ['2026-W21', null],
      ['2026-W20', null],
      ['2026-W19', '周敏'],
    ])
    expect(await clause('3.2.2-(2)', '2026-05')).toMatchObject({ state: 'BREACHED', met: 1, breached: 2 })
  })
  test('[3.2.2-(4)] matters between parties are closed by the end of their day', async () => {
    const matter = { title: '外网割接窗口', party: '省信息中心', ownerId: om.personId, dueOn: '2026-05-20' }
    const one = await om.call(documentApi.openCoordination, matter)
    await om.call(documentApi.openCoordination, { ...matter, title: '未办' })
    t.setNow('2026-05-20T23:00')
    await om.call(documentApi.closeCoordination, { itemId: one.id, result: '定于 6 月 1 日夜间' })
    expect((await om.send(documentApi.closeCoordination, { itemId: one.id, result: '再关' })).status).toBe(409)
    t.setNow('2026-05-21T09:00')
    expect(await clause('3.2.2-(4)', '2026-05')).toMatchObject({ met: 1, breached: 1 })
  })
})

describe('[5.1-2] a planning paper a year', () => {
  it('is counted, advised, sent, and acknowledged by its bureau alone', async () => {
    const paper = await om.call(documentApi.makePaper, { year: 2026, tenantId })
    expect(paper).toMatchObject({ status: 'DRAFT', figures: { servers: 0, incidents: 0 } })
    expect((await om.send(documentApi.makePaper, { year: 2026, tenantId })).status).toBe(409)
    expect((await om.send(documentApi.sendPaper, { paperId: paper.id })).status).toBe(422)
    await om.call(documentApi.advise, { paperId: paper.id, advice: '明年扩容两台' })
    expect((await approver.call(documentApi.papers, {})).items).toEqual([])
    expect((await approver.send(documentApi.paper, { paperId: paper.id })).status).toBe(404)
    await om.call(documentApi.sendPaper, { paperId: paper.id })
    expect(await approver.call(documentApi.paper, { paperId: paper.id })).toMatchObject({ advice: '明年扩容两台', may: ['ACK'] })
    expect((await foreign.send(documentApi.paper, { paperId: paper.id })).status).toBe(404)
    const word = readZip(await bytesOf(approver, `/planning-papers/${paper.id}/print`, {}))
    expect(word.find(({ name }) => name === 'word/document.xml')?.bytes.toString()).toContain('明年扩容两台')
    expect((await foreign.call(documentApi.papers, {})).items).toEqual([])
    expect((await foreign.send(documentApi.ackPaper, { paperId: paper.id })).status).toBe(404)
    expect(await approver.call(documentApi.ackPaper, { paperId: paper.id, comment: '同意' })).toMatchObject({
      status: 'ACKNOWLEDGED',
      ackByName: '陈丽华',
    })
    t.setNow('2027-01-02T09:00')
    expect(await clause('5.1-2', '2026-12')).toMatchObject({ state: 'COMPLIANT', met: 1 })
    t.setNow('2026-05-21T09:00')
  })
})

describe('the library', () => {
  it('keeps versions, marks what goes out, and keeps to the day', async () => {
    const store = (bytes: Buffer) => t.inTx((ctx) => storeFile(ctx, [bytes], { name: '制度.docx', purpose: 'document' }), om.actor)
    const first = await om.call(documentApi.addDocument, {
      title: '运维制度',
      kind: 'REGULATION',
      keepUntil: '2029-12-31',
      fileId: (await store(DOCX)).id,
    })
    const second = await om.call(documentApi.addVersion, {
      documentId: first.id,
      fileId: (await store(watermarked(DOCX, '新'))).id,
      note: '修订第三章',
    })
    expect(second.versions.map(({ version }) => version)).toEqual([1, 2])
    expect((await om.send(documentApi.retire, { documentId: first.id })).problem).toMatchObject({ day: '2029-12-31' })
    const out = readZip(await bytesOf(customer, `/documents/${first.id}/export`, { version: 1 }))
    expect(out.find(({ name }) => name === 'word/document.xml')?.bytes.toString()).toContain(
      '韩雪峰 2026-05-21 09:00 导出 运维制度 第 1 版',
    )
    expect((await approver.send(documentApi.library, {})).status).toBe(403)
  })
  it('packs a year with a manifest that names each file by its digest', async () => {
    const all = readZip(await bytesOf(om, '/archives', { year: 2026 }))
    // the mark of the export came with the sending, and is no part of the archive
    const files = all.filter(({ name }) => name !== '导出说明.txt')
    expect(all).toHaveLength(files.length + 1)
    const manifest = JSON.parse(files[0]?.bytes.toString() ?? '{}')
    expect(manifest.files).toHaveLength(files.length - 1)
    for (const one of manifest.files)
      expect(sha256Hex(files.find(({ name }) => name === one.name)?.bytes ?? Buffer.alloc(0))).toBe(one.digest)
    expect(files.some(({ name }) => name.endsWith('2-制度.docx'))).toBe(true)
    const { items } = await customer.call(documentApi.archives, {})
    expect(items[0]).toMatchObject({
      year: 2026,
      files: files.length - 1,
      digest: { value: sha256Hex(files[0]?.bytes ?? Buffer.alloc(0)) },
    })
  })
  test('a zip is read back as it was written', () => {
    const entries = [
      { name: '甲.txt', bytes: Buffer.from('内容') },
      { name: 'b/空', bytes: Buffer.alloc(0) },
    ]
    expect(readZip(writeZip(entries))).toEqual(entries)
    expect(() => readZip(Buffer.from('no'))).toThrow(RangeError)
  })
})
