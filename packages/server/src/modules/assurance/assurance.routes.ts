import { assuranceApi as api } from '@changbai/contract/assurance.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { auditExporter, controlReader, type Setting } from './assurance.service.ts'

export function assuranceRoutes(app: App, { door }: Runtime, setting: Setting): void {
  mount(app, door, api.controls, controlReader(setting))
  mountDownload(app, door, api.export, auditExporter(setting))
}
