export { inspectionClauses } from './inspection.clauses.ts'
export { inspectionRoutes } from './inspection.routes.ts'
export { maySeeRound } from './inspection.service.ts'
