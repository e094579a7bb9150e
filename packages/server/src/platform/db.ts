import { type Insertable, Kysely, type KyselyPlugin, PostgresDialect, type Selectable, type Transaction, type Updateable } from 'kysely'
import pg from 'pg'
import { prepareStatements } from './prepared.ts'

/**
 * All tables the process knows. Each store adds its own by module augmentation:
 * `declare module '../../platform/db.ts' { interface Tables { request: RequestTable } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by augmentation
export interface Tables {}

export type Database = Kysely<Tables>
/** What a store takes as its first argument: always the transaction of the door. */
export type Db = Transaction<Tables>
export type Row<T extends keyof Tables> = Selectable<Tables[T]>
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>
export type RowChange<T extends keyof Tables> = Updateable<Tables[T]>

const OID = { int8: 20, numeric: 1700, date: 1082, timestamptz: 1184 }

let typesSet = false
/** Sets, once for the process, how PostgreSQL's values become ours and back. */
function setTypes(): void {
  if (typesSet) return
  typesSet = true
  pg.types.setTypeParser(OID.int8, Number)
  pg.types.setTypeParser(OID.numeric, Number)
  pg.types.setTypeParser(OID.date, (text: string) => Temporal.PlainDate.from(text))
  pg.types.setTypeParser(OID.timestamptz, (text: string) => Temporal.Instant.from(text.replace(' ', 'T')))
  // node-postgres asks a parameter for `toPostgres` before it falls back to JSON, which would add quotes
  for (const kind of [Temporal.Instant, Temporal.PlainDate]) {
    Object.defineProperty(kind.prototype, 'toPostgres', {
      value(this: Temporal.Instant | Temporal.PlainDate) {
        return this.toString()
      },
    })
  }
}

export interface OpenedDatabase {
  db: Database
  pool: pg.Pool
  close(): Promise<void>
}

export interface OpenOptions {
  poolSize?: number
  applicationName?: string
  /** Told of every statement, as prepared, and how long it took. */
  onQuery?: (statement: string, ms: number) => void
  /** Look at every statement and every row. */
  plugins?: KyselyPlugin[]
}

/** Opens the pool. Every wait has an end: connecting 5 s, a statement 30 s, a lock 10 s, an idle transaction 60 s. */
export function openDatabase(
  url: string,
  { poolSize = 12, applicationName = 'changbai', onQuery, plugins = [] }: OpenOptions = {},
): OpenedDatabase {
  setTypes()
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    options: [
      '-c timezone=UTC',
      '-c statement_timeout=30000',
      '-c lock_timeout=10000',
      '-c idle_in_transaction_session_timeout=60000',
      '-c client_min_messages=warning',
      '-c jit=off',
    ].join(' '),
  })
  // an idle connection that breaks is replaced by the pool; without a listener it would end the process
  pool.on('error', () => {})
  // so is one that breaks while it is lent out, between two queries: the next query on it fails, the process must not
  pool.on('connect', (client) => client.on('error', () => {}))
  prepareStatements(pool)
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins,
    ...(onQuery ? { log: ({ query, queryDurationMillis }) => onQuery(query.sql, queryDurationMillis) } : {}),
  })
  return { db, pool, close: () => db.destroy() }
}
