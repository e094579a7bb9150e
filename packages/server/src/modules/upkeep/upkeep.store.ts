import type { BackupRow, DrillRow } from '@changbai/contract/upkeep.ts'
import { type ColumnType, type Generated, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import { notifyLive } from '../../platform/door.ts'
import { GATE_CHANNEL } from '../../platform/gate.ts'
import type { Cursor } from '../../platform/keyset.ts'

type Json<T> = ColumnType<T, string | undefined, string>

declare module '../../platform/db.ts' {
  interface Tables {
    upgrade: {
      id: string
      from_version: string | null
      to_version: string
      from_level: string
      to_level: string
      migrations: number
      started_at: Temporal.Instant
      finished_at: Temporal.Instant | null
      state: 'RUNNING' | 'FINISHED' | 'REFUSED'
      backup_file: string | null
      backup_sha256: string | null
      instances: number | null
      findings: Json<string[]>
    }
    backup: {
      id: string
      kind: BackupRow['kind']
      state: BackupRow['state']
      place: BackupRow['place']
      file: string
      host: string
      encrypted: boolean
      started_at: Temporal.Instant
      finished_at: Temporal.Instant | null
      by_name: string
      taken_at: Temporal.Instant | null
      level: string | null
      size_bytes: number | null
      table_count: number | null
      row_count: number | null
      sha256: string | null
      error: string | null
      removed_at: Temporal.Instant | null
    }
    restore_drill: {
      id: string
      backup_id: string | null
      state: DrillRow['state']
      started_at: Temporal.Instant
      finished_at: Temporal.Instant | null
      by_name: string
      table_count: Generated<number | null>
      row_count: Generated<number | null>
      fact_count: Generated<number | null>
      batch_count: Generated<number | null>
      findings: Json<string[]>
    }
  }
}

export type Backup = Row<'backup'>
export type Drill = Row<'restore_drill'> & { file: string | null }
export type UpgradeRow = Row<'upgrade'>

export async function saveMaintenance(db: Db, change: Omit<RowChange<'maintenance'>, 'only'>): Promise<void> {
  await db.updateTable('maintenance').set(change).execute()
  await notifyLive(db, GATE_CHANNEL, '')
}

/** A run that died with its process holds the place of the next one; after so long nobody is at work on it any more. */
const ABANDONED_HOURS = 6

export async function insertBackup(db: Db, row: NewRow<'backup'>): Promise<Backup | undefined> {
  const since = row.started_at.subtract({ hours: ABANDONED_HOURS })
  await db
    .updateTable('backup')
    .set({ state: 'FAILED', finished_at: row.started_at, error: 'interrupted' })
    .where('state', '=', 'RUNNING')
    .where('started_at', '<', since)
    .execute()
  return db
    .insertInto('backup')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
}
export const updateBackup = async (db: Db, id: string, change: RowChange<'backup'>): Promise<void> =>
  void (await db.updateTable('backup').set(change).where('id', '=', id).execute())
export const backupById = (db: Db, id: string): Promise<Backup | undefined> =>
  db.selectFrom('backup').selectAll().where('id', '=', id).executeTakeFirst()
/** Served by index backup_started. */
export const backupsBefore = (db: Db, before: Cursor | undefined, limit: number): Promise<Backup[]> =>
  db
    .selectFrom('backup')
    .selectAll()
    .$if(before !== undefined, (query) => query.where(sql<boolean>`(started_at, id) < (${before?.[0]}::timestamptz, ${before?.[1]}::uuid)`))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
export const lastDone = (db: Db): Promise<Backup | undefined> =>
  db.selectFrom('backup').selectAll().where('state', '=', 'DONE').orderBy('taken_at', 'desc').limit(1).executeTakeFirst()
export const keptBackups = (db: Db): Promise<Backup[]> => db.selectFrom('backup').selectAll().where('state', '=', 'DONE').execute()

export async function insertDrill(db: Db, row: NewRow<'restore_drill'>): Promise<Row<'restore_drill'> | undefined> {
  const since = row.started_at.subtract({ hours: ABANDONED_HOURS })
  await db
    .updateTable('restore_drill')
    .set({ state: 'FAILED', finished_at: row.started_at, findings: JSON.stringify(['演练中断|The drill was interrupted']) })
    .where('state', '=', 'RUNNING')
    .where('started_at', '<', since)
    .execute()
  return db
    .insertInto('restore_drill')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
}
export const updateDrill = async (db: Db, id: string, change: RowChange<'restore_drill'>): Promise<void> =>
  void (await db.updateTable('restore_drill').set(change).where('id', '=', id).execute())

const drills = (db: Db) =>
  db.selectFrom('restore_drill').leftJoin('backup', 'backup.id', 'restore_drill.backup_id').selectAll('restore_drill').select('backup.file')
export const drillById = (db: Db, id: string): Promise<Drill | undefined> =>
  drills(db).where('restore_drill.id', '=', id).executeTakeFirst()
/** Served by index restore_drill_started. */
export const drillsBefore = (db: Db, before: Cursor | undefined, limit: number): Promise<Drill[]> =>
  drills(db)
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(restore_drill.started_at, restore_drill.id) < (${before?.[0]}::timestamptz, ${before?.[1]}::uuid)`),
    )
    .orderBy('restore_drill.started_at', 'desc')
    .orderBy('restore_drill.id', 'desc')
    .limit(limit)
    .execute()
export const lastDrill = (db: Db): Promise<Drill | undefined> =>
  drills(db).orderBy('restore_drill.started_at', 'desc').limit(1).executeTakeFirst()
export const lastPassed = (db: Db): Promise<Drill | undefined> =>
  drills(db).where('restore_drill.state', '=', 'PASSED').orderBy('restore_drill.started_at', 'desc').limit(1).executeTakeFirst()

export const openUpgrade = (db: Db): Promise<UpgradeRow | undefined> =>
  db.selectFrom('upgrade').selectAll().where('state', '!=', 'FINISHED').executeTakeFirst()
export const insertUpgrade = async (db: Db, row: NewRow<'upgrade'>): Promise<void> =>
  void (await db.insertInto('upgrade').values(row).execute())
export const updateUpgrade = async (db: Db, id: string, change: RowChange<'upgrade'>): Promise<void> =>
  void (await db.updateTable('upgrade').set(change).where('id', '=', id).execute())
/** Served by index upgrade_started. */
export const upgradesBefore = (db: Db, before: Cursor | undefined, limit: number): Promise<UpgradeRow[]> =>
  db
    .selectFrom('upgrade')
    .selectAll()
    .$if(before !== undefined, (query) => query.where(sql<boolean>`(started_at, id) < (${before?.[0]}::timestamptz, ${before?.[1]}::uuid)`))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
/** When this database was first used: before that nothing can be late. */
export async function installedAt(db: Db): Promise<Temporal.Instant> {
  const { rows } = await sql<{ at: Temporal.Instant }>`select min(applied_at) as at from schema_migration`.execute(db)
  return (rows[0] as { at: Temporal.Instant }).at
}
/** The version of the last upgrade that was finished; null on an installation that was never upgraded. */
export const lastVersion = async (db: Db): Promise<string | null> =>
  (
    await db
      .selectFrom('upgrade')
      .select('to_version')
      .where('state', '=', 'FINISHED')
      .orderBy('started_at', 'desc')
      .limit(1)
      .executeTakeFirst()
  )?.to_version ?? null
