import { admissionApi } from '@changbai/contract/admission.ts'
import { formApi } from '@changbai/contract/forms.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { processApi } from '@changbai/contract/process.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  draftAdmission,
  giveBack,
  grantAdmission,
  openProcedures,
  type Procedures,
  reviewAdmission,
  submitAdmission,
  taskOf,
  upload,
} from '../../../test/procedures.ts'
import { findApplicationByCode } from '../inventory/index.ts'
import { drainDueJobs } from '../process/index.ts'

let p: Procedures
let codes = 0
/** Each admission is for another system: one system is admitted once. */
const draft = (form: object = {}, more: { catalog?: object; kind?: 'NEW' | 'MIGRATION' } = {}) => {
  codes += 1
  return draftAdmission(p, { ...more, form: { appCode: `APP-${codes}`, ...form } })
}
const read = (admissionId: string) => p.pm.call(admissionApi.get, { admissionId })
const status = async (admissionId: string) => (await read(admissionId)).status

beforeAll(async () => {
  p = await openProcedures()
})
afterAll(() => p.t.stop())

describe('[4.1] an application is admitted', () => {
  it('by five offices, with number, 180 days and an application in the inventory', async () => {
    const { id } = await draft()
    expect(await submitAdmission(p, id)).toMatchObject({ status: 'SUBMITTED', step: { node: 'tenantSign' } })
    await act(p.tl, id, 'APPROVE', { means: 'ELECTRONIC' })
    expect(await read(id)).toMatchObject({ status: 'SUBMITTED', step: { node: 'formalReview', dueAt: '2026-09-21T09:30:00Z' } })
    await act(p.om, id, 'APPROVE')
    expect(await status(id)).toBe('UNDER_REVIEW')
    await act(p.mm, id, 'APPROVE', { conclusion: 'FEASIBLE_WITH_CONDITIONS', conditions: '数据库端口仅限应用网段' })
    await act(p.bm, id, 'APPROVE', { capacity: 'SUFFICIENT' })
    expect(await read(id)).toMatchObject({ status: 'PENDING_APPROVAL', step: { node: 'customerReview' } })
    await act(p.cm, id, 'APPROVE')
    expect(await read(id)).toMatchObject({ status: 'PENDING_APPROVAL', step: { node: 'leaderApprove' } })
    await act(p.cl, id, 'APPROVE')
    const granted = await read(id)
    expect(granted).toMatchObject({
      status: 'APPROVED',
      admissionNo: 'ZR-20260918-0001',
      validUntil: '2027-03-17',
      conditions: '数据库端口仅限应用网段',
      may: ['START_REQUEST'],
    })
    expect(granted.reviews.map((review) => [review.node, review.byName])).toEqual([
      ['formalReview', '周敏'],
      ['technicalReview', '赵立新'],
      ['capacityReview', '孙浩'],
      ['customerReview', '韩雪峰'],
      ['leaderApprove', '刘主任'],
    ])
    for (const who of [p.pm, p.tl, p.om, p.mm]) {
      const { items } = await who.call(notificationApi.inbox, { limit: 200 })
      expect(items.filter((notice) => notice.event === 'admission.granted').map((notice) => notice.link)).toContain(`/admissions/${id}`)
    }
    const application = await p.t.inTx((ctx) => findApplicationByCode(ctx, granted.appCode ?? ''))
    expect(application).toMatchObject({ id: granted.applicationId, admissionNo: granted.admissionNo, mlpsLevel: 3, tenantId: p.tenantId })
  })

  it('the leader’s limit runs from the day the customer received it', async () => {
    const { id } = await draft()
    await submitAdmission(p, id)
    await reviewAdmission(p, id)
    const due = (await read(id)).step?.dueAt
    await act(p.cm, id, 'APPROVE')
    expect((await read(id)).step).toMatchObject({ node: 'leaderApprove', dueAt: due })
  })

  it('with the bureau’s letter only when the letter is there', async () => {
    const { id, formId } = await draft()
    await submitAdmission(p, id)
    const task = await taskOf(p.tl, id)
    const refused = await p.tl.send(processApi.complete, {
      taskId: task.id,
      outcome: 'APPROVE',
      data: { means: 'LETTER', letterNo: '吉林草函〔2026〕9 号' },
    })
    expect([refused.status, refused.problem.type]).toEqual([422, 'urn:changbai:problem:admission.letter-missing'])
    expect((await upload(p.t, p.tl, formId, 'officialLetter')).status).toBe(200)
    await act(p.tl, id, 'APPROVE', { means: 'LETTER', letterNo: '吉林草函〔2026〕9 号' })
    expect((await read(id)).signatures).toMatchObject([{ name: '王建国', means: 'LETTER' }])
  })
})

