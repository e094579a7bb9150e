import { systemActor } from '../../platform/actor.ts'
import type { DueWork } from '../../platform/due.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { sendDigest } from './alarm.notices.ts'
import { retireAlarms } from './alarm.service.ts'
import { forgetAlarms } from './alarm.store.ts'
import { watchSilence } from './evaluate.service.ts'
import { sendHeartbeat } from './heartbeat.service.ts'
import { advanceDue } from './observe.service.ts'
import { watchSelf } from './self.service.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'alarm.watch': Record<string, never>
    'alarm.heartbeat': Record<string, never>
    'alarm.digest': Record<string, never>
    'alarm.sweep': Record<string, never>
  }
}
const entry = { actor: systemActor('alarm') }

/** Waits, settling, ends of silences, escalations: all in the rows, so a restart loses none. */
export const dueAlarms: DueWork = { name: 'alarm.timers', run: ({ door }) => door.enter(entry, advanceDue) }

export const alarmJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'alarm.watch',
    keyed: true,
    handler: async () => {
      await runtime().door.enter(entry, watchSilence)
      await runtime().door.enter(entry, watchSelf)
      await runtime().door.enter(entry, retireAlarms)
    },
  }),
  jobKind({ name: 'alarm.heartbeat', keyed: true, handler: () => sendHeartbeat(runtime()) }),
  jobKind({ name: 'alarm.digest', handler: () => runtime().door.enter(entry, sendDigest) }),
  jobKind({ name: 'alarm.sweep', handler: () => runtime().door.enter(entry, (ctx) => forgetAlarms(ctx.db, ctx.now)) }),
]
export const alarmCron: CronLine[] = [
  cronLine({ job: 'alarm.watch', cron: '* * * * *', payload: {}, clause: '5.1-3' }),
  cronLine({ job: 'alarm.heartbeat', cron: '* * * * *', payload: {}, clause: '5.1-3' }),
  cronLine({ job: 'alarm.digest', cron: '0 9,17 * * *', payload: {} }),
  cronLine({ job: 'alarm.sweep', cron: '23 3 * * *', payload: {} }),
]
