import type { Role } from '@changbai/contract/capability.ts'
import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { grantsHeldAt } from './clause.store.ts'

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
