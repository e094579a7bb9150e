import { admissionApi } from '@changbai/contract/admission.ts'
import { SAMPLE_MARK, sampleOf } from '@changbai/contract/form-samples.ts'
import { type DraftContent, formApi } from '@changbai/contract/forms.ts'
import { processApi } from '@changbai/contract/process.ts'
import { provisioningApi } from '@changbai/contract/provisioning.ts'
import { requestApi } from '@changbai/contract/request.ts'
import type { Steps } from '../agenda.ts'
import { dayOf, type Owner, type Scene } from '../staff.ts'
import type { Caller } from '../stage.ts'
import { conduct } from './conduct.ts'

const systems = ['事项办理', '数据直报', '移动执法', '在线核验', '专题分析', '统一预约', '电子证照', '政策匹配', '风险预警'] as const
const PDF = Buffer.from('%PDF-1.7\n%demo\n')
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

/** A paper as a careful applicant writes it, for this system and this person. */
function paper(
  kind: 'ADMISSION' | 'CATALOG' | 'PROVISION_FORM',
  about: About,
  offered: Record<string, string | undefined> = {},
): DraftContent {
  const { today, name, code, expansion, applicant } = about
  const sample = sampleOf(kind, { today, expansion, token: code, offered })
  const written = JSON.parse(
    JSON.stringify(sample)
      .replaceAll(SAMPLE_MARK, '')
      .replaceAll('林草防火监测预警', name)
      .replaceAll('示例联系人', applicant.name)
      .replaceAll('"fw-', `"${code}-`)
      .replaceAll('10.12.3.', `10.12.${3 + about.serial}.`)
      .replace(/示例〔(\d+)〕1 号/g, '吉发改审批〔$1〕118 号'),
  )
  // small enough that the leader need not sign: level 2, and no more machines than a small system needs
  if ('mlpsLevel' in written) written.mlpsLevel = 2
  if (kind === 'ADMISSION') written.appCode = code.toUpperCase()
  if (kind === 'CATALOG')
    written.intro = `面向全省的${name}业务系统，汇聚各市县上报的业务数据，完成受理、核验、分析与结果反馈，服务省市县三级经办机构与社会公众，按月统计并向主管处室报送。`
  return written
}
interface About {
  today: string
  name: string
  code: string
  expansion: boolean
  /** Of all that was asked for: names and networks are its own. */
  serial: number
  applicant: Caller
}

const attach = async (by: Caller, formId: string, fields: readonly string[], name: string, bytes: Buffer) => {
  for (const field of fields) await by.upload(formApi.attach, { formId, field }, { name, bytes })
}

/** A bureau has a new system, or needs more for one: admitted, asked for, approved, made by the cloud, taken over. */
export async function* askForResources(scene: Scene, { owner, isNew, serial }: { owner: Owner; isNew: boolean; serial: number }): Steps {
  const { stage, staff } = scene
  const { manager, approver, tenantId } = owner
  const { operation, maintenance, construction, customer, customerLeader } = staff
  const name = isNew ? `${owner.unit}${systems[serial % systems.length]}` : owner.name
  const about: About = {
    today: dayOf(stage.now()).toString(),
    name,
    code: `${isNew ? 'n' : 'x'}${serial}s`,
    expansion: !isNew,
    serial,
    applicant: manager,
  }

  const admission = await manager.call(
    admissionApi.start,
    isNew ? { tenantId, kind: 'NEW', appName: name } : { tenantId, kind: 'EXPANSION', applicationId: owner.applicationId },
  )
  const papers = await manager.call(admissionApi.forms, { admissionId: admission.id })
  await manager.call(formApi.save, {
    formId: papers.form.id,
    rev: papers.form.rev,
    set: keep(papers.form.content, paper('ADMISSION', about)),
  })
  await manager.call(formApi.save, { formId: papers.catalog.id, rev: papers.catalog.rev, set: paper('CATALOG', about) })
  await attach(manager, papers.form.id, ['basisFile', 'mlpsCert', 'cryptoPlan'], '附件.pdf', PDF)
  await attach(manager, papers.catalog.id, ['topology', 'architectureDiagram'], '架构图.png', PNG)
  await attach(manager, papers.catalog.id, ['cryptoPlan'], '密码应用方案.pdf', PDF)
  yield 12
  const ready = await manager.call(admissionApi.gaps, { admissionId: admission.id })
  await manager.call(admissionApi.submit, { admissionId: admission.id, rev: ready.form.rev, catalogRev: ready.catalog.rev })
  const reviews = {
    tenantSign: [approver, 'APPROVE', { means: 'ELECTRONIC' }],
    technicalReview: [maintenance, 'APPROVE', { conclusion: 'FEASIBLE' }],
    capacityReview: [construction, 'APPROVE', { capacity: 'SUFFICIENT' }],
    leaderApprove: [customerLeader, 'APPROVE'],
  } as const
  yield* conduct(scene, admission.id, {
    ...reviews,
    formalReview: [operation, 'APPROVE'],
    customerReview: [customer, 'APPROVE'],
  })

  const request = await manager.call(requestApi.start, { admissionId: admission.id })
  const { form, catalog } = await manager.call(requestApi.forms, { requestId: request.id })
  const choices = await manager.call(requestApi.choices, { requestId: request.id })
  const offered = { imageId: choices.images[0]?.id, az: choices.zones[0]?.id, backupPolicyId: choices.backupPolicies[0]?.id }
  await manager.call(requestApi.finaliseCatalog, { requestId: request.id, catalogRev: catalog.rev })
  await manager.call(formApi.save, { formId: form.id, rev: form.rev, set: paper('PROVISION_FORM', about, offered) })
  await attach(manager, form.id, ['basis'], '批复.pdf', PDF)
  yield 12
  const gaps = await manager.call(requestApi.gaps, { requestId: request.id })
  await manager.call(requestApi.submit, { requestId: request.id, rev: gaps.form.rev, catalogRev: gaps.catalog.rev })
  yield* conduct(scene, request.id, {
    ...reviews,
    preReview: [operation, 'APPROVE'],
    customerApprove: [customer, 'APPROVE'],
  })
  const { items } = await operation.call(provisioningApi.list, { requestId: request.id, limit: 10 })
  for (const { id } of items) yield* takeOver(scene, owner, id)
}

