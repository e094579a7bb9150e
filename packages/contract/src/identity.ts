import { z } from 'zod'
import { type Role, roleCodes } from './capability.ts'
import { can, canAny, endpoint, instant, nothing, page, pageInput, text } from './endpoint.ts'
import { identityProblems } from './identity.problems.ts'
import { ldapProblems } from './ldap.ts'
import { contactData } from './personal.ts'
import { commonProblems } from './problem.ts'

export { identityProblems } from './identity.problems.ts'

export const RoleCode = z.enum(roleCodes as [Role, ...Role[]])
export const SignInName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{1,39}$/, '用户名为 2 至 40 位小写字母、数字、点或短横|2 to 40 lower-case letters, digits, dots or hyphens')
const password = z.string().min(1).max(200)

export const HeldGrant = z.object({
  role: RoleCode,
  tenantId: z.uuid().nullable(),
  tenantName: z.string().nullable(),
  applicationId: z.uuid().nullable(),
  /** Held for somebody else until then. */
  onBehalfOf: z.string().nullable(),
  until: instant.nullable(),
})

export const Session = z.object({
  person: z.object({ id: z.uuid(), name: z.string(), signIn: z.string(), phone: z.string().nullable(), email: z.string().nullable() }),
  /** What this person chose; null: never chosen. */
  locale: z.enum(['zh-CN', 'en-US']).nullable(),
  grants: z.array(HeldGrant),
  /** `capability:verb` of every right held anywhere. */
  capabilities: z.array(z.string()),
  lastSignInAt: instant.nullable(),
  /** The session ends when nothing was asked for so long. */
  idleSeconds: z.int(),
  passwordExpiresAt: instant,
  mustChangePassword: z.boolean(),
  secondFactor: z.boolean(),
  /** The tour of one's pages: the step to go on with, and whether it is over or not wanted. */
  tour: z.object({ step: z.int(), done: z.boolean() }),
  now: instant,
})
export type Session = z.infer<typeof Session>

export const PersonRow = z.object({
  id: z.uuid(),
  name: z.string(),
  signIn: z.string(),
  unit: z.string().nullable(),
  phone: contactData(z.string().nullable(), 'phone'),
  email: z.string().nullable(),
  active: z.boolean(),
  roles: z.array(z.object({ role: RoleCode, tenantId: z.uuid().nullable(), tenantName: z.string().nullable() })),
  lastSignInAt: instant.nullable(),
  lockedUntil: instant.nullable(),
  /** False until an entry link was used. */
  hasPassword: z.boolean(),
  secondFactor: z.boolean(),
  createdAt: instant,
})

export const GrantStatus = z.enum(['PROPOSED', 'IN_FORCE', 'REJECTED', 'WITHDRAWN', 'LAPSED'])
export const GrantRow = z.object({
  id: z.uuid(),
  personId: z.uuid(),
  personName: z.string(),
  role: RoleCode,
  tenantId: z.uuid().nullable(),
  tenantName: z.string().nullable(),
  applicationId: z.uuid().nullable(),
  status: GrantStatus,
  reason: z.string(),
  proposedBy: z.string(),
  proposedAt: instant,
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** False while the person waits for the first way in. */
  hasPassword: z.boolean(),
  /** What the reader may do with it now. */
  may: z.array(z.enum(['APPROVE', 'REJECT', 'WITHDRAW'])),
})

export const TenantRow = z.object({
  id: z.uuid(),
  code: z.string(),
  name: z.string(),
  shortName: z.string(),
  status: z.enum(['PROPOSED', 'ACTIVE', 'CLOSED']),
  createdAt: instant,
})

export const DelegationRow = z.object({
  id: z.uuid(),
  fromName: z.string(),
  toName: z.string(),
  role: RoleCode,
  fromAt: instant,
  untilAt: instant,
  reason: z.string(),
  endedAt: instant.nullable(),
})

const newPerson = z.object({
  name: text(40, 1),
  signIn: SignInName,
  password,
  phone: text(30).optional(),
  email: z.email().max(200).optional(),
})

const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
const bothFactors = z.object({ password, code: z.string().trim().min(1).max(20) })

