import { availabilityApi } from '@changbai/contract/availability.ts'
import { changeApi } from '@changbai/contract/change.ts'
import { cloudReadApi } from '@changbai/contract/cloud.read.ts'
import { driftApi } from '@changbai/contract/inventory.drift.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { processApi } from '@changbai/contract/process.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readZip } from '../../platform/zip.ts'
import { addIncident } from '../incident/index.ts'
import { openTasksOf } from '../process/index.ts'
import { seedDemoChanges } from './change.demo.ts'
import { type ChangeWorld, openChangeWorld } from './change.fixture.ts'

let c: ChangeWorld
beforeAll(async () => {
  c = await openChangeWorld()
}, 60_000)
afterAll(() => c.w.t.stop())

const first = () => c.servers[0] as ChangeWorld['servers'][number]
const second = () => c.servers[1] as ChangeWorld['servers'][number]
/** To the beginning of the window, and through what the cloud does there. */
async function work() {
  c.w.t.advance('PT1H1M')
  await c.settle()
}

describe('[4.4] a normal change', () => {
  test('resizes a server with its backup, is verified and recorded a version higher', async () => {
    const { om, pm } = c.w.people
    const drafted = await c.draft([
      { ciId: first().id, attr: 'vcpu', to: '6' },
      { ciId: first().id, attr: 'memGiB', to: '12' },
    ])
    // the values now are the inventory's, not the applicant's
    expect(drafted.items.map(({ attr, from, way }) => [attr, from, way])).toEqual([
      ['vcpu', '4', 'DRIVER'],
      ['memGiB', '8', 'DRIVER'],
    ])
    expect(drafted.affected.map((one) => one.id)).toContain(c.w.applicationId)
    expect((await c.submit(drafted.id)).category).toBe('NORMAL')
    await c.approve(drafted.id)
    expect((await c.read(drafted.id)).status).toBe('APPROVED')
    await work()
    const done = await c.read(drafted.id)
    expect(done.status).toBe('DELIVERED')
    expect(done.backupRef).not.toBe('')
    expect(done.operations.map(({ phase, action, state }) => `${phase} ${action} ${state}`)).toEqual([
      'BACKUP snapshot DONE',
      'BACKUP readQuota DONE',
      'IMPLEMENT resize DONE',
    ])
    await c.act(drafted.id, 'verifyChange', pm, 'PASSED')
    await c.settle()
    await c.act(drafted.id, 'closeChange', om, 'DONE')
    const closed = await c.read(drafted.id)
    expect([closed.status, closed.outcome]).toEqual(['CLOSED', 'SUCCESS'])
    const thing = await c.thing(first().id)
    expect([thing.values.vcpu, thing.values.memGiB]).toEqual([6, 12])
    expect(closed.items.map((item) => (item.toRev ?? 0) - (item.fromRev ?? 0))).toEqual([1, 1])
  })

  test('that the application side finds wrong goes back, and its failure is analysed', async () => {
    const { pm, mm } = c.w.people
    const { id } = await c.draft([{ ciId: second().id, attr: 'vcpu', to: '6' }])
    await c.submit(id)
    await c.approve(id)
    await work()
    await c.act(id, 'verifyChange', pm, 'FAILED', {}, '首页打不开')
    await c.settle()
    expect(await c.steps(id)).toEqual(['reviewFailure'])
    const back = await c.read(id)
    expect(back.operations.filter((one) => one.phase === 'ROLLBACK').map((one) => `${one.action} ${one.state}`)).toContain(
      'restoreSize DONE',
    )
    await c.act(id, 'reviewFailure', mm, 'DONE', { cause: '应用参数写死核数', lesson: '先核对应用参数' })
    expect((await c.read(id)).outcome).toBe('ROLLED_BACK')
    expect((await c.thing(second().id)).values.vcpu).toBe(4)

    // the paper says what it came to, and why, over the names of those who sign
    const { reply } = await pm.send(changeApi.print, { changeId: id })
    const files = readZip(Buffer.from(reply as unknown as Uint8Array))
    const words = files.find(({ name }) => name === 'word/document.xml')?.bytes.toString() ?? ''
    for (const said of ['失败，已回退', '首页打不开', '应用参数写死核数；先核对应用参数', '失败分析人', '审批人'])
      expect(words).toContain(said)
  })

  test('is major when it grows by more than half, goes through the meeting and to the customer', async () => {
    const { om, mm, cm } = c.w.people
    const { id } = await c.draft([{ ciId: second().id, attr: 'vcpu', to: '8' }])
    const handed = await c.submit(id)
    expect(handed.category).toBe('MAJOR')
    expect(handed.majorReasons[0]?.en).toMatch(/more than 50 %/)
    await c.act(id, 'acceptChange', om, 'ACCEPT')
    await c.act(id, 'assessImpact', mm, 'SUPPORT')
    await c.act(id, 'assessCapacity', c.bm, 'SUPPORT')
    await c.act(id, 'reviewMeeting', c.om2, 'PASSED', { minutes: '同意，窗口内完成' })
    await c.act(id, 'approveMajor', cm, 'REJECT', {}, '业务量依据不足')
    const refused = await c.read(id)
    expect([refused.status, refused.rejection]).toEqual(['REJECTED', '业务量依据不足'])
  })

  test('the person who asks cannot approve, and what is missing is named', async () => {
    const { pm } = c.w.people
    const { id } = await c.draft([{ ciId: second().id, attr: 'vcpu', to: '5' }], { rollbackPlan: '', forecastRef: '' })
    const answer = await pm.send(changeApi.submit, { changeId: id, rev: (await c.read(id, pm)).rev })
    expect([answer.status, answer.problem.type]).toEqual([422, 'urn:changbai:problem:change.incomplete'])
    expect((await c.read(id)).gaps.map((gap) => gap.field).sort()).toEqual(['forecastRef', 'rollbackPlan'])
    await pm.call(processApi.withdraw, { instanceId: (await c.read(id)).instanceId ?? '', reason: '不改了' })
    expect((await c.read(id)).status).toBe('WITHDRAWN')
  })
})

