import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

/** Machine rooms by the maintenance engineer, the platform by the maintenance manager, bureaus' services by the operation manager. */
export const RoundKind = z.enum(['FACILITY', 'PLATFORM', 'TENANT_SERVICE'])
export type RoundKind = z.infer<typeof RoundKind>
/** The six kinds of the machine room; software and system of the platform; one application of a bureau. */
export const ItemGroup = z.enum(['LED', 'HVAC', 'POWER', 'FIRE', 'ACCESS', 'NETWORK', 'SOFTWARE', 'SYSTEM', 'RUNNING', 'APPLICATION'])
export type ItemGroup = z.infer<typeof ItemGroup>
export const FACILITY_GROUPS = ['LED', 'HVAC', 'POWER', 'FIRE', 'ACCESS', 'NETWORK'] as const satisfies readonly ItemGroup[]

/** One thing to look at. A value outside `okFrom`..`okTo` is abnormal; bounds are inclusive. */
export const RoundItem = z.object({
  code: z.string(),
  group: ItemGroup,
  title: Bilingual,
  unit: z.string().nullable(),
  okFrom: z.number().nullable(),
  okTo: z.number().nullable(),
  hint: Bilingual.nullable(),
})
export type RoundItem = z.infer<typeof RoundItem>

export const ItemResult = z.enum(['OK', 'ABNORMAL', 'NA'])
export const Answer = z.object({
  code: text(80, 1),
  result: ItemResult,
  value: z.number().min(-1e9).max(1e9).nullable().default(null),
  note: text(500).default(''),
  /** What becomes of an abnormal item: an incident, or the reason why none. */
  follow: z.enum(['INCIDENT', 'NONE']).default('NONE'),
  photoIds: z.array(z.uuid()).max(6).default([]),
})
export type Answer = z.infer<typeof Answer>

export const CheckIn = z.object({ method: z.enum(['QR', 'NFC', 'NONE']), pointCode: text(80).default('') })
export type CheckIn = z.infer<typeof CheckIn>

/** Why a round does not count towards the promise; it stays on record all the same. */
export const InvalidReason = z.enum(['NO_CHECK_IN', 'TOO_SOON', 'GROUPS_MISSING', 'NOT_ALL_COVERED', 'OUTSIDE_WINDOW', 'NOT_ON_DUTY'])
export type InvalidReason = z.infer<typeof InvalidReason>

/** A place of the walk with the code that is scanned there. */
export const InspectionPoint = z.object({
  id: z.uuid(),
  code: z.string(),
  title: z.string(),
  room: z.string(),
  seq: z.int(),
  retired: z.boolean(),
})
export type InspectionPoint = z.infer<typeof InspectionPoint>

/** What was measured of an item, for a person to confirm. */
export const Measured = z.object({
  code: z.string(),
  result: z.enum(['OK', 'ABNORMAL']),
  value: z.number().nullable(),
  /** Newest of the readings it is made of. */
  at: instant,
  /** How many series, probes or alarms it is made of. */
  from: z.int(),
})
export type Measured = z.infer<typeof Measured>

export const RoundSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  kind: RoundKind,
  on: day,
  window: z.object({ key: z.string(), from: instant, to: instant }),
  inspectorName: z.string(),
  startedAt: instant,
  /** When it was finished: by the server, or by the phone while it was out of reach. */
  doneAt: instant.nullable(),
  receivedAt: instant.nullable(),
  /** It was finished without the network and came in later. */
  isLate: z.boolean(),
  conclusion: z.enum(['NORMAL', 'ABNORMAL']).nullable(),
  abnormal: z.int(),
  valid: z.boolean().nullable(),
  invalid: z.array(InvalidReason),
  reviewedByName: z.string().nullable(),
})
export type RoundSummary = z.infer<typeof RoundSummary>

