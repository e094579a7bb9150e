import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { remindOfSeals, warnOfBudgets } from './budget.service.ts'
import { watchCertificates } from './certificate.service.ts'
import { judgeQuiet } from './judge.service.ts'
import { runSimulatedProbes } from './probe.service.ts'
import { forgetResults } from './probe.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'availability.judge': Record<string, never>
    'availability.budget': Record<string, never>
    'availability.remind': Record<string, never>
    'availability.sweep': Record<string, never>
    'availability.certificates': Record<string, never>
  }
}
const entry = { actor: systemActor('availability') }
/** Single results are kept a contract year and the time to confirm it; the chain keeps everything for good. */
const RESULT_DAYS = 400

/** Simulated probes first: what they have seen must not look like silence. */
const judgeMinute = async (ctx: Ctx): Promise<void> => {
  await runSimulatedProbes(ctx)
  await judgeQuiet(ctx)
}

export const availabilityJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'availability.judge', keyed: true, handler: () => runtime().door.enter(entry, judgeMinute) }),
  jobKind({ name: 'availability.budget', keyed: true, handler: () => runtime().door.enter(entry, warnOfBudgets) }),
  jobKind({ name: 'availability.certificates', keyed: true, handler: () => runtime().door.enter(entry, watchCertificates) }),
  jobKind({ name: 'availability.remind', handler: () => runtime().door.enter(entry, remindOfSeals) }),
  jobKind({
    name: 'availability.sweep',
    handler: () => runtime().door.enter(entry, (ctx) => forgetResults(ctx.db, ctx.now.subtract({ hours: RESULT_DAYS * 24 }))),
  }),
]

export const availabilityCron: CronLine[] = [
  cronLine({ job: 'availability.judge', cron: '* * * * *', payload: {}, clause: '7.1-I-2' }),
  cronLine({ job: 'availability.budget', cron: '*/10 * * * *', payload: {}, clause: '7.1-II-1' }),
  cronLine({ job: 'availability.certificates', cron: '3-59/10 * * * *', payload: {} }),
  cronLine({ job: 'availability.remind', cron: '10 9 * * *', payload: {}, clause: '7.1-II-2-1' }),
  cronLine({ job: 'availability.sweep', cron: '41 3 * * *', payload: {} }),
]
