import { ledgerRoutes } from '../platform/ledger/index.ts'
import type { App } from '../platform/mount.ts'
import type { Runtime } from '../platform/runtime.ts'
import { fileRoutes } from './files.ts'

/** Every endpoint of the product, one line a module. */
export function mountRoutes(app: App, runtime: Runtime): void {
  fileRoutes(app, runtime)
  ledgerRoutes(app, runtime)
}
