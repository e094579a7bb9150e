import type { Writable } from 'node:stream'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { BackupError, writeFrames } from './backup-frames.ts'
import type { Bucket } from './bucket.ts'
import { keyOf } from './file-store.ts'

/**
 * A backup is one file with everything the database holds at one instant: every table by COPY (files and the ledger's public keys among them),
 * sequences, waiting jobs, the migration level, and a digest. Attachments that lie in a bucket
 * are fetched and written as if they lay in the database, so that the backup is whole and restores where there is no bucket. It restores into any supported server, so it is also the way across major
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

const PIECE_BYTES = 1024 * 1024

interface BucketFile {
  id: string
  digest: string
  size: number
}
const listBucketFiles = async (client: pg.Client): Promise<BucketFile[]> => {
  // the backup before an upgrade reads a database that knows nothing of buckets yet
  const column = await client.query(`select 1 from pg_attribute where attrelid = 'public.file'::regclass and attname = 'kept_in'`)
  if (column.rows.length === 0) return []
  const { rows } = await client.query<BucketFile>(
    `select id, digest, size_bytes::float8 as size from file where kept_in = 'BUCKET'
       and not exists (select 1 from file_chunk where file_id = file.id) order by id`,
  )
  return rows
}

/** Rows of `file_chunk` as COPY writes them. */
function* chunkRows({ id }: BucketFile, bytes: Buffer): Generator<Buffer> {
  for (let seq = 0; seq * PIECE_BYTES < bytes.length; seq++) {
    const piece = bytes.subarray(seq * PIECE_BYTES, (seq + 1) * PIECE_BYTES)
    yield Buffer.from(`${id}\t${seq}\t\\\\x${piece.toString('hex')}\n`, 'latin1')
  }
}

/** The backup holds what is in the bucket, too: for the one who restores it, every file lies in the database. */
const columnOf = (table: string, column: string): string =>
  table === 'file' && column === 'kept_in' ? `'DATABASE' as kept_in` : quote(column)

/**
 * Writes a backup. Readers and writers go on meanwhile: it sees one snapshot.
 * @param bucket where attachments are kept outside the database, if anywhere
 * @throws BackupError, BucketError
 */
export async function backUp(url: string, output: Writable, productVersion = '', bucket: Bucket | null = null): Promise<BackupSummary> {
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
    const inBucket = await listBucketFiles(client)
    if (inBucket.length > 0 && !bucket)
      throw new BackupError(`${inBucket.length} attachments are in a bucket; S3_URL is needed to back them up`)
    let total = 0
    for (const { name, columns } of tables) {
      const counted = await client.query<{ n: string }>(`select count(*)::text as n from public.${quote(name)}`)
      const fetched = name === 'file_chunk' ? inBucket : []
      const rows = fetched.reduce((sum, { size }) => sum + Math.ceil(size / PIECE_BYTES), Number(counted.rows[0]?.n))
      await frames.header({ section: 'table', name, columns, rows } satisfies TableHeader)
      const list = columns.map((column) => columnOf(name, column)).join(', ')
      const stream = client.query(copyTo(`copy (select ${list} from public.${quote(name)}) to stdout`))
      for await (const chunk of stream as AsyncIterable<Buffer>) await frames.data(chunk)
      for (const file of fetched)
        for (const row of chunkRows(file, await (bucket as Bucket).get(keyOf(file.id), file.digest))) await frames.data(row)
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
