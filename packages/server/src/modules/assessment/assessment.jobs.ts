import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { tellPlan } from './assessment.notices.ts'
import { openQuarter } from './assessment.service.ts'
import { plansUnderWay, tracksOf } from './assessment.store.ts'
import { owesTrack, trackedIn } from './optimisation.service.ts'
import { lastQuarter } from './quarter.domain.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'assessment.day': Record<string, never>
  }
}
/** From this day of a month on, a plan nobody tracked yet is told of. */
const REMIND_FROM_DAY = 25

export async function assessmentDay(ctx: Ctx): Promise<void> {
  const today = shanghaiDay(ctx.now)
  await openQuarter(ctx, lastQuarter(today))
  if (today.day < REMIND_FROM_DAY) return
  const from = today.with({ day: 1 }).toZonedDateTime('Asia/Shanghai').toInstant()
  const month = today.toString().slice(0, 7)
  const plans = await plansUnderWay(ctx.db, from, ctx.now)
  const tracks = await tracksOf(
    ctx.db,
    plans.map(({ id }) => id),
  )
  for (const plan of plans.filter((one) => owesTrack(one, from) && trackedIn(one, tracks, month) === null))
    await tellPlan(
      ctx,
      'optimisation.untracked',
      plan,
      [{ role: 'MAINTENANCE_MANAGER' }],
      { month },
      `optimisation.untracked:${plan.id}:${month}`,
    )
}
export const assessmentJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'assessment.day', handler: () => runtime().door.enter({ actor: systemActor('assessment') }, assessmentDay) }),
]
export const assessmentCron: CronLine[] = [cronLine({ job: 'assessment.day', cron: '40 8 * * *', payload: {}, clause: '5.5-1' })]
