import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { PlanError } from '../modules/plan/index.ts'
import { DeployError } from '../modules/process/index.ts'
import { beginUpgrade, finishUpgrade } from '../modules/upkeep/index.ts'
import { systemActor } from '../platform/actor.ts'
import { openBucket } from '../platform/bucket.ts'
import { DeviceDown } from '../platform/crypto-device.ts'
import { openLdap } from '../platform/ldap.ts'
import { createLog } from '../platform/log.ts'
import { MigrationError } from '../platform/migrate.ts'
import { openClamd } from '../platform/scan.ts'
import { loadSecrets, SecretsError } from '../platform/secrets.ts'
import { localCertificate } from '../platform/tls.ts'
import { openTraces } from '../platform/trace.ts'
import { productVersion } from '../platform/version.ts'
import { scanDependencies } from './advisories.ts'
import { saveCompiled } from './compiled.ts'
import { ConfigError, readConfig } from './config.ts'
import { openWorldBeside } from './demo/beside.ts'
import { openFiles } from './open-files.ts'
import { openStore, StoreError } from './open-store.ts'
import { prepare } from './prepare.ts'
import { openProviders } from './providers.ts'
import { createServer, type Server } from './server.ts'
import { upgradeStore } from './upgrade.ts'

/** What a supervisor (scripts/up.mjs) reads from standard output, one JSON line each, when CHANGBAI_TELL is set. */
const tell = (event: string, data: object = {}): void => {
  if (process.env.CHANGBAI_TELL) process.stdout.write(`@changbai ${JSON.stringify({ event, ...data })}\n`)
}

const EXIT = { config: 2, port: 3, store: 4, failed: 1 } as const
type Kind = keyof typeof EXIT
/** Whoever waits longer than this for us has already given up. */
const STOP_LIMIT_MS = 25_000

class Interrupted extends Error {}
class PortError extends Error {}

/** What was opened so far; ended in reverse order. */
const opened: (() => Promise<unknown>)[] = []
async function endAll(): Promise<void> {
  for (let end = opened.pop(); end; end = opened.pop()) await end()
}

let isReady = false
let isStopping = false
/** While it starts, a signal only leaves word: the step under way ends in order, then everything that was opened does. */
const goOn = (): void => {
  if (isStopping) throw new Interrupted()
}

