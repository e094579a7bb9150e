import { SHANGHAI } from './shanghai.ts'

/** How long something may take: working days, business hours, or natural time (ruling 13). */
export type Limit =
  | { unit: 'WORKDAYS'; workdays: number; text: string }
  | { unit: 'BUSINESS_HOURS'; hours: number; text: string }
  | { unit: 'NATURAL'; duration: Temporal.Duration; text: string }

/**
 * Reads `2wd`, `2bh` or an ISO 8601 duration without months and years.
 * @throws RangeError naming what was read
 */
export function parseLimit(text: string): Limit {
  const counted = /^([1-9]\d{0,3})(wd|bh)$/.exec(text)
  if (counted) {
    const amount = Number(counted[1])
    return counted[2] === 'wd' ? { unit: 'WORKDAYS', workdays: amount, text } : { unit: 'BUSINESS_HOURS', hours: amount, text }
  }
  if (text.startsWith('P')) {
    const duration = readDuration(text)
    if (duration && duration.years === 0 && duration.months === 0 && duration.sign > 0) return { unit: 'NATURAL', duration, text }
  }
  throw new RangeError(`"${text}" is not a limit: write 2wd, 2bh, PT24H or P30D`)
}

function readDuration(text: string): Temporal.Duration | null {
  try {
    return Temporal.Duration.from(text)
  } catch {
    return null
  }
}

/**
 * An instant as written; without a zone it is Asia/Shanghai (ruling 4), a day alone is its beginning.
 * @throws RangeError naming what was read
 */
export function parseMoment(text: string): Temporal.Instant {
  try {
    const instant =
      /T.*(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(text) && !/^\d{4}-\d\d-\d\d$/.test(text)
        ? Temporal.Instant.from(text)
        : Temporal.PlainDateTime.from(text).toZonedDateTime(SHANGHAI).toInstant()
    return instant.round({ smallestUnit: 'millisecond', roundingMode: 'floor' })
  } catch {
    throw new RangeError(`"${text}" is not an instant: write 2026-09-18T15:00 (Asia/Shanghai) or 2026-09-18T07:00:00Z`)
  }
}
