import { healthApi as api } from '@changbai/contract/health.ts'
import { type App, mount, mountDownload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { healthReader, jobRetrier, readQueues, readSlow, supportArchiver } from './health.service.ts'

/** @param settings how the process was configured, without anything secret */
export function healthRoutes(app: App, { door, jobs }: Runtime, version: string, settings: Readonly<Record<string, unknown>>): void {
  mount(app, door, api.get, healthReader(version))
  mount(app, door, api.queues, readQueues)
  mount(app, door, api.retryJob, jobRetrier(jobs))
  mount(app, door, api.slow, readSlow)
  mountDownload(app, door, api.support, supportArchiver(version, settings))
}
