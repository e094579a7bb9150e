import { z } from 'zod'
import { can, canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

export const processProblems = {
  taskGone: problem('process.task-gone', 409, {
    zh: '{by} 在 {at} 已处理“{task}”，结果：{outcome}',
    en: '{by} acted on "{task}" at {at}: {outcome}',
  }),
  taskBlocked: problem('process.task-blocked', 409, {
    zh: '“{task}”在等前加签人 {waitingFor} 先办',
    en: '"{task}" waits for {waitingFor}, who was asked to act first',
  }),
  notYours: problem('process.not-yours', 403, {
    zh: '这一步由 {who} 办理。你可以看，不能改',
    en: 'This step belongs to {who}. You can read but not change it',
  }),
  fourEyes: problem('process.four-eyes', 403, {
    zh: '你已办理“{step}”，这一步须由他人办理',
    en: 'You acted on "{step}"; another person must act on this one',
  }),
  claimedByOther: problem('process.claimed', 409, { zh: '{by} 在 {at} 已认领', en: '{by} took it at {at}' }),
  badOutcome: problem('process.bad-outcome', 422, {
    zh: '这一步没有“{outcome}”这个结果，可选：{outcomes}',
    en: 'This step has no outcome "{outcome}"; choose one of {outcomes}',
  }),
  badData: problem('process.bad-data', 422, { zh: '表单有内容不符合要求', en: 'Some fields of the form need attention' }),
  staleInstance: problem('process.stale', 409, {
    zh: '你打开表单后流程又走了一步，请比对后再提交',
    en: 'The process moved on after you opened the form; compare, then send again',
  }),
  ended: problem('process.ended', 409, { zh: '流程已结束（{status}）', en: 'The process has ended ({status})' }),
  noReturn: problem('process.no-return', 409, {
    zh: '不能退回到“{step}”：它不是本分支已办完的人工步骤',
    en: 'Cannot return to "{step}": it is not a finished human step of this branch',
  }),
  noRecall: problem('process.no-recall', 409, {
    zh: '不能收回：“{step}”已由 {by} 处理或已产生外部效果',
    en: 'Cannot take back: "{step}" was already handled by {by} or has had outside effects',
  }),
  noWithdraw: problem('process.no-withdraw', 409, {
    zh: '首位审核人已处理，不能撤回；可以申请撤销',
    en: 'The first reviewer has acted: ask for cancellation instead',
  }),
  cancelPending: problem('process.cancel-pending', 409, { zh: '撤销申请已在等待同意', en: 'A cancellation already waits for consent' }),
  noCancelRequest: problem('process.no-cancel-request', 409, { zh: '没有待同意的撤销申请', en: 'No cancellation waits for consent' }),
  cannotDecide: problem('process.cannot-decide', 422, {
    zh: '流程在“{element}”无法判断走向：{reason}；没有保存任何改动',
    en: 'The process cannot decide at "{element}": {reason}; nothing was changed',
  }),
  unknownPerson: problem('process.unknown-person', 422, {
    zh: '没有这个人，或其账号已停用',
    en: 'No such person, or the account is closed',
  }),
  unsound: problem('process.unsound', 422, { zh: '流程图未通过校验', en: 'The definition did not pass the check' }),
  sameVersion: problem('process.same-version', 409, { zh: '与现行版本 {version} 完全相同', en: 'Identical to version {version}' }),
  selfApproval: problem('process.self-approval', 403, {
    zh: '提交人不能批准自己的流程版本',
    en: 'The author cannot approve their own version',
  }),
  proposalDecided: problem('process.proposal-decided', 409, { zh: '{by} 在 {at} 已处理这份提交', en: '{by} decided this at {at}' }),
  noIncident: problem('process.no-incident', 409, { zh: '这个异常已被处理', en: 'This incident was already dealt with' }),
  cannotMigrate: problem('process.cannot-migrate', 409, { zh: '不能迁移：{reason}', en: 'Cannot migrate: {reason}' }),
} as const

/** A person as shown: null id = the system. */
export const Who = z.object({ personId: z.string().nullable(), name: z.string() })

export const TaskState = z.enum(['OPEN', 'BLOCKED', 'DONE', 'CANCELLED'])
/** MAIN: the step itself; EACH: one voice of a countersignature 会签; ADDED: somebody was asked in 加签. */
export const TaskKind = z.enum(['MAIN', 'EACH', 'ADDED'])
export const InstanceStatus = z.enum(['RUNNING', 'COMPLETED', 'TERMINATED', 'CANCELLED', 'FAILED'])

/** Due date of a step and how much of its limit is used. `usedRatio` 0.8 = 80 %; over 1 = overdue; null without a limit. */
export const TaskLimit = z.object({
  dueAt: instant.nullable(),
  /** The start of the clock; the limit itself as written (`2wd`, `2bh`, `PT24H`). */
  fromAt: instant,
  limit: z.string().nullable(),
  usedRatio: z.number().nullable(),
})

export const TaskBrief = TaskLimit.extend({
  id: z.uuid(),
  instanceId: z.uuid(),
  processKey: z.string(),
  processName: z.string(),
  /** The matter: id and title of the business object, e.g. the request. */
  businessKey: z.string(),
  title: z.string(),
  node: z.string(),
  name: z.string(),
  kind: TaskKind,
  state: TaskState,
  formKey: z.string().nullable(),
  clause: z.string().nullable(),
  assignee: Who.nullable(),
  roles: z.array(z.string()),
  tenantId: z.uuid().nullable(),
  applicationId: z.uuid().nullable(),
  createdAt: instant,
})
export type TaskBrief = z.output<typeof TaskBrief>

export const ReturnTarget = z.object({ node: z.string(), name: z.string(), doneBy: Who, doneAt: instant })
export const ReturnReason = z.object({
  /** What is wrong, as a field of the form (`vmItems.0.count`) or a point of the check list; empty = in general. */
  field: text(200),
  text: text(500, 1),
})

export const TaskDetail = TaskBrief.extend({
  /** Send back with `complete`, `return`: refused when the process moved on meanwhile. */
  rev: z.int(),
  instanceStatus: InstanceStatus,
  /** Buttons the model offers; empty = a plain "done". */
  outcomes: z.array(z.string()),
  returnTo: z.array(ReturnTarget),
  /** Where `wf:returnTo` proposes to return. */
  returnDefault: z.string().nullable(),
  /** What the signed-in person may do now. */
  may: z.object({
    claim: z.boolean(),
    release: z.boolean(),
    complete: z.boolean(),
    return: z.boolean(),
    transfer: z.boolean(),
    delegate: z.boolean(),
    addSign: z.boolean(),
    recall: z.boolean(),
    withdraw: z.boolean(),
    requestCancel: z.boolean(),
    answerCancel: z.boolean(),
  }),
  /** Why `complete` is false, in the reader's language; null when it is true. */
  whyNot: z.string().nullable(),
  doneBy: Who.nullable(),
  doneAt: instant.nullable(),
  outcome: z.string().nullable(),
  comment: z.string().nullable(),
  data: z.record(z.string(), z.unknown()).nullable(),
  /** The last return to this step, to be shown beside the fields. */
  returned: z.object({ by: Who, at: instant, reasons: z.array(ReturnReason), comment: z.string().nullable() }).nullable(),
  /** An earlier approval of the same step by the same person, to confirm in one click after a resubmission. */
  earlier: z.object({ by: Who, at: instant, outcome: z.string(), comment: z.string().nullable() }).nullable(),
  /** Others at the same step: countersigners and added signers. */
  beside: z.array(
    TaskBrief.pick({ id: true, kind: true, state: true, assignee: true, roles: true, name: true, createdAt: true }).extend({
      outcome: z.string().nullable(),
    }),
  ),
  cancelRequest: z.object({ by: Who, at: instant, reason: z.string() }).nullable(),
})
export type TaskDetail = z.output<typeof TaskDetail>

export const InstanceBrief = z.object({
  id: z.uuid(),
  processKey: z.string(),
  processName: z.string(),
  version: z.int(),
  businessKey: z.string(),
  title: z.string(),
  status: InstanceStatus,
  rev: z.int(),
  starter: Who,
  tenantId: z.uuid().nullable(),
  applicationId: z.uuid().nullable(),
  startedAt: instant,
  endedAt: instant.nullable(),
  parentId: z.uuid().nullable(),
  rootId: z.uuid(),
})
export type InstanceBrief = z.output<typeof InstanceBrief>

export const StepState = z.enum(['PASSED', 'ACTIVE', 'FAILED', 'NOT_REACHED'])
/** One line of the keyboard list beside the diagram. */
export const InstanceStep = z.object({
  node: z.string(),
  name: z.string(),
  /** BPMN type without prefix, e.g. `UserTask`. */
  type: z.string(),
  lane: z.string().nullable(),
  state: StepState,
  /** How often it was entered. */
  times: z.int(),
  enteredAt: instant.nullable(),
  leftAt: instant.nullable(),
  doneBy: Who.nullable(),
  outcome: z.string().nullable(),
  waitingFor: z.array(Who),
  roles: z.array(z.string()),
  dueAt: instant.nullable(),
  clause: z.string().nullable(),
})
export const DiagramBadge = z.object({
  node: z.string(),
  /** Tokens resting there; over 1 for a countersignature. */
  count: z.int(),
  waitingFor: z.array(Who),
  roles: z.array(z.string()),
  since: instant,
  dueAt: instant.nullable(),
  /** What a machine waits for: a timer's instant, a message's name, a service topic. */
  machine: z.string().nullable(),
  taskIds: z.array(z.uuid()),
})

export const InstanceView = z.object({
  instance: InstanceBrief,
  xml: z.string(),
  active: z.array(z.string()),
  passed: z.array(z.string()),
  flows: z.array(z.string()),
  failed: z.array(z.string()),
  badges: z.array(DiagramBadge),
  /** Times a node was entered, for the loop count; only nodes entered more than once. */
  loops: z.array(z.object({ node: z.string(), times: z.int() })),
  steps: z.array(InstanceStep),
  /** Returns are arrows over the diagram, not flows of it. */
  returns: z.array(z.object({ from: z.string(), to: z.string(), at: instant, by: Who, reasons: z.array(ReturnReason) })),
  children: z.array(InstanceBrief.extend({ node: z.string() })),
  cancelRequest: z.object({ by: Who, at: instant, reason: z.string() }).nullable(),
  may: z.object({ withdraw: z.boolean(), requestCancel: z.boolean(), answerCancel: z.boolean(), recallTaskId: z.uuid().nullable() }),
})
export type InstanceView = z.output<typeof InstanceView>

export const HistoryKind = z.enum([
  'start',
  'enter',
  'leave',
  'flow',
  'complete',
  'claim',
  'release',
  'return',
  'recall',
  'withdraw',
  'transfer',
  'delegate',
  'addsign',
  'cancel-request',
  'cancel-refused',
  'cancel',
  'timer',
  'message',
  'job',
  'retry',
  'incident',
  'error',
  'interrupt',
  'jump',
  'migrate',
  'reminder',
  'end',
])
export const HistoryEvent = z.object({
  instanceId: z.uuid(),
  seq: z.int(),
  at: instant,
  kind: HistoryKind,
  node: z.string().nullable(),
  nodeName: z.string().nullable(),
  flow: z.string().nullable(),
  actor: Who.nullable(),
  taskId: z.uuid().nullable(),
  outcome: z.string().nullable(),
  comment: z.string().nullable(),
  reasons: z.array(ReturnReason),
  /** What else belongs to the kind: `to` person of a transfer, `dueAt` of a timer, `error` of an incident, `percent` of a reminder. */
  data: z.record(z.string(), z.unknown()),
})
export type HistoryEvent = z.output<typeof HistoryEvent>

/** One thing wrong with a definition; `element` is an id of the file, null when the file as a whole cannot be read. */
export const Finding = z.object({ element: z.string().nullable(), reason: z.string(), level: z.enum(['error', 'warning']) })

export const DefinitionBrief = z.object({
  key: z.string(),
  name: z.string(),
  version: z.int(),
  sha256: z.string(),
  deployedAt: instant,
  deployedBy: Who,
  approvedBy: Who.nullable(),
  reason: z.string(),
  openInstances: z.int(),
  versions: z.int(),
})
export type DefinitionBrief = z.output<typeof DefinitionBrief>

export const Proposal = z.object({
  id: z.uuid(),
  key: z.string(),
  name: z.string(),
  /** The version it was edited from; 0 = a new process. */
  baseVersion: z.int(),
  sha256: z.string(),
  reason: z.string(),
  proposedBy: Who,
  proposedAt: instant,
  state: z.enum(['WAITING', 'APPROVED', 'REJECTED']),
  decidedBy: Who.nullable(),
  decidedAt: instant.nullable(),
  comment: z.string().nullable(),
  version: z.int().nullable(),
  findings: z.array(Finding),
})
export type Proposal = z.output<typeof Proposal>

export const DefinitionChange = z.object({
  element: z.string(),
  type: z.string(),
  name: z.string(),
  kind: z.enum(['ADDED', 'REMOVED', 'CHANGED', 'MOVED']),
  attributes: z.array(z.object({ name: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
})

export const Incident = z.object({
  id: z.uuid(),
  instanceId: z.uuid(),
  processKey: z.string(),
  processName: z.string(),
  businessKey: z.string(),
  title: z.string(),
  node: z.string(),
  nodeName: z.string(),
  kind: z.enum(['service', 'timer', 'message', 'engine']),
  topic: z.string().nullable(),
  error: z.string(),
  attempts: z.int(),
  since: instant,
})

export const MigrationLine = z.object({
  instanceId: z.uuid(),
  businessKey: z.string(),
  title: z.string(),
  fromVersion: z.int(),
  ok: z.boolean(),
  /** One line a live token. */
  tokens: z.array(z.object({ node: z.string(), to: z.string().nullable(), ok: z.boolean(), reason: z.string().nullable() })),
})

const taskId = z.uuid()
const instanceId = z.uuid()
const comment = text(2000).optional()
const reason = text(2000, 1)
const rev = z.int().optional()
const Moved = z.object({ taskId: z.uuid(), instanceId: z.uuid(), rev: z.int(), instanceStatus: InstanceStatus, next: z.array(TaskBrief) })
const moving = [
  processProblems.taskGone,
  processProblems.taskBlocked,
  processProblems.notYours,
  processProblems.fourEyes,
  processProblems.staleInstance,
  processProblems.cannotDecide,
  processProblems.ended,
  commonProblems.notFound,
]

/** Who takes part in the work at all; which task and which instance is decided row by row. */
const working = can('process.task', 'X')
const reading = canAny(['process.definition.read', 'R'], ['process.definition.read', 'r'])
const operating = can('process.instance.operate', 'X')

export const processApi = {
  tasks: endpoint({
    method: 'GET',
    path: '/tasks',
    summary: '我的待办，最急的在前',
    access: working,
    input: pageInput.extend({
      /** mine: assigned to me; claimable: open to a role of mine; all: both. */
      group: z.enum(['all', 'mine', 'claimable']).default('all'),
      urgency: z.enum(['overdue', 'today', 'week', 'later', 'none']).optional(),
      processKey: z.string().max(100).optional(),
      q: text(100).optional(),
    }),
    reply: page(TaskBrief),
  }),
  taskSummary: endpoint({
    method: 'GET',
    path: '/tasks/summary',
    summary: '我的待办各类件数',
    access: working,
    input: z.object({}),
    /** Days are those of Asia/Shanghai; counts stop at 1,000 each. `nextDueAt`: the nearest after today. */
    reply: z.object({
      overdue: z.int(),
      today: z.int(),
      week: z.int(),
      later: z.int(),
      none: z.int(),
      mine: z.int(),
      claimable: z.int(),
      nextDueAt: instant.nullable(),
      waiting: z.int(),
    }),
  }),
  waiting: endpoint({
    method: 'GET',
    path: '/tasks/waiting',
    summary: '等别人办：我发起或经手、正由他人办理的事',
    access: working,
    input: pageInput.extend({ q: text(100).optional() }),
    reply: page(TaskBrief),
  }),
  doneTasks: endpoint({
    method: 'GET',
    path: '/tasks/done',
    summary: '我办过的事，最近的在前',
    access: working,
    input: pageInput.extend({ q: text(100).optional() }),
    reply: page(TaskBrief.extend({ doneAt: instant, outcome: z.string().nullable(), mayRecall: z.boolean() })),
  }),
  task: endpoint({
    method: 'GET',
    path: '/tasks/:taskId',
    summary: '一项待办的全部内容',
    access: working,
    input: z.object({ taskId }),
    reply: TaskDetail,
    problems: [commonProblems.notFound],
  }),
  claim: endpoint({
    method: 'POST',
    path: '/tasks/:taskId/claim',
    summary: '认领',
    access: working,
    input: z.object({ taskId }),
    reply: TaskBrief,
    problems: [processProblems.claimedByOther, ...moving],
  }),
  release: endpoint({
    method: 'POST',
    path: '/tasks/:taskId/release',
    summary: '放回待认领',
    access: working,
    input: z.object({ taskId }),
    reply: TaskBrief,
    problems: moving,
  }),
  complete: endpoint({
    method: 'POST',
    path: '/tasks/:taskId/complete',
    summary: '办理（同意、驳回等由流程给出的结果）',
    access: working,
    input: z.object({
      taskId,
      outcome: z.string().max(60).optional(),
      data: z.record(z.string(), z.unknown()).default({}),
      rev,
      comment,
    }),
    reply: Moved,
    problems: [processProblems.badOutcome, processProblems.badData, ...moving],
  }),
  return: endpoint({
    method: 'POST',
    path: '/tasks/:taskId/return',
    summary: '退回补正',
    access: working,
    input: z.object({
      taskId,
      toNode: z.string().max(200),
      /** REDO: walk the way again; DIRECT: after resubmission straight back to this step (or to all parallel reviews); absent: DIRECT where the branch allows it. */
      mode: z.enum(['REDO', 'DIRECT']).optional(),
      reasons: z.array(ReturnReason).min(1).max(100),
      comment,
      rev,
    }),
    reply: Moved,
    problems: [processProblems.noReturn, ...moving],
  }),
  recall: endpoint({
    method: 'POST',
    path: '/tasks/:taskId/recall',
    summary: '收回自己刚办完的一步',
    access: working,
    input: z.object({ taskId, comment }),
    reply: Moved,
    problems: [processProblems.noRecall, commonProblems.notFound],
  }),
  transfer: endpoint({
    method: 'POST',
    path: '/tasks/:taskId/transfer',
    summary: '转办给他人',
    access: working,
    input: z.object({ taskId, toPersonId: z.uuid(), comment: reason }),
    reply: TaskBrief,
    problems: [processProblems.unknownPerson, ...moving],
  }),
  delegate: endpoint({
    method: 'POST',
    path: '/tasks/:taskId/delegate',
    summary: '委派他人先办，办完回到我',
    access: working,
    input: z.object({ taskId, toPersonId: z.uuid(), comment: reason }),
    reply: TaskBrief,
    problems: [processProblems.unknownPerson, ...moving],
  }),
  addSign: endpoint({
    method: 'POST',
    path: '/tasks/:taskId/add-sign',
    summary: '加签（前、并、后）',
    access: working,
    input: z.object({
      taskId,
      personIds: z.array(z.uuid()).min(1).max(20),
      when: z.enum(['BEFORE', 'PARALLEL', 'AFTER']),
      comment: reason,
    }),
    reply: z.object({ added: z.array(TaskBrief) }),
    problems: [processProblems.unknownPerson, ...moving],
  }),
  remind: endpoint({
    method: 'POST',
    path: '/tasks/:taskId/remind',
    summary: '催办：提醒当前办理人',
    access: working,
    input: z.object({ taskId, comment }),
    reply: z.object({ reminded: z.array(Who) }),
    problems: [processProblems.taskGone, commonProblems.notFound],
  }),

  instance: endpoint({
    method: 'GET',
    path: '/instances/:instanceId',
    summary: '流程实例与流程图',
    access: working,
    input: z.object({ instanceId }),
    reply: InstanceView,
    problems: [commonProblems.notFound],
  }),
  instancesOf: endpoint({
    method: 'GET',
    path: '/instances',
    summary: '一件事的全部流程实例',
    access: working,
    input: z.object({ businessKey: z.string().max(200), processKey: z.string().max(100).optional() }),
    reply: z.object({ items: z.array(InstanceBrief) }),
  }),
  history: endpoint({
    method: 'GET',
    path: '/instances/:instanceId/history',
    summary: '流程经过',
    access: working,
    input: pageInput.extend({
      instanceId,
      /** people: what persons did and what went wrong; all: every step of the engine. */
      detail: z.enum(['people', 'all']).default('people'),
      /** Also the history of called processes. */
      withChildren: z.stringbool().default(true),
    }),
    reply: page(HistoryEvent),
    problems: [commonProblems.notFound],
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/instances/:instanceId/withdraw',
    summary: '撤回（首位审核人处理之前）',
    access: working,
    input: z.object({ instanceId, reason }),
    reply: InstanceBrief,
    problems: [processProblems.noWithdraw, processProblems.ended, commonProblems.notFound],
  }),
  requestCancel: endpoint({
    method: 'POST',
    path: '/instances/:instanceId/cancel-request',
    summary: '申请撤销，须当前办理人同意',
    access: working,
    input: z.object({ instanceId, reason }),
    reply: InstanceBrief,
    problems: [processProblems.cancelPending, processProblems.ended, commonProblems.notFound],
  }),
  answerCancel: endpoint({
    method: 'POST',
    path: '/instances/:instanceId/cancel-answer',
    summary: '同意或不同意撤销',
    access: working,
    input: z.object({ instanceId, consent: z.boolean(), comment }),
    reply: InstanceBrief,
    problems: [processProblems.noCancelRequest, processProblems.notYours, processProblems.ended, commonProblems.notFound],
  }),

  definitions: endpoint({
    method: 'GET',
    path: '/process-definitions',
    summary: '流程清单（现行版本）',
    access: reading,
    input: z.object({}),
    reply: z.object({ items: z.array(DefinitionBrief) }),
  }),
  versions: endpoint({
    method: 'GET',
    path: '/process-definitions/:key/versions',
    summary: '一个流程的全部版本',
    access: reading,
    input: z.object({ key: z.string().max(100) }),
    reply: z.object({ items: z.array(DefinitionBrief) }),
    problems: [commonProblems.notFound],
  }),
  definitionXml: endpoint({
    method: 'GET',
    path: '/process-definitions/:key/versions/:version',
    summary: '一个版本的流程图',
    access: reading,
    input: z.object({ key: z.string().max(100), version: z.coerce.number().int() }),
    reply: DefinitionBrief.extend({ xml: z.string() }),
    problems: [commonProblems.notFound],
  }),
  compare: endpoint({
    method: 'GET',
    path: '/process-definitions/:key/compare',
    summary: '两个版本的差别',
    access: reading,
    /** Numbers are versions; `to` may be the id of a proposal. */
    input: z.object({ key: z.string().max(100), from: z.coerce.number().int(), to: z.string().max(60) }),
    reply: z.object({ fromXml: z.string(), toXml: z.string(), changes: z.array(DefinitionChange) }),
    problems: [commonProblems.notFound],
  }),
  validate: endpoint({
    method: 'POST',
    path: '/process-definitions/validate',
    summary: '校验一份流程图',
    access: reading,
    input: z.object({ key: z.string().max(100), xml: z.string().max(2_000_000) }),
    reply: z.object({ ok: z.boolean(), findings: z.array(Finding) }),
  }),
  propose: endpoint({
    method: 'POST',
    path: '/process-definitions/:key/proposals',
    summary: '提交新版本，待第二人批准',
    access: can('process.definition.edit', 'C'),
    input: z.object({ key: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/), xml: z.string().max(2_000_000), reason }),
    reply: Proposal,
    problems: [processProblems.unsound, processProblems.sameVersion],
  }),
  proposals: endpoint({
    method: 'GET',
    path: '/process-proposals',
    summary: '提交的版本',
    access: reading,
    input: z.object({ key: z.string().max(100).optional(), state: z.enum(['WAITING', 'APPROVED', 'REJECTED']).optional() }),
    reply: z.object({ items: z.array(Proposal) }),
  }),
  proposal: endpoint({
    method: 'GET',
    path: '/process-proposals/:proposalId',
    summary: '一份提交的版本',
    access: reading,
    input: z.object({ proposalId: z.uuid() }),
    reply: Proposal.extend({ xml: z.string() }),
    problems: [commonProblems.notFound],
  }),
  decide: endpoint({
    method: 'POST',
    path: '/process-proposals/:proposalId/decide',
    summary: '批准或驳回新版本',
    access: can('process.definition.edit', 'A'),
    input: z.object({ proposalId: z.uuid(), approve: z.boolean(), comment }),
    reply: Proposal,
    problems: [processProblems.selfApproval, processProblems.proposalDecided, processProblems.unsound, commonProblems.notFound],
  }),

  operations: endpoint({
    method: 'GET',
    path: '/process-operations/instances',
    summary: '运行中的流程',
    access: operating,
    input: pageInput.extend({
      processKey: z.string().max(100).optional(),
      status: InstanceStatus.optional(),
      q: text(100).optional(),
      /** incident: something failed; overdue: a step past its limit; idle: nothing moved for 7 days. */
      stuck: z.enum(['incident', 'overdue', 'idle']).optional(),
    }),
    reply: page(InstanceBrief.extend({ at: z.array(z.string()), movedAt: instant, incidents: z.int(), overdue: z.int() })),
  }),
  incidents: endpoint({
    method: 'GET',
    path: '/process-operations/incidents',
    summary: '流程异常',
    access: operating,
    input: pageInput.extend({ processKey: z.string().max(100).optional() }),
    reply: page(Incident),
  }),
  retry: endpoint({
    method: 'POST',
    path: '/process-operations/incidents/:incidentId/retry',
    summary: '再试',
    access: can('process.instance.operate', 'X'),
    input: z.object({ incidentId: z.uuid(), comment: reason }),
    reply: InstanceBrief,
    problems: [processProblems.noIncident, commonProblems.notFound],
  }),
  migrationPreview: endpoint({
    method: 'POST',
    path: '/process-operations/migrations/preview',
    summary: '迁移试算，不改动',
    access: operating,
    input: z.object({
      key: z.string().max(100),
      toVersion: z.int(),
      map: z.record(z.string(), z.string()).default({}),
      instanceIds: z.array(z.uuid()).max(500).optional(),
    }),
    reply: z.object({ lines: z.array(MigrationLine), movable: z.int(), left: z.int() }),
    problems: [commonProblems.notFound],
  }),
  migrate: endpoint({
    method: 'POST',
    path: '/process-operations/migrations',
    summary: '把在办实例迁到另一版本',
    access: can('process.instance.migrate', 'X'),
    input: z.object({
      key: z.string().max(100),
      toVersion: z.int(),
      map: z.record(z.string(), z.string()).default({}),
      instanceIds: z.array(z.uuid()).min(1).max(500),
      comment: reason,
    }),
    reply: z.object({ lines: z.array(MigrationLine), movable: z.int(), left: z.int() }),
    problems: [commonProblems.notFound],
  }),
  terminate: endpoint({
    method: 'POST',
    path: '/process-operations/instances/:instanceId/cancel',
    summary: '终止实例',
    access: can('process.instance.operate', 'X'),
    input: z.object({ instanceId, reason }),
    reply: InstanceBrief,
    problems: [processProblems.ended, commonProblems.notFound],
  }),
} as const
