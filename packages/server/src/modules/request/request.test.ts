import { admissionApi } from '@changbai/contract/admission.ts'
import { formApi } from '@changbai/contract/forms.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { processApi } from '@changbai/contract/process.ts'
import { provisioningApi } from '@changbai/contract/provisioning.ts'
import { requestApi } from '@changbai/contract/request.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  draftRequest,
  giveBack,
  grantAdmission,
  openProcedures,
  type Procedures,
  submitRequest,
  taskOf,
  upload,
} from '../../../test/procedures.ts'
import { newCatalog, provisionForm } from '../../../test/sample-forms.ts'
import { createTenant } from '../identity/index.ts'
import { drainDueJobs } from '../process/index.ts'
import { followFulfilment } from './index.ts'

let p: Procedures
let admissionId: string
const read = (requestId: string) => p.pm.call(requestApi.get, { requestId })
const status = async (requestId: string) => (await read(requestId)).status
/** Handed in and signed by the bureau. */
const submitted = async (change: object = {}) => {
  const { id } = await draftRequest(p, admissionId, change)
  await submitRequest(p, id)
  await act(p.tl, id, 'APPROVE')
  return id
}
const reviewed = async (change: object = {}) => {
  const id = await submitted(change)
  await act(p.om, id, 'APPROVE', { recommendation: '与推荐规格一致' })
  await act(p.mm, id, 'APPROVE')
  await act(p.bm, id, 'APPROVE', { capacity: 'SUFFICIENT' })
  return id
}

beforeAll(async () => {
  p = await openProcedures()
  admissionId = (await grantAdmission(p)).id
})
afterAll(() => p.t.stop())

describe('[4.2-4] a request goes from the catalogue to approval', () => {
  it('over five accounts and more, each step with its limit', async () => {
    const draft = await draftRequest(p, admissionId)
    expect(draft).toMatchObject({
      status: 'DRAFT',
      catalogFinal: true,
      admissionNo: 'ZR-20260918-0001',
      step: { node: 'fillProvisionForm' },
    })
    expect(draft.totalsCheck.every((check) => check.within)).toBe(true)
    expect(await submitRequest(p, draft.id)).toMatchObject({
      status: 'SUBMITTED',
      env: 'PROD',
      totals: { vmCount: 9, vcpu: 88, blockGiB: 2400 },
    })
    await act(p.tl, draft.id, 'APPROVE')
    expect((await read(draft.id)).step).toMatchObject({ node: 'preReview', dueAt: '2026-09-21T09:30:00Z' })
    await act(p.om, draft.id, 'APPROVE')
    expect(await status(draft.id)).toBe('UNDER_REVIEW')
    await act(p.mm, draft.id, 'APPROVE', { conditions: '数据库端口仅限应用网段' })
    await act(p.bm, draft.id, 'APPROVE', { capacity: 'SUFFICIENT', pool: 'A 池', vcpuAfterPct: 71.6 })
    expect(await read(draft.id)).toMatchObject({
      status: 'PENDING_APPROVAL',
      step: { node: 'customerApprove', dueAt: '2026-09-24T09:30:00Z' },
    })
    await act(p.cm, draft.id, 'APPROVE')
    await act(p.cl, draft.id, 'APPROVE')
    expect(await read(draft.id)).toMatchObject({ status: 'APPROVED', outcome: 'SUCCESS', conditions: '数据库端口仅限应用网段', step: null })
    const { items } = await p.pm.call(requestApi.timeline, { requestId: draft.id })
    expect(items.filter((item) => item.part === 'REQUEST' && item.actorName).map((item) => item.actorName)).toEqual([
      '杨帆',
      '杨帆',
      '杨帆',
      '王建国',
      '周敏',
      '赵立新',
      '孙浩',
      '韩雪峰',
      '刘主任',
    ])
    // the work orders go out in the same transaction, and their limits stand in the same course
    expect(items.filter((item) => item.part === 'WORK_ORDER' && item.state === 'NOW').map((item) => item.dueAt)).toContain(
      '2026-09-21T09:30:00Z',
    )
  })

  it('uses the admission: it no longer lapses', async () => {
    expect((await p.pm.call(admissionApi.get, { admissionId })).usedAt).not.toBeNull()
    p.t.setNow('2027-06-01T09:00')
    await drainDueJobs(p.t.server.runtime)
    expect(await p.pm.call(admissionApi.get, { admissionId })).toMatchObject({ status: 'APPROVED', may: ['START_REQUEST'] })
    p.t.setNow('2026-09-18T15:00')
  })

  it('shows what is still to come, with the days if it were approved today', async () => {
    const id = await reviewed()
    const { items } = await p.pm.call(requestApi.timeline, { requestId: id })
    expect(items.filter((item) => item.state === 'NOW')).toMatchObject([{ title: { zh: '等待 省电子政务办运维经理：甲方审批' } }])
    expect(items.filter((item) => item.state === 'FUTURE').map((item) => [item.part, item.dueAt])).toEqual([
      ['REQUEST', null],
      ['WORK_ORDER', null],
      ['WORK_ORDER', '2026-09-21T09:30:00Z'],
      ['DELIVERY', null],
    ])
  })
})

