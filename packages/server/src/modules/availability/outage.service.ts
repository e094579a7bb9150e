import { availabilityProblems } from '@changbai/contract/availability.shapes.ts'
import type { availabilityApi } from '@changbai/contract/availability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Application } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Bodies } from '@changbai/verify/availability/chain.ts'
import type { Stretch } from '@changbai/verify/availability/fold.ts'
import { instantOf } from '@changbai/verify/availability/moment.ts'
import { requireScope } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { findApplication } from '../inventory/index.ts'
import { readFolded, type Written, write } from './chain.service.ts'
import { isDisputed, outageOf } from './present.ts'

type Api = typeof availabilityApi
type OutageReply = Reply<Api['report']>
const ms = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds

/** @throws commonProblems.notFound also where the caller's right does not reach */
export async function reachApplication(
  ctx: Ctx,
  applicationId: string,
  capability: 'outage.attribute' | 'availability.confirm',
  verb: 'C' | 'A',
): Promise<Application> {
  const application = (await findApplication(ctx, applicationId)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, capability, verb, { tenantId: application.tenantId, applicationId })
  return application
}

const stretchIn = ({ folded }: Pick<Written, 'folded'>, id: string): Stretch =>
  folded.stretches.find((one) => one.id === id) ?? fail(commonProblems.notFound)
const shown = (ctx: Ctx, written: Written, id: string): OutageReply =>
  outageOf(written.folded, stretchIn(written, id), ctx.now.epochMilliseconds)

export interface NewOutage {
  applicationId: string
  source: 'INCIDENT' | 'ALARM' | 'MANUAL'
  from: Temporal.Instant
  to: Temporal.Instant | null
  domain: Bodies['stretch']['domain']
  note: string
}

/** Adds a stretch seen otherwise than by probes; it counts once where it overlaps others. @returns its id @clause 7.1-I-2 */
export async function addOutage(ctx: Ctx, outage: NewOutage): Promise<string> {
  return (await putOutage(ctx, outage)).id
}

async function putOutage(
  ctx: Ctx,
  { applicationId, source, from, to, domain, note }: NewOutage,
): Promise<{ id: string; written: Written }> {
  const id = newId()
  const bounds = { from: from.epochMilliseconds, to: to?.epochMilliseconds ?? null }
  const written = await write(ctx, applicationId, [
    { kind: 'stretch', body: { id, state: 'DOWN', source, domain, note, ...bounds, fromLo: bounds.from, toLo: bounds.to } },
  ])
  return { id, written }
}

export async function reportOutage(ctx: Ctx, { applicationId, from, to, domain, note }: Input<Api['report']>): Promise<OutageReply> {
  const application = await reachApplication(ctx, applicationId, 'outage.attribute', 'C')
  const [begun, ended] = [Temporal.Instant.from(from), to === null ? null : Temporal.Instant.from(to)]
  requirePast(ctx, begun, ended)
  if ((await readFolded(ctx, applicationId)).folded.measured.length === 0) fail(availabilityProblems.notMeasured)
  const { id, written } = await putOutage(ctx, { applicationId, source: 'MANUAL', from: begun, to: ended, domain, note })
  await ctx.record({
    kind: 'outage.reported',
    subject: { type: 'outage', id },
    tenantId: application.tenantId,
    data: { applicationId, from, to, domain, note },
  })
  return shown(ctx, written, id)
}

function requirePast(ctx: Ctx, from: Temporal.Instant, to: Temporal.Instant | null): void {
  if (to && Temporal.Instant.compare(to, from) < 0) fail(availabilityProblems.backwards)
  if (Temporal.Instant.compare(to ?? from, ctx.now) > 0) fail(availabilityProblems.inFuture)
}

