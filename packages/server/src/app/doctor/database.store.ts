import pg from 'pg'

/** What the product asks of a database, each tried rather than read from a version number. */
export const features = ['listen', 'skipLocked', 'partitions', 'icu', 'pg_trgm', 'btree_gist', 'advisoryLocks', 'jsonb', 'gin'] as const
export type Feature = (typeof features)[number]

export interface DatabaseFacts {
  banner: string
  major: number
  encoding: string
  settings: Record<string, string>
  /** Why a feature does not work, in the database's words; absent when it does. */
  lacking: Partial<Record<Feature, string>>
  /** Milliseconds by which the database's clock is ahead of ours. */
  clockAheadMs: number
  migrations: string[] | null
}

const HEAR_MS = 2_000

async function hearsItself(client: pg.Client): Promise<void> {
  await client.query('listen changbai_doctor')
  const heard = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a notice never arrived')), HEAR_MS)
    client.once('notification', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  await client.query("select pg_notify('changbai_doctor', '')")
  await heard
}

/** Temporary tables only: nothing of the installation is touched. */
const trials: Record<Exclude<Feature, 'listen'>, string> = {
  skipLocked: 'create temp table doctor_queue (n int); select n from doctor_queue for update skip locked',
  partitions: `create temp table doctor_parts (at timestamptz) partition by range (at);
    create temp table doctor_part partition of doctor_parts for values from ('2026-01-01') to ('2026-02-01')`,
  icu: `select 1 where '长' < '白' collate "zh-x-icu"`,
  pg_trgm: `do $$ begin if not exists (select from pg_available_extensions where name = 'pg_trgm') then raise 'the extension is not available'; end if; end $$`,
  btree_gist: `do $$ begin if not exists (select from pg_available_extensions where name = 'btree_gist') then raise 'the extension is not available'; end if; end $$`,
  advisoryLocks: 'select pg_advisory_xact_lock(7201902)',
  jsonb: `select jsonb_path_exists('{"a":1}'::jsonb, '$.a')`,
  gin: 'create temp table doctor_words (w text[]); create index on doctor_words using gin (w)',
}

/** @throws when it cannot be reached */
export async function readDatabase(url: string): Promise<DatabaseFacts> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'changbai-doctor' })
  await client.connect()
  try {
    const one = async (text: string): Promise<Record<string, string>> => (await client.query<Record<string, string>>(text)).rows[0] ?? {}
    const head = await one(`select version() as banner, current_setting('server_version_num') as num,
      pg_encoding_to_char((select encoding from pg_database where datname = current_database())) as encoding`)
    const asked = Date.now()
    const clock = await one('select extract(epoch from clock_timestamp()) * 1000 as ms')
    const clockAheadMs = Number(clock.ms) - (asked + Date.now()) / 2
    const settings: Record<string, string> = {}
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes', 'max_connections', 'TimeZone'])
      settings[name] = (await one(`select current_setting('${name}', true) as value`)).value ?? ''
    const lacking: DatabaseFacts['lacking'] = {}
    for (const [name, text] of Object.entries(trials))
      await client.query(`begin; ${text}; rollback`).catch(async (error: Error) => {
        lacking[name as Feature] = error.message
        await client.query('rollback')
      })
    await hearsItself(client).catch((error: Error) => {
      lacking.listen = error.message
    })
    const known = await one(`select to_regclass('schema_migration')::text as name`)
    const migrations = known.name
      ? (await client.query<{ name: string }>('select name from schema_migration order by name')).rows.map(({ name }) => name)
      : null
    return {
      banner: head.banner ?? '',
      major: Math.floor(Number(head.num) / 10_000),
      encoding: head.encoding ?? '',
      settings,
      lacking,
      clockAheadMs,
      migrations,
    }
  } finally {
    await client.end()
  }
}

export interface Services {
  mail: { name: string; host: string; port: number }[]
  clouds: { name: string; driver: string; at: string | null; ok: boolean | null; problems: string[] }[]
}

/** Which mail relays and clouds are in use, from the installation's own tables. */
export async function readServices(url: string): Promise<Services> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'changbai-doctor' })
  await client.connect()
  try {
    const mail = await client.query<{ name: string; host: string; port: number }>(
      `select name, settings ->> 'host' as host, (settings ->> 'port')::int as port from notification_channel where channel = 'EMAIL' and state = 'ACTIVE'`,
    )
    const clouds = await client.query<{ name: string; driver: string; result: { at: string; ok: boolean; problems: string[] } | null }>(
      `select name, driver, check_result as result from cloud_connection where status = 'ACTIVE'`,
    )
    return {
      mail: mail.rows,
      clouds: clouds.rows.map(({ name, driver, result }) => ({
        name,
        driver,
        at: result?.at ?? null,
        ok: result?.ok ?? null,
        problems: result?.problems ?? [],
      })),
    }
  } finally {
    await client.end()
  }
}
