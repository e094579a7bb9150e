import { availabilityProblems, type Downtime } from '@changbai/contract/availability.shapes.ts'
import type { availabilityApi } from '@changbai/contract/availability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Application } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { NewEntry } from '@changbai/verify/availability/chain.ts'
import { isValidWindow } from '@changbai/verify/availability/figures.ts'
import { yearSpan } from '@changbai/verify/availability/year.ts'
import { reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { loadBusinessClock } from '../calendar/index.ts'
import { applicationsById } from '../inventory/index.ts'
import { tellDecided, tellNoticed } from './availability.notices.ts'
import { write } from './chain.service.ts'
import { changeDowntime, type DowntimeRecord, downtimeById, downtimeBySource, downtimesBetween, insertDowntime } from './downtime.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    'downtime.noticed': DowntimeTold
    'downtime.decided': DowntimeTold & { recognised: boolean; comment: string }
  }
}
/** What others are told of planned downtime. */
export interface DowntimeTold {
  downtimeId: string
  applicationIds: string[]
  plannedFrom: Temporal.Instant
  plannedTo: Temporal.Instant
  source: { type: string; id: string } | null
}
type Api = typeof availabilityApi

const compare = Temporal.Instant.compare
const ms = (at: Temporal.Instant | null) => at?.epochMilliseconds ?? null

/** How far in working days before the window the notice must have gone out, not to be marked late. @clause 7.1-I-1 */
async function latestNotice(ctx: Ctx, row: DowntimeRecord): Promise<boolean> {
  if (!row.notice_sent_at) return false
  const clock = await loadBusinessClock(ctx)
  return compare(clock.addTime(row.notice_sent_at, `${ctx.plan.number('downtime.noticeWorkdays')}wd`), row.planned_from) > 0
}

async function toDowntime(ctx: Ctx, row: DowntimeRecord, applications: ReadonlyMap<string, Application>): Promise<Downtime> {
  const from = row.planned_from.epochMilliseconds
  const approvedAt = row.recognised ? ms(row.decided_at) : null
  return {
    id: row.id,
    rev: row.rev,
    reason: row.reason,
    applications: row.application_ids.map((id) => ({ id, name: applications.get(id)?.name ?? id })),
    plannedFrom: row.planned_from.toString(),
    plannedTo: row.planned_to.toString(),
    impact: row.impact,
    rollbackPlan: row.rollback_plan,
    noticeSentAt: row.notice_sent_at?.toString() ?? null,
    noticeProof: row.notice_proof,
    late: await latestNotice(ctx, row),
    recognised: row.recognised,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toString() ?? null,
    comment: row.comment,
    actualFrom: row.actual_from?.toString() ?? null,
    actualTo: row.actual_to?.toString() ?? null,
    overrunMs: overrunOf(row),
    cancelledAt: row.cancelled_at?.toString() ?? null,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toString(),
    valid:
      !row.cancelled_at && isValidWindow({ from, to: row.planned_to.epochMilliseconds, noticedAt: ms(row.notice_sent_at), approvedAt }),
  }
}

/** Before the window and beyond it, in milliseconds; the outage measured there counts by itself. */
function overrunOf({ planned_from, planned_to, actual_from, actual_to }: DowntimeRecord): number {
  if (!actual_from || !actual_to) return 0
  const early = Math.max(0, Math.min(planned_from.epochMilliseconds, actual_to.epochMilliseconds) - actual_from.epochMilliseconds)
  return early + Math.max(0, actual_to.epochMilliseconds - Math.max(planned_to.epochMilliseconds, actual_from.epochMilliseconds))
}

const shown = async (ctx: Ctx, row: DowntimeRecord) => toDowntime(ctx, row, await applicationsById(ctx, row.application_ids))
const toldOf = (row: DowntimeRecord): DowntimeTold => ({
  downtimeId: row.id,
  applicationIds: row.application_ids,
  plannedFrom: row.planned_from,
  plannedTo: row.planned_to,
  source: row.source_type && row.source_id ? { type: row.source_type, id: row.source_id } : null,
})

/** Windows of a year that affect an application the caller may see. */
export async function listDowntimes(ctx: Ctx, { year }: Input<Api['downtimes']>): Promise<Reply<Api['downtimes']>> {
  return { items: await downtimesOf(ctx, year, scopeOf(ctx.actor, 'monitor.read', 'R', 'r')) }
}

