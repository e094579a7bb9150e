/** The face of duty: who is on duty, and reaching them in order. */
import { registerDutyNotices } from './duty.notices.ts'

export { dutyClauses } from './duty.clauses.ts'
export { seedDemoDuty } from './duty.demo.ts'
export { dutyRoutes } from './duty.routes.ts'
export { noteDrill, onDutyAt, pagingSteps } from './duty.service.ts'
export { duePages, endPages, hurryPage, startPage } from './page.service.ts'
export { tellExhausted, tellPublished } from './reactions.ts'
export { dutyCron, dutyJobs } from './watch.ts'

export const registerDuty = (): void => registerDutyNotices()
