import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type incidentApi, incidentProblems, severityOf } from '@changbai/contract/incident.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { endPages } from '../duty/index.ts'
import { cancelInstance } from '../process/index.ts'
import { isLowering, isMajor } from './clocks.domain.ts'
import { addEvents, tellFacts } from './history.service.ts'
import { ackLeaderNotice, eventsOf } from './history.store.ts'
import { isManager, isProvider, isReporterSide } from './incident.present.ts'
import { detailOf, openIncidentRow, recordOf } from './incident.service.ts'
import { type IncidentRow, type LevelAsked, lockIncident, updateIncident } from './incident.store.ts'

type Api = typeof incidentApi

async function applyLevel(ctx: Ctx, row: IncidentRow, change: Pick<LevelAsked, 'to' | 'criteria' | 'reason'>): Promise<void> {
  const wasMajor = isMajor(row.top_severity)
  await updateIncident(ctx.db, row.id, { severity: change.to, criteria: change.criteria, level_asked: null }, ctx.now)
  const told = await tellFacts(ctx, row, [{ kind: 'LEVEL', level: change.to, text: `${row.severity} → ${change.to}：${change.reason}` }])
  await recordOf(ctx, row, 'level-changed', { from: row.severity, to: change.to, reason: change.reason })
  if (!wasMajor && isMajor(told.top_severity)) await ctx.publish('incident.major', { incidentId: row.id, severity: told.top_severity })
}

/**
 * Raising takes effect at once. Lowering needs the maintenance manager and the reporter's side; the clocks keep the highest severity either way.
 * @clause 5.10.1-(3)-0
 */
export async function changeLevel(ctx: Ctx, input: Input<Api['changeLevel']>): Promise<Reply<Api['changeLevel']>> {
  const row = await openIncidentRow(ctx, input.incidentId)
  const { to, criteria, reason } = input
  if (!isProvider(ctx) && !isReporterSide(ctx, row)) fail(commonProblems.forbidden)
  if (to === row.severity) fail(incidentProblems.sameLevel)
  const level = severityOf(criteria)
  if (level !== to) fail(incidentProblems.criteria, { level })
  if (row.level_asked) fail(incidentProblems.levelPending)
  if (!isLowering(row.severity, to)) {
    await applyLevel(ctx, row, input)
    return detailOf(ctx, row.id)
  }
  const asked: LevelAsked = {
    to,
    criteria,
    reason,
    byId: personOf(ctx.actor),
    byName: ctx.actor.name,
    at: ctx.now.toString(),
    manager: isManager(ctx) ? ctx.actor.name : null,
    reporter: isReporterSide(ctx, row) ? ctx.actor.name : null,
  }
  await updateIncident(ctx.db, row.id, { level_asked: JSON.stringify(asked) }, ctx.now)
  await addEvents(ctx, row.id, [{ kind: 'LEVEL_ASKED', level: to, text: reason }])
  await recordOf(ctx, row, 'level-asked', { from: row.severity, to, reason })
  await ctx.publish('incident.level-asked', { incidentId: row.id, to, reason })
  return detailOf(ctx, row.id)
}

export async function answerLevel(ctx: Ctx, { incidentId, agree, comment }: Input<Api['answerLevel']>): Promise<Reply<Api['answerLevel']>> {
  const row = await openIncidentRow(ctx, incidentId)
  const asked = row.level_asked
  const asManager = isManager(ctx) && !asked?.manager
  const asReporter = isReporterSide(ctx, row) && !asked?.reporter
  if (!asked || asked.byId === ctx.actor.personId || (!asManager && !asReporter)) return fail(incidentProblems.noLevelPending)
  if (!agree) {
    await updateIncident(ctx.db, row.id, { level_asked: null }, ctx.now)
    await addEvents(ctx, row.id, [{ kind: 'LEVEL_REFUSED', text: comment }])
    await recordOf(ctx, row, 'level-refused', { to: asked.to, comment })
    return detailOf(ctx, incidentId)
  }
  // one person speaks for one side only
  const next = { ...asked, ...(asManager ? { manager: ctx.actor.name } : { reporter: ctx.actor.name }) }
  if (next.manager && next.reporter) await applyLevel(ctx, row, next)
  else await updateIncident(ctx.db, row.id, { level_asked: JSON.stringify(next) }, ctx.now)
  await recordOf(ctx, row, 'level-agreed', { to: asked.to, side: asManager ? 'manager' : 'reporter' })
  return detailOf(ctx, incidentId)
}

/** Booked work under severity IV: the reporter agreed in writing. @clause 5.10.1-(3)-IV */
export async function scheduleIncident(ctx: Ctx, input: Input<Api['schedule']>): Promise<Reply<Api['schedule']>> {
  const row = await openIncidentRow(ctx, input.incidentId)
  if (!isProvider(ctx)) fail(commonProblems.forbidden)
  if (row.top_severity !== 'IV') fail(incidentProblems.onlyFour)
  const forAt = Temporal.Instant.from(input.for)
  if (Temporal.Instant.compare(forAt, ctx.now) <= 0) fail(incidentProblems.past)
  await updateIncident(ctx.db, row.id, { scheduled_for: forAt }, ctx.now)
  await tellFacts(ctx, row, [{ kind: 'SCHEDULED', forAt, text: input.confirmation }])
  await recordOf(ctx, row, 'scheduled', { for: input.for, confirmation: input.confirmation })
  return detailOf(ctx, row.id)
}

