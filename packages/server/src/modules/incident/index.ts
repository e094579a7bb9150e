/** The face of incidents: opening one, and what the app composes. */
import './incident.events.ts'
import { registerIncidentNotices } from './incident.notices.ts'
import { type IncidentPorts, registerIncidentPorts } from './incident.print.ts'
import { registerIncidentProcess } from './incident.process.ts'

export { incidentCron, incidentJobs } from './action.jobs.ts'
export { groupIncidents, noteIncident } from './alarm.service.ts'
export { dueBroadcasts } from './broadcast.service.ts'
export { addOpenMatters, keepIncidentReply, openFromCall } from './desk.reactions.ts'
export { dueClocks, rejudge } from './history.service.ts'
export { incidentClauses, readActions, readPostmortems, readSolutions } from './incident.clauses.ts'
export { seedDemoIncidents } from './incident.demo.ts'
export {
  tellBroadcast,
  tellClosed,
  tellLevelAsked,
  tellMajor,
  tellReopened,
  tellResolved,
} from './incident.notices.ts'
export { pageAcknowledged as incidentPageAcknowledged, stepOpened as incidentStepOpened } from './incident.process.ts'
export { incidentRoutes } from './incident.routes.ts'
export { searchIncidents } from './incident.search.ts'
export { addIncident, getIncident, listRunning, type NewIncident, reachIncident } from './incident.service.ts'
export { type ActionBrief, type IncidentBrief, incidentBriefs, preventiveActions, preventiveActionsOf } from './lookup.service.ts'

/** Called once at start: what the process engine and notices must know of incidents. */
export function registerIncident(ports: IncidentPorts): void {
  registerIncidentPorts(ports)
  registerIncidentNotices()
  registerIncidentProcess()
}