describe('a request goes back, ends, or is split', () => {
  it('returned by the customer it comes straight back to the customer', async () => {
    const id = await reviewed()
    await giveBack(p.cm, id, 'fillProvisionForm', [{ field: 'vmItems.0.count', text: '数量与负载不符' }])
    expect(await read(id)).toMatchObject({ status: 'RETURNED', step: { node: 'fillProvisionForm' } })
    const { form } = await p.pm.call(requestApi.gaps, { requestId: id })
    const { formId } = await read(id)
    const [first, second] = provisionForm().vmItems
    await p.pm.call(formApi.save, {
      formId,
      rev: form.rev,
      set: { vmItems: [{ ...first, count: 6 }, second], deviationReason: '按压测减一台' },
    })
    expect(await submitRequest(p, id)).toMatchObject({
      status: 'PENDING_APPROVAL',
      step: { node: 'customerApprove' },
      totals: { vmCount: 8 },
    })
    const { items } = await p.cm.call(formApi.versions, { formId })
    const { differences } = await p.cm.call(formApi.compare, { formId, from: items[1]?.version ?? 0, to: items[0]?.version ?? 0 })
    expect(differences.map((one) => [one.path, one.before, one.after])).toEqual([
      ['vmItems.0.count', '7 台', '6 台'],
      ['deviationReason', null, '按压测减一台'],
    ])
  })

  it('returned for the catalogue alone, the reviewer gets it back', async () => {
    const id = await submitted()
    await giveBack(p.om, id, 'prepareCatalog', [{ field: 'CATALOG/summary', text: '总结过简' }])
    const { catalogId } = await read(id)
    const catalog = await p.pm.call(formApi.get, { formId: catalogId })
    expect(catalog.editable).toBe(true)
    const { rev } = await p.pm.call(formApi.save, {
      formId: catalogId,
      rev: catalog.rev,
      set: { summary: '所需虚拟机 9 台，文件存储 9,100 GiB，备份 12,000 GiB。' },
    })
    await p.pm.call(requestApi.finaliseCatalog, { requestId: id, catalogRev: rev })
    expect((await read(id)).step).toMatchObject({ node: 'preReview' })
    expect((await p.pm.call(formApi.get, { formId: catalogId })).editable).toBe(false)
  })

  it('one of two parallel reviews returns: both open again', async () => {
    const id = await submitted()
    await act(p.om, id, 'APPROVE')
    await giveBack(p.bm, id, 'fillProvisionForm', [{ field: '', text: '机型待定' }])
    await submitRequest(p, id)
    expect((await taskOf(p.mm, id)).node).toBe('technicalReview')
    expect((await taskOf(p.bm, id)).node).toBe('capacityReview')
  })

  it('expires ten working days after a return', async () => {
    const id = await submitted()
    await giveBack(p.om, id, 'fillProvisionForm', [{ field: '', text: '补公函' }])
    p.t.setNow('2026-10-10T17:31')
    await drainDueJobs(p.t.server.runtime)
    expect(await read(id)).toMatchObject({ status: 'EXPIRED', may: [] })
    p.t.setNow('2026-09-18T15:00')
  })

  it('is rejected with reason and advice', async () => {
    const id = await reviewed()
    await act(p.cm, id, 'APPROVE')
    await act(p.cl, id, 'REJECT', { advice: '明年预算再报' }, '本年预算已满')
    expect(await read(id)).toMatchObject({ status: 'REJECTED', rejection: { reason: '本年预算已满', advice: '明年预算再报' } })
  })

  it('is withdrawn before the first review only', async () => {
    const early = await submitted()
    expect((await p.pm.call(requestApi.withdraw, { requestId: early })).status).toBe('WITHDRAWN')
    const late = await submitted()
    await act(p.om, late, 'APPROVE')
    expect((await p.pm.send(requestApi.withdraw, { requestId: late })).problem.type).toBe('urn:changbai:problem:request.withdraw-too-late')
  })

  it('is cancelled by the project manager after approval, until provisioning has begun', async () => {
    const id = await reviewed()
    await act(p.cm, id, 'APPROVE')
    await act(p.cl, id, 'APPROVE')
    expect((await read(id)).may).toContain('CANCEL')
    expect((await p.pm.call(requestApi.cancel, { requestId: id, reason: '项目调整' })).status).toBe('CANCELLED')
    const told = await p.cm.call(notificationApi.inbox, { limit: 50 })
    expect(told.items.find((notice) => notice.event === 'request.cancelled')?.body).toContain('项目调整')
    const orders = await p.om.call(provisioningApi.list, { requestId: id })
    expect(orders.items.map((order) => order.status)).toEqual(['CANCELLED'])
    expect((await p.om.call(processApi.tasks, { limit: 200 })).items.filter((task) => task.businessKey === orders.items[0]?.id)).toEqual([])
    const other = await reviewed()
    await act(p.cm, other, 'APPROVE')
    await act(p.cl, other, 'APPROVE')
    await p.t.inTx((ctx) => followFulfilment(ctx, { requestId: other, status: 'FULFILLING' }))
    const refused = await p.pm.send(requestApi.cancel, { requestId: other, reason: '项目调整' })
    expect([refused.status, refused.problem.type]).toEqual([409, 'urn:changbai:problem:request.not-cancellable'])
  })

  it('is split where capacity is short: part goes on, the rest queues under its own number', async () => {
    const id = await submitted()
    await act(p.om, id, 'APPROVE')
    await act(p.mm, id, 'APPROVE')
    const task = await taskOf(p.bm, id)
    const bad = await p.bm.send(processApi.complete, {
      taskId: task.id,
      outcome: 'APPROVE',
      data: { capacity: 'PARTIAL', partial: [{ path: 'vmItems.0', quantity: 7 }] },
    })
    expect([bad.status, bad.problem.reason]).toEqual([422, 'NOT_LESS'])
    await act(p.bm, id, 'APPROVE', { capacity: 'PARTIAL', partial: [{ path: 'vmItems.0', quantity: 4 }] })
    expect(await read(id)).toMatchObject({ step: { node: 'confirmSplit' }, proposedSplit: [{ path: 'vmItems.0', quantity: 4 }] })
    await act(p.pm, id, 'APPROVE')
    const now = await read(id)
    expect(now).toMatchObject({
      status: 'PENDING_APPROVAL',
      outcome: 'PARTIAL',
      totals: { vmCount: 6 },
      children: [{ status: 'WAITLISTED' }],
    })
    const childId = now.children[0]?.id ?? ''
    expect(await read(childId)).toMatchObject({
      parent: { id },
      totals: { vmCount: 3, fileGiB: 0 },
      buildDemand: { status: 'OPEN' },
      step: { node: 'fulfilBuildDemand' },
    })
    await act(p.bm, childId, 'READY')
    expect(await status(childId)).toBe('PENDING_APPROVAL')
    await act(p.cm, id, 'APPROVE')
    await act(p.cl, id, 'APPROVE')
    expect(await read(id)).toMatchObject({ status: 'APPROVED', outcome: 'PARTIAL' })
  })

  it('the project manager may refuse the split and wait for the whole', async () => {
    const id = await submitted()
    await act(p.om, id, 'APPROVE')
    await act(p.mm, id, 'APPROVE')
    await act(p.bm, id, 'APPROVE', { capacity: 'PARTIAL', partial: [{ path: 'vmItems.0', quantity: 1 }] })
    await act(p.pm, id, 'REJECT')
    expect(await read(id)).toMatchObject({ status: 'WAITLISTED', totals: { vmCount: 9 }, children: [] })
  })
})

