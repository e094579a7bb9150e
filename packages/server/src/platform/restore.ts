import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { PgBoss, type QueueOptions } from 'pg-boss'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import { BACKUP_FORMAT, type BackupSummary, type TableHeader } from './backup.ts'
import { BackupError, readFrames } from './backup-frames.ts'
import { openDatabase } from './db.ts'
import { knownMigrations, migrate } from './migrate.ts'

const quote = pg.escapeIdentifier

interface ForeignKey {
  table: string
  name: string
  was: string
}

/** A backup is never mixed into data: what is there must be nothing. */
async function requireEmpty(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
    )
    if (rows[0]?.n !== 0) throw new BackupError('the database is not empty; restore into a new one')
  } finally {
    await client.end()
  }
}

/** Lays the tables as they were when the backup was taken; newer migrations follow when the server starts, and find the data they expect. */
async function layTables(url: string, migrations: { name: string; sha256: string }[]): Promise<void> {
  const level = migrations.at(-1)?.name
  const known = await knownMigrations()
  const missing = migrations.find(({ name }) => !known.includes(name))
  if (level === undefined) throw new BackupError('the backup names no migration')
  if (missing) throw new BackupError(`the backup is newer than this program: it holds ${missing.name}`)
  const { db, close, pool } = openDatabase(url, { poolSize: 1, applicationName: 'changbai-restore' })
  try {
    await migrate(db, level)
    const { rows } = await pool.query<{ name: string; sha256: string }>('select name, sha256 from schema_migration order by name')
    const other = rows.find((row, index) => migrations[index]?.name !== row.name || migrations[index].sha256 !== row.sha256)
    if (other) throw new BackupError(`${other.name} differs between the backup and this program`)
  } finally {
    await close()
  }
}

/** While rows arrive in any order, foreign keys wait until the end and triggers of ours are silent: what they did is in the data. */
async function relax(client: pg.Client): Promise<ForeignKey[]> {
  const tables = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'schema_migration'`,
  )
  for (const { name } of tables.rows) await client.query(`alter table public.${quote(name)} disable trigger user`)
  if (tables.rows.length > 0) await client.query(`truncate ${tables.rows.map(({ name }) => `public.${quote(name)}`).join(', ')}`)
  const { rows: keys } = await client.query<ForeignKey>(
    `select conrelid::regclass::text as "table", conname as name,
            case when condeferred then 'deferrable initially deferred' when condeferrable then 'deferrable initially immediate'
                 else 'not deferrable' end as was
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0`,
  )
  for (const { table, name } of keys)
    await client.query(`alter table ${table} alter constraint ${quote(name)} deferrable initially deferred`)
  return keys
}

async function tighten(client: pg.Client, keys: ForeignKey[]): Promise<void> {
  await client.query('set constraints all immediate')
  for (const { table, name, was } of keys) await client.query(`alter table ${table} alter constraint ${quote(name)} ${was}`)
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'schema_migration'`,
  )
  for (const { name } of rows) await client.query(`alter table public.${quote(name)} enable trigger user`)
}

interface OpenCopy {
  table: TableHeader
  stream: CopyStreamQuery
}

/** The queue's row as the job queue's program wants it said. */
const toQueueOptions = (row: Record<string, unknown>): QueueOptions & { policy?: string } => {
  const names: Record<string, string> = {
    policy: 'policy',
    retry_limit: 'retryLimit',
    retry_delay: 'retryDelay',
    retry_backoff: 'retryBackoff',
    retry_delay_max: 'retryDelayMax',
    expire_seconds: 'expireInSeconds',
    retention_seconds: 'retentionSeconds',
    deletion_seconds: 'deleteAfterSeconds',
    notify: 'notify',
  }
  const given = Object.entries(names).flatMap(([column, option]) => (row[column] == null ? [] : [[option, row[column]]]))
  return Object.fromEntries(given)
}

async function restoreJobs(url: string, queues: Record<string, unknown>[], jobs: Record<string, unknown>[]): Promise<void> {
  if (queues.length === 0) return
  const boss = new PgBoss({ connectionString: url, max: 1, schedule: false, supervise: false })
  await boss.start()
  try {
    for (const queue of queues.filter(({ name }) => !String(name).startsWith('__pgboss__')))
      await boss.createQueue(String(queue.name), toQueueOptions(queue) as never)
    for (const { name, data, startAfter, singletonKey, priority } of jobs) {
      await boss.send(String(name), data as object, {
        startAfter: String(startAfter),
        priority: Number(priority ?? 0),
        ...(singletonKey ? { singletonKey: String(singletonKey) } : {}),
      })
    }
  } finally {
    await boss.stop({ graceful: false })
  }
}

