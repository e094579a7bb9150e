import { emergencyApi } from '@changbai/contract/emergency.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { printEmergency } from './emergency.print.ts'
import {
  activatePlan,
  approveSummary,
  doStep,
  getEmergency,
  listEmergencyPage,
  reportProgress,
  summarise,
  verifyStep,
} from './emergency.service.ts'
import { approvePlan, changePlan, getPlan, listPlans, listRunbooks, writePlan } from './plan.service.ts'

export function emergencyRoutes(app: App, { door }: Runtime): void {
  mount(app, door, emergencyApi.runbooks, listRunbooks)
  mount(app, door, emergencyApi.plans, listPlans)
  mount(app, door, emergencyApi.plan, getPlan)
  mount(app, door, emergencyApi.writePlan, writePlan)
  mount(app, door, emergencyApi.changePlan, changePlan)
  mount(app, door, emergencyApi.approvePlan, approvePlan)
  mount(app, door, emergencyApi.activate, activatePlan)
  mount(app, door, emergencyApi.list, listEmergencyPage)
  mount(app, door, emergencyApi.get, getEmergency)
  mount(app, door, emergencyApi.step, doStep)
  mount(app, door, emergencyApi.verify, verifyStep)
  mount(app, door, emergencyApi.summarise, summarise)
  mount(app, door, emergencyApi.approve, approveSummary)
  mount(app, door, emergencyApi.report, reportProgress)
  mountDownload(app, door, emergencyApi.print, printEmergency)
}