describe('rules of the form', () => {
  const gaps = async (change: object) => {
    const { id } = await draftRequest(p, admissionId, change)
    const { form } = await p.pm.call(requestApi.gaps, { requestId: id })
    return { id, form }
  }

  it('names a port that may not be open to everybody, and does not take the form', async () => {
    const [outside, inside] = [provisionForm().netItems[1], provisionForm().netItems[0]]
    const open = { ...outside, rules: [{ src: '0.0.0.0/0', dst: '10.12.3.10', proto: 'TCP', port: '22', purpose: '运维' }] }
    const { id, form } = await gaps({ netItems: [inside, open] })
    expect(form.gaps).toMatchObject([
      { path: 'netItems.1.rules.0.src', message: { zh: '不能对所有地址开放 22（SSH）端口，请写明来源网段' } },
    ])
    const refused = await p.pm.send(requestApi.submit, { requestId: id, rev: form.rev })
    expect([refused.status, refused.problem.type]).toEqual([422, 'urn:changbai:problem:form.incomplete'])
  })

  it('asks for a reason when the lines differ from the catalogue', async () => {
    const [first, second] = provisionForm().vmItems
    const { form } = await gaps({ vmItems: [{ ...first, count: 12 }, second] })
    expect(form.gaps.map((gap) => gap.path)).toEqual(['deviationReason'])
    expect(form.consequences.map((one) => one.code)).toEqual(expect.arrayContaining(['LEADER_VCPU', 'DEVIATION']))
  })

  it('knows no model that did not pass its test', async () => {
    const { form } = await gaps({
      bmItems: [
        { modelId: '01890000-0000-7000-8000-000000000000', purpose: '库', raid: 'RAID10', os: '麒麟', count: 1, justification: '性能' },
      ],
    })
    expect(form.gaps.map((gap) => `${gap.path} ${gap.code}`)).toContain('bmItems.0.modelId UNKNOWN_CHOICE')
  })

  it('sets what the load justifies beside what is asked for', async () => {
    const { id } = await draftRequest(p, admissionId)
    const { items } = await p.om.call(requestApi.recommendation, { requestId: id })
    expect(items.map((item) => [item.subject.zh, item.asked, item.recommended])).toEqual([
      ['应用服务器', 9, 7],
      ['存储', 11500, 12988],
    ])
    expect((await p.pm.call(requestApi.choices, { requestId: id })).securityPackage).toHaveLength(5)
  })

  it('refuses the form while the catalogue is open, and a lapsed admission', async () => {
    const request = await p.pm.call(requestApi.start, { admissionId })
    const refused = await p.pm.send(requestApi.submit, { requestId: request.id, rev: 0 })
    expect([refused.status, refused.problem.type]).toEqual([409, 'urn:changbai:problem:request.catalog-open'])
    const foreign = await p.foreigner.send(requestApi.start, { admissionId })
    expect(foreign.status).toBe(404)
  })

  it('another bureau sees nothing: 404 everywhere', async () => {
    const { id, formId, catalogId } = await draftRequest(p, admissionId)
    for (const answer of [
      await p.foreigner.send(requestApi.get, { requestId: id }),
      await p.foreigner.send(requestApi.forms, { requestId: id }),
      await p.foreigner.send(requestApi.gaps, { requestId: id }),
      await p.foreigner.send(requestApi.timeline, { requestId: id }),
      await p.foreigner.send(requestApi.choices, { requestId: id }),
      await p.foreigner.send(requestApi.withdraw, { requestId: id }),
      await p.foreigner.send(formApi.get, { formId }),
      await p.foreigner.send(formApi.save, { formId: catalogId, rev: 0, set: newCatalog() }),
    ])
      expect(answer.status).toBe(404)
    expect((await upload(p.t, p.foreigner, formId, 'basis')).status).toBe(404)
    expect((await p.foreigner.call(requestApi.list, {})).items).toEqual([])
  })

  it('lists, filters and prints', async () => {
    const { items } = await p.om.call(requestApi.list, { q: '森林', status: 'APPROVED', env: 'PROD', limit: 200 })
    expect(items.length).toBeGreaterThan(0)
    expect(items.every((item) => item.status === 'APPROVED' && item.env === 'PROD')).toBe(true)
    const one = await read(items[0]?.id ?? '')
    const paper = await p.om.send(formApi.print, { formId: one.formId })
    expect(paper.status).toBe(200)
  })

  it('takes text with markup as text, and 2,000 lines', async () => {
    const { id, form } = await gaps({ basisNote: `<img src=x onerror=alert(1)>'; delete from request;--` })
    expect(form.gaps).toEqual([])
    const { formId } = await read(id)
    const [first] = provisionForm().vmItems
    const many = Array.from({ length: 2000 }, (_, at) => ({ ...first, hostName: `vm-${at}`, count: 1 }))
    const saved = await p.pm.call(formApi.save, { formId, rev: form.rev, set: { vmItems: many } })
    expect(saved.totals?.vmCount).toBe(2000)
    const refused = await p.pm.send(formApi.save, { formId, rev: saved.rev, set: { vmItems: Array(10_000).fill(first) } })
    expect([refused.status, refused.problem.field]).toEqual([413, 'vmItems'])
  })
})

