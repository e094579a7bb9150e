import { AdmissionContent, admissionFiles, admissionSections } from '@changbai/contract/admission.ts'
import type { Consequence, DraftContent, Gap, MatterKind, MatterStatus, Totals } from '@changbai/contract/forms.ts'
import { arrangeGaps, broken, type FormShape, missing, numberOf, schemaGaps, textOf } from '@changbai/contract/gaps.ts'

export const admissionShape: FormShape = { schema: AdmissionContent, sections: admissionSections, files: admissionFiles }

/**
 * Whether the system may be on this cloud at all. Classified systems and those of level 4 and above may not (A4 of the process).
 * @param maxLevel highest protection level this cloud carries (a parameter of the plan)
 * @returns the reasons against it; empty means it is in scope
 */
export function outOfScope(content: DraftContent, maxLevel: number): Consequence[] {
  const reasons: Consequence[] = []
  const level = numberOf(content.mlpsLevel)
  if (content.classified === true)
    reasons.push({
      code: 'OUT_OF_SCOPE_CLASSIFIED',
      message: { zh: '涉密系统不上政务云，提交后将不予准入', en: 'A classified system stays off this cloud: it will be rejected' },
    })
  if (level !== null && level > maxLevel)
    reasons.push({
      code: 'OUT_OF_SCOPE_MLPS',
      message: {
        zh: `等保${level}级系统不上政务云，提交后将不予准入`,
        en: `A system of level ${level} stays off this cloud: it will be rejected`,
      },
    })
  return reasons
}

/**
 * What keeps an admission form from being handed in. A system that is out of scope may be handed in as it is: the answer is a recorded
 * rejection, not a form that cannot be sent.
 * @clause 4.1
 */
export function admissionGaps(content: DraftContent, files: ReadonlySet<string>, kind: MatterKind, maxLevel: number): Gap[] {
  const gaps = schemaGaps(admissionShape, content, files)
  if (outOfScope(content, maxLevel).length > 0)
    return arrangeGaps(
      admissionShape,
      gaps.filter((gap) => gap.section === '1' || gap.path === 'classified' || gap.path === 'mlpsLevel'),
    )
  const level = numberOf(content.mlpsLevel)
  if (content.classified === false && content.nonClassifiedDeclared !== true)
    gaps.unshift(broken(admissionShape, 'nonClassifiedDeclared', 'RULE', '须由项目经理声明', 'to be declared by the project manager'))
  if (kind === 'MIGRATION' || (level !== null && level >= 2)) {
    if (!files.has('mlpsCert')) gaps.push(missing(admissionShape, 'mlpsCert'))
    if (textOf(content.mlpsFilingNo) === '') gaps.push(missing(admissionShape, 'mlpsFilingNo'))
  }
  if (level === 3 && !files.has('cryptoPlan')) gaps.push(missing(admissionShape, 'cryptoPlan'))
  return arrangeGaps(admissionShape, gaps)
}

/** Limits above which the customer's leader approves as well; parameters of the plan. */
export interface LeaderLimits {
  newSystem: boolean
  mlpsLevel: number
  baremetal: boolean
  vcpu: number
  storageGiB: number
}

export const storageOf = (totals: Totals): number => totals.blockGiB + totals.fileGiB + totals.objectGiB + totals.backupGiB

/**
 * Why the customer's leader approves as well: a new system, protection level 3, a physical server, more than 64 vCPU or more than 10 TB of
 * storage of all kinds. At the limit is not above it.
 */
export function leaderReasons(matter: { kind: MatterKind; mlpsLevel: number | null; totals: Totals }, limits: LeaderLimits): Consequence[] {
  const reasons: Consequence[] = []
  const say = (code: Consequence['code'], zh: string, en: string) =>
    reasons.push({ code, message: { zh: `${zh}，审批须领导加批`, en: `${en}: the leader approves as well` } })
  if (limits.newSystem && matter.kind === 'NEW') say('LEADER_NEW_SYSTEM', '新建系统', 'A new system')
  if (matter.mlpsLevel !== null && matter.mlpsLevel >= limits.mlpsLevel)
    say('LEADER_MLPS_3', `等保${matter.mlpsLevel}级`, `Protection level ${matter.mlpsLevel}`)
  if (limits.baremetal && matter.totals.baremetalCount > 0) say('LEADER_BAREMETAL', '含物理机', 'With physical servers')
  if (matter.totals.vcpu > limits.vcpu) say('LEADER_VCPU', `超过 ${limits.vcpu} vCPU`, `More than ${limits.vcpu} vCPU`)
  if (storageOf(matter.totals) > limits.storageGiB)
    say('LEADER_STORAGE', `存储超过 ${limits.storageGiB} GiB`, `More than ${limits.storageGiB} GiB of storage`)
  return reasons
}

const NODE_STATUS: Readonly<Record<string, MatterStatus>> = {
  prepareAdmission: 'DRAFT',
  prepareCatalog: 'DRAFT',
  fillProvisionForm: 'DRAFT',
  tenantSign: 'SUBMITTED',
  formalReview: 'SUBMITTED',
  preReview: 'SUBMITTED',
  technicalReview: 'UNDER_REVIEW',
  capacityReview: 'UNDER_REVIEW',
  confirmSplit: 'UNDER_REVIEW',
  correctAdmission: 'RETURNED',
  correctRequest: 'RETURNED',
  fulfilBuildDemand: 'WAITLISTED',
  customerReview: 'PENDING_APPROVAL',
  customerApprove: 'PENDING_APPROVAL',
  leaderApprove: 'PENDING_APPROVAL',
  awaitFirstRequest: 'APPROVED',
}

/**
 * Status of a matter from the step it stands at (section 1 of the domain). The first step after a return is RETURNED, not DRAFT; a first
 * review that has been seen before (after a correction) is UNDER_REVIEW.
 * @returns null where the step says nothing about the status
 */
export function statusAt(node: string, { reviewed, returned }: { reviewed: boolean; returned: boolean }): MatterStatus | null {
  const status = NODE_STATUS[node] ?? null
  if (status === 'DRAFT' && returned) return 'RETURNED'
  if (status === 'SUBMITTED' && reviewed) return 'UNDER_REVIEW'
  return status
}

export const ENDED: ReadonlySet<MatterStatus> = new Set(['REJECTED', 'WITHDRAWN', 'CLOSED', 'CANCELLED', 'EXPIRED'])

/** Days an admission is valid without a request: its last day. The day of the decision does not count (Civil Code, art. 201). */
export const validUntil = (decidedOn: Temporal.PlainDate, days: number): Temporal.PlainDate => decidedOn.add({ days })
