import { type Bucket, openBucket } from '../../platform/bucket.ts'
import { createLog } from '../../platform/log.ts'
import { MigrationError, migrate, pendingMigrations } from '../../platform/migrate.ts'
import { loadSecrets, SecretsError } from '../../platform/secrets.ts'
import { ConfigError, readConfig } from '../config.ts'
import { openStore, type Store, StoreError } from '../open-store.ts'
import { UsageError } from './command.ts'

/** A wrong setting is wrong use; a database that cannot be used is told without a stack. */
async function told<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ConfigError || error instanceof SecretsError) throw new UsageError(error.message)
    if (error instanceof StoreError || error instanceof MigrationError) throw new Error(error.message)
    throw error
  }
}

// standard output belongs to the command; what the database says goes nowhere
const silent = () => createLog('silent')

/** The database of the installation: `DATABASE_URL`, or the embedded one, started when it is down and attached to when it is up. */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await told(() => openStore(readConfig(process.env, { demo: false, tls: false }), silent()))
  try {
    return await work(store)
  } finally {
    await store.stop()
  }
}

/** Where attachments are kept outside the database, if anywhere. */
export const configuredBucket = (): Promise<Bucket | null> =>
  told(() => {
    const { bucket } = readConfig(process.env, { demo: false, tls: false })
    return bucket ? openBucket(bucket) : null
  })

/** Brings the database to this program's level. */
export async function migrateStore(store: Store): Promise<void> {
  const { openDatabase } = await import('../../platform/db.ts')
  const opened = openDatabase(store.url, { poolSize: 2 })
  try {
    await told(() => migrate(opened.db))
  } finally {
    await opened.close()
  }
}

/** An upgrade takes a backup first and closes the product meanwhile; that is the server's start, not a command's by the way. */
async function refuseOlder(store: Store): Promise<void> {
  const { openDatabase } = await import('../../platform/db.ts')
  const opened = openDatabase(store.url, { poolSize: 1 })
  try {
    const before = await told(() => pendingMigrations(opened.db))
    if (before && before.pending.length > 0)
      throw new Error(
        `the database is older than this program (${before.from}): start the server once, which takes a backup and upgrades it`,
      )
  } finally {
    await opened.close()
  }
}

/** The whole product without a listening port and without background work, on the migrated database with its plan. */
export async function withServer<T>(work: (server: import('../server.ts').Server) => Promise<T>): Promise<T> {
  const config = await told(() => readConfig(process.env, { demo: false, tls: false }))
  return withStore(async (store) => {
    const secrets = await told(() => loadSecrets(config.secretFile, !config.databaseUrl))
    await refuseOlder(store)
    await migrateStore(store)
    const { createServer } = await import('../server.ts')
    const { loadPromises } = await import('../prepare.ts')
    const { openProviders } = await import('../providers.ts')
    const server = await createServer({
      databaseUrl: store.url,
      secrets,
      log: silent(),
      publicUrl: config.publicUrl,
      trustProxy: false,
      digest: config.digest,
      providers: await told(() => openProviders(config.crypto, secrets)),
      bucket: await configuredBucket(),
      background: false,
      poolSize: 2,
    })
    try {
      await loadPromises(server.runtime.door, config.planDir)
      return await work(server)
    } finally {
      await server.close()
    }
  })
}