describe('the lists as sheets', () => {
  it('a bureau takes out its own requests under the conditions of the list, in its language, and it is recorded', async () => {
    await draftRequest(p, admissionId)
    const taken = async (who: typeof p.pm, input: object, headers?: Record<string, string>) =>
      ((await who.send(requestApi.exportList, { format: 'csv', ...input }, headers)).reply as Buffer).toString('utf8').trim().split('\r\n')
    const all = await taken(p.om, {})
    const { items } = await p.om.call(requestApi.list, { limit: 200 })
    expect(all).toHaveLength(items.length + 1)
    expect(all[0]).toContain('申请号,应用系统')
    expect(all[1]?.split(',')[0]).toBe(items[0]?.number)
    const drafts = items.filter((one) => one.status === 'DRAFT')
    expect(await taken(p.om, { status: 'DRAFT' }, { 'x-locale': 'en-US' })).toHaveLength(drafts.length + 1)
    const other = await p.t.inTx((ctx) => createTenant(ctx, { code: 'QTJ', name: '其他局', shortName: '其他局' }))
    const foreign = await p.t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: other.id })
    expect(await taken(foreign, {})).toHaveLength(1)
    for (const e of [admissionApi.exportList, provisioningApi.exportList]) {
      const answer = await p.om.send(e, {})
      expect([answer.status, (answer.reply as Buffer).subarray(0, 2).toString()]).toEqual([200, 'PK'])
    }
    const facts = await p.t.inTx((ctx) =>
      ctx.db.selectFrom('ledger_fact').select('kind').where('kind', 'like', '%.list-exported').orderBy('kind').execute(),
    )
    expect(facts.map(({ kind }) => kind).filter((kind, at, all) => all.indexOf(kind) === at)).toEqual([
      'admission.list-exported',
      'request.list-exported',
      'work-order.list-exported',
    ])
  })
})

