import { z } from 'zod'
import { can, canAny, day, endpoint, instant, nothing, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'
import {
  Cluster,
  Exemption,
  ExemptionKind,
  Finding,
  MeasureSource,
  ReclaimCase,
  ReclaimMetric,
  ReclaimSource,
  ReclaimSubject,
  ReclaimSummary,
  ReclaimVerdict,
  Run,
} from './reclaim.shapes.ts'

export * from './reclaim.shapes.ts'

export const reclaimProblems = {
  openCase: problem('reclaim.open-case', 409, { zh: '{name} 已在回收流程中：{number}', en: '{name} is being reclaimed already: {number}' }),
  exempt: problem('reclaim.exempt', 409, { zh: '{name} 在豁免清单上，至 {until}', en: '{name} is exempt until {until}' }),
  tooLong: problem('reclaim.exemption-too-long', 422, { zh: '豁免最长 {days} 天', en: 'An exemption lasts {days} days at most' }),
  notCooling: problem('reclaim.not-cooling', 409, { zh: '不在冷静期内，不能一键恢复', en: 'It is not in its cooling-off' }),
  objectedBefore: problem('reclaim.objected-before', 409, {
    zh: '配置过高只可提异议一次，此前已裁定',
    en: 'A right size can be objected to once; it was ruled on before',
  }),
  reasonWanted: problem('reclaim.reason-wanted', 422, { zh: '请说明理由', en: 'Say why' }),
  minNodesWanted: problem('reclaim.min-nodes-wanted', 422, {
    zh: '请给出应用实际需要的最少节点数',
    en: 'Say how many nodes the application needs at least',
  }),
  tooFewNodes: problem('reclaim.too-few-nodes', 422, {
    zh: '共 {nodes} 个节点，应用方要求至少 {min} 个，没有可释放的',
    en: 'There are {nodes} nodes and the bureau needs {min}: none can go',
  }),
  sizeWanted: problem('reclaim.size-wanted', 422, { zh: '请填写替换后的规格', en: 'Fill in the size it has now' }),
  notSmaller: problem('reclaim.not-smaller', 422, { zh: '替换后的规格不比原来小', en: 'The new size is not smaller than the old' }),
  noChange: problem('reclaim.no-change', 422, {
    zh: '没有变更 {number}，或它不涉及 {name}',
    en: 'There is no change {number}, or it is not about {name}',
  }),
  changeOpen: problem('reclaim.change-open', 409, {
    zh: '变更 {number} 尚未批准并实施完，或已回退',
    en: 'Change {number} is not approved and carried out yet, or was rolled back',
  }),
  changeDiffers: problem('reclaim.change-differs', 422, {
    zh: '变更 {number} 做成的是 {made}，与填写的不符',
    en: 'Change {number} made {made}, which is not what was filled in',
  }),
  badSeries: problem('reclaim.bad-series', 422, {
    zh: '文件有 {count} 处不能读，没有写入任何一行',
    en: '{count} rows cannot be read; nothing was kept',
  }),
  wrongSubject: problem('reclaim.wrong-subject', 422, {
    zh: '这一类对象不能选择“{outcome}”',
    en: '“{outcome}” does not fit this kind of thing',
  }),
  noConclusion: problem('reclaim.no-conclusion', 422, {
    zh: '数据覆盖率 {coverage}%，不足 {needed}%，不得作出回收结论',
    en: 'Measured for {coverage} %, less than {needed} %: nothing can be concluded but to keep it',
  }),
} as const

const read = can('reclaim.read', 'r')
const caseId = z.object({ caseId: z.uuid() })

export const reclaimApi = {
  runs: endpoint({
    method: 'GET',
    path: '/reclaim/runs',
    summary: '最近十二次候选检测',
    access: read,
    input: z.object({}),
    reply: z.object({ items: z.array(Run), shadowUntil: day.nullable() }),
  }),
  detect: endpoint({
    method: 'POST',
    path: '/reclaim/runs',
    summary: '立即检测一次候选（只报告，不自动发起）',
    access: canAny(['reclaim.report.write', 'A'], ['reclaim.report.write', 'U']),
    input: z.object({}),
    reply: Run,
  }),
  candidates: endpoint({
    method: 'GET',
    path: '/reclaim/candidates',
    summary: '一次检测的候选，默认最近一次',
    access: read,
    input: pageInput.extend({
      runId: z.uuid().optional(),
      subject: ReclaimSubject.optional(),
      verdict: ReclaimVerdict.optional(),
      q: text(100).optional(),
    }),
    reply: page(Finding),
  }),
  start: endpoint({
    method: 'POST',
    path: '/reclaim/cases',
    summary: '发起回收：候选、应用方主动释放、到期或应用下线',
    access: can('reclaim.initiate', 'C'),
    input: z.object({
      subject: ReclaimSubject,
      itemId: z.uuid(),
      source: ReclaimSource.default('RULE'),
      reason: text(1000).default(''),
      findingId: z.uuid().optional(),
    }),
    reply: ReclaimCase,
    problems: [reclaimProblems.openCase, reclaimProblems.exempt],
  }),
  list: endpoint({
    method: 'GET',
    path: '/reclaim/cases',
    summary: '回收单，新的在前',
    access: read,
    input: pageInput.extend({
      q: text(100).optional(),
      state: z.enum(['open', 'cooling', 'closed', 'all']).default('all'),
      subject: ReclaimSubject.optional(),
      itemId: z.uuid().optional(),
    }),
    reply: page(ReclaimSummary),
  }),
  get: endpoint({
    method: 'GET',
    path: '/reclaim/cases/:caseId',
    summary: '一件回收：数据、报告、各方意见、处置',
    access: read,
    input: caseId,
    reply: ReclaimCase,
  }),
  recover: endpoint({
    method: 'POST',
    path: '/reclaim/cases/:caseId/recover',
    summary: '冷静期内一键恢复，回到评估',
    access: canAny(['reclaim.initiate', 'C'], ['reclaim.confirmRelease', 'A']),
    input: caseId.extend({ reason: text(1000, 1) }),
    reply: ReclaimCase,
    problems: [reclaimProblems.notCooling],
  }),
  /** A paper that leaves the house leaves a fact. */
  print: endpoint({
    method: 'POST',
    path: '/reclaim/cases/:caseId/print',
    summary: '性能分析报告（Word，含曲线）',
    access: read,
    input: caseId,
    reply: z.unknown(),
    kind: 'download',
  }),
  series: endpoint({
    method: 'GET',
    path: '/reclaim/series',
    summary: '一项测量的曲线：每段的最大值与均值',
    access: read,
    input: z.object({ itemId: z.uuid(), metric: ReclaimMetric, from: day, to: day }),
    reply: z.object({ stepSeconds: z.int(), points: z.array(z.object({ at: instant, max: z.number(), mean: z.number() })) }),
  }),
  measure: endpoint({
    method: 'POST',
    path: '/reclaim/measurements',
    summary: '上传一个对象的一项测量（csv 或 xlsx，两列：时刻、值）',
    access: canAny(['reclaim.report.write', 'C'], ['reclaim.report.write', 'U'], ['reclaim.report.write', 'A']),
    input: z.object({ itemId: z.uuid(), metric: ReclaimMetric, source: MeasureSource.default('MANUAL') }),
    reply: z.object({
      applied: z.boolean(),
      rows: z.int(),
      days: z.int(),
      errors: z.array(z.object({ row: z.int(), message: z.string() })),
    }),
    kind: 'file',
  }),
  exemptions: endpoint({
    method: 'GET',
    path: '/reclaim/exemptions',
    summary: '豁免清单',
    access: read,
    input: pageInput.extend({ inForce: z.stringbool().default(true) }),
    reply: page(Exemption),
  }),
  exempt: endpoint({
    method: 'POST',
    path: '/reclaim/exemptions',
    summary: '列入豁免清单（运营管理员，最长 180 天）',
    access: can('reclaim.report.write', 'A'),
    input: z.object({ itemIds: z.array(z.uuid()).min(1).max(100), kind: ExemptionKind, reason: text(1000, 1), untilOn: day }),
    reply: z.object({ items: z.array(Exemption) }),
    problems: [reclaimProblems.tooLong],
  }),
  endExemption: endpoint({
    method: 'POST',
    path: '/reclaim/exemptions/:exemptionId/end',
    summary: '提前结束豁免',
    access: can('reclaim.report.write', 'A'),
    input: z.object({ exemptionId: z.uuid() }),
    reply: nothing,
  }),
  clusters: endpoint({
    method: 'GET',
    path: '/reclaim/clusters',
    summary: '集群：成员与应用方要求的最少节点',
    access: read,
    input: pageInput,
    reply: page(Cluster),
  }),
  saveCluster: endpoint({
    method: 'POST',
    path: '/reclaim/clusters',
    summary: '登记或修改集群；最少节点由应用方给出',
    access: can('reclaim.initiate', 'C'),
    input: z.object({
      clusterId: z.uuid().optional(),
      name: text(100, 1),
      serverIds: z.array(z.uuid()).min(2).max(200),
      minNodes: z.int().min(1).max(200).nullable().default(null),
    }),
    reply: Cluster,
  }),
  savings: endpoint({
    method: 'GET',
    path: '/reclaim/savings',
    summary: '已收回的资源合计：按月、按单位、按结论',
    access: read,
    input: z.object({ year: z.coerce.number().int().min(2000).max(2100).optional() }),
    reply: z.object({
      year: z.int(),
      now: instant,
      total: z.object({ cases: z.int(), vcpu: z.int(), memGiB: z.int(), gib: z.int() }),
      months: z.array(z.object({ month: z.string(), cases: z.int(), vcpu: z.int(), memGiB: z.int(), gib: z.int() })),
      bureaus: z.array(z.object({ tenantName: z.string(), cases: z.int(), vcpu: z.int(), memGiB: z.int(), gib: z.int() })),
      outcomes: z.record(z.string(), z.int()),
    }),
  }),
}