describe('an admission goes back or ends', () => {
  it('unsigned by the bureau it is the applicant’s again', async () => {
    const { id } = await draft()
    await submitAdmission(p, id)
    await act(p.tl, id, 'REJECT', {}, '上线时间请改')
    expect(await read(id)).toMatchObject({
      status: 'RETURNED',
      step: { node: 'prepareAdmission' },
      may: expect.arrayContaining(['EDIT', 'SUBMIT']),
    })
    expect((await submitAdmission(p, id)).step).toMatchObject({ node: 'tenantSign' })
  })

  it('a formal return names the points and comes straight back after correction', async () => {
    const { id, formId } = await draft()
    await submitAdmission(p, id)
    await act(p.tl, id, 'APPROVE')
    await giveBack(p.om, id, 'prepareAdmission', [{ field: 'basisDocNo', text: '文号与附件不符' }])
    const returned = await read(id)
    expect(returned).toMatchObject({ status: 'RETURNED', step: { node: 'prepareAdmission' } })
    expect(returned.reviews.at(-1)).toMatchObject({
      result: 'RETURN',
      points: [{ field: 'basisDocNo', text: '文号与附件不符' }],
      superseded: true,
    })
    const { form } = await p.pm.call(admissionApi.gaps, { admissionId: id })
    await p.pm.call(formApi.save, { formId, rev: form.rev, set: { basisDocNo: '吉发改审批〔2026〕119 号' } })
    expect((await submitAdmission(p, id)).step).toMatchObject({ node: 'formalReview' })
    const { items } = await p.om.call(formApi.versions, { formId })
    expect(items.map((one) => one.reason)).toEqual(['RESUBMITTED', 'SUBMITTED'])
    const { differences } = await p.om.call(formApi.compare, { formId, from: items[1]?.version ?? 0, to: items[0]?.version ?? 0 })
    expect(differences).toEqual([
      {
        section: '2',
        path: 'basisDocNo',
        label: { zh: '建设依据文号', en: 'Basis, document number' },
        change: 'CHANGED',
        before: '吉发改审批〔2026〕118 号',
        after: '吉发改审批〔2026〕119 号',
      },
    ])
  })

  it('one of two parallel reviews returns: the other is called off, and both open again', async () => {
    const { id } = await draft()
    await submitAdmission(p, id)
    await act(p.tl, id, 'APPROVE')
    await act(p.om, id, 'APPROVE')
    await act(p.bm, id, 'APPROVE', { capacity: 'SUFFICIENT' })
    await giveBack(p.mm, id, 'prepareAdmission', [{ field: 'CATALOG/networks.0.ports', text: '缺管理端口' }])
    expect(await status(id)).toBe('RETURNED')
    await submitAdmission(p, id)
    expect((await taskOf(p.mm, id)).node).toBe('technicalReview')
    expect((await taskOf(p.bm, id)).node).toBe('capacityReview')
    expect(await status(id)).toBe('UNDER_REVIEW')
  })

  it('not corrected within ten working days it expires', async () => {
    const { id } = await draft()
    await submitAdmission(p, id)
    await act(p.tl, id, 'APPROVE')
    await giveBack(p.om, id, 'prepareAdmission', [{ field: '', text: '补充材料' }])
    p.t.setNow('2026-10-09T17:29')
    await drainDueJobs(p.t.server.runtime)
    expect(await status(id)).toBe('RETURNED')
    p.t.setNow('2026-10-10T17:31')
    await drainDueJobs(p.t.server.runtime)
    expect(await read(id)).toMatchObject({ status: 'EXPIRED', step: null, may: [] })
    p.t.setNow('2026-09-18T15:00')
  })

  it('a classified system is rejected on the record', async () => {
    const { id } = await draft({ classified: true, nonClassifiedDeclared: false })
    const { form } = await p.pm.call(admissionApi.gaps, { admissionId: id })
    expect(form.consequences.map((one) => one.code)).toEqual(['OUT_OF_SCOPE_CLASSIFIED'])
    await submitAdmission(p, id)
    await act(p.tl, id, 'APPROVE')
    expect(await read(id)).toMatchObject({ status: 'REJECTED', rejection: { code: 'OUT_OF_SCOPE' }, step: null })
  })

  it('level 4 too', async () => {
    const { id } = await draft({ mlpsLevel: 4 })
    await submitAdmission(p, id)
    await act(p.tl, id, 'APPROVE')
    expect(await read(id)).toMatchObject({ status: 'REJECTED', rejection: { code: 'OUT_OF_SCOPE' } })
  })

  it('the customer rejects with reason and advice only', async () => {
    const { id } = await draft()
    await submitAdmission(p, id)
    await reviewAdmission(p, id)
    const task = await taskOf(p.cm, id)
    const refused = await p.cm.send(processApi.complete, {
      taskId: task.id,
      outcome: 'REJECT',
      data: { advice: '' },
      comment: '与省平台重复',
    })
    expect(refused.problem.type).toBe('urn:changbai:problem:admission.reason-required')
    await act(p.cm, id, 'REJECT', { advice: '并入省平台' }, '与省平台重复')
    expect(await read(id)).toMatchObject({
      status: 'REJECTED',
      rejection: { code: 'NOT_APPROVED', reason: '与省平台重复', advice: '并入省平台' },
    })
  })

  it('is withdrawn before the first review and not after', async () => {
    const first = await draft()
    await submitAdmission(p, first.id)
    await act(p.tl, first.id, 'APPROVE')
    expect(await p.pm.call(admissionApi.withdraw, { admissionId: first.id, reason: '改期' })).toMatchObject({
      status: 'WITHDRAWN',
      step: null,
    })
    const second = await draft()
    await submitAdmission(p, second.id)
    await act(p.tl, second.id, 'APPROVE')
    await act(p.om, second.id, 'APPROVE')
    const late = await p.pm.send(admissionApi.withdraw, { admissionId: second.id })
    expect([late.status, late.problem.type]).toEqual([409, 'urn:changbai:problem:admission.withdraw-too-late'])
  })

  it('cancelled with the handler’s consent it is CANCELLED', async () => {
    const { id, instanceId } = await draft()
    await submitAdmission(p, id)
    await act(p.tl, id, 'APPROVE')
    await act(p.om, id, 'APPROVE')
    await p.pm.call(processApi.requestCancel, { instanceId: instanceId ?? '', reason: '项目取消' })
    await p.mm.call(processApi.answerCancel, { instanceId: instanceId ?? '', consent: true })
    expect(await status(id)).toBe('CANCELLED')
  })

  it('waits for capacity and goes on when it is there', async () => {
    const { id } = await draft()
    await submitAdmission(p, id)
    await act(p.tl, id, 'APPROVE')
    await act(p.om, id, 'APPROVE')
    await act(p.mm, id, 'APPROVE')
    await act(p.bm, id, 'APPROVE', { capacity: 'INSUFFICIENT' })
    const told = await p.bm.call(notificationApi.inbox, { limit: 200 })
    expect(told.items.map((notice) => notice.event)).toContain('build-demand.opened')
    expect(await read(id)).toMatchObject({ status: 'WAITLISTED', buildDemand: { status: 'OPEN', shortage: { vcpu: 88 } } })
    await act(p.bm, id, 'READY', { readyOn: '2026-11-01' })
    expect(await read(id)).toMatchObject({ status: 'PENDING_APPROVAL', buildDemand: { status: 'READY', readyOn: '2026-11-01' } })
  })

  it('a granted admission reminds after 150 days and lapses after 180', async () => {
    const { id } = await draft()
    await submitAdmission(p, id)
    await reviewAdmission(p, id)
    await act(p.cm, id, 'APPROVE')
    await act(p.cl, id, 'APPROVE')
    const reminded = async () =>
      (await p.pm.call(notificationApi.inbox, { limit: 200 })).items.filter(
        (one) => one.event === 'admission.expiring' && one.link?.endsWith(id),
      )
    p.t.setNow('2027-02-15T08:59')
    await drainDueJobs(p.t.server.runtime)
    expect(await reminded()).toHaveLength(0)
    p.t.setNow('2027-02-15T09:01')
    await drainDueJobs(p.t.server.runtime)
    expect(await reminded()).toHaveLength(1)
    p.t.setNow('2027-03-17T23:59')
    await drainDueJobs(p.t.server.runtime)
    expect(await status(id)).toBe('APPROVED')
    p.t.setNow('2027-03-18T00:01')
    await drainDueJobs(p.t.server.runtime)
    expect(await read(id)).toMatchObject({ status: 'EXPIRED', may: [] })
    p.t.setNow('2026-09-18T15:00')
  })
})

