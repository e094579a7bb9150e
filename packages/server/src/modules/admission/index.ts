import { registerAdmissionForms } from './admission.forms.ts'
import { registerAdmissionNotices } from './admission.notices.ts'
import { registerAdmissionProcess } from './admission.process.ts'

export { tellDemand } from './admission.notices.ts'
export { useAdmission } from './admission.process.ts'
export { admissionReactions } from './admission.reactions.ts'
export { admissionRoutes } from './admission.routes.ts'
export { searchAdmissions } from './admission.search.ts'
export { admissionFor, catalogKindOf, copyCatalog, isUsable } from './admission.service.ts'
export type { AdmissionRow, Rejection } from './admission.store.ts'
export { ENDED, leaderReasons } from './domain/admission.ts'
export { catalogCalculations } from './domain/calculations.ts'
export { type CatalogFor, catalogGaps, catalogTotals, emptyTotals } from './domain/catalog.ts'
export { closeStep, openStep, returnSteps, type Step } from './domain/steps.ts'
export { type Assessment, type Paper, registerFormKind, registerMatter } from './form.kinds.ts'
export {
  closeForms,
  copyAttachments,
  createForm,
  digestOfForms,
  formState,
  freezeForms,
  getForm,
  hasFile,
  maySeeForm,
  openForms,
  readForm,
  replaceContent,
} from './form.service.ts'
export type { FormRow, KeptAttachment } from './form.store.ts'
export type { HandedIn } from './handed-in.store.ts'
export { admissionsGranted, papersHandedIn } from './handed-in.ts'
export { admissionsInLife } from './life.store.ts'
export { leaderLimits } from './limits.ts'
export { matterReactions } from './matter.reactions.ts'
export { addReview, addSignature, answerDemand, listReviews, listSignatures, openDemand, showDemand, stepsNow } from './matter.service.ts'
export { reviewsOf } from './matter.store.ts'
export { cursorOf, type MatterSort, orderOf, withinScope } from './matter-list.store.ts'
export { bureauBlock, opinionBlocks } from './print/admission.print.ts'
export { enclosuresOf, numeral, sectionBlocks, totalsPairs } from './print/paper.ts'
export {
  type Block,
  chineseDay,
  gap,
  gridOf,
  headingOf,
  noteOf,
  packPaper,
  pairsOf,
  pictureOf,
  type SignatureBlock,
  signaturesOf,
  subHeadingOf,
  textOf,
  titleOf,
} from './print/word.ts'

/** Called once at start: what the process engine and the forms must know of admissions. */
export function registerAdmission(): void {
  registerAdmissionForms()
  registerAdmissionNotices()
  registerAdmissionProcess()
}
export { addAdmissionDemands, openRequestDemands, toDemand } from './demand-list.ts'
