import { z } from 'zod'
import { HouseMap } from './alarm.map.ts'
import { Alarm, AlarmLevel, AlarmRule, AlarmSummary, alarmProblems, CoverageRow, RuleChange, Silence } from './alarm.shapes.ts'
import { Bilingual } from './calendar.ts'
import { can, canAny, endpoint, instant, nothing, page, pageInput, text } from './endpoint.ts'
import { commonProblems } from './problem.ts'

const read = canAny(['monitor.read', 'R'], ['monitor.read', 'r'])
const readAll = can('monitor.read', 'R')
const ack = canAny(['alert.ack', 'X'], ['alert.ack', 'U'])
const ofAlarm = z.object({ alarmId: z.uuid() })

/** A screen of the duty room as it is listed; its token is shown once. */
export const WallScreen = z.object({
  id: z.uuid(),
  name: z.string(),
  state: z.enum(['PENDING', 'ACTIVE', 'REVOKED']),
  createdBy: z.string(),
  createdAt: instant,
  decidedBy: z.string().nullable(),
  lastSeenAt: instant.nullable(),
  lastAddress: z.string().nullable(),
})
export type WallScreen = z.infer<typeof WallScreen>

/** Everything the wall shows, in one answer. */
export const WallBoard = z.object({
  now: instant,
  counts: z.record(AlarmLevel, z.int()),
  alarms: z.array(AlarmSummary),
  incidents: z.array(
    z.object({
      id: z.uuid(),
      number: z.string(),
      title: z.string(),
      severity: AlarmLevel,
      handlerName: z.string().nullable(),
      clock: z.enum(['response', 'plan', 'solution']).nullable(),
      dueAt: instant.nullable(),
    }),
  ),
  onDuty: z.array(z.object({ line: z.string(), name: z.string(), backup: z.string().nullable(), until: instant })),
  applications: z.array(z.object({ id: z.uuid(), name: z.string(), state: z.string() })),
})
export type WallBoard = z.infer<typeof WallBoard>

