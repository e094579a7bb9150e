import { z } from 'zod'
import { endpoint, instant, nothing } from './endpoint.ts'
import { bilingual, type FieldLabel } from './form-words.ts'
import { contactData } from './personal.ts'
import { problem } from './problem.ts'

export * from './form-words.ts'
export * from './matter.ts'

export const FormKind = z.enum(['ADMISSION', 'CATALOG', 'PROVISION_FORM'])
export type FormKind = z.infer<typeof FormKind>

/** One thing that keeps a form from being handed in. Drafts are saved with any number of them. */
export const Gap = z.object({
  /** Section id of the form, e.g. `4`; for the catalogue sub-sections `4.3`. */
  section: z.string(),
  /** Field as addressed in the content, e.g. `storageExpansionPlan.2.basis`; a file field by its name. */
  path: z.string(),
  /** MISSING, FORMAT, RANGE, RULE, UNKNOWN_CHOICE, DUPLICATE, TOO_LONG, DEVIATION. */
  code: z.enum(['MISSING', 'FORMAT', 'RANGE', 'RULE', 'UNKNOWN_CHOICE', 'DUPLICATE', 'TOO_LONG', 'DEVIATION']),
  message: bilingual,
})
export type Gap = z.infer<typeof Gap>

/** How far one section is: `filled` of `of` required fields; an irrelevant section (4 of an expansion) is NOT_APPLICABLE. */
export const SectionProgress = z.object({
  id: z.string(),
  title: bilingual,
  filled: z.int(),
  of: z.int(),
  state: z.enum(['DONE', 'GAPS', 'EMPTY', 'NOT_APPLICABLE']),
  gaps: z.int(),
})
export type SectionProgress = z.infer<typeof SectionProgress>

/** What an application needs, summed from the lines. Block storage includes the disks of virtual machines (they boot from volumes). */
export const Totals = z.object({
  vmCount: z.int(),
  vcpu: z.int(),
  memGiB: z.number(),
  baremetalCount: z.int(),
  blockGiB: z.number(),
  fileGiB: z.number(),
  objectGiB: z.number(),
  backupGiB: z.number(),
  bandwidthMbps: z.number(),
  publicIps: z.int(),
})
export type Totals = z.infer<typeof Totals>
export const totalsLabels: Record<keyof Totals, FieldLabel> = {
  vmCount: { zh: '虚拟机', en: 'Virtual machines', unit: '台' },
  vcpu: { zh: 'vCPU', en: 'vCPU', unit: '核' },
  memGiB: { zh: '内存', en: 'Memory', unit: 'GiB' },
  baremetalCount: { zh: '物理机', en: 'Physical servers', unit: '台' },
  blockGiB: { zh: '块存储', en: 'Block storage', unit: 'GiB' },
  fileGiB: { zh: '文件存储', en: 'File storage', unit: 'GiB' },
  objectGiB: { zh: '对象存储', en: 'Object storage', unit: 'GiB' },
  backupGiB: { zh: '备份', en: 'Backup', unit: 'GiB' },
  bandwidthMbps: { zh: '互联网带宽', en: 'Internet bandwidth', unit: 'Mbps' },
  publicIps: { zh: '公网地址', en: 'Public addresses', unit: '个' },
}

/** A calculation with the person's own numbers, e.g. `⌈860 ÷ (240 × 60%)⌉ + 1` = 7 台. `result` is null until every number is there. */
export const Calculation = z.object({
  key: z.enum(['SERVERS', 'STORAGE_GROWTH', 'LOG_SPACE', 'EXPANSION']),
  section: z.string(),
  formula: z.string(),
  explanation: bilingual,
  result: z.number().nullable(),
  unit: z.string(),
  /** Field that takes the result, e.g. `appServerEstimate.nodes`; null where the result only informs. */
  fills: z.string().nullable(),
  /** Running results by row, e.g. the year-end sums of the storage plan. */
  series: z.array(z.object({ at: z.string(), value: z.number() })),
})
export type Calculation = z.infer<typeof Calculation>

