import { z } from 'zod'
import { TimeLeft } from './calendar.ts'
import { instant, text } from './endpoint.ts'
import { problem } from './problem.ts'

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

/**
 * Due date of a step and how much of its limit is used, in business time as its reminders are. `usedRatio` 0.8 = 80 %; over 1 = overdue;
 * null without a limit. `left` is null once it is done.
 */
export const TaskLimit = z.object({
  dueAt: instant.nullable(),
  /** The start of the clock; the limit itself as written (`2wd`, `2bh`, `PT24H`). */
  fromAt: instant,
  limit: z.string().nullable(),
  usedRatio: z.number().nullable(),
  left: TimeLeft.nullable(),
})
export type TaskLimit = z.output<typeof TaskLimit>

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
  /** Send back with `complete`, `return`: refused when this branch or the matter as a whole moved on meanwhile; parallel branches do not count. */
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
