import { tmpdir } from 'node:os'
import { chooseHeartbeat } from '../modules/alarm/index.ts'
import { assuranceRoutes, exportPort } from '../modules/assurance/index.ts'
import { healthRoutes, leaveOrderly, registerHealthMetrics, reportWork, watchOwnVitals } from '../modules/health/index.ts'
import { type SyslogPorts, startSyslog } from '../modules/log/index.ts'
import { loadParams } from '../modules/plan/index.ts'
import { startProcessWorker } from '../modules/process/index.ts'
import { chooseEngine } from '../modules/telemetry/index.ts'
import type { Bucket } from '../platform/bucket.ts'
import { createCrypto } from '../platform/crypto.ts'
import { type CryptoProvider, softwareProviders } from '../platform/crypto-provider.ts'
import { openDatabase } from '../platform/db.ts'
import { createDoor, type Transact } from '../platform/door.ts'
import { type DueWork, startDueLoop } from '../platform/due.ts'
import { openFileStore } from '../platform/file-store.ts'
import { openGate } from '../platform/gate.ts'
import { createHttp } from '../platform/http.ts'
import { type JobKind, type JobQueue, openJobs } from '../platform/jobs.ts'
import { DATA_KEY_CHANNEL, type KeyRing, openKeyRing } from '../platform/key-ring.ts'
import type { Ldap } from '../platform/ldap.ts'
import { openLive } from '../platform/live.ts'
import type { Log } from '../platform/log.ts'
import { knownLevel } from '../platform/migrate.ts'
import type { App, SignInPort } from '../platform/mount.ts'
import { chooseOutbound } from '../platform/outbound.ts'
import { servePages } from '../platform/pages.ts'
import type { BackupPlace, Runtime } from '../platform/runtime.ts'
import type { Scanner } from '../platform/scan.ts'
import { sealingPlugin } from '../platform/sealed-columns.ts'
import type { Secrets } from '../platform/secrets.ts'
import { createSlowTally } from '../platform/slow.ts'
import { type Clock, systemClock } from '../platform/time.ts'
import { traceStatement } from '../platform/trace.ts'
import { productVersion } from '../platform/version.ts'
import type { DependencyScan } from './advisories.ts'
import { registerHandlers } from './handlers.ts'
import { createPractice, mutedJobs, type Practice, practiceJobs } from './practice/practice.ts'
import { referenceRoutes } from './reference.ts'
import { mountRoutes } from './routes.ts'
import { bucketCron, cronLines, dueWorks, jobKinds } from './schedule.ts'
import { NOT_SEALED, sealedPlaces } from './sealed.ts'
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
  /** Who is told every minute that the chain of alarms lives. */
  heartbeatUrl?: string | undefined
  /** Where syslog is taken in. */
  syslog?: SyslogPorts
  /** Looks into uploads before they are taken. */
  scanner?: Scanner | null
  /** The directory of the house, asked at sign-in and read every night. */
  ldap?: Ldap | null
  /** What the dependencies were compared with; absent: nothing. */
  dependencies?: DependencyScan | null
  /** Addresses that settings may name although calls never go there otherwise. */
  outboundAllow?: readonly string[]
  /** Who keeps the keys: the first makes and signs, all open what they made. The secret file unless told. */
  providers?: readonly CryptoProvider[]
  /** Folders of this process whose disk is watched, besides that of temporary files. */
  folders?: readonly string[]
  clock?: Clock
  poolSize?: number
  /** Works off jobs, timers and service tasks by itself; `later`: from {@link Server.goOn}; tests do that step by step instead. */
  background?: boolean | 'later'
  /** Other than one for each command: a world being made keeps a day in one. */
  transact?: Transact
  /** Instead of the queue of the database. */
  queue?: (kinds: readonly JobKind[]) => JobQueue
  callsPerMinute?: number
  /** 0 where the machine may be slow without anybody waiting: in tests. */
  lateMillisecondsMax?: number
  /** Where backups go; the command line and tests that take none leave it out. */
  backups?: BackupPlace
  /** People may practise: in a world of its own, beside this one, with this plan. */
  practice?: { planDir: string }
  /** This is such a world: nothing leaves it, and the engines of the process are not its own to choose. */
  isPractice?: boolean
}