/** What the register knows of an application that is enlarged stays. */
const keep = (known: DraftContent, written: DraftContent): DraftContent => ({
  ...written,
  ...(known.appCode ? { appCode: known.appCode } : {}),
  ...(known.appName ? { appName: known.appName } : {}),
})

/** A work order from its check to its acceptance. */
async function* takeOver(scene: Scene, { manager }: Owner, workOrderId: string): Steps {
  const { operation, maintenance, technician, customer, engineers } = scene.staff
  yield* conduct(scene, workOrderId, {
    verifyWorkOrder: [operation, 'ACCEPT'],
    manualLines: [engineers[0] as Caller, 'DONE', () => byHand(scene, workOrderId)],
    selfCheck: [
      technician,
      'PASS',
      async () => {
        const { items } = await technician.call(provisioningApi.selfCheckTemplate, { workOrderId })
        return { items: items.map(({ lineId, key, found }) => ({ lineId, key, ok: true, found })) }
      },
    ],
    ackShare: [maintenance, 'ACK'],
  })
  const { credentials } = await manager.call(provisioningApi.get, { workOrderId })
  if (credentials.some(({ state }) => state === 'READY')) {
    const { token } = await manager.call(provisioningApi.newCredentialLink, { workOrderId })
    await manager.call(provisioningApi.collectCredentials, { token })
  }
  yield* conduct(scene, workOrderId, {
    acceptDelivery: [manager, 'ACCEPT'],
    signLaunchByApplication: [manager, 'SIGN'],
    signLaunchByProvider: [operation, 'SIGN'],
    signLaunchByCustomer: [customer, 'SIGN'],
  })
}

/** What no cloud makes is made by people, every point of the line checked. */
async function byHand({ staff }: Scene, workOrderId: string): Promise<Record<string, unknown>> {
  const { items } = await staff.operation.call(provisioningApi.get, { workOrderId })
  return {
    lines: items
      .filter(({ way, state }) => way === 'MANUAL' && state !== 'READY')
      .map(({ id, title, checklist }) => ({
        lineId: id,
        checked: checklist.map(({ key }) => ({ key, note: '已核' })),
        result: [{ name: title.slice(0, 60), addresses: [], facts: {} }],
      })),
  }
}

/** Whoever has a trial behind them says that the system goes live. */
export async function endTrials({ staff }: Scene): Promise<void> {
  for (const manager of new Set(askers(staff.owners).map((owner) => owner.manager))) {
    const { items } = await manager.call(processApi.tasks, { limit: 50 })
    for (const { id: taskId, node } of items)
      if (node === 'endTrial') await manager.call(processApi.complete, { taskId, outcome: 'GO_LIVE', data: {} })
  }
}

const ASKERS = 6
/** The bureaus that ask for something, an application each. */
export function askers(owners: readonly Owner[]): Owner[] {
  const first = new Map<string, Owner>()
  for (const owner of owners) if (!first.has(owner.tenantId)) first.set(owner.tenantId, owner)
  return [...first.values()].slice(0, ASKERS)
}
