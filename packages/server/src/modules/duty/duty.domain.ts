import type { DutyLine, RotationTurn } from '@changbai/contract/duty.ts'
import type { z } from 'zod'

const SHANGHAI = 'Asia/Shanghai'
export const dutyLines: readonly DutyLine[] = ['DESK_5X8', 'MOBILE_7X24', 'FACILITY_7X24']

/** Half-open, epoch milliseconds. */
export interface Span {
  from: number
  to: number
}
export interface DutySpan extends Span {
  primaryId: string
  backupId: string
}
export interface Flaw extends Span {
  kind: 'GAP' | 'OVERLAP' | 'OUTSIDE'
}
/** Hours of the hotline's desk on a working day, as the plan writes them: `[['08:30','17:30']]`. */
export type DeskHours = readonly (readonly [string, string])[]

const at = (on: Temporal.PlainDate, time: string): number =>
  on.toZonedDateTime({ timeZone: SHANGHAI, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds
const midnight = (on: Temporal.PlainDate): number => at(on, '00:00')

export function* daysOf(fromOn: Temporal.PlainDate, toOn: Temporal.PlainDate): Generator<Temporal.PlainDate> {
  for (let on = fromOn; Temporal.PlainDate.compare(on, toOn) <= 0; on = on.add({ days: 1 })) yield on
}

/**
 * When a line must be staffed within these days: the desk in its hours on working days, make-up Saturdays and Sundays included; the others always.
 * @clause 5.10.1-(1)a 5.10.1-(2)a
 */
export function requiredSpans(
  line: DutyLine,
  fromOn: Temporal.PlainDate,
  toOn: Temporal.PlainDate,
  isWorkday: (on: Temporal.PlainDate) => boolean,
  hours: DeskHours,
): Span[] {
  if (line !== 'DESK_5X8') return [{ from: midnight(fromOn), to: midnight(toOn.add({ days: 1 })) }]
  return [...daysOf(fromOn, toOn)].filter(isWorkday).flatMap((on) => hours.map(([from, to]) => ({ from: at(on, from), to: at(on, to) })))
}

/**
 * What is wrong with a roster: time that must be staffed and is not, time staffed twice, shifts that begin outside its days.
 * @param own shifts of the roster
 * @param others published shifts of the same line around it
 */
export function flawsOf(
  required: readonly Span[],
  own: readonly Span[],
  others: readonly Span[],
  fromOn: Temporal.PlainDate,
  toOn: Temporal.PlainDate,
): Flaw[] {
  const flaws: Flaw[] = []
  const all = [...own, ...others].sort((a, b) => a.from - b.from || a.to - b.to)
  for (const need of required) {
    let covered = need.from
    for (const span of all) {
      if (span.to <= covered || span.from >= need.to) continue
      if (span.from > covered) flaws.push({ kind: 'GAP', from: covered, to: span.from })
      covered = Math.max(covered, span.to)
    }
    if (covered < need.to) flaws.push({ kind: 'GAP', from: covered, to: need.to })
  }
  const mine = new Set(own)
  for (const [index, span] of all.entries()) {
    for (const next of all.slice(index + 1)) {
      if (next.from >= span.to) break
      if (mine.has(span) || mine.has(next)) flaws.push({ kind: 'OVERLAP', from: next.from, to: Math.min(span.to, next.to) })
    }
  }
  const [first, end] = [midnight(fromOn), midnight(toOn.add({ days: 1 }))]
  for (const { from, to } of own) if (from < first || from >= end) flaws.push({ kind: 'OUTSIDE', from, to })
  return flaws.sort((a, b) => a.from - b.from || a.to - b.to)
}

const turnsBetween = (turn: z.output<typeof RotationTurn>, first: Temporal.PlainDate, on: Temporal.PlainDate, shift: number): number => {
  if (turn === 'SHIFT') return shift
  const days = first.until(on).days
  // weeks change on Monday
  return turn === 'DAY' ? days : Math.floor((days + first.dayOfWeek - 1) / 7)
}

export interface Rotation {
  line: DutyLine
  fromOn: Temporal.PlainDate
  toOn: Temporal.PlainDate
  /** In the order they take turns; each is backed up by the next. At least two. */
  personIds: readonly string[]
  turn: z.output<typeof RotationTurn>
  /** Times of day at which shifts of the lines that never close begin. */
  changesAt: readonly string[]
}

/**
 * Shifts by rotation. The last one of a line that never closes runs over midnight to the next change; a first one begins at midnight unless a
 * roster before it already reaches into the day.
 * @param coveredUntil end of what is published before, epoch milliseconds
 */
export function rotate(
  rotation: Rotation,
  isWorkday: (on: Temporal.PlainDate) => boolean,
  hours: DeskHours,
  coveredUntil: number,
): DutySpan[] {
  const { line, fromOn, toOn, personIds, turn } = rotation
  const people = personIds.length
  const team = (index: number) => ({
    primaryId: personIds[index % people] as string,
    backupId: personIds[(index + 1) % people] as string,
  })
  const spans: (Span & { on: Temporal.PlainDate })[] = []
  if (line === 'DESK_5X8') {
    for (const on of daysOf(fromOn, toOn)) {
      if (isWorkday(on)) spans.push(...hours.map(([from, to]) => ({ on, from: at(on, from), to: at(on, to) })))
    }
  } else {
    const changes = [...new Set(rotation.changesAt)].sort()
    const starts = [...daysOf(fromOn.subtract({ days: 1 }), toOn.add({ days: 1 }))].flatMap((on) =>
      changes.map((time) => ({ on, from: at(on, time) })),
    )
    const begin = Math.max(midnight(fromOn), coveredUntil)
    const end = midnight(toOn.add({ days: 1 }))
    for (const [index, start] of starts.entries()) {
      const to = starts[index + 1]?.from
      if (to === undefined || to <= begin || start.from >= end) continue
      const on = Temporal.PlainDate.compare(start.on, fromOn) < 0 ? fromOn : start.on
      spans.push({ on, from: Math.max(start.from, begin), to })
    }
  }
  return spans.map(({ on, from, to }, index) => ({ from, to, ...team(turnsBetween(turn, fromOn, on, index)) }))
}

/**
 * Last day on which test and drill both hold: twelve months from the older of the two.
 * @clause 5.8-3
 */
export function validUntil(passedOn: Temporal.PlainDate | null, drilledOn: Temporal.PlainDate | null): Temporal.PlainDate | null {
  if (!passedOn || !drilledOn) return null
  const older = Temporal.PlainDate.compare(passedOn, drilledOn) <= 0 ? passedOn : drilledOn
  return older.add({ months: 12 })
}
export interface Qualification {
  lines: readonly DutyLine[]
  passedOn: Temporal.PlainDate | null
  drilledOn: Temporal.PlainDate | null
}
/** May this person begin a shift of the line on this day? */
export function isQualified(officer: Qualification | undefined, line: DutyLine, on: Temporal.PlainDate): boolean {
  if (!officer?.lines.includes(line)) return false
  const until = validUntil(officer.passedOn, officer.drilledOn)
  const newest = [officer.passedOn, officer.drilledOn].every((one) => one !== null && Temporal.PlainDate.compare(one, on) <= 0)
  return newest && until !== null && Temporal.PlainDate.compare(on, until) <= 0
}

export interface PageStep {
  line: DutyLine | null
  place: 'PRIMARY' | 'BACKUP' | 'MANAGER' | 'LEADER'
  personId: string
}
export interface ShiftNow {
  line: DutyLine
  primaryId: string
  backupId: string
}
/**
 * Who is reached one after the other: the desk while it is open, then the mobile line, each primary before backup, then the maintenance
 * managers, at last the provider's leaders. With nobody on duty it begins with the managers. Nobody stands in it twice.
 */
export function pagingOrder(now: readonly ShiftNow[], managers: readonly string[], leaders: readonly string[]): PageStep[] {
  const onDuty = (['DESK_5X8', 'MOBILE_7X24'] as const).flatMap((line) =>
    now
      .filter((shift) => shift.line === line)
      .flatMap((shift): PageStep[] => [
        { line, place: 'PRIMARY', personId: shift.primaryId },
        { line, place: 'BACKUP', personId: shift.backupId },
      ]),
  )
  const order: PageStep[] = [
    ...onDuty,
    ...managers.map((personId): PageStep => ({ line: null, place: 'MANAGER', personId })),
    ...leaders.map((personId): PageStep => ({ line: null, place: 'LEADER', personId })),
  ]
  return order.filter((step, index) => order.findIndex((one) => one.personId === step.personId) === index)
}

/** iCalendar wants lines of at most 75 octets, ended by CR LF; text escapes backslash, comma, semicolon and line ends. */
const folded = (line: string): string => {
  const parts: string[] = []
  let part = ''
  for (const sign of line) {
    if (Buffer.byteLength(part + sign) > 73) {
      parts.push(part)
      part = ''
    }
    part += sign
  }
  return [...parts, part].join('\r\n ')
}
const escaped = (text: string): string => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, '\\n')
const stamp = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

export interface CalendarEntry extends Span {
  id: string
  title: string
  description: string
}
/** A calendar other programs subscribe to (RFC 5545). */
export function toICalendar(name: string, entries: readonly CalendarEntry[], madeAt: number): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Changbai//Duty//ZH',
    `X-WR-CALNAME:${escaped(name)}`,
    'X-WR-TIMEZONE:Asia/Shanghai',
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    ...entries.flatMap((entry) => [
      'BEGIN:VEVENT',
      `UID:${entry.id}@changbai`,
      `DTSTAMP:${stamp(madeAt)}`,
      `DTSTART:${stamp(entry.from)}`,
      `DTEND:${stamp(entry.to)}`,
      `SUMMARY:${escaped(entry.title)}`,
      `DESCRIPTION:${escaped(entry.description)}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}
