import { rm } from 'node:fs/promises'
import { systemActor } from '../../platform/actor.ts'
import { bucketName, readBackupFile, readBucketBackup, writeBucketBackup, writeSealedBackup } from '../../platform/backup-file.ts'
import { BackupError } from '../../platform/backup-frames.ts'
import { removeParts } from '../../platform/backup-parts.ts'
import { type Bucket, BucketError } from '../../platform/bucket.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { rehearseRestore } from '../../platform/drill.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { productVersion } from '../../platform/version.ts'
import { beginBackup, beginDrill, lateness } from './backup.service.ts'
import { removableBackups } from './retention.domain.ts'
import { tellUpkeep } from './upkeep.notices.ts'
import { backupById, drillById, keptBackups, lastPassed, updateBackup, updateDrill } from './upkeep.store.ts'

const machine = systemActor('upkeep')
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500)

/** Old files go after a new one is safe, the row stays and says when. A file that is gone already counts as removed. */
async function removeOld({ door, backups, log }: Runtime): Promise<void> {
  const gone = await door.enter({ actor: machine, readOnly: true }, async (ctx) => {
    const kept = await keptBackups(ctx.db)
    const ids = removableBackups(
      kept.map(({ id, kind, taken_at, started_at }) => ({ id, kind, takenOn: shanghaiDay(taken_at ?? started_at) })),
      shanghaiDay(ctx.now),
      backups,
    )
    return kept.filter(({ id }) => ids.includes(id))
  })
  for (const { id, file } of gone) {
    await removeFile(file, backups.store).catch((err: unknown) => log.warn({ err, file }, 'an old backup could not be removed'))
    await door.enter({ actor: machine }, async (ctx) => {
      await updateBackup(ctx.db, id, { state: 'REMOVED', removed_at: ctx.now })
      await ctx.record({ kind: 'backup.removed', subject: { type: 'backup', id }, data: { file } })
    })
  }
}

/** @throws Error when it lies in a bucket that is not configured any more */
const storeOf = (store: Bucket | null | undefined): Bucket => {
  if (!store) throw new BackupError('the backup lies in a bucket: BACKUP_S3_URL is needed')
  return store
}
const removeFile = (file: string, store: Bucket | null | undefined): Promise<void> => {
  const name = bucketName(file)
  return name === null ? rm(file, { force: true }) : removeParts(storeOf(store), name)
}

/** Writes the backup that was ordered, or the nightly one. A failure is a row and a notice, not a retry: the next night comes. */
export async function runBackup(runtime: Runtime, backupId?: string): Promise<void> {
  const { door, backups, databaseUrl, crypto } = runtime
  const row = await door.enter({ actor: machine }, (ctx) =>
    backupId ? backupById(ctx.db, backupId) : beginBackup(ctx, backups, 'SCHEDULED'),
  )
  if (row?.state !== 'RUNNING') return
  try {
    const name = bucketName(row.file)
    const attachments = backups.bucket ?? null
    const written =
      name === null
        ? await writeSealedBackup(databaseUrl, row.file, crypto, productVersion(), attachments)
        : await writeBucketBackup(databaseUrl, storeOf(backups.store), name, crypto, productVersion(), attachments)
    await door.enter({ actor: machine }, async (ctx) => {
      await updateBackup(ctx.db, row.id, {
        state: 'DONE',
        finished_at: ctx.now,
        taken_at: Temporal.Instant.from(written.takenAt),
        level: written.migration,
        size_bytes: written.sizeBytes,
        table_count: written.tables,
        row_count: written.rows,
        sha256: written.sha256,
      })
      await ctx.record({ kind: 'backup.taken', subject: { type: 'backup', id: row.id }, after: { file: row.file, sha256: written.sha256 } })
    })
  } catch (error) {
    const reason = messageOf(error)
    await door.enter({ actor: machine }, async (ctx) => {
      await updateBackup(ctx.db, row.id, { state: 'FAILED', finished_at: ctx.now, error: reason })
      await ctx.record({ kind: 'backup.failed', subject: { type: 'backup', id: row.id }, data: { reason } })
      await tellUpkeep(ctx, 'upkeep.backup-failed', { reason })
    })
    return
  }
  await removeOld(runtime)
}

