import type { IncidentAct, IncidentClock, IncidentDetail, IncidentSummary } from '@changbai/contract/incident.ts'
import { actorCan, reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { personNames, tenantNames } from '../identity/index.ts'
import { applicationsById } from '../inventory/index.ts'
import { clockKinds, foldHolds, isMajor, stateOf } from './clocks.domain.ts'
import { toCorrection } from './correction.present.ts'
import { type ClockRow, clocksOf, type RelatedRow, type StoredJudgment, surroundingsOf } from './history.store.ts'
import { factsOf } from './incident.domain.ts'
import type { IncidentLine, IncidentRow } from './incident.store.ts'
import { timelineItems } from './timeline.domain.ts'

export const placeOf = (row: Pick<IncidentRow, 'tenant_id' | 'application_id'>) => ({
  tenantId: row.tenant_id,
  applicationId: row.application_id,
})
const text = (at: Temporal.Instant | null): string | null => at?.toString() ?? null

function toClock(row: ClockRow, now: Temporal.Instant): IncidentClock {
  const done = row.done_at?.epochMilliseconds ?? null
  const due = row.due_at.toString()
  const own = stateOf(row.due_at.epochMilliseconds, done, now.epochMilliseconds)
  // most clocks were judged by one severity only: nothing is read from text again
  const state = (dueAt: string) =>
    dueAt === due ? own : stateOf(Temporal.Instant.from(dueAt).epochMilliseconds, done, now.epochMilliseconds)
  return {
    clock: row.clock,
    level: row.level,
    startAt: row.start_at.toString(),
    dueAt: due,
    doneAt: text(row.done_at),
    state: own,
    judgments: (row.judgments as StoredJudgment[]).map(({ level, startAt, dueAt }) => ({
      level: level as IncidentClock['level'],
      startAt,
      dueAt,
      state: state(dueAt),
    })),
  }
}

/** Several at once: clocks and names are read once for all. */
export async function toSummaries(ctx: Ctx, rows: readonly IncidentLine[]): Promise<IncidentSummary[]> {
  const clocks = Map.groupBy(
    await clocksOf(
      ctx.db,
      rows.map((row) => row.id),
    ),
    (clock) => clock.incident_id,
  )
  const tenants = await tenantNames(ctx, [...new Set(rows.flatMap((row) => row.tenant_id ?? []))])
  const applications = await applicationsById(ctx, [...new Set(rows.flatMap((row) => row.application_id ?? []))])
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    title: row.title,
    severity: row.severity,
    topSeverity: row.top_severity,
    status: row.status,
    source: row.source,
    tenantId: row.tenant_id,
    tenantName: row.tenant_id ? (tenants.get(row.tenant_id) ?? null) : null,
    applicationId: row.application_id,
    applicationName: row.application_id ? (applications.get(row.application_id)?.name ?? null) : null,
    reporterName: row.reporter_name,
    handlerName: row.handler_name,
    isSecurity: row.is_security,
    clockStartAt: row.clock_start_at.toString(),
    clocks: clockKinds.flatMap((kind) =>
      (clocks.get(row.id) ?? []).filter((one) => one.clock === kind).map((one) => toClock(one, ctx.now)),
    ),
    held: row.held,
    mergedIntoId: row.merged_into_id,
    parentId: row.parent_id,
    closedAt: text(row.closed_at),
  }))
}

/** Of the provider's side: may take, respond, plan and repair. */
export const isProvider = (ctx: Ctx): boolean =>
  ctx.actor.grants.some((grant) => ['DUTY_OFFICER', 'MAINTENANCE_ENGINEER', 'MAINTENANCE_MANAGER', 'SERVICE_DESK'].includes(grant.role))
