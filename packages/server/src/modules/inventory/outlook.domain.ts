/** A day of the calendar and how much was taken at its end. */
export interface Taken {
  on: string
  taken: number
}
/** One promise: from when to when it took how much; an open one has no end. Epoch milliseconds. */
export interface Promised {
  fromMs: number
  untilMs: number | null
  amount: number
}

const DAY_MS = 86_400_000
/** Fewer weeks than these say nothing about a pace. */
const LEAST_WEEKS = 4
/** Farther away is no date anybody plans by. */
const FARTHEST_DAYS = 5 * 365

/** How much was taken at an instant. */
export const takenAt = (promises: readonly Promised[], atMs: number): number =>
  promises.reduce((sum, one) => (one.fromMs <= atMs && (one.untilMs === null || one.untilMs > atMs) ? sum + one.amount : sum), 0)

/** Slope and height of the straight line of least squares; x in days since the first point. */
function lineThrough(points: readonly { x: number; y: number }[]): { slope: number; at: (x: number) => number } {
  const n = points.length
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n
  const across = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0)
  const along = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  const slope = along === 0 ? 0 : across / along
  return { slope, at: (x) => meanY + slope * (x - meanX) }
}

export interface Trend {
  /** Growth in a week; null: too few weeks to tell. */
  perWeek: number | null
  /** The first day on which what is taken reaches what is usable; null: it does not, within five years. */
  exhaustedOn: string | null
}

/**
 * Until when an amount lasts. The pace is the line through the weeks; it starts from what is taken now, not from the line, so that the date never
 * contradicts what stands beside it. What is used up already is exhausted on the last day given.
 * @param weeks oldest first, a week apart, the last is now; weeks before the first promise are no history and are left out by the caller
 */
export function trendOf(weeks: readonly Taken[], usable: number): Trend {
  const last = weeks.at(-1)
  if (!last) return { perWeek: null, exhaustedOn: null }
  const days = (on: string) => Date.parse(`${on}T00:00:00Z`) / DAY_MS
  if (usable > 0 && last.taken >= usable) return { perWeek: paceOf(weeks, days), exhaustedOn: last.on }
  const perWeek = paceOf(weeks, days)
  if (perWeek === null || perWeek <= 0 || usable <= 0) return { perWeek, exhaustedOn: null }
  // a hair less than a whole day is that day: the line is reckoned in binary fractions
  const left = Math.ceil(((usable - last.taken) / perWeek) * 7 - 1e-6)
  if (left > FARTHEST_DAYS) return { perWeek, exhaustedOn: null }
  return { perWeek, exhaustedOn: new Date((days(last.on) + left) * DAY_MS).toISOString().slice(0, 10) }
}

function paceOf(weeks: readonly Taken[], days: (on: string) => number): number | null {
  const [first] = weeks
  if (!first || weeks.length < LEAST_WEEKS) return null
  const points = weeks.map(({ on, taken }) => ({ x: days(on) - days(first.on), y: taken }))
  return lineThrough(points).slope * 7
}

/** The quarter a day lies in, `2026Q4`. */
export const quarterOf = (on: string): string => `${on.slice(0, 4)}Q${Math.ceil(Number(on.slice(5, 7)) / 3)}`
