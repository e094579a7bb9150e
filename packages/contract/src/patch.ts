import { z } from 'zod'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

// 补丁批次 (5.3-10): what the system of each image should be at, and the rounds that bring servers there.

export const PatchPackage = z.object({ name: text(100, 1), version: text(100, 1) })
export const PatchSeverity = z.enum(['LOW', 'IMPORTANT', 'CRITICAL'])

/** What the system of an image should be at; a new version takes the place of the one before. */
export const PatchBaseline = z.object({
  id: z.uuid(),
  imageId: z.uuid(),
  imageName: z.string(),
  version: z.int(),
  severity: PatchSeverity,
  summary: z.string(),
  packages: z.array(PatchPackage),
  publishedOn: day,
  publishedBy: z.string(),
  /** False: a newer one is in force. */
  inForce: z.boolean(),
  /** Servers in use of the image, and how many of them stand at this baseline. */
  servers: z.int(),
  patched: z.int(),
  /** On a round that is not over. */
  planned: z.int(),
})
export type PatchBaseline = z.output<typeof PatchBaseline>

export const PatchRoundState = z.enum(['PLANNED', 'RUNNING', 'CLOSED', 'CANCELLED'])
export type PatchRoundState = z.output<typeof PatchRoundState>
export const PatchResult = z.enum(['PENDING', 'DONE', 'FAILED', 'SKIPPED'])
export type PatchResult = z.output<typeof PatchResult>

export const PatchRound = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  state: PatchRoundState,
  baselineId: z.uuid(),
  imageName: z.string(),
  baselineVersion: z.int(),
  windowFrom: instant,
  windowTo: instant,
  /** Servers restart: planned downtime was arranged with it. */
  restart: z.boolean(),
  /** Results are due by then. */
  dueAt: instant,
  plannedBy: z.string(),
  counts: z.object({ PENDING: z.int(), DONE: z.int(), FAILED: z.int(), SKIPPED: z.int() }),
})
export type PatchRound = z.output<typeof PatchRound>
export const PatchTarget = z.object({
  id: z.uuid(),
  serverId: z.uuid(),
  name: z.string(),
  applicationName: z.string(),
  result: PatchResult,
  note: z.string(),
  at: instant.nullable(),
  byName: z.string().nullable(),
})
export type PatchTarget = z.output<typeof PatchTarget>
export const PatchRoundDetail = PatchRound.extend({
  rollbackPlan: z.string(),
  cancelReason: z.string(),
  startedAt: instant.nullable(),
  closedAt: instant.nullable(),
  targets: z.array(PatchTarget),
  /** Changes on the same servers within the window. */
  conflicts: z.array(z.object({ id: z.uuid(), number: z.string(), title: z.string() })),
  downtime: z.object({ recognised: z.boolean().nullable(), noticeSentAt: instant.nullable() }).nullable(),
  may: z.array(z.enum(['BEGIN', 'RESULT', 'CLOSE', 'CANCEL'])),
})
export type PatchRoundDetail = z.output<typeof PatchRoundDetail>

export const patchProblems = {
  retired: problem('patch.retired', 409, { zh: '这份基线已被新版取代', en: 'A newer baseline has taken its place' }),
  noServers: problem('patch.no-servers', 422, {
    zh: '这个镜像没有还需要打补丁的在用服务器',
    en: 'No server in use of this image still needs it',
  }),
  notOfImage: problem('patch.not-of-image', 422, {
    zh: '有服务器不是这个镜像的，或已不在用',
    en: 'A server is not of this image, or out of use',
  }),
  badWindow: problem('patch.bad-window', 422, { zh: '窗口须在将来，且止晚于起', en: 'The window must lie ahead and end after it begins' }),
  frozen: problem('patch.frozen', 409, { zh: '窗口落在冻结期“{name}”内', en: 'The window lies in the freeze "{name}"' }),
  wrongState: problem('patch.wrong-state', 409, { zh: '批次现在不能这样做', en: 'The round cannot do this now' }),
  early: problem('patch.early', 409, { zh: '窗口还没有开始', en: 'The window has not begun' }),
  open: problem('patch.open', 422, { zh: '还有 {count} 台没有结果', en: '{count} servers have no result yet' }),
  reasonRequired: problem('patch.reason-required', 422, { zh: '失败或跳过须写明原因', en: 'Say why it failed or was left out' }),
} as const

