/** The face of assurance: what an assessor of information security looks for. */
export { assuranceRoutes } from './assurance.routes.ts'
export { exportPort } from './exports.service.ts'
