import type { App } from '../platform/mount.ts'
import type { Runtime } from '../platform/runtime.ts'

/** Every endpoint of the product, one line a module. */
export function mountRoutes(_app: App, _runtime: Runtime): void {}
