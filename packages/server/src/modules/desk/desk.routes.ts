import { deskApi } from '@changbai/contract/desk.ts'
import { intakeApi } from '@changbai/contract/desk-intake.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { listCallPage, rateCall, readStatistics, recogniseCaller, recordCall } from './desk.service.ts'
import { addMailbox, addTelephone, decideIntake, listIntakes } from './intake.service.ts'
import { answerMail, listMailPage, mailToIncident, mailToRequest, setMailAside } from './mail.service.ts'
import { listRings, takeRing } from './telephone.service.ts'

export function deskRoutes(app: App, { door }: Runtime): void {
  mount(app, door, intakeApi.list, listIntakes)
  mount(app, door, intakeApi.addTelephone, addTelephone)
  mount(app, door, intakeApi.addMailbox, addMailbox)
  mount(app, door, intakeApi.decide, decideIntake)
  mount(app, door, intakeApi.ring, takeRing)
  mount(app, door, intakeApi.rings, listRings)
  mount(app, door, intakeApi.mails, listMailPage)
  mount(app, door, intakeApi.mailToIncident, mailToIncident)
  mount(app, door, intakeApi.mailToRequest, mailToRequest)
  mount(app, door, intakeApi.answerMail, answerMail)
  mount(app, door, intakeApi.setMailAside, setMailAside)
  mount(app, door, deskApi.caller, recogniseCaller)
  mount(app, door, deskApi.calls, listCallPage)
  mount(app, door, deskApi.record, recordCall)
  mount(app, door, deskApi.rate, rateCall)
  mount(app, door, deskApi.statistics, readStatistics)
}
