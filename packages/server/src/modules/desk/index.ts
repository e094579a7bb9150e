/** The face of the service desk: calls, and what came of them. */
export { deskRoutes } from './desk.routes.ts'
