import { type accessApi, accessProblems } from '@changbai/contract/access.ts'
import { ROLES, type Role } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { identityProblems } from '@changbai/contract/identity.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { countHolders, delegationsOf, endDelegationRow, type GrantView, listGrants, rolesOf, updateGrant } from './grant.store.ts'
import { lockPerson, personById, setActive } from './person.store.ts'
import { endSessions, tellRightsChanged } from './session.service.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    /** What a leaver would hand over; each reaction adds how much it would move. */
    'person.hand-over-asked': { personId: string; found: { tasks: number } }
    /** Work of a leaver passes on; each reaction adds how much it moved. */
    'person.handed-over': { fromPersonId: string; to: { personId: string; name: string }; reason: string; moved: { tasks: number } }
  }
}

const GRANTS_AT_MOST = 200

const runningDelegations = async (ctx: Ctx, personId: string) =>
  (await delegationsOf(ctx.db, personId)).filter((row) => row.ended_at === null && Temporal.Instant.compare(row.until_at, ctx.now) > 0)
const heldOrProposed = async (ctx: Ctx, personId: string): Promise<GrantView[]> =>
  (
    await Array.fromAsync(['IN_FORCE', 'PROPOSED'] as const, (status) => listGrants(ctx.db, { personId, status, limit: GRANTS_AT_MOST }))
  ).flat()

/** The administrator's role nobody else holds, which keeps its holder here. */
async function lastOf(ctx: Ctx, personId: string): Promise<Role | null> {
  for (const role of await rolesOf(ctx.db, personId))
    if (ROLES[role].scope === 'PLATFORM' && (await countHolders(ctx.db, role)) <= 1) return role
  return null
}

/** What {@link handOver} would do. Counts and roles only: the system administrator does not read the business. */
export async function readHandOver(
  ctx: Ctx,
  { personId }: Input<typeof accessApi.handOverPreview>,
): Promise<Reply<typeof accessApi.handOverPreview>> {
  const leaver = (await personById(ctx.db, personId)) ?? fail(commonProblems.notFound)
  const found = { tasks: 0 }
  await ctx.publish('person.hand-over-asked', { personId, found })
  return {
    personName: leaver.name,
    signIn: leaver.sign_in,
    active: leaver.active,
    tasks: found.tasks,
    grants: (await heldOrProposed(ctx, personId)).map((row) => ({
      role: row.role,
      tenantName: row.tenant_name,
      proposed: row.status === 'PROPOSED',
    })),
    delegations: (await runningDelegations(ctx, personId)).map((row) => ({
      role: row.role,
      fromName: row.from_name,
      toName: row.to_name,
      untilAt: row.until_at.toString(),
    })),
    lastOf: await lastOf(ctx, personId),
  }
}

/**
 * A leaver goes in one step: open tasks to the successor, grants and delegations ended, account closed, signed out everywhere.
 * The successor gets no role by it; tasks whose four-eyes rule forbids the successor are refused by the process when completed.
 */
export async function handOver(ctx: Ctx, input: Input<typeof accessApi.handOver>): Promise<Reply<typeof accessApi.handOver>> {
  const { personId, toPersonId, reason } = input
  if (personId === toPersonId) fail(accessProblems.samePerson)
  const leaver = (await lockPerson(ctx.db, personId)) ?? fail(commonProblems.notFound)
  const successor = await personById(ctx.db, toPersonId)
  if (!successor?.active) return fail(accessProblems.cannotReceive)
  const last = await lastOf(ctx, personId)
  if (last) fail(identityProblems.lastAdministrator, { role: ROLES[last].zh })
  await tellRightsChanged(ctx, personId)
  const moved = { tasks: 0 }
  await ctx.publish('person.handed-over', { fromPersonId: personId, to: { personId: toPersonId, name: successor.name }, reason, moved })

  const grants = await heldOrProposed(ctx, personId)
  for (const grant of grants) {
    await updateGrant(ctx.db, grant.id, { status: 'WITHDRAWN', ended_at: ctx.now })
    await ctx.record({
      kind: 'grant.withdrawn',
      subject: { type: 'grant', id: grant.id },
      tenantId: grant.tenant_id,
      before: { status: grant.status },
      after: { status: 'WITHDRAWN' },
      data: { reason },
    })
  }
  const open = await runningDelegations(ctx, personId)
  for (const delegation of open) await endDelegationRow(ctx.db, delegation.id, ctx.now)
  await setActive(ctx.db, personId, false, ctx.now)
  await endSessions(ctx, { personId }, 'CLOSED')
  const result = { tasks: moved.tasks, grants: grants.length, delegations: open.length }
  await ctx.record({
    kind: 'person.handed-over',
    subject: { type: 'person', id: personId },
    before: { active: leaver.active },
    after: { active: false, to: toPersonId, ...result },
    data: { reason },
  })
  await ctx.publish('person.disabled', { personId })
  return result
}
