import type { Ctx } from '../../platform/ctx.ts'
import { addNatural, readSpan } from './bpmn/model/span.ts'

/** The working calendar, loaded for one command. */
export interface WorkClock {
  /** End of `2wd` or `2bh` from an instant. */
  addTime(from: Temporal.Instant, span: string): Temporal.Instant
  /** Instant at which this share of a limit is used; absent = linear in natural time. */
  shareOf?(from: Temporal.Instant, due: Temporal.Instant, share: number): Temporal.Instant
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
  }
}
