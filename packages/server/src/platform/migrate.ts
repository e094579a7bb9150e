import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { Database } from './db.ts'

const FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url))
/** One advisory lock for the whole product: several processes may start at once, one migrates, the others wait. */
const LOCK_KEY = 7_201_901

export interface MigrationResult {
  applied: string[]
  level: string
}

export class MigrationError extends Error {}

/** Names of the migrations this program carries, in order. */
export const knownMigrations = async (): Promise<string[]> => (await readdir(FOLDER)).filter((f) => /^\d{4}_\w+\.sql$/.test(f)).sort()

/** The last migration this program knows. */
export const knownLevel = async (): Promise<string> => (await knownMigrations()).at(-1) ?? ''

/**
 * What an upgrade would apply; null for a database that holds nothing yet, so that there is nothing to keep.
 * @throws MigrationError if the database is newer than the program
 */
export async function pendingMigrations(db: Database): Promise<{ from: string; pending: string[] } | null> {
  const { rows: there } = await sql<{ there: boolean }>`select to_regclass('public.schema_migration') is not null as there`.execute(db)
  if (!there[0]?.there) return null
  const { rows } = await sql<{ name: string }>`select name from schema_migration order by name`.execute(db)
  const done = rows.map(({ name }) => name)
  const from = done.at(-1)
  if (from === undefined) return null
  const known = await knownMigrations()
  refuseNewer(done, known)
  return { from, pending: known.filter((name) => !done.includes(name)) }
}

/** @throws MigrationError */
function refuseNewer(done: readonly string[], known: readonly string[]): void {
  const newer = done.find((name) => !known.includes(name))
  if (newer)
    throw new MigrationError(
      `数据库比本程序新（${newer}）：请启动新版本程序，或用升级前的备份退回（changbai rollback）。\n` +
        `The database is newer than this program: it holds ${newer}. Start the newer program, or go back to the backup taken before the upgrade (changbai rollback).`,
    )
}

/**
 * Brings the database to this program's level; each migration is one transaction.
 * @param upTo the last migration to apply; a restored backup is loaded at its own level
 * @throws MigrationError if the database is newer than the program, or an applied file has changed since
 */
export async function migrate(db: Database, upTo?: string): Promise<MigrationResult> {
  const files = (await knownMigrations()).filter((name) => upTo === undefined || name <= upTo)
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${LOCK_KEY})`.execute(connection)
    try {
      await sql`set statement_timeout = 0`.execute(connection)
      await sql`create table if not exists schema_migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`.execute(
        connection,
      )
      const { rows } = await sql<{ name: string; sha256: string }>`select name, sha256 from schema_migration order by name`.execute(
        connection,
      )
      const done = new Map(rows.map((row) => [row.name, row.sha256]))
      refuseNewer([...done.keys()], files)

      const applied: string[] = []
      for (const name of files) {
        const text = await readFile(FOLDER + name, 'utf8')
        const sha256 = createHash('sha256').update(text).digest('hex')
        const before = done.get(name)
        if (before === sha256) continue
        if (before) throw new MigrationError(`${name} was applied with other contents; migrations are never edited after release`)
        await connection.transaction().execute(async (tx) => {
          await sql
            .raw(text)
            .execute(tx)
            .catch((error: Error) => Promise.reject(new MigrationError(`${name}: ${error.message}`, { cause: error })))
          await sql`insert into schema_migration (name, sha256) values (${name}, ${sha256})`.execute(tx)
        })
        applied.push(name)
      }
      return { applied, level: files.at(-1) ?? '' }
    } finally {
      await sql`reset statement_timeout`.execute(connection)
      await sql`select pg_advisory_unlock(${LOCK_KEY})`.execute(connection)
    }
  })
}
