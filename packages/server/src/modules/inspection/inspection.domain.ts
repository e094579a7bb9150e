import {
  type Answer,
  type CheckIn,
  FACILITY_GROUPS,
  type InvalidReason,
  type RoundItem,
  type RoundKind,
} from '@changbai/contract/inspection.ts'

const SHANGHAI = 'Asia/Shanghai'

/** One stretch of a day in which a round is owed. */
export interface Window {
  kind: RoundKind
  key: string
  from: Temporal.Instant
  /** Until then a round counts for this stretch. */
  to: Temporal.Instant
  /** Until then it is expected; afterwards it is told as missed though it still counts. */
  dueAt: Temporal.Instant
}

export interface Rhythms {
  facilityWindows: readonly (readonly [string, string])[]
  platformUntil: string
  tenantUntil: readonly string[]
}

const at = (on: Temporal.PlainDate, clock: string): Temporal.Instant =>
  (clock === '24:00'
    ? on.add({ days: 1 }).toZonedDateTime(SHANGHAI)
    : on.toZonedDateTime({ timeZone: SHANGHAI, plainTime: clock })
  ).toInstant()

/** The stretches of one day, in order. @clause 5.4-1 5.4-2 5.4-3 */
export function windowsOf(on: Temporal.PlainDate, { facilityWindows, platformUntil, tenantUntil }: Rhythms): Window[] {
  const window = (kind: RoundKind, key: string, from: string, to: string, due: string): Window => ({
    kind,
    key,
    from: at(on, from),
    to: at(on, to),
    dueAt: at(on, due),
  })
  return [
    ...facilityWindows.map(([from, to], index) => window('FACILITY', `F${index + 1}`, from, to, to)),
    window('PLATFORM', 'P1', '00:00', '24:00', platformUntil),
    // the last check of a day may be late and still be that day's
    ...tenantUntil.map((until, index) =>
      window(
        'TENANT_SERVICE',
        `T${index + 1}`,
        tenantUntil[index - 1] ?? '00:00',
        index === tenantUntil.length - 1 ? '24:00' : until,
        until,
      ),
    ),
  ]
}

const before = (a: Temporal.Instant, b: Temporal.Instant): boolean => Temporal.Instant.compare(a, b) < 0
export const windowAt = (windows: readonly Window[], kind: RoundKind, now: Temporal.Instant): Window | undefined =>
  windows.find((one) => one.kind === kind && !before(now, one.from) && before(now, one.to))

/** A value outside its bounds is abnormal whatever was ticked; without bounds the eye decides. */
export const isOutside = (item: RoundItem, value: number | null): boolean =>
  value !== null && ((item.okFrom !== null && value < item.okFrom) || (item.okTo !== null && value > item.okTo))

/** Answers as they count: what is out of bounds is abnormal. */
export const settle = (items: readonly RoundItem[], answers: readonly Answer[]): Answer[] => {
  const byCode = new Map(items.map((item) => [item.code, item]))
  return answers.map((answer) => {
    const item = byCode.get(answer.code)
    return item && answer.result === 'OK' && isOutside(item, answer.value) ? { ...answer, result: 'ABNORMAL' as const } : answer
  })
}

export interface Finished {
  kind: RoundKind
  window: Pick<Window, 'from' | 'to'>
  checkIn: CheckIn
  items: readonly RoundItem[]
  answers: readonly Answer[]
  doneAt: Temporal.Instant
  /** When the round of this kind before it was done that counted; null when there was none. */
  previousAt: Temporal.Instant | null
  gapHours: number
}

/** Why a round does not count; empty when it does. */
export function flawsOf({ kind, window, checkIn, items, answers, doneAt, previousAt, gapHours }: Finished): InvalidReason[] {
  const flaws: InvalidReason[] = []
  if (before(doneAt, window.from) || !before(doneAt, window.to)) flaws.push('OUTSIDE_WINDOW')
  if (kind === 'FACILITY') {
    if (checkIn.method === 'NONE') flaws.push('NO_CHECK_IN')
    const looked = new Set(answers.filter((one) => one.result !== 'NA').map((one) => items.find((item) => item.code === one.code)?.group))
    if (FACILITY_GROUPS.some((group) => !looked.has(group))) flaws.push('GROUPS_MISSING')
    if (previousAt && before(doneAt, previousAt.add({ minutes: Math.round(gapHours * 60) }))) flaws.push('TOO_SOON')
  }
  if (kind === 'TENANT_SERVICE' && answers.some((one) => one.result === 'NA' && one.note.trim() === '')) flaws.push('NOT_ALL_COVERED')
  return flaws
}
