import { hkdfSync } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { openDatabase } from '../../platform/db.ts'
import { migrate } from '../../platform/migrate.ts'
import type { Secrets } from '../../platform/secrets.ts'

/** Why nobody can practise here, in words for the person who wanted to. */
export class PracticePlaceError extends Error {}

/** Beside the product's own database, on the same server, under its name and this. */
const SUFFIX = '_practice'

export function practiceUrl(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  url.pathname = `${url.pathname}${SUFFIX}`
  return url.href
}

const nameIn = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1))

async function asNeighbour<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'changbai-practice' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/**
 * Makes the database of the practice world where it is not there yet, brings it to this program's level and puts up its walls: only the
 * simulated cloud can be connected, and no way to anybody outside can be set up, whatever a program asks for.
 * @throws PracticePlaceError where none may be made, or where a database of that name is something else
 */
export async function openPlace(databaseUrl: string): Promise<string> {
  const url = practiceUrl(databaseUrl)
  const name = nameIn(url)
  await asNeighbour(databaseUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount) return
    await client
      .query(`create database ${pg.escapeIdentifier(name)} template template0`)
      .catch((error: { code?: string; message: string }) => {
        // made by another process in this moment
        if (error.code === '42P04' || error.code === '23505') return
        throw new PracticePlaceError(
          `练习需要一个独立的数据库，请数据库管理员先建好 ${name}（${error.message}）/ practice needs a database of its own: have ${name} created first (${error.message})`,
        )
      })
  })
  const { db, close } = openDatabase(url, { poolSize: 2, applicationName: 'changbai-practice' })
  try {
    const { rows } = await sql<{ used: boolean; marked: boolean }>`
      select to_regclass('public.schema_migration') is not null as used, to_regclass('public.practice_world') is not null as marked`.execute(
      db,
    )
    const found = rows[0]
    if (found?.used && !found.marked)
      throw new PracticePlaceError(
        `数据库 ${name} 已另有他用，不能用来练习 / the database ${name} holds something else and is no practice world`,
      )
    await sql`create table if not exists practice_world (single boolean primary key default true check (single), founded_at timestamptz not null default now())`.execute(
      db,
    )
    await migrate(db)
    await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(7201905)`.execute(tx)
      await sql`alter table cloud_connection drop constraint if exists practice_simulator_only`.execute(tx)
      await sql`alter table cloud_connection add constraint practice_simulator_only check (driver = 'simulator')`.execute(tx)
      await sql`alter table notification_channel drop constraint if exists practice_nobody_outside`.execute(tx)
      await sql`alter table notification_channel add constraint practice_nobody_outside check (false)`.execute(tx)
    })
  } finally {
    await close()
  }
  return url
}

/** Forgets the practice world as a whole; left as it is where another process is still in it. @returns whether it is gone */
export async function dropPlace(databaseUrl: string): Promise<boolean> {
  const name = nameIn(practiceUrl(databaseUrl))
  return asNeighbour(databaseUrl, async (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)}`).then(
      () => true,
      (error: { code?: string }) => {
        if (error.code === '55006') return false
        throw error
      },
    ),
  )
}

const derived = (key: Buffer, use: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', `changbai practice ${use}`, 32))

/** Keys of its own: a ledger sealed in the practice world never verifies as the real one. */
export const practiceSecrets = ({ encryption, signing }: Secrets): Secrets => ({
  encryption: derived(encryption, 'encryption'),
  signing: derived(signing, 'signing'),
})