const requireCustomer = (ctx: Ctx): void => {
  if (!ctx.actor.grants.some((grant) => grant.role === 'CUSTOMER_OM_MANAGER')) fail(commonProblems.forbidden)
}
/** Only the customer lets the work rest, and no clock of the contract stops for it (reading 8.10). */
export async function holdIncident(ctx: Ctx, { incidentId, reason }: Input<Api['hold']>): Promise<Reply<Api['hold']>> {
  requireCustomer(ctx)
  const row = await openIncidentRow(ctx, incidentId)
  if (row.held) fail(incidentProblems.held)
  await updateIncident(ctx.db, row.id, { held: true }, ctx.now)
  await tellFacts(ctx, row, [{ kind: 'HELD', text: reason }])
  await recordOf(ctx, row, 'held', { reason })
  return detailOf(ctx, incidentId)
}
export async function releaseIncident(ctx: Ctx, { incidentId }: Input<Api['release']>): Promise<Reply<Api['release']>> {
  requireCustomer(ctx)
  const row = await openIncidentRow(ctx, incidentId)
  if (!row.held) fail(incidentProblems.held)
  await updateIncident(ctx.db, row.id, { held: false }, ctx.now)
  await tellFacts(ctx, row, [{ kind: 'RELEASED' }])
  await recordOf(ctx, row, 'released')
  return detailOf(ctx, incidentId)
}

/** Both rows, locked in the order of their ids so that two merges never wait for each other. */
async function bothLocked(ctx: Ctx, id: string, otherId: string): Promise<[IncidentRow, IncidentRow]> {
  if (id === otherId) fail(incidentProblems.itself)
  for (const one of [id, otherId].sort()) await lockIncident(ctx.db, one)
  const row = await openIncidentRow(ctx, id)
  const other = (await lockIncident(ctx.db, otherId)) ?? fail(commonProblems.notFound)
  if (other.status === 'CLOSED' || other.merged_into_id) fail(incidentProblems.itself)
  return [row, other]
}

/** A duplicate ends; its signs go to the other one, whose clocks then run from the earliest of all. */
export async function mergeIncident(ctx: Ctx, { incidentId, intoId }: Input<Api['merge']>): Promise<Reply<Api['merge']>> {
  const [row, into] = await bothLocked(ctx, incidentId, intoId)
  const signs = (await eventsOf(ctx.db, [row.id])).filter((event) => event.kind === 'ALARM' || event.kind === 'REPORTED')
  if (row.instance_id) await cancelInstance(ctx, { instanceId: row.instance_id, reason: `并入 ${into.number}` })
  await addEvents(ctx, row.id, [{ kind: 'MERGED', text: `并入 ${into.number}` }])
  await updateIncident(
    ctx.db,
    row.id,
    {
      merged_into_id: into.id,
      status: 'CLOSED',
      closed_at: ctx.now,
      node: null,
      task_id: null,
      level_asked: null,
      held: false,
      broadcast_due_at: null,
    },
    ctx.now,
  )
  await tellFacts(ctx, into, [
    ...signs.map((event) => ({ kind: event.kind, at: event.at, text: `${row.number} ${event.text}` })),
    { kind: 'MERGED', text: `${row.number} ${row.title}（${row.reporter_name}）并入` },
  ])
  await endPages(ctx, row.id, ctx.actor.name)
  await recordOf(ctx, row, 'merged', { into: into.number })
  const { number, severity, source } = row
  await ctx.publish('incident.closed', { incidentId: row.id, number, severity, source, mergedIntoId: into.id })
  return detailOf(ctx, row.id)
}

/** Many incidents of one cause go under one parent; each keeps its own clocks. */
export async function setParent(ctx: Ctx, { incidentId, parentId }: Input<Api['setParent']>): Promise<Reply<Api['setParent']>> {
  const row = parentId ? (await bothLocked(ctx, incidentId, parentId))[0] : await openIncidentRow(ctx, incidentId)
  if (parentId) {
    const parent = await lockIncident(ctx.db, parentId)
    if (parent?.parent_id) fail(incidentProblems.itself)
    await addEvents(ctx, row.id, [{ kind: 'GROUPED', text: parent?.number ?? '' }])
  } else await addEvents(ctx, row.id, [{ kind: 'GROUPED', text: '' }])
  await updateIncident(ctx.db, row.id, { parent_id: parentId }, ctx.now)
  await recordOf(ctx, row, 'grouped', { parentId })
  return detailOf(ctx, incidentId)
}

export async function ackLeader(ctx: Ctx, { incidentId }: Input<Api['ackLeader']>): Promise<Reply<Api['ackLeader']>> {
  const row = await openIncidentRow(ctx, incidentId)
  if (await ackLeaderNotice(ctx.db, row.id, personOf(ctx.actor), ctx.now)) {
    await addEvents(ctx, row.id, [{ kind: 'LEADER_ACK', text: ctx.actor.name }])
    await recordOf(ctx, row, 'leader-acknowledged')
  }
  return detailOf(ctx, incidentId)
}
