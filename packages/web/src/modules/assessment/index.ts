export { AssessmentPage } from './AssessmentPage.tsx'
export { AssessmentsPage } from './AssessmentsPage.tsx'
export { OptimisationPage } from './OptimisationPage.tsx'
