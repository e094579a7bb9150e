import type { EntryOf, Party } from '@changbai/verify/availability/chain.ts'
import { yearOf } from '@changbai/verify/availability/year.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { loadBusinessClock } from '../calendar/index.ts'
import { applicationsById } from '../inventory/index.ts'
import { tellBudget, tellUnanswered } from './availability.notices.ts'
import { allAccounts, answersSince } from './chain.store.ts'
import { rowOf } from './present.ts'

/** Warns when a quarter, a half, three quarters, nine tenths and all of the year's budget are used. @clause 7.1-II-1 */
export async function warnOfBudgets(ctx: Ctx): Promise<void> {
  const now = ctx.now.epochMilliseconds
  const year = yearOf(now)
  const accounts = await allAccounts(ctx.db)
  const applications = await applicationsById(
    ctx,
    accounts.map(({ applicationId }) => applicationId),
  )
  for (const { applicationId, kept } of accounts) {
    const application = applications.get(applicationId)
    if (!application) continue
    const { passedPercent } = rowOf(application, kept, year, now).burn
    if (passedPercent !== null) await tellBudget(ctx, application, year, passedPercent)
  }
}

const PARTIES: readonly Party[] = ['CUSTOMER', 'THIRD_PARTY']
/** Reminding stops here; the clause counts the missing answer all the same. */
const REMINDED_DAYS = 120

/** Reminds each side of seals it has not answered in time, once a seal. Silence is never a confirmation. @clause 7.1-II-2-1 */
export async function remindOfSeals(ctx: Ctx): Promise<void> {
  const rows = await answersSince(ctx.db, ctx.now.subtract({ hours: 24 * REMINDED_DAYS }))
  const seals = rows.flatMap(({ applicationId, entry }) => (entry.kind === 'seal' ? [{ applicationId, seal: entry }] : []))
  const answered = new Set(
    rows.flatMap(({ applicationId, entry }) =>
      entry.kind === 'confirmation' ? [`${applicationId} ${entry.body.seal} ${entry.body.party}`] : [],
    ),
  )
  const applications = await applicationsById(
    ctx,
    seals.map(({ applicationId }) => applicationId),
  )
  const clock = await loadBusinessClock(ctx)
  for (const { applicationId, seal } of seals) {
    const application = applications.get(applicationId)
    if (!application || isReplaced(seals, applicationId, seal)) continue
    const dueAt = clock.addTime(Temporal.Instant.from(seal.at), ctx.plan.duration('availability.confirmRemind'))
    if (Temporal.Instant.compare(ctx.now, dueAt) < 0) continue
    for (const party of PARTIES)
      if (!answered.has(`${applicationId} ${seal.seq} ${party}`)) await tellUnanswered(ctx, application, seal.body.month, party, seal.seq)
  }
}

const isReplaced = (
  seals: readonly { applicationId: string; seal: EntryOf<'seal'> }[],
  applicationId: string,
  { seq, body }: EntryOf<'seal'>,
) => seals.some((one) => one.applicationId === applicationId && one.seal.body.month === body.month && one.seal.seq > seq)
