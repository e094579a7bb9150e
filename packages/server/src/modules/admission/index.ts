import { registerAdmissionForms } from './admission.forms.ts'
import { registerAdmissionNotices } from './admission.notices.ts'
import { registerAdmissionProcess } from './admission.process.ts'

export { tellDemand } from './admission.notices.ts'
export { useAdmission } from './admission.process.ts'
export {
  instanceEnded as admissionInstanceEnded,
  statusOfCancelled,
  stepDone as admissionStepDone,
  stepOf,
  stepOpened as admissionStepOpened,
  stepReassigned as admissionStepReassigned,
  stepRecalled as admissionStepRecalled,
  stepReturned as admissionStepReturned,
} from './admission.reactions.ts'
export { admissionRoutes } from './admission.routes.ts'
export { searchAdmissions } from './admission.search.ts'
export { admissionFor, catalogKindOf, copyCatalog, isUsable } from './admission.service.ts'
export type { AdmissionRow } from './admission.store.ts'
export { ENDED, leaderReasons, statusAt } from './domain/admission.ts'
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
export { leaderLimits } from './limits.ts'
export { addReview, addSignature, answerDemand, listReviews, listSignatures, openDemand, showDemand, stepsNow } from './matter.service.ts'
export { reviewsOf } from './matter.store.ts'
export { bureauBlock, opinionBlocks } from './print/admission.print.ts'
export { enclosuresOf, numeral, sectionBlocks, totalsPairs } from './print/paper.ts'
export { type Block, chineseDay, gap, headingOf, noteOf, packPaper, pairsOf, signaturesOf, titleOf } from './print/word.ts'

/** Called once at start: what the process engine and the forms must know of admissions. */
export function registerAdmission(): void {
  registerAdmissionForms()
  registerAdmissionNotices()
  registerAdmissionProcess()
}
