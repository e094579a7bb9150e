import type { TimeLeft } from '@changbai/contract/calendar.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { addNatural, readSpan } from './bpmn/model/span.ts'

/** The working calendar, loaded for one command. */
export interface WorkClock {
  /** End of `2wd` or `2bh` from an instant. */
  addTime(from: Temporal.Instant, span: string): Temporal.Instant
  /** Instant at which this share of a limit is used; absent = linear in natural time. */
  shareOf?(from: Temporal.Instant, due: Temporal.Instant, share: number): Temporal.Instant
  /** Share of a limit used at an instant, the inverse of `shareOf`; absent = linear in natural time. */
  usedShare?(from: Temporal.Instant, due: Temporal.Instant, at: Temporal.Instant): number
  /** Working time left of `2wd` or `2bh` now. */
  timeLeft?(limit: string, due: Temporal.Instant): TimeLeft | null
}

/** What the engine asks of modules below it; set once in app/handlers.ts. */
export interface ProcessPorts {
  workClock(ctx: Ctx): Promise<WorkClock>
  /** Names by id; unknown ids are absent. */
  personNames(ctx: Ctx, personIds: readonly string[]): Promise<Map<string, string>>
  /** Name of a person who may be given work; null for unknown people and closed accounts. */
  openPerson(ctx: Ctx, personId: string): Promise<string | null>
}

let ports: ProcessPorts | null = null

export function registerPorts(given: ProcessPorts): void {
  ports = given
}

export const processPorts = (): ProcessPorts => {
  if (!ports) throw new Error('the process engine has no ports: app/handlers.ts registers them')
  return ports
}

/** Cut to four decimals; a limit of no length is used up from the start. */
function linearShare(from: Temporal.Instant, due: Temporal.Instant, at: Temporal.Instant): number {
  const whole = from.until(due).total('milliseconds')
  return whole <= 0 ? 1 : Math.max(0, Math.trunc((from.until(at).total('milliseconds') / whole) * 10_000) / 10_000)
}

/** `2wd` and `2bh` by the calendar, ISO 8601 by natural time. */
export async function loadWorkClock(ctx: Ctx): Promise<Required<WorkClock>> {
  const clock = await processPorts().workClock(ctx)
  return {
    addTime(from, text) {
      const span = readSpan(text)
      if (!span) throw new RangeError(`not a duration: ${text}`)
      return span.unit === 'iso' ? addNatural(from, span.duration) : clock.addTime(from, text)
    },
    shareOf: (from, due, share) =>
      clock.shareOf?.(from, due, share) ?? from.add({ milliseconds: Math.round(from.until(due).total('milliseconds') * share) }),
    usedShare: (from, due, at) => clock.usedShare?.(from, due, at) ?? linearShare(from, due, at),
    timeLeft: (limit, due) => clock.timeLeft?.(limit, due) ?? null,
  }
}
