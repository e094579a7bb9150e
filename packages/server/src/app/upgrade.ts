import { hostname } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { closeForUpgrade, type DoneUpgrade, upgradeBackupName } from '../modules/upkeep/index.ts'
import { systemActor } from '../platform/actor.ts'
import { writeSealedBackup } from '../platform/backup-file.ts'
import { openBucket } from '../platform/bucket.ts'
import { createCrypto } from '../platform/crypto.ts'
import { type Database, openDatabase } from '../platform/db.ts'
import { createDoor } from '../platform/door.ts'
import type { Log } from '../platform/log.ts'
import { knownLevel, migrate, pendingMigrations } from '../platform/migrate.ts'
import type { Secrets } from '../platform/secrets.ts'
import { systemClock } from '../platform/time.ts'
import { productVersion } from '../platform/version.ts'
import type { Config } from './config.ts'

/** One process upgrades; the others that start meanwhile wait and find nothing left to do. */
const LOCK_KEY = 7_201_903
/** Commands that were under way when the gate closed end within their statement timeout. */
const QUIET_SECONDS = 40

export interface UpgradeParts {
  url: string
  config: Pick<Config, 'backups' | 'bucket'>
  secrets: Secrets
  log: Log
  onStep?: (name: 'closed' | 'backup' | 'migrated') => void
}

export interface StoreReady {
  /** How many migrations were applied. */
  applied: number
  /** What is to be written down once the server is up; null where nothing was upgraded. */
  upgrade: DoneUpgrade | null
}

/**
 * Brings the database to this program's level. Where there is data already: closes the product for commands, waits for those under way, takes a
 * backup, migrates. The product opens again when {@link finishUpgrade} has found nothing missing.
 * @throws MigrationError
 */
export async function upgradeStore(parts: UpgradeParts): Promise<StoreReady> {
  // a connection of its own: backup and migrations of a large database take longer than any statement of ours may
  const { db, close } = openDatabase(parts.url, { poolSize: 3, applicationName: 'changbai-upgrade' })
  try {
    return await db.connection().execute(async (connection) => {
      await sql`set statement_timeout = 0; set idle_session_timeout = 0`.execute(connection)
      await sql`set lock_timeout = 0`.execute(connection)
      await sql`select pg_advisory_lock(${LOCK_KEY})`.execute(connection)
      try {
        return await upgradeLocked(db, parts)
      } finally {
        await sql`select pg_advisory_unlock(${LOCK_KEY})`.execute(connection)
      }
    })
  } finally {
    await close()
  }
}

async function upgradeLocked(db: Database, { url, config, secrets, log, onStep }: UpgradeParts): Promise<StoreReady> {
  const before = await pendingMigrations(db)
  if (!before || before.pending.length === 0) return { applied: (await migrate(db)).applied.length, upgrade: null }
  const startedAt = systemClock()
  const crypto = createCrypto(secrets)
  log.warn({ from: before.from, migrations: before.pending.length }, 'upgrade: the product is read-only until it is finished')
  if (await hasGate(db)) {
    const door = createDoor({
      db,
      clock: systemClock,
      crypto,
      jobs: { enqueue: async () => {} },
      reactions: {},
      loadParams: async () => noParams,
    })
    await door.enter({ actor: systemActor('upgrade') }, closeForUpgrade)
    onStep?.('closed')
    await waitUntilQuiet(db, log)
  }
  const file = join(config.backups.folder, upgradeBackupName(startedAt))
  const { sha256, takenAt, sizeBytes, tables, rows } = await writeSealedBackup(
    url,
    file,
    crypto,
    productVersion(),
    config.bucket ? openBucket(config.bucket) : null,
  )
  log.info({ file, sha256 }, 'upgrade: backup taken')
  onStep?.('backup')
  const { applied, level } = await migrate(db)
  onStep?.('migrated')
  return {
    applied: applied.length,
    upgrade: {
      fromLevel: before.from,
      toLevel: level || (await knownLevel()),
      migrations: applied.length,
      startedAt,
      backup: { file, host: hostname(), sha256, takenAt, sizeBytes, tables, rows },
    },
  }
}

const missing = (key: string): never => {
  throw new RangeError(`an upgrade reads no parameter of the plan, not even ${key}`)
}
const noParams = { number: missing, text: missing, flag: missing, duration: missing, value: missing }

/** Versions before the gate was built have nothing to close. */
async function hasGate(db: Database): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('public.maintenance') is not null as there`.execute(db)
  return rows[0]?.there ?? false
}

/** Commands that began before the gate closed may still commit; the backup waits for them. */
async function waitUntilQuiet(db: Database, log: Log): Promise<void> {
  const { rows } = await sql<{ at: string }>`select now()::text as at`.execute(db)
  const at = rows[0]?.at ?? ''
  for (let waited = 0; waited < QUIET_SECONDS * 4; waited += 1) {
    const open = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity where datname = current_database()
      and pid <> pg_backend_pid() and application_name = 'changbai' and xact_start <= ${at}::timestamptz`.execute(db)
    if (open.rows[0]?.n === 0) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  log.warn('upgrade: a transaction is still open, the backup is taken without waiting for it')
}
