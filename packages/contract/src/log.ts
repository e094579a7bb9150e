import { z } from 'zod'
import { can, day, endpoint, instant, nothing, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

export const logProblems = {
  dayAhead: problem('log.day-ahead', 422, { zh: '这一天还没有到', en: 'This day has not come yet' }),
}

/** 0 emergency … 7 debug, as syslog has them. */
export const LogSeverity = z.coerce.number().int().min(0).max(7)
export const LogLine = z.object({
  id: z.string(),
  receivedAt: instant,
  sentAt: instant.nullable(),
  device: z.string(),
  itemId: z.uuid().nullable(),
  facility: z.int(),
  severity: z.int(),
  app: z.string(),
  text: z.string(),
})
export type LogLine = z.output<typeof LogLine>

export const LogSearch = {
  /** Every word must occur, in any case; three characters and more are served by the index. */
  q: text(200).optional(),
  device: text(255).optional(),
  app: text(100).optional(),
  itemId: z.uuid().optional(),
  /** This severe or worse. */
  severity: LogSeverity.optional(),
}
/** What is kept of a search: its span is hours back from whenever it is opened. */
export const SavedLogQuery = z.object({
  q: z.string().max(200).default(''),
  device: z.string().max(255).default(''),
  app: z.string().max(100).default(''),
  severity: z.int().min(0).max(7).nullable().default(null),
  hours: z.int().min(1).max(8760).default(24),
})
export const LogQuery = z.object({
  id: z.uuid(),
  name: z.string(),
  isShared: z.boolean(),
  isMine: z.boolean(),
  query: SavedLogQuery,
})
export type LogQuery = z.output<typeof LogQuery>
export const LogDevice = z.object({
  name: z.string(),
  address: z.string(),
  itemId: z.uuid().nullable(),
  firstAt: instant,
  lastAt: instant,
  lines: z.number(),
})

/** What the lines of a day come to: what a reader looks at first. */
export const LogSummary = z.object({
  lines: z.number(),
  devices: z.number(),
  /** Devices heard in the seven days before, of which the day has no line. */
  quiet: z.array(z.string()),
  /** Lines by severity, 0 to 7. */
  bySeverity: z.array(z.number()).length(8),
  /** What was said most often at error or worse, numbers left out. */
  worst: z.array(z.object({ device: z.string(), severity: z.int(), text: z.string(), count: z.number() })),
})
export type LogSummary = z.output<typeof LogSummary>
export const LogReview = z.object({
  id: z.uuid(),
  day,
  summary: LogSummary,
  finding: z.string(),
  byName: z.string(),
  at: instant,
})
export type LogReview = z.output<typeof LogReview>

export const logApi = {
  search: endpoint({
    method: 'GET',
    path: '/logs',
    summary: '检索设备日志：时间、设备、级别、文本',
    access: can('monitor.read', 'R'),
    input: z.object({
      ...LogSearch,
      from: instant,
      to: instant,
      after: z.string().max(2000).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    reply: z.object({ items: z.array(LogLine), next: z.string().nullable() }),
    problems: [commonProblems.malformed],
  }),
  devices: endpoint({
    method: 'GET',
    path: '/logs/devices',
    summary: '有日志接入的设备与最近一条',
    access: can('monitor.read', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(LogDevice) }),
  }),
  queries: endpoint({
    method: 'GET',
    path: '/logs/queries',
    summary: '保存的检索：自己的与共享的',
    access: can('monitor.read', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(LogQuery) }),
  }),
  saveQuery: endpoint({
    method: 'POST',
    path: '/logs/queries',
    summary: '保存一个检索，同名则替换',
    access: can('monitor.read', 'R'),
    input: z.object({ name: text(60, 1), isShared: z.boolean().default(false), query: SavedLogQuery }),
    reply: LogQuery,
  }),
  deleteQuery: endpoint({
    method: 'POST',
    path: '/logs/queries/:queryId/delete',
    summary: '删除自己保存的检索',
    access: can('monitor.read', 'R'),
    input: z.object({ queryId: z.uuid() }),
    reply: nothing,
    problems: [commonProblems.notFound],
  }),
  reviews: endpoint({
    method: 'GET',
    path: '/logs/reviews',
    summary: '日志查阅记录：某日摘要与签阅',
    access: can('monitor.read', 'R'),
    input: z.object({ day }),
    reply: z.object({ day, summary: LogSummary, items: z.array(LogReview) }),
  }),
  signReview: endpoint({
    method: 'POST',
    path: '/logs/reviews',
    summary: '签阅某日的设备日志',
    access: can('log.review', 'X'),
    input: z.object({ day, finding: text(2000).default('') }),
    reply: LogReview,
    problems: [commonProblems.conflict, logProblems.dayAhead],
  }),
}
