import { z } from 'zod'
import { TimeLeft } from './calendar.ts'
import { endpoint, instant, nothing, text } from './endpoint.ts'
import { problem } from './problem.ts'

/** Text in both languages of the product; what people typed is never translated. */
export const bilingual = z.object({ zh: z.string(), en: z.string() })
export type Bilingual = z.infer<typeof bilingual>

/** What a person reads about a field: label, unit, the format asked for. Carried by the schema itself (`.meta`). */
export interface FieldLabel {
  zh: string
  en: string
  /** Unit shown inside the field, e.g. `GiB`, `人`. */
  unit?: string
  /** The format, said as a demand: 「不少于 180 天（网络安全法）」. */
  hint?: Bilingual
  /** Computed on the server from other fields: shown, never typed. */
  computed?: true
  /** Long text: several lines. */
  long?: true
  /** Words for the codes of a choice. */
  choices?: Readonly<Record<string, Bilingual>>
}
export const field = <T extends z.ZodType>(schema: T, label: FieldLabel): T => schema.meta({ label }) as T
export const hint = (zh: string, en: string): Bilingual => ({ zh, en })

/** A field that holds files: the files hang on the form as attachments with `field` as their purpose. */
export interface FileField {
  section: string
  zh: string
  en: string
  /** `always`, or decided by the form's own rule (the gap list says when it is missing). */
  required: 'always' | 'sometimes' | 'never'
}

/** One part of a form: its heading and the fields (and file fields) below it. */
export interface FormSection {
  id: string
  zh: string
  en: string
  fields: readonly string[]
  /** Its fields are sub-sections of their own: `4.1`, `4.2` in the order of `fields`. */
  numbered?: true
}

/** Most lines one list of a form may hold; a longer list belongs in an attachment. */
export const LIST_MAX = 2000
/** Most characters of one long text. */
export const LONG_TEXT_MAX = 20_000
/** Largest form content as JSON, bytes. */
export const CONTENT_MAX_BYTES = 4 * 1024 * 1024

export const longText = (min = 1) => text(LONG_TEXT_MAX, min)
export const shortText = (min = 1) => text(200, min)
export const list = <T extends z.ZodType>(item: T) => z.array(item).max(LIST_MAX)
export const count = (min: number, max: number) => z.int().min(min).max(max)
/** A quantity of at most three decimals. */
export const amount = (min: number, max: number) => z.number().min(min).max(max)

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
  content: draftContent,
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
  before: z.string().nullable(),
  after: z.string().nullable(),
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
    reply: FormVersion.extend({ content: draftContent, attachments: z.array(Attachment) }),
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

/** An opinion given at one step. */
export const Review = z.object({
  id: z.uuid(),
  node: z.string(),
  round: z.int(),
  result: z.string(),
  comment: z.string(),
  /** Of a return: what is wrong, by field (`vmItems.0.count`, `CATALOG/devices.1.vcpu`) or in general (empty). */
  points: z.array(z.object({ field: z.string(), text: z.string() })),
  facts: z.record(z.string(), z.unknown()),
  byName: z.string(),
  byRole: z.string(),
  at: instant,
  /** Given in a round that a return has since closed: shown, to be confirmed in one click. */
  superseded: z.boolean(),
})
export type Review = z.infer<typeof Review>

/** A written or electronic signature of the bureau's head. */
export const Signature = z.object({
  personId: z.uuid(),
  name: z.string(),
  role: z.string(),
  at: instant,
  means: z.enum(['LETTER', 'ELECTRONIC']),
  digest: z.string(),
})
export type Signature = z.infer<typeof Signature>

/** Section 1 of the domain: one vocabulary for admissions and requests. */
export const MatterStatus = z.enum([
  'DRAFT',
  'SUBMITTED',
  'UNDER_REVIEW',
  'RETURNED',
  'PENDING_APPROVAL',
  'WAITLISTED',
  'APPROVED',
  'REJECTED',
  'WITHDRAWN',
  'FULFILLING',
  'FULFILL_FAILED',
  'DELIVERED',
  'ACCEPTED',
  'CLOSED',
  'CANCELLED',
  'EXPIRED',
])
export type MatterStatus = z.infer<typeof MatterStatus>
export const matterStatusNames: Record<MatterStatus, Bilingual> = {
  DRAFT: { zh: '填写中', en: 'Draft' },
  SUBMITTED: { zh: '已提交', en: 'Submitted' },
  UNDER_REVIEW: { zh: '评审中', en: 'Under review' },
  RETURNED: { zh: '退回补正', en: 'Returned' },
  PENDING_APPROVAL: { zh: '待甲方审批', en: 'Awaiting approval' },
  WAITLISTED: { zh: '等容量', en: 'Waiting for capacity' },
  APPROVED: { zh: '已批准', en: 'Approved' },
  REJECTED: { zh: '不予通过', en: 'Rejected' },
  WITHDRAWN: { zh: '已撤回', en: 'Withdrawn' },
  FULFILLING: { zh: '开通中', en: 'Being provisioned' },
  FULFILL_FAILED: { zh: '开通未成', en: 'Provisioning failed' },
  DELIVERED: { zh: '待验收', en: 'Delivered' },
  ACCEPTED: { zh: '已验收', en: 'Accepted' },
  CLOSED: { zh: '已归档', en: 'Closed' },
  CANCELLED: { zh: '已撤销', en: 'Cancelled' },
  EXPIRED: { zh: '已过期', en: 'Expired' },
}

export const MatterKind = z.enum(['NEW', 'EXPANSION', 'MIGRATION'])
export type MatterKind = z.infer<typeof MatterKind>
export const matterKindNames: Record<MatterKind, Bilingual> = {
  NEW: { zh: '新建', en: 'New' },
  EXPANSION: { zh: '扩容', en: 'Expansion' },
  MIGRATION: { zh: '存量迁移', en: 'Migration' },
}

/** The step a matter stands at: who acts next and until when. Null once it has ended. */
export const CurrentStep = z.object({
  node: z.string(),
  name: z.string(),
  taskId: z.uuid().nullable(),
  assigneeName: z.string().nullable(),
  candidateRoles: z.array(z.string()),
  since: instant,
  dueAt: instant.nullable(),
  /** As on the step itself: share of the limit used, and the working time left of it. */
  usedRatio: z.number().nullable(),
  left: TimeLeft.nullable(),
})
export type CurrentStep = z.infer<typeof CurrentStep>
