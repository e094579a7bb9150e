export { ProblemOfIncident } from './OfIncident.tsx'
export { ProblemChoice } from './ProblemChoice.tsx'
export { ProblemPage } from './ProblemPage.tsx'
export { ActionsPage, ProblemsPage } from './ProblemsPage.tsx'
