export { EmergenciesPage } from './EmergenciesPage.tsx'
export { EmergencyPage } from './EmergencyPage.tsx'
export { PlanPage } from './PlanPage.tsx'
