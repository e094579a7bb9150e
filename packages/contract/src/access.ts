import { z } from 'zod'
import { can, canAny, endpoint, instant, nothing, text } from './endpoint.ts'
import { RoleCode } from './identity.ts'
import { commonProblems, problem } from './problem.ts'

export const accessProblems = {
  addressRefused: problem('access.address-refused', 403, {
    zh: '不允许从 {address} 登录',
    en: 'Signing in from {address} is not allowed',
  }),
  ownAddress: problem('access.own-address', 409, {
    zh: '这样设置后你当前的地址 {address} 将不能登录，没有保存',
    en: 'Your own address {address} could no longer sign in; nothing was saved',
  }),
  looser: problem('access.looser', 422, {
    zh: '只能比方案更严：{field} 须为 {min} 至 {max}',
    en: 'The policy may only be stricter than the plan: {field} must be {min} to {max}',
  }),
  reviewOpen: problem('access.review-open', 409, {
    zh: '{quarter} 的授权复核已经发起',
    en: 'The access review of {quarter} is open already',
  }),
  reviewClosed: problem('access.review-closed', 409, { zh: '这次复核已结束', en: 'This review is closed' }),
  notReviewer: problem('access.not-reviewer', 403, {
    zh: '这项授权须由有权授予“{role}”的另一人复核',
    en: 'This grant is reviewed by another person who may grant “{role}”',
  }),
  unreviewed: problem('access.unreviewed', 409, {
    zh: '还有 {count} 项未复核，期限未到不能确认',
    en: '{count} grants are not reviewed yet; confirm when all are, or after the limit',
  }),
  samePerson: problem('access.same-person', 400, { zh: '不能交接给本人', en: 'Nobody hands over to themselves' }),
  cannotReceive: problem('access.cannot-receive', 409, {
    zh: '接手人账号已停用或不存在',
    en: 'Whoever takes over has no open account',
  }),
} as const

export const SignInRow = z.object({
  id: z.uuid(),
  personId: z.uuid(),
  personName: z.string(),
  startedAt: instant,
  seenAt: instant,
  endsAt: instant,
  address: z.string(),
  browser: z.string(),
  current: z.boolean(),
})

export const PolicyValues = z.object({
  /** Failures in a row after which an account is locked. */
  failuresToLock: z.int(),
  lockMinutes: z.int(),
  idleMinutes: z.int(),
  passwordMinLength: z.int(),
  /** Kinds of characters: upper, lower, digit, other. */
  passwordClasses: z.int(),
  passwordDays: z.int(),
})
export type PolicyValues = z.infer<typeof PolicyValues>

export const AddressRule = z.object({ id: z.uuid(), network: z.string(), note: z.string(), addedBy: z.string(), addedAt: instant })
const Policy = z.object({
  inForce: PolicyValues,
  plan: PolicyValues,
  /** The strictest each figure may be set to. */
  strictest: PolicyValues,
  /** Newest first; empty while the plan's own figures hold. */
  changes: z.array(z.object({ values: PolicyValues, reason: z.string(), changedBy: z.string(), changedAt: instant })),
  /** None: sign-in from everywhere. */
  addresses: z.array(AddressRule),
})

export const ReviewRow = z.object({
  id: z.uuid(),
  quarter: z.string(),
  openedAt: instant,
  dueAt: instant,
  state: z.enum(['OPEN', 'CONFIRMED', 'LAPSED']),
  total: z.int(),
  undecided: z.int(),
  confirmedBy: z.string().nullable(),
  confirmedAt: instant.nullable(),
})
export type ReviewRow = z.infer<typeof ReviewRow>

export const ReviewItem = z.object({
  grantId: z.uuid(),
  personName: z.string(),
  role: RoleCode,
  tenantName: z.string().nullable(),
  grantedAt: instant,
  decision: z.enum(['KEEP', 'WITHDRAW', 'LAPSED']).nullable(),
  comment: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  /** The reader may decide it. */
  mine: z.boolean(),
})
export type ReviewItem = z.infer<typeof ReviewItem>

const cidr = z.union([z.cidrv4(), z.cidrv6()])

