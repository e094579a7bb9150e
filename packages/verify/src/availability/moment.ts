const PATTERN = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/
const SHANGHAI = '+08:00'

/**
 * Milliseconds of an ISO 8601 instant; without a zone it is Asia/Shanghai; finer than a millisecond is cut off. A day alone is no instant.
 * Written out because browsers read such texts differently or not at all.
 * @returns undefined if it is none: 30 February, 24:00 and 61 seconds are none
 */
export function readInstant(text: string): number | undefined {
  const match = PATTERN.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute] = match.slice(1, 6).map(Number) as [number, number, number, number, number]
  const second = Number(match[6] ?? 0)
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const local = new Date(0)
  local.setUTCFullYear(year, month - 1, day)
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return undefined
  const offset = offsetMs(match[8] ?? SHANGHAI)
  return offset === undefined ? undefined : local.setUTCHours(hour, minute, second, ms) - offset
}

function offsetMs(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || 0)
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

export const instantOf = (ms: number): string => new Date(ms).toISOString()
