/** The face of service requests: everything else a bureau asks, by catalogue. */
import { registerServiceProcess } from './service.process.ts'
import { registerServiceNotices } from './service.reactions.ts'

export { serviceRequestClauses } from './service.clauses.ts'
export { seedDemoServices } from './service.demo.ts'
export { serviceStepOpened } from './service.process.ts'
export { keepServiceReply, openRequestFromDesk, tellServiceClosed, tellServiceDeclined } from './service.reactions.ts'
export { serviceRequestRoutes } from './service.routes.ts'
export { searchServices } from './service.search.ts'
export { getService } from './service.service.ts'

/** Called once at start: what the process engine and notices must know of service requests. */
export function registerServiceRequest(): void {
  registerServiceNotices()
  registerServiceProcess()
}
