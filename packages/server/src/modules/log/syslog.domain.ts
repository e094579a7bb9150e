/** One line of a log as syslog carries it. */
export interface SyslogLine {
  facility: number
  severity: number
  /** What the device says, milliseconds since 1970; null if it says nothing that can be read. */
  sentMs: number | null
  /** Empty if the line names none: then it is whoever sent it. */
  host: string
  app: string
  text: string
}

/** Characters of a line that are kept. */
export const TEXT_MAX = 8_192
/** Devices without a zone of their own tell the time of here. */
const SHANGHAI_MS = 8 * 3_600_000
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DEFAULT = { facility: 1, severity: 5 }

/** PostgreSQL stores no NUL; other control characters would only garble what people read. */
const clean = (text: string, most: number): string =>
  text
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, most)

const field = (text: string): string => (text === '-' ? '' : clean(text, 255))

/** RFC 5424 first, RFC 3164 as devices really write it second, and what is neither is kept as text. Never throws. */
export function readSyslog(raw: string, receivedMs: number): SyslogLine {
  const line = raw.replace(/^\ufeff/, '')
  const priority = /^<(\d{1,3})>/.exec(line)
  const code = Number(priority?.[1] ?? Number.NaN)
  if (!priority || code > 191) return { ...DEFAULT, sentMs: null, host: '', app: '', text: clean(line, TEXT_MAX) }
  const level = { facility: code >> 3, severity: code & 7 }
  const rest = line.slice(priority[0].length)
  return { ...level, ...(readNew(rest) ?? readOld(rest, receivedMs)) }
}

type Body = Omit<SyslogLine, 'facility' | 'severity'>

/** `1 TIME HOST APP PROC MSGID [DATA] TEXT` */
function readNew(rest: string): Body | null {
  const head = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) ?/.exec(rest)
  if (!head) return null
  const [, time = '-', host = '-', app = '-'] = head
  const sentMs = time === '-' ? null : instantOf(time)
  const after = rest.slice(head[0].length)
  const end = endOfData(after)
  const data = after.slice(0, end)
  const text = after.slice(end).replace(/^ (?:\ufeff)?/, '')
  return { sentMs, host: field(host), app: field(app), text: clean(data.startsWith('[') ? `${text} ${data}` : text, TEXT_MAX) }
}

const instantOf = (time: string): number | null => {
  const ms = Date.parse(time)
  return Number.isFinite(ms) && ms > 0 && ms < 4e12 ? ms : null
}

/** Where structured data ends: brackets within quotes do not count. */
function endOfData(text: string): number {
  if (text.startsWith('-')) return 1
  let isQuoted = false
  let at = 0
  for (; at < text.length; at++) {
    const letter = text[at]
    if (isQuoted) {
      if (letter === '\\') at += 1
      else if (letter === '"') isQuoted = false
    } else if (letter === '"') isQuoted = true
    else if (letter === ']' && text[at + 1] !== '[') return at + 1
    else if (at === 0 && letter !== '[') return 0
  }
  return 0
}

/** `Sep 18 12:00:00 HOST TAG[PID]: TEXT`, also with a year (Huawei), with ISO time, or without a host. */
function readOld(rest: string, receivedMs: number): Body {
  let sentMs: number | null = null
  let after = rest
  const iso = /^(\d{4}-\d\d-\d\dT\S{8,40}) /.exec(rest)
  const old = /^([A-Z][a-z]{2}) {1,2}(\d{1,2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?:\.\d+)?(?: (\d{4}))?:? /.exec(rest)
  if (iso) {
    sentMs = instantOf(iso[1] ?? '')
    after = rest.slice(iso[0].length)
  } else if (old) {
    const month = MONTHS.indexOf(old[1] ?? '')
    const year = old[3] ?? old[7]
    if (month >= 0) sentMs = nearest(month, [old[2], old[4], old[5], old[6]].map(Number), year ? Number(year) : null, receivedMs)
    after = rest.slice(old[0].length)
  }
  const named = /^([A-Za-z0-9][A-Za-z0-9._:-]{0,254}) (?=\S)/.exec(after)
  // a word that ends in a colon is the tag, not the host
  const host = (iso || old) && named && !named[1]?.endsWith(':') ? (named[1] ?? '') : ''
  const body = host ? after.slice((named?.[0] ?? '').length) : after
  const tag = /^([A-Za-z0-9_./%-]{1,64})(?:\[[^\]]{0,64}\])?: ?/.exec(body)
  return { sentMs, host: field(host), app: field(tag?.[1] ?? ''), text: clean(tag ? body.slice(tag[0].length) : body, TEXT_MAX) }
}

