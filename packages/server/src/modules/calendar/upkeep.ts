import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { yearRow } from './calendar.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'calendar.look-ahead': Record<string, never>
  }
  interface Events {
    /** The notice is due or out and nobody has entered the next year; told at most once a `week` (`2026-W41`). */
    'calendar.year-missing': { year: number; week: string }
  }
}

/**
 * From the day the plan names (October) to the end of the year: is the next year still provisional? The State Council's notice usually comes
 * in November.
 */
export async function lookAhead(ctx: Ctx): Promise<void> {
  const today = shanghaiDay(ctx.now)
  const year = today.year + 1
  if (today.toString().slice(5) < ctx.plan.text('calendar.enterNextYearFrom')) return
  if ((await yearRow(ctx.db, year))?.status === 'PUBLISHED') return
  const week = `${today.yearOfWeek}-W${String(today.weekOfYear).padStart(2, '0')}`
  await ctx.publish('calendar.year-missing', { year, week })
}

export const calendarJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'calendar.look-ahead',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('calendar') }, lookAhead)
    },
  }),
]

export const calendarCron: readonly CronLine[] = [cronLine({ job: 'calendar.look-ahead', cron: '0 9 * * *', payload: {} })]
