/** The face of emergencies: plans with runbooks, set going in earnest or as a drill. */
import { registerEmergencyNotices } from './emergency.notices.ts'
import { registerEmergencyProcess } from './emergency.process.ts'

export { seedDemoEmergency } from './emergency.demo.ts'
export { dueEmergencyUpdates, emergencyCron, emergencyJobs, tellReported, tellStoodDown } from './emergency.notices.ts'
export { emergencyRoutes } from './emergency.routes.ts'

/** Called once at start: what the process engine and notices must know of emergencies. */
export function registerEmergency(): void {
  registerEmergencyNotices()
  registerEmergencyProcess()
}
