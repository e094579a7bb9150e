import type { Role } from '@changbai/contract/capability.ts'
import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { grantsHeldAt, momentsUnheld } from './clause.store.ts'

/** Each grant in force at an instant, and whether a second person approved it. Those of the set-up had nobody to approve them. @clause 3.2.1-(1) */
export async function grantsForClause(ctx: Ctx, at: Temporal.Instant): Promise<Obligation[]> {
  const instant = at.toString()
  const proposed = (await grantsHeldAt(ctx.db, at)).filter((grant) => grant.proposed_by !== null)
  return proposed.map((grant) => ({
    id: `grant:${grant.id}`,
    subject: { type: 'grant', id: grant.id, label: `${grant.person_name} · ${grant.role}` },
    tenantId: grant.tenant_id,
    applicationId: grant.application_id,
    startedAt: null,
    dueAt: instant,
    doneAt: instant,
    kept: grant.decided_by !== null && grant.decided_by !== grant.proposed_by,
    missing: null,
    exempt: null,
    provisional: false,
    evidence: [{ type: 'grant', id: grant.id }],
  }))
}

/** Where somebody held the role at an instant: everywhere, in a bureau, or for one application. */
export async function placesHeldAt(
  ctx: Ctx,
  role: Role,
  at: Temporal.Instant,
): Promise<(place: { tenantId: string; applicationId: string }) => boolean> {
  const grants = await grantsHeldAt(ctx.db, at, role)
  const tenants = new Set(grants.flatMap((one) => (one.application_id === null && one.tenant_id ? [one.tenant_id] : [])))
  const applications = new Set(grants.flatMap((one) => one.application_id ?? []))
  const everywhere = grants.some((one) => one.tenant_id === null && one.application_id === null)
  return ({ tenantId, applicationId }) => everywhere || tenants.has(tenantId) || applications.has(applicationId)
}

/** Who held a role of a bureau at an instant, with the bureau. */
export const bureauHolders = async (
  ctx: Ctx,
  role: Role,
  at: Temporal.Instant,
): Promise<{ personId: string; name: string; tenantId: string }[]> =>
  (await grantsHeldAt(ctx.db, at, role)).flatMap((one) =>
    one.tenant_id === null ? [] : [{ personId: one.person_id, name: one.person_name, tenantId: one.tenant_id }],
  )

const midnight = (on: Temporal.PlainDate): Temporal.Instant => on.toZonedDateTime(SHANGHAI).toInstant()

/** Whole days of the span up to `end`, from the first on which anybody held the role, and whether it was held all through each. @clause 3.3.1 */
export async function daysHeld(
  ctx: Ctx,
  role: Role,
  { from, end }: { from: Temporal.Instant; end: Temporal.Instant },
): Promise<{ on: Temporal.PlainDate; held: boolean }[]> {
  const days: Temporal.PlainDate[] = []
  for (let on = shanghaiDay(from); Temporal.Instant.compare(midnight(on.add({ days: 1 })), end) <= 0; on = on.add({ days: 1 }))
    days.push(on)
  const found = await momentsUnheld(ctx.db, role, days.map(midnight), { from, to: end })
  // a post nobody was ever given is without data, which counts as not kept
  if (!found) return []
  const unheld = new Set(found.unheld.map((at) => shanghaiDay(at).toString()))
  // the day on which the post was first filled is not held against anybody
  const first = shanghaiDay(found.firstAt)
  return days.filter((on) => Temporal.PlainDate.compare(on, first) > 0).map((on) => ({ on, held: !unheld.has(on.toString()) }))
}
