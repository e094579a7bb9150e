import { systemActor } from '../../platform/actor.ts'
import type { DueWork } from '../../platform/due.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { lookAtHealth } from './health.service.ts'
import type { OwnVitals } from './vitals.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'health.look': Record<string, never>
  }
}
const entry = { actor: systemActor('health') }
const REPORT_MS = 30_000

export const healthJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'health.look',
    keyed: true,
    retries: 0,
    handler: async () => {
      await runtime().door.enter(entry, lookAtHealth)
    },
  }),
]

export const healthCron: CronLine[] = [cronLine({ job: 'health.look', cron: '* * * * *', payload: {} })]

/** Each process says for itself how it is, every half minute. */
export function reportWork(own: OwnVitals): DueWork {
  let reportedMs = Number.NEGATIVE_INFINITY
  return {
    name: 'health.report',
    async run(runtime) {
      if (performance.now() - reportedMs < REPORT_MS) return 0
      reportedMs = performance.now()
      await runtime.door.enter(entry, (ctx) => own.report(ctx))
      return 0
    },
  }
}

export const leaveOrderly = (runtime: Runtime, own: OwnVitals): Promise<void> => runtime.door.enter(entry, (ctx) => own.leave(ctx))
