import { incidentForms, incidentProblems } from '@changbai/contract/incident.ts'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { loadBusinessClock } from '../calendar/index.ts'
import { endPages, startPage } from '../duty/index.ts'
import { registerAccess, registerForm, registerService, type TaskCall } from '../process/index.ts'
import { nextBroadcast } from './broadcast.service.ts'
import { isMajor } from './clocks.domain.ts'
import { addEvents, tellFacts } from './history.service.ts'
import { clocksOf } from './history.store.ts'
import { statusAt } from './incident.domain.ts'
import { placeOf } from './incident.present.ts'
import { assign, readPast, recordOf } from './incident.service.ts'
import { findIncident, type IncidentRow, lockIncident, updateIncident } from './incident.store.ts'
import { freezeTimeline, keepPostmortem } from './papers.service.ts'

const rowOf = async (ctx: Ctx, id: string): Promise<IncidentRow> => {
  const row = await lockIncident(ctx.db, id)
  if (!row) throw new Error(`incident ${id} is gone`)
  return row
}
/** What the process decides by: the highest severity so far. */
const facts = (row: Pick<IncidentRow, 'top_severity'>) => ({ major: isMajor(row.top_severity), needsReport: row.top_severity !== 'IV' })

/** @clause 5.8-1 5.8-2 */
async function open(ctx: Ctx, id: string) {
  const row = await rowOf(ctx, id)
  await startPage(ctx, {
    subjectType: 'incident',
    subjectId: row.id,
    tenantId: row.tenant_id,
    title: `${row.number} ${row.severity} 级：${row.title}`,
    link: `/duty/incidents/${row.id}`,
  })
  await addEvents(ctx, row.id, [{ kind: 'PAGED' }])
  if (isMajor(row.severity)) await ctx.publish('incident.major', { incidentId: row.id, severity: row.severity })
  return facts(row)
}

const CHANNELS = { PHONE: '电话', ONSITE: '现场', PORTAL: '门户' } as const

/** A person took it and reached the reporter: only both together are a response (reading 8.7). */
async function respond(ctx: Ctx, task: TaskCall, data: { channel: keyof typeof CHANNELS; note: string; at?: string | undefined }) {
  const row = await rowOf(ctx, task.businessKey)
  // the desk answers the telephone; an engineer still has to take it
  const deskOnly = ctx.actor.grants.every((grant) => grant.role === 'SERVICE_DESK')
  if (row.handler_id && row.handler_id !== ctx.actor.personId) fail(incidentProblems.taken, { by: row.handler_name ?? '' })
  if (!row.handler_id && !deskOnly) await assign(ctx, row)
  await tellFacts(ctx, row, [{ kind: 'RESPONDED', at: readPast(ctx, data.at), text: `${CHANNELS[data.channel]}：${data.note}` }])
  if (!deskOnly) await endPages(ctx, row.id, ctx.actor.name)
  await recordOf(ctx, row, 'responded', { channel: data.channel })
  return facts(row)
}

async function plan(ctx: Ctx, task: TaskCall, { plan: written }: { plan: NonNullable<IncidentRow['plan']> }) {
  const row = await rowOf(ctx, task.businessKey)
  const due = (await clocksOf(ctx.db, [row.id])).find((clock) => clock.clock === 'solution')?.due_at
  const late = due && Temporal.Instant.compare(Temporal.Instant.from(written.etaResolve), due) > 0
  // an estimate beyond the limit must say how it is escalated
  if (late && !/升级|上报|escalat/i.test(written.commsPlan)) fail(incidentProblems.lateEta, { dueAt: due.toString() })
  await updateIncident(ctx.db, row.id, { plan: JSON.stringify(written) }, ctx.now)
  await tellFacts(ctx, row, [{ kind: 'PLANNED', text: written.hypothesis }])
  await recordOf(ctx, row, 'planned', { etaResolve: written.etaResolve, late: late === true })
  return facts(row)
}

async function resolve(ctx: Ctx, task: TaskCall, data: { result: string; at?: string | undefined }) {
  const row = await rowOf(ctx, task.businessKey)
  const at = readPast(ctx, data.at)
  await tellFacts(ctx, row, [{ kind: 'RESOLVED', at, text: data.result }])
  await updateIncident(ctx.db, row.id, { broadcast_due_at: null }, ctx.now)
  await endPages(ctx, row.id, ctx.actor.name)
  await recordOf(ctx, row, 'resolved', { at: (at ?? ctx.now).toString() })
  const resolvedAt = at ?? ctx.now
  await ctx.publish('incident.resolved', { incidentId: row.id, tenantId: row.tenant_id, applicationId: row.application_id, resolvedAt })
  return { ...facts(row), restoredAt: resolvedAt.toString() }
}

/** The business is back, or it is the same incident again, with one history and one clock. */
const judge = (kind: 'VERIFIED' | 'CONFIRMED') => async (ctx: Ctx, task: TaskCall, data: { comment: string }) => {
  const row = await rowOf(ctx, task.businessKey)
  const comment = data.comment || task.comment || ''
  if (task.outcome === 'NOT_RESTORED') {
    await tellFacts(ctx, row, [{ kind: 'REOPENED', text: comment }])
    await updateIncident(ctx.db, row.id, { broadcast_due_at: nextBroadcast(ctx, row) }, ctx.now)
    await recordOf(ctx, row, 'reopened', { comment })
    await ctx.publish('incident.reopened', { incidentId: row.id, reason: comment })
    return facts(row)
  }
  await addEvents(ctx, row.id, [{ kind, text: comment }])
  const done = kind === 'CONFIRMED' || !isMajor(row.top_severity)
  if (done) await setPaperLimits(ctx, row)
  await recordOf(ctx, row, kind.toLowerCase(), { comment })
  return facts(row)
}

