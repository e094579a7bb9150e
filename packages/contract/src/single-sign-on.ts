import { z } from 'zod'
import { can, canAny, endpoint, instant, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

export const singleSignOnProblems = {
  off: problem('single-sign-on.off', 409, { zh: '尚未启用统一身份认证', en: 'Single sign-on is not in use' }),
  lost: problem('single-sign-on.lost', 400, {
    zh: '这次登录已过期或不是从本浏览器发起，请重新登录',
    en: 'This sign-in has expired or was not begun in this browser; start again',
  }),
  refused: problem('single-sign-on.refused', 401, {
    zh: '统一身份认证没有放行，请重试或改用口令登录',
    en: 'The identity provider did not vouch for you; try again or use your password',
  }),
  unknownPerson: problem('single-sign-on.unknown-person', 403, {
    zh: '统一身份认证已通过，但本平台没有与之对应的账号；请联系系统管理员',
    en: 'The identity provider knows you, this platform does not; ask the system administrator',
  }),
  insecureIssuer: problem('single-sign-on.insecure-issuer', 400, {
    zh: '认证地址须为 https（本机地址除外）',
    en: 'The issuer must use https, except on this machine',
  }),
  undiscovered: problem('single-sign-on.undiscovered', 409, {
    zh: '还没有成功连上该认证服务，不能批准：{error}',
    en: 'The provider has not been reached yet, so it cannot be approved: {error}',
  }),
  samePerson: problem('single-sign-on.same-person', 403, {
    zh: '须由另一人批准',
    en: 'Another person must approve',
  }),
  decided: problem('single-sign-on.decided', 409, { zh: '这项设置已处理过', en: 'This setting has been decided already' }),
} as const

export const ProviderRow = z.object({
  id: z.uuid(),
  label: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  /** The claim that names the account the first time; afterwards the provider's subject does. */
  claim: z.string(),
  /** The sign-in must have used this method at the provider (`amr`), e.g. `mfa`. */
  requiredMethod: z.string().nullable(),
  status: z.enum(['PROPOSED', 'IN_FORCE', 'REJECTED', 'REPLACED']),
  discoveredAt: instant.nullable(),
  discoveryError: z.string().nullable(),
  proposedBy: z.string(),
  proposedAt: instant,
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
})
export type ProviderRow = z.infer<typeof ProviderRow>

/** A page of our own: one slash, then anything but another slash. */
const ownPage = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])/)

export const singleSignOnApi = {
  state: endpoint({
    method: 'GET',
    path: '/session/single-sign-on',
    summary: '是否启用统一身份认证',
    access: 'public',
    input: z.object({}),
    reply: z.object({ label: z.string().nullable() }),
  }),
  start: endpoint({
    method: 'POST',
    path: '/session/single-sign-on',
    summary: '开始统一身份认证，返回要前往的地址',
    access: 'public',
    input: z.object({ returnTo: ownPage.default('/') }),
    reply: z.object({ url: z.url() }),
    problems: [singleSignOnProblems.off],
  }),
  callback: endpoint({
    method: 'GET',
    path: '/session/single-sign-on/callback',
    kind: 'download',
    summary: '统一身份认证返回处；成功即登录并回到原页面',
    access: 'public',
    input: z.looseObject({ state: z.string().max(200).optional() }),
    reply: z.unknown(),
  }),
  providers: endpoint({
    method: 'GET',
    path: '/single-sign-on/providers',
    summary: '统一身份认证设置',
    access: can('settings.oidc', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(ProviderRow) }),
  }),
  propose: endpoint({
    method: 'POST',
    path: '/single-sign-on/providers',
    summary: '提出统一身份认证设置；安全管理员批准后启用',
    access: can('settings.oidc', 'C'),
    input: z.object({
      label: text(40, 1),
      issuer: z.url({ protocol: /^https?$/ }).max(300),
      clientId: text(200, 1),
      clientSecret: z.string().min(1).max(500),
      claim: z
        .string()
        .regex(/^[a-zA-Z0-9_.-]{1,60}$/)
        .default('preferred_username'),
      requiredMethod: text(40, 1).nullable().default(null),
    }),
    reply: ProviderRow,
    problems: [singleSignOnProblems.insecureIssuer],
  }),
  check: endpoint({
    method: 'POST',
    path: '/single-sign-on/providers/:providerId/check',
    summary: '重新连接认证服务',
    access: canAny(['settings.oidc', 'C'], ['settings.oidc', 'A']),
    input: z.object({ providerId: z.uuid() }),
    reply: ProviderRow,
    problems: [commonProblems.notFound],
  }),
  decide: endpoint({
    method: 'POST',
    path: '/single-sign-on/providers/:providerId/decide',
    summary: '批准或不批准统一身份认证设置',
    access: can('settings.oidc', 'A'),
    input: z.object({ providerId: z.uuid(), approve: z.boolean() }),
    reply: ProviderRow,
    problems: [commonProblems.notFound, singleSignOnProblems.undiscovered, singleSignOnProblems.samePerson, singleSignOnProblems.decided],
  }),
}
