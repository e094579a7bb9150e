import type { IncidentCorrection } from '@changbai/contract/incident.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { CorrectionRow } from './correction.store.ts'

/** The other side, and never whoever asked. */
export const mayDecide = ({ actor }: Ctx, slip: Pick<CorrectionRow, 'side' | 'asked_by_id'>): boolean =>
  slip.asked_by_id !== actor.personId &&
  actor.grants.some(({ role }) => role === (slip.side === 'PROVIDER' ? 'CUSTOMER_OM_MANAGER' : 'MAINTENANCE_MANAGER'))

export const toCorrection = (ctx: Ctx, slip: CorrectionRow, kind: IncidentCorrection['kind']): IncidentCorrection => ({
  id: slip.id,
  number: slip.number,
  eventId: slip.event_id,
  kind,
  wasAt: slip.was_at.toString(),
  toAt: slip.to_at.toString(),
  reason: slip.reason,
  side: slip.side,
  askedBy: slip.asked_by,
  askedAt: slip.asked_at.toString(),
  state: slip.state,
  decidedBy: slip.decided_by,
  decidedAt: slip.decided_at?.toString() ?? null,
  comment: slip.comment,
  mine: slip.state === 'ASKED' && mayDecide(ctx, slip),
})