export const isManager = (ctx: Ctx): boolean => ctx.actor.grants.some((grant) => grant.role === 'MAINTENANCE_MANAGER')
/** Who reported it, or speaks for the bureau or the customer. */
export const isReporterSide = (ctx: Ctx, row: IncidentRow): boolean =>
  (row.reporter_id !== null && row.reporter_id === ctx.actor.personId) || reaches(scopeOf(ctx.actor, 'incident.close', 'A'), placeOf(row))

function mayNow(ctx: Ctx, row: IncidentRow, untold: boolean, openActions: boolean): IncidentAct[] {
  const { actor } = ctx
  const may: IncidentAct[] = []
  const add = (act: IncidentAct, allowed: boolean) => void (allowed && may.push(act))
  const closed = row.status === 'CLOSED'
  const provider = isProvider(ctx)
  const at = (node: string) => row.node === node
  const customer = actorCan(actor, 'incident.severity.override', 'A') && actor.grants.some((grant) => grant.role === 'CUSTOMER_OM_MANAGER')
  add('TAKE', !closed && provider && row.handler_id !== actor.personId && (row.handler_id === null || isManager(ctx)))
  add('RESPOND', provider && at('respondIncident') && (row.handler_id === null || row.handler_id === actor.personId))
  const engineer = actor.grants.some((grant) => ['DUTY_OFFICER', 'MAINTENANCE_ENGINEER', 'MAINTENANCE_MANAGER'].includes(grant.role))
  add('PLAN', engineer && at('planHandling'))
  add('RESOLVE', engineer && at('repairIncident'))
  add('VERIFY', at('verifyRestored') && reaches(scopeOf(actor, 'incident.close', 'A'), placeOf(row)))
  add('CONFIRM', at('confirmRestored') && customer)
  add('REPORT', engineer && at('writeReport'))
  add('POSTMORTEM', at('writePostmortem') && actorCan(actor, 'postmortem.write', 'C'))
  const approver = at('approvePostmortem') ? 'PROVIDER_LEADER' : at('endorsePostmortem') ? 'CUSTOMER_OM_MANAGER' : null
  add(
    'APPROVE_POSTMORTEM',
    actor.grants.some((grant) => grant.role === approver),
  )
  add('LOG', !closed)
  add('BROADCAST', !closed && provider && isMajor(row.top_severity))
  add('LEVEL', !closed && !row.level_asked && (provider || isReporterSide(ctx, row)))
  const asked = row.level_asked
  add('ANSWER_LEVEL', !closed && asked !== null && ((isManager(ctx) && !asked.manager) || (isReporterSide(ctx, row) && !asked.reporter)))
  add(
    'SCHEDULE',
    provider && row.top_severity === 'IV' && row.node !== null && ['respondIncident', 'planHandling', 'repairIncident'].includes(row.node),
  )
  add('HOLD', !closed && customer && !row.held)
  add('RELEASE', !closed && customer && row.held)
  add('MERGE', !closed && isManager(ctx))
  add('ACK_LEADER', untold)
  add('VERIFY_ACTION', openActions && (actorCan(actor, 'postmortem.write', 'C') || actorCan(actor, 'postmortem.approve', 'A')))
  add('CORRECT', row.merged_into_id === null && (provider || customer || isReporterSide(ctx, row)))
  add('RATE', closed && row.rating === null && row.merged_into_id === null && row.reporter_id === actor.personId)
  return may
}

/** What follows by itself, in whoever's command it happened. */
const BY_PROGRAM: ReadonlySet<string> = new Set(['PAGED', 'LEADER_TOLD', 'WARNED', 'CLOSED'])

