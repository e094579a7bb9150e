import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  type Criterion,
  type IncidentDetail,
  type IncidentSource,
  type incidentApi,
  incidentProblems,
  severities,
  severityOf,
} from '@changbai/contract/incident.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { findApplication } from '../inventory/index.ts'
import { passTask, startProcess } from '../process/index.ts'
import { isMajor, type SeverityLimits } from './clocks.domain.ts'
import { addEvents, beginHistory } from './history.service.ts'
import { isManager, isProvider, placeOf, toDetail, toSummaries } from './incident.present.ts'
import {
  countIncidents,
  findIncident,
  type IncidentFilter,
  type IncidentRow,
  insertIncident,
  listIncidents,
  lockIncident,
  openBySource,
  runningIncidents,
  updateIncident,
} from './incident.store.ts'

type Api = typeof incidentApi
const scopeNow = (ctx: Ctx) => scopeOf(ctx.actor, 'incident.read', 'R', 'r')

/** @throws not-found for an incident out of reach */
export async function reachIncident(ctx: Ctx, id: string, lock = false): Promise<IncidentRow> {
  const row = (await (lock ? lockIncident : findIncident)(ctx.db, id)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'incident.read', ['R', 'r'], placeOf(row))
  return row
}
/** Locked and still open. */
export async function openIncidentRow(ctx: Ctx, id: string): Promise<IncidentRow> {
  const row = await reachIncident(ctx, id, true)
  if (row.status === 'CLOSED') fail(incidentProblems.closed)
  return row
}
/** For completing a step: not locked, because the process is always locked before the incident. */
export async function openForStep(ctx: Ctx, id: string): Promise<IncidentRow> {
  const row = await reachIncident(ctx, id)
  if (row.status === 'CLOSED') fail(incidentProblems.closed)
  return row
}
export const detailOf = async (ctx: Ctx, id: string): Promise<IncidentDetail> => toDetail(ctx, await reachIncident(ctx, id))
export const recordOf = (ctx: Ctx, row: Pick<IncidentRow, 'id' | 'tenant_id'>, kind: string, data: object = {}): Promise<void> =>
  ctx.record({ kind: `incident.${kind}`, subject: { type: 'incident', id: row.id }, tenantId: row.tenant_id, data })

