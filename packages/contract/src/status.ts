import { z } from 'zod'
import { availabilityProblems } from './availability.shapes.ts'
import { can, canAny, day, endpoint, instant, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

export const statusProblems = {
  tokenRefused: problem('status.token-refused', 401, {
    zh: '状态页令牌无效、未批准或已停用',
    en: 'The token of this status page is unknown, not approved or revoked',
  }),
}

/** Days one page looks back, today among them. */
export const STATUS_DAYS = 90

export const StatusNow = z.enum(['UP', 'DOWN', 'UNKNOWN', 'PLANNED', 'NOT_MEASURED'])
export type StatusNow = z.infer<typeof StatusNow>
/** The worst of a day; NONE: not measured yet. */
export const StatusDay = z.object({
  on: day,
  state: z.enum(['UP', 'DOWN', 'UNKNOWN', 'PLANNED', 'NONE']),
  /** Milliseconds in which it was down, whoever answers for it. */
  downMs: z.int(),
})
export type StatusDay = z.infer<typeof StatusDay>

/** One bureau's applications for everybody who depends on them: no ids, no addresses, no names of persons. */
export const StatusPage = z.object({
  bureau: z.string(),
  at: instant,
  applications: z.array(
    z.object({
      name: z.string(),
      state: StatusNow,
      /** Since when it has been in this state; null where that is not known. */
      since: instant.nullable(),
      /** The contract year so far, an exact fraction; null where nothing is measured. */
      availability: z.string().nullable(),
      days: z.array(StatusDay),
    }),
  ),
  outages: z.array(z.object({ application: z.string(), from: instant, to: instant.nullable(), downMs: z.int() })),
  planned: z.array(
    z.object({
      applications: z.array(z.string()),
      from: instant,
      to: instant,
      reason: z.enum(['UPGRADE', 'UPDATE', 'MAINTENANCE']),
      impact: z.string(),
    }),
  ),
})
export type StatusPage = z.infer<typeof StatusPage>

export const StatusToken = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  tenantName: z.string(),
  name: z.string(),
  state: z.enum(['PENDING', 'ACTIVE', 'REVOKED']),
  createdBy: z.string(),
  createdAt: instant,
  decidedBy: z.string().nullable(),
  lastUsedAt: instant.nullable(),
})
export type StatusToken = z.infer<typeof StatusToken>

export const statusApi = {
  bureaus: endpoint({
    method: 'GET',
    path: '/status-pages',
    summary: '可以查看状态页的委办局',
    access: canAny(['monitor.read', 'R'], ['monitor.read', 'r']),
    input: z.object({}),
    reply: z.object({ items: z.array(z.object({ tenantId: z.uuid(), name: z.string() })) }),
  }),
  page: endpoint({
    method: 'GET',
    path: '/status-pages/:tenantId',
    summary: '一个委办局的状态页：各应用现状、近 90 天、中断与计划停机',
    access: canAny(['monitor.read', 'R'], ['monitor.read', 'r']),
    input: z.object({ tenantId: z.uuid() }),
    reply: StatusPage,
    problems: [commonProblems.notFound],
  }),
  open: endpoint({
    method: 'GET',
    path: '/status-page',
    summary: '令牌所属委办局的状态页（Bearer 令牌）',
    access: 'public',
    input: z.object({}),
    reply: StatusPage,
    problems: [statusProblems.tokenRefused],
  }),
  tokens: endpoint({
    method: 'GET',
    path: '/status-tokens',
    summary: '状态页令牌',
    access: can('source.token', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(StatusToken) }),
  }),
  createToken: endpoint({
    method: 'POST',
    path: '/status-tokens',
    summary: '建立状态页令牌，只显示一次；安全管理员批准后生效',
    access: can('source.token', 'C'),
    input: z.object({ tenantId: z.uuid(), name: text(60, 1) }),
    reply: z.object({ item: StatusToken, token: z.string() }),
    problems: [commonProblems.notFound],
  }),
  decideToken: endpoint({
    method: 'POST',
    path: '/status-tokens/:tokenId/decide',
    summary: '安全管理员批准或停用状态页令牌',
    access: can('source.token', 'A'),
    input: z.object({ tokenId: z.uuid(), approve: z.boolean() }),
    reply: StatusToken,
    problems: [commonProblems.notFound, availabilityProblems.samePerson],
  }),
}
