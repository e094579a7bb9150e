import { ROLES, type Role, roleHolds } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type identityApi, identityProblems } from '@changbai/contract/identity.ts'
import { ldapProblems } from '@changbai/contract/ldap.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type Actor, type Grant, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { issueLink } from './entry-link.service.ts'
import { countHolders, type GrantView, heldGrants, insertGrant, listGrants, lockGrant, rolesOf, updateGrant } from './grant.store.ts'
import { incompatibleRole, mayPropose, rolesUpon, scopeProblem } from './identity.domain.ts'
import { accountOfPerson } from './ldap.store.ts'
import { activateTenant, lockPerson, personById, tenantById } from './person.store.ts'
import { tellRightsChanged } from './session.service.ts'
import { currentPassword } from './session.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    'grant.proposed': { grantId: string; personName: string; role: Role; tenantName: string | null; by: string }
    /** `entryPath`: where somebody without a password sets one; a secret, for that person alone. */
    'grant.in-force': { personId: string; role: Role; tenantName: string | null; entryPath: string | null }
  }
}

type GrantReply = Reply<typeof identityApi.proposeGrant>
const rolesHeld = (actor: Actor): Role[] => actor.grants.map((grant) => grant.role)

/** A customer's role is approved by the customer's manager, every other by the security administrator. */
const mayDecide = (roles: readonly Role[], role: Role): boolean =>
  roles.some((held) => held === 'SECURITY_ADMIN' || (ROLES[role].group === 'CUSTOMER' && roleHolds(held, 'iam.customerRole.grant', 'A')))

const verbsFor = (actor: Actor, row: GrantView): GrantReply['may'] => {
  const own = actor.personId === row.person_id || actor.personId === row.proposed_by
  if (row.status === 'PROPOSED') {
    return [
      ...(mayDecide(rolesHeld(actor), row.role) && !own ? (['APPROVE', 'REJECT'] as const) : []),
      ...(actor.personId === row.proposed_by ? (['WITHDRAW'] as const) : []),
    ]
  }
  return row.status === 'IN_FORCE' && actor.personId !== row.person_id && mayPropose(row.role, rolesHeld(actor)) ? ['WITHDRAW'] : []
}

const toGrant = (actor: Actor, row: GrantView): GrantReply => ({
  id: row.id,
  personId: row.person_id,
  personName: row.person_name,
  role: row.role,
  tenantId: row.tenant_id,
  tenantName: row.tenant_name,
  applicationId: row.application_id,
  status: row.status,
  reason: row.reason,
  proposedBy: row.proposed_name ?? '—',
  proposedAt: row.proposed_at.toString(),
  decidedBy: row.decided_name,
  decidedAt: row.decided_at?.toString() ?? null,
  endedAt: row.ended_at?.toString() ?? null,
  hasPassword: row.has_password,
  may: verbsFor(actor, row),
})

const oneGrant = async (ctx: Ctx, id: string): Promise<GrantReply> => {
  const [row] = await listGrants(ctx.db, { id, limit: 1 })
  return row ? toGrant(ctx.actor, row) : fail(commonProblems.notFound)
}

export async function readGrants(ctx: Ctx, input: Input<typeof identityApi.grants>): Promise<Reply<typeof identityApi.grants>> {
  const after = readCursor(input.after)
  const rows = await listGrants(ctx.db, {
    ...input,
    after: after && { at: Temporal.Instant.from(after[0]), id: after[1] },
    limit: input.limit + 1,
  })
  const { items, next } = pageOf(rows, input.limit, (row) => [row.proposed_at.toString(), row.id])
  return { items: items.map((row) => toGrant(ctx.actor, row)), next }
}

export const THREE_ADMINISTRATORS: ReadonlySet<Role> = new Set(['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'])