export const alarmApi = {
  list: endpoint({
    method: 'GET',
    path: '/alarms',
    summary: '告警，新的在前',
    access: read,
    input: pageInput.extend({
      q: text(100).optional(),
      state: z.enum(['open', 'closed', 'all']).default('open'),
      level: text(20).optional(),
      topic: text(40).optional(),
      ruleId: text(80).optional(),
      objectId: z.uuid().optional(),
      applicationId: z.uuid().optional(),
      incidentId: z.uuid().optional(),
      unassigned: z.stringbool().default(false),
      unacked: z.stringbool().default(false),
      roots: z.stringbool().default(false),
    }),
    reply: page(AlarmSummary).extend({ counts: z.record(AlarmLevel, z.int()).optional() }),
  }),
  get: endpoint({ method: 'GET', path: '/alarms/:alarmId', summary: '一条告警与它的来龙去脉', access: read, input: ofAlarm, reply: Alarm }),
  acknowledge: endpoint({
    method: 'POST',
    path: '/alarms/acknowledge',
    summary: '确认告警，可一次多条',
    access: ack,
    input: z.object({ alarmIds: z.array(z.uuid()).min(1).max(200), note: text(500).default('') }),
    reply: z.object({ acknowledged: z.int() }),
  }),
  note: endpoint({
    method: 'POST',
    path: '/alarms/:alarmId/note',
    summary: '给告警写备注',
    access: ack,
    input: ofAlarm.extend({ note: text(2000, 1) }),
    reply: Alarm,
  }),
  close: endpoint({
    method: 'POST',
    path: '/alarms/:alarmId/close',
    summary: '人工关闭（来源已不存在时）',
    access: can('alert.ack', 'U'),
    input: ofAlarm.extend({ reason: text(500, 2) }),
    reply: Alarm,
    problems: [alarmProblems.closed],
  }),
  silences: endpoint({
    method: 'GET',
    path: '/alarm-silences',
    summary: '屏蔽',
    access: readAll,
    input: z.object({}),
    reply: z.object({ items: z.array(Silence) }),
  }),
  silence: endpoint({
    method: 'POST',
    path: '/alarm-silences',
    summary: '屏蔽通知一段时间；检测与记录照常',
    access: can('alert.silence', 'C'),
    input: z.object({
      reason: text(300, 2),
      ruleId: text(80).optional(),
      objectId: z.uuid().optional(),
      applicationId: z.uuid().optional(),
      endsAt: instant,
    }),
    reply: Silence,
    problems: [alarmProblems.tooLong, alarmProblems.noScope, alarmProblems.silenceOver, commonProblems.notFound],
  }),
  endSilence: endpoint({
    method: 'POST',
    path: '/alarm-silences/:silenceId/end',
    summary: '提前结束屏蔽',
    access: can('alert.silence', 'C'),
    input: z.object({ silenceId: z.uuid() }),
    reply: Silence,
    problems: [alarmProblems.silenceOver],
  }),
  rules: endpoint({
    method: 'GET',
    path: '/alarm-rules',
    summary: '监控规则',
    access: readAll,
    input: z.object({}),
    reply: z.object({ items: z.array(AlarmRule) }),
  }),
  proposeRule: endpoint({
    method: 'POST',
    path: '/alarm-rules/:ruleId/change',
    summary: '提出修改规则',
    access: can('rulePack.edit', 'C'),
    input: z.object({ ruleId: text(80, 1), change: RuleChange, reason: text(500, 2) }),
    reply: z.object({ id: z.uuid() }),
    problems: [alarmProblems.unknownRule, alarmProblems.pending, alarmProblems.eventRule],
  }),
  decideRule: endpoint({
    method: 'POST',
    path: '/alarm-rule-changes/:changeId/decide',
    summary: '批准或驳回规则修改',
    access: can('rulePack.edit', 'A'),
    input: z.object({ changeId: z.uuid(), approve: z.boolean(), comment: text(500).default('') }),
    reply: nothing,
    problems: [alarmProblems.decided, alarmProblems.samePerson],
  }),
  replay: endpoint({
    method: 'POST',
    path: '/alarm-rules/:ruleId/replay',
    summary: '用过去的数据回放规则',
    access: readAll,
    input: z.object({
      ruleId: text(80, 1),
      change: RuleChange.default({}),
      objectId: z.uuid().optional(),
      hours: z.int().min(1).max(24).default(24),
    }),
    reply: z.object({
      series: z.int(),
      samples: z.int(),
      alarms: z.array(
        z.object({
          objectName: z.string(),
          part: z.string(),
          level: AlarmLevel,
          firedAt: instant,
          closedAt: instant.nullable(),
          peak: z.number(),
        }),
      ),
    }),
    problems: [alarmProblems.unknownRule, alarmProblems.eventRule, alarmProblems.tooMany],
  }),
  coverage: endpoint({
    method: 'GET',
    path: '/alarm-coverage',
    summary: '每个对象应报与未报的指标',
    access: readAll,
    input: pageInput.extend({ objectClass: text(40).optional(), gaps: z.stringbool().default(false) }),
    reply: page(CoverageRow).extend({
      topics: z
        .array(z.object({ topic: z.string(), clause: z.string().nullable(), objects: z.int(), reporting: z.int(), silent: z.int() }))
        .optional(),
    }),
  }),
  map: endpoint({
    method: 'GET',
    path: '/alarm-map',
    summary: '机房、机柜与网络的状态',
    access: readAll,
    input: z.object({}),
    reply: HouseMap,
  }),
  self: endpoint({
    method: 'GET',
    path: '/alarm-self',
    summary: '监控链路自检：判定、巡查、心跳与外部常报告警',
    access: readAll,
    input: z.object({}),
    reply: z.object({
      findings: z.array(z.object({ level: AlarmLevel, title: Bilingual, objectName: z.string() })),
      /** When samples were last taken in, when they were last judged, when the minute's look was last taken. */
      acceptedAt: instant.nullable(),
      judgedAt: instant.nullable(),
      watchedAt: instant.nullable(),
      /** Whoever is told that we live; null: nobody is. */
      heartbeat: z.object({ host: z.string().nullable(), at: instant.nullable() }),
      watchdogs: z.array(z.object({ title: z.string(), at: instant, allowedSeconds: z.int(), late: z.boolean() })),
    }),
  }),
  screens: endpoint({
    method: 'GET',
    path: '/wall-screens',
    summary: '值班室大屏',
    access: can('source.token', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(WallScreen) }),
  }),
  createScreen: endpoint({
    method: 'POST',
    path: '/wall-screens',
    summary: '登记大屏，令牌只显示一次',
    access: can('source.token', 'C'),
    input: z.object({ name: text(80, 2) }),
    reply: z.object({ screen: WallScreen, token: z.string() }),
  }),
  decideScreen: endpoint({
    method: 'POST',
    path: '/wall-screens/:screenId/decide',
    summary: '批准或停用大屏',
    access: can('source.token', 'A'),
    input: z.object({ screenId: z.uuid(), approve: z.boolean() }),
    reply: WallScreen,
    problems: [alarmProblems.samePerson],
  }),
} as const

/** What a screen may ask with its own token; it can change nothing. */
export const wallApi = {
  board: endpoint({
    method: 'GET',
    path: '/wall/board',
    summary: '大屏内容（大屏令牌）',
    access: 'public',
    input: z.object({}),
    reply: WallBoard,
    problems: [alarmProblems.screenRefused],
  }),
} as const