/** Report within hours of the recovery, post-mortem within working days. @clause 5.8-4 5.8-5 */
async function setPaperLimits(ctx: Ctx, row: IncidentRow): Promise<void> {
  const done = (await clocksOf(ctx.db, [row.id])).find((clock) => clock.clock === 'solution')?.done_at ?? ctx.now
  const clock = await loadBusinessClock(ctx)
  await updateIncident(
    ctx.db,
    row.id,
    {
      report_due_at: row.top_severity === 'IV' ? null : done.add({ hours: ctx.plan.number('incident.reportHours') }),
      postmortem_due_at: isMajor(row.top_severity) ? clock.addTime(done, ctx.plan.duration('incident.postmortem')) : null,
    },
    ctx.now,
  )
}

async function report(ctx: Ctx, task: TaskCall, { report: written }: { report: NonNullable<IncidentRow['report']> }) {
  const row = await rowOf(ctx, task.businessKey)
  await updateIncident(ctx.db, row.id, { report: JSON.stringify(written) }, ctx.now)
  await addEvents(ctx, row.id, [{ kind: 'REPORT', text: written.directCause }])
  await recordOf(ctx, row, 'reported-on', { result: written.result, dataLoss: written.dataLoss })
  return facts(row)
}

async function approve(ctx: Ctx, task: TaskCall, data: { comment: string }) {
  const row = await rowOf(ctx, task.businessKey)
  const yes = task.outcome === 'APPROVE'
  // frozen with the first signature: the customer signs what the leader has signed; a return lets it follow the history again
  if (!yes) await updateIncident(ctx.db, row.id, { timeline: null }, ctx.now)
  else if (!row.timeline) await freezeTimeline(ctx, row)
  await addEvents(ctx, row.id, [{ kind: 'APPROVED', text: `${yes ? '同意' : '退回'}${data.comment ? `：${data.comment}` : ''}` }])
  await recordOf(ctx, row, yes ? 'postmortem-approved' : 'postmortem-returned', { node: task.node, comment: data.comment })
  return facts(row)
}

async function close(ctx: Ctx, id: string) {
  const row = await rowOf(ctx, id)
  await updateIncident(ctx.db, id, { status: 'CLOSED', closed_at: ctx.now, node: null, task_id: null, broadcast_due_at: null }, ctx.now)
  await addEvents(ctx, id, [{ kind: 'CLOSED' }])
  await endPages(ctx, id, ctx.actor.name)
  await recordOf(ctx, row, 'closed', { topSeverity: row.top_severity })
  const { number, severity, source } = row
  await ctx.publish('incident.closed', { incidentId: id, number, severity, source, mergedIntoId: null })
  return {}
}

export function registerIncidentProcess(): void {
  const forms = incidentForms
  registerForm({ key: 'incident.respond', schema: forms['incident.respond'], handler: respond })
  registerForm({ key: 'incident.plan', schema: forms['incident.plan'], handler: plan })
  registerForm({ key: 'incident.resolve', schema: forms['incident.resolve'], handler: resolve })
  registerForm({ key: 'incident.verify', schema: forms['incident.verify'], handler: judge('VERIFIED') })
  registerForm({ key: 'incident.confirm', schema: forms['incident.confirm'], handler: judge('CONFIRMED') })
  registerForm({ key: 'incident.report', schema: forms['incident.report'], handler: report })
  registerForm({ key: 'incident.approve', schema: forms['incident.approve'], handler: approve })
  registerForm({
    key: 'incident.postmortem',
    schema: forms['incident.postmortem'],
    handler: async (ctx, task, { postmortem }) => {
      const row = await rowOf(ctx, task.businessKey)
      await keepPostmortem(ctx, row, postmortem)
      return facts(row)
    },
  })
  registerService({ topic: 'incident.open', mode: 'tx', run: (ctx, call) => open(ctx, call.businessKey) })
  registerService({ topic: 'incident.close', mode: 'tx', run: (ctx, call) => close(ctx, call.businessKey) })
  registerAccess('incident', async (ctx, id) => {
    const row = await findIncident(ctx.db, id)
    return row !== undefined && reaches(scopeOf(ctx.actor, 'incident.read', 'R', 'r'), placeOf(row))
  })
}

/** The incident's own row follows its process. */
export async function stepOpened(ctx: Ctx, task: Events['task.created']): Promise<void> {
  if (task.processKey !== 'incident' || task.kind === 'ADDED') return
  const row = await rowOf(ctx, task.businessKey)
  const { node, taskId, rootId } = task
  await updateIncident(ctx.db, row.id, { node, task_id: taskId, instance_id: rootId, status: statusAt(node, row.status) }, ctx.now)
}

/** Whoever answers the page takes the incident, unless somebody has. */
export async function pageAcknowledged(ctx: Ctx, page: Events['duty.page-acknowledged']): Promise<void> {
  if (page.subjectType !== 'incident') return
  const row = await lockIncident(ctx.db, page.subjectId)
  if (row && row.status !== 'CLOSED' && !row.handler_id) await assign(ctx, row, { id: page.personId, name: page.personName })
}
