import type { Writable } from 'node:stream'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { writeFrames } from './backup-frames.ts'

/**
 * A backup is one file with everything the database holds at one instant: every table by COPY (files and the ledger's public keys among them),
 * sequences, waiting jobs, the migration level, and a digest. It restores into any supported server, so it is also the way across major
 * versions. It does not hold SECRET_FILE, without which encrypted columns stay closed: keep that file apart from it.
 */
export interface BackupSummary {
  takenAt: string
  migration: string
  tables: number
  rows: number
  jobs: number
  sha256: string
}

export const BACKUP_FORMAT = 1

/** Rows of one table. Generated columns are computed anew. */
export interface TableHeader {
  section: 'table'
  name: string
  columns: string[]
  rows: number
}

const quote = pg.escapeIdentifier

interface TableColumns {
  name: string
  columns: string[]
}

const listTables = async (client: pg.Client): Promise<TableColumns[]> => {
  const { rows } = await client.query<TableColumns>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and c.relname <> 'schema_migration'
     group by c.relname order by c.relname`,
  )
  return rows
}

const listSequences = async (client: pg.Client): Promise<{ name: string; last: string; called: boolean }[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by 1`,
  )
  const found: { name: string; last: string; called: boolean }[] = []
  for (const { name } of rows) {
    const state = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from public.${quote(name)}`,
    )
    found.push({ name, last: state.rows[0]?.last ?? '1', called: state.rows[0]?.called ?? false })
  }
  return found
}

/** Jobs that have not ended, and their queues; the job queue's own tables are made anew by its own program on restore. */
async function readJobs(client: pg.Client): Promise<{ queues: unknown[]; jobs: unknown[] }> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('pgboss.job') is not null as there`)
  if (!rows[0]?.there) return { queues: [], jobs: [] }
  const queues = await client.query<{ q: unknown }>('select to_jsonb(q) as q from pgboss.queue q order by name')
  const jobs = await client.query<{ j: unknown }>(
    `select jsonb_build_object('name', name, 'data', data, 'startAfter', start_after, 'singletonKey', singleton_key, 'priority', priority) as j
     from pgboss.job where state::text in ('created', 'retry', 'active') and name not like '\\_\\_pgboss\\_\\_%' order by created_on, id`,
  )
  return { queues: queues.rows.map(({ q }) => q), jobs: jobs.rows.map(({ j }) => j) }
}

/** Writes a backup. Readers and writers go on meanwhile: it sees one snapshot. */
export async function backUp(url: string, output: Writable, productVersion = ''): Promise<BackupSummary> {
  const client = new pg.Client({ connectionString: url, application_name: 'changbai-backup', connectionTimeoutMillis: 5_000 })
  await client.connect()
  const frames = writeFrames(output)
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query(`set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local timezone = 'UTC'`)
    const level = await client.query<{ name: string; sha256: string }>('select name, sha256 from schema_migration order by name')
    const about = await client.query<{ at: string; server: string }>(
      `select to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, current_setting('server_version') as server`,
    )
    const { at: takenAt, server } = about.rows[0] as { at: string; server: string }
    await frames.header({ section: 'changbai', format: BACKUP_FORMAT, takenAt, server, productVersion, migrations: level.rows })

    const tables = await listTables(client)
    let total = 0
    for (const { name, columns } of tables) {
      const counted = await client.query<{ n: string }>(`select count(*)::text as n from public.${quote(name)}`)
      const rows = Number(counted.rows[0]?.n)
      await frames.header({ section: 'table', name, columns, rows } satisfies TableHeader)
      const list = columns.map(quote).join(', ')
      const stream = client.query(copyTo(`copy (select ${list} from public.${quote(name)}) to stdout`))
      for await (const chunk of stream as AsyncIterable<Buffer>) await frames.data(chunk)
      total += rows
    }
    await frames.header({ section: 'sequences', sequences: await listSequences(client) })
    const { queues, jobs } = await readJobs(client)
    await frames.header({ section: 'queues', queues })
    for (const job of jobs) await frames.header({ section: 'job', job })
    await client.query('commit')
    const sha256 = await frames.close()
    return { takenAt, migration: level.rows.at(-1)?.name ?? '', tables: tables.length, rows: total, jobs: jobs.length, sha256 }
  } finally {
    await client.end()
  }
}
