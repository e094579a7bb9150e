/** The face of quarterly assessments and the plans that follow from them. */
import { registerAssessmentNotices } from './assessment.notices.ts'

export { assessmentClauses } from './assessment.clauses.ts'
export { assessmentCron, assessmentDay, assessmentJobs } from './assessment.jobs.ts'
export { assessmentRoutes } from './assessment.routes.ts'
export { registerBoard } from './figures.ts'

export const registerAssessment = (): void => registerAssessmentNotices()
