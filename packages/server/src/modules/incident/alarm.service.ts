import type { IncidentSource } from '@changbai/contract/incident.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { addEvents } from './history.service.ts'
import { recordOf } from './incident.service.ts'
import { findIncident, lockIncident, openedSince, updateIncident } from './incident.store.ts'

/** A line of the log by the system; nothing for an incident that is closed. */
export async function noteIncident(ctx: Ctx, incidentId: string, text: string): Promise<void> {
  const row = await findIncident(ctx.db, incidentId)
  if (row && row.status !== 'CLOSED') await addEvents(ctx, row.id, [{ kind: 'LOG', text }])
}

/** What the same trouble opened one by one before it was known to be one goes under it; each keeps its own clocks. */
export async function groupIncidents(
  ctx: Ctx,
  parentId: string,
  of: { source: IncidentSource; openedSince: Temporal.Instant },
): Promise<void> {
  const parent = await lockIncident(ctx.db, parentId)
  if (!parent || parent.parent_id) return
  for (const row of await openedSince(ctx.db, of.source, of.openedSince)) {
    if (row.id === parentId) continue
    await addEvents(ctx, row.id, [{ kind: 'GROUPED', text: parent.number }])
    await updateIncident(ctx.db, row.id, { parent_id: parentId }, ctx.now)
    await recordOf(ctx, row, 'grouped', { parentId })
  }
}
