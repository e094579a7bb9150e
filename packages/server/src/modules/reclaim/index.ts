/** The face of reclaim: what the app composes. */
import './reclaim.events.ts'
import { registerOutside } from './outside.ts'
import { registerReclaimNotices } from './reclaim.notices.ts'
import { registerSteps } from './steps.ts'

export { detect as detectCandidates } from './detect.service.ts'
export { reclaimsInLife, takenBackBy } from './life.store.ts'
export { addMeasuredUse, peaksOfServers } from './peaks.service.ts'
export { reclaimClauses } from './reclaim.clauses.ts'
export { type DemoReclaim, measureDemoIdle, seedDemoReclaim } from './reclaim.demo.ts'
export { reclaimCron, reclaimJobs } from './reclaim.jobs.ts'
export { tellAsked, tellCooling, tellCustomerInformed, tellReleased, tellReminded } from './reclaim.notices.ts'
export { reclaimRoutes } from './reclaim.routes.ts'
export { caseEnded as reclaimEnded, stepOpened as reclaimStepOpened } from './steps.ts'

/** Called once at start: what the process engine and notices must know of reclaim. */
export function registerReclaim(): void {
  registerReclaimNotices()
  registerSteps()
  registerOutside()
}
