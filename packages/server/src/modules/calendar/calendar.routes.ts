import { calendarApi } from '@changbai/contract/calendar.ts'
import type { Door } from '../../platform/door.ts'
import { type App, mount } from '../../platform/mount.ts'
import * as calendar from './calendar.service.ts'
import * as change from './change.service.ts'

export function calendarRoutes(app: App, door: Door): void {
  mount(app, door, calendarApi.years, calendar.listYears)
  mount(app, door, calendarApi.year, calendar.readYear)
  mount(app, door, calendarApi.explainDeadline, calendar.explainDeadlineFor)
  mount(app, door, calendarApi.remaining, calendar.readRemaining)
  mount(app, door, calendarApi.changes, change.listCalendarChanges)
  mount(app, door, calendarApi.proposeChange, change.proposeCalendarChange)
  mount(app, door, calendarApi.decideChange, change.decideCalendarChange)
  mount(app, door, calendarApi.withdrawChange, change.withdrawCalendarChange)
}
