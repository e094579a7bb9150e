import { z } from 'zod'
import { can, endpoint, instant, nothing, text } from './endpoint.ts'
import { commonProblems } from './problem.ts'

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
}
