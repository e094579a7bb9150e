import { z } from 'zod'
import { can, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

export const ldapProblems = {
  off: problem('ldap.off', 409, { zh: '没有接入单位目录（LDAP_URL）', en: 'No directory is connected (LDAP_URL)' }),
  unreachable: problem('ldap.unreachable', 503, {
    zh: '单位目录连不上：{reason}。目录账号暂时不能登录，本平台的本地账号（三员）照常登录',
    en: 'The directory cannot be reached: {reason}. Its accounts cannot sign in for now; local accounts (the three administrators) can',
  }),
  disabled: problem('ldap.disabled', 403, {
    zh: '这个账号在单位目录中已停用，请找本单位的目录管理员',
    en: 'This account is disabled in the directory; ask whoever keeps it',
  }),
  waiting: problem('ldap.waiting', 403, {
    zh: '口令对了，但账号还没有在本平台开立，请找系统管理员',
    en: 'The password is right, but no account was opened here yet; ask the system administrator',
  }),
  elsewhere: problem('ldap.elsewhere', 409, {
    zh: '这个账号由单位目录管口令，请到目录那边更换',
    en: 'The directory keeps the password of this account; change it there',
  }),
  administrator: problem('ldap.administrator', 409, {
    zh: '“{name}”是三员之一，须用本地账号，不能接到目录',
    en: '{name} is one of the three administrators: such an account stays local',
  }),
  linked: problem('ldap.linked', 409, {
    zh: '“{name}”的口令由单位目录管理；三员须用本地账号，请先解除与目录的绑定',
    en: '{name} signs in by the directory; the three administrators are local accounts: release this one from the directory first',
  }),
  absent: problem('ldap.absent', 409, {
    zh: '“{name}”已不在目录中或已停用',
    en: '{name} is no longer in the directory, or disabled there',
  }),
  taken: problem('ldap.taken', 409, {
    zh: '用户名“{signIn}”的账号已接到目录里的另一个人',
    en: 'The account “{signIn}” is bound to somebody else in the directory',
  }),
  decided: problem('ldap.decided', 409, { zh: '“{name}”已经处理过', en: '{name} was decided already' }),
} as const

export const LdapState = z.enum(['PENDING', 'LINKED', 'IGNORED'])
export const LdapPresence = z.enum(['PRESENT', 'DISABLED', 'GONE'])

export const LdapAccount = z.object({
  entryId: z.string(),
  dn: z.string(),
  signIn: z.string(),
  name: z.string(),
  unit: z.string().nullable(),
  state: LdapState,
  presence: LdapPresence,
  /** The account here: bound already, or with the same sign-in name. */
  person: z.object({ id: z.uuid(), name: z.string(), active: z.boolean(), administrator: z.boolean() }).nullable(),
  firstSeenAt: instant,
  seenAt: instant,
})
export type LdapAccount = z.infer<typeof LdapAccount>

const Named = z.object({ signIn: z.string(), name: z.string() })
export const LdapLeaver = Named.extend({
  personId: z.uuid(),
  why: z.enum(['DISABLED', 'GONE']),
  /** False where the account stays open, because it is the last of an administrator's role. */
  closed: z.boolean(),
})
export const LdapCounts = z.object({
  added: z.int(),
  changed: z.int(),
  leaving: z.int(),
  back: z.int(),
  unusable: z.int(),
})
export const LdapSync = z.object({
  id: z.uuid(),
  at: instant,
  cause: z.enum(['NIGHTLY', 'ASKED']),
  askedBy: z.string().nullable(),
  outcome: z.enum(['DONE', 'HELD', 'FAILED']),
  problem: z.string().nullable(),
  found: z.int(),
  counts: LdapCounts,
  leavers: z.array(LdapLeaver),
})
export type LdapSync = z.infer<typeof LdapSync>

/** At most so many names of each sort are shown; the counts are of all. */
export const LDAP_NAMES_SHOWN = 200

export const LdapPreview = z.object({
  found: z.int(),
  counts: LdapCounts,
  added: z.array(Named),
  changed: z.array(Named),
  leaving: z.array(Named.extend({ why: z.enum(['DISABLED', 'GONE']), linked: z.boolean() })),
  back: z.array(Named),
  unusable: z.array(z.object({ dn: z.string(), why: z.enum(['NAME', 'SIGN_IN', 'TWICE']) })),
  /** So many would leave at once that a synchronisation waits for a person's word. */
  held: z.boolean(),
})

const settings = z.object({
  url: z.string(),
  encrypted: z.boolean(),
  base: z.string(),
  filter: z.string(),
  disabledFilter: z.string().nullable(),
  attributes: z.record(z.string(), z.string()),
})

export const ldapApi = {
  state: endpoint({
    method: 'GET',
    path: '/ldap',
    summary: '单位目录：接入设置、账号数与最近几次同步',
    access: can('settings.oidc', 'R'),
    input: z.object({}),
    reply: z.object({
      /** null: none is connected. The secret is never shown. */
      settings: settings.nullable(),
      pending: z.int(),
      linked: z.int(),
      ignored: z.int(),
      syncs: z.array(LdapSync),
    }),
  }),
  accounts: endpoint({
    method: 'GET',
    path: '/ldap/accounts',
    summary: '目录里看到的账号',
    access: can('iam.account.lifecycle', 'R'),
    input: pageInput.extend({ state: LdapState.default('PENDING'), q: z.string().max(100).optional() }),
    reply: page(LdapAccount),
  }),
  preview: endpoint({
    method: 'POST',
    path: '/ldap/preview',
    summary: '试同步：现在去目录里看一遍，只说会变什么，什么也不写',
    access: can('iam.account.lifecycle', 'C'),
    input: z.object({}),
    reply: LdapPreview,
    problems: [ldapProblems.off, ldapProblems.unreachable],
  }),
  sync: endpoint({
    method: 'POST',
    path: '/ldap/sync',
    summary: '立即同步；离开的人过多时须确认，离开者随即退出登录、停用账号',
    access: can('iam.account.lifecycle', 'X'),
    input: z.object({ confirmLeavers: z.boolean().default(false) }),
    reply: LdapSync,
    problems: [ldapProblems.off],
  }),
  takeOn: endpoint({
    method: 'POST',
    path: '/ldap/accounts/take-on',
    summary: '为目录里的人开立账号，或接到同名的账号；角色另行授权，经安全管理员批准',
    access: can('iam.account.lifecycle', 'C'),
    input: z.object({ entryIds: z.array(text(200, 1)).min(1).max(200) }),
    reply: z.object({
      created: z.int(),
      linked: z.int(),
      refused: z.array(z.object({ entryId: z.string(), message: z.string() })),
    }),
  }),
  ignore: endpoint({
    method: 'POST',
    path: '/ldap/accounts/ignore',
    summary: '目录里的这个人不在本平台开立账号；可再放回',
    access: can('iam.account.lifecycle', 'X'),
    input: z.object({ entryId: text(200, 1), ignored: z.boolean() }),
    reply: LdapAccount,
    problems: [commonProblems.notFound, ldapProblems.decided],
  }),
  release: endpoint({
    method: 'POST',
    path: '/ldap/accounts/release',
    summary: '与目录脱开，改回本地账号：先前的口令作废，随即退出登录，须另发登录链接',
    access: can('iam.account.lifecycle', 'X'),
    input: z.object({ entryId: z.string().min(1).max(200) }),
    reply: LdapAccount,
    problems: [commonProblems.notFound],
  }),
}
