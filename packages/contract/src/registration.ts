import { z } from 'zod'
import { can, canAny, endpoint, instant, text } from './endpoint.ts'
import { fileProblems } from './file.ts'
import { identityProblems, RoleCode, SignInName, TenantRow } from './identity.ts'
import { contactData } from './personal.ts'
import { commonProblems, problem } from './problem.ts'

/** Largest official letter of a registration, bytes; it comes from people nobody knows yet. */
export const LETTER_BYTES_MAX = 5 * 1024 * 1024
/** Some more than that in base64, so that a letter somewhat too large is told so; no more than a call may carry. */
const LETTER_TEXT_MAX = 7_900_000
/** How an official letter may be named. */
export const LETTER_EXTENSIONS = ['pdf', 'ofd', 'png', 'jpg', 'jpeg'] as const

export const registrationProblems = {
  tooMany: problem('registration.too-many', 429, {
    zh: '今天从这里提交的登记已太多，请明天再试，或打电话给服务台',
    en: 'Too many registrations came from here today; try again tomorrow, or telephone the service desk',
  }),
  letterTooLarge: problem('registration.letter-too-large', 413, {
    zh: '公函不超过 5 MB，没有提交',
    en: 'The letter must not exceed 5 MB; nothing was submitted',
  }),
  samePerson: problem('registration.same-person', 400, {
    zh: '项目经理与负责人须是两个人：一人申请，一人确认',
    en: 'Project manager and approver must be two persons: one asks, the other confirms',
  }),
  decided: problem('registration.decided', 409, { zh: '这份登记已由 {by} 处理', en: '{by} has already decided this registration' }),
  linkGone: problem('registration.link-gone', 410, {
    zh: '这个链接已用过或已过期，请向发给你链接的人要一个新的',
    en: 'This link was used already or has expired; ask whoever gave it to you for a new one',
  }),
  hasPassword: problem('registration.has-password', 409, {
    zh: '“{name}”已设过口令，忘记时由系统管理员重置',
    en: '{name} has set a password already; the system administrator resets a forgotten one',
  }),
} as const

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** GB 32100-2015: 17 characters weighted by powers of 3 modulo 31, the 18th makes the sum right. */
export function isCreditCode(code: string): boolean {
  const places = [...code].map((letter) => ALPHABET.indexOf(letter))
  if (places.length !== 18 || places.includes(-1)) return false
  let weight = 1
  let sum = 0
  for (const place of places.slice(0, 17)) {
    sum += place * weight
    weight = (weight * 3) % 31
  }
  return places[17] === (31 - (sum % 31)) % 31
}

const CreditCode = z
  .string()
  .trim()
  .toUpperCase()
  .refine(isCreditCode, '18 位统一社会信用代码（含校验位）|The unified social credit code, 18 characters with its check character')
const phone = z
  .string()
  .trim()
  .regex(/^[0-9+() -]{6,30}$/, '电话号码，6 至 30 位|A telephone number')

const Party = z.object({ name: text(40, 1), phone, email: z.email().max(200) })

const Reached = z.object({ name: z.string(), phone: contactData(z.string(), 'phone'), email: z.string() })
export const RegistrationRow = z.object({
  id: z.uuid(),
  number: z.string(),
  name: z.string(),
  creditCode: z.string(),
  pm: Reached,
  tl: Reached,
  letter: z.object({ fileId: z.uuid(), name: z.string(), sizeBytes: z.int(), digest: z.string() }),
  submittedAt: instant,
  status: z.enum(['SUBMITTED', 'TAKEN_ON', 'REFUSED']),
  /** Why it was refused. */
  reason: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  tenantId: z.uuid().nullable(),
  tenantStatus: TenantRow.shape.status.nullable(),
  /** A bureau that is there already under this code or name, for the reader to judge. */
  known: z.string().nullable(),
})
export type RegistrationRow = z.infer<typeof RegistrationRow>

const EntryLink = z.object({
  personId: z.uuid(),
  name: z.string(),
  signIn: z.string(),
  role: RoleCode.nullable(),
  /** Path and secret behind `#`, which browsers do not send; shown once. */
  path: z.string(),
  expiresAt: instant,
})
export type EntryLink = z.infer<typeof EntryLink>

