import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { forgetWindows } from './chunk.store.ts'
import { RAW_DAYS } from './intake.ts'
import { dropPartitions } from './partition.store.ts'
import { forgetSeries } from './series.store.ts'
import { watchSources } from './source.service.ts'
import { forgetTallies } from './source.store.ts'
import { runSimulatedServers } from './telemetry.demo.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'telemetry.watch': Record<string, never>
    'telemetry.sweep': Record<string, never>
  }
}
const entry = { actor: systemActor('telemetry') }
/** A year and the time to settle it. */
const ROLLUP_DAYS = 400

/** Old samples go by dropping the partitions of whole days, roll-ups by those of whole months. */
export async function sweepTelemetry(ctx: Ctx): Promise<void> {
  const today = ctx.now.toZonedDateTimeISO('UTC').toPlainDate()
  const rawFrom = today.subtract({ days: RAW_DAYS })
  const rollupFrom = today.subtract({ days: ROLLUP_DAYS }).with({ day: 1 })
  await dropPartitions(ctx.db, 'telemetry_chunk', 'window_at', rawFrom.toString().replaceAll('-', ''), `${rawFrom} 00:00:00+00`)
  await dropPartitions(ctx.db, 'telemetry_rollup', 'day', rollupFrom.toString().slice(0, 7).replace('-', ''), rollupFrom.toString())
  const oldest = rollupFrom.toZonedDateTime('UTC').toInstant()
  await forgetWindows(ctx.db, oldest)
  await forgetSeries(ctx.db, oldest)
  await forgetTallies(ctx.db, ctx.now)
}

/** Simulated servers first: what they report must not look like silence. */
async function watchMinute(ctx: Ctx): Promise<void> {
  await runSimulatedServers(ctx)
  await watchSources(ctx)
}

export const telemetryJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'telemetry.watch', keyed: true, handler: () => runtime().door.enter(entry, watchMinute) }),
  jobKind({ name: 'telemetry.sweep', handler: () => runtime().door.enter(entry, sweepTelemetry) }),
]

export const telemetryCron: CronLine[] = [
  cronLine({ job: 'telemetry.watch', cron: '* * * * *', payload: {} }),
  cronLine({ job: 'telemetry.sweep', cron: '23 2 * * *', payload: {} }),
]
