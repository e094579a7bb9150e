import { availabilityApi } from '@changbai/contract/availability.ts'
import { type MigrationDetail, MigrationPlan, migrationApi } from '@changbai/contract/migration.ts'
import { processApi } from '@changbai/contract/process.ts'
import { reclaimApi } from '@changbai/contract/reclaim.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../test/harness.ts'
import { readZip } from '../../platform/zip.ts'
import { recordServer } from '../inventory/index.ts'
import { openTasksOf, workDueJobs } from '../process/index.ts'
import { type OrderWorld, openOrderWorld } from '../provisioning/provisioning.fixture.ts'
import { seedDemoMigrations } from './migration.demo.ts'
import { formGaps, needsRehearsal, planGaps, readLines } from './migration.domain.ts'
import { updateMigration } from './migration.store.ts'

describe('sheets and plans', () => {
  const header = { number: 1, cells: ['主机', '操作系统', 'CPU 核数', '内存（GiB）', '磁盘(GiB)'] }
  test('a sheet is read by its header, in any order of columns', () => {
    const { lines, errors } = readLines('SURVEY', [header, { number: 2, cells: ['oa-db', '麒麟 V10', '16', '64', '1,000'] }])
    expect(errors).toEqual([])
    expect(lines[0]).toMatchObject({ host: 'oa-db', vcpu: 16, diskGiB: 1000 })
  })
  test('every wrong cell is named by its row and column', () => {
    const { errors } = readLines('SURVEY', [header, { number: 2, cells: ['', '麒麟', '十六', '64', '100'] }])
    expect(errors.map(({ row, column }) => [row, column])).toEqual([
      [2, '主机'],
      [2, 'CPU'],
    ])
    expect(readLines('SIZING', [{ number: 1, cells: ['名称'] }]).errors.map((one) => one.column)).toEqual(['数量', 'CPU', '内存', '磁盘'])
  })
  test.each([
    [3, 10, true],
    [2, 120, false],
    [2, 121, true],
  ])('level %i with %i minutes down is rehearsed: %s', (level, minutes, expected) =>
    expect(needsRehearsal(level, minutes, 120)).toBe(expected),
  )
  test('what is missing is named', () => {
    expect(planGaps(MigrationPlan.parse({}), Temporal.Instant.from('2026-09-18T00:00:00Z')).map((gap) => gap.field)).toContain(
      'rollbackDecisionAt',
    )
    expect(
      formGaps({ mlpsCert: '', sourceLocation: 'x', sourcePlatform: 'x', sourceOwner: 'x', maxDowntimeMin: 1 } as never, 'INBOUND'),
    ).toHaveLength(1)
  })
})

