import { type admissionApi, admissionApi as admissions } from '@changbai/contract/admission.ts'
import type { ReplyReceived } from '@changbai/contract/endpoint.ts'
import type { FormState } from '@changbai/contract/forms.ts'
import { formApi } from '@changbai/contract/forms.ts'
import { processApi } from '@changbai/contract/process.ts'
import { requestApi } from '@changbai/contract/request.ts'
import { createTenant } from '../src/modules/identity/index.ts'
import { type Client, startTestServer, type TestServer } from './harness.ts'
import { admissionForm, newCatalog, provisionForm } from './sample-forms.ts'

/** Everybody who takes part in admissions and requests, each a different person. */
export interface People {
  pm: Client
  ae: Client
  tl: Client
  om: Client
  mm: Client
  bm: Client
  cm: Client
  cl: Client
  /** Project manager of another bureau. */
  foreigner: Client
}
export interface Procedures extends People {
  t: TestServer
  tenantId: string
}

/** A server with two bureaus and the people of all roles. */
export async function openProcedures(now = '2026-09-18T15:00'): Promise<Procedures> {
  const t = await startTestServer({ now })
  const { tenantId, otherId } = await t.inTx(async (ctx) => {
    const one = await createTenant(ctx, { code: 'LC', name: '吉林省林业和草原局', shortName: '省林草局' })
    const other = await createTenant(ctx, { code: 'RS', name: '吉林省人力资源和社会保障厅', shortName: '省人社厅' })
    return { tenantId: one.id, otherId: other.id }
  })
  return {
    t,
    tenantId,
    pm: await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' }),
    ae: await t.signedIn({ role: 'APP_ENGINEER', tenantId, name: '徐然' }),
    tl: await t.signedIn({ role: 'TENANT_APPROVER', tenantId, name: '王建国' }),
    om: await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' }),
    mm: await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' }),
    bm: await t.signedIn({ role: 'BUILD_PROJECT_MANAGER', name: '孙浩' }),
    cm: await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' }),
    cl: await t.signedIn({ role: 'CUSTOMER_LEADER', name: '刘主任' }),
    foreigner: await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: otherId, name: '李佳琪' }),
  }
}

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const PDF = Buffer.from('%PDF-1.7\n%test\n')

export interface Uploaded {
  status: number
  body: { attachment?: { fileId: string; digest: { value: string } }; state?: FormState; type?: string }
}
/** Sends a file as a browser does. */
export async function upload(
  t: TestServer,
  who: Client,
  formId: string,
  field: string,
  name = 'paper.pdf',
  bytes: Buffer = PDF,
): Promise<Uploaded> {
  const boundary = 'changbai-test'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  const answer = await t.server.app.inject({
    method: 'POST',
    url: `/api/forms/${formId}/attachments?field=${field}`,
    headers: { authorization: `Test ${who.personId}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  })
  return { status: answer.statusCode, body: JSON.parse(answer.body) }
}

type Admission = ReplyReceived<typeof admissionApi.get>

/** A complete draft of an admission: both forms filled, files attached. */
export async function draftAdmission(
  p: Procedures,
  change: { form?: object; catalog?: object; kind?: 'NEW' | 'MIGRATION' } = {},
): Promise<Admission> {
  const admission = await p.pm.call(admissions.start, {
    tenantId: p.tenantId,
    kind: change.kind ?? 'NEW',
    appName: '森林草原防火监测预警系统',
  })
  const { form, catalog } = await p.pm.call(admissions.forms, { admissionId: admission.id })
  await p.pm.call(formApi.save, { formId: form.id, rev: form.rev, set: { ...admissionForm(), ...change.form } })
  await p.pm.call(formApi.save, { formId: catalog.id, rev: catalog.rev, set: { ...newCatalog(), ...change.catalog } })
  for (const field of ['basisFile', 'mlpsCert', 'cryptoPlan']) await upload(p.t, p.pm, form.id, field)
  for (const field of ['topology', 'architectureDiagram']) await upload(p.t, p.pm, catalog.id, field, 'diagram.png', PNG)
  await upload(p.t, p.pm, catalog.id, 'cryptoPlan')
  return p.pm.call(admissions.get, { admissionId: admission.id })
}

export async function submitAdmission(p: Procedures, admissionId: string): Promise<Admission> {
  const { form, catalog } = await p.pm.call(admissions.gaps, { admissionId })
  return p.pm.call(admissions.submit, { admissionId, rev: form.rev, catalogRev: catalog.rev })
}

/** The task of a matter that this person can do now. */
export async function taskOf(who: Client, businessKey: string, node?: string) {
  const { items } = await who.call(processApi.tasks, { limit: 200 })
  const task = items.find((one) => one.businessKey === businessKey && (node === undefined || one.node === node))
  if (!task) throw new Error(`${who.actor.name} has no task${node ? ` ${node}` : ''} of ${businessKey}: ${items.map((one) => one.node)}`)
  return task
}

export async function act(who: Client, businessKey: string, outcome: string, data: Record<string, unknown> = {}, comment?: string) {
  const task = await taskOf(who, businessKey)
  return who.call(processApi.complete, { taskId: task.id, outcome, data, ...(comment ? { comment } : {}) })
}

export async function giveBack(who: Client, businessKey: string, toNode: string, reasons: { field: string; text: string }[]) {
  const task = await taskOf(who, businessKey)
  return who.call(processApi.return, { taskId: task.id, toNode, reasons })
}

/** Up to the customer's decision. */
export async function reviewAdmission(p: Procedures, id: string): Promise<void> {
  await act(p.tl, id, 'APPROVE', { means: 'ELECTRONIC' })
  await act(p.om, id, 'APPROVE')
  await act(p.mm, id, 'APPROVE', { conclusion: 'FEASIBLE' })
  await act(p.bm, id, 'APPROVE', { capacity: 'SUFFICIENT' })
}

/** The whole way to a granted admission, leader included (a new system of level 3). */
export async function grantAdmission(p: Procedures): Promise<Admission> {
  const admission = await draftAdmission(p)
  await submitAdmission(p, admission.id)
  await reviewAdmission(p, admission.id)
  await act(p.cm, admission.id, 'APPROVE')
  await act(p.cl, admission.id, 'APPROVE')
  return p.pm.call(admissions.get, { admissionId: admission.id })
}

type Request = ReplyReceived<typeof requestApi.get>

/** A request with its catalogue final and its form complete, not yet handed in. */
export async function draftRequest(p: Procedures, admissionId: string, change: object = {}): Promise<Request> {
  const request = await p.pm.call(requestApi.start, { admissionId })
  const { form, catalog } = await p.pm.call(requestApi.forms, { requestId: request.id })
  await p.pm.call(requestApi.finaliseCatalog, { requestId: request.id, catalogRev: catalog.rev })
  await p.pm.call(formApi.save, { formId: form.id, rev: form.rev, set: { ...provisionForm(), ...change } })
  await upload(p.t, p.pm, form.id, 'basis')
  return p.pm.call(requestApi.get, { requestId: request.id })
}

export async function submitRequest(p: Procedures, requestId: string): Promise<Request> {
  const { form, catalog } = await p.pm.call(requestApi.gaps, { requestId })
  return p.pm.call(requestApi.submit, { requestId, rev: form.rev, catalogRev: catalog.rev })
}
