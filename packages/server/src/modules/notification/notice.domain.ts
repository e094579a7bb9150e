import type { NoticePreference, NoticeTopic, NoticeUrgency } from '@changbai/contract/notification.ts'

const SHANGHAI = 'Asia/Shanghai'

export type PersonalChannel = 'EMAIL' | 'SMS' | 'PHONE'
export type NoticeLocale = NoticePreference['locale']
export interface Wording {
  title: string
  body: string
}
/** What a wording may be filled with; an instant is written as people read it, in Asia/Shanghai; what has a name in each language is said by it. */
export type NoticeParams = Readonly<Record<string, string | number | Temporal.Instant | { zh: string; en: string } | null | undefined>>

/** One thing people are told about: how it is said unless an administrator words it otherwise. */
export interface NoticeKind {
  readonly event: string
  readonly topic: NoticeTopic
  readonly urgency: NoticeUrgency
  readonly placeholders: readonly string[]
  readonly zh: Wording
  readonly en: Wording
  /** Must be acknowledged, whatever its urgency. */
  readonly needsAck?: boolean
}

const PLACEHOLDER = /\{(\w+)\}/g

/** Fills a wording; what is not said is a dash, never the bare placeholder. */
export const fillWording = ({ title, body }: Wording, params: NoticeParams, locale: NoticeLocale): Wording => {
  const fill = (text: string) => text.replaceAll(PLACEHOLDER, (_all, name: string) => sayValue(params[name], locale))
  return { title: fill(title).slice(0, 200), body: fill(body).slice(0, 2000) }
}

/** What kind of notice it is, for whoever may not read the notice itself. */
export const openTitle = ({ zh, en }: Pick<NoticeKind, 'zh' | 'en'>, locale: NoticeLocale): string =>
  (locale === 'en-US' ? en : zh).title.replaceAll(PLACEHOLDER, '…')

const sayValue = (value: NoticeParams[string], locale: NoticeLocale): string => {
  if (value === null || value === undefined || value === '') return '—'
  if (value instanceof Temporal.Instant) return sayInstant(value, locale)
  if (typeof value === 'object') return locale === 'en-US' ? value.en : value.zh
  return String(value)
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 9月21日 17:30, Mon 21 Sep, 17:30; the year is left to the record. */
export function sayInstant(at: Temporal.Instant, locale: NoticeLocale): string {
  const local = at.toZonedDateTimeISO(SHANGHAI)
  const clock = `${String(local.hour).padStart(2, '0')}:${String(local.minute).padStart(2, '0')}`
  if (locale === 'zh-CN') return `${local.month}月${local.day}日 ${clock}`
  return `${DAYS[local.dayOfWeek - 1]} ${local.day} ${MONTHS[local.month - 1]}, ${clock}`
}

/** Placeholders of a wording that its event does not offer. */
export const strayPlaceholders = (wordings: readonly Wording[], offered: readonly string[]): string[] => {
  const used = wordings.flatMap(({ title, body }) => [...`${title} ${body}`.matchAll(PLACEHOLDER)].map(([, name]) => name as string))
  return [...new Set(used)].filter((name) => !offered.includes(name))
}

const byUrgency: Record<NoticeUrgency, readonly PersonalChannel[]> = {
  LOW: [],
  NORMAL: ['EMAIL'],
  HIGH: ['EMAIL', 'SMS'],
  CRITICAL: ['EMAIL', 'SMS', 'PHONE'],
}

/** Ways besides the inbox. A person's own choice decides, except that a critical notice uses all ways whatever was chosen. */
export function channelsFor(
  topic: NoticeTopic,
  urgency: NoticeUrgency,
  preference: Pick<NoticePreference, 'channels'>,
): readonly PersonalChannel[] {
  if (urgency === 'CRITICAL') return byUrgency.CRITICAL
  return preference.channels[topic] ?? byUrgency[urgency]
}

/** When a notice may leave the inbox: now, or at the end of the person's quiet hours; a critical one never waits. */
export function leavesAt(now: Temporal.Instant, urgency: NoticeUrgency, quiet: NoticePreference['quiet']): Temporal.Instant {
  if (urgency === 'CRITICAL' || !quiet || quiet.from === quiet.until) return now
  const local = now.toZonedDateTimeISO(SHANGHAI)
  const time = local.toPlainTime()
  const [from, until] = [Temporal.PlainTime.from(quiet.from), Temporal.PlainTime.from(quiet.until)]
  const after = Temporal.PlainTime.compare(time, from) >= 0
  const before = Temporal.PlainTime.compare(time, until) < 0
  const overnight = Temporal.PlainTime.compare(from, until) > 0
  if (overnight ? !(after || before) : !(after && before)) return now
  const day = overnight && after ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate()
  return day.toZonedDateTime({ timeZone: SHANGHAI, plainTime: until }).toInstant()
}

const RANK: Record<NoticeUrgency, number> = { LOW: 0, NORMAL: 1, HIGH: 2, CRITICAL: 3 }
export const isAtLeast = (urgency: NoticeUrgency, least: NoticeUrgency): boolean => RANK[urgency] >= RANK[least]