export interface Server {
  app: App
  runtime: Runtime
  /** Null where nobody can practise. */
  practice: Practice | null
  /** Begins the work that `background: 'later'` put off. */
  goOn(): Promise<void>
  /** Tells the balancer to send nothing more, and goes on serving what still comes. */
  drain(): void
  /** Finishes what is under way, then lets go of everything. */
  close(): Promise<void>
}

/** Puts one server process together on a migrated database. The only place, with its lists beside it, that knows all modules. */
export async function createServer(parts: ServerParts): Promise<Server> {
  const { log } = parts
  const slow = createSlowTally()
  const noted = (statement: string, ms: number): void => {
    slow.note(statement, ms)
    traceStatement(statement, ms)
  }
  let ring: KeyRing | undefined
  const opened = openDatabase(parts.databaseUrl, {
    onQuery: noted,
    plugins: [sealingPlugin(sealedPlaces.columns, () => ring)],
    ...(parts.poolSize ? { poolSize: parts.poolSize } : {}),
  })
  const providers = parts.providers ?? softwareProviders(parts.secrets)
  ring = await openKeyRing(opened.db, providers, (parts.clock ?? systemClock)()).catch(async (error: unknown) => {
    await opened.close()
    throw error
  })
  const crypto = createCrypto(parts.secrets, { digest: parts.digest, provider: providers[0], ring })
  registerHandlers()
  if (!parts.isPractice) {
    chooseEngine(parts.telemetryUrl)
    chooseHeartbeat(parts.heartbeatUrl)
    chooseOutbound(parts.outboundAllow ?? [])
  }

  let queue: JobQueue | undefined
  const door = createDoor({
    db: opened.db,
    clock: parts.clock ?? systemClock,
    crypto,
    jobs: { enqueue: (...job) => (queue as JobQueue).enqueue(...job) },
    reactions,
    loadParams,
    transact: parts.transact,
  })
  let runtime: Runtime | undefined
  const background = parts.background ?? true
  let practice: ReturnType<typeof createPractice> | null = null
  const kinds = [
    ...(parts.isPractice ? mutedJobs : (all: JobKind[]) => all)(jobKinds(() => runtime as Runtime)),
    ...practiceJobs(
      () => practice,
      () => runtime as Runtime,
    ),
  ]
  const cron = background && !parts.isPractice ? [...cronLines, ...(parts.bucket ? bucketCron : [])] : []
  queue = parts.queue?.(kinds) ?? (await openJobs(parts.databaseUrl, kinds, cron, log))
  const live = openLive(parts.databaseUrl, log)
  live.listen(DATA_KEY_CHANNEL, () => void ring?.reload().catch((error: unknown) => log.error({ err: error }, 'data keys')))
  const level = await knownLevel()
  const gate = await openGate(opened.db, live, log, level)
  const { databaseUrl, publicUrl } = parts
  const backups = { folder: '', keepDays: 30, keepMonths: 12, ...parts.backups, bucket: parts.bucket ?? null }
  const files = openFileStore(opened.db, parts.bucket ?? null, log)
  runtime = {
    door,
    crypto,
    live,
    log,
    jobs: queue,
    files,
    scanner: parts.scanner ?? null,
    ldap: parts.ldap ?? null,
    publicUrl,
    gate,
    databaseUrl,
    backups,
  }
  let isDraining = false

  const real = signInPort(() => runtime as Runtime)
  const signIn = parts.signIn?.(real) ?? real
  const app = await createHttp({
    log,
    signIn,
    files,
    trustProxy: parts.trustProxy,
    origins: [parts.publicUrl],
    level,
    ready: async () => ({
      serving: !isDraining,
      newest: !gate.isReplaced(),
      database: await opened.pool.query('select 1').then(
        () => true,
        () => false,
      ),
    }),
    beside: async (): Promise<Record<string, boolean>> => {
      const there = await runtime?.files.isBucketThere()
      return typeof there === 'boolean' ? { files: there } : {}
    },
    scanner: parts.scanner ?? null,
    exports: exportPort,
    ...(parts.tls ? { tls: parts.tls } : {}),
    ...(parts.callsPerMinute ? { callsPerMinute: parts.callsPerMinute } : {}),
    ...(parts.lateMillisecondsMax === undefined ? {} : { lateMillisecondsMax: parts.lateMillisecondsMax }),
  })
  const version = productVersion()
  mountRoutes(app, runtime)
  const told = toldOf(parts)
  healthRoutes(app, runtime, version, told)
  assuranceRoutes(app, runtime, {
    https: told.https,
    scanner: told.malwareScanner,
    configuration: Object.entries({
      version,
      ...told,
      keys: providers[0]?.name ?? '',
      outboundAllow: (parts.outboundAllow ?? []).length,
    }).map(([name, value]) => [name, String(value)]),
    sealed: sealedPlaces,
    notSealed: NOT_SEALED,
    dependencies: parts.dependencies ?? null,
  })
  registerHealthMetrics(app.metrics, runtime)
  referenceRoutes(app)
  if (parts.webDir) await servePages(app, parts.webDir)
  if (parts.practice && !parts.isPractice) {
    practice = createPractice(runtime, signIn, {
      databaseUrl,
      planDir: parts.practice.planDir,
      secrets: parts.secrets,
      background: background !== false,
      open: (url, secrets, practiceSignIn) =>
        createServer({
          databaseUrl: url,
          secrets,
          log,
          publicUrl,
          trustProxy: parts.trustProxy,
          scanner: parts.scanner ?? null,
          background: background !== false,
          poolSize: 6,
          isPractice: true,
          signIn: () => practiceSignIn,
          ...(parts.clock ? { clock: parts.clock } : {}),
          ...(parts.callsPerMinute ? { callsPerMinute: parts.callsPerMinute } : {}),
          ...(parts.lateMillisecondsMax === undefined ? {} : { lateMillisecondsMax: parts.lateMillisecondsMax }),
        }),
    })
    practice.mount(app)
  }
  await app.ready()
  const { syslog: wanted } = parts
  const syslog = wanted && (wanted.udp ?? wanted.tcp ?? wanted.tls) !== undefined ? await startSyslog(runtime, wanted) : null
  const own = watchOwnVitals(version, door.clock(), [tmpdir(), ...(parts.folders ?? [])], slow)
  const going = runtime
  let loops: Loops | null = null
  const goOn = async (): Promise<void> => {
    if (loops) return
    loops = startLoops(going, [...dueWorks, reportWork(own)])
    await going.jobs.work()
    if (gate.current().state === 'READ_ONLY') await going.jobs.pause()
  }
  if (background === true) await goOn()

  return {
    app,
    runtime,
    practice,
    goOn,
    drain() {
      isDraining = true
    },
    async close() {
      await gate.close()
      await syslog?.close()
      await practice?.close()
      await app.close()
      await loops?.stop()
      if (background) await leaveOrderly(runtime, own).catch((error: unknown) => log.warn({ err: error }, 'leaving without a word'))
      await queue.stop()
      await live.close()
      await opened.close()
    },
  }
}

