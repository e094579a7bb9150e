import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { loadCalendar } from '../calendar/index.ts'
import { isRestWeek, mondayOf, weekOf } from './meeting.domain.ts'
import { tellMissing } from './meeting.notices.ts'
import { meetingOfWeek } from './meeting.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'meeting.watch': Record<string, never>
  }
}

/** On Thursday there is still time to meet. */
export async function watchMeetings(ctx: Ctx): Promise<void> {
  const week = weekOf(shanghaiDay(ctx.now))
  const calendar = await loadCalendar(ctx)
  if (isRestWeek(mondayOf(week), (on) => calendar.isWorkday(on))) return
  const meeting = await meetingOfWeek(ctx.db, week)
  if (!meeting?.held_at) await tellMissing(ctx, week)
}

export const meetingJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'meeting.watch', handler: () => runtime().door.enter({ actor: systemActor('meeting') }, watchMeetings) }),
]
export const meetingCron: CronLine[] = [cronLine({ job: 'meeting.watch', cron: '0 9 * * 4', payload: {}, clause: '5.6-1' })]