describe('faults', () => {
  test('a snapshot that fails stops before anything is touched; retried it goes on', async () => {
    const { ot } = c.w.people
    const { id } = await c.draft([{ ciId: second().id, attr: 'vcpu', to: '5' }])
    await c.submit(id)
    await c.approve(id)
    await c.fault('actFails', 'server')
    await work()
    expect(await c.steps(id)).toEqual(['backupByHand'])
    expect((await c.read(id)).operations.filter((one) => one.phase === 'IMPLEMENT')).toEqual([])
    await expect(c.act(id, 'backupByHand', ot, 'DONE')).rejects.toThrow('change.backup-required')
    await c.act(id, 'backupByHand', ot, 'CANCEL')
    expect((await c.read(id)).status).toBe('CANCELLED')
  })

  test('a cloud without room leaves the choice to people, who take it back', async () => {
    const { ot, mm } = c.w.people
    const { id } = await c.draft([{ ciId: second().id, attr: 'vcpu', to: '5' }])
    await c.submit(id)
    await c.approve(id)
    await c.fault('noValidHost', 'server')
    await work()
    expect(await c.steps(id)).toEqual(['handleFailure'])
    expect((await c.read(id)).conclusions.at(-1)?.comment).toMatch(/No valid host/)
    await c.act(id, 'handleFailure', ot, 'ROLLBACK', {}, '资源池不足')
    await c.settle()
    await c.act(id, 'reviewFailure', mm, 'DONE', { cause: '主机无余量', lesson: '先看池' })
    expect((await c.read(id)).outcome).toBe('ROLLED_BACK')
  })

  test('a busy volume is waited for; it grows and cannot shrink in place', async () => {
    const { pm, om } = c.w.people
    const shrink = await c.draft([{ ciId: c.volume.id, attr: 'gib', to: '110' }])
    await c.submit(shrink.id)
    await c.approve(shrink.id)
    await c.fault('busy', 'volume', 3)
    await work()
    expect((await c.read(shrink.id)).status).toBe('DELIVERED')
    await c.act(shrink.id, 'verifyChange', pm, 'PASSED')
    await c.settle()
    await c.act(shrink.id, 'closeChange', om, 'DONE')
    expect((await c.thing(c.volume.id)).values.gib).toBe(110)
    const begun = await pm.call(changeApi.start, { ciIds: [c.volume.id] })
    const form = { ...begun.form, items: [{ ciId: c.volume.id, attr: 'gib' as const, to: '10' }] }
    expect((await pm.send(changeApi.save, { changeId: begun.id, rev: begun.rev, form })).problem.type).toBe(
      'urn:changbai:problem:change.not-for-item',
    )
  })

  test('two changes on one server at once: the second is refused by name, or waits while the first is done', async () => {
    const { ot, pm, om } = c.w.people
    const one = await c.draft([{ ciId: first().id, attr: 'memGiB', to: '13' }], c.hours(1, 5))
    await c.submit(one.id)
    const two = await c.draft([{ ciId: first().id, attr: 'memGiB', to: '14' }], c.hours(2, 6))
    // not approved yet: only a warning
    expect((await c.read(two.id)).conflicts.map(({ name, blocks }) => [name, blocks])).toEqual([[one.number, false]])
    await c.submit(two.id)
    await c.approve(one.id)
    const three = await c.draft([{ ciId: first().id, attr: 'memGiB', to: '15' }], c.hours(2, 6))
    const refused = await pm.send(changeApi.submit, { changeId: three.id, rev: three.rev })
    expect([refused.problem.type, refused.problem.title]).toEqual([
      'urn:changbai:problem:change.conflict',
      expect.stringContaining(one.number),
    ])
    await c.approve(two.id)
    await work()
    expect((await c.read(one.id)).status).toBe('DELIVERED')
    await work()
    expect(await c.steps(two.id)).toEqual(['resolveBlock'])
    expect((await c.read(two.id)).conclusions.at(-1)?.comment).toContain(one.number)
    await c.act(one.id, 'verifyChange', pm, 'PASSED')
    await c.settle()
    await c.act(one.id, 'closeChange', om, 'DONE')
    // what was approved is no longer what is there
    await c.act(two.id, 'resolveBlock', ot, 'RETRY')
    expect((await c.read(two.id)).conclusions.at(-1)?.comment).toMatch(/现值已不是/)
    await c.act(two.id, 'resolveBlock', ot, 'CANCEL')
    expect((await c.read(two.id)).status).toBe('CANCELLED')
  })

  test('a server deleted behind our back in the middle of a change is told as gone', async () => {
    const { ot } = c.w.people
    const { id } = await c.draft([{ ciId: second().id, attr: 'vcpu', to: '5' }])
    await c.submit(id)
    await c.approve(id)
    await c.fault('vanish', 'server')
    await work()
    expect(await c.steps(id)).toEqual(['backupByHand'])
    expect((await c.read(id)).conclusions.at(-1)?.comment).toMatch(/does not exist any more/)
    await c.act(id, 'backupByHand', ot, 'CANCEL')
  })
})

