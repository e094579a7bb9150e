import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type IncidentTimeline, type incidentApi, incidentProblems, type Postmortem } from '@changbai/contract/incident.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { findPerson } from '../identity/index.ts'
import { addEvents } from './history.service.ts'
import { actionsOf, eventsOf, replaceOpenActions, settleActionRow } from './history.store.ts'
import { completeStep, detailOf, openForStep, reachIncident, recordOf } from './incident.service.ts'
import { type IncidentRow, updateIncident } from './incident.store.ts'
import { timelineItems } from './timeline.domain.ts'

type Api = typeof incidentApi

export async function submitReport(ctx: Ctx, { incidentId, report }: Input<Api['submitReport']>): Promise<Reply<Api['submitReport']>> {
  return completeStep(ctx, await openForStep(ctx, incidentId), 'writeReport', 'SUBMIT', { report })
}
export async function submitPostmortem(
  ctx: Ctx,
  { incidentId, postmortem }: Input<Api['submitPostmortem']>,
): Promise<Reply<Api['submitPostmortem']>> {
  return completeStep(ctx, await openForStep(ctx, incidentId), 'writePostmortem', 'SUBMIT', { postmortem })
}
/** First the provider's leader, then the customer. */
export async function approvePostmortem(
  ctx: Ctx,
  { incidentId, approve, comment }: Input<Api['approvePostmortem']>,
): Promise<Reply<Api['approvePostmortem']>> {
  const row = await openForStep(ctx, incidentId)
  const node = row.node === 'endorsePostmortem' ? 'endorsePostmortem' : 'approvePostmortem'
  return completeStep(ctx, row, node, approve ? 'APPROVE' : 'REJECT', { comment }, comment)
}

const EVENTS_MIN = 5
/**
 * Cause, nature, responsibility, actions, each with an owner and a day.
 * @clause 5.8-5
 */
export async function keepPostmortem(ctx: Ctx, row: IncidentRow, postmortem: Postmortem): Promise<void> {
  if ((await eventsOf(ctx.db, [row.id])).length < EVENTS_MIN) fail(incidentProblems.tooFew)
  const days = ctx.plan.number('incident.actionDays')
  const last = shanghaiDay(ctx.now).add({ days })
  for (const [index, action] of postmortem.actions.entries()) {
    if (Temporal.PlainDate.compare(Temporal.PlainDate.from(action.dueOn), last) > 0) fail(incidentProblems.lateAction, { days })
    if (!(await findPerson(ctx, action.ownerId))?.active)
      fail(commonProblems.invalid, {}, [
        { path: `postmortem.actions.${index}.ownerId`, code: 'person', message: '没有这个人 / nobody by that id' },
      ])
  }
  await updateIncident(ctx.db, row.id, { postmortem: JSON.stringify(postmortem) }, ctx.now)
  await replaceOpenActions(
    ctx.db,
    row.id,
    postmortem.actions.map((action) => ({
      id: newId(),
      incident_id: row.id,
      description: action.desc,
      type: action.type,
      owner_id: action.ownerId,
      due_on: Temporal.PlainDate.from(action.dueOn),
      verify_method: action.verifyMethod,
      state: 'OPEN' as const,
      done_at: null,
      verified_at: null,
      verified_by: null,
    })),
  )
  await addEvents(ctx, row.id, [{ kind: 'POSTMORTEM', text: postmortem.summary }])
  await recordOf(ctx, row, 'postmortem-submitted', { nature: postmortem.nature, party: postmortem.responsibility.party })
}

/** From this signature on the timeline of the post-mortem stands still; what is corrected later stands in the slip. @clause 5.8-5 */
export async function freezeTimeline(ctx: Ctx, row: IncidentRow): Promise<void> {
  const items = timelineItems(await eventsOf(ctx.db, [row.id]))
  const timeline: IncidentTimeline = {
    frozenAt: ctx.now.toString(),
    frozenBy: ctx.actor.name,
    digest: sha256Hex(JSON.stringify(items)),
    items,
  }
  await updateIncident(ctx.db, row.id, { timeline: JSON.stringify(timeline) }, ctx.now)
  await recordOf(ctx, row, 'timeline-frozen', { digest: timeline.digest, lines: items.length })
}

/** Done by the owner; verified by somebody else. */
export async function settleAction(
  ctx: Ctx,
  { incidentId, actionId, state }: Input<Api['settleAction']>,
): Promise<Reply<Api['settleAction']>> {
  const row = await reachIncident(ctx, incidentId, true)
  const action = (await actionsOf(ctx.db, row.id)).find((one) => one.id === actionId) ?? fail(commonProblems.notFound)
  const me = personOf(ctx.actor)
  if (state === 'DONE') {
    if (action.state !== 'OPEN') fail(incidentProblems.wrongStep)
    if (action.owner_id !== me && !actorCan(ctx.actor, 'postmortem.approve', 'A')) fail(commonProblems.forbidden)
    await settleActionRow(ctx.db, actionId, { state, done_at: ctx.now })
  } else {
    if (action.state !== 'DONE') fail(incidentProblems.wrongStep)
    if (action.owner_id === me) fail(incidentProblems.sameVerifier)
    await settleActionRow(ctx.db, actionId, { state, verified_at: ctx.now, verified_by: me })
  }
  await recordOf(ctx, row, `action-${state.toLowerCase()}`, { actionId, description: action.description })
  return detailOf(ctx, incidentId)
}

/** Asked, never filled in beforehand; by whoever reported it, once. */
export async function rateIncident(ctx: Ctx, { incidentId, score, comment }: Input<Api['rate']>): Promise<Reply<Api['rate']>> {
  const row = await reachIncident(ctx, incidentId, true)
  if (row.reporter_id !== ctx.actor.personId) fail(commonProblems.forbidden)
  if (row.status !== 'CLOSED' || row.merged_into_id) fail(incidentProblems.wrongStep)
  if (row.rating) fail(incidentProblems.rated)
  await updateIncident(ctx.db, row.id, { rating: JSON.stringify({ score, comment }) }, ctx.now)
  await addEvents(ctx, row.id, [{ kind: 'RATED', text: `${score}${comment ? `：${comment}` : ''}` }])
  await recordOf(ctx, row, 'rated', { score })
  return detailOf(ctx, incidentId)
}

export const inShanghai = (at: Temporal.Instant | string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(SHANGHAI).toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ')
