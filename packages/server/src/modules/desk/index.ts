/** The face of the service desk: calls, and what came of them. */
export { deskClauses } from './desk.clauses.ts'
export { deskRoutes } from './desk.routes.ts'
export { readCall } from './desk.service.ts'
export { deskCron, deskJobs } from './mail.fetch.ts'
export { maySeeMail, registerMailNotices, tellMailReceived } from './mail.service.ts'
