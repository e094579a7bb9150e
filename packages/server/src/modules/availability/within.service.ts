import type { Ctx } from '../../platform/ctx.ts'
import { readFolded } from './chain.service.ts'
import { outageOf } from './present.ts'

/** Stretches in which an application was down and that overlap a time, as they stand now with their rulings. */
export async function outagesWithin(ctx: Ctx, applicationId: string, from: Temporal.Instant, to: Temporal.Instant) {
  const { folded } = await readFolded(ctx, applicationId)
  const ms = (at: string) => Temporal.Instant.from(at).epochMilliseconds
  return folded.stretches
    .map((stretch) => outageOf(folded, stretch, ctx.now.epochMilliseconds))
    .filter(
      (one) => one.state === 'DOWN' && ms(one.from) < to.epochMilliseconds && (one.to === null || ms(one.to) > from.epochMilliseconds),
    )
    .map((one) => ({ id: one.id, from: one.from, to: one.to, source: one.source as string, ruling: one.decision as string }))
}
