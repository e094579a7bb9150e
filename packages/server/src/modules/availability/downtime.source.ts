import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { applicationsById } from '../inventory/index.ts'
import { cancelDowntime, noticeDowntime, recordDowntime } from './downtime.service.ts'
import { type DowntimeRecord, downtimeBySource, downtimesBetween } from './downtime.store.ts'

/** Planned downtime as the thing sees it that it belongs to, e.g. a change. */
export interface LinkedDowntime {
  id: string
  plannedFrom: Temporal.Instant
  plannedTo: Temporal.Instant
  noticeSentAt: Temporal.Instant | null
  recognised: boolean | null
  decidedBy: string | null
  actualFrom: Temporal.Instant | null
  actualTo: Temporal.Instant | null
  /** Milliseconds outside the window. */
  overrunMs: number
}
interface Source {
  type: string
  id: string
}

const overrun = (row: DowntimeRecord): number => {
  if (!row.actual_from || !row.actual_to) return 0
  const { planned_from: from, planned_to: to } = row
  const early = Math.max(0, from.epochMilliseconds - row.actual_from.epochMilliseconds)
  return early + Math.max(0, row.actual_to.epochMilliseconds - to.epochMilliseconds)
}

/** The window of this source, unless it was called off. */
export async function downtimeOf(ctx: Ctx, source: Source): Promise<LinkedDowntime | null> {
  const row = await downtimeBySource(ctx.db, source.type, source.id)
  if (!row || row.cancelled_at) return null
  return {
    id: row.id,
    plannedFrom: row.planned_from,
    plannedTo: row.planned_to,
    noticeSentAt: row.notice_sent_at,
    recognised: row.recognised,
    decidedBy: row.decided_by,
    actualFrom: row.actual_from,
    actualTo: row.actual_to,
    overrunMs: overrun(row),
  }
}

/** Those affected are told now, by the platform; the proof says how. Told once. @clause 7.1-I-1 */
export async function noticeNow(ctx: Ctx, source: Source, proof: string): Promise<void> {
  const row = await downtimeBySource(ctx.db, source.type, source.id)
  if (!row || row.notice_sent_at || row.recognised !== null) return
  await noticeDowntime(ctx, { downtimeId: row.id, rev: row.rev, noticeSentAt: ctx.now.toString(), proof })
}

/** When it was really stopped; what lies outside the window is an outage. Recorded once. */
export async function recordActual(ctx: Ctx, source: Source, from: Temporal.Instant, to: Temporal.Instant): Promise<void> {
  const row = await downtimeBySource(ctx.db, source.type, source.id)
  if (!row || row.cancelled_at || row.actual_from) return
  await recordDowntime(ctx, { downtimeId: row.id, rev: row.rev, actualFrom: from.toString(), actualTo: to.toString() })
}

/** Called off, if it has not begun: afterwards it stands as it was. */
export async function callOff(ctx: Ctx, source: Source, reason: string): Promise<void> {
  const row = await downtimeBySource(ctx.db, source.type, source.id)
  if (!row || row.cancelled_at || Temporal.Instant.compare(row.planned_from, ctx.now) <= 0) return
  await cancelDowntime(ctx, { downtimeId: row.id, rev: row.rev, reason })
}

/** Windows that reach into a span and touch an application the reader may see, with the names of those. */
export async function downtimesIn(
  ctx: Ctx,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Promise<
  {
    id: string
    sourceType: string | null
    plannedFrom: Temporal.Instant
    plannedTo: Temporal.Instant
    recognised: boolean | null
    impact: string
    applications: string[]
  }[]
> {
  const rows = (await downtimesBetween(ctx.db, from, to)).filter((row) => !row.cancelled_at)
  const names = await applicationsById(ctx, [...new Set(rows.flatMap((row) => row.application_ids))])
  const scope = scopeOf(ctx.actor, 'monitor.read', 'R', 'r')
  return rows.flatMap((row) => {
    const applications = row.application_ids.flatMap((id) => {
      const one = names.get(id)
      return one && reaches(scope, { tenantId: one.tenantId, applicationId: id }) ? [one.name] : []
    })
    if (applications.length === 0) return []
    return [
      {
        id: row.id,
        sourceType: row.source_type,
        plannedFrom: row.planned_from,
        plannedTo: row.planned_to,
        recognised: row.recognised,
        impact: row.impact,
        applications,
      },
    ]
  })
}