/** Locks the person, so that two proposals at the same moment see each other. */
const checkCompatible = async (ctx: Ctx, personId: string, role: Role): Promise<void> => {
  await lockPerson(ctx.db, personId)
  const held = incompatibleRole(role, await rolesOf(ctx.db, personId))
  if (held) fail(identityProblems.incompatible, { role: ROLES[role].zh, held: ROLES[held].zh })
  // whoever keeps the directory could otherwise sign in as one of the three
  if (THREE_ADMINISTRATORS.has(role) && (await accountOfPerson(ctx.db, personId)))
    fail(ldapProblems.linked, { name: (await personById(ctx.db, personId))?.name ?? '' })
}

/** @clause 3.2.1-(1) the IaaS administrator proposes; nothing is in force before the security administrator approves */
export async function proposeGrant(ctx: Ctx, input: Input<typeof identityApi.proposeGrant>): Promise<GrantReply> {
  const { personId, role, tenantId, applicationId, reason } = input
  if (personId === personOf(ctx.actor)) fail(identityProblems.selfGrant)
  if (!mayPropose(role, rolesUpon(await heldGrants(ctx.db, personOf(ctx.actor), ctx.now), personId)))
    fail(identityProblems.notGrantor, { role: ROLES[role].zh })
  const wrong = scopeProblem(role, tenantId)
  if (wrong === 'needed') fail(identityProblems.scopeNeeded, { role: ROLES[role].zh })
  if (wrong === 'refused') fail(identityProblems.scopeRefused, { role: ROLES[role].zh })
  const person = (await personById(ctx.db, personId)) ?? fail(commonProblems.notFound)
  if (tenantId && !(await tenantById(ctx.db, tenantId))) fail(commonProblems.notFound)
  await checkCompatible(ctx, personId, role)
  const id = newId()
  await insertGrant(ctx.db, {
    id,
    person_id: person.id,
    role,
    tenant_id: tenantId,
    application_id: applicationId,
    status: 'PROPOSED',
    reason,
    proposed_by: personOf(ctx.actor),
    proposed_at: ctx.now,
    decided_by: null,
    decided_at: null,
    ended_at: null,
  })
  await ctx.record({
    kind: 'grant.proposed',
    subject: { type: 'grant', id },
    tenantId,
    after: { personId, role, tenantId, applicationId },
    data: { reason },
  })
  const made = await oneGrant(ctx, id)
  await ctx.publish('grant.proposed', { grantId: id, personName: made.personName, role, tenantName: made.tenantName, by: made.proposedBy })
  return made
}

/** The person is told; whoever has no password yet gets the way to set one, and the bureau's first grant makes it a bureau. */
async function takeEffect(ctx: Ctx, grant: GrantReply): Promise<void> {
  if (grant.tenantId && (await activateTenant(ctx.db, grant.tenantId)))
    await ctx.record({ kind: 'tenant.activated', subject: { type: 'tenant', id: grant.tenantId }, tenantId: grant.tenantId })
  const { personId, role, tenantName } = grant
  const hasWayIn = (await currentPassword(ctx.db, personId)) ?? (await accountOfPerson(ctx.db, personId))
  const entryPath = hasWayIn ? null : (await issueLink(ctx, personId)).path
  await ctx.publish('grant.in-force', { personId, role, tenantName, entryPath })
}

/** The customer alone names its people: once it has a manager, one of proposer and approver is that manager. */
async function requireCustomer(ctx: Ctx, grant: { role: Role; proposed_by: string | null }): Promise<void> {
  const manager: Role = 'CUSTOMER_OM_MANAGER'
  if (ROLES[grant.role].group !== 'CUSTOMER' || rolesHeld(ctx.actor).includes(manager)) return
  if ((await countHolders(ctx.db, manager)) === 0) return
  if (grant.proposed_by && (await rolesOf(ctx.db, grant.proposed_by)).includes(manager)) return
  fail(identityProblems.notGrantor, { role: ROLES[grant.role].zh })
}