export async function endOutage(ctx: Ctx, { applicationId, outageId, to, reason }: Input<Api['end']>): Promise<OutageReply> {
  const application = await reachApplication(ctx, applicationId, 'outage.attribute', 'C')
  const stretch = stretchIn(await readFolded(ctx, applicationId), outageId)
  if (stretch.source === 'PROBE') fail(availabilityProblems.probesOwn)
  // nobody shortens what was recorded; that is for a ruling
  if (stretch.to !== null) fail(availabilityProblems.ended)
  requirePast(ctx, Temporal.Instant.fromEpochMilliseconds(stretch.from), Temporal.Instant.from(to))
  const written = await write(ctx, applicationId, [
    { kind: 'stretch-change', body: { id: outageId, from: stretch.from, to: ms(to), fromLo: stretch.fromLo, toLo: ms(to), reason } },
  ])
  await ctx.record({
    kind: 'outage.ended',
    subject: { type: 'outage', id: outageId },
    tenantId: application.tenantId,
    before: { to: stretch.to === null ? null : instantOf(stretch.to) },
    after: { to },
    data: { applicationId, reason },
  })
  return shown(ctx, written, outageId)
}

/** What was added by {@link addOutage} is over; one that somebody ended meanwhile stays as it is. */
export async function closeOutage(ctx: Ctx, applicationId: string, outageId: string, to: Temporal.Instant, reason: string): Promise<void> {
  const stretch = (await readFolded(ctx, applicationId)).folded.stretches.find((one) => one.id === outageId)
  if (!stretch || stretch.to !== null || to.epochMilliseconds < stretch.from) return
  const toLo = to.epochMilliseconds
  await write(ctx, applicationId, [
    { kind: 'stretch-change', body: { id: outageId, from: stretch.from, to: toLo, fromLo: stretch.fromLo, toLo, reason } },
  ])
}

/**
 * Whose it is, decided by the customer: the O&M manager, and where somebody does not agree, the leader. The bounds stay as they were measured.
 * @clause 7.1-I-2
 */
export async function ruleOutage(ctx: Ctx, input: Input<Api['rule']>): Promise<OutageReply> {
  const { applicationId, outageId, decision, domain, reason } = input
  const application = await reachApplication(ctx, applicationId, 'outage.attribute', 'A')
  const stretch = stretchIn(await readFolded(ctx, applicationId), outageId)
  const now = ctx.now.epochMilliseconds
  const role = ctx.actor.grants.some((grant) => grant.role === 'CUSTOMER_LEADER') ? 'CUSTOMER_LEADER' : 'CUSTOMER_OM_MANAGER'
  if (isDisputed(stretch) && role !== 'CUSTOMER_LEADER') fail(availabilityProblems.disputed)
  if (role === 'CUSTOMER_LEADER' && !isDisputed(stretch) && !ctx.actor.grants.some((grant) => grant.role === 'CUSTOMER_OM_MANAGER'))
    fail(availabilityProblems.customerOnly)
  const end = stretch.to ?? now
  const [from, to] = [input.from ? ms(input.from) : stretch.from, input.to ? ms(input.to) : end]
  if (from < stretch.from || to > end || to < from)
    fail(availabilityProblems.outside, { from: instantOf(stretch.from), to: instantOf(end) })
  const written = await write(ctx, applicationId, [
    { kind: 'ruling', body: { target: outageId, decision, from, to, domain, reason, role } },
  ])
  await ctx.record({
    kind: 'outage.ruled',
    subject: { type: 'outage', id: outageId },
    tenantId: application.tenantId,
    data: { applicationId, decision, from: instantOf(from), to: instantOf(to), domain, reason, role },
  })
  return shown(ctx, written, outageId)
}

export async function disputeRuling(ctx: Ctx, { applicationId, outageId, reason }: Input<Api['dispute']>): Promise<OutageReply> {
  const application = await reachApplication(ctx, applicationId, 'outage.attribute', 'C')
  const stretch = stretchIn(await readFolded(ctx, applicationId), outageId)
  if (stretch.rulings.length === 0 || isDisputed(stretch)) fail(availabilityProblems.notDisputable)
  const written = await write(ctx, applicationId, [{ kind: 'dispute', body: { target: outageId, reason } }])
  await ctx.record({
    kind: 'outage.disputed',
    subject: { type: 'outage', id: outageId },
    tenantId: application.tenantId,
    data: { applicationId, reason },
  })
  return shown(ctx, written, outageId)
}
