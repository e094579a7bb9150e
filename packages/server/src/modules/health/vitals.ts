import { statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import type { SlowTally } from '../../platform/slow.ts'
import { addSlow, type ProcessRecord, removeProcess, saveProcess } from './health.store.ts'

/** What only the process itself knows of itself. */
export interface OwnVitals {
  /** Says how it is, and gives up what it added since the last time. */
  report(ctx: Ctx): Promise<void>
  /** It ends in order: nobody has to wonder where it went. */
  leave(ctx: Ctx): Promise<void>
}

/** Free share of the fullest of the disks, 0..1; null where none could be asked. */
export async function freeShare(folders: readonly string[]): Promise<number | null> {
  const shares = await Promise.all(
    folders.map((folder) =>
      statfs(folder).then(
        ({ bavail, blocks }) => (blocks > 0 ? bavail / blocks : null),
        () => null,
      ),
    ),
  )
  const known = shares.filter((share) => share !== null)
  return known.length > 0 ? Math.min(...known) : null
}

/** @param folders those the process writes to */
export function watchOwnVitals(version: string, startedAt: Temporal.Instant, folders: readonly string[], slow: SlowTally): OwnVitals {
  const id = newId()
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  return {
    async report(ctx) {
      const row: ProcessRecord = {
        id,
        host: hostname(),
        pid: process.pid,
        version,
        started_at: startedAt,
        seen_at: ctx.now,
        memory_bytes: process.memoryUsage.rss(),
        loop_lag_ms: Math.max(0, Math.round(delay.max / 1e6)),
        disk_free: await freeShare(folders),
      }
      delay.reset()
      await saveProcess(ctx.db, row)
      await addSlow(
        ctx.db,
        slow.take().map((figure) => ({ ...figure, digest: sha256Hex(figure.statement) })),
        ctx.now,
      )
    },
    async leave(ctx) {
      delay.disable()
      await removeProcess(ctx.db, id)
    },
  }
}
