import { type Language, language } from './text.ts'

/**
 * Instants are ISO strings in UTC, days `YYYY-MM-DD`; everything is shown in Asia/Shanghai (UTC+8, no summer time since 1991, so every instant the
 * product deals with is shifted by the same eight hours and no time zone data of an old browser is relied on).
 */
const SHANGHAI_MILLISECONDS = 8 * 3_600_000
const DAY_MILLISECONDS = 86_400_000
const MINUTE = 60_000
const HOUR = 3_600_000

let serverAhead = 0
/** The Date header of each reply (whole seconds) tells how far this device's clock is off; under two seconds it is left alone. */
export function learnServerTime(header: string | null): void {
  const at = header ? Date.parse(header) : Number.NaN
  if (Number.isNaN(at)) return
  const ahead = at - Date.now()
  serverAhead = Math.abs(ahead) < 2_000 ? 0 : ahead
}
/** Now by the server's clock, milliseconds. */
export const serverNow = (): number => Date.now() + serverAhead

const WEEKDAYS: Record<Language, readonly string[]> = {
  'zh-CN': ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  'en-US': ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n: number): string => String(n).padStart(2, '0')

interface Wall {
  year: number
  month: number
  date: number
  weekday: number
  hour: number
  minute: number
  second: number
  /** Days since 1970 in Shanghai. */
  dayNumber: number
}
const wallOf = (at: number): Wall => {
  const shifted = new Date(at + SHANGHAI_MILLISECONDS)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    date: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    dayNumber: Math.floor((at + SHANGHAI_MILLISECONDS) / DAY_MILLISECONDS),
  }
}
const instantOf = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at))
const dayStart = (day: string): number => Date.parse(`${day}T00:00:00Z`) - SHANGHAI_MILLISECONDS

/** Today in Shanghai, `YYYY-MM-DD`. */
export const today = (): string => dayOf(serverNow())
export const dayOf = (at: string | number): string => {
  const wall = wallOf(instantOf(at))
  return `${wall.year}-${two(wall.month)}-${two(wall.date)}`
}
export const addDays = (day: string, days: number): string => dayOf(dayStart(day) + days * DAY_MILLISECONDS)
export const weekdayOf = (day: string): number => wallOf(dayStart(day)).weekday
export const weekdayName = (day: string, lang: Language = language()): string => WEEKDAYS[lang][weekdayOf(day)] ?? ''
/** An instant typed as Shanghai wall time, `2026-09-21T09:42`. */
export const fromWall = (local: string): string => new Date(Date.parse(`${local}${local.length === 16 ? ':00' : ''}+08:00`)).toISOString()
export const toWall = (at: string): string => `${dayOf(at)}T${clock(at)}`

/** 17:30 */
export const clock = (at: string | number): string => {
  const wall = wallOf(instantOf(at))
  return `${two(wall.hour)}:${two(wall.minute)}`
}
/** 09:41:52 */
export const clockSeconds = (at: string | number): string => `${clock(at)}:${two(wallOf(instantOf(at)).second)}`

/** 9月21日 / 21 Sep, with the year only if it differs from this one. */
export function shortDay(day: string, lang: Language = language()): string {
  const wall = wallOf(dayStart(day))
  const thisYear = wallOf(serverNow()).year
  if (lang === 'en-US') return `${wall.date} ${MONTHS[wall.month - 1]}${wall.year === thisYear ? '' : ` ${wall.year}`}`
  return `${wall.year === thisYear ? '' : `${wall.year}年`}${wall.month}月${wall.date}日`
}
/** 9月21日 周一 / Mon 21 Sep */
export const longDay = (day: string, lang: Language = language()): string =>
  lang === 'en-US' ? `${weekdayName(day, lang)} ${shortDay(day, lang)}` : `${shortDay(day, lang)} ${weekdayName(day, lang)}`

/** In lists: 今天 17:30, 周二 17:30 (within six days), 9月29日 17:30. */
export function listTime(at: string | number, lang: Language = language()): string {
  const instant = instantOf(at)
  const apart = wallOf(instant).dayNumber - wallOf(serverNow()).dayNumber
  const english = lang === 'en-US'
  if (apart === 0) return english ? `Today ${clock(at)}` : `今天 ${clock(at)}`
  if (apart === 1) return english ? `Tomorrow ${clock(at)}` : `明天 ${clock(at)}`
  if (apart === -1) return english ? `Yesterday ${clock(at)}` : `昨天 ${clock(at)}`
  const day = dayOf(instant)
  if (Math.abs(apart) <= 6) return `${weekdayName(day, lang)} ${clock(at)}`
  return english ? `${longDay(day, lang)}, ${clock(at)}` : `${shortDay(day, lang)} ${clock(at)}`
}
/** A window that somebody planned, with its days: 9月29日 周二 22:00 – 9月30日 周三 02:00, the second day only where it is another. */
export function windowWords(from: string | number, to: string | number, lang: Language = language()): string {
  const dayWords = (day: string): string => `${shortDay(day, lang)} ${weekdayName(day, lang)}`
  const [first, last] = [dayOf(from), dayOf(to)]
  return `${dayWords(first)} ${clock(from)} – ${first === last ? '' : `${dayWords(last)} `}${clock(to)}`
}
/** Records and evidence: 2026-09-21 09:04:47. */
export const recordTime = (at: string | number): string => `${dayOf(at)} ${clockSeconds(at)}`

/** Finished spans: 4 分 23 秒, 1 小时 5 分, 2 天 3 小时. Cut, not rounded. */
export function span(milliseconds: number, lang: Language = language()): string {
  const ms = Math.max(0, Math.trunc(milliseconds))
  const days = Math.floor(ms / DAY_MILLISECONDS)
  const hours = Math.floor((ms % DAY_MILLISECONDS) / HOUR)
  const minutes = Math.floor((ms % HOUR) / MINUTE)
  const seconds = Math.floor((ms % MINUTE) / 1000)
  const [d, h, m, s] = lang === 'en-US' ? [' d', ' h', ' min', ' s'] : [' 天', ' 小时', ' 分', ' 秒']
  if (days > 0) return hours > 0 ? `${days}${d} ${hours}${h}` : `${days}${d}`
  if (hours > 0) return minutes > 0 ? `${hours}${h} ${minutes}${m}` : `${hours}${h}`
  if (minutes >= 10) return `${minutes}${m}`
  if (minutes > 0) return seconds > 0 ? `${minutes}${m} ${seconds}${s}` : `${minutes}${m}`
  return `${seconds}${s}`
}
/** Minutes of business as hours and minutes; never as days, for a working day is not 24 hours. */
export function hoursAndMinutes(minutes: number, lang: Language = language()): string {
  const [h, m] = lang === 'en-US' ? [' h', ' min'] : [' 小时', ' 分']
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest}${m}`
  return rest > 0 ? `${hours}${h} ${rest}${m}` : `${hours}${h}`
}
/** 1,024 */
export const count = (n: number): string => n.toLocaleString('en-US')
/** Percentages are cut, never rounded up. */
export function percent(ratio: number, decimals = 1): string {
  const scale = 10 ** decimals
  return `${(Math.floor(ratio * 100 * scale + 1e-9) / scale).toFixed(decimals)}%`
}