describe('planned downtime, freezes, the catalogue', () => {
  test('downtime: noticed at once, waits for the customer, overrun becomes an outage', async () => {
    const { pm, om, cm } = c.w.people
    const { id } = await c.draft([{ ciId: first().id, attr: 'restart', to: '' }], { ...c.hours(1, 2), downtime: true, forecastRef: '' })
    await c.submit(id)
    await c.approve(id, false)
    const waiting = await c.read(id)
    expect(waiting.plannedDowntime?.noticeSentAt).not.toBeNull()
    expect(waiting.plannedDowntime?.recognised).toBeNull()
    const { items } = await cm.call(availabilityApi.downtimes, { year: 2026 })
    const window = items.find((one) => one.id === waiting.plannedDowntime?.id)
    await cm.call(availabilityApi.decideDowntime, { downtimeId: window?.id ?? '', rev: window?.rev ?? 0, recognised: true, comment: '' })
    c.w.t.advance('PT1H1M')
    await c.settle()
    await c.act(id, 'verifyChange', pm, 'PASSED')
    await c.settle()
    await c.act(id, 'closeChange', om, 'DONE')
    const after = (await c.read(id)).plannedDowntime
    expect(after?.actualFrom).not.toBeNull()
    expect(after?.overrunMs).toBe(0)
  })

  test('a window nobody recognised by its beginning is arranged anew or called off', async () => {
    const { id } = await c.draft([{ ciId: first().id, attr: 'restart', to: '' }], { ...c.hours(1, 2), downtime: true, forecastRef: '' })
    await c.submit(id)
    await c.approve(id, false)
    await work()
    expect(await c.steps(id)).toEqual(['rearrange'])
    await c.act(id, 'rearrange', c.w.people.pm, 'RESCHEDULE', c.hours(24, 26))
    expect((await c.read(id)).plannedDowntime?.recognised).toBeNull()
    c.w.t.advance('PT25H')
    await c.settle()
    await c.act(id, 'rearrange', c.w.people.pm, 'CANCEL')
    expect((await c.read(id)).status).toBe('CANCELLED')
  })

  test('a freeze needs two persons and then refuses by name, but not an emergency', async () => {
    const { om, mm, pm } = c.w.people
    const span = { from: c.w.t.now().add({ hours: 10 }).toString(), to: c.w.t.now().add({ hours: 40 }).toString() }
    const freeze = await om.call(changeApi.proposeFreeze, { name: '省两会保障', reason: '重要保障期', ...span })
    expect((await om.send(changeApi.decideFreeze, { freezeId: freeze.id, decision: 'APPROVE' })).problem.type).toBe(
      'urn:changbai:problem:change.same-person',
    )
    await mm.call(changeApi.decideFreeze, { freezeId: freeze.id, decision: 'APPROVE' })
    const { id, rev } = await c.draft([{ ciId: first().id, attr: 'memGiB', to: '16' }], c.hours(12, 14))
    const refused = await pm.send(changeApi.submit, { changeId: id, rev })
    expect([refused.problem.type, refused.problem.title]).toEqual([
      'urn:changbai:problem:change.frozen',
      expect.stringContaining('省两会保障'),
    ])
    await mm.call(changeApi.decideFreeze, { freezeId: freeze.id, decision: 'LIFT' })
  })

  test('a standard change goes straight to its window, and only within the catalogue', async () => {
    const { pm, om } = c.w.people
    const begun = await pm.call(changeApi.start, { category: 'STANDARD', standardKey: 'take-snapshot', ciIds: [first().id] })
    const form = { ...begun.form, reasonText: '升级前留底', ...c.hours(1, 2) }
    const saved = await pm.call(changeApi.save, { changeId: begun.id, rev: begun.rev, form })
    await pm.call(changeApi.submit, { changeId: saved.id, rev: saved.rev })
    expect((await c.read(saved.id)).status).toBe('APPROVED')
    await work()
    expect((await c.read(saved.id)).operations.map((one) => one.action)).toEqual(['snapshot'])
    await c.act(saved.id, 'verifyChange', pm, 'PASSED')
    await c.settle()
    await c.act(saved.id, 'closeChange', om, 'DONE')
    const other = await pm.call(changeApi.start, { category: 'STANDARD', standardKey: 'take-snapshot', ciIds: [first().id] })
    const wider = { ...other.form, items: [{ ciId: first().id, attr: 'vcpu' as const, to: '7' }], reasonText: '顺便扩容', ...c.hours(1, 2) }
    const kept = await pm.call(changeApi.save, { changeId: other.id, rev: other.rev, form: wider })
    expect((await pm.send(changeApi.submit, { changeId: kept.id, rev: kept.rev })).problem.type).toBe(
      'urn:changbai:problem:change.not-standard',
    )
  })
})

