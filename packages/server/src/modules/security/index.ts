/** The face of security services: what each application's level demands, what is held, what is on order. */
import { registerSecurityProcess } from './security.process.ts'
import { registerSecurityNotices } from './security.reactions.ts'

export { securityExpiries, securityHeldDuring } from './held.service.ts'
export { securityClauses } from './security.clauses.ts'
export { seedDemoProtection, seedDemoSecurity } from './security.demo.ts'
export { securityCron, securityJobs } from './security.jobs.ts'
export { securityStepOpened } from './security.process.ts'
export { holdDelivered, tellSecurityDeclined, tellSecurityExpiring, tellSecurityHeld } from './security.reactions.ts'
export { securityRoutes } from './security.routes.ts'

/** Called once at start: what the process engine and notices must know of security services. */
export function registerSecurity(): void {
  registerSecurityNotices()
  registerSecurityProcess()
}
