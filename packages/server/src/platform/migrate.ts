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
      const newer = rows.find((row) => !files.includes(row.name))
      if (newer)
        throw new MigrationError(`the database is newer than this program: it holds ${newer.name}; start the newer program instead`)

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
