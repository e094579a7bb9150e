import type { Obligation, Rhythm } from '@changbai/verify/clauses.domain.ts'

const SHANGHAI = 'Asia/Shanghai'

export type Stretch = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR'

const startOf = (on: Temporal.PlainDate): Temporal.Instant => on.toZonedDateTime(SHANGHAI).toInstant()
const firstOf = (month: string): Temporal.PlainDate => Temporal.PlainDate.from(`${month}-01`)

/** `2026-05` of an instant, in Asia/Shanghai. */
export const monthOf = (at: Temporal.Instant): string => at.toZonedDateTimeISO(SHANGHAI).toPlainDate().toString().slice(0, 7)

/** Half open. */
export function spanOfMonth(month: string): { from: Temporal.Instant; to: Temporal.Instant } {
  const first = firstOf(month)
  return { from: startOf(first), to: startOf(first.add({ months: 1 })) }
}

export const monthBefore = (month: string, months = 1): string => firstOf(month).subtract({ months }).toString().slice(0, 7)

/**
 * The stretches of a rhythm that end in a month. A week ends with its Sunday, a quarter and a year with the last day of their last month, so a
 * promise of each quarter is judged in March, June, September and December, and one of each year in December.
 */
export function stretchesOf(month: string, per: Stretch): Rhythm['spans'] {
  const first = firstOf(month)
  const next = first.add({ months: 1 })
  const spans: { key: string; from: Temporal.PlainDate; to: Temporal.PlainDate }[] = []
  const isoWeek = (on: Temporal.PlainDate) => `${on.yearOfWeek}-W${String(on.weekOfYear).padStart(2, '0')}`
  if (per === 'DAY' || per === 'WEEK') {
    for (let end = first.add({ days: 1 }); Temporal.PlainDate.compare(end, next) <= 0; end = end.add({ days: 1 })) {
      const last = end.subtract({ days: 1 })
      if (per === 'DAY') spans.push({ key: last.toString(), from: last, to: end })
      else if (last.dayOfWeek === 7) spans.push({ key: isoWeek(last), from: end.subtract({ days: 7 }), to: end })
    }
  } else {
    const months = { MONTH: 1, QUARTER: 3, YEAR: 12 }[per]
    if (first.month % months === 0) {
      const key = { MONTH: month, QUARTER: `${first.year}-Q${first.month / 3}`, YEAR: String(first.year) }[per]
      spans.push({ key, from: next.subtract({ months }), to: next })
    }
  }
  return spans.map(({ key, from, to }) => ({
    key,
    label: key,
    from: startOf(from).toString(),
    to: startOf(to).toString(),
    dueAt: startOf(to).toString(),
  }))
}

/** The instant up to which stretches may reach back, so that a rhythm's source reads enough. */
export const reachOf = (spans: Rhythm['spans'], otherwise: Temporal.Instant): Temporal.Instant =>
  spans[0] ? Temporal.Instant.from(spans[0].from) : otherwise

/** What waits longest first; equal ones by their id, so that every reading has one order. */
export const byDue = (a: Obligation, b: Obligation): number =>
  a.dueAt === b.dueAt ? (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) : Date.parse(a.dueAt) - Date.parse(b.dueAt)
