import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { PlanError } from '../modules/plan/index.ts'
import { openDatabase } from '../platform/db.ts'
import { createLog } from '../platform/log.ts'
import { MigrationError, migrate } from '../platform/migrate.ts'
import { loadSecrets, SecretsError } from '../platform/secrets.ts'
import { localCertificate } from '../platform/tls.ts'
import { ConfigError, readConfig } from './config.ts'
import { openStore, StoreError } from './open-store.ts'
import { prepare } from './prepare.ts'
import { createServer, type Server } from './server.ts'

/** What a supervisor (scripts/up.mjs) reads from standard output, one JSON line each, when CHANGBAI_TELL is set. */
const tell = (event: string, data: object = {}): void => {
  if (process.env.CHANGBAI_TELL) process.stdout.write(`@changbai ${JSON.stringify({ event, ...data })}\n`)
}

const EXIT = { config: 2, port: 3, store: 4, failed: 1 } as const

function refuse(kind: keyof typeof EXIT, message: string): never {
  tell('refused', { kind, message })
  process.stderr.write(`${message}\n`)
  process.exit(EXIT[kind])
}

async function start(): Promise<void> {
  const { values } = parseArgs({ options: { empty: { type: 'boolean' }, tls: { type: 'boolean' } } })
  const config = readConfig(process.env, { demo: !values.empty, tls: values.tls ?? false })
  const log = createLog(config.logLevel)

  const store = await openStore(config, log)
  tell('step', { name: 'database' })
  const secrets = await loadSecrets(config.secretFile, !config.databaseUrl)

  const opened = openDatabase(store.url, { poolSize: 2 })
  const { applied } = await migrate(opened.db)
  await opened.close()
  tell('step', { name: 'migrated', applied: applied.length })

  const server: Server = await createServer({
    databaseUrl: store.url,
    secrets,
    log,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    webDir: config.webDir,
    tls: config.tls ? await localCertificate(config) : undefined,
  })
  const prepared = await prepare(server.runtime, config)
  tell('step', { name: 'prepared' })

  await server.app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') refuse('port', `Port ${config.port} is taken by another program. Choose one: PORT=3001 npm run up`)
    if (error.code === 'EACCES')
      refuse('port', `Port ${config.port} needs more rights than this user has. Choose one above 1023: PORT=3000 npm run up`)
    throw error
  })
  const { port } = server.app.server.address() as AddressInfo
  tell('ready', { port, publicUrl: config.publicUrl, embedded: store.embedded, ...prepared })
  log.info({ port, publicUrl: config.publicUrl }, 'ready')

  let stopping = false
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    // whoever waits longer than this for us has already given up
    setTimeout(() => process.exit(EXIT.failed), 25_000).unref()
    await server.close()
    await store.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal))
}

start().catch((error: unknown) => {
  if (error instanceof ConfigError) refuse('config', error.message)
  if (error instanceof PlanError) refuse('config', error.message)
  if (error instanceof SecretsError) refuse('config', error.message)
  if (error instanceof StoreError || error instanceof MigrationError) refuse('store', error.message)
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  tell('refused', { kind: 'failed', message: String(error) })
  process.exit(EXIT.failed)
})
