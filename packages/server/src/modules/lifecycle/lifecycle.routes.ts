import { lifecycleApi } from '@changbai/contract/lifecycle.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { readLifecycle } from './lifecycle.service.ts'
import { exportShowback, readShowback } from './showback.service.ts'

export function lifecycleRoutes(app: App, { door }: Runtime): void {
  mount(app, door, lifecycleApi.get, readLifecycle)
  mount(app, door, lifecycleApi.showback, readShowback)
  mountDownload(app, door, lifecycleApi.exportShowback, exportShowback)
}