async function decide(ctx: Ctx, grantId: string, status: 'IN_FORCE' | 'REJECTED', reason: string | null): Promise<GrantReply> {
  const grant = (await lockGrant(ctx.db, grantId)) ?? fail(commonProblems.notFound)
  if (grant.status !== 'PROPOSED') {
    const by = grant.decided_by ? ((await personById(ctx.db, grant.decided_by))?.name ?? '') : ''
    fail(identityProblems.decided, { by })
  }
  if (!mayDecide(rolesUpon(await heldGrants(ctx.db, personOf(ctx.actor), ctx.now), grant.person_id), grant.role))
    fail(commonProblems.forbidden)
  if (grant.person_id === ctx.actor.personId || grant.proposed_by === ctx.actor.personId) fail(identityProblems.selfGrant)
  if (status === 'IN_FORCE') await requireCustomer(ctx, grant)
  if (status === 'IN_FORCE') await checkCompatible(ctx, grant.person_id, grant.role)
  await updateGrant(ctx.db, grantId, { status, decided_by: personOf(ctx.actor), decided_at: ctx.now })
  await tellRightsChanged(ctx, grant.person_id)
  await ctx.record({
    kind: status === 'IN_FORCE' ? 'grant.approved' : 'grant.rejected',
    subject: { type: 'grant', id: grantId },
    tenantId: grant.tenant_id,
    before: { status: grant.status },
    after: { status },
    ...(reason ? { data: { reason } } : {}),
  })
  const decided = await oneGrant(ctx, grantId)
  if (status === 'IN_FORCE') await takeEffect(ctx, decided)
  return decided
}

export const approveGrant = (ctx: Ctx, { grantId }: Input<typeof identityApi.approveGrant>) => decide(ctx, grantId, 'IN_FORCE', null)
export const rejectGrant = (ctx: Ctx, { grantId, reason }: Input<typeof identityApi.rejectGrant>) =>
  decide(ctx, grantId, 'REJECTED', reason)

/** Takes back a proposal of one's own, or a grant in force that one could have proposed. At once. */
export async function withdrawGrant(ctx: Ctx, { grantId, reason }: Input<typeof identityApi.withdrawGrant>): Promise<GrantReply> {
  const grant = (await lockGrant(ctx.db, grantId)) ?? fail(commonProblems.notFound)
  const ownProposal = grant.status === 'PROPOSED' && grant.proposed_by === ctx.actor.personId
  const granted = grant.status === 'IN_FORCE' && mayPropose(grant.role, rolesHeld(ctx.actor)) && grant.person_id !== ctx.actor.personId
  if (!ownProposal && !granted) fail(identityProblems.notGrantor, { role: ROLES[grant.role].zh })
  await updateGrant(ctx.db, grantId, { status: 'WITHDRAWN', ended_at: ctx.now })
  await tellRightsChanged(ctx, grant.person_id)
  await ctx.record({
    kind: 'grant.withdrawn',
    subject: { type: 'grant', id: grantId },
    tenantId: grant.tenant_id,
    before: { status: grant.status },
    after: { status: 'WITHDRAWN' },
    data: { reason },
  })
  return oneGrant(ctx, grantId)
}

/**
 * A grant in force at once, without proposal: for set-up, for demo data, and where a process has decided it already
 * (admission extends its project manager to the new application). Separation of duties is checked all the same.
 */
export async function grantDirect(ctx: Ctx, grant: Grant & { personId: string; reason: string }): Promise<void> {
  await checkCompatible(ctx, grant.personId, grant.role)
  const id = newId()
  await insertGrant(ctx.db, {
    id,
    person_id: grant.personId,
    role: grant.role,
    tenant_id: grant.tenantId,
    application_id: grant.applicationId,
    status: 'IN_FORCE',
    reason: grant.reason,
    proposed_by: null,
    proposed_at: ctx.now,
    decided_by: null,
    decided_at: ctx.now,
    ended_at: null,
  })
  await ctx.record({ kind: 'grant.given', subject: { type: 'grant', id }, tenantId: grant.tenantId, after: grant })
}
