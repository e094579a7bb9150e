import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { incidentApi } from '@changbai/contract/incident.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { DueWork } from '../../platform/due.ts'
import { notify } from '../notification/index.ts'
import { isMajor } from './clocks.domain.ts'
import { addEvents } from './history.service.ts'
import { detailOf, openIncidentRow, recordOf } from './incident.service.ts'
import { type IncidentRow, lockDueBroadcasts, updateIncident } from './incident.store.ts'

/** When the next word is owed: a while from now as long as a major incident is not restored. */
export const nextBroadcast = (ctx: Ctx, row: Pick<IncidentRow, 'top_severity'>): Temporal.Instant | null =>
  isMajor(row.top_severity) ? ctx.now.add({ minutes: ctx.plan.number('incident.broadcastMinutes') }) : null

const RESTORED: ReadonlySet<string> = new Set(['RESOLVED', 'VERIFIED', 'POSTMORTEM_PENDING'])
/** How it stands, told to the reporter, the customer and the leader. */
export async function broadcastIncident(
  ctx: Ctx,
  { incidentId, text }: Input<(typeof incidentApi)['broadcast']>,
): Promise<Reply<(typeof incidentApi)['broadcast']>> {
  const row = await openIncidentRow(ctx, incidentId)
  await addEvents(ctx, row.id, [{ kind: 'BROADCAST', text }])
  await updateIncident(ctx.db, row.id, { broadcast_due_at: RESTORED.has(row.status) ? null : nextBroadcast(ctx, row) }, ctx.now)
  await recordOf(ctx, row, 'broadcast', { text })
  await ctx.publish('incident.broadcast', { incidentId: row.id, text })
  return detailOf(ctx, incidentId)
}

const BATCH = 50
/** Whoever handles a major incident is reminded of the word that is owed, and again after the same while. @clause 5.8-1 */
export async function remindBroadcasts(ctx: Ctx): Promise<number> {
  const due = await lockDueBroadcasts(ctx.db, ctx.now, BATCH)
  for (const row of due) {
    await updateIncident(ctx.db, row.id, { broadcast_due_at: nextBroadcast(ctx, row) }, ctx.now)
    await notify(ctx, {
      event: 'incident.broadcast-due',
      to: [row.handler_id ? { personIds: [row.handler_id] } : { role: 'DUTY_OFFICER' }, { role: 'MAINTENANCE_MANAGER' }],
      params: { number: row.number, title: row.title, severity: row.severity },
      link: `/duty/incidents/${row.id}`,
      tenantId: row.tenant_id,
    })
  }
  return due.length
}
export const dueBroadcasts: DueWork = {
  name: 'incident.broadcasts',
  run: ({ door }) => door.enter({ actor: systemActor('incident') }, remindBroadcasts),
}
