import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { incidentProblems } from '@changbai/contract/incident.ts'
import { careProblems, type incidentCareApi } from '@changbai/contract/incident-care.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { notify } from '../notification/index.ts'
import { mayDecide } from './correction.present.ts'
import { type CorrectionRow, correctionsOf, decideCorrectionRow, insertCorrection } from './correction.store.ts'
import { addEvents, tellFacts } from './history.service.ts'
import { eventsOf } from './history.store.ts'
import { isFact } from './incident.domain.ts'
import { isProvider, isReporterSide } from './incident.present.ts'
import { detailOf, reachIncident, readPast, recordOf } from './incident.service.ts'
import { type IncidentRow, updateIncident } from './incident.store.ts'
import { inShanghai } from './papers.service.ts'

type Api = typeof incidentCareApi

const tell = (ctx: Ctx, row: IncidentRow, event: string, slip: Pick<CorrectionRow, 'id' | 'number' | 'was_at' | 'to_at' | 'reason'>) => ({
  event,
  params: {
    number: row.number,
    title: row.title,
    severity: row.severity,
    slip: slip.number,
    was: slip.was_at,
    to: slip.to_at,
    reason: slip.reason,
    by: ctx.actor.name,
  },
  link: `/duty/incidents/${row.id}`,
  tenantId: row.tenant_id,
})

/**
 * A wrong instant is put right by a slip of two people, one of each side; the line of the history stays as it was written. Also after closing.
 * @clause 5.8-4
 */
export async function askCorrection(ctx: Ctx, input: Input<Api['correct']>): Promise<Reply<Api['correct']>> {
  const row = await reachIncident(ctx, input.incidentId, true)
  const provider = isProvider(ctx)
  const customer = ctx.actor.grants.some((grant) => grant.role === 'CUSTOMER_OM_MANAGER')
  if (!provider && !customer && !isReporterSide(ctx, row)) fail(commonProblems.forbidden)
  if (row.merged_into_id) fail(incidentProblems.closed)
  const event = (await eventsOf(ctx.db, [row.id])).find((one) => one.id === input.eventId) ?? fail(commonProblems.notFound)
  if (!isFact(event.kind)) fail(careProblems.notCorrectable)
  const at = readPast(ctx, input.at) ?? fail(incidentProblems.future)
  if (Temporal.Instant.compare(at, event.at) === 0) fail(careProblems.sameInstant)
  const before = await correctionsOf(ctx.db, [row.id])
  if (before.some((one) => one.event_id === event.id && one.state === 'ASKED')) fail(careProblems.correctionWaits)
  const slip: CorrectionRow = {
    id: newId(),
    number: `${row.number}-G${before.length + 1}`,
    incident_id: row.id,
    event_id: event.id,
    was_at: event.at,
    to_at: at,
    reason: input.reason,
    side: provider ? 'PROVIDER' : 'CUSTOMER',
    asked_by_id: personOf(ctx.actor),
    asked_by: ctx.actor.name,
    asked_at: ctx.now,
    state: 'ASKED',
    decided_by_id: null,
    decided_by: null,
    decided_at: null,
    comment: '',
  }
  await insertCorrection(ctx.db, slip)
  const data = { slip: slip.number, event: event.kind, wasAt: slip.was_at.toString(), toAt: slip.to_at.toString(), reason: slip.reason }
  await recordOf(ctx, row, 'correction-asked', data)
  const to = { role: slip.side === 'PROVIDER' ? ('CUSTOMER_OM_MANAGER' as const) : ('MAINTENANCE_MANAGER' as const) }
  await notify(ctx, { ...tell(ctx, row, 'incident.correction-asked', slip), to, dedupKey: `incident.correction-asked:${slip.id}` })
  return detailOf(ctx, row.id)
}

/** From here on the clocks are judged by the corrected instant; both stay to be seen. */
export async function decideCorrection(ctx: Ctx, input: Input<Api['decideCorrection']>): Promise<Reply<Api['decideCorrection']>> {
  const row = await reachIncident(ctx, input.incidentId, true)
  const slip = (await correctionsOf(ctx.db, [row.id])).find((one) => one.id === input.correctionId) ?? fail(commonProblems.notFound)
  if (slip.state !== 'ASKED') fail(careProblems.correctionDecided)
  if (!mayDecide(ctx, slip)) fail(careProblems.otherSide)
  const state = input.agree ? 'AGREED' : 'REFUSED'
  const by = { decided_by_id: personOf(ctx.actor), decided_by: ctx.actor.name, decided_at: ctx.now }
  await decideCorrectionRow(ctx.db, slip.id, { state, ...by, comment: input.comment })
  await recordOf(ctx, row, `correction-${state.toLowerCase()}`, { slip: slip.number, comment: input.comment })
  if (input.agree) {
    const text = `${slip.number}：${inShanghai(slip.was_at)} → ${inShanghai(slip.to_at)}，${slip.asked_by} 提出：${slip.reason}`
    await tellFacts(ctx, row, [{ kind: 'CORRECTED', text }])
    const first = (await eventsOf(ctx.db, [row.id])).find((one) => one.id === slip.event_id)
    // what the incident's own row says of its first signs follows
    if (first?.kind === 'ALARM') await updateIncident(ctx.db, row.id, { detected_at: first.at }, ctx.now)
    if (first?.kind === 'REPORTED') await updateIncident(ctx.db, row.id, { reported_at: first.at }, ctx.now)
  } else await addEvents(ctx, row.id, [{ kind: 'LOG', text: `不同意更正 ${slip.number}${input.comment ? `：${input.comment}` : ''}` }])
  await notify(ctx, {
    ...tell(ctx, row, input.agree ? 'incident.correction-agreed' : 'incident.correction-refused', slip),
    to: { personIds: [slip.asked_by_id] },
    dedupKey: `incident.correction-decided:${slip.id}`,
  })
  return detailOf(ctx, row.id)
}