describe('who may do what', () => {
  it('one system is admitted once', async () => {
    const granted = await grantAdmission(p)
    const again = await draft({ appCode: granted.appCode?.toLowerCase() })
    const { form, catalog } = await p.pm.call(admissionApi.gaps, { admissionId: again.id })
    expect(form.consequences[0]).toMatchObject({ code: 'DUPLICATE_APPLICATION' })
    const refused = await p.pm.send(admissionApi.submit, { admissionId: again.id, rev: form.rev, catalogRev: catalog.rev })
    expect([refused.status, refused.problem.type]).toEqual([409, 'urn:changbai:problem:admission.already-admitted'])
  })

  it('another bureau sees nothing: 404 everywhere', async () => {
    const { id, formId } = await draft()
    for (const answer of [
      await p.foreigner.send(admissionApi.get, { admissionId: id }),
      await p.foreigner.send(admissionApi.forms, { admissionId: id }),
      await p.foreigner.send(formApi.get, { formId }),
      await p.foreigner.send(formApi.save, { formId, rev: 0, set: { appName: 'x' } }),
      await p.foreigner.send(formApi.versions, { formId }),
      await p.foreigner.send(formApi.print, { formId }),
      await p.foreigner.send(admissionApi.withdraw, { admissionId: id }),
      await p.foreigner.send(admissionApi.start, { tenantId: p.tenantId, kind: 'NEW' }),
    ])
      expect(answer.status).toBe(404)
    expect((await upload(p.t, p.foreigner, formId, 'basisFile')).status).toBe(404)
    expect((await p.foreigner.call(admissionApi.list, {})).items).toEqual([])
  })

  it('nobody acts twice: the applicant does not sign, the customer’s manager does not approve as leader too', async () => {
    const both = await p.t.signedIn({
      role: 'APP_PROJECT_MANAGER',
      tenantId: p.tenantId,
      name: '兼职',
      grants: [{ role: 'TENANT_APPROVER', tenantId: p.tenantId, applicationId: null }],
    })
    const customer = await p.t.signedIn({
      role: 'CUSTOMER_OM_MANAGER',
      name: '代理',
      grants: [{ role: 'CUSTOMER_LEADER', tenantId: null, applicationId: null }],
    })
    const { id } = await draftAdmission({ ...p, pm: both }, { form: { appCode: 'SELF-1' } })
    await submitAdmission({ ...p, pm: both }, id)
    const four = async (who: typeof both, taskId: string) => {
      const refused = await who.send(processApi.complete, { taskId, outcome: 'APPROVE' })
      expect([refused.status, refused.problem.type]).toEqual([403, 'urn:changbai:problem:process.four-eyes'])
    }
    await four(both, (await taskOf(p.tl, id)).id)
    await reviewAdmission(p, id)
    await act(customer, id, 'APPROVE')
    await four(customer, (await taskOf(p.cl, id)).id)
  })

  it('an engineer fills in but does not hand in; a reviewer does not write', async () => {
    const { id, formId } = await draft()
    const { rev } = await p.ae.call(formApi.get, { formId })
    expect(await p.ae.send(formApi.save, { formId, rev, set: { funding: '省级财政' } })).toMatchObject({ status: 200 })
    expect((await p.ae.send(admissionApi.submit, { admissionId: id, rev, catalogRev: 0 })).status).toBe(403)
    expect((await p.om.send(formApi.save, { formId, rev, set: { funding: 'x' } })).status).toBe(409)
    expect((await p.t.anonymous.send(formApi.get, { formId })).status).toBe(401)
  })

  it('lists find by two characters, filter, sort and page without gaps', async () => {
    const found = await p.om.call(admissionApi.list, { q: '防火', limit: 2 })
    expect(found.items).toHaveLength(2)
    const seen = new Set<string>()
    let after: string | undefined
    do {
      const page = await p.om.call(admissionApi.list, { limit: 3, sort: 'number', ...(after ? { after } : {}) })
      for (const item of page.items) {
        expect(seen.has(item.id)).toBe(false)
        seen.add(item.id)
      }
      after = page.next ?? undefined
    } while (after)
    const all = await p.om.call(admissionApi.list, { limit: 200 })
    expect(seen.size).toBe(all.items.length)
    const rejected = await p.om.call(admissionApi.list, { status: 'REJECTED,EXPIRED' })
    expect(rejected.items.every((item) => ['REJECTED', 'EXPIRED'].includes(item.status))).toBe(true)
    expect((await p.om.call(admissionApi.list, { q: "'; drop table admission; --%_" })).items).toEqual([])
    expect((await p.om.send(admissionApi.list, { after: 'nonsense' })).status).toBe(400)
  })

  it('a code another bureau holds is refused without telling whose, or under which number', async () => {
    const held = await submitAdmission(p, (await draft()).id)
    const tenantId = p.foreigner.actor.grants[0]?.tenantId ?? ''
    const theirs = await draftAdmission({ ...p, pm: p.foreigner, tenantId }, { form: { appCode: held.appCode } })
    const { form, catalog } = await p.foreigner.call(admissionApi.gaps, { admissionId: theirs.id })
    const refused = await p.foreigner.send(admissionApi.submit, { admissionId: theirs.id, rev: form.rev, catalogRev: catalog.rev })
    expect([refused.status, refused.problem.type]).toEqual([409, 'urn:changbai:problem:admission.code-taken'])
    const told = JSON.stringify([form.consequences, refused.problem])
    expect(form.consequences[0]).toMatchObject({ code: 'DUPLICATE_APPLICATION' })
    expect([held.number, '林业和草原局', '省林草局'].filter((secret) => told.includes(secret))).toEqual([])
  })
})
