export { inspectionClauses } from './inspection.clauses.ts'
export { inspectionCron, inspectionJobs, registerInspectionNotices } from './inspection.jobs.ts'
export { inspectionRoutes } from './inspection.routes.ts'
export { maySeeRound } from './inspection.service.ts'
