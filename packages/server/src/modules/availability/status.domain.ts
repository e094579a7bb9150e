import type { StatusDay, StatusNow } from '@changbai/contract/status.ts'
import { clipTo, type Span, totalMs, unionOf } from '@changbai/verify/availability/span.ts'

const SHANGHAI = 'Asia/Shanghai'

/** What is known of one application, with an end far away for what goes on. */
export interface StatusFacts {
  measured: readonly Span[]
  outages: readonly Span[]
  unknown: readonly Span[]
  planned: readonly Span[]
}

const startOf = (on: Temporal.PlainDate): number => on.toZonedDateTime(SHANGHAI).toInstant().epochMilliseconds

/**
 * The last days in Shanghai, oldest first, each with the worst that was in it. Down is down whoever answers for it: this page is for those who depend
 * on the application, not for the contract.
 */
export function daysOf(facts: StatusFacts, now: number, count: number): StatusDay[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(SHANGHAI).toPlainDate()
  const down = unionOf(facts.outages)
  return Array.from({ length: count }, (_, index) => {
    const on = today.subtract({ days: count - 1 - index })
    const span = { from: startOf(on), to: Math.min(startOf(on.add({ days: 1 })), now) }
    const within = (spans: readonly Span[]) => totalMs(unionOf(clipTo(spans, span)))
    const measured = clipTo(facts.measured, span)
    const downMs = totalMs(measured.flatMap((one) => clipTo(down, one)))
    const state =
      measured.length === 0
        ? 'NONE'
        : downMs > 0
          ? 'DOWN'
          : within(facts.planned) > 0
            ? 'PLANNED'
            : within(facts.unknown) > 0
              ? 'UNKNOWN'
              : 'UP'
    return { on: on.toString(), state, downMs }
  })
}

/** How it is now and since when. A planned window that runs is told as such, also while the application is down in it. */
export function stateOf(facts: StatusFacts, now: number): { state: StatusNow; since: number | null } {
  const runs = (spans: readonly Span[]) => spans.find(({ from, to }) => from <= now && now < to)
  const measured = runs(facts.measured)
  if (!measured) return { state: 'NOT_MEASURED', since: null }
  const planned = runs(facts.planned)
  if (planned) return { state: 'PLANNED', since: planned.from }
  const down = runs(unionOf(facts.outages))
  if (down) return { state: 'DOWN', since: down.from }
  const unknown = runs(facts.unknown)
  if (unknown) return { state: 'UNKNOWN', since: unknown.from }
  const ended = [...facts.outages, ...facts.unknown, ...facts.planned].map(({ to }) => to).filter((to) => to <= now && to > measured.from)
  return { state: 'UP', since: Math.max(measured.from, ...ended) }
}
