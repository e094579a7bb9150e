import { incidentApi } from '@changbai/contract/incident.ts'
import { incidentCareApi } from '@changbai/contract/incident-care.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { broadcastIncident } from './broadcast.service.ts'
import { readOutages, recordOutage, suggestCauses } from './causes.service.ts'
import { askCorrection, decideCorrection } from './correction.service.ts'
import { printIncident } from './incident.print.ts'
import {
  confirmIncident,
  getIncident,
  listIncidentPage,
  listRunning,
  logIncident,
  planIncident,
  reportIncident,
  resolveIncident,
  respondIncident,
  takeIncident,
  verifyIncident,
} from './incident.service.ts'
import {
  ackLeader,
  answerLevel,
  changeLevel,
  holdIncident,
  mergeIncident,
  releaseIncident,
  scheduleIncident,
  setParent,
} from './level.service.ts'
import { approvePostmortem, rateIncident, settleAction, submitPostmortem, submitReport } from './papers.service.ts'
import { gradeSecurity, readSecurity, reportToAuthority, summariseSecurity } from './security.service.ts'

export function incidentRoutes(app: App, { door }: Runtime): void {
  mount(app, door, incidentApi.list, listIncidentPage)
  mount(app, door, incidentApi.running, listRunning)
  mount(app, door, incidentApi.get, getIncident)
  mount(app, door, incidentApi.report, reportIncident)
  mount(app, door, incidentApi.take, takeIncident)
  mount(app, door, incidentApi.respond, respondIncident)
  mount(app, door, incidentApi.submitPlan, planIncident)
  mount(app, door, incidentApi.resolve, resolveIncident)
  mount(app, door, incidentApi.verify, verifyIncident)
  mount(app, door, incidentApi.confirm, confirmIncident)
  mount(app, door, incidentApi.log, logIncident)
  mount(app, door, incidentApi.broadcast, broadcastIncident)
  mount(app, door, incidentApi.changeLevel, changeLevel)
  mount(app, door, incidentApi.answerLevel, answerLevel)
  mount(app, door, incidentApi.schedule, scheduleIncident)
  mount(app, door, incidentApi.hold, holdIncident)
  mount(app, door, incidentApi.release, releaseIncident)
  mount(app, door, incidentApi.merge, mergeIncident)
  mount(app, door, incidentApi.setParent, setParent)
  mount(app, door, incidentApi.ackLeader, ackLeader)
  mount(app, door, incidentApi.submitReport, submitReport)
  mount(app, door, incidentApi.submitPostmortem, submitPostmortem)
  mount(app, door, incidentApi.approvePostmortem, approvePostmortem)
  mount(app, door, incidentApi.settleAction, settleAction)
  mount(app, door, incidentApi.rate, rateIncident)
  mount(app, door, incidentCareApi.security, readSecurity)
  mount(app, door, incidentCareApi.grade, gradeSecurity)
  mount(app, door, incidentCareApi.reportToAuthority, reportToAuthority)
  mount(app, door, incidentCareApi.summarise, summariseSecurity)
  mount(app, door, incidentCareApi.correct, askCorrection)
  mount(app, door, incidentCareApi.decideCorrection, decideCorrection)
  mount(app, door, incidentCareApi.causes, suggestCauses)
  mount(app, door, incidentCareApi.outages, readOutages)
  mount(app, door, incidentCareApi.addOutage, recordOutage)
  mountDownload(app, door, incidentApi.print, printIncident)
}