export const Round = RoundSummary.extend({
  checkIn: CheckIn,
  items: z.array(RoundItem),
  answers: z.array(Answer.extend({ incidentId: z.uuid().nullable(), incidentNo: z.string().nullable() })),
  /** Photos that were handed in, by the file that holds each. */
  photos: z.array(z.object({ id: z.uuid(), digest: z.string(), digestAlgorithm: z.string(), sizeBytes: z.int() })),
  review: z.object({ byName: z.string(), at: instant, comment: z.string() }).nullable(),
  may: z.array(z.enum(['WRITE', 'REVIEW'])),
})
export type Round = z.infer<typeof Round>

export const RoundWindow = z.object({
  kind: RoundKind,
  key: z.string(),
  from: instant,
  to: instant,
  state: z.enum(['DONE', 'RUNNING', 'OPEN', 'MISSED', 'AHEAD']),
  rounds: z.array(RoundSummary),
  /** The caller may walk it. */
  mine: z.boolean(),
})
export type RoundWindow = z.infer<typeof RoundWindow>

export const inspectionProblems = {
  noWindow: problem('inspection.no-window', 409, {
    zh: '现在不在这类巡检的时段内，下一时段从 {from} 开始',
    en: 'No window of this kind is open now; the next begins at {from}',
  }),
  submitted: problem('inspection.submitted', 409, {
    zh: '这张巡检表已经提交，不能再改；更正请写在抽查意见里',
    en: 'This round is handed in and cannot be changed; write corrections into the spot check',
  }),
  notYours: problem('inspection.not-yours', 403, { zh: '这张巡检表由 {name} 在填', en: '{name} is walking this round' }),
  incomplete: problem('inspection.incomplete', 422, { zh: '还有 {n} 项没有检查', en: '{n} items are not looked at yet' }),
  explain: problem('inspection.explain', 422, {
    zh: '异常项“{item}”须写说明；不转故障单时写明理由',
    en: 'The abnormal item “{item}” needs a note; without an incident, say why',
  }),
  unknownItem: problem('inspection.unknown-item', 422, { zh: '没有检查项 {code}', en: 'There is no item {code}' }),
  clock: problem('inspection.clock', 422, {
    zh: '手机上的完成时间不可信（晚于现在，或早于 {days} 天前），请在联网后重做',
    en: 'The phone’s time cannot be trusted (later than now, or more than {days} days ago); walk the round again',
  }),
  noPoint: problem('inspection.no-point', 422, {
    zh: '没有登记编号为“{code}”的巡检点，请对准二维码再扫一次',
    en: 'No point is registered with the code “{code}”; scan it again',
  }),
  pointExists: problem('inspection.point-exists', 409, { zh: '编号“{code}”已经有了', en: 'There is a point “{code}” already' }),
  noConverter: problem('inspection.no-converter', 503, {
    zh: '服务器上没有安装 LibreOffice，请导出 Word',
    en: 'LibreOffice is not installed on the server; export Word instead',
  }),
  ownRound: problem('inspection.own-round', 403, { zh: '抽查须由另一人做', en: 'Another person makes the spot check' }),
} as const

const execute = canAny(['inspection.facility.execute', 'X'], ['inspection.platform.execute', 'X'], ['inspection.tenant.execute', 'X'])
const read = canAny(
  ['inspection.facility.execute', 'R'],
  ['inspection.facility.execute', 'X'],
  ['inspection.platform.execute', 'R'],
  ['inspection.platform.execute', 'X'],
  ['inspection.tenant.execute', 'R'],
  ['inspection.tenant.execute', 'X'],
)
const answers = z.array(Answer).max(2000)