/** How the process was set up, for the support archive: that something is configured, never its address or key. */
const toldOf = (parts: ServerParts) => ({
  digest: parts.digest ?? 'SHA-256',
  trustProxy: parts.trustProxy !== false,
  https: parts.tls !== undefined || parts.publicUrl.startsWith('https:'),
  filesInBucket: Boolean(parts.bucket),
  telemetryEngine: parts.telemetryUrl ? 'external' : 'embedded',
  syslog: parts.syslog !== undefined,
  malwareScanner: Boolean(parts.scanner),
  scheduledBackups: Boolean(parts.backups?.folder),
})

interface Loops {
  stop(): Promise<void>
}

/** Timers, service tasks, due rows and jobs rest while the product is read-only, and for good under a database of a newer program. */
function startLoops(runtime: Runtime, works: readonly DueWork[]): Loops {
  const start = () => [startProcessWorker(runtime), startDueLoop(runtime, works)]
  const rests = () => runtime.gate.current().state === 'READ_ONLY' || runtime.gate.isReplaced()
  let running = rests() ? null : start()
  const stop = async (): Promise<void> => {
    for (const loop of running ?? []) await loop.stop()
    running = null
  }
  runtime.gate.onChange(async () => {
    if (rests() && running) {
      await stop()
      await runtime.jobs.pause()
    } else if (!rests() && !running) {
      running = start()
      await runtime.jobs.resume()
    }
  })
  return { stop }
}