export async function getIncident(ctx: Ctx, { incidentId }: Input<Api['get']>): Promise<Reply<Api['get']>> {
  return detailOf(ctx, incidentId)
}
export async function listIncidentPage(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const { q, state, severity, tenantId, mine, after, limit } = input
  const filter: IncidentFilter = {
    q: q?.trim() || undefined,
    state,
    severities: severity?.split(',').filter((one) => severities.some((known) => known === one)),
    tenantId,
    personId: mine ? personOf(ctx.actor) : undefined,
  }
  const rows = await listIncidents(ctx.db, filter, scopeNow(ctx), readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return { items: await toSummaries(ctx, items), next, ...(after ? {} : { total: await countIncidents(ctx.db, filter, scopeNow(ctx)) }) }
}
export async function listRunning(ctx: Ctx): Promise<Reply<Api['running']>> {
  return { now: ctx.now.toString(), items: await toSummaries(ctx, await runningIncidents(ctx.db, scopeNow(ctx))) }
}

export interface NewIncident {
  title: string
  symptom: string
  criteria: Criterion[]
  source: IncidentSource
  tenantId: string | null
  applicationId: string | null
  reporterId: string | null
  reporterName: string
  reporterPhone: string
  detectedAt: Temporal.Instant | null
  /** When it was reported; now for an alarm. */
  reportedAt: Temporal.Instant
  isSecurity: boolean
  /** One open incident for each key: an alarm that comes again joins the first. */
  sourceKey?: string
}

/** Opens an incident and its process; what pages people and tells the leader is the first step of the process. */
export async function addIncident(ctx: Ctx, input: NewIncident): Promise<IncidentRow> {
  const again = input.sourceKey ? await openBySource(ctx.db, input.sourceKey) : undefined
  if (again) {
    await addEvents(ctx, again.id, [{ kind: 'LOG', text: `再次告警：${input.title}` }])
    return again
  }
  const id = newId()
  const severity = severityOf(input.criteria)
  const number = await nextNumber(ctx.db, 'GZ', shanghaiDay(ctx.now))
  const signs = [input.detectedAt, input.reportedAt].filter((at) => at !== null)
  const clockStartAt = signs.reduce((first, at) => (Temporal.Instant.compare(at, first) < 0 ? at : first))
  const row = await insertIncident(ctx.db, {
    id,
    number,
    title: input.title,
    symptom: input.symptom,
    criteria: input.criteria,
    severity,
    top_severity: severity,
    first_severity: severity,
    status: 'NEW',
    source: input.source,
    source_key: input.sourceKey ?? null,
    tenant_id: input.tenantId,
    application_id: input.applicationId,
    reporter_id: input.reporterId,
    reporter_name: input.reporterName,
    reporter_phone: input.reporterPhone,
    handler_id: null,
    handler_name: null,
    is_security: input.isSecurity,
    detected_at: input.detectedAt,
    reported_at: input.reportedAt,
    clock_start_at: clockStartAt,
    scheduled_for: null,
    held: false,
    limits: JSON.stringify(ctx.plan.value<SeverityLimits[]>('incident.severityClocks')),
    merged_into_id: null,
    parent_id: null,
    plan: null,
    report: null,
    report_due_at: null,
    postmortem: null,
    postmortem_due_at: null,
    level_asked: null,
    rating: null,
    instance_id: null,
    task_id: null,
    node: null,
    rev: 0,
    created_at: ctx.now,
    updated_at: ctx.now,
    closed_at: null,
    broadcast_due_at: null,
    timeline: null,
  })
  const isAlarm = input.source === 'MONITOR'
  await beginHistory(ctx, row, [
    ...(input.detectedAt ? [{ kind: 'ALARM' as const, at: input.detectedAt, text: isAlarm ? input.symptom : '首次告警' }] : []),
    ...(isAlarm && input.detectedAt ? [] : [{ kind: 'REPORTED' as const, at: input.reportedAt, text: input.symptom }]),
  ])
  await recordOf(ctx, row, 'opened', { number, severity, source: input.source, criteria: input.criteria })
  await startProcess(ctx, {
    key: 'incident',
    businessKey: id,
    title: `${number} ${input.title}`,
    tenantId: input.tenantId,
    applicationId: input.applicationId,
    vars: { major: isMajor(severity), needsReport: severity !== 'IV' },
    ...(input.reporterId ? { starter: { personId: input.reporterId, name: input.reporterName } } : {}),
  })
  return (await findIncident(ctx.db, id)) ?? fail(commonProblems.notFound)
}

/** An instant somebody typed: not ahead of now. */
export function readPast(ctx: Ctx, at: string | null | undefined): Temporal.Instant | undefined {
  if (at === undefined || at === null) return undefined
  const instant = Temporal.Instant.from(at).round({ smallestUnit: 'millisecond', roundingMode: 'floor' })
  if (Temporal.Instant.compare(instant, ctx.now) > 0) fail(incidentProblems.future)
  return instant
}

export async function reportIncident(ctx: Ctx, input: Input<Api['report']>): Promise<Reply<Api['report']>> {
  const application = input.applicationId ? await findApplication(ctx, input.applicationId) : undefined
  if (input.applicationId && !application) fail(commonProblems.notFound)
  const tenantId = application?.tenantId ?? input.tenantId
  requireScope(ctx.actor, 'incident.report', 'C', { tenantId, applicationId: input.applicationId })
  const row = await addIncident(ctx, {
    ...input,
    tenantId,
    reporterId: personOf(ctx.actor),
    detectedAt: readPast(ctx, input.detectedAt) ?? null,
    reportedAt: ctx.now,
  })
  return detailOf(ctx, row.id)
}

/** Completes the step the incident stands at; the form of the step writes what follows. */
export async function completeStep(
  ctx: Ctx,
  row: IncidentRow,
  node: string,
  outcome: string,
  data: Record<string, unknown>,
  comment?: string,
): Promise<Reply<Api['get']>> {
  if (row.node !== node || !row.task_id) return fail(incidentProblems.wrongStep, { node: row.node ?? '' })
  await passTask(ctx, { taskId: row.task_id, outcome, data, comment })
  return detailOf(ctx, row.id)
}

/** One handler; of two who take it at once the second is told who was faster. A maintenance manager may take it over. */
export async function takeIncident(ctx: Ctx, { incidentId }: Input<Api['take']>): Promise<Reply<Api['take']>> {
  const row = await openIncidentRow(ctx, incidentId)
  if (!isProvider(ctx)) fail(commonProblems.forbidden)
  if (row.handler_id !== ctx.actor.personId) {
    if (row.handler_id && !isManager(ctx)) fail(incidentProblems.taken, { by: row.handler_name ?? '' })
    await assign(ctx, row)
  }
  return detailOf(ctx, incidentId)
}
export async function assign(ctx: Ctx, row: IncidentRow, to = { id: personOf(ctx.actor), name: ctx.actor.name }): Promise<void> {
  await updateIncident(ctx.db, row.id, { handler_id: to.id, handler_name: to.name }, ctx.now)
  await addEvents(ctx, row.id, [{ kind: 'TAKEN', text: to.name }])
  await recordOf(ctx, row, 'taken', { by: to.name })
}

export async function respondIncident(ctx: Ctx, { incidentId, ...data }: Input<Api['respond']>): Promise<Reply<Api['respond']>> {
  return completeStep(ctx, await openForStep(ctx, incidentId), 'respondIncident', 'RESPONDED', data)
}
export async function planIncident(ctx: Ctx, { incidentId, plan }: Input<Api['submitPlan']>): Promise<Reply<Api['submitPlan']>> {
  return completeStep(ctx, await openForStep(ctx, incidentId), 'planHandling', 'SUBMIT', { plan })
}
export async function resolveIncident(ctx: Ctx, { incidentId, ...data }: Input<Api['resolve']>): Promise<Reply<Api['resolve']>> {
  return completeStep(ctx, await openForStep(ctx, incidentId), 'repairIncident', 'RESOLVED', data)
}
const restored = (yes: boolean): string => (yes ? 'RESTORED' : 'NOT_RESTORED')
export async function verifyIncident(ctx: Ctx, input: Input<Api['verify']>): Promise<Reply<Api['verify']>> {
  const { comment } = input
  return completeStep(ctx, await openForStep(ctx, input.incidentId), 'verifyRestored', restored(input.restored), { comment }, comment)
}
export async function confirmIncident(ctx: Ctx, input: Input<Api['confirm']>): Promise<Reply<Api['confirm']>> {
  const { comment } = input
  return completeStep(ctx, await openForStep(ctx, input.incidentId), 'confirmRestored', restored(input.restored), { comment }, comment)
}

export async function logIncident(ctx: Ctx, { incidentId, text }: Input<Api['log']>): Promise<Reply<Api['log']>> {
  const row = await openIncidentRow(ctx, incidentId)
  await addEvents(ctx, row.id, [{ kind: 'LOG', text }])
  await updateIncident(ctx.db, row.id, row.status === 'PLAN_SUBMITTED' && isProvider(ctx) ? { status: 'IN_PROGRESS' } : {}, ctx.now)
  await recordOf(ctx, row, 'log', { text })
  return detailOf(ctx, incidentId)
}
