import type { Ctx } from '../../platform/ctx.ts'
import { readGate } from '../../platform/gate.ts'
import { newId } from '../../platform/ids.ts'
import { productVersion } from '../../platform/version.ts'
import { checkRunning } from '../process/index.ts'
import { backupName } from './backup.service.ts'
import { insertBackup, insertUpgrade, lastVersion, openUpgrade, saveMaintenance, updateBackup, updateUpgrade } from './upkeep.store.ts'

/** What was done to the database before this program could run on it. */
export interface DoneUpgrade {
  fromLevel: string
  toLevel: string
  migrations: number
  startedAt: Temporal.Instant
  backup: { file: string; host: string; sha256: string; takenAt: string; sizeBytes: number; tables: number; rows: number }
}

export const upgradeBackupName = (at: Temporal.Instant): string => backupName('UPGRADE', at)

/** Nobody works while an upgrade is under way; only its end opens the product again. */
export const closeForUpgrade = async (ctx: Ctx): Promise<void> => {
  await saveMaintenance(ctx.db, {
    state: 'READ_ONLY',
    cause: 'UPGRADE',
    reason: `升级到 ${productVersion()}`,
    since: ctx.now,
    until: null,
    by_name: ctx.actor.name,
  })
}

/** Begins the record of an upgrade, once its tables are surely there. One that was left unfinished by a crash goes on under its own row. */
export async function beginUpgrade(ctx: Ctx, done: DoneUpgrade): Promise<void> {
  const { backup } = done
  const kept = await insertBackup(ctx.db, {
    id: newId(),
    kind: 'UPGRADE',
    state: 'RUNNING',
    place: 'FOLDER',
    file: backup.file,
    host: backup.host,
    encrypted: true,
    started_at: done.startedAt,
    by_name: ctx.actor.name,
  })
  if (kept)
    await updateBackup(ctx.db, kept.id, {
      state: 'DONE',
      finished_at: ctx.now,
      taken_at: Temporal.Instant.from(backup.takenAt),
      level: done.fromLevel,
      size_bytes: backup.sizeBytes,
      table_count: backup.tables,
      row_count: backup.rows,
      sha256: backup.sha256,
    })
  if (await openUpgrade(ctx.db)) return
  await insertUpgrade(ctx.db, {
    id: newId(),
    from_version: await lastVersion(ctx.db),
    to_version: productVersion(),
    from_level: done.fromLevel,
    to_level: done.toLevel,
    migrations: done.migrations,
    started_at: done.startedAt,
    state: 'RUNNING',
    backup_file: backup.file,
    backup_sha256: backup.sha256,
  })
}

/**
 * Compares the running instances with what this program can carry on; the upgrade is finished and work resumes only when nothing is missing.
 * @returns what is missing; empty when the upgrade is finished, or none was under way
 */
export async function finishUpgrade(ctx: Ctx): Promise<string[]> {
  const upgrade = await openUpgrade(ctx.db)
  const running = await checkRunning(ctx)
  const findings = running.flatMap(({ missing }) => missing)
  if (!upgrade) {
    // a backup taken before an upgrade was restored: it holds the gate as the upgrade had closed it
    if (findings.length === 0) await openAfterUpgrade(ctx)
    return findings
  }
  const instances = running.reduce((sum, one) => sum + one.instances, 0)
  const isFinished = findings.length === 0
  await updateUpgrade(ctx.db, upgrade.id, {
    state: isFinished ? 'FINISHED' : 'REFUSED',
    finished_at: isFinished ? ctx.now : null,
    instances,
    findings: JSON.stringify(findings),
  })
  const { from_level, to_level, backup_file } = upgrade
  await ctx.record({
    kind: isFinished ? 'upgrade.finished' : 'upgrade.refused',
    subject: { type: 'upgrade', id: upgrade.id },
    after: { from: from_level, to: to_level, instances, backup: backup_file },
    ...(isFinished ? {} : { data: { findings } }),
  })
  if (isFinished) await openAfterUpgrade(ctx)
  return findings
}

async function openAfterUpgrade(ctx: Ctx): Promise<void> {
  if ((await readGate(ctx.db)).cause !== 'UPGRADE') return
  await saveMaintenance(ctx.db, { state: 'OPEN', cause: null, reason: '', since: null, until: null, by_name: null })
}