/** What handing in would bring about, said while the person types. */
export const Consequence = z.object({
  code: z.enum([
    'LEADER_NEW_SYSTEM',
    'LEADER_MLPS_3',
    'LEADER_BAREMETAL',
    'LEADER_VCPU',
    'LEADER_STORAGE',
    'OUT_OF_SCOPE_CLASSIFIED',
    'OUT_OF_SCOPE_MLPS',
    'DUPLICATE_APPLICATION',
    'DEVIATION',
    'EXPECTED_TOO_EARLY',
    'LEASE_DEFAULT',
    'SECURITY_PACKAGE',
  ]),
  message: bilingual,
})
export type Consequence = z.infer<typeof Consequence>

export const Attachment = z.object({
  fileId: z.uuid(),
  /** File field of the form, e.g. `topology`; `other` for anything else. */
  field: z.string(),
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.int(),
  digest: z.object({ algorithm: z.string(), value: z.string() }),
  uploadedAt: instant,
  uploadedBy: z.string(),
})
export type Attachment = z.infer<typeof Attachment>

/** A draft: known field names with any value that fits the size limits. What is wrong with it is in the gap list, never a refusal to save. */
export const draftContent = z.record(z.string().max(60), z.unknown())
export type DraftContent = z.infer<typeof draftContent>

/** Everything computed from the content at its present revision. */
export const FormState = z.object({
  rev: z.int(),
  savedAt: instant,
  savedBy: z.string(),
  sections: z.array(SectionProgress),
  gaps: z.array(Gap),
  totals: Totals.nullable(),
  calculations: z.array(Calculation),
  consequences: z.array(Consequence),
})
export type FormState = z.infer<typeof FormState>

export const FormView = FormState.extend({
  id: z.uuid(),
  kind: FormKind,
  title: z.string(),
  /** Matter the form belongs to. */
  subject: z.object({ type: z.enum(['admission', 'request']), id: z.uuid(), number: z.string() }),
  tenantId: z.uuid(),
  editable: z.boolean(),
  /** The caller writes it, or wrote it: what it says of how to reach somebody is theirs. */
  isAuthor: z.boolean(),
  content: contactData(draftContent, 'form', 'isAuthor'),
  attachments: z.array(Attachment),
  /** Who else saved within the last 5 minutes. */
  otherEditors: z.array(z.object({ name: z.string(), at: instant })),
})
export type FormView = z.infer<typeof FormView>

export const FormVersion = z.object({
  version: z.int(),
  rev: z.int(),
  reason: z.enum(['CHECKPOINT', 'SUBMITTED', 'RESUBMITTED', 'FINALISED', 'SPLIT']),
  savedAt: instant,
  savedBy: z.string(),
  digest: z.object({ algorithm: z.string(), value: z.string() }),
})
export type FormVersion = z.infer<typeof FormVersion>

/** One field that differs between two versions. Values as read by a person; absent is null. */
export const FieldDifference = z.object({
  section: z.string(),
  path: z.string(),
  label: bilingual,
  change: z.enum(['ADDED', 'REMOVED', 'CHANGED']),
  before: contactData(z.string().nullable(), 'text'),
  after: contactData(z.string().nullable(), 'text'),
})
export type FieldDifference = z.infer<typeof FieldDifference>

export const formProblems = {
  notEditable: problem('form.not-editable', 409, {
    zh: '这份表单已提交，现在不能修改',
    en: 'This form has been handed in and cannot be changed now',
  }),
  /** Extensions: `fields: [{ path, theirs, by, at }]`, `rev`. Fields nobody else touched are merged, not refused. */
  stale: problem('form.stale', 409, {
    zh: '{by} 在你打开之后改过同一处，请比对后再存',
    en: '{by} changed the same field after you opened it; compare, then save again',
  }),
  /** Extension `gaps`. */
  incomplete: problem('form.incomplete', 422, {
    zh: '还差 {count} 处，补齐后才能提交',
    en: '{count} points are open; complete them to hand in',
  }),
  unknownField: problem('form.unknown-field', 400, { zh: '表单没有这个字段：{field}', en: 'This form has no field {field}' }),
  valueTooLarge: problem('form.value-too-large', 413, {
    zh: '{field} 超过上限（每段文字 20,000 字，每张清单 2,000 行，整份 4 MB）；其余内容没有改动',
    en: '{field} is over the limit (20,000 characters a text, 2,000 lines a list, 4 MB a form); nothing was changed',
  }),
  noSuchVersion: problem('form.no-such-version', 404, { zh: '没有这个版本', en: 'There is no such version' }),
} as const

