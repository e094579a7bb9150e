/** The face of health: how the platform itself is. */
export { healthCron, healthJobs, leaveOrderly, reportWork } from './health.jobs.ts'
export { healthRoutes } from './health.routes.ts'
export { healthStateOf } from './health.service.ts'
export { registerHealthMetrics } from './metrics.ts'
export { type OwnVitals, watchOwnVitals } from './vitals.ts'