export async function toDetail(ctx: Ctx, row: IncidentRow): Promise<IncidentDetail> {
  const [summary] = await toSummaries(ctx, [row])
  const { events, corrections, leaders, actions, related } = await surroundingsOf(ctx.db, row)
  const names = await personNames(ctx, [
    ...leaders.map((one) => one.person_id),
    ...actions.flatMap((one) => [one.owner_id, ...(one.verified_by ? [one.verified_by] : [])]),
  ])
  const holds = foldHolds(factsOf(events))
  const scope = scopeOf(ctx.actor, 'incident.read', 'R', 'r')
  // another bureau's incident in the same storm is not shown
  const seen = (one: RelatedRow | undefined) =>
    one && reaches(scope, placeOf(one)) ? { id: one.id, number: one.number, title: one.title, status: one.status } : null
  const seenAll = (rows: readonly RelatedRow[]) => rows.map(seen).filter((one) => one !== null)
  const untold = leaders.some((one) => one.person_id === ctx.actor.personId && one.ack_at === null)
  const asked = row.level_asked
  const until = clockEnd(summary as IncidentSummary, ctx.now)
  return {
    ...(summary as IncidentSummary),
    rev: row.rev,
    symptom: row.symptom,
    criteria: row.criteria,
    reporterPhone: row.reporter_phone,
    isPartner: isReporterSide(ctx, row) || (row.handler_id !== null && row.handler_id === ctx.actor.personId),
    detectedAt: text(row.detected_at),
    reportedAt: row.reported_at.toString(),
    scheduledFor: text(row.scheduled_for),
    holds: holds.map(({ from, to }) => ({ from: from.toString(), to: text(to) })),
    heldMilliseconds: holds.reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(to?.epochMilliseconds ?? until, until) - from.epochMilliseconds),
      0,
    ),
    events: events.map((one) => ({
      id: one.id,
      kind: one.kind,
      at: one.at.toString(),
      wasAt: text(one.was_at),
      recordedAt: one.recorded_at.toString(),
      byName: one.by_id === null || BY_PROGRAM.has(one.kind) ? '' : one.by_name,
      text: one.text,
      level: one.level,
      forAt: text(one.for_at),
    })),
    corrections: corrections.map((one) => toCorrection(ctx, one, events.find((event) => event.id === one.event_id)?.kind ?? 'LOG')),
    broadcastDueAt: text(row.broadcast_due_at),
    plan: row.plan,
    report: row.report,
    reportDueAt: text(row.report_due_at),
    postmortem: row.postmortem,
    postmortemDueAt: text(row.postmortem_due_at),
    timeline: row.postmortem && (row.timeline ?? { frozenAt: null, frozenBy: null, digest: null, items: timelineItems(events) }),
    actions: actions.map((one) => ({
      id: one.id,
      desc: one.description,
      type: one.type,
      ownerId: one.owner_id,
      ownerName: names.get(one.owner_id) ?? '',
      dueOn: one.due_on.toString(),
      verifyMethod: one.verify_method,
      state: one.state,
      doneAt: text(one.done_at),
      verifiedAt: text(one.verified_at),
      verifiedByName: one.verified_by ? (names.get(one.verified_by) ?? '') : null,
    })),
    leaderNotices: leaders.map((one) => ({ name: names.get(one.person_id) ?? '', at: one.at.toString(), ackAt: text(one.ack_at) })),
    levelAsked: asked && { to: asked.to, reason: asked.reason, byName: asked.byName, at: asked.at },
    rating: row.rating,
    related: {
      parent: seen(related.find((one) => one.id === row.parent_id)),
      mergedInto: seen(related.find((one) => one.id === row.merged_into_id)),
      children: seenAll(related.filter((one) => one.parent_id === row.id)),
      duplicates: seenAll(related.filter((one) => one.merged_into_id === row.id)),
    },
    instanceId: row.instance_id,
    taskId: row.task_id,
    may: mayNow(
      ctx,
      row,
      untold,
      actions.some((one) => one.state !== 'VERIFIED'),
    ),
  }
}
const clockEnd = (summary: IncidentSummary, now: Temporal.Instant): number => {
  const done = summary.clocks.find((one) => one.clock === 'solution')?.doneAt
  return done ? Temporal.Instant.from(done).epochMilliseconds : now.epochMilliseconds
}