const read = canAny(['patch.read', 'R'], ['patch.read', 'r'])
const roundId = z.object({ roundId: z.uuid() })

export const patchApi = {
  baselines: endpoint({
    method: 'GET',
    path: '/patches/baselines',
    summary: '各镜像的补丁基线与覆盖',
    access: can('patch.read', 'R'),
    input: z.object({ imageId: z.uuid().optional(), all: z.stringbool().optional() }),
    reply: z.object({ items: z.array(PatchBaseline) }),
  }),
  publish: endpoint({
    method: 'POST',
    path: '/patches/baselines',
    summary: '发布一份补丁基线',
    access: can('patch.manage', 'C'),
    input: z.object({
      imageId: z.uuid(),
      severity: PatchSeverity,
      summary: text(1000, 1),
      packages: z.array(PatchPackage).max(200).default([]),
    }),
    reply: PatchBaseline,
  }),
  rounds: endpoint({
    method: 'GET',
    path: '/patches/rounds',
    summary: '补丁批次',
    access: read,
    input: pageInput.extend({ state: PatchRoundState.optional(), open: z.stringbool().optional() }),
    reply: page(PatchRound),
  }),
  plan: endpoint({
    method: 'POST',
    path: '/patches/rounds',
    summary: '安排一个补丁批次',
    access: can('patch.manage', 'C'),
    input: z.object({
      title: text(120, 1),
      baselineId: z.uuid(),
      /** Left out: every server of the image that does not stand at the baseline and is on no other round. */
      serverIds: z.array(z.uuid()).max(1000).optional(),
      windowFrom: instant,
      windowTo: instant,
      restart: z.boolean().default(true),
      rollbackPlan: text(1000, 1),
    }),
    reply: PatchRoundDetail,
    problems: [patchProblems.retired, patchProblems.noServers, patchProblems.notOfImage, patchProblems.badWindow, patchProblems.frozen],
  }),
  get: endpoint({
    method: 'GET',
    path: '/patches/rounds/:roundId',
    summary: '补丁批次详情',
    access: read,
    input: roundId,
    reply: PatchRoundDetail,
  }),
  begin: endpoint({
    method: 'POST',
    path: '/patches/rounds/:roundId/begin',
    summary: '开始实施',
    access: can('patch.execute', 'X'),
    input: roundId,
    reply: PatchRoundDetail,
    problems: [patchProblems.wrongState, patchProblems.early],
  }),
  result: endpoint({
    method: 'POST',
    path: '/patches/rounds/:roundId/results',
    summary: '登记各台的结果',
    access: can('patch.execute', 'X'),
    input: roundId.extend({
      targetIds: z.array(z.uuid()).min(1).max(1000),
      result: PatchResult.exclude(['PENDING']),
      note: text(500).default(''),
    }),
    reply: PatchRoundDetail,
    problems: [patchProblems.wrongState, patchProblems.reasonRequired],
  }),
  close: endpoint({
    method: 'POST',
    path: '/patches/rounds/:roundId/close',
    summary: '关闭批次',
    access: can('patch.execute', 'X'),
    input: roundId,
    reply: PatchRoundDetail,
    problems: [patchProblems.wrongState, patchProblems.open],
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/patches/rounds/:roundId/cancel',
    summary: '取消批次',
    access: can('patch.manage', 'C'),
    input: roundId.extend({ reason: text(500, 1) }),
    reply: PatchRoundDetail,
    problems: [patchProblems.wrongState],
  }),
}
