import type { Bucket } from './bucket.ts'
import type { Crypto } from './crypto.ts'
import type { Door } from './door.ts'
import type { FileStore } from './file-store.ts'
import type { Gate } from './gate.ts'
import type { JobQueue } from './jobs.ts'
import type { Ldap } from './ldap.ts'
import type { Live } from './live.ts'
import type { Log } from './log.ts'
import type { Scanner } from './scan.ts'

/** What one server process holds while it runs; given to routes, jobs and workers. Nothing in it is needed by another process or a restart. */
export interface Runtime {
  door: Door
  crypto: Crypto
  live: Live
  log: Log
  jobs: JobQueue
  files: FileStore
  /** Looks into what comes in; null: none is connected. */
  scanner: Scanner | null
  /** The directory of the house; null: none is connected. */
  ldap: Ldap | null
  /** Without a slash at the end. */
  publicUrl: string
  gate: Gate
  /** For what needs a connection of its own: backups read one long snapshot. */
  databaseUrl: string
  backups: BackupPlace
}

/** Where backups go and how long they stay. */
export interface BackupPlace {
  folder: string
  /** Set: nightly and ordered backups go into that bucket instead; those before an upgrade stay in the folder, where going back finds them. */
  store?: Bucket | null
  keepDays: number
  keepMonths: number
  /** A server on which a scratch database may be made for the drill; absent: our own. */
  scratchUrl?: string | undefined
  /** Attachments that lie there are fetched into the backup. */
  bucket?: Bucket | null
}
