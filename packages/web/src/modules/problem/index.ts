export { ProblemOfIncident } from './OfIncident.tsx'
export { ProblemPage } from './ProblemPage.tsx'
export { ActionsPage, ProblemsPage } from './ProblemsPage.tsx'