/**
 * Restores a backup into an empty database of any supported server. Nothing is kept when the file turns out to be damaged.
 * @throws BackupError with a sentence for the person who restores
 */
export async function restore(url: string, input: Readable): Promise<BackupSummary> {
  await requireEmpty(url)
  const client = new pg.Client({ connectionString: url, application_name: 'changbai-restore', connectionTimeoutMillis: 5_000 })
  await client.connect()
  const summary: BackupSummary = { takenAt: '', migration: '', tables: 0, rows: 0, jobs: 0, sha256: '' }
  const queues: Record<string, unknown>[] = []
  const jobs: Record<string, unknown>[] = []
  let keys: ForeignKey[] = []
  let copy: OpenCopy | null = null
  const endCopy = async () => {
    if (!copy) return
    const { table, stream } = copy
    copy = null
    stream.end()
    await finished(stream)
    if (stream.rowCount !== table.rows) throw new BackupError(`${table.name}: ${stream.rowCount} of ${table.rows} rows`)
    summary.tables += 1
    summary.rows += table.rows
  }
  let laid = false
  try {
    for await (const frame of readFrames(input)) {
      if (frame.kind === 'D') {
        if (!copy) throw new BackupError('this file is not a backup of Changbai')
        if (!copy.stream.write(frame.bytes)) await once(copy.stream, 'drain')
        continue
      }
      await endCopy()
      if (frame.kind === 'E') {
        summary.sha256 = frame.sha256
        continue
      }
      const { header } = frame
      if (!laid && header.section !== 'changbai') throw new BackupError('this file is not a backup of Changbai')
      switch (header.section) {
        case 'changbai': {
          if (header.format !== BACKUP_FORMAT)
            throw new BackupError(`the backup has format ${header.format}, this program reads ${BACKUP_FORMAT}`)
          const migrations = header.migrations as { name: string; sha256: string }[]
          laid = true
          await layTables(url, migrations)
          summary.takenAt = String(header.takenAt)
          summary.migration = migrations.at(-1)?.name ?? ''
          await client.query('begin')
          await client.query(`set local statement_timeout = 0; set local timezone = 'UTC'`)
          keys = await relax(client)
          break
        }
        case 'table': {
          const table = header as unknown as TableHeader
          const columns = table.columns.map(quote).join(', ')
          copy = { table, stream: client.query(copyFrom(`copy public.${quote(table.name)} (${columns}) from stdin`)) }
          break
        }
        case 'sequences':
          for (const { name, last, called } of header.sequences as { name: string; last: string; called: boolean }[])
            await client.query('select setval($1::regclass, $2::bigint, $3)', [`public.${quote(name)}`, last, called])
          break
        case 'queues':
          queues.push(...(header.queues as Record<string, unknown>[]))
          break
        case 'job':
          jobs.push(header.job as Record<string, unknown>)
          break
        default:
          throw new BackupError(`the backup holds a section "${header.section}" that this program does not know`)
      }
    }
    await tighten(client, keys)
    await client.query('commit')
    await client.query('analyze')
  } catch (error) {
    await failCopy(copy)
    await client.query('rollback').catch(() => {})
    if (laid) await undo(client)
    throw error
  } finally {
    await client.end().catch(() => {})
  }
  await restoreJobs(url, queues, jobs)
  summary.jobs = jobs.length
  return summary
}

/** An open COPY keeps the connection to itself: it is told to fail, and has failed when its stream has closed. */
async function failCopy(copy: OpenCopy | null): Promise<void> {
  if (!copy || copy.stream.closed) return
  copy.stream.once('error', () => {})
  const closed = once(copy.stream, 'close').catch(() => {})
  copy.stream.destroy(new Error('restore failed'))
  await closed
}

/** Leaves the database as empty as it was found, so that the next try needs no help. */
async function undo(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  )
  for (const { name } of rows) await client.query(`drop table if exists public.${quote(name)} cascade`)
  const { rows: functions } = await client.query<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p where p.pronamespace = 'public'::regnamespace
     and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  )
  for (const { name } of functions) await client.query(`drop function if exists ${name} cascade`)
}
