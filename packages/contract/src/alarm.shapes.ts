import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { instant } from './endpoint.ts'
import { problem } from './problem.ts'

export const AlarmLevel = z.enum(['I', 'II', 'III', 'IV'])
export type AlarmLevel = z.infer<typeof AlarmLevel>
export const AlarmState = z.enum(['SUSPECTED', 'FIRING', 'RECOVERING', 'CLOSED'])
export type AlarmState = z.infer<typeof AlarmState>
export const AlarmSource = z.enum(['EVALUATOR', 'ALERTMANAGER', 'WEBHOOK', 'SURICATA', 'FASTNETMON', 'REDFISH', 'PLATFORM'])
export type AlarmSource = z.infer<typeof AlarmSource>

export const AlarmSummary = z.object({
  id: z.uuid(),
  rev: z.int(),
  ruleId: z.string().nullable(),
  title: Bilingual,
  topic: z.string(),
  source: AlarmSource,
  level: AlarmLevel,
  topLevel: AlarmLevel,
  state: AlarmState,
  closeReason: z.enum(['RECOVERED', 'NEVER_FIRED', 'RETIRED', 'BY_HAND']).nullable(),
  objectType: z.string().nullable(),
  /** Null: nobody knows whose it is. */
  objectId: z.uuid().nullable(),
  objectName: z.string(),
  tenantId: z.uuid().nullable(),
  applicationId: z.uuid().nullable(),
  /** What of the object, e.g. `device=sda`. */
  part: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  sinceAt: instant,
  firedAt: instant.nullable(),
  closedAt: instant.nullable(),
  /** Nothing heard since then; it stays as it was. */
  missingAt: instant.nullable(),
  flapping: z.boolean(),
  storm: z.boolean(),
  root: z.object({ id: z.uuid(), label: z.string() }).nullable(),
  muted: z.object({ kind: z.enum(['MAINTENANCE', 'SILENCE']), label: z.string(), until: instant }).nullable(),
  told: z.boolean(),
  ackedByName: z.string().nullable(),
  incident: z.object({ id: z.uuid(), number: z.string() }).nullable(),
})
export type AlarmSummary = z.infer<typeof AlarmSummary>

/** One line of why it was, or was not, told. */
export const AlarmTrail = z.object({
  id: z.uuid(),
  at: instant,
  stage: z.string(),
  reason: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  byName: z.string(),
})
export const Alarm = AlarmSummary.extend({
  hint: Bilingual.nullable(),
  clause: z.string().nullable(),
  cause: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  sourceName: z.string().nullable(),
  goodAt: instant.nullable(),
  lastAt: instant,
  nextAt: instant.nullable(),
  ackedAt: instant.nullable(),
  note: z.string(),
  reopened: z.int(),
  trail: z.array(AlarmTrail),
  /** Alarms that follow from this one. */
  children: z.array(AlarmSummary),
  may: z.array(z.enum(['ACK', 'NOTE', 'SILENCE', 'CLOSE'])),
})
export type Alarm = z.infer<typeof Alarm>

export const Silence = z.object({
  id: z.uuid(),
  reason: z.string(),
  ruleId: z.string().nullable(),
  objectName: z.string(),
  applicationName: z.string(),
  startsAt: instant,
  endsAt: instant,
  createdByName: z.string(),
  endedByName: z.string().nullable(),
  active: z.boolean(),
})
export type Silence = z.infer<typeof Silence>

const bounds = z.object({
  level: AlarmLevel,
  above: z.number().optional(),
  below: z.number().optional(),
  equals: z.number().optional(),
  differs: z.number().optional(),
})
/** What may be changed of a rule without a new pack. */
export const RuleChange = z.object({
  enabled: z.boolean().optional(),
  levels: z
    .array(bounds)
    .min(1)
    .max(4)
    .refine(
      (all) =>
        all.every(({ above, below, equals, differs }) => [above, below, equals, differs].filter((one) => one !== undefined).length === 1) &&
        new Set(all.map(({ level }) => level)).size === all.length,
      'every level once, each with exactly one bound',
    )
    .optional(),
  forSeconds: z.int().min(0).max(86_400).optional(),
  settleSeconds: z.int().min(0).max(86_400).optional(),
})
export type RuleChange = z.infer<typeof RuleChange>

