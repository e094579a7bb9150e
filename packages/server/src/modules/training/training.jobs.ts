import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { tellDue } from './training.notices.ts'
import { trainingsOf } from './training.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'training.watch': Record<string, never>
  }
}
/** Bureaus need two weeks to send somebody. */
const INVITE_DAYS = 14

export async function watchTrainings(ctx: Ctx): Promise<void> {
  const today = shanghaiDay(ctx.now)
  const soon = (await trainingsOf(ctx.db, today.year)).filter(
    (one) => one.status === 'PLANNED' && Temporal.PlainDate.compare(one.planned_on, today.add({ days: INVITE_DAYS })) <= 0,
  )
  for (const training of soon) await tellDue(ctx, training)
}
export const trainingJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'training.watch', handler: () => runtime().door.enter({ actor: systemActor('training') }, watchTrainings) }),
]
export const trainingCron: CronLine[] = [cronLine({ job: 'training.watch', cron: '20 9 * * *', payload: {}, clause: '5.9.1-1' })]