function readArguments(): { empty: boolean; world: boolean; tls: boolean } {
  try {
    const flag = { type: 'boolean', default: false } as const
    return parseArgs({ options: { empty: flag, world: flag, tls: flag } }).values
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split(/\. To specify/)[0]}; known are --empty, --world and --tls`)
  }
}

function explainListening(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new PortError(`Port ${port} is taken by another program. Choose one: PORT=3001 npm run up`)
    case 'EACCES':
      return new PortError(`Port ${port} needs more rights than this user has. Choose one above 1023: PORT=3000 npm run up`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new PortError(`HOST=${host} is not an address of this machine`)
    default:
      return error
  }
}

async function start(): Promise<void> {
  const flags = readArguments()
  const config = readConfig(process.env, { demo: !flags.empty, tls: flags.tls })
  const log = createLog(config.logLevel)
  let server: Server | undefined
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return
    isStopping = true
    globalThis.setTimeout(() => process.exit(EXIT.failed), STOP_LIMIT_MS + config.drainSeconds * 1_000).unref()
    if (!isReady) return
    log.info({ signal }, 'stopping')
    server?.drain()
    await setTimeout(config.drainSeconds * 1_000)
    await endAll()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal))

  if (config.traces) opened.push((await openTraces(config.traces.endpoint, productVersion(), config.traces.share)).close)
  const store = await openStore(config, log)
  opened.push(store.stop)
  tell('step', { name: 'database' })
  goOn()
  const secrets = await loadSecrets(config.secretFile, !config.databaseUrl)

  const { applied, upgrade } = await upgradeStore({
    url: store.url,
    config,
    secrets,
    log,
    onStep: (name) => tell('step', { name: `upgrade-${name}`, folder: config.backups.folder }),
  })
  tell('step', { name: 'migrated', applied })
  goOn()

  const world = flags.world && config.demo ? await openWorldBeside({ databaseUrl: store.url, secrets, log, planDir: config.planDir }) : null
  if (world) opened.push(world.stop)
  goOn()

  const bucket = await openFiles(config, store.url, log)
  server = await createServer({
    databaseUrl: store.url,
    background: world ? 'later' : true,
    secrets,
    log,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    digest: config.digest,
    providers: await openProviders(config.crypto, secrets),
    outboundAllow: config.outboundAllow,
    dependencies: config.advisoryFile ? await scanDependencies(config.advisoryFile) : null,
    webDir: config.webDir,
    bucket,
    telemetryUrl: config.telemetryUrl,
    heartbeatUrl: config.heartbeatUrl,
    backups: { ...config.backups, store: config.backupBucket ? openBucket(config.backupBucket) : null },
    practice: { planDir: config.planDir },
    folders: [config.dataDir],
    scanner: config.clamd && openClamd(config.clamd),
    ldap: config.ldap && openLdap(config.ldap),
    syslog: {
      host: config.host,
      udp: config.syslogPort,
      tcp: config.syslogPort,
      tls: config.syslogTlsPort ? { port: config.syslogTlsPort, ...(await localCertificate(config)) } : undefined,
    },
    tls: config.tls ? await localCertificate(config) : undefined,
  })
  opened.push(server.close)
  goOn()
  const { door } = server.runtime
  const machine = { actor: systemActor('upgrade') }
  if (upgrade) await door.enter(machine, (ctx) => beginUpgrade(ctx, upgrade))
  const prepared = await prepare(server.runtime, config).catch(async (error: unknown) => {
    // what running instances lack is written down; the product stays read-only, and the way back is the backup
    if (error instanceof DeployError) await door.enter(machine, finishUpgrade)
    throw error
  })
  await door.enter(machine, finishUpgrade)
  // what an older version wrote is sealed beside the work of the day
  await door.enter(machine, (ctx) => ctx.enqueue('platform.reseal', {}, { key: 'start' }))
  tell('step', { name: 'prepared' })
  goOn()

  await server.app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
    throw explainListening(error, config.host, config.port)
  })
  goOn()
  isReady = true
  const { port } = server.app.server.address() as AddressInfo
  tell('ready', { port, publicUrl: config.publicUrl, embedded: store.embedded, ...prepared })
  log.info({ port, publicUrl: config.publicUrl }, 'ready')
  if (world) {
    // a second time: it ends before what it works on does
    opened.push(world.stop)
    world.begin(server, ({ share, on }) => tell('world', { share, on: on.toString() }))
  }
  saveCompiled()
}

/** What the person at the terminal can act on; null for a fault of ours, which is told with its stack. */
function explain(error: unknown): { kind: Kind; message: string } | null {
  if (!(error instanceof Error)) return null
  const { message } = error
  if (error instanceof ConfigError || error instanceof PlanError || error instanceof SecretsError || error instanceof DeviceDown)
    return { kind: 'config', message }
  if (error instanceof PortError) return { kind: 'port', message }
  if (error instanceof StoreError || error instanceof MigrationError) return { kind: 'store', message }
  if (error instanceof DeployError) return { kind: 'failed', message }
  const { code, path } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === '53100') return { kind: 'store', message: `磁盘已满 / the disk is full: ${path ?? message}` }
  if (path && (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOTDIR' || code === 'EISDIR'))
    return { kind: 'config', message: `${path} cannot be used: ${message}` }
  return null
}

start().catch(async (error: unknown) => {
  isStopping = true
  // a database we started must not outlive a start that failed
  await endAll().catch((failure: unknown) => process.stderr.write(`${String(failure)}\n`))
  if (error instanceof Interrupted) process.exit(0)
  const known = explain(error)
  const message = known?.message ?? (error instanceof Error ? error.stack : undefined) ?? String(error)
  tell('refused', { kind: known?.kind ?? 'failed', message })
  process.stderr.write(`${message}\n`, () => process.exit(EXIT[known?.kind ?? 'failed']))
})
