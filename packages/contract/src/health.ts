import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { can, endpoint, instant, nothing } from './endpoint.ts'
import { problem } from './problem.ts'

/** What is looked at every minute of the platform itself, in the order of a page. */
export const healthChecks = [
  'database',
  'connections',
  'disk',
  'clock',
  'processes',
  'jobs',
  'timers',
  'ledger',
  'mail',
  'backup',
  'directory',
] as const
export const HealthCheckId = z.enum(healthChecks)
export type HealthCheckId = z.infer<typeof HealthCheckId>

/** UNKNOWN: it could not be measured, which is said and never taken for OK. */
export const HealthState = z.enum(['OK', 'WARNING', 'FAILED', 'UNKNOWN'])
export type HealthState = z.infer<typeof HealthState>

export const HealthFinding = z.object({
  check: HealthCheckId,
  state: HealthState,
  /** What was seen, with figures. */
  says: Bilingual,
  /** What to do; null where nothing is wrong. */
  todo: Bilingual.nullable(),
  /** Since when the state is what it is. */
  sinceAt: instant,
})
export type HealthFinding = z.infer<typeof HealthFinding>

/** A server process that shares the database, as it last reported. */
export const ServerProcess = z.object({
  id: z.uuid(),
  host: z.string(),
  pid: z.int(),
  version: z.string(),
  startedAt: instant,
  seenAt: instant,
  memoryBytes: z.int(),
  /** The longest the process was too busy to answer, over the last half minute. */
  loopLagMs: z.int(),
  /** Free share of the fullest disk it writes to, 0..1; null where it could not ask. */
  diskFree: z.number().nullable(),
  isAlive: z.boolean(),
})
export type ServerProcess = z.infer<typeof ServerProcess>

export const JobQueueFigure = z.object({
  queue: z.string(),
  /** Due and not begun. */
  waiting: z.int(),
  /** To be done later, by date or after a failure. */
  later: z.int(),
  active: z.int(),
  /** Given up after all tries; kept for two weeks. */
  failed: z.int(),
  oldestWaitSeconds: z.int().nullable(),
})
export type JobQueueFigure = z.infer<typeof JobQueueFigure>

export const FailedJob = z.object({
  id: z.uuid(),
  queue: z.string(),
  createdAt: instant,
  failedAt: instant.nullable(),
  tries: z.int(),
  /** The error's words; secrets never stand in an error. */
  reason: z.string(),
})

export const SlowStatement = z.object({
  id: z.string(),
  /** As prepared: parameters are `$1`, never their values. */
  statement: z.string(),
  calls: z.int(),
  totalMs: z.int(),
  maxMs: z.int(),
  lastAt: instant,
})
export type SlowStatement = z.infer<typeof SlowStatement>

export const PlatformHealth = z.object({
  version: z.string(),
  state: HealthState,
  /** Null before the first look. */
  checkedAt: instant.nullable(),
  findings: z.array(HealthFinding),
  processes: z.array(ServerProcess),
  database: z.object({ version: z.string(), bytes: z.int(), connections: z.int(), connectionsMax: z.int() }),
})
export type PlatformHealth = z.infer<typeof PlatformHealth>

export const healthProblems = {
  notFailed: problem('health.job-not-failed', 409, {
    zh: '该作业没有停在失败状态，可能已被重试，请刷新',
    en: 'This job is not failed; it may have been tried again already. Refresh the page',
  }),
} as const

/** How the platform itself is: for its administrators and the auditor. */
export const healthApi = {
  get: endpoint({
    method: 'GET',
    path: '/health',
    summary: '平台自身的状态：各项检查、服务进程、数据库',
    access: can('ops.health', 'R'),
    input: z.object({}),
    reply: PlatformHealth,
  }),
  queues: endpoint({
    method: 'GET',
    path: '/health/queues',
    summary: '作业队列与放弃的作业',
    access: can('ops.health', 'R'),
    input: z.object({}),
    reply: z.object({ queues: z.array(JobQueueFigure), failed: z.array(FailedJob) }),
  }),
  retryJob: endpoint({
    method: 'POST',
    path: '/health/queues/:queue/:jobId/retry',
    summary: '重试一个放弃的作业',
    access: can('ops.health', 'X'),
    input: z.object({ queue: z.string().min(1).max(100), jobId: z.uuid() }),
    reply: nothing,
    problems: [healthProblems.notFailed],
  }),
  slow: endpoint({
    method: 'GET',
    path: '/health/slow-statements',
    summary: '慢语句：合计耗时由长到短',
    access: can('ops.health', 'R'),
    input: z.object({}),
    reply: z.object({ limitMs: z.int(), items: z.array(SlowStatement) }),
  }),
  support: endpoint({
    method: 'POST',
    path: '/health/support-archive',
    summary: '支持档案：排查所需的一切，不含任何秘密（gzip 压缩的 JSON；留痕）',
    access: can('ops.health', 'X'),
    input: z.object({}),
    reply: z.unknown(),
    kind: 'download',
  }),
} as const
