import { lockAdmission, updateAdmission } from './admission.store.ts'
import { matterReactions } from './matter.reactions.ts'

export const admissionReactions = matterReactions({
  type: 'admission',
  processKey: 'admission',
  applicantSteps: new Set(['prepareAdmission']),
  lock: lockAdmission,
  update: updateAdmission,
  // a granted admission waits for its first request long after the decision
  isDecided: (row) => row.status === 'APPROVED',
})
