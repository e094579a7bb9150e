import type { Bilingual, Deadline, DeadlineDay } from '@changbai/contract/calendar.ts'
import { type BusinessHours, businessMillisecondsBetween } from './business.ts'
import type { Day, WorkCalendar } from './calendar.ts'
import { dueAt } from './deadline.ts'
import { type Limit, parseLimit } from './limit.ts'
import { dayOf, SHANGHAI } from './shanghai.ts'

const WEEKDAYS = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
}
const weekday = (day: Day): Bilingual => ({ zh: WEEKDAYS.zh[day.on.dayOfWeek - 1] ?? '', en: WEEKDAYS.en[day.on.dayOfWeek - 1] ?? '' })
const clock = (at: Temporal.Instant): string => at.toZonedDateTimeISO(SHANGHAI).toPlainTime().toString({ smallestUnit: 'minute' })

/** Why a day rests, or that it is worked. */
function kindOf(day: Day): Bilingual {
  const zh = day.name ?? ''
  const en = day.nameEn ?? day.name ?? ''
  const week = weekday(day)
  switch (day.kind) {
    case 'STATUTORY':
      return { zh: `${zh}放假`, en: `${en} holiday` }
    case 'IN_LIEU_REST':
      return { zh: `${zh}调休，休息`, en: `rest day moved here for ${en}` }
    case 'MAKEUP_WORK':
      return { zh: `${week.zh}，因${zh}调休上班`, en: `${week.en} worked in exchange for ${en}` }
    case 'WEEKEND':
      return { zh: `${week.zh}，休息`, en: `${week.en}, rest` }
    case 'WORKDAY':
      return { zh: day.name ?? `${week.zh}，工作日`, en: day.nameEn ?? `${week.en}, working day` }
  }
}

const MARK_PROVISIONAL: Bilingual = { zh: '；该年安排尚未公布，暂定', en: '; the year is not announced yet, provisional' }

function reasonOf(day: Day, index: number | null, isReceipt: boolean): Bilingual {
  const kind = kindOf(day)
  const tail = isReceipt
    ? { zh: '；送达当日不计', en: '; the day of receipt does not count' }
    : index === null
      ? { zh: '，不计', en: '; does not count' }
      : { zh: `，计第 ${index} 日`, en: `; day ${index}` }
  const mark = day.provisional ? MARK_PROVISIONAL : { zh: '', en: '' }
  return { zh: kind.zh + tail.zh + mark.zh, en: kind.en + tail.en + mark.en }
}

function ruleOf(limit: Limit, days: readonly DeadlineDay[], due: Temporal.Instant): Bilingual {
  const [received] = days
  if (limit.unit === 'NATURAL') {
    return {
      zh: `自送达时起按自然时间计 ${limit.text}，节假日不停`,
      en: `Natural time from receipt, ${limit.text}; holidays do not stop it`,
    }
  }
  if (limit.unit === 'BUSINESS_HOURS') {
    return {
      zh: `自送达时起计 ${limit.hours} 个工作小时，非工作时间不计，至 ${clock(due)} 为止`,
      en: `${limit.hours} business hours from receipt; time outside business does not count; ends at ${clock(due)}`,
    }
  }
  const makeUps = days.filter((day) => day.kind === 'MAKEUP_WORK' && day.counts && day !== received)
  const zhMakeUps = makeUps.map(
    (day) => `${Number(day.on.slice(5, 7))}月${Number(day.on.slice(8))}日${WEEKDAYS.zh[day.weekday - 1]}调休上班，计第 ${day.index} 日。`,
  )
  const enMakeUps = makeUps.map((day) => ` ${WEEKDAYS.en[day.weekday - 1]} ${day.on} is a make-up working day: day ${day.index}.`)
  return {
    zh: `送达当日不计。${zhMakeUps.join('')}第 ${limit.workdays} 个工作日下班时刻（${clock(due)}）为止`,
    en: `The day of receipt does not count.${enMakeUps.join('')} Ends with the business day of working day ${limit.workdays} (${clock(due)})`,
  }
}

/** Days of business hours are told when they hold any of them. */
const countsOf = (limit: Limit, day: Day, position: { isReceipt: boolean; businessMilliseconds: number }): boolean =>
  limit.unit === 'WORKDAYS' ? !position.isReceipt && day.isWorkday : limit.unit === 'NATURAL' || position.businessMilliseconds > 0

/** A deadline with the reason of every day between receipt and end; what the page shows, the command line prints and a test compares. */
export function explainDeadline(from: Temporal.Instant, text: string, calendar: WorkCalendar, hours: BusinessHours): Deadline {
  const limit = parseLimit(text)
  const due = dueAt(from, limit, calendar, hours)
  const receivedOn = dayOf(from)
  const dueOn = dayOf(due)
  const days: DeadlineDay[] = []
  const sources = new Set<string>()
  let index = 0
  for (let on = receivedOn; Temporal.PlainDate.compare(on, dueOn) <= 0; on = on.add({ days: 1 })) {
    const day = calendar.dayAt(on)
    const isReceipt = on.equals(receivedOn)
    const begin = on.toZonedDateTime(SHANGHAI).toInstant()
    const end = on.add({ days: 1 }).toZonedDateTime(SHANGHAI).toInstant()
    const businessMilliseconds = businessMillisecondsBetween(
      Temporal.Instant.compare(begin, from) > 0 ? begin : from,
      Temporal.Instant.compare(end, due) < 0 ? end : due,
      calendar,
      hours,
    )
    const counts = countsOf(limit, day, { isReceipt, businessMilliseconds })
    if (counts) index += 1
    if (day.publishedDoc) sources.add(day.publishedDoc)
    days.push({
      on: on.toString(),
      weekday: on.dayOfWeek,
      kind: day.kind,
      name: day.name,
      counts,
      index: counts ? index : null,
      reason:
        limit.unit === 'WORKDAYS'
          ? reasonOf(day, counts ? index : null, isReceipt)
          : limit.unit === 'BUSINESS_HOURS'
            ? spentOf(day, businessMilliseconds)
            : { zh: '自然时间，照计', en: 'natural time, counts' },
      provisional: day.provisional,
    })
  }
  return {
    from: from.toString(),
    receivedOn: receivedOn.toString(),
    limit: text,
    dueOn: dueOn.toString(),
    dueAt: due.toString(),
    days,
    // natural time does not look at the calendar, so an unannounced year cannot move it
    provisional: limit.unit !== 'NATURAL' && days.some((day) => day.provisional),
    rule: ruleOf(limit, days, due),
    sources: [...sources],
  }
}

function spentOf(day: Day, milliseconds: number): Bilingual {
  const kind = kindOf(day)
  const minutes = Math.floor(milliseconds / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const mark = day.provisional ? MARK_PROVISIONAL : { zh: '', en: '' }
  return minutes === 0
    ? { zh: `${kind.zh}，不计${mark.zh}`, en: `${kind.en}; does not count${mark.en}` }
    : {
        zh: `${kind.zh}，计 ${hours} 小时${rest > 0 ? ` ${rest} 分` : ''}${mark.zh}`,
        en: `${kind.en}; ${hours} h${rest > 0 ? ` ${rest} min` : ''} count${mark.en}`,
      }
}