export const AlarmRule = z.object({
  id: z.string(),
  pack: z.string(),
  kind: z.enum(['METRIC', 'EVENT']),
  title: Bilingual,
  hint: Bilingual,
  topic: z.string(),
  clause: z.string().nullable(),
  metric: z.object({ id: z.string(), title: Bilingual, unit: z.string(), exporters: z.array(z.string()) }).nullable(),
  levels: z.array(bounds),
  forSeconds: z.int(),
  settleSeconds: z.int(),
  missing: z.enum(['hold', 'recover', 'ignore']).nullable(),
  enabled: z.boolean(),
  incident: z.boolean(),
  lost: z.boolean(),
  changed: z.boolean(),
  /** PromQL of the gravest level, for rules on a metric. */
  expression: z.string().nullable(),
  /** Open alarms, and objects that report the metric. */
  firing: z.int(),
  objects: z.int(),
  proposal: z
    .object({ id: z.uuid(), change: RuleChange, reason: z.string(), byName: z.string(), byMe: z.boolean(), at: instant })
    .nullable(),
})
export type AlarmRule = z.infer<typeof AlarmRule>

/** What one object reports of what it should. */
export const CoverageRow = z.object({
  objectId: z.uuid(),
  objectType: z.string(),
  objectClass: z.string(),
  name: z.string(),
  tenantId: z.uuid().nullable(),
  applicationId: z.uuid().nullable(),
  metrics: z.array(
    z.object({ metric: z.string(), topic: z.string(), state: z.enum(['REPORTING', 'SILENT', 'NEVER']), lastAt: instant.nullable() }),
  ),
  missing: z.int(),
})
export type CoverageRow = z.infer<typeof CoverageRow>

export const alarmProblems = {
  closed: problem('alarm.closed', 409, { zh: '告警已关闭', en: 'The alarm is closed' }),
  tooLong: problem('alarm.silence-too-long', 403, {
    zh: '超过 {hours} 小时的屏蔽只能由运维管理员设置',
    en: 'Only the maintenance manager may silence for more than {hours} hours',
  }),
  silenceOver: problem('alarm.silence-over', 409, { zh: '屏蔽已经结束', en: 'The silence is over already' }),
  noScope: problem('alarm.silence-scope', 422, {
    zh: '须至少限定规则、对象、应用之一',
    en: 'Name a rule, an object or an application at least',
  }),
  unknownRule: problem('alarm.unknown-rule', 404, { zh: '没有规则 {rule}', en: 'There is no rule {rule}' }),
  eventRule: problem('alarm.event-rule', 422, { zh: '事件规则没有可回放的指标', en: 'An event rule has no series to replay' }),
  pending: problem('alarm.change-pending', 409, {
    zh: '这条规则已有一项修改待批准',
    en: 'A change of this rule waits for a decision already',
  }),
  decided: problem('alarm.change-decided', 409, { zh: '这项修改已经处理', en: 'This change has been decided' }),
  samePerson: problem('alarm.same-person', 403, { zh: '须由另一人批准', en: 'Another person must approve' }),
  tooMany: problem('alarm.too-many', 422, {
    zh: '匹配的序列超过 {limit} 条，请限定对象后再回放',
    en: 'More than {limit} series fit; choose an object to replay for',
  }),
  malformed: problem('alarm.malformed', 400, { zh: '内容不是可识别的告警：{reason}', en: 'This is no alarm we know: {reason}' }),
  screenRefused: problem('alarm.screen-refused', 401, {
    zh: '大屏令牌无效、未批准或已停用',
    en: 'The token of this screen is unknown, not approved or revoked',
  }),
} as const