export const inspectionApi = {
  today: endpoint({
    method: 'GET',
    path: '/inspections/day',
    summary: '一天的巡检时段与完成情况',
    access: read,
    input: z.object({ on: day.optional() }),
    reply: z.object({ on: day, windows: z.array(RoundWindow) }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/inspections',
    summary: '巡检记录',
    access: read,
    input: pageInput.extend({ kind: RoundKind.optional(), valid: z.stringbool().optional(), abnormal: z.stringbool().optional() }),
    reply: page(RoundSummary),
  }),
  get: endpoint({
    method: 'GET',
    path: '/inspections/:roundId',
    summary: '一次巡检',
    access: read,
    input: z.object({ roundId: z.uuid() }),
    reply: Round,
  }),
  start: endpoint({
    method: 'POST',
    path: '/inspections',
    summary: '开始一次巡检',
    access: execute,
    input: z.object({ kind: RoundKind, clientKey: text(80, 8), checkIn: CheckIn.default({ method: 'NONE', pointCode: '' }) }),
    reply: Round,
    problems: [inspectionProblems.noWindow, inspectionProblems.noPoint],
  }),
  points: endpoint({
    method: 'GET',
    path: '/inspections/points',
    summary: '机房巡检点',
    access: read,
    input: z.object({}),
    reply: z.object({ items: z.array(InspectionPoint), mayEdit: z.boolean() }),
  }),
  addPoint: endpoint({
    method: 'POST',
    path: '/inspections/points',
    summary: '登记巡检点',
    access: can('inspection.point', 'C'),
    input: z.object({
      code: z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,39}$/),
      title: text(100, 1),
      room: text(100, 1),
      seq: z.int().min(1).max(9999),
    }),
    reply: InspectionPoint,
    problems: [inspectionProblems.pointExists],
  }),
  retirePoint: endpoint({
    method: 'POST',
    path: '/inspections/points/:pointId/retire',
    summary: '停用巡检点',
    access: can('inspection.point', 'C'),
    input: z.object({ pointId: z.uuid() }),
    reply: InspectionPoint,
  }),
  measured: endpoint({
    method: 'GET',
    path: '/inspections/:roundId/measured',
    summary: '按监测数据预填，由人确认',
    access: execute,
    input: z.object({ roundId: z.uuid() }),
    reply: z.object({ items: z.array(Measured) }),
  }),
  save: endpoint({
    method: 'PUT',
    path: '/inspections/:roundId/answers',
    summary: '保存已检查的项',
    access: execute,
    input: z.object({ roundId: z.uuid(), answers }),
    reply: Round,
    problems: [inspectionProblems.submitted, inspectionProblems.notYours, inspectionProblems.unknownItem],
  }),
  submit: endpoint({
    method: 'POST',
    path: '/inspections/:roundId/submit',
    summary: '提交巡检',
    access: execute,
    input: z.object({
      roundId: z.uuid(),
      answers,
      checkIn: CheckIn.optional(),
      /** When the phone finished it without the network; absent: now. */
      doneAt: instant.optional(),
    }),
    reply: Round,
    problems: [
      inspectionProblems.submitted,
      inspectionProblems.notYours,
      inspectionProblems.unknownItem,
      inspectionProblems.incomplete,
      inspectionProblems.explain,
      inspectionProblems.clock,
      inspectionProblems.noPoint,
    ],
  }),
  review: endpoint({
    method: 'POST',
    path: '/inspections/:roundId/review',
    summary: '抽查',
    access: canAny(['inspection.facility.execute', 'R'], ['inspection.platform.execute', 'R'], ['inspection.tenant.execute', 'R']),
    input: z.object({ roundId: z.uuid(), comment: text(500, 2) }),
    reply: Round,
    problems: [inspectionProblems.ownRound],
  }),
  series: endpoint({
    method: 'GET',
    path: '/inspections/series',
    summary: '一个读数的走势',
    access: read,
    input: z.object({ code: text(80, 1), days: z.coerce.number().int().min(1).max(400).default(30) }),
    reply: z.object({ item: RoundItem, points: z.array(z.object({ at: instant, value: z.number(), roundId: z.uuid() })) }),
    problems: [inspectionProblems.unknownItem],
  }),
  print: endpoint({
    method: 'POST',
    path: '/inspections/:roundId/print',
    summary: '巡检报告（Word 或 PDF）',
    access: read,
    input: z.object({ roundId: z.uuid(), format: z.enum(['docx', 'pdf']).default('docx') }),
    reply: z.unknown(),
    kind: 'download',
    problems: [inspectionProblems.noConverter],
  }),
} as const
