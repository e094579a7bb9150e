import { assuranceApi as api } from '@changbai/contract/assurance.ts'
import { exportsApi } from '@changbai/contract/exports.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { auditExporter, controlReader } from './assurance.service.ts'
import type { Setting } from './audit-pages.ts'
import { classReader } from './classes.service.ts'
import { askExport, decideExport, listAllExports, listMyExports } from './exports.service.ts'

export function assuranceRoutes(app: App, { door }: Runtime, setting: Setting): void {
  mount(app, door, api.controls, controlReader(setting))
  mount(app, door, api.dataClasses, classReader(setting))
  mountDownload(app, door, api.export, auditExporter(setting))
  mount(app, door, exportsApi.list, listAllExports)
  mount(app, door, exportsApi.mine, listMyExports)
  mount(app, door, exportsApi.ask, askExport)
  mount(app, door, exportsApi.decide, decideExport)
}