describe('[4.6] a migration by its process', () => {
  let w: OrderWorld
  let tl: Client
  beforeAll(async () => {
    w = await openOrderWorld()
    tl = await w.t.signedIn({ role: 'TENANT_APPROVER', tenantId: w.tenantId, name: '王建国' })
  }, 60_000)
  afterAll(() => w.t.stop())

  const read = (id: string) => w.people.om.call(migrationApi.get, { migrationId: id })
  const steps = (id: string) => w.t.inTx(async (ctx) => (await openTasksOf(ctx, id)).map((task) => task.node).sort())
  async function act(id: string, node: string, who: Client, outcome: string, data: Record<string, unknown> = {}, comment?: string) {
    const task = (await w.t.inTx((ctx) => openTasksOf(ctx, id))).find((one) => one.node === node)
    if (!task) throw new Error(`${node} is not open; open are ${await steps(id)}`)
    return who.call(processApi.complete, { taskId: task.id, outcome, data, ...(comment ? { comment } : {}) })
  }
  async function upTo(direction: 'INTRA' | 'OUTBOUND', plan: Partial<MigrationDetail['plan']> = {}): Promise<string> {
    const { pm, om, mm } = w.people
    const begun = await pm.call(migrationApi.start, { applicationId: w.applicationId, direction })
    const form = {
      ...begun.form,
      sourceLocation: '长春',
      sourcePlatform: 'VMware',
      sourceOwner: '省人社厅',
      maxDowntimeMin: 240,
      dataGiB: 800,
    }
    await pm.call(migrationApi.saveForm, { migrationId: begun.id, rev: begun.rev, form })
    await act(begun.id, 'applyMigration', pm, 'SUBMIT')
    await act(begun.id, 'tenantSign', tl, 'APPROVE')
    await act(begun.id, 'acceptMigration', om, 'ACCEPT')
    await expect(act(begun.id, 'surveySystem', pm, 'SUBMIT')).rejects.toThrow('migration.incomplete')
    const survey = [{ host: 'db', os: '麒麟', vcpu: 8, memGiB: 32, diskGiB: 500, middleware: '', database: '', ports: '', dependsOn: '' }]
    const sizing = [{ name: 'db', purpose: '', count: 1, vcpu: 8, memGiB: 32, diskGiB: 500 }]
    await w.t.inTx((ctx) => updateMigration(ctx.db, begun.id, { survey: JSON.stringify(survey), sizing: JSON.stringify(sizing) }, ctx.now))
    await act(begun.id, 'surveySystem', pm, 'SUBMIT')
    await act(begun.id, 'assessFeasibility', mm, 'FEASIBLE', { method: 'DB_REPLICATION' })
    const hour = (n: number) => w.t.now().add({ hours: n }).toString()
    const full = MigrationPlan.parse({
      steps: [{ action: '同步数据', owner: '马骏', minutes: 30 }],
      checks: [{ object: '人员表', method: 'COUNT', expected: '1200' }],
      windowFrom: hour(1),
      windowTo: hour(5),
      rollbackDecisionAt: hour(3),
      downtimeMinutes: 60,
      rollbackTrigger: '数据不一致',
      securityMeasures: '专线加密',
      contacts: [{ name: '李佳琪', phone: '0431-8888', role: '项目经理' }],
      ...plan,
    })
    await pm.call(migrationApi.savePlan, { migrationId: begun.id, rev: (await read(begun.id)).rev, plan: full })
    await act(begun.id, 'prepareMigrationPlan', pm, 'SUBMIT')
    await act(begun.id, 'reviewPlan', om, 'PASSED')
    return begun.id
  }
  async function recognise() {
    const { items } = await w.people.cm.call(availabilityApi.downtimes, { year: 2026 })
    const window = items.find((one) => one.recognised === null && one.cancelledAt === null)
    await w.people.cm.call(availabilityApi.decideDowntime, {
      downtimeId: window?.id ?? '',
      rev: window?.rev ?? 0,
      recognised: true,
      comment: '',
    })
    w.t.advance('PT1H1M')
    for (let round = 0; round < 4; round += 1) await workDueJobs(w.t.server.runtime)
  }

  test('out of the cloud: run sheet, observation, three signatures, certified erasure', async () => {
    const { pm, om, me, cm } = w.people
    const id = await upTo('OUTBOUND')
    expect(await steps(id)).toEqual([])
    await recognise()
    await expect(act(id, 'cutover', me, 'DONE')).rejects.toThrow('migration.run-open')
    await me.call(migrationApi.tick, { migrationId: id, no: 1, act: 'START' })
    w.t.advance('PT20M')
    const ticked = await me.call(migrationApi.tick, { migrationId: id, no: 1, act: 'END' })
    expect(Date.parse(ticked.run[0]?.endedAt ?? '') - Date.parse(ticked.run[0]?.startedAt ?? '')).toBe(20 * 60_000)
    await me.call(migrationApi.check, { migrationId: id, no: 1, found: '1200', ok: true })
    await act(id, 'cutover', me, 'DONE')
    await act(id, 'verifyBusiness', pm, 'PASSED')
    w.t.advance('PT169H')
    for (let round = 0; round < 4; round += 1) await workDueJobs(w.t.server.runtime)
    await act(id, 'confirmByApplication', pm, 'SIGN')
    await act(id, 'confirmByOperation', om, 'SIGN')
    await act(id, 'confirmByCustomer', cm, 'SIGN')
    await act(id, 'exportData', me, 'DONE', { evidence: '移动硬盘 2 块，已签收' })
    await act(id, 'confirmExport', pm, 'CONFIRM')
    await act(id, 'eraseSource', me, 'DONE', { evidence: '证明 QC-001', method: '三次覆写' })
    const closed = await read(id)
    expect([closed.status, closed.outcome, closed.signatures.length]).toEqual(['CLOSED', 'SUCCESS', 3])
    expect(closed.erasureProof).toContain('三次覆写')
  })

  test('at the point of decision people choose: more time needs the customer, else it goes back', async () => {
    const { om, me, cm } = w.people
    const id = await upTo('OUTBOUND')
    await recognise()
    w.t.advance('PT2H')
    for (let round = 0; round < 4; round += 1) await workDueJobs(w.t.server.runtime)
    expect(await steps(id)).toEqual(['decideRollback'])
    await act(id, 'decideRollback', om, 'EXTEND', { minutes: 30 }, '还差一张表')
    await act(id, 'approveExtension', cm, 'APPROVE')
    expect(await steps(id)).toEqual(['cutover'])
    w.t.advance('PT31M')
    for (let round = 0; round < 4; round += 1) await workDueJobs(w.t.server.runtime)
    await act(id, 'decideRollback', om, 'ROLLBACK', {}, '来不及')
    await act(id, 'rollbackMigration', me, 'DONE', { evidence: 'DNS 切回' })
    const back = await read(id)
    expect([back.status, back.outcome]).toEqual(['CLOSED', 'ROLLED_BACK'])

    // the paper says who decided so, and why
    const { reply } = await om.send(migrationApi.print, { migrationId: id })
    const files = readZip(Buffer.from(reply as unknown as Uint8Array))
    const words = files.find(({ name }) => name === 'word/document.xml')?.bytes.toString() ?? ''
    for (const said of ['五、评审与决定', '还差一张表', '甲方同意延窗', '来不及', 'DNS 切回', '六、确认', '已回退'])
      expect(words).toContain(said)
  })

  test('inside the cloud the target must be delivered by a request of its own', async () => {
    const id = await upTo('INTRA')
    expect(await steps(id)).toEqual(['prepareTarget'])
    await expect(act(id, 'prepareTarget', w.people.om, 'READY', { requestNo: 'SQ-20200101-0001' })).rejects.toThrow('migration.no-request')
  })

  test('what it ran on inside the cloud is taken back by cases of its own, and they are named', async () => {
    const { pm, om, me, cm } = w.people
    const id = await upTo('OUTBOUND')
    await w.t.inTx((ctx) => sql`update wf_instance set vars = vars || '{"direction": "INTRA"}' where business_key = ${id}`.execute(ctx.db))
    await recognise()
    await me.call(migrationApi.tick, { migrationId: id, no: 1, act: 'START' })
    await me.call(migrationApi.tick, { migrationId: id, no: 1, act: 'END' })
    await me.call(migrationApi.check, { migrationId: id, no: 1, found: '1200', ok: true })
    await act(id, 'cutover', me, 'DONE')
    await act(id, 'verifyBusiness', pm, 'PASSED')
    w.t.advance('PT169H')
    for (let round = 0; round < 4; round += 1) await workDueJobs(w.t.server.runtime)
    await act(id, 'confirmByApplication', pm, 'SIGN')
    await act(id, 'confirmByOperation', om, 'SIGN')
    await act(id, 'confirmByCustomer', cm, 'SIGN')
    const place = { tenantId: w.tenantId, applicationId: w.applicationId }
    const old = await w.t.inTx((ctx) =>
      recordServer(ctx, { ...place, kind: 'vm', name: 'old-01', vcpu: 2, memGiB: 4, rootGiB: 40, source: { type: 'test', id: 'old-01' } }),
    )
    const given = await pm.call(reclaimApi.start, { subject: 'SERVER', itemId: old.id, source: 'OWNER', reason: '已迁走' })
    const retire = (evidence: string) => act(id, 'retireSource', om, 'DONE', { evidence })
    await expect(retire('旧服务器已关机')).rejects.toThrow('migration.no-reclaim')
    await expect(retire(`${given.number}，HS-20200101-0001`)).rejects.toThrow('migration.no-reclaim')
    await retire(`回收单 ${given.number}`)
    expect(await read(id)).toMatchObject({ status: 'CLOSED', outcome: 'SUCCESS' })
  })

  test('the demo goes the ways people go', async () => {
    const { pm, om, mm } = w.people
    const known = (who: Client) => ({ id: who.personId, name: who.actor.name })
    const before = new Set((await om.call(migrationApi.list, { limit: 200 })).items.map(({ id }) => id))
    await w.t.inTx((ctx) =>
      seedDemoMigrations(ctx, {
        tenantId: w.tenantId,
        applicationId: w.applicationId,
        applicant: known(pm),
        approver: known(tl),
        operation: known(om),
        maintenance: known(mm),
      }),
    )
    const added = (await om.call(migrationApi.list, { limit: 200 })).items.filter(({ id }) => !before.has(id))
    expect(added).toHaveLength(3)
    const nodes = []
    for (const one of added) nodes.push(...(await steps(one.id)))
    expect(nodes.sort()).toEqual(['applyMigration', 'prepareMigrationPlan', 'tenantSign'])
  })
})
