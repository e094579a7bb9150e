import type { DutyLine } from '@changbai/contract/duty.ts'
import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { loadCalendar } from '../calendar/index.ts'
import { type ClauseSource, type ClauseSpan, lookedAt, obligation } from '../plan/index.ts'
import { daysOf, flawsOf, isQualified, requiredSpans } from './duty.domain.ts'
import { firstPublishedAt, officersById, publishedShifts } from './duty.store.ts'
import { namesFor, spanOf } from './present.ts'
import { deskHours } from './roster.service.ts'

const midnight = (on: Temporal.PlainDate): Temporal.Instant => on.toZonedDateTime(SHANGHAI).toInstant()
const at = (milliseconds: number): string => Temporal.Instant.fromEpochMilliseconds(milliseconds).toString()

/**
 * A day each, from the first roster on: staffed without a gap whenever the line is open. A day belongs to the span in which it ends.
 * @clause 5.10.1-(1)a 5.10.1-(2)a
 */
const readManned =
  (line: DutyLine) =>
  async (ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> => {
    const first = await firstPublishedAt(ctx.db, line)
    if (!first) return []
    const begin = Temporal.Instant.compare(first, span.from) > 0 ? first : span.from
    const end = lookedAt(span)
    if (Temporal.Instant.compare(begin, end) >= 0) return []
    const [fromOn, toOn] = [shanghaiDay(begin), shanghaiDay(end)]
    const shifts = (await publishedShifts(ctx.db, { from: midnight(fromOn), to: midnight(toOn.add({ days: 1 })), line })).map(spanOf)
    const calendar = await loadCalendar(ctx)
    return [...daysOf(fromOn, toOn)].flatMap((on) => {
      const required = requiredSpans(line, on, on, calendar.isWorkday, deskHours(ctx))
      const last = required.at(-1)
      if (!last || last.to > end.epochMilliseconds || last.to <= span.from.epochMilliseconds) return []
      const gap = flawsOf(required, [], shifts, on, on).some((flaw) => flaw.kind === 'GAP')
      return [
        obligation({
          id: `duty:${line}:${on}`,
          subject: { type: 'duty-day', id: `${line}:${on}`, label: on.toString() },
          startedAt: at(required[0]?.from ?? last.from),
          // the last instant of the day, so that it lies within the span that ends with it
          dueAt: at(last.to - 1),
          doneAt: at(last.to - 1),
          kept: !gap,
          evidence: [{ type: 'duty-line', id: line }],
        }),
      ]
    })
  }

/** Everybody who stands on a published roster of the span. @clause 5.8-3 */
async function readQualified(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const end = lookedAt(span)
  const shifts = await publishedShifts(ctx.db, { from: span.from, to: end })
  const ids = [...new Set(shifts.flatMap((shift) => [shift.primary_id, shift.backup_id]))].sort()
  const officers = await officersById(ctx.db, ids)
  const names = await namesFor(ctx, ids)
  const on = shanghaiDay(end)
  return ids.map((id) => {
    const row = officers.get(id)
    const known = row && { lines: row.lines, passedOn: row.passed_on, drilledOn: row.drilled_on }
    const kept = row?.lines.some((line) => isQualified(known, line, on)) ?? false
    const instant = end.toString()
    return obligation({
      id: `officer:${id}`,
      subject: { type: 'person', id, label: names.get(id) ?? '' },
      dueAt: instant,
      doneAt: instant,
      kept,
      evidence: [{ type: 'duty-officer', id }],
    })
  })
}

export const dutyClauses: readonly ClauseSource[] = [
  { of: 'desk-manned', meter: 'holds', read: readManned('DESK_5X8') },
  { of: 'hotline-manned', meter: 'holds', read: readManned('MOBILE_7X24') },
  { of: 'duty-qualified', meter: 'holds', read: readQualified },
]
