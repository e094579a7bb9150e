import { deskApi } from '@changbai/contract/desk.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { listCallPage, rateCall, readStatistics, recogniseCaller, recordCall } from './desk.service.ts'

export function deskRoutes(app: App, { door }: Runtime): void {
  mount(app, door, deskApi.caller, recogniseCaller)
  mount(app, door, deskApi.calls, listCallPage)
  mount(app, door, deskApi.record, recordCall)
  mount(app, door, deskApi.rate, rateCall)
  mount(app, door, deskApi.statistics, readStatistics)
}
