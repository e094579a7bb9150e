import { z } from 'zod'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'
import { SecurityService } from './provision-form.ts'

// 安全增值服务 (5.3-9): WAF, host protection, bastion, log audit and scanning, by protection level.

const bilingual = z.object({ zh: z.string(), en: z.string() })
/** A line of the catalogue; the plan holds them (`security.services`). */
export const SecurityItem = z.object({
  code: SecurityService,
  help: bilingual,
  /** Levels of protection at which an application must hold it. */
  levels: z.array(z.int().min(1).max(3)),
  /** How long one delivery lasts. */
  months: z.int().min(1).max(60),
  /** Within which it is delivered, e.g. `5wd`. */
  limit: z.string(),
})
export type SecurityItem = z.output<typeof SecurityItem>

export const SecurityOrderState = z.enum(['SUBMITTED', 'IN_PROGRESS', 'DELIVERED', 'CLOSED', 'DECLINED', 'WITHDRAWN'])
export type SecurityOrderState = z.output<typeof SecurityOrderState>
export const SecurityAct = z.enum(['ACCEPT', 'DECLINE', 'DELIVER', 'CONFIRM', 'NOT_DONE', 'WITHDRAW'])
export type SecurityAct = z.output<typeof SecurityAct>

export const SecurityOrder = z.object({
  id: z.uuid(),
  number: z.string(),
  code: SecurityService,
  state: SecurityOrderState,
  applicationId: z.uuid(),
  applicationName: z.string(),
  tenantName: z.string().nullable(),
  reason: z.string(),
  requesterName: z.string(),
  handlerName: z.string().nullable(),
  submittedAt: instant,
  dueAt: instant,
  provisional: z.boolean(),
  deliveredAt: instant.nullable(),
  isLate: z.boolean(),
  /** What the work order says it made. */
  delivery: z.object({ product: z.string(), ownerName: z.string(), scope: z.string(), expiresOn: day }).nullable(),
  outcomeText: z.string(),
  instanceId: z.uuid().nullable(),
  may: z.array(SecurityAct),
})
export type SecurityOrder = z.output<typeof SecurityOrder>

export const HeldState = z.enum(['HELD', 'EXPIRING', 'EXPIRED', 'ENDED'])
export type HeldState = z.output<typeof HeldState>
export const SecurityHeld = z.object({
  id: z.uuid(),
  code: SecurityService,
  state: HeldState,
  applicationId: z.uuid(),
  applicationName: z.string(),
  tenantName: z.string().nullable(),
  product: z.string(),
  /** Who answers for it. */
  ownerName: z.string(),
  /** What it covers, in words; empty: the whole application. */
  scope: z.string(),
  beginsOn: day,
  expiresOn: day,
  source: z.enum(['ORDER', 'WORK_ORDER', 'RECORD']),
  /** The order or work order it came with. */
  sourceNumber: z.string(),
})
export type SecurityHeld = z.output<typeof SecurityHeld>

/** MISSING: its level demands it and nobody has ordered it. */
export const CoverState = z.enum(['HELD', 'EXPIRING', 'EXPIRED', 'ORDERED', 'MISSING'])
export type CoverState = z.output<typeof CoverState>
export const SecurityCover = z.object({
  applicationId: z.uuid(),
  applicationName: z.string(),
  tenantName: z.string().nullable(),
  level: z.int(),
  /** Everything its level demands. */
  demanded: z.array(z.object({ code: SecurityService, state: CoverState, expiresOn: day.nullable() })),
  covered: z.boolean(),
})
export type SecurityCover = z.output<typeof SecurityCover>

export const securityProblems = {
  noItem: problem('security.no-item', 422, { zh: '安全服务目录里没有这一项', en: 'The catalogue of security services has no such item' }),
  ordered: problem('security.ordered', 409, {
    zh: '这个应用的同一项服务已有工单 {number} 在办',
    en: 'The order {number} for the same service of this application is under way',
  }),
  wrongStep: problem('security.wrong-step', 409, { zh: '工单现在不在这一步', en: 'The order is not at this step' }),
  badExpiry: problem('security.bad-expiry', 422, {
    zh: '到期日须在今天之后，且不超过 5 年',
    en: 'The last day must lie after today and within five years',
  }),
  samePerson: problem('security.same-person', 403, {
    zh: '申请人不能自己开通，须由另一人办理',
    en: 'Whoever ordered it does not deliver it: another person must',
  }),
  ended: problem('security.ended', 409, { zh: '这项服务已经终止', en: 'This service has ended already' }),
} as const