/** What to do about a drill that could not be made, in both languages. */
function findingOf(error: unknown): string {
  const { code } = error as { code?: string }
  if (code === '42501')
    return '数据库账号无权建库：alter role … createdb，或设置 DRILL_DATABASE_URL|The role may not create databases: alter role … createdb, or set DRILL_DATABASE_URL'
  if (code === 'ENOENT')
    return '备份文件不在本机：多台主机时 BACKUP_DIR 须是共享目录|The backup file is not on this machine: with several machines BACKUP_DIR must be shared'
  const text = messageOf(error).replaceAll('|', '/')
  if (error instanceof BucketError) return `备份读不回来：${text}|The backup cannot be read back: ${text}`
  return error instanceof BackupError ? `备份文件无法恢复：${text}|The backup cannot be restored: ${text}` : text
}

/** Restores the last backup into a scratch database, checks it and records what came of it. */
export async function runDrill(runtime: Runtime, drillId?: string): Promise<void> {
  const { door, backups, databaseUrl, crypto } = runtime
  const row = await door.enter({ actor: machine }, async (ctx) => (drillId ? drillById(ctx.db, drillId) : beginDrill(ctx)))
  if (!row || typeof row === 'string' || row.state !== 'RUNNING' || row.file === null) return
  const name = bucketName(row.file)
  const open = (file: string) => (name === null ? readBackupFile(file, crypto) : readBucketBackup(storeOf(backups.store), name, crypto))
  const rehearse = async (file: string) => {
    const input = open(file)
    return rehearseRestore(backups.scratchUrl ?? databaseUrl, input, crypto, door.clock()).finally(() => input.destroy())
  }
  const done = await rehearse(row.file).catch((error: unknown) => ({
    findings: [findingOf(error)],
    tables: null,
    rows: null,
    facts: null,
    batches: null,
  }))
  const state = done.findings.length === 0 ? 'PASSED' : 'FAILED'
  await door.enter({ actor: machine }, async (ctx) => {
    await updateDrill(ctx.db, row.id, {
      state,
      finished_at: ctx.now,
      table_count: done.tables,
      row_count: done.rows,
      fact_count: done.facts,
      batch_count: done.batches,
      findings: JSON.stringify(done.findings),
    })
    await ctx.record({
      kind: state === 'PASSED' ? 'drill.passed' : 'drill.failed',
      subject: { type: 'drill', id: row.id },
      after: { backupId: row.backup_id, tables: done.tables, rows: done.rows, facts: done.facts },
      ...(done.findings.length > 0 ? { data: { findings: done.findings } } : {}),
    })
    if (state === 'FAILED') await tellUpkeep(ctx, 'upkeep.drill-failed', { reason: done.findings[0] ?? '' })
  })
}

const wallTime = (at: Temporal.Instant | null | undefined): string =>
  at ? at.toZonedDateTimeISO(SHANGHAI).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ') : '—'

/** Says it when the last backup or the last drill lies too far back. */
export async function watchUpkeep(ctx: Ctx): Promise<void> {
  const { backup, drill, last } = await lateness(ctx)
  if (backup) await tellUpkeep(ctx, 'upkeep.backup-late', { since: wallTime(last?.taken_at) })
  if (drill) await tellUpkeep(ctx, 'upkeep.drill-late', { since: wallTime((await lastPassed(ctx.db))?.started_at) })
}

/** A whole cloud's database is read in an hour at most. */
const LONG_SECONDS = 4 * 3_600

export const upkeepJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'upkeep.back-up',
    retries: 0,
    concurrency: 1,
    expireSeconds: LONG_SECONDS,
    whileReadOnly: true,
    handler: ({ backupId }) => runBackup(runtime(), backupId),
  }),
  jobKind({
    name: 'upkeep.drill',
    retries: 0,
    concurrency: 1,
    expireSeconds: LONG_SECONDS,
    whileReadOnly: true,
    handler: ({ drillId }) => runDrill(runtime(), drillId),
  }),
  jobKind({ name: 'upkeep.watch', handler: () => runtime().door.enter({ actor: machine }, watchUpkeep) }),
]

/** Nightly, before the working day; the drill on the first of the month, on the backup of that night. */
export const upkeepCron: CronLine[] = [
  cronLine({ job: 'upkeep.back-up', cron: '30 1 * * *', payload: {} }),
  cronLine({ job: 'upkeep.drill', cron: '30 2 1 * *', payload: {} }),
  cronLine({ job: 'upkeep.watch', cron: '23 * * * *', payload: {} }),
]
