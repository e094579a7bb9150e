import { registerRequestForms } from './request.forms.ts'
import { registerRequestNotices } from './request.notices.ts'
import { registerRequestProcess } from './request.process.ts'

export { requestsInLife } from './life.store.ts'
export { findRequestByNumber } from './lookup.service.ts'
export { requestClauses } from './request.clauses.ts'
export { exportRequests } from './request.export.ts'
export { followFulfilment, requestReactions } from './request.reactions.ts'
export { requestRoutes } from './request.routes.ts'
export { searchRequests } from './request.search.ts'
export { registerTimelinePart, type TimelinePart } from './request.timeline.ts'

/** Called once at start: what the process engine and the forms must know of requests. */
export function registerRequest(): void {
  registerRequestForms()
  registerRequestNotices()
  registerRequestProcess()
}
export { addRequestDemands } from './demand-list.store.ts'