export async function downtimesOf(ctx: Ctx, year: number, scope: ReturnType<typeof scopeOf>, applicationId?: string): Promise<Downtime[]> {
  const span = yearSpan(year)
  const rows = await downtimesBetween(
    ctx.db,
    Temporal.Instant.fromEpochMilliseconds(span.from),
    Temporal.Instant.fromEpochMilliseconds(span.to),
  )
  const applications = await applicationsById(
    ctx,
    rows.flatMap((row) => row.application_ids),
  )
  const items: Downtime[] = []
  for (const row of rows) {
    if (applicationId !== undefined && !row.application_ids.includes(applicationId)) continue
    const seen = row.application_ids.filter((id) => {
      const application = applications.get(id)
      return application !== undefined && reaches(scope, { tenantId: application.tenantId, applicationId: id })
    })
    if (seen.length > 0) items.push(await toDowntime(ctx, { ...row, application_ids: seen }, applications))
  }
  return items
}

export interface NewDowntime {
  reason: Downtime['reason']
  applicationIds: readonly string[]
  plannedFrom: Temporal.Instant
  plannedTo: Temporal.Instant
  impact: string
  rollbackPlan: string
  /** What it belongs to, e.g. a change; the same source is always the same window. */
  source?: { type: string; id: string }
}

/** Proposes a window and writes it into the chain of every application it affects. Asked again for the same source, it gives the first. @returns its id */
export async function addDowntime(ctx: Ctx, input: NewDowntime): Promise<string> {
  const known = input.source && (await downtimeBySource(ctx.db, input.source.type, input.source.id))
  if (known) return known.id
  const id = newId()
  await insertDowntime(ctx.db, {
    id,
    reason: input.reason,
    application_ids: [...new Set(input.applicationIds)].sort(),
    planned_from: input.plannedFrom,
    planned_to: input.plannedTo,
    impact: input.impact,
    rollback_plan: input.rollbackPlan,
    source_type: input.source?.type ?? null,
    source_id: input.source?.id ?? null,
    notice_sent_at: null,
    notice_file_id: null,
    recognised: null,
    decided_by: null,
    decided_at: null,
    actual_from: null,
    actual_to: null,
    cancelled_at: null,
    proposed_by: ctx.actor.name,
    proposed_by_person_id: ctx.actor.personId,
    proposed_at: ctx.now,
  })
  const { reason, impact, rollbackPlan: rollback } = input
  const body = { id, reason, impact, rollback, from: input.plannedFrom.epochMilliseconds, to: input.plannedTo.epochMilliseconds }
  await writeAll(ctx, input.applicationIds, { kind: 'window', body })
  await ctx.record({
    kind: 'downtime.proposed',
    subject: { type: 'planned-downtime', id },
    data: { ...input, source: input.source ?? null },
  })
  return id
}

/** In one order of applications, so that two windows cannot wait for each other. */
async function writeAll(ctx: Ctx, applicationIds: readonly string[], entry: NewEntry): Promise<void> {
  for (const id of [...new Set(applicationIds)].sort()) await write(ctx, id, [entry])
}

export async function proposeDowntime(ctx: Ctx, input: Input<Api['proposeDowntime']>): Promise<Downtime> {
  const [plannedFrom, plannedTo] = [Temporal.Instant.from(input.plannedFrom), Temporal.Instant.from(input.plannedTo)]
  const applications = await applicationsById(ctx, input.applicationIds)
  for (const id of input.applicationIds) {
    const application = applications.get(id) ?? fail(commonProblems.notFound)
    requireScope(ctx.actor, 'plannedDowntime.apply', 'C', { tenantId: application.tenantId, applicationId: id })
  }
  if (compare(plannedTo, plannedFrom) <= 0) fail(availabilityProblems.backwards)
  if (compare(plannedFrom, ctx.now) <= 0) fail(availabilityProblems.begun)
  const id = await addDowntime(ctx, { ...input, plannedFrom, plannedTo })
  return shown(ctx, (await downtimeById(ctx.db, id)) as DowntimeRecord)
}

async function hold(ctx: Ctx, id: string, rev: number): Promise<DowntimeRecord> {
  const row = (await downtimeById(ctx.db, id)) ?? fail(commonProblems.notFound)
  if (row.cancelled_at) fail(commonProblems.notFound)
  if (row.rev !== rev) fail(commonProblems.stale)
  return row
}

