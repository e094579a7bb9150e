import { yearOf } from '@changbai/verify/availability/year.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { applicationsById } from '../inventory/index.ts'
import { tellBudget } from './availability.notices.ts'
import { allAccounts } from './chain.store.ts'
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
