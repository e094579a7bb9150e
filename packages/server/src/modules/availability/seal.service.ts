import { availabilityProblems } from '@changbai/contract/availability.shapes.ts'
import type { availabilityApi } from '@changbai/contract/availability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { differenceOf } from '@changbai/verify/availability/audit.ts'
import type { EntryOf } from '@changbai/verify/availability/chain.ts'
import { figuresOfMonth } from '@changbai/verify/availability/statement.ts'
import { monthSpan } from '@changbai/verify/availability/year.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { tellObjected, tellSealed } from './availability.notices.ts'
import { readFolded, write } from './chain.service.ts'
import { cutRuns } from './judge.service.ts'
import { reachApplication } from './outage.service.ts'
import { sealOf } from './present.ts'

type Api = typeof availabilityApi

/**
 * Presents the figures of a month for confirmation. A month that is sealed already is only sealed again when its figures have changed: as an amendment
 * that prints old and new. @clause 7.1-II-2-1
 */
export async function sealMonth(ctx: Ctx, { applicationId, month, reason }: Input<Api['seal']>): Promise<Reply<Api['seal']>> {
  const application = await reachApplication(ctx, applicationId, 'availability.confirm', 'C')
  const span = monthSpan(month)
  if (!span || span.to > ctx.now.epochMilliseconds) fail(availabilityProblems.monthNotOver, { month })
  await cutRuns(ctx, applicationId)
  const { folded } = await readFolded(ctx, applicationId)
  if (folded.measured.length === 0) fail(availabilityProblems.notMeasured)
  const figures = figuresOfMonth(folded, span, span.to)
  const before = folded.seals.filter(({ body }) => body.month === month).at(-1)
  if (before && !differenceOf(before.body.figures, figures)) fail(availabilityProblems.unchanged, { month })
  const written = await write(ctx, applicationId, [
    { kind: 'seal', body: { month, figures, amends: before?.seq ?? null, old: before?.body.figures ?? null, reason } },
  ])
  const seal = written.entries.at(-1) as EntryOf<'seal'>
  await ctx.record({
    kind: before ? 'availability.amended' : 'availability.sealed',
    subject: { type: 'application', id: applicationId },
    tenantId: application.tenantId,
    before: before?.body.figures,
    after: figures,
    // the ledger's own chain keeps the end of this one
    data: { month, seq: seal.seq, head: seal.digest, reason },
  })
  await tellSealed(ctx, application, month, before !== undefined, seal.seq)
  return sealOf(written.entries, seal)
}

/** Each side answers for itself; silence is never a confirmation. @clause 7.1-II-2-1 7.1-II-2-2 */
export async function confirmMonth(ctx: Ctx, input: Input<Api['confirm']>): Promise<Reply<Api['confirm']>> {
  const { applicationId, month, seal: seq, result, comment } = input
  const application = await reachApplication(ctx, applicationId, 'availability.confirm', 'A')
  const { folded } = await readFolded(ctx, applicationId)
  const seals = folded.seals.filter(({ body }) => body.month === month)
  const seal = seals.find((one) => one.seq === seq) ?? fail(availabilityProblems.notSealed, { month })
  if (seals.at(-1)?.seq !== seq) fail(availabilityProblems.superseded)
  const party = ctx.actor.grants.some(({ role }) => role === 'CUSTOMER_OM_MANAGER') ? ('CUSTOMER' as const) : ('THIRD_PARTY' as const)
  if (folded.confirmations.some(({ body }) => body.seal === seq && body.party === party)) fail(availabilityProblems.alreadyConfirmed)
  const written = await write(ctx, applicationId, [{ kind: 'confirmation', body: { month, seal: seq, party, result, comment } }])
  await ctx.record({
    kind: result === 'CONFIRMED' ? 'availability.confirmed' : 'availability.objected',
    subject: { type: 'application', id: applicationId },
    tenantId: application.tenantId,
    data: { month, seal: seq, head: seal.digest, party, comment },
  })
  if (result === 'OBJECTED') await tellObjected(ctx, application, month, party, comment)
  return sealOf(written.entries, seal)
}
