import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { complianceApi } from '@changbai/contract/compliance.ts'
import { reportApi } from '@changbai/contract/report.ts'
import { REPORT_AUTHORS, SECTION_CODES } from '@changbai/contract/report.words.ts'
import { PatchType, patchDetector, patchDocument, TextRun } from 'docx'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { printMonth, reportDay } from './index.ts'
import { sayFlaws } from './template.domain.ts'

const TEMPLATE = resolve(import.meta.dirname, '../../../../../plan/jilin/documents/monthly-report.docx')
const month = '2026-05'
let t: TestServer
let om: Client
let secondOm: Client
let authors: Record<(typeof REPORT_AUTHORS)[number], Client>
let customer: Client
let leader: Client

/** The plain text of the document's body. */
const textOf = (bytes: Uint8Array): string => {
  const folder = mkdtempSync(join(tmpdir(), 'docx-'))
  try {
    writeFileSync(join(folder, 'a.docx'), bytes)
    return execFileSync('unzip', ['-p', join(folder, 'a.docx'), 'word/document.xml'], { maxBuffer: 1 << 28 })
      .toString()
      .replace(/<[^>]+>/g, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

beforeAll(async () => {
  t = await startTestServer({ now: '2026-06-01T08:30' })
  om = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  secondOm = await t.signedIn({ role: 'OPERATION_MANAGER', name: '林晓东' })
  authors = {
    OPERATION_MANAGER: om,
    MAINTENANCE_MANAGER: await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' }),
    MAINTENANCE_ENGINEER: await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' }),
    APP_PROJECT_MANAGER: await t.signedIn({ role: 'APP_PROJECT_MANAGER', name: '杨帆' }),
    BUILD_PROJECT_MANAGER: await t.signedIn({ role: 'BUILD_PROJECT_MANAGER', name: '孙浩' }),
  }
  customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
  leader = await t.signedIn({ role: 'CUSTOMER_LEADER', name: '郭建国' })
})
afterAll(() => t.stop())

const clause = async (clauseId: string, at = '2026-06') =>
  (await customer.call(complianceApi.clause, { clauseId, month: at })).clause.figure

describe('[5.7-1] five parties write it by the 5th', () => {
  it('is not owed before anybody began', async () => expect(await clause('5.7-1')).toMatchObject({ due: 0 }))
  it('opens on the first day, told to the five, with fourteen sections even of a month without data', async () => {
    await t.inTx(reportDay)
    await t.inTx(reportDay)
    const report = await om.call(reportApi.get, { month })
    expect(report.sections.map(({ code }) => code)).toEqual([...SECTION_CODES])
    expect(report.deadlines.map(({ writtenOn, dueOn, moved }) => [writtenOn, dueOn, moved])).toEqual([
      ['2026-06-05', '2026-06-05', null],
      ['2026-06-08', '2026-06-08', null],
      ['2026-06-10', '2026-06-10', null],
    ])
    expect((await om.call(reportApi.list, {})).items).toHaveLength(1)
    expect((await om.send(reportApi.open, { month: '2026-06' })).problem).toMatchObject({ type: 'urn:changbai:problem:report.not-over' })
  })
  it('the customer does not read what is being written', async () =>
    expect((await customer.send(reportApi.get, { month })).status).toBe(404))
  test('two of one party at once: both are kept, or both come back', async () => {
    const write = (who: Client, baseRev: number, text: string) =>
      who.send(reportApi.comment, { month, section: 'risks', author: 'OPERATION_MANAGER', baseRev, text })
    await write(om, 0, '汇聚交换机老化\n备件不足\n雨季机房防水')
    expect((await write(om, 1, '汇聚交换机老化，已列更换\n备件不足\n雨季机房防水')).status).toBe(200)
    const second = await write(secondOm, 1, '汇聚交换机老化\n备件不足\n雨季机房防水，已加挡板')
    expect(second.reply).toMatchObject({
      merged: true,
      comment: { text: '汇聚交换机老化，已列更换\n备件不足\n雨季机房防水，已加挡板', rev: 3 },
    })
    const clash = await write(om, 2, '汇聚交换机本周更换\n备件不足\n雨季机房防水，挡板已装')
    expect(clash.problem).toMatchObject({
      status: 409,
      by: '林晓东',
      mine: expect.stringContaining('挡板已装'),
      theirs: expect.stringContaining('已加挡板'),
    })
  })
  test('nobody writes for another party', async () => {
    const input = { month, section: 'risks', author: 'MAINTENANCE_MANAGER', baseRev: 0, text: '代写' } as const
    expect((await om.send(reportApi.comment, input)).status).toBe(403)
  })
  test('a signature ends with the next change of what was signed', async () => {
    await om.call(reportApi.sign, { month, author: 'OPERATION_MANAGER' })
    await om.call(reportApi.comment, { month, section: 'overview', author: 'OPERATION_MANAGER', baseRev: 0, text: '总体平稳' })
    expect((await om.call(reportApi.get, { month })).signed).toEqual([])
  })
  test('without the five it is handed in only with a reason', async () =>
    expect((await om.send(reportApi.submit, { month })).problem).toMatchObject({ type: 'urn:changbai:problem:report.unsigned' }))
  test('handed in on the 5th at 23:59 with all five it is kept', async () => {
    t.setNow('2026-06-05T23:59')
    for (const author of REPORT_AUTHORS) await authors[author].call(reportApi.sign, { month, author })
    const report = await om.call(reportApi.submit, { month })
    expect(report).toMatchObject({ status: 'INTERNAL', version: 1, signed: expect.arrayContaining([...REPORT_AUTHORS]) })
    expect(await clause('5.7-1')).toMatchObject({ state: 'COMPLIANT', met: 1 })
    const late = { month, section: 'risks', author: 'OPERATION_MANAGER', baseRev: 3, text: '改' } as const
    expect((await om.send(reportApi.comment, late)).problem).toMatchObject({ type: 'urn:changbai:problem:report.closed' })
  })
})

describe('[5.7-2a] the four groups approve it by the 8th', () => {
  const sign = (
    who: Client,
    group: 'OPERATION' | 'MAINTENANCE' | 'APPLICATION' | 'CONSTRUCTION',
    result: 'APPROVE' | 'RETURN' = 'APPROVE',
  ) => who.send(reportApi.approve, { month, group, result, comment: result === 'RETURN' ? '第四章数字有误' : '' })
  test('each for its own group, once', async () => {
    expect((await sign(om, 'MAINTENANCE')).status).toBe(403)
    expect((await sign(om, 'OPERATION')).status).toBe(200)
    expect((await sign(secondOm, 'OPERATION')).problem).toMatchObject({ type: 'urn:changbai:problem:report.approved-already' })
  })
  test('a return opens it again and takes the signatures back', async () => {
    const returned = await sign(authors.MAINTENANCE_MANAGER, 'MAINTENANCE', 'RETURN')
    expect(returned.reply).toMatchObject({ status: 'DRAFT', signed: [], approved: [] })
  })
  test('the fourth signature freezes it with its digest', async () => {
    t.setNow('2026-06-08T17:00')
    for (const author of REPORT_AUTHORS) await authors[author].call(reportApi.sign, { month, author })
    await om.call(reportApi.submit, { month })
    await sign(om, 'OPERATION')
    await sign(authors.MAINTENANCE_MANAGER, 'MAINTENANCE')
    await sign(authors.APP_PROJECT_MANAGER, 'APPLICATION')
    const last = await sign(authors.BUILD_PROJECT_MANAGER, 'CONSTRUCTION')
    expect(last.reply).toMatchObject({ status: 'APPROVED', version: 2, versions: [{ frozen: false }, { frozen: true }] })
    expect(await clause('5.7-2a')).toMatchObject({ state: 'COMPLIANT', met: 1 })
  })
  it('stays as it was signed, whatever is recorded afterwards', async () => {
    const before = await customer.call(reportApi.get, { month })
    const stored = await t.inTx(
      async (ctx) => (await sql<{ content: string }>`select content from report_version where version = 2`.execute(ctx.db)).rows[0],
    )
    const again = await t.inTx(async (ctx) => ctx.crypto.digest(stored?.content ?? ''))
    expect(before.versions[1]?.digest.value).toBe(again)
    await expect(t.inTx((ctx) => sql`update report_version set content = '{}'`.execute(ctx.db))).rejects.toThrow(/never changed/)
  })
})

describe('[5.7-2b] it is presented on the 10th', () => {
  test('counts when both of the customer say that they heard it', async () => {
    t.setNow('2026-06-10T16:00')
    expect((await om.send(reportApi.present, { month, at: '2026-06-10T09:00:00Z', place: '办公室' })).status).toBe(409)
    await om.call(reportApi.present, { month, at: '2026-06-10T07:00:00Z', place: '三楼会议室', feedback: '' })
    await customer.call(reportApi.receive, { month, feedback: '同意' })
    expect(await clause('5.7-2b')).toMatchObject({ met: 0 })
    t.setNow('2026-06-12T09:00')
    expect(await clause('5.7-2b')).toMatchObject({ state: 'BREACHED' })
    expect((await leader.call(reportApi.receive, { month })).received).toHaveLength(2)
    expect(await clause('5.7-2b')).toMatchObject({ state: 'COMPLIANT', met: 1 })
  })
  test('what was wrong stays, the erratum stands beside it and is chained', async () => {
    const first = await om.call(reportApi.erratum, {
      month,
      section: 'hotline',
      wrong: '来电 12 次',
      right: '来电 13 次',
      reason: '漏计一次',
    })
    const two = await om.call(reportApi.erratum, {
      month,
      section: 'hotline',
      wrong: '来电 13 次',
      right: '来电 14 次',
      reason: '又漏一次',
    })
    expect(two.errataLines[1]?.digest.value).not.toBe(first.errataLines[0]?.digest.value)
    const agreed = await customer.call(reportApi.agreeErratum, { month, erratumId: first.errataLines[0]?.id ?? '' })
    expect(agreed.errataLines[0]).toMatchObject({ agreedByName: '韩雪峰' })
    expect((await om.send(reportApi.agreeErratum, { month, erratumId: first.errataLines[0]?.id ?? '' })).status).toBe(403)
  })
  test('a month nobody reported on is breached once reports are written', async () => {
    t.setNow('2026-07-11T09:00')
    expect(await clause('5.7-1', '2026-07')).toMatchObject({ state: 'BREACHED', breached: 1 })
  })
})

describe('on paper', () => {
  it('is a Word document on the office’s template with every mark filled', async () => {
    const { bytes } = await t.inTx((ctx) => printMonth(ctx, month))
    expect(await patchDetector({ data: bytes })).toEqual([])
    const text = textOf(bytes)
    for (const words of ['2026年5月', '汇聚交换机老化，已列更换', '资源池', '近十二个月的故障', '漏计一次']) expect(text).toContain(words)
  })
  it('prints a month that nobody opened, and opens nothing by it', async () => {
    await t.inTx((ctx) => printMonth(ctx, '2026-04'))
    expect((await om.send(reportApi.get, { month: '2026-04' })).status).toBe(404)
  })
  it('gives the figures as a workbook', async () => {
    const answer = await t.server.app.inject({
      method: 'POST',
      url: `/api/monthly-reports/${month}/figures`,
      headers: { authorization: `Test ${om.personId}` },
      payload: { format: 'csv' },
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.payload).toContain('资源情况')
  })
  it('refuses a template with a misspelt mark, naming it; a second person approves a good one', async () => {
    const good = readFileSync(TEMPLATE)
    const renamed = await patchDocument({
      outputType: 'nodebuffer',
      data: good,
      patches: { hotline: { type: PatchType.PARAGRAPH, children: [new TextRun('{{hotlin}}')] } },
    })
    const upload = (who: Client, bytes: Buffer) =>
      t.server.app.inject({
        method: 'POST',
        url: '/api/monthly-report-templates',
        headers: { authorization: `Test ${who.personId}`, 'content-type': 'multipart/form-data; boundary=x' },
        payload: Buffer.concat([
          Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="t.docx"\r\n\r\n'),
          bytes,
          Buffer.from('\r\n--x--\r\n'),
        ]),
      })
    const refused = await upload(om, renamed)
    expect(refused.statusCode).toBe(422)
    expect(refused.json().flaws).toBe(
      sayFlaws([
        { mark: 'hotlin', what: 'UNKNOWN', meant: 'hotline' },
        { mark: 'hotline', what: 'MISSING', meant: null },
      ]),
    )
    expect((await upload(om, Buffer.from('not a document'))).statusCode).toBe(422)
    const own = await patchDocument({
      outputType: 'nodebuffer',
      data: good,
      patches: { deadlines: { type: PatchType.PARAGRAPH, children: [new TextRun('内部资料')] } },
    })
    const proposed = (await upload(om, own)).json()
    const mm = authors.MAINTENANCE_MANAGER
    expect((await om.send(reportApi.approveTemplate, { templateId: proposed.id })).status).toBe(403)
    expect(await mm.call(reportApi.approveTemplate, { templateId: proposed.id })).toMatchObject({ inForce: true })
    expect(textOf((await t.inTx((ctx) => printMonth(ctx, month))).bytes)).toContain('内部资料')
  })
})