export const identityApi = {
  signIn: endpoint({
    method: 'POST',
    path: '/session',
    summary: '登录；有第二因素时须带动态口令',
    access: 'public',
    whileReadOnly: true,
    input: z.object({
      signIn: z.string().trim().toLowerCase().max(100),
      password: z.string().max(200),
      code: z.string().trim().max(20).optional(),
    }),
    reply: Session,
    problems: [identityProblems.wrongSignIn, identityProblems.locked, identityProblems.secondFactorNeeded, identityProblems.wrongCode],
  }),
  session: endpoint({
    method: 'GET',
    path: '/session',
    summary: '当前登录的人、角色与权限',
    access: 'signed-in',
    input: z.object({}),
    reply: Session,
  }),
  signOut: endpoint({
    method: 'DELETE',
    path: '/session',
    summary: '退出',
    access: 'signed-in',
    whileReadOnly: true,
    input: z.object({}),
    reply: nothing,
  }),
  changePassword: endpoint({
    method: 'POST',
    path: '/session/password',
    summary: '更换口令',
    access: 'signed-in',
    input: z.object({ current: password, next: password }),
    reply: nothing,
    problems: [identityProblems.weakPassword, identityProblems.passwordReused, identityProblems.wrongSignIn],
  }),
  enrolSecondFactor: endpoint({
    method: 'POST',
    path: '/session/second-factor',
    summary: '登记动态口令（未确认前不生效）',
    access: 'signed-in',
    input: z.object({ password }),
    reply: z.object({ uri: z.string(), secret: z.string() }),
    problems: [identityProblems.wrongSignIn, identityProblems.secondFactorOn],
  }),
  confirmSecondFactor: endpoint({
    method: 'POST',
    path: '/session/second-factor/confirm',
    summary: '用一个动态口令确认登记',
    access: 'signed-in',
    input: z.object({ code: z.string().trim().max(20) }),
    reply: RecoveryCodes,
    problems: [identityProblems.wrongCode, identityProblems.secondFactorOn],
  }),
  renewRecoveryCodes: endpoint({
    method: 'POST',
    path: '/session/second-factor/recovery-codes',
    summary: '重新生成恢复码，原有的随即失效；须口令与动态口令',
    access: 'signed-in',
    input: bothFactors,
    reply: RecoveryCodes,
    problems: [identityProblems.wrongSignIn, identityProblems.wrongCode, identityProblems.secondFactorOff],
  }),
  disableSecondFactor: endpoint({
    method: 'POST',
    path: '/session/second-factor/disable',
    summary: '停用动态口令；须口令与动态口令',
    access: 'signed-in',
    input: bothFactors,
    reply: nothing,
    problems: [identityProblems.wrongSignIn, identityProblems.wrongCode, identityProblems.secondFactorOff],
  }),
  resetSecondFactor: endpoint({
    method: 'POST',
    path: '/people/:personId/second-factor/reset',
    summary: '手机与恢复码都丢失时，由安全管理员撤去动态口令，随即退出其全部登录',
    access: can('iam.secondFactor', 'X'),
    input: z.object({ personId: z.uuid(), reason: text(500, 1) }),
    reply: nothing,
    problems: [commonProblems.notFound, identityProblems.secondFactorOff, identityProblems.selfGrant],
  }),
  setLocale: endpoint({
    method: 'PUT',
    path: '/session/locale',
    summary: '选择本人的语言（页面与通知）',
    access: 'signed-in',
    input: z.object({ locale: z.enum(['zh-CN', 'en-US']) }),
    reply: nothing,
  }),
  keepTour: endpoint({
    method: 'PUT',
    path: '/session/tour',
    summary: '记住本人的引导看到第几步',
    access: 'signed-in',
    input: z.object({ step: z.int().min(0).max(50), done: z.boolean() }),
    reply: nothing,
  }),
  setUpState: endpoint({
    method: 'GET',
    path: '/set-up',
    summary: '是否还须初始设置',
    access: 'public',
    input: z.object({}),
    reply: z.object({ open: z.boolean() }),
  }),
  setUp: endpoint({
    method: 'POST',
    path: '/set-up',
    summary: '初始设置：三位管理员与首位 IaaS 系统管理员，一次完成后永久关闭',
    access: 'public',
    input: z.object({
      token: z.string().max(100),
      systemAdmin: newPerson,
      securityAdmin: newPerson,
      auditAdmin: newPerson,
      iaasAdmin: newPerson,
    }),
    reply: nothing,
    problems: [identityProblems.setUpClosed, identityProblems.setUpToken, identityProblems.fourPersons, identityProblems.weakPassword],
  }),

  people: endpoint({
    method: 'GET',
    path: '/people',
    summary: '账号列表',
    access: canAny(['iam.account.lifecycle', 'R']),
    input: pageInput.extend({ q: z.string().max(100).optional(), active: z.stringbool().optional(), role: RoleCode.optional() }),
    reply: page(PersonRow),
  }),
  directory: endpoint({
    method: 'GET',
    path: '/directory',
    summary: '按姓名找人（转办、加签时用）',
    access: canAny(['iam.directory', 'R'], ['iam.directory', 'r']),
    input: z.object({ q: z.string().max(100).default(''), role: RoleCode.optional() }),
    reply: z.object({
      items: z.array(z.object({ personId: z.uuid(), name: z.string(), unit: z.string().nullable(), roles: z.array(RoleCode) })),
    }),
  }),
  createPerson: endpoint({
    method: 'POST',
    path: '/people',
    summary: '开立账号；首次登录须换口令',
    access: can('iam.account.lifecycle', 'C'),
    input: newPerson.extend({ unit: text(100).optional() }),
    reply: PersonRow,
    problems: [identityProblems.signInTaken, identityProblems.weakPassword],
  }),
  changeContact: endpoint({
    method: 'PUT',
    path: '/people/:personId/contact',
    summary: '更改单位、电话与邮箱：值班呼叫与通知从此发往新的',
    access: can('iam.account.lifecycle', 'U'),
    input: newPerson.pick({ phone: true, email: true }).extend({ personId: z.uuid(), unit: text(100).optional() }),
    reply: PersonRow,
    problems: [commonProblems.notFound],
  }),
  disablePerson: endpoint({
    method: 'POST',
    path: '/people/:personId/disable',
    summary: '停用账号，随即退出其全部登录',
    access: can('iam.account.lifecycle', 'X'),
    input: z.object({ personId: z.uuid(), reason: text(500, 1) }),
    reply: PersonRow,
    problems: [commonProblems.notFound, identityProblems.lastAdministrator],
  }),
  enablePerson: endpoint({
    method: 'POST',
    path: '/people/:personId/enable',
    summary: '恢复账号',
    access: can('iam.account.lifecycle', 'X'),
    input: z.object({ personId: z.uuid(), reason: text(500, 1) }),
    reply: PersonRow,
    problems: [commonProblems.notFound],
  }),
  resetPassword: endpoint({
    method: 'POST',
    path: '/people/:personId/password',
    summary: '重置口令并解锁；下次登录须更换',
    access: can('iam.account.lifecycle', 'X'),
    input: z.object({ personId: z.uuid(), password }),
    reply: nothing,
    problems: [commonProblems.notFound, identityProblems.weakPassword],
  }),

  grants: endpoint({
    method: 'GET',
    path: '/grants',
    summary: '授权列表',
    access: canAny(['iam.grant', 'R']),
    input: pageInput.extend({ status: GrantStatus.optional(), personId: z.uuid().optional(), role: RoleCode.optional() }),
    reply: page(GrantRow),
  }),
  proposeGrant: endpoint({
    method: 'POST',
    path: '/grants',
    summary: '提出授权；安全管理员批准后生效',
    access: can('iam.grant', 'C'),
    input: z.object({
      personId: z.uuid(),
      role: RoleCode,
      tenantId: z.uuid().nullable().default(null),
      applicationId: z.uuid().nullable().default(null),
      reason: text(500, 1),
    }),
    reply: GrantRow,
    problems: [
      identityProblems.selfGrant,
      identityProblems.notGrantor,
      identityProblems.incompatible,
      identityProblems.scopeNeeded,
      identityProblems.scopeRefused,
      ldapProblems.linked,
    ],
  }),
  approveGrant: endpoint({
    method: 'POST',
    path: '/grants/:grantId/approve',
    summary: '批准授权',
    access: can('iam.grant', 'A'),
    input: z.object({ grantId: z.uuid() }),
    reply: GrantRow,
    problems: [
      commonProblems.notFound,
      identityProblems.decided,
      identityProblems.selfGrant,
      identityProblems.incompatible,
      ldapProblems.linked,
    ],
  }),
  rejectGrant: endpoint({
    method: 'POST',
    path: '/grants/:grantId/reject',
    summary: '不批准授权',
    access: can('iam.grant', 'A'),
    input: z.object({ grantId: z.uuid(), reason: text(500, 1) }),
    reply: GrantRow,
    problems: [commonProblems.notFound, identityProblems.decided],
  }),
  withdrawGrant: endpoint({
    method: 'POST',
    path: '/grants/:grantId/withdraw',
    summary: '收回授权，立即生效',
    access: can('iam.grant', 'U'),
    input: z.object({ grantId: z.uuid(), reason: text(500, 1) }),
    reply: GrantRow,
    problems: [commonProblems.notFound, identityProblems.notGrantor],
  }),

  tenants: endpoint({
    method: 'GET',
    path: '/tenants',
    summary: '委办局（本人范围内）',
    access: canAny(['tenant.read', 'R'], ['tenant.read', 'r']),
    input: z.object({ q: z.string().max(100).optional() }),
    reply: z.object({ items: z.array(TenantRow) }),
  }),
  createTenant: endpoint({
    method: 'POST',
    path: '/tenants',
    summary: '登记委办局',
    access: can('tenant.manage', 'C'),
    input: z.object({ code: text(40, 1), name: text(100, 1), shortName: text(40, 1) }),
    reply: TenantRow,
    problems: [commonProblems.conflict],
  }),

  delegations: endpoint({
    method: 'GET',
    path: '/delegations',
    summary: '我的代理（交出的与代办的）',
    access: 'signed-in',
    input: z.object({}),
    reply: z.object({ items: z.array(DelegationRow) }),
  }),
  delegate: endpoint({
    method: 'POST',
    path: '/delegations',
    summary: '委托他人在一段时间内代行一个角色（不超过 15 天）',
    access: canAny(['iam.delegation', 'C']),
    input: z.object({ toPersonId: z.uuid(), role: RoleCode, fromAt: instant, untilAt: instant, reason: text(500, 1) }),
    reply: DelegationRow,
    problems: [identityProblems.tooLong, identityProblems.incompatible, identityProblems.notGrantor],
  }),
  endDelegation: endpoint({
    method: 'POST',
    path: '/delegations/:delegationId/end',
    summary: '提前结束代理',
    access: canAny(['iam.delegation', 'U']),
    input: z.object({ delegationId: z.uuid() }),
    reply: DelegationRow,
    problems: [commonProblems.notFound],
  }),
}
