import type { Annotation } from '@changbai/contract/telemetry.ts'
import { instantOf } from '@changbai/verify/availability/moment.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { readFolded } from './chain.service.ts'
import { accountsOf } from './chain.store.ts'

/** Outages and planned downtime of the application an object serves, beside its curves. */
export async function addOutageAnnotations(
  ctx: Ctx,
  { applicationId, from, to, found }: { applicationId: string | null; from: Temporal.Instant; to: Temporal.Instant; found: Annotation[] },
): Promise<void> {
  if (!applicationId) return
  const [account] = await accountsOf(ctx.db, [applicationId])
  if (!account) return
  const { folded } = await readFolded(ctx, applicationId)
  const isWithin = (start: number, end: number | null): boolean =>
    start < to.epochMilliseconds && (end === null || end > from.epochMilliseconds)
  for (const { state, from: start, to: end, note } of folded.stretches)
    if (state === 'DOWN' && isWithin(start, end))
      found.push({ from: instantOf(start), to: end === null ? null : instantOf(end), kind: 'OUTAGE', label: note })
  for (const { from: start, to: end, impact } of folded.windows)
    if (isWithin(start, end)) found.push({ from: instantOf(start), to: instantOf(end), kind: 'DOWNTIME', label: impact })
}