const read = canAny(['security.service.read', 'R'], ['security.service.read', 'r'])
const order = can('security.service.order', 'C')
const deliver = can('security.service.deliver', 'X')
const record = can('security.service.record', 'C')
const orderId = z.object({ orderId: z.uuid() })
const delivery = z.object({ product: text(120, 1), ownerName: text(60, 1), scope: text(500).default(''), expiresOn: day })

/** Forms of the process steps. */
export const securityForms = {
  /** ACCEPT, DECLINE */
  'security.accept': z.object({ comment: text(1000).default('') }),
  /** DONE */
  'security.deliver': delivery,
  /** CONFIRMED, NOT_DONE */
  'security.confirm': z.object({ comment: text(1000).default('') }),
} as const

export const securityApi = {
  catalogue: endpoint({
    method: 'GET',
    path: '/security/catalogue',
    summary: '安全服务目录',
    access: read,
    input: z.object({}),
    reply: z.object({ items: z.array(SecurityItem) }),
  }),
  coverage: endpoint({
    method: 'GET',
    path: '/security/coverage',
    summary: '各应用按等保级别应有的安全服务与缺项',
    access: read,
    input: pageInput.extend({ lacking: z.stringbool().optional(), q: z.string().max(100).optional() }),
    reply: page(SecurityCover).extend({ covered: z.int(), due: z.int() }),
  }),
  held: endpoint({
    method: 'GET',
    path: '/security/services',
    summary: '在用的安全服务',
    access: read,
    input: pageInput.extend({ applicationId: z.uuid().optional(), code: SecurityService.optional(), ended: z.stringbool().optional() }),
    reply: page(SecurityHeld),
  }),
  orders: endpoint({
    method: 'GET',
    path: '/security/orders',
    summary: '安全服务工单',
    access: read,
    input: pageInput.extend({ state: SecurityOrderState.optional(), open: z.stringbool().optional(), applicationId: z.uuid().optional() }),
    reply: page(SecurityOrder),
  }),
  order: endpoint({
    method: 'POST',
    path: '/security/orders',
    summary: '申请一项安全服务',
    access: order,
    input: z.object({ applicationId: z.uuid(), code: SecurityService, reason: text(1000).default('') }),
    reply: SecurityOrder,
    problems: [securityProblems.noItem, securityProblems.ordered],
  }),
  get: endpoint({
    method: 'GET',
    path: '/security/orders/:orderId',
    summary: '安全服务工单详情',
    access: read,
    input: orderId,
    reply: SecurityOrder,
  }),
  accept: endpoint({
    method: 'POST',
    path: '/security/orders/:orderId/accept',
    summary: '受理或不予受理',
    access: deliver,
    input: orderId.extend({ accept: z.boolean(), comment: text(1000).default('') }),
    reply: SecurityOrder,
    problems: [securityProblems.wrongStep],
  }),
  deliver: endpoint({
    method: 'POST',
    path: '/security/orders/:orderId/deliver',
    summary: '登记开通结果',
    access: deliver,
    input: orderId.extend(delivery.shape),
    reply: SecurityOrder,
    problems: [securityProblems.wrongStep, securityProblems.badExpiry, securityProblems.samePerson],
  }),
  confirm: endpoint({
    method: 'POST',
    path: '/security/orders/:orderId/confirm',
    summary: '确认已生效，或退回办理',
    access: order,
    input: orderId.extend({ done: z.boolean(), comment: text(1000).default('') }),
    reply: SecurityOrder,
    problems: [securityProblems.wrongStep],
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/security/orders/:orderId/withdraw',
    summary: '受理前撤回',
    access: order,
    input: orderId.extend({ reason: text(500, 1) }),
    reply: SecurityOrder,
    problems: [securityProblems.wrongStep],
  }),
  record: endpoint({
    method: 'POST',
    path: '/security/services',
    summary: '补登已有的安全服务',
    access: record,
    input: delivery.extend({ applicationId: z.uuid(), code: SecurityService, beginsOn: day }),
    reply: SecurityHeld,
    problems: [securityProblems.badExpiry],
  }),
  end: endpoint({
    method: 'POST',
    path: '/security/services/:serviceId/end',
    summary: '终止一项安全服务',
    access: record,
    input: z.object({ serviceId: z.uuid(), reason: text(500, 1) }),
    reply: SecurityHeld,
    problems: [securityProblems.ended],
  }),
}
