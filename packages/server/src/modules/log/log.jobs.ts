import { systemActor } from '../../platform/actor.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { keepLogDays } from './log.service.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'log.days': Record<string, never>
  }
}

export const logJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'log.days', handler: () => runtime().door.enter({ actor: systemActor('log') }, keepLogDays) }),
]
export const logCron: CronLine[] = [cronLine({ job: 'log.days', cron: '37 2 * * *', payload: {}, clause: '5.2-4' })]
