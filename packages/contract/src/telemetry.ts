import { z } from 'zod'
import { can, canAny, endpoint, instant, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

export const telemetryProblems = {
  tooManySeries: problem('telemetry.too-many-series', 422, {
    zh: '选中的指标序列超过 {limit} 条，请缩小范围',
    en: 'More than {limit} series are chosen; narrow it down',
  }),
  tooManySteps: problem('telemetry.too-many-steps', 422, {
    zh: '时间点超过 {limit} 个，请加大步长或缩短时段',
    en: 'More than {limit} points in time; take a longer step or a shorter span',
  }),
  engineFailed: problem('telemetry.engine-failed', 503, {
    zh: '指标引擎没有应答（{reason}），稍后再试',
    en: 'The metrics engine did not answer ({reason}); try again shortly',
  }),
  samePerson: problem('telemetry.same-person', 409, {
    zh: '建立来源的人不能自己批准',
    en: 'Whoever created a source cannot approve it',
  }),
  sourceRefused: problem('telemetry.source-refused', 401, {
    zh: '来源令牌无效、未批准或已停用',
    en: 'The token of this source is unknown, not approved or revoked',
  }),
}

export const SourceState = z.enum(['PENDING', 'ACTIVE', 'REVOKED'])
/** The exporters that service discovery knows. */
export const exporterKinds = ['node', 'blackbox', 'snmp', 'ipmi', 'redfish', 'libvirt', 'smartctl'] as const
export type ExporterKind = (typeof exporterKinds)[number]
/** Why a sample was refused. */
export const rejectReasons = [
  'malformed',
  'unsupported',
  'too-large',
  'no-name',
  'empty-label',
  'duplicate-label',
  'too-many-labels',
  'label-too-long',
  'label-not-text',
  'histogram',
  'too-old',
  'too-new',
  'too-many-series',
  'delta',
  'busy',
] as const
export type RejectReason = (typeof rejectReasons)[number]

export const RejectCount = z.object({
  reason: z.enum(rejectReasons),
  count: z.number(),
  lastAt: instant,
  example: z.string(),
})
export const SourceMinute = z.object({
  minute: instant,
  samples: z.number(),
  rejected: z.number(),
  requests: z.number(),
  bytes: z.number(),
})

/** Whoever sends measurements or logs: a Prometheus, a collector, an agent. */
export const TelemetrySource = z.object({
  id: z.uuid(),
  name: z.string(),
  note: z.string(),
  state: SourceState,
  silenceSeconds: z.int(),
  createdBy: z.string(),
  createdAt: instant,
  decidedBy: z.string().nullable(),
  lastSeenAt: instant.nullable(),
  lastAddress: z.string().nullable(),
  /** What it calls itself, e.g. `Prometheus/2.42.0`. */
  sender: z.string().nullable(),
  silentSince: instant.nullable(),
  /** Accepted a second, over the last five minutes. */
  samplesPerSecond: z.number(),
  /** Of the last 24 hours. */
  samplesDay: z.number(),
  rejectedDay: z.number(),
})
export type TelemetrySource = z.output<typeof TelemetrySource>

export const StoreState = z.object({
  engine: z.enum(['EMBEDDED', 'PROMQL']),
  series: z.number(),
  seriesMax: z.number(),
  /** Durable and not folded yet. */
  waitingSamples: z.number(),
  chunkBytes: z.number(),
  rollupBytes: z.number(),
  oldestOn: z.iso.date().nullable(),
})

/** What is measured of an object, whichever exporter says it. */
export const measureIds = [
  'cpu',
  'memory',
  'disk',
  'networkIn',
  'networkOut',
  'diskRead',
  'diskWrite',
  'connections',
  'load',
  'temperature',
  'power',
] as const
export const MeasureId = z.enum(measureIds)
export type MeasureId = z.output<typeof MeasureId>
export const MeasureUnit = z.enum(['ratio', 'bytesPerSecond', 'count', 'celsius', 'watts'])
export type MeasureUnit = z.output<typeof MeasureUnit>

export const MeasurePoint = z.object({ at: instant, avg: z.number(), max: z.number(), min: z.number() })
export const MeasureSeries = z.object({
  measure: MeasureId,
  unit: MeasureUnit,
  points: z.array(MeasurePoint),
  /** The greatest of the five-minute averages (shorter spans: of the steps), with its instant. */
  peak: z.number(),
  peakAt: instant,
  average: z.number(),
  p95: z.number(),
  /** Share of the span that was measured, 0 to 1. */
  coverage: z.number(),
})
export type MeasureSeries = z.output<typeof MeasureSeries>

/** What else happened to an object within the span. */
export const Annotation = z.object({
  from: instant,
  to: instant.nullable(),
  kind: z.enum(['OUTAGE', 'CHANGE', 'DOWNTIME']),
  label: z.string(),
})
export type Annotation = z.output<typeof Annotation>

const read = canAny(['monitor.read', 'R'], ['monitor.read', 'r'])
const span = { from: instant, to: instant }
const stepSeconds = z.coerce
  .number()
  .int()
  .min(5)
  .max(86_400 * 31)

export const telemetryApi = {
  sources: endpoint({
    method: 'GET',
    path: '/telemetry/sources',
    summary: '遥测与日志来源：速率、最近上报、拒收',
    access: canAny(['source.token', 'R'], ['monitor.read', 'R']),
    input: z.object({}),
    reply: z.object({ items: z.array(TelemetrySource), store: StoreState }),
  }),
  source: endpoint({
    method: 'GET',
    path: '/telemetry/sources/:sourceId',
    summary: '一个来源：每分钟接收与拒收原因',
    access: canAny(['source.token', 'R'], ['monitor.read', 'R']),
    input: z.object({ sourceId: z.uuid() }),
    reply: z.object({ source: TelemetrySource, minutes: z.array(SourceMinute), rejects: z.array(RejectCount) }),
    problems: [commonProblems.notFound],
  }),
  createSource: endpoint({
    method: 'POST',
    path: '/telemetry/sources',
    summary: '建立来源并取得令牌（只显示这一次，待安全管理员批准）',
    access: can('source.token', 'C'),
    input: z.object({ name: text(60, 1), note: text(300).default(''), silenceSeconds: z.int().min(0).max(86_400).default(300) }),
    reply: z.object({ source: TelemetrySource, token: z.string() }),
    problems: [commonProblems.conflict],
  }),
  decideSource: endpoint({
    method: 'POST',
    path: '/telemetry/sources/:sourceId/decide',
    summary: '批准或停用来源',
    access: can('source.token', 'A'),
    input: z.object({ sourceId: z.uuid(), approve: z.boolean() }),
    reply: TelemetrySource,
    problems: [commonProblems.notFound, telemetryProblems.samePerson],
  }),
  item: endpoint({
    method: 'GET',
    path: '/telemetry/items/:itemId',
    summary: '一个对象的指标曲线：峰值、平均、95 分位、标注',
    access: read,
    input: z.object({ itemId: z.uuid(), ...span, stepSeconds: stepSeconds.optional() }),
    reply: z.object({
      item: z.object({ id: z.uuid(), type: z.string(), name: z.string() }),
      stepSeconds: z.int(),
      measures: z.array(MeasureSeries),
      annotations: z.array(Annotation),
      /** What the object reports, by metric name. */
      metrics: z.array(z.object({ name: z.string(), series: z.int() })),
    }),
    problems: [commonProblems.notFound, telemetryProblems.tooManySeries, telemetryProblems.tooManySteps, telemetryProblems.engineFailed],
  }),
  metric: endpoint({
    method: 'GET',
    path: '/telemetry/items/:itemId/metric',
    summary: '一个对象某个指标的每条序列',
    access: read,
    input: z.object({ itemId: z.uuid(), name: text(200, 1), ...span, stepSeconds }),
    reply: z.object({
      series: z.array(
        z.object({
          labels: z.record(z.string(), z.string()),
          points: z.array(MeasurePoint.extend({ p95: z.number().nullable(), rate: z.number().nullable() })),
        }),
      ),
    }),
    problems: [commonProblems.notFound, telemetryProblems.tooManySeries, telemetryProblems.tooManySteps, telemetryProblems.engineFailed],
  }),
  top: endpoint({
    method: 'GET',
    path: '/telemetry/top',
    summary: '按指标排名：本范围内的服务器',
    access: read,
    input: z.object({
      measure: MeasureId,
      by: z.enum(['peak', 'average', 'p95']).default('peak'),
      ...span,
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    reply: z.object({
      unit: MeasureUnit,
      items: z.array(
        z.object({
          itemId: z.uuid(),
          name: z.string(),
          applicationName: z.string().nullable(),
          peak: z.number(),
          average: z.number(),
          p95: z.number(),
          coverage: z.number(),
        }),
      ),
      /** Servers that were looked at; those without any sample are not ranked. */
      servers: z.int(),
    }),
    problems: [telemetryProblems.tooManySeries, telemetryProblems.engineFailed],
  }),
}
