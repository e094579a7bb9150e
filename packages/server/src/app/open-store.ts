import pg from 'pg'
import { EmbeddedFailure } from '../platform/embedded/failure.ts'
import type { Log } from '../platform/log.ts'
import type { Config } from './config.ts'

export interface Store {
  url: string
  embedded: boolean
  stop(): Promise<void>
}

/** The database cannot serve; the message is for the person at the terminal. */
export class StoreError extends Error {}

const OLDEST_MAJOR = 15

/** Why a connection failed, in words; codes of PostgreSQL and of the network. */
function explain(error: unknown, url: URL): string {
  const { code, message } = error as { code?: string; message: string }
  const where = `${url.hostname}:${url.port || 5432}`
  switch (code) {
    case 'ECONNREFUSED':
      return `DATABASE_URL: nothing listens at ${where}; is PostgreSQL running?`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `DATABASE_URL: the host ${url.hostname} is not known`
    case 'ETIMEDOUT':
      return `DATABASE_URL: ${where} does not answer`
    case '28P01':
    case '28000':
      return `DATABASE_URL: ${where} refuses user ${url.username} (wrong password, or not allowed in pg_hba.conf)`
    case '3D000':
      return `DATABASE_URL: there is no database ${url.pathname.slice(1)} at ${where}; create it first`
    default:
      return `DATABASE_URL: ${where} cannot be used: ${message}`
  }
}

/** Opens the configured database, or starts (or adopts) the embedded one. @throws StoreError */
export async function openStore(config: Pick<Config, 'databaseUrl' | 'dataDir'>, log: Log): Promise<Store> {
  if (!config.databaseUrl) {
    try {
      const { startEmbedded } = await import('../platform/embedded/embedded.ts')
      const embedded = await startEmbedded({ dataDir: config.dataDir, log: (line) => log.info(line) })
      return { url: embedded.url, embedded: true, stop: embedded.stop }
    } catch (error) {
      if (error instanceof EmbeddedFailure) throw new StoreError(error.message)
      throw error
    }
  }
  const client = new pg.Client({ connectionString: config.databaseUrl, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
    const major = Math.floor(Number(rows[0]?.server_version_num) / 10_000)
    if (major < OLDEST_MAJOR) throw new StoreError(`DATABASE_URL: PostgreSQL ${major} is too old; ${OLDEST_MAJOR} or newer is needed`)
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError(explain(error, new URL(config.databaseUrl)))
  } finally {
    await client.end().catch(() => {})
  }
  return { url: config.databaseUrl, embedded: false, stop: async () => {} }
}
