import { type SyslogPorts, startSyslog } from '../modules/log/index.ts'
import { loadParams } from '../modules/plan/index.ts'
import { startProcessWorker } from '../modules/process/index.ts'
import { chooseEngine } from '../modules/telemetry/index.ts'
import type { Bucket } from '../platform/bucket.ts'
import { createCrypto } from '../platform/crypto.ts'
import { openDatabase } from '../platform/db.ts'
import { createDoor } from '../platform/door.ts'
import { startDueLoop } from '../platform/due.ts'
import { openFileStore } from '../platform/file-store.ts'
import { createHttp } from '../platform/http.ts'
import { type JobQueue, openJobs } from '../platform/jobs.ts'
import { openLive } from '../platform/live.ts'
import type { Log } from '../platform/log.ts'
import type { App, SignInPort } from '../platform/mount.ts'
import { servePages } from '../platform/pages.ts'
import type { Runtime } from '../platform/runtime.ts'
import type { Secrets } from '../platform/secrets.ts'
import { type Clock, systemClock } from '../platform/time.ts'
import { registerHandlers } from './handlers.ts'
import { referenceRoutes } from './reference.ts'
import { mountRoutes } from './routes.ts'
import { bucketCron, cronLines, dueWorks, jobKinds } from './schedule.ts'
import { signInPort } from './sign-in.ts'
import { reactions } from './subscriptions.ts'

export interface ServerParts {
  databaseUrl: string
  secrets: Secrets
  log: Log
  publicUrl: string
  trustProxy: boolean | string
  digest?: 'SHA-256' | 'SM3'
  /** Tests put theirs before the real one. */
  signIn?: (real: SignInPort) => SignInPort
  webDir?: string
  /** Serves HTTPS with this key and certificate (PEM). */
  tls?: { key: string; cert: string } | undefined
  /** Attachments are moved there; without it they stay in the database. */
  bucket?: Bucket | null
  /** Measurements are kept by the engine at this address instead of our own database. */
  telemetryUrl?: string | undefined
  /** Where syslog is taken in. */
  syslog?: SyslogPorts
  clock?: Clock
  poolSize?: number
  /** Works off jobs, timers and service tasks by itself; tests do that step by step instead. */
  background?: boolean
  callsPerMinute?: number
}

export interface Server {
  app: App
  runtime: Runtime
  /** Finishes what is under way, then lets go of everything. */
  close(): Promise<void>
}

/** Puts one server process together on a migrated database. The only place, with its lists beside it, that knows all modules. */
export async function createServer(parts: ServerParts): Promise<Server> {
  const { log } = parts
  const opened = openDatabase(parts.databaseUrl, parts.poolSize ? { poolSize: parts.poolSize } : {})
  const crypto = createCrypto(parts.secrets, parts.digest)
  registerHandlers()
  chooseEngine(parts.telemetryUrl)

  let queue: JobQueue | undefined
  const door = createDoor({
    db: opened.db,
    clock: parts.clock ?? systemClock,
    crypto,
    jobs: { enqueue: (...job) => (queue as JobQueue).enqueue(...job) },
    reactions,
    loadParams,
  })
  let runtime: Runtime | undefined
  const background = parts.background ?? true
  queue = await openJobs(
    parts.databaseUrl,
    jobKinds(() => runtime as Runtime),
    background ? [...cronLines, ...(parts.bucket ? bucketCron : [])] : [],
    log,
  )
  const live = openLive(parts.databaseUrl, log)
  const files = openFileStore(opened.db, parts.bucket ?? null, log)
  runtime = { door, crypto, live, log, jobs: queue, files, publicUrl: parts.publicUrl }

  const real = signInPort(() => runtime as Runtime)
  const app = await createHttp({
    log,
    signIn: parts.signIn?.(real) ?? real,
    files,
    trustProxy: parts.trustProxy,
    origins: [parts.publicUrl],
    ready: async () => ({
      database: await opened.pool.query('select 1').then(
        () => true,
        () => false,
      ),
    }),
    beside: async (): Promise<Record<string, boolean>> => {
      const there = await runtime?.files.isBucketThere()
      return typeof there === 'boolean' ? { files: there } : {}
    },
    ...(parts.tls ? { tls: parts.tls } : {}),
    ...(parts.callsPerMinute ? { callsPerMinute: parts.callsPerMinute } : {}),
  })
  mountRoutes(app, runtime)
  referenceRoutes(app)
  if (parts.webDir) await servePages(app, parts.webDir)
  await app.ready()
  if (background) await queue.work()
  const { syslog: wanted } = parts
  const syslog = wanted && (wanted.udp ?? wanted.tcp ?? wanted.tls) !== undefined ? await startSyslog(runtime, wanted) : null
  const worker = background ? startProcessWorker(runtime) : null
  const due = background ? startDueLoop(runtime, dueWorks) : null

  return {
    app,
    runtime,
    async close() {
      await syslog?.close()
      await app.close()
      await worker?.stop()
      await due?.stop()
      await queue.stop()
      await live.close()
      await opened.close()
    },
  }
}
