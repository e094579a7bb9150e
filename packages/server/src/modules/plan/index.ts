export type { ClauseLine, SeverityClock } from './domain/document.ts'
export { loadPlan, PlanError, type PlanLoad } from './load.ts'
export { currentPlan, type LoadedPlan, loadParams, paramsOn } from './params.ts'
export { planRoutes } from './plan.routes.ts'