describe('an emergency', () => {
  test('belongs to an incident of level I or II, is approved at once, and owes its papers', async () => {
    const { pm, om } = c.w.people
    const bad = await pm.send(changeApi.start, { category: 'EMERGENCY', ciIds: [first().id] })
    expect(bad.problem.type).toBe('urn:changbai:problem:change.needs-incident')
    const incidentId = await c.w.t.inTx(
      async (ctx) =>
        (
          await addIncident(ctx, {
            source: 'MONITOR',
            title: '应用中断',
            symptom: '首页打不开',
            criteria: ['BUSINESS_DOWN'],
            applicationId: c.w.applicationId,
            tenantId: c.w.tenantId,
            reporterId: null,
            reporterName: '监控',
            reporterPhone: '',
            reportedAt: ctx.now,
            detectedAt: ctx.now,
            isSecurity: false,
          })
        ).id,
    )
    const { id } = await c.draft(
      [{ ciId: first().id, attr: 'restart', to: '' }],
      { windowFrom: null, windowTo: null, steps: [], rollbackPlan: '', verifyPlan: '', forecastRef: '' },
      { category: 'EMERGENCY', incidentId },
    )
    await c.submit(id)
    await c.act(id, 'approveEmergency', c.bl, 'APPROVE')
    await c.settle()
    await c.act(id, 'verifyChange', pm, 'PASSED')
    await c.settle()
    await c.act(id, 'closeChange', om, 'DONE')
    expect(await c.steps(id)).toEqual(['fillPapers'])
    const [task] = await c.w.t.inTx((ctx) => openTasksOf(ctx, id))
    expect((await c.read(id)).retroDueAt).not.toBeNull()
    c.w.t.advance('PT96H')
    await c.settle()
    expect((await c.read(id)).violation).toBe(true)
    await pm.call(processApi.complete, { taskId: task?.id ?? '', outcome: 'SUBMIT', data: { account: '重启后恢复' } })
    expect((await c.read(id)).status).toBe('CLOSED')
  })
})