/** A time without a year is in the year that puts it closest to when it arrived. */
function nearest(
  month: number,
  [day = 1, hour = 0, minute = 0, second = 0]: readonly number[],
  year: number | null,
  receivedMs: number,
): number {
  const of = (one: number): number => Date.UTC(one, month, day, hour, minute, second) - SHANGHAI_MS
  if (year) return of(year)
  const now = new Date(receivedMs + SHANGHAI_MS).getUTCFullYear()
  return [now - 1, now, now + 1].map(of).reduce((best, one) => (Math.abs(one - receivedMs) < Math.abs(best - receivedMs) ? one : best))
}

/** Bytes of one message; what is longer is cut off there. */
export const MESSAGE_BYTES_MAX = 65_536

/**
 * Cuts a stream into messages: `LEN SP MSG` (RFC 5425, RFC 6587 3.4.1) or one a line (RFC 6587 3.4.2); which, the first byte of each tells.
 * Never keeps more than one message of the greatest length.
 */
export class SyslogFrames {
  private rest: Buffer = Buffer.alloc(0)
  /** Bytes of a message that is too long and is skipped; infinite: up to the end of its line. */
  private skipping = 0
  /** Messages that were cut. */
  cut = 0

  push(chunk: Buffer): string[] {
    let data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk
    const found: string[] = []
    for (;;) {
      if (this.skipping > 0) {
        const end = this.skipping === Number.POSITIVE_INFINITY ? data.indexOf(10) : this.skipping - 1
        if (end < 0 || end >= data.length) {
          if (this.skipping !== Number.POSITIVE_INFINITY) this.skipping -= data.length
          this.rest = Buffer.alloc(0)
          return found
        }
        this.skipping = 0
        data = data.subarray(end + 1)
      }
      const first = data[0]
      if (first === undefined) break
      if (first >= 0x31 && first <= 0x39) {
        const space = data.subarray(0, 11).indexOf(32)
        const digits = space < 0 ? '' : data.toString('latin1', 0, space)
        if (space < 0 && data.length < 11) break
        if (/^\d{1,10}$/.test(digits)) {
          const length = Number(digits)
          const kept = Math.min(length, MESSAGE_BYTES_MAX)
          if (data.length < space + 1 + kept) break
          found.push(data.toString('utf8', space + 1, space + 1 + kept))
          data = data.subarray(space + 1 + kept)
          if (kept < length) {
            this.cut += 1
            this.skipping = length - kept
          }
          continue
        }
      }
      const end = data.indexOf(10)
      if (end < 0 && data.length < MESSAGE_BYTES_MAX) break
      const kept = end < 0 ? MESSAGE_BYTES_MAX : Math.min(end, MESSAGE_BYTES_MAX)
      const line = data.toString('utf8', 0, kept)
      if (line.trim() !== '') found.push(line)
      if (end < 0) {
        this.cut += 1
        this.skipping = Number.POSITIVE_INFINITY
        data = data.subarray(kept)
      } else {
        if (kept < end) this.cut += 1
        data = data.subarray(end + 1)
      }
    }
    this.rest = Buffer.from(data)
    return found
  }

  /** What is left when the sender closes: a last line without its end. */
  end(): string[] {
    const line = this.rest.toString('utf8').trim()
    this.rest = Buffer.alloc(0)
    return line === '' || this.skipping > 0 ? [] : [line]
  }
}
