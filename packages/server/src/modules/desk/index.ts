/** The face of the service desk: calls, and what came of them. */
export { deskClauses } from './desk.clauses.ts'
export { deskRoutes } from './desk.routes.ts'