describe('[4.4] a difference between cloud and records', () => {
  test('that a change shall put right opens its draft, for whoever decided or for a maintenance manager; each names the other', async () => {
    const { ia, mm, ot } = c.w.people
    const { items: servers } = await mm.call(inventoryApi.listServers, { applicationId: c.w.applicationId })
    const one = servers.find((server) => server.id === first().id)
    const vcpu = one?.vcpu
    await ia.call(cloudReadApi.tamper, { do: 'resize', externalId: one?.externalId ?? '', vcpu: 31 })
    c.w.t.advance('PT20M')
    await mm.call(cloudReadApi.readNow, {})
    await c.w.t.runJobs()
    const drifts = (await mm.call(driftApi.drifts, { status: 'OPEN', kind: 'server' })).items
    const of = (id: string) => drifts.find((drift) => drift.itemId === id)?.id ?? ''
    const decided = await mm.call(driftApi.decide, { id: of(first().id), decision: 'CHANGE', comment: '改回登记规格' })
    const change = await mm.call(changeApi.get, { changeId: decided.changeId ?? '' })
    expect([decided.reference, change.status, change.applicantId]).toEqual([change.number, 'DRAFT', mm.personId])
    expect(change.drift).toMatchObject({ id: decided.id, name: one?.name })
    expect(change.items[0]?.to).toContain(`vCPU 由 31 改回 ${vcpu}`)
    expect(await c.steps(change.id)).toEqual(['fillChangeForm'])
    // who may not hand in changes leaves the draft to one who may
    const other = await ia.call(driftApi.decide, { id: of(second().id), decision: 'CHANGE', comment: '按台账重建' })
    const rebuilt = await mm.call(changeApi.get, { changeId: other.changeId ?? '' })
    expect([rebuilt.applicantId, rebuilt.items[0]?.to]).toEqual([mm.personId, expect.stringContaining('按台账重建')])
    expect((await ot.send(changeApi.save, { changeId: change.id, rev: change.rev, form: change.form })).status).toBe(403)
    c.w.t.advance('PT1M')
  })
})

test('the demo goes the ways people go', async () => {
  const { pm, om } = c.w.people
  const known = (who: typeof pm) => ({ id: who.personId, name: who.actor.name })
  const before = (await om.call(changeApi.list, { limit: 200 })).items.length
  await c.w.t.inTx((ctx) =>
    seedDemoChanges(ctx, { tenantId: c.w.tenantId, applicationId: c.w.applicationId, applicant: known(pm), manager: known(om) }),
  )
  const { items } = await om.call(changeApi.list, { limit: 200 })
  expect(
    items
      .slice(0, items.length - before)
      .map((one) => one.status)
      .sort(),
  ).toEqual(['DRAFT', 'SUBMITTED'])
})
