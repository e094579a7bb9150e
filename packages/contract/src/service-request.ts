import { z } from 'zod'
import { can, canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { contactData } from './personal.ts'
import { problem } from './problem.ts'

export const ServiceState = z.enum(['SUBMITTED', 'IN_PROGRESS', 'DONE', 'CLOSED', 'DECLINED', 'WITHDRAWN'])
export type ServiceState = z.output<typeof ServiceState>
export const ServiceSource = z.enum(['PORTAL', 'CALL', 'MAIL'])

export const CatalogueField = z.object({
  key: z.string().regex(/^[a-z][A-Za-z]{0,39}$/),
  zh: z.string(),
  en: z.string(),
  kind: z.enum(['TEXT', 'LONG', 'NUMBER', 'DAY', 'CHOICE']),
  required: z.boolean(),
  options: z.array(z.string()).optional(),
})
export type CatalogueField = z.output<typeof CatalogueField>
/** A line of the catalogue; the plan holds them (`service.catalogue`). PROVIDER: asked within the provider only. */
export const CatalogueItem = z.object({
  code: z.string().regex(/^[A-Z][A-Z_]{1,39}$/),
  zh: z.string(),
  en: z.string(),
  help: z.object({ zh: z.string(), en: z.string() }),
  limit: z.string(),
  roles: z.array(z.string()).min(1),
  audience: z.enum(['ALL', 'PROVIDER']),
  /** Another process than `service-request`, drawn in the modeller. */
  process: z.string().optional(),
  fields: z.array(CatalogueField).max(30),
})
export type CatalogueItem = z.output<typeof CatalogueItem>

export const serviceProblems = {
  noItem: problem('service.no-item', 422, { zh: '服务目录里没有这一项', en: 'The catalogue has no such item' }),
  wrongStep: problem('service.wrong-step', 409, { zh: '请求现在不在这一步', en: 'The request is not at this step' }),
  started: problem('service.started', 409, { zh: '已经受理，不能撤回', en: 'It has been accepted and cannot be withdrawn' }),
  rated: problem('service.rated', 409, { zh: '已经评价过', en: 'It has been rated already' }),
}

export const ServiceSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  code: z.string(),
  itemName: z.object({ zh: z.string(), en: z.string() }),
  title: z.string(),
  state: ServiceState,
  source: ServiceSource,
  tenantName: z.string().nullable(),
  requesterName: z.string(),
  handlerName: z.string().nullable(),
  submittedAt: instant,
  dueAt: instant,
  provisional: z.boolean(),
  doneAt: instant.nullable(),
  isLate: z.boolean(),
  rating: z.int().nullable(),
})
export type ServiceSummary = z.output<typeof ServiceSummary>
export const ServiceAct = z.enum(['ACCEPT', 'DECLINE', 'FINISH', 'CONFIRM', 'WITHDRAW', 'RATE', 'NOTE'])
export const ServiceDetail = ServiceSummary.extend({
  item: CatalogueItem,
  answers: z.record(z.string(), z.union([z.string(), z.number()])),
  contact: contactData(z.string(), 'text', 'isPartner'),
  /** The caller asked, or serves it. */
  isPartner: z.boolean(),
  applicationName: z.string().nullable(),
  result: z.string(),
  ratingComment: z.string().nullable(),
  closedAt: instant.nullable(),
  instanceId: z.uuid().nullable(),
  events: z.array(z.object({ id: z.uuid(), kind: z.string(), at: instant, byName: z.string(), text: z.string() })),
  may: z.array(ServiceAct),
})
export type ServiceDetail = z.output<typeof ServiceDetail>

const read = canAny(['serviceRequest.read', 'R'], ['serviceRequest.read', 'r'])
const handle = can('serviceRequest.handle', 'X')
const submit = can('serviceRequest.submit', 'C')
const ofRequest = z.object({ requestId: z.uuid() })
const command = <I extends z.ZodRawShape>(
  path: string,
  summary: string,
  access: ReturnType<typeof can>,
  input: I,
  problems: (typeof serviceProblems)[keyof typeof serviceProblems][] = [],
) =>
  endpoint({
    method: 'POST',
    path: `/service-requests/:requestId/${path}`,
    summary,
    access,
    input: ofRequest.extend(input),
    reply: ServiceDetail,
    problems: [serviceProblems.wrongStep, ...problems],
  })

export const serviceRequestApi = {
  catalogue: endpoint({
    method: 'GET',
    path: '/service-catalogue',
    summary: '服务目录：我可以提出的服务',
    access: canAny(['serviceRequest.submit', 'C'], ['serviceRequest.read', 'R']),
    input: z.object({}),
    reply: z.object({ items: z.array(CatalogueItem) }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/service-requests',
    summary: '服务请求，新的在前',
    access: read,
    input: pageInput.extend({
      q: text(100).optional(),
      code: text(40).optional(),
      state: ServiceState.optional(),
      open: z.stringbool().optional(),
      mine: z.stringbool().default(false),
    }),
    reply: page(ServiceSummary),
  }),
  get: endpoint({
    method: 'GET',
    path: '/service-requests/:requestId',
    summary: '一份服务请求',
    access: read,
    input: ofRequest,
    reply: ServiceDetail,
  }),
  submit: endpoint({
    method: 'POST',
    path: '/service-requests',
    summary: '按服务目录提出请求',
    access: submit,
    input: z.object({
      code: text(40, 2),
      title: text(120, 2),
      answers: z
        .record(z.string().max(40), z.union([text(4000), z.number()]))
        .refine((answers) => Object.keys(answers).length <= 30, { message: '填写项不超过 30 个|At most 30 fields' }),
      contact: text(100).default(''),
      tenantId: z.uuid().nullable().default(null),
      applicationId: z.uuid().nullable().default(null),
    }),
    reply: ServiceDetail,
    problems: [serviceProblems.noItem],
  }),
  accept: command('accept', '受理，由我办理', handle, { comment: text(1000).default('') }),
  decline: command('decline', '不予受理，须说明原因', handle, { reason: text(1000, 1) }),
  note: command('notes', '写办理记录', canAny(['serviceRequest.handle', 'X'], ['serviceRequest.submit', 'C']), { text: text(2000, 1) }),
  finish: command('finish', '办妥，交请求人确认', handle, { result: text(4000, 1) }),
  confirm: command('confirm', '请求人确认结果；未办妥退回办理', submit, { done: z.boolean(), comment: text(1000).default('') }),
  withdraw: command('withdraw', '请求人撤回，限受理前', submit, { reason: text(500, 1) }, [serviceProblems.started]),
  /** Asked when it is closed; nothing is filled in beforehand. */
  rate: command('rating', '评价，不预设', submit, { score: z.int().min(1).max(5), comment: text(500).default('') }, [
    serviceProblems.rated,
  ]),
}

/** What the steps of the process take; the endpoints above fill them in. */
export const serviceForms = {
  'service.accept': z.object({ comment: z.string().default('') }),
  'service.fulfil': z.object({ result: text(4000, 1) }),
  'service.confirm': z.object({ comment: z.string().default('') }),
} as const
