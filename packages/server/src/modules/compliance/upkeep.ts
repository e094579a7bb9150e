import { systemActor } from '../../platform/actor.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { freezeLastMonth } from './freeze.service.ts'
import { monthBefore, monthOf } from './month.domain.ts'
import { forgetTouches } from './touch.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'compliance.freeze': Record<string, never>
    'compliance.forget': Record<string, never>
  }
}

export const complianceJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'compliance.freeze',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('compliance') }, (ctx) => freezeLastMonth(ctx, monthBefore(monthOf(ctx.now))))
    },
  }),
  jobKind({
    name: 'compliance.forget',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('compliance') }, ({ db }) => forgetTouches(db))
    },
  }),
]

/** On the second day of a month, when what fell due in its last minutes has been recorded. */
export const complianceCron: CronLine[] = [
  cronLine({ job: 'compliance.freeze', cron: '20 2 2 * *', payload: {} }),
  cronLine({ job: 'compliance.forget', cron: '40 3 * * *', payload: {} }),
]