// last, because a pool that is kept changes what the reviews above find
describe('capacity is asked of the pools, and promised with the approval', () => {
  it('shows the reviewer what is short, holds the room when approved, and lets it go when cancelled', async () => {
    const capacity = { vcpu: 100, memGiB: 2000, storageGiB: 100_000, publicAddresses: 10, baremetal: 0 }
    const pool = await p.bm.call(inventoryApi.createPool, { name: 'A 池', code: 'A', zone: 'az1', capacity })
    const first = await reviewed()
    expect((await read(first)).reviews.find((one) => one.node === 'capacityReview')?.facts.pools).toMatchObject({
      fits: true,
      pool: 'A 池',
    })
    await act(p.cm, first, 'APPROVE')
    await act(p.cl, first, 'APPROVE')
    const held = async () => (await p.bm.call(inventoryApi.getPool, { id: pool.id })).reserved
    expect(await held()).toMatchObject({ vcpu: 88, memGiB: 352, storageGiB: 23_500, publicAddresses: 1 })
    const second = await submitted()
    await act(p.om, second, 'APPROVE')
    await act(p.mm, second, 'APPROVE')
    await act(p.bm, second, 'APPROVE', { capacity: 'WAIT' })
    const opinion = (await read(second)).reviews.find((one) => one.node === 'capacityReview')
    expect(opinion?.facts.pools).toMatchObject({ fits: false, shortages: [{ what: 'vcpu', wanted: 88, free: 12 }] })
    await p.pm.call(requestApi.cancel, { requestId: first, reason: '项目调整' })
    expect((await held()).vcpu).toBe(0)
  })
})
