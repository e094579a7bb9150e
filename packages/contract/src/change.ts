import { z } from 'zod'
import {
  CalendarEntry,
  ChangeCategory,
  ChangeDetail,
  ChangedAttr,
  ChangedKind,
  ChangeForm,
  ChangeGap,
  ChangeStep,
  ChangeSummary,
  Freeze,
  StandardChange,
} from './change.shapes.ts'
import { can, canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

export * from './change.shapes.ts'

export const changeProblems = {
  notDraft: problem('change.not-draft', 409, {
    zh: '这份变更不在填写或补正状态',
    en: 'This change is not being filled in or corrected',
  }),
  incomplete: problem('change.incomplete', 422, { zh: '还缺 {count} 项：{fields}', en: '{count} fields are missing: {fields}' }),
  notForItem: problem('change.not-for-item', 422, {
    zh: '“{item}”不能变更“{attr}”',
    en: '"{attr}" of "{item}" cannot be changed',
  }),
  needsIncident: problem('change.needs-incident', 422, {
    zh: '紧急变更须关联一起未关闭的 I 级或 II 级故障',
    en: 'An emergency change belongs to an open incident of level I or II',
  }),
  notStandard: problem('change.not-standard', 422, {
    zh: '标准变更只能按目录“{name}”的内容填写',
    en: 'A standard change may only do what "{name}" of the catalogue allows',
  }),
  noStandard: problem('change.no-standard', 422, { zh: '预授权目录里没有这一项', en: 'The catalogue has no such change' }),
  conflict: problem('change.conflict', 409, {
    zh: '“{item}”在这个窗口已有变更 {number}',
    en: '"{item}" already has the change {number} in this window',
  }),
  frozen: problem('change.frozen', 409, {
    zh: '窗口落在冻结期“{name}”内',
    en: 'The window lies in the freeze "{name}"',
  }),
  reasonRequired: problem('change.reason-required', 422, { zh: '须写明理由', en: 'A reason is required' }),
  backupRequired: problem('change.backup-required', 422, {
    zh: '须写明备份在哪里，才能动手',
    en: 'Say where the backup is before anything is touched',
  }),
  badWindow: problem('change.bad-window', 422, { zh: '窗口须在将来，且止晚于起', en: 'The window must lie ahead and end after it begins' }),
  samePerson: problem('change.same-person', 403, { zh: '提出人与审批人不能是同一人', en: 'Another person must decide this' }),
  decided: problem('change.decided', 409, { zh: '这一条已经处理过', en: 'This has been decided already' }),
} as const

const changeId = z.object({ changeId: z.uuid() })
const see = canAny(['change.read', 'R'], ['change.read', 'r'])
const submit = can('change.submit', 'C')
const list = pageInput.extend({
  q: z.string().max(100).optional(),
  /** Comma list of statuses. */
  status: z.string().max(300).optional(),
  category: ChangeCategory.optional(),
  applicationId: z.uuid().optional(),
  ciId: z.uuid().optional(),
  mine: z.stringbool().optional(),
})

export const changeApi = {
  list: endpoint({ method: 'GET', path: '/changes', summary: '变更列表', access: see, input: list, reply: page(ChangeSummary) }),
  start: endpoint({
    method: 'POST',
    path: '/changes',
    summary: '发起变更（草稿）',
    access: submit,
    input: z.object({
      category: ChangeCategory.exclude(['MAJOR']).default('NORMAL'),
      /** Of a standard change: its key in the catalogue. */
      standardKey: text(60).optional(),
      incidentId: z.uuid().optional(),
      ciIds: z.array(z.uuid()).min(1).max(50),
    }),
    reply: ChangeDetail,
    problems: [changeProblems.needsIncident, changeProblems.noStandard, changeProblems.notForItem],
  }),
  get: endpoint({ method: 'GET', path: '/changes/:changeId', summary: '变更详情', access: see, input: changeId, reply: ChangeDetail }),
  save: endpoint({
    method: 'PUT',
    path: '/changes/:changeId/form',
    summary: '保存变更申请；现值由服务器从台账填写',
    access: submit,
    input: changeId.extend({ rev: z.int(), form: ChangeForm }),
    reply: ChangeDetail,
    problems: [changeProblems.notDraft, changeProblems.notForItem, changeProblems.notStandard],
  }),
  submit: endpoint({
    method: 'POST',
    path: '/changes/:changeId/submit',
    summary: '提交变更',
    access: submit,
    input: changeId.extend({ rev: z.int() }),
    reply: ChangeDetail,
    problems: [
      changeProblems.notDraft,
      changeProblems.incomplete,
      changeProblems.conflict,
      changeProblems.frozen,
      changeProblems.needsIncident,
    ],
  }),
  gaps: endpoint({
    method: 'GET',
    path: '/changes/:changeId/gaps',
    summary: '提交前还差哪些',
    access: see,
    input: changeId,
    reply: z.object({ items: z.array(ChangeGap) }),
  }),
  print: endpoint({
    method: 'POST',
    path: '/changes/:changeId/print',
    summary: '变更单（Word；留痕）',
    access: see,
    kind: 'download',
    input: changeId,
    reply: z.unknown(),
  }),
  /** Things that can be changed, by a word: for the picker of a new change. */
  targets: endpoint({
    method: 'GET',
    path: '/changes/targets',
    summary: '可以变更的配置项',
    access: submit,
    input: z.object({ q: z.string().max(100).default(''), applicationId: z.uuid().optional() }),
    reply: z.object({
      items: z.array(z.object({ id: z.uuid(), kind: ChangedKind, name: z.string(), applicationName: z.string(), facts: z.string() })),
    }),
  }),
  calendar: endpoint({
    method: 'GET',
    path: '/changes/calendar',
    summary: '变更日历：变更、计划停机、冻结期',
    access: see,
    input: z.object({ from: instant, to: instant }),
    reply: z.object({ items: z.array(CalendarEntry) }),
  }),
  freezes: endpoint({
    method: 'GET',
    path: '/changes/freezes',
    summary: '冻结期',
    access: see,
    input: z.object({}),
    reply: z.object({ items: z.array(Freeze) }),
  }),
  proposeFreeze: endpoint({
    method: 'POST',
    path: '/changes/freezes',
    summary: '提出冻结期，另一人同意后生效',
    access: can('change.rules', 'C'),
    input: z.object({ name: text(100, 1), reason: text(500, 1), from: instant, to: instant }),
    reply: Freeze,
    problems: [changeProblems.badWindow],
  }),
  decideFreeze: endpoint({
    method: 'POST',
    path: '/changes/freezes/:freezeId/decide',
    summary: '同意、驳回或提前解除冻结期',
    access: can('change.rules', 'A'),
    input: z.object({ freezeId: z.uuid(), decision: z.enum(['APPROVE', 'REJECT', 'LIFT']) }),
    reply: Freeze,
    problems: [changeProblems.samePerson, changeProblems.decided],
  }),
  catalogue: endpoint({
    method: 'GET',
    path: '/changes/catalogue',
    summary: '预授权的标准变更（全部版本）',
    access: canAny(['change.read', 'R'], ['change.read', 'r'], ['change.submit', 'C']),
    input: z.object({}),
    reply: z.object({ items: z.array(StandardChange) }),
  }),
  proposeStandard: endpoint({
    method: 'POST',
    path: '/changes/catalogue',
    summary: '提出标准变更的新版本，另一人同意后生效',
    access: can('change.rules', 'C'),
    input: z.object({
      key: z.string().regex(/^[a-z][a-z0-9-]{2,59}$/),
      name: z.object({ zh: text(60, 1), en: text(80, 1) }),
      ciKind: ChangedKind,
      attr: ChangedAttr,
      maxDays: z.int().min(1).max(3660).nullable().default(null),
      downtime: z.boolean().default(false),
      steps: z.array(ChangeStep).min(1).max(20),
      rollbackPlan: text(2000, 1),
      verifyPlan: text(2000, 1),
    }),
    reply: StandardChange,
    problems: [changeProblems.notForItem],
  }),
  decideStandard: endpoint({
    method: 'POST',
    path: '/changes/catalogue/:standardId/decide',
    summary: '同意或驳回标准变更',
    access: can('change.rules', 'A'),
    input: z.object({ standardId: z.uuid(), approve: z.boolean() }),
    reply: StandardChange,
    problems: [changeProblems.samePerson, changeProblems.decided],
  }),
}
