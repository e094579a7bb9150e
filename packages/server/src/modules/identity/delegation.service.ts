import { ROLES } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type identityApi, identityProblems } from '@changbai/contract/identity.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { delegationsOf, endDelegationRow, insertDelegation, lockDelegation, rolesOf } from './grant.store.ts'
import { DELEGATION_DAYS_MAX, incompatibleRole } from './identity.domain.ts'
import { personById } from './person.store.ts'
import { tellRightsChanged } from './session.service.ts'

type DelegationReply = Reply<typeof identityApi.delegate>

const readAll = async (ctx: Ctx): Promise<DelegationReply[]> =>
  (await delegationsOf(ctx.db, personOf(ctx.actor))).map((row) => ({
    id: row.id,
    fromName: row.from_name,
    toName: row.to_name,
    role: row.role,
    fromAt: row.from_at.toString(),
    untilAt: row.until_at.toString(),
    reason: row.reason,
    endedAt: row.ended_at?.toString() ?? null,
  }))
const readOne = async (ctx: Ctx, id: string): Promise<DelegationReply> =>
  (await readAll(ctx)).find((one) => one.id === id) ?? fail(commonProblems.notFound)

export const readDelegations = async (ctx: Ctx): Promise<Reply<typeof identityApi.delegations>> => ({ items: await readAll(ctx) })

/** Lends a role of one's own for at most 15 days; the delegate must be fit to hold it (separation of duties). */
export async function delegateRole(ctx: Ctx, input: Input<typeof identityApi.delegate>): Promise<DelegationReply> {
  const { role, toPersonId, reason } = input
  const from = Temporal.Instant.from(input.fromAt)
  const until = Temporal.Instant.from(input.untilAt)
  const start = Temporal.Instant.compare(from, ctx.now) < 0 ? ctx.now : from
  const hours = until.since(start).total('hours')
  if (hours <= 0 || hours > DELEGATION_DAYS_MAX * 24) fail(identityProblems.tooLong, { days: DELEGATION_DAYS_MAX })
  // a role that was itself lent cannot be lent on: only grants of one's own count
  if (!(await rolesOf(ctx.db, personOf(ctx.actor))).includes(role)) fail(identityProblems.notGrantor, { role: ROLES[role].zh })
  const delegate = await personById(ctx.db, toPersonId)
  if (!delegate?.active || delegate.id === ctx.actor.personId) fail(commonProblems.notFound)
  const held = incompatibleRole(role, await rolesOf(ctx.db, toPersonId))
  if (held) fail(identityProblems.incompatible, { role: ROLES[role].zh, held: ROLES[held].zh })
  const id = newId()
  await insertDelegation(ctx.db, {
    id,
    from_person_id: personOf(ctx.actor),
    to_person_id: toPersonId,
    role,
    from_at: start,
    until_at: until,
    reason,
    ended_at: null,
  })
  await tellRightsChanged(ctx, personOf(ctx.actor))
  await ctx.record({
    kind: 'delegation.started',
    subject: { type: 'delegation', id },
    after: { toPersonId, role, from: start.toString(), until: until.toString() },
    data: { reason },
  })
  return readOne(ctx, id)
}

export async function endDelegation(ctx: Ctx, { delegationId }: Input<typeof identityApi.endDelegation>): Promise<DelegationReply> {
  const row = await lockDelegation(ctx.db, delegationId)
  if (!row || ![row.from_person_id, row.to_person_id].includes(personOf(ctx.actor))) return fail(commonProblems.notFound)
  if (!row.ended_at) {
    await tellRightsChanged(ctx, row.from_person_id)
    await endDelegationRow(ctx.db, delegationId, ctx.now)
  }
  await ctx.record({ kind: 'delegation.ended', subject: { type: 'delegation', id: delegationId } })
  return readOne(ctx, delegationId)
}
