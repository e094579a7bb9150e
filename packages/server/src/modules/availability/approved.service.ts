import type { Ctx } from '../../platform/ctx.ts'
import { downtimesBetween } from './downtime.store.ts'

export interface ApprovedWindow {
  fromMs: number
  toMs: number
}

/** Planned downtime the customer recognised and nobody called off, by application. */
export async function approvedWindows(ctx: Ctx, from: Temporal.Instant, to: Temporal.Instant): Promise<Map<string, ApprovedWindow[]>> {
  const windows = new Map<string, ApprovedWindow[]>()
  for (const row of await downtimesBetween(ctx.db, from, to)) {
    if (row.recognised !== true || row.cancelled_at !== null) continue
    for (const id of row.application_ids) {
      const held = windows.get(id) ?? []
      held.push({ fromMs: row.planned_from.epochMilliseconds, toMs: row.planned_to.epochMilliseconds })
      windows.set(id, held)
    }
  }
  return windows
}

/** Planned downtime that was noticed and runs at this moment; whether the customer recognised it is another matter. */
export async function downtimesNow(ctx: Ctx): Promise<{ id: string; label: string; to: Temporal.Instant; applicationIds: string[] }[]> {
  const rows = await downtimesBetween(ctx.db, ctx.now, ctx.now.add({ milliseconds: 1 }))
  return rows
    .filter((row) => row.cancelled_at === null && row.notice_sent_at !== null && row.recognised !== false)
    .map((row) => ({ id: row.id, label: row.impact.slice(0, 100) || row.reason, to: row.planned_to, applicationIds: row.application_ids }))
}
