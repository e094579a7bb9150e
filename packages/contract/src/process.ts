import { z } from 'zod'
import { can, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { commonProblems } from './problem.ts'
import { definitionEndpoints, operationEndpoints } from './process.operations.ts'
import {
  HistoryEvent,
  InstanceBrief,
  InstanceStatus,
  InstanceView,
  processProblems,
  ReturnReason,
  TaskBrief,
  TaskDetail,
  Who,
} from './process.shapes.ts'

export * from './process.shapes.ts'

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

  ...definitionEndpoints,
  ...operationEndpoints,
} as const