export const accessApi = {
  signIns: endpoint({
    method: 'GET',
    path: '/sign-ins',
    summary: '正在登录的会话',
    access: can('iam.session', 'R'),
    input: z.object({ personId: z.uuid().optional() }),
    reply: z.object({ items: z.array(SignInRow) }),
  }),
  mySignIns: endpoint({
    method: 'GET',
    path: '/session/all',
    summary: '我的全部登录',
    access: 'signed-in',
    input: z.object({}),
    reply: z.object({ items: z.array(SignInRow) }),
  }),
  endSignIn: endpoint({
    method: 'POST',
    path: '/sign-ins/:sessionId/end',
    summary: '结束一个登录：本人的，或由安全管理员结束他人的',
    access: 'signed-in',
    input: z.object({ sessionId: z.uuid() }),
    reply: nothing,
    problems: [commonProblems.notFound],
  }),
  endOtherSignIns: endpoint({
    method: 'POST',
    path: '/session/others/end',
    summary: '结束本人在其他地方的全部登录',
    access: 'signed-in',
    input: z.object({}),
    reply: z.object({ ended: z.int() }),
  }),
  handOverPreview: endpoint({
    method: 'GET',
    path: '/people/:personId/hand-over',
    summary: '离岗交接将涉及的待办、授权与代理',
    access: can('iam.handover', 'X'),
    input: z.object({ personId: z.uuid() }),
    reply: z.object({
      personName: z.string(),
      signIn: z.string(),
      active: z.boolean(),
      tasks: z.int(),
      grants: z.array(z.object({ role: RoleCode, tenantName: z.string().nullable(), proposed: z.boolean() })),
      delegations: z.array(z.object({ role: RoleCode, fromName: z.string(), toName: z.string(), untilAt: instant })),
      /** The administrator's role nobody else holds: this person cannot go yet. */
      lastOf: RoleCode.nullable(),
    }),
    problems: [commonProblems.notFound],
  }),
  handOver: endpoint({
    method: 'POST',
    path: '/people/:personId/hand-over',
    summary: '离岗交接：待办转给接手人，收回授权与代理，停用账号，一步完成',
    access: can('iam.handover', 'X'),
    input: z.object({ personId: z.uuid(), toPersonId: z.uuid(), reason: text(500, 1) }),
    reply: z.object({ tasks: z.int(), grants: z.int(), delegations: z.int() }),
    problems: [commonProblems.notFound, accessProblems.samePerson, accessProblems.cannotReceive],
  }),

  policy: endpoint({
    method: 'GET',
    path: '/security/policy',
    summary: '安全策略：口令、会话、锁定与登录地址',
    access: can('security.policy', 'R'),
    input: z.object({}),
    reply: Policy,
  }),
  setPolicy: endpoint({
    method: 'PUT',
    path: '/security/policy',
    summary: '收紧安全策略（不得松于方案）',
    access: can('security.policy', 'U'),
    input: PolicyValues.extend({ reason: text(500, 1) }),
    reply: Policy,
    problems: [accessProblems.looser],
  }),
  addAddress: endpoint({
    method: 'POST',
    path: '/security/addresses',
    summary: '增加允许登录的网段',
    access: can('security.policy', 'U'),
    input: z.object({ network: cidr, note: text(200, 1) }),
    reply: Policy,
    problems: [accessProblems.ownAddress, commonProblems.conflict],
  }),
  removeAddress: endpoint({
    method: 'DELETE',
    path: '/security/addresses/:ruleId',
    summary: '去掉一个网段',
    access: can('security.policy', 'U'),
    input: z.object({ ruleId: z.uuid() }),
    reply: Policy,
    problems: [accessProblems.ownAddress, commonProblems.notFound],
  }),

  reviews: endpoint({
    method: 'GET',
    path: '/access-reviews',
    summary: '季度授权复核',
    access: can('iam.accessReview', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(ReviewRow) }),
  }),
  openReview: endpoint({
    method: 'POST',
    path: '/access-reviews',
    summary: '发起本季度授权复核（每季首日自动发起）',
    access: can('iam.accessReview', 'C'),
    input: z.object({}),
    reply: ReviewRow,
    problems: [accessProblems.reviewOpen],
  }),
  reviewItems: endpoint({
    method: 'GET',
    path: '/access-reviews/:reviewId/items',
    summary: '复核明细',
    access: can('iam.accessReview', 'R'),
    input: z.object({ reviewId: z.uuid() }),
    reply: z.object({ items: z.array(ReviewItem) }),
    problems: [commonProblems.notFound],
  }),
  decideItem: endpoint({
    method: 'POST',
    path: '/access-reviews/:reviewId/items/:grantId',
    summary: '保留或收回一项授权',
    access: canAny(['iam.accessReview', 'U'], ['iam.accessReview', 'A']),
    input: z.object({
      reviewId: z.uuid(),
      grantId: z.uuid(),
      decision: z.enum(['KEEP', 'WITHDRAW']),
      comment: text(500).default(''),
    }),
    reply: ReviewItem,
    problems: [commonProblems.notFound, accessProblems.reviewClosed, accessProblems.notReviewer],
  }),
  confirmReview: endpoint({
    method: 'POST',
    path: '/access-reviews/:reviewId/confirm',
    summary: '安全管理员确认复核结果',
    access: can('iam.accessReview', 'A'),
    input: z.object({ reviewId: z.uuid() }),
    reply: ReviewRow,
    problems: [commonProblems.notFound, accessProblems.reviewClosed, accessProblems.unreviewed],
  }),
}