const token = z.string().min(20).max(100)
const invited = z.object({ name: text(40, 1), signIn: SignInName, phone: phone.optional(), email: z.email().max(200).optional() })

export const registrationApi = {
  register: endpoint({
    method: 'POST',
    path: '/registrations',
    summary: '委办局自助登记：单位、项目经理、负责人与公函；回执不说明单位是否已登记',
    access: 'public',
    input: z.object({
      name: text(100, 4),
      creditCode: CreditCode,
      pm: Party,
      tl: Party,
      letter: z.object({
        name: text(200, 1),
        base64: z.string().min(1).max(LETTER_TEXT_MAX),
      }),
    }),
    reply: z.object({ number: z.string() }),
    problems: [registrationProblems.tooMany, registrationProblems.letterTooLarge, registrationProblems.samePerson, fileProblems.lyingType],
  }),
  registrations: endpoint({
    method: 'GET',
    path: '/registrations',
    summary: '委办局登记列表',
    access: can('tenant.manage', 'R'),
    input: z.object({ status: RegistrationRow.shape.status.optional() }),
    reply: z.object({ items: z.array(RegistrationRow) }),
  }),
  takeOn: endpoint({
    method: 'POST',
    path: '/registrations/:registrationId/take-on',
    summary: '受理登记：建委办局与两个账号，提出授权；安全管理员批准后生效并通知本人',
    access: can('tenant.manage', 'C'),
    input: z.object({
      registrationId: z.uuid(),
      code: text(40, 1),
      shortName: text(40, 1),
      pmSignIn: SignInName,
      tlSignIn: SignInName,
    }),
    reply: RegistrationRow,
    problems: [commonProblems.notFound, commonProblems.conflict, registrationProblems.decided, identityProblems.signInTaken],
  }),
  refuse: endpoint({
    method: 'POST',
    path: '/registrations/:registrationId/refuse',
    summary: '不予受理，写明理由并通知申请人',
    access: can('tenant.manage', 'C'),
    input: z.object({ registrationId: z.uuid(), reason: text(500, 1) }),
    reply: RegistrationRow,
    problems: [commonProblems.notFound, registrationProblems.decided],
  }),
  invite: endpoint({
    method: 'POST',
    path: '/tenants/invite',
    summary: '一步邀请：建委办局、首位项目经理与负责人，提出授权，给出一次性链接',
    access: can('tenant.manage', 'C'),
    input: z.object({
      code: text(40, 1),
      name: text(100, 1),
      shortName: text(40, 1),
      creditCode: CreditCode.nullable().default(null),
      pm: invited,
      tl: invited,
      reason: text(500, 1),
    }),
    reply: z.object({ tenant: TenantRow, links: z.array(EntryLink) }),
    problems: [commonProblems.conflict, registrationProblems.samePerson, identityProblems.signInTaken],
  }),
  renewLink: endpoint({
    method: 'POST',
    path: '/people/:personId/entry-link',
    summary: '给还没有设过口令的人一个新的一次性链接',
    access: canAny(['tenant.manage', 'C'], ['iam.account.lifecycle', 'X']),
    input: z.object({ personId: z.uuid() }),
    reply: EntryLink,
    problems: [commonProblems.notFound, registrationProblems.hasPassword],
  }),
  lookLink: endpoint({
    method: 'POST',
    path: '/entry-links/look',
    summary: '一次性链接是给谁的',
    access: 'public',
    input: z.object({ token }),
    reply: z.object({ name: z.string(), signIn: z.string(), expiresAt: instant }),
    problems: [registrationProblems.linkGone],
  }),
  useLink: endpoint({
    method: 'POST',
    path: '/entry-links/use',
    summary: '用一次性链接设置首个口令',
    access: 'public',
    input: z.object({ token, password: z.string().min(1).max(200) }),
    reply: z.object({ signIn: z.string() }),
    problems: [registrationProblems.linkGone, identityProblems.weakPassword],
  }),
}