const formId = z.object({ formId: z.uuid() })

/** The three forms (admission, capability catalogue, provision form) are saved, compared, attached to and printed alike. */
export const formApi = {
  get: endpoint({
    method: 'GET',
    path: '/forms/:formId',
    summary: '看一份表单（含缺项、合计、推算）',
    access: 'signed-in',
    input: formId,
    reply: FormView,
  }),
  /** Saves as one types: only the fields named in `set`; null clears a field. Two people in different fields are merged. */
  save: endpoint({
    method: 'PATCH',
    path: '/forms/:formId',
    summary: '保存草稿（只传改动的字段）',
    access: 'signed-in',
    input: formId.extend({ rev: z.int().min(0), set: draftContent }),
    reply: FormState.extend({
      /** Fields others changed since the sender's revision: their present values, to be shown in place. */
      merged: draftContent,
    }),
    problems: [formProblems.notEditable, formProblems.stale, formProblems.unknownField, formProblems.valueTooLarge],
  }),
  gaps: endpoint({
    method: 'GET',
    path: '/forms/:formId/gaps',
    summary: '还差哪些',
    access: 'signed-in',
    input: formId,
    reply: z.object({ rev: z.int(), sections: z.array(SectionProgress), gaps: z.array(Gap) }),
  }),
  versions: endpoint({
    method: 'GET',
    path: '/forms/:formId/versions',
    summary: '历次版本',
    access: 'signed-in',
    input: formId,
    reply: z.object({ items: z.array(FormVersion) }),
  }),
  version: endpoint({
    method: 'GET',
    path: '/forms/:formId/versions/:version',
    summary: '某一版本的全文',
    access: 'signed-in',
    input: formId.extend({ version: z.coerce.number().int().min(1) }),
    reply: FormVersion.extend({ content: contactData(draftContent, 'form'), attachments: z.array(Attachment) }),
    problems: [formProblems.noSuchVersion],
  }),
  compare: endpoint({
    method: 'GET',
    path: '/forms/:formId/compare',
    summary: '两个版本逐项比对',
    access: 'signed-in',
    /** Version 0 is the content as it stands now. */
    input: formId.extend({ from: z.coerce.number().int().min(0), to: z.coerce.number().int().min(0) }),
    reply: z.object({ from: z.int(), to: z.int(), differences: z.array(FieldDifference) }),
    problems: [formProblems.noSuchVersion],
  }),
  attach: endpoint({
    method: 'POST',
    path: '/forms/:formId/attachments',
    summary: '上传附件（≤50 MB，按内容认类型，存摘要）',
    access: 'signed-in',
    kind: 'file',
    input: formId.extend({ field: z.string().max(60).default('other') }),
    reply: z.object({ attachment: Attachment, state: FormState }),
    problems: [formProblems.notEditable, formProblems.unknownField],
  }),
  detach: endpoint({
    method: 'DELETE',
    path: '/forms/:formId/attachments/:fileId',
    summary: '移除附件（已入版本的仍留存）',
    access: 'signed-in',
    input: formId.extend({ fileId: z.uuid() }),
    reply: FormState,
    problems: [formProblems.notEditable],
  }),
  download: endpoint({
    method: 'GET',
    path: '/forms/:formId/attachments/:fileId',
    summary: '下载附件',
    access: 'signed-in',
    kind: 'download',
    input: formId.extend({ fileId: z.uuid() }),
    reply: nothing,
  }),
  /** Leaves a fact, therefore a command. `version` 0 or absent: as it stands now. */
  print: endpoint({
    method: 'POST',
    path: '/forms/:formId/print',
    summary: '导出 Word',
    access: 'signed-in',
    kind: 'download',
    input: formId.extend({ version: z.int().min(0).default(0) }),
    reply: nothing,
    problems: [formProblems.noSuchVersion],
  }),
}
