/** One measured value; `atMs` is epoch milliseconds. */
export interface Sample {
  atMs: number
  value: number
}

/** A row that is none, or a file without rows. `line` counts from 1. */
export class SeriesError extends Error {
  readonly line: number
  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`)
    this.line = line
  }
}

const SHANGHAI_MS = 8 * 3_600_000
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i
/** Seconds or milliseconds since 1970, from 2001 to 2286. */
const EPOCH = /^(\d{10})(?:\.(\d{1,3})\d*)?$|^(\d{13})$/
/** What monitoring systems write where nothing was measured; any other word is a row that is none. */
const NOTHING = /^(?:nan)?$/i
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

const offsetMs = (zone: string | undefined): number => {
  if (zone === undefined) return SHANGHAI_MS
  if (zone === 'Z' || zone === 'z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2)) * (zone.length > 3 ? 1 : 0)]
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/**
 * An instant as monitoring systems write it; without a zone it is Asia/Shanghai. By hand, because a month of seconds is 2.6 million rows.
 * @returns undefined when it is none, also for 30 February
 */
function readMoment(text: string): number | undefined {
  const epoch = EPOCH.exec(text)
  if (epoch) return epoch[3] ? Number(epoch[3]) : Number(epoch[1]) * 1000 + Number((epoch[2] ?? '').padEnd(3, '0'))
  const found = MOMENT.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = found
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (new Date(midnight).getUTCDate() !== Number(day) || new Date(midnight).getUTCMonth() !== Number(month) - 1) return undefined
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  return midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + milliseconds - offsetMs(zone)
}

const unquote = (field: string): string => field.trim().replace(/^"(.*)"$/, '$1')

/** Of rows with one instant the greatest counts: a double record must never make a server look idle. */
function inOrder(samples: Sample[]): Sample[] {
  samples.sort((a, b) => a.atMs - b.atMs || b.value - a.value)
  return samples.filter((sample, index) => index === 0 || sample.atMs !== samples[index - 1]?.atMs)
}

/**
 * Reads `timestamp,value` rows in any order, with or without a header. A row without a value is a gap.
 * @throws SeriesError for the first row that is none: half a file read is a wrong figure
 */
export function readSeries(text: string): Sample[] {
  const samples: Sample[] = []
  let isFirst = true
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const fields = line.split(',')
    const [at = '', value = ''] = fields.map(unquote)
    const mayBeHeader = isFirst && fields.length === 2
    isFirst = false
    if (mayBeHeader && !/\d/.test(at) && !NUMBER.test(value)) continue
    const refuse = (reason: string): never => {
      throw new SeriesError(index + 1, reason)
    }
    if (fields.length !== 2) refuse(`a row is timestamp,value, not ${JSON.stringify(line.slice(0, 80))}`)
    const atMs = readMoment(at) ?? refuse(`${JSON.stringify(at)} is not an instant`)
    if (NOTHING.test(value)) continue
    const number = Number(value)
    if (!NUMBER.test(value) || !Number.isFinite(number)) refuse(`${JSON.stringify(value)} is not a number`)
    if (number < 0) refuse(`${value} is below zero`)
    samples.push({ atMs, value: number })
  }
  if (samples.length === 0) throw new SeriesError(Math.max(1, lines.length), 'the file holds no rows')
  return inOrder(samples)
}
