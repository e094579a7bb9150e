import { changeApi } from '@changbai/contract/change.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { readCalendar } from './calendar.service.ts'
import { printChange } from './change.print.ts'
import { getChange, getGaps, listChangePage, listTargets, saveChange, startChange, submitChange } from './change.service.ts'
import { decideFreeze, decideStandard, listFreezes, listStandards, proposeFreeze, proposeStandard } from './rules.service.ts'

export function changeRoutes(app: App, { door }: Runtime): void {
  mount(app, door, changeApi.list, listChangePage)
  mount(app, door, changeApi.start, startChange)
  mount(app, door, changeApi.targets, listTargets)
  mount(app, door, changeApi.calendar, readCalendar)
  mount(app, door, changeApi.freezes, listFreezes)
  mount(app, door, changeApi.proposeFreeze, proposeFreeze)
  mount(app, door, changeApi.decideFreeze, decideFreeze)
  mount(app, door, changeApi.catalogue, listStandards)
  mount(app, door, changeApi.proposeStandard, proposeStandard)
  mount(app, door, changeApi.decideStandard, decideStandard)
  mount(app, door, changeApi.get, getChange)
  mount(app, door, changeApi.save, saveChange)
  mount(app, door, changeApi.submit, submitChange)
  mount(app, door, changeApi.gaps, getGaps)
  mountDownload(app, door, changeApi.print, printChange)
}
