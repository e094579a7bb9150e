import { assuranceApi } from '@changbai/contract/assurance.ts'
import { ledgerApi } from '@changbai/contract/ledger.ts'
import excel from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeApproved } from '../../../test/approved-export.ts'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { newId } from '../../platform/ids.ts'

let t: TestServer
let auditor: Client

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  auditor = await t.signedIn({ role: 'AUDIT_ADMIN', name: '审计员' })
})
afterAll(() => t.stop())

const controlOf = async (id: string) => (await auditor.call(assuranceApi.controls, {})).controls.find((one) => one.id === id)
const give = (personId: string, role: string, by: string | null) =>
  t.inTx(({ db, now }) =>
    db
      .insertInto('role_grant')
      .values({
        id: newId(),
        person_id: personId,
        role,
        tenant_id: null,
        application_id: null,
        status: 'IN_FORCE',
        reason: '测试',
        proposed_by: by,
        proposed_at: now,
        decided_by: by,
        decided_at: now,
        ended_at: null,
      } as never)
      .execute(),
  )

test('a forbidden pair of roles and a grant by one hand are found although no page would have given them', async () => {
  expect((await controlOf('access'))?.evidence[0]).toMatchObject({ isWell: true, says: { zh: '兼任冲突 0 处' } })
  const person = await t.signedIn({ name: '身兼两职' })
  await give(person.personId, 'SYSTEM_ADMIN', person.personId)
  await give(person.personId, 'AUDIT_ADMIN', null)
  const access = await controlOf('access')
  expect(access?.evidence[0]).toMatchObject({ isWell: false, says: { zh: '兼任冲突 1 处' } })
  expect(access?.evidence[1]).toMatchObject({ isWell: false, says: { zh: expect.stringContaining('一人提出又批准 1 项') } })
  expect(access?.state).not.toBe('KEPT')
})

test('the workbook holds every page, names the conflict, and its taking leaves a fact with the digest', async () => {
  const answer = await takeApproved(t, auditor, assuranceApi.export, {})
  expect(answer.status).toBe(200)
  const book = new excel.Workbook()
  await book.xlsx.load(answer.reply as never)
  expect(book.worksheets.map(({ name }) => name)).toEqual([
    '控制项',
    '账号',
    '授权与审批',
    '职责分离',
    '委托',
    '访问复核',
    '口令与登录策略',
    '日志留存',
    '备份',
    '恢复演练',
    '互斥规则',
    '登录统计',
    '导出记录',
    '配置',
    '配置变更',
    '密钥与列加密',
    '数据分级',
    '依赖漏洞',
  ])
  const text = (name: string) => JSON.stringify(book.getWorksheet(name)?.getSheetValues())
  expect(text('职责分离')).toContain('身兼两职')
  expect(text('账号')).toContain('审计员')
  expect(text('账号')).not.toMatch(/argon2|\$v=/)
  expect(text('恢复演练')).toContain('没有恢复演练记录')
  expect(text('互斥规则')).toContain('审计管理员')
  expect(text('依赖漏洞')).toContain('未扫描')
  expect(text('密钥与列加密')).toContain('person.phone')
  expect(text('导出记录')).toContain('审计资料')
  expect(book.getWorksheet('账号')?.getCell('A1').text).toContain('审计员 于 2026-09-18 15:00 导出')
  const { items } = await auditor.call(ledgerApi.searchFacts, { kind: 'audit.exported' })
  expect(items[0]?.data).toMatchObject({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) })
})

test('business roles and the system administrator take nothing out', async () => {
  const system = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  const manager = await t.signedIn({ role: 'OPERATION_MANAGER' })
  expect((await system.send(assuranceApi.export, {})).status).toBe(403)
  expect((await system.send(assuranceApi.controls, {})).status).toBe(200)
  expect((await manager.send(assuranceApi.controls, {})).status).toBe(403)
})
