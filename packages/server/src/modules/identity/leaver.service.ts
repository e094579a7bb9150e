import { type accessApi, accessProblems } from '@changbai/contract/access.ts'
import { ROLES } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { identityProblems } from '@changbai/contract/identity.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { countHolders, delegationsOf, endDelegationRow, listGrants, rolesOf, updateGrant } from './grant.store.ts'
import { lockPerson, personById, setActive } from './person.store.ts'
import { endSessions, tellRightsChanged } from './session.service.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    /** Work of a leaver passes on; each reaction adds how much it moved. */
    'person.handed-over': { fromPersonId: string; to: { personId: string; name: string }; reason: string; moved: { tasks: number } }
  }
}

const GRANTS_AT_MOST = 200

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
  for (const role of await rolesOf(ctx.db, personId)) {
    if (ROLES[role].scope === 'PLATFORM' && (await countHolders(ctx.db, role)) <= 1)
      fail(identityProblems.lastAdministrator, { role: ROLES[role].zh })
  }
  await tellRightsChanged(ctx, personId)
  const moved = { tasks: 0 }
  await ctx.publish('person.handed-over', { fromPersonId: personId, to: { personId: toPersonId, name: successor.name }, reason, moved })

  let grants = 0
  for (const status of ['IN_FORCE', 'PROPOSED'] as const) {
    for (const grant of await listGrants(ctx.db, { personId, status, limit: GRANTS_AT_MOST })) {
      await updateGrant(ctx.db, grant.id, { status: 'WITHDRAWN', ended_at: ctx.now })
      await ctx.record({
        kind: 'grant.withdrawn',
        subject: { type: 'grant', id: grant.id },
        tenantId: grant.tenant_id,
        before: { status },
        after: { status: 'WITHDRAWN' },
        data: { reason },
      })
      grants += 1
    }
  }
  const open = (await delegationsOf(ctx.db, personId)).filter(
    (row) => row.ended_at === null && Temporal.Instant.compare(row.until_at, ctx.now) > 0,
  )
  for (const delegation of open) await endDelegationRow(ctx.db, delegation.id, ctx.now)
  await setActive(ctx.db, personId, false, ctx.now)
  await endSessions(ctx, { personId }, 'CLOSED')
  const result = { tasks: moved.tasks, grants, delegations: open.length }
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
