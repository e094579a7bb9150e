import type { Crypto } from './crypto.ts'
import type { Door } from './door.ts'
import type { FileStore } from './file-store.ts'
import type { JobQueue } from './jobs.ts'
import type { Live } from './live.ts'
import type { Log } from './log.ts'

/** What one server process holds while it runs; given to routes, jobs and workers. Nothing in it is needed by another process or a restart. */
export interface Runtime {
  door: Door
  crypto: Crypto
  live: Live
  log: Log
  jobs: JobQueue
  files: FileStore
  /** Without a slash at the end. */
  publicUrl: string
}
