/** The face of alarms: what is seen, decided and told, and what the app composes. */
import './alarm.events.ts'

export { alarmClauses } from './alarm.clauses.ts'
export { seedDemoAlarms } from './alarm.demo.ts'
export type { AlarmTold } from './alarm.events.ts'
export { alarmCron, alarmJobs, dueAlarms } from './alarm.jobs.ts'
export { registerAlarmNotices, tellEscalated, tellFlapping, tellNoticed, tellRecovered, tellRuleProposed } from './alarm.notices.ts'
export { alarmRoutes } from './alarm.routes.ts'
export { type MaintenanceWindow, registerAlarmPorts } from './around.service.ts'
export { addAlarmCauses } from './cause.store.ts'
export { loadRules } from './rule.service.ts'
