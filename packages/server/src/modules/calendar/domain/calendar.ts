import type { DayKind, YearStatus } from '@changbai/contract/calendar.ts'

/** A day that differs from what the week says. */
export interface SpecialDay {
  on: string
  kind: DayKind
  name: string | null
  nameEn?: string | null
  /** The notice the day comes from, when it is not the one of its year. */
  publishedDoc?: string
}

export interface YearOfDays {
  year: number
  status: YearStatus
  publishedDoc: string
  days: readonly SpecialDay[]
}

export interface Day {
  on: Temporal.PlainDate
  kind: DayKind
  name: string | null
  nameEn: string | null
  isWorkday: boolean
  publishedDoc: string | null
  provisional: boolean
}

/** Days of Asia/Shanghai: which are worked, why, and how sure that is. */
export interface WorkCalendar {
  dayAt(on: Temporal.PlainDate): Day
  isWorkday(on: Temporal.PlainDate): boolean
}

/** Reckonings outside these years are refused: a typing error, not a deadline. */
export const FIRST_YEAR = 2000
export const LAST_YEAR = 2200

const DAYS_OF_LEAP_YEAR = 366

/** Holidays that fall on the same date of every year; for years nobody has entered yet. */
const FIXED_HOLIDAYS: Readonly<Record<string, readonly [string, string]>> = {
  '01-01': ['元旦', "New Year's Day"],
  '05-01': ['劳动节', 'Labour Day'],
  '05-02': ['劳动节', 'Labour Day'],
  '10-01': ['国庆节', 'National Day'],
  '10-02': ['国庆节', 'National Day'],
  '10-03': ['国庆节', 'National Day'],
}

export const isCounted = (kind: DayKind): boolean => kind === 'WORKDAY' || kind === 'MAKEUP_WORK'

/** What the week alone says of a day. */
export const ordinaryKind = (on: Temporal.PlainDate): 'WORKDAY' | 'WEEKEND' => (on.dayOfWeek >= 6 ? 'WEEKEND' : 'WORKDAY')

/** A year without data is provisional: weekends and the holidays of fixed date rest. */
export function createCalendar(years: readonly YearOfDays[]): WorkCalendar {
  const byYear = new Map(years.map((year) => [year.year, year]))
  const byDay = new Map(
    years.flatMap((year) => year.days.map((day) => [day.on, { ...day, publishedDoc: day.publishedDoc ?? year.publishedDoc }])),
  )

  const dayAt = (on: Temporal.PlainDate): Day => {
    if (on.year < FIRST_YEAR || on.year > LAST_YEAR) throw new RangeError(`${on} lies outside the calendar (${FIRST_YEAR} to ${LAST_YEAR})`)
    const provisional = byYear.get(on.year)?.status !== 'PUBLISHED'
    const special = byDay.get(on.toString())
    if (special) {
      const { kind, name, nameEn = null, publishedDoc } = special
      return { on, kind, name, nameEn, publishedDoc, isWorkday: isCounted(kind), provisional }
    }
    const fixed = byYear.has(on.year) ? undefined : FIXED_HOLIDAYS[on.toString().slice(5)]
    if (fixed) {
      return { on, kind: 'STATUTORY', name: fixed[0], nameEn: fixed[1], publishedDoc: null, isWorkday: false, provisional }
    }
    const kind = ordinaryKind(on)
    return { on, kind, name: null, nameEn: null, publishedDoc: null, isWorkday: isCounted(kind), provisional }
  }

  /** Answers by year and day of the year: a limit of months asks for every one of its days, three times over. */
  const known = new Map<number, Int8Array>()
  const isWorkday = (on: Temporal.PlainDate): boolean => {
    const { year, dayOfYear } = on
    const days = known.get(year) ?? new Int8Array(DAYS_OF_LEAP_YEAR + 1)
    if (days[dayOfYear] === 0) {
      days[dayOfYear] = dayAt(on).isWorkday ? 1 : -1
      known.set(year, days)
    }
    return days[dayOfYear] === 1
  }
  return { dayAt, isWorkday }
}
