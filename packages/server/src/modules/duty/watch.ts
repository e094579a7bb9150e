import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { loadCalendar } from '../calendar/index.ts'
import { notify } from '../notification/index.ts'
import { dutyLines, flawsOf, requiredSpans } from './duty.domain.ts'
import { publishedShifts } from './duty.store.ts'
import { spanOf } from './present.ts'
import { deskHours } from './roster.service.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'duty.watch': Record<string, never>
  }
}
const AHEAD_DAYS = 7
const LINE_WORDS = {
  DESK_5X8: ['热线座席', 'The hotline desk'],
  MOBILE_7X24: ['移动热线', 'The mobile line'],
  FACILITY_7X24: ['机房监控', 'The machine room watch'],
} as const

/** Looks a week ahead: a line without a published roster is told once a day to those who plan. @clause 5.10.1-(1)a 5.10.1-(2)a */
export async function watchCoverage(ctx: Ctx): Promise<void> {
  const calendar = await loadCalendar(ctx)
  const fromOn = shanghaiDay(ctx.now)
  const toOn = fromOn.add({ days: AHEAD_DAYS })
  const [from, to] = [fromOn, toOn.add({ days: 1 })].map((on) => on.toZonedDateTime(SHANGHAI).toInstant()) as [
    Temporal.Instant,
    Temporal.Instant,
  ]
  for (const line of dutyLines) {
    const shifts = (await publishedShifts(ctx.db, { from, to, line })).map(spanOf)
    const required = requiredSpans(line, fromOn, toOn, calendar.isWorkday, deskHours(ctx))
    const gap = flawsOf(required, [], shifts, fromOn, toOn).find((flaw) => flaw.kind === 'GAP' && flaw.to > ctx.now.epochMilliseconds)
    if (!gap) continue
    await notify(ctx, {
      event: 'duty.uncovered',
      to: [{ role: 'MAINTENANCE_MANAGER' }, { role: 'OPERATION_MANAGER' }],
      params: { line: LINE_WORDS[line][0], lineEn: LINE_WORDS[line][1], from: Temporal.Instant.fromEpochMilliseconds(gap.from) },
      link: '/duty/calendar/rosters',
      dedupKey: `duty.uncovered:${line}:${fromOn}`,
    })
  }
}
export const dutyJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'duty.watch',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('duty') }, watchCoverage)
    },
  }),
]
export const dutyCron: readonly CronLine[] = [cronLine({ job: 'duty.watch', cron: '30 9 * * *', payload: {}, clause: '5.10.1-(2)a' })]