/** When and how those affected were told; the customer sees it before recognising. */
export async function noticeDowntime(ctx: Ctx, { downtimeId, rev, noticeSentAt, proof }: Input<Api['noticeDowntime']>): Promise<Downtime> {
  const row = await hold(ctx, downtimeId, rev)
  const at = Temporal.Instant.from(noticeSentAt)
  if (compare(at, ctx.now) > 0) fail(availabilityProblems.inFuture)
  if (row.recognised !== null) fail(availabilityProblems.decided)
  const next = await changeDowntime(ctx.db, downtimeId, rev, { notice_sent_at: at, notice_proof: proof })
  await writeAll(ctx, row.application_ids, { kind: 'window-noticed', body: { id: downtimeId, noticedAt: at.epochMilliseconds, proof } })
  await ctx.record({ kind: 'downtime.noticed', subject: { type: 'planned-downtime', id: downtimeId }, data: { noticeSentAt, proof } })
  await ctx.publish('downtime.noticed', toldOf(next))
  await tellNoticed(ctx, next, await applicationsById(ctx, next.application_ids))
  return shown(ctx, next)
}

/** The customer recognises it before it begins, or not; the instant is this command's own. @clause 7.1-I-1 */
export async function decideDowntime(ctx: Ctx, { downtimeId, rev, recognised, comment }: Input<Api['decideDowntime']>): Promise<Downtime> {
  const row = await hold(ctx, downtimeId, rev)
  if (row.recognised !== null) fail(availabilityProblems.decided)
  if (compare(row.planned_from, ctx.now) <= 0) fail(availabilityProblems.begun)
  if (recognised && !row.notice_sent_at) fail(availabilityProblems.notNoticed)
  const next = await changeDowntime(ctx.db, downtimeId, rev, { recognised, decided_by: ctx.actor.name, decided_at: ctx.now, comment })
  await writeAll(ctx, row.application_ids, { kind: 'window-decided', body: { id: downtimeId, recognised, comment } })
  await ctx.record({
    kind: recognised ? 'downtime.recognised' : 'downtime.refused',
    subject: { type: 'planned-downtime', id: downtimeId },
    data: { comment, applicationIds: row.application_ids },
  })
  await ctx.publish('downtime.decided', { ...toldOf(next), recognised, comment })
  await tellDecided(ctx, next, await applicationsById(ctx, next.application_ids))
  return shown(ctx, next)
}

export async function recordDowntime(ctx: Ctx, { downtimeId, rev, actualFrom, actualTo }: Input<Api['recordDowntime']>): Promise<Downtime> {
  const row = await hold(ctx, downtimeId, rev)
  const [from, to] = [Temporal.Instant.from(actualFrom), Temporal.Instant.from(actualTo)]
  if (compare(to, from) < 0) fail(availabilityProblems.backwards)
  if (compare(to, ctx.now) > 0) fail(availabilityProblems.inFuture)
  const next = await changeDowntime(ctx.db, downtimeId, rev, { actual_from: from, actual_to: to })
  if (row.actual_from) fail(availabilityProblems.ended)
  const actual = { from: from.epochMilliseconds, to: to.epochMilliseconds }
  for (const applicationId of row.application_ids)
    await write(ctx, applicationId, [{ kind: 'window-actual', body: { id: downtimeId, ...actual } }, stoppedFor(downtimeId, actual)])
  await ctx.record({ kind: 'downtime.took-place', subject: { type: 'planned-downtime', id: downtimeId }, data: { actualFrom, actualTo } })
  return shown(ctx, next)
}

/** It was down while it was stopped, whether or not a probe saw it: what lies in a valid window is left out by the window, what overran counts. */
function stoppedFor(downtimeId: string, { from, to }: { from: number; to: number }): NewEntry {
  const bounds = { id: `downtime:${downtimeId}`, from, to, fromLo: from, toLo: to }
  return { kind: 'stretch', body: { ...bounds, state: 'DOWN', source: 'MANUAL', domain: 'OPERATION', note: '计划停机实际起止' } }
}

/** Only before it begins: afterwards it would change what has been counted. */
export async function cancelDowntime(ctx: Ctx, { downtimeId, rev, reason }: Input<Api['cancelDowntime']>): Promise<Downtime> {
  const row = await hold(ctx, downtimeId, rev)
  if (compare(row.planned_from, ctx.now) <= 0) fail(availabilityProblems.begun)
  const next = await changeDowntime(ctx.db, downtimeId, rev, { cancelled_at: ctx.now })
  await writeAll(ctx, row.application_ids, { kind: 'window-cancelled', body: { id: downtimeId, reason } })
  await ctx.record({ kind: 'downtime.cancelled', subject: { type: 'planned-downtime', id: downtimeId }, data: { reason } })
  return shown(ctx, next)
}
