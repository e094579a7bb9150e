import { z } from 'zod'
import { TimeLeft } from './calendar.ts'
import { instant } from './endpoint.ts'
import type { Bilingual } from './form-words.ts'

// What admissions and requests have in common on the wire.

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
