import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type BackupRow, type DrillRow, type upkeepApi, upkeepProblems } from '@changbai/contract/upkeep.ts'
import { inBucket } from '../../platform/backup-file.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import type { BackupPlace } from '../../platform/runtime.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { isBackupLate, isDrillLate } from './retention.domain.ts'
import {
  type Backup,
  backupsBefore,
  type Drill,
  drillsBefore,
  insertBackup,
  insertDrill,
  installedAt,
  lastDone,
  lastDrill,
  lastPassed,
} from './upkeep.store.ts'

type Api = typeof upkeepApi

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'upkeep.back-up': { backupId?: string }
    'upkeep.drill': { drillId?: string }
    'upkeep.watch': Record<string, never>
  }
}

export const toBackup = (row: Backup): BackupRow => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  place: row.place,
  file: row.file,
  host: row.host,
  encrypted: row.encrypted,
  startedAt: row.started_at.toString(),
  finishedAt: row.finished_at?.toString() ?? null,
  by: row.by_name,
  takenAt: row.taken_at?.toString() ?? null,
  level: row.level,
  sizeBytes: row.size_bytes,
  tables: row.table_count,
  rows: row.row_count,
  sha256: row.sha256,
  error: row.error,
  removedAt: row.removed_at?.toString() ?? null,
})

/** A finding is kept in both languages, `中文|English`. */
const said = (ctx: Ctx, finding: string): string => {
  const [zh, en] = finding.split('|')
  return (ctx.locale === 'en-US' ? en : zh) ?? finding
}
const toDrill = (ctx: Ctx, row: Drill): DrillRow => ({
  id: row.id,
  backupId: row.backup_id,
  backupFile: row.file,
  state: row.state,
  startedAt: row.started_at.toString(),
  finishedAt: row.finished_at?.toString() ?? null,
  by: row.by_name,
  tables: row.table_count,
  rows: row.row_count,
  facts: row.fact_count,
  batches: row.batch_count,
  findings: row.findings.map((one) => said(ctx, one)),
})

/** `changbai-20260918-013000.cbk`, by the clock on the wall in China. */
export const backupName = (kind: BackupRow['kind'], at: Temporal.Instant): string => {
  const wall = at.toZonedDateTimeISO(SHANGHAI).toPlainDateTime().toString({ smallestUnit: 'second' })
  return `${kind === 'UPGRADE' ? 'upgrade' : 'changbai'}-${wall.replaceAll(/[-:]/g, '').replace('T', '-')}.cbk`
}

/** Takes the one place of a running backup; undefined while another runs. */
export async function beginBackup(
  ctx: Ctx,
  { folder, store }: Pick<BackupPlace, 'folder' | 'store'>,
  kind: BackupRow['kind'],
): Promise<Backup | undefined> {
  return insertBackup(ctx.db, {
    id: newId(),
    kind,
    state: 'RUNNING',
    place: store ? 'S3' : 'FOLDER',
    file: store ? inBucket(`backups/${backupName(kind, ctx.now)}`) : join(folder, backupName(kind, ctx.now)),
    host: hostname(),
    encrypted: true,
    started_at: ctx.now,
    by_name: ctx.actor.name,
  })
}

export const backUpNow =
  (place: BackupPlace) =>
  async (ctx: Ctx): Promise<BackupRow> => {
    const row = (await beginBackup(ctx, place, 'MANUAL')) ?? fail(upkeepProblems.busy)
    await ctx.record({ kind: 'backup.ordered', subject: { type: 'backup', id: row.id }, after: { file: row.file } })
    await ctx.enqueue('upkeep.back-up', { backupId: row.id })
    return toBackup(row)
  }

/** Takes the one place of a running drill, on the last backup. */
export async function beginDrill(ctx: Ctx): Promise<Drill | 'busy' | 'no-backup'> {
  const backup = await lastDone(ctx.db)
  if (!backup) return 'no-backup'
  const row = await insertDrill(ctx.db, {
    id: newId(),
    backup_id: backup.id,
    state: 'RUNNING',
    started_at: ctx.now,
    by_name: ctx.actor.name,
  })
  return row ? { ...row, file: backup.file } : 'busy'
}

export async function drillNow(ctx: Ctx): Promise<DrillRow> {
  const row = await beginDrill(ctx)
  if (row === 'busy') return fail(upkeepProblems.busy)
  if (row === 'no-backup') return fail(upkeepProblems.noBackup)
  await ctx.record({ kind: 'drill.ordered', subject: { type: 'drill', id: row.id }, after: { backupId: row.backup_id } })
  await ctx.enqueue('upkeep.drill', { drillId: row.id })
  return toDrill(ctx, row)
}

export async function readBackups(ctx: Ctx, { after, limit }: Input<Api['backups']>): Promise<Reply<Api['backups']>> {
  const rows = await backupsBefore(ctx.db, readCursor(after), limit + 1)
  const { items, next } = pageOf(rows, limit, (row) => [row.started_at.toString(), row.id])
  return { items: items.map(toBackup), next }
}

export async function readDrills(ctx: Ctx, { after, limit }: Input<Api['drills']>): Promise<Reply<Api['drills']>> {
  const rows = await drillsBefore(ctx.db, readCursor(after), limit + 1)
  const { items, next } = pageOf(rows, limit, (row) => [row.started_at.toString(), row.id])
  return { items: items.map((row) => toDrill(ctx, row)), next }
}

/** Is a backup or a drill overdue? Before the first one the day of installation counts. */
export async function lateness(
  ctx: Ctx,
): Promise<{ backup: boolean; drill: boolean; last: Backup | undefined; passed: Drill | undefined }> {
  const since = await installedAt(ctx.db)
  const last = await lastDone(ctx.db)
  const passed = await lastPassed(ctx.db)
  return { last, passed, backup: isBackupLate(last?.taken_at ?? since, ctx.now), drill: isDrillLate(passed?.started_at ?? since, ctx.now) }
}

const RECORDS = 500

/** What was backed up and tried out, newest first, for whoever has to show it. */
export async function backupRecords(ctx: Ctx): Promise<{
  backups: BackupRow[]
  drills: DrillRow[]
  last: Backup | undefined
  lastPassed: Drill | undefined
}> {
  return {
    backups: (await backupsBefore(ctx.db, undefined, RECORDS)).map(toBackup),
    drills: (await drillsBefore(ctx.db, undefined, RECORDS)).map((row) => toDrill(ctx, row)),
    last: await lastDone(ctx.db),
    lastPassed: await lastPassed(ctx.db),
  }
}

export const readBackupState =
  (kept: BackupPlace) =>
  async (ctx: Ctx): Promise<Reply<Api['backupState']>> => {
    const { folder, store, keepDays, keepMonths } = kept
    const { last, backup, drill } = await lateness(ctx)
    const drilled = await lastDrill(ctx.db)
    return {
      last: last ? toBackup(last) : null,
      lastDrill: drilled ? toDrill(ctx, drilled) : null,
      backupLate: backup,
      drillLate: drill,
      place: store ? 'S3' : 'FOLDER',
      folder: store ? store.url : folder,
      keepDays,
      keepMonths,
    }
  }
