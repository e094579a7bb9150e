const SHANGHAI = 'Asia/Shanghai'

/** A span as written: working days (end of business of the last), business hours, or natural time. */
export type Span = { unit: 'wd' | 'bh'; amount: number } | { unit: 'iso'; duration: Temporal.Duration }

export interface Cycle {
  /** How often it fires; null = without end. */
  times: number | null
  every: string
}

/** @returns null when the text is no span */
export function readSpan(text: string): Span | null {
  const working = /^(\d{1,4})(wd|bh)$/.exec(text)
  if (working) {
    const amount = Number(working[1])
    return amount > 0 ? { unit: working[2] === 'wd' ? 'wd' : 'bh', amount } : null
  }
  if (!/^P/.test(text)) return null
  try {
    const duration = Temporal.Duration.from(text)
    return duration.sign < 0 ? null : { unit: 'iso', duration }
  } catch {
    return null
  }
}

/** A limit of working days and so many more; any other limit as it is. */
export const lengthen = (limit: string, workdays: number): string => {
  const span = readSpan(limit)
  return span?.unit === 'wd' ? `${span.amount + workdays}wd` : limit
}

/** `R3/P7D` fires three times, `R/P7D` for ever. */
export function readCycle(text: string): Cycle | null {
  const match = /^R(\d{0,4})\/(.+)$/.exec(text)
  if (!match?.[2] || !readSpan(match[2])) return null
  const times = match[1] ? Number(match[1]) : null
  return times === 0 ? null : { times, every: match[2] }
}

/** An instant as written; without a zone it is Asia/Shanghai (ruling 4). */
export function readMoment(text: string): Temporal.Instant | null {
  try {
    if (/(Z|[+-]\d{2}:?\d{2})$/.test(text) && text.includes('T')) return Temporal.Instant.from(text)
    return Temporal.PlainDateTime.from(text).toZonedDateTime(SHANGHAI).toInstant()
  } catch {
    return null
  }
}

/** Natural time: days, weeks and months are those of Asia/Shanghai. */
export const addNatural = (from: Temporal.Instant, duration: Temporal.Duration): Temporal.Instant =>
  from.toZonedDateTimeISO(SHANGHAI).add(duration).toInstant()
