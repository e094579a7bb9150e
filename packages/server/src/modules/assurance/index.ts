/** The face of assurance: what an assessor of information security looks for. */
export { type Advisory, type AdvisoryFinding, type Component, matchAdvisories } from './advisories.domain.ts'
export { assuranceRoutes } from './assurance.routes.ts'
export { exportPort } from './exports.service.ts'
