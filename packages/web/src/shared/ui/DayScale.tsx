import type { Deadline } from '@changbai/contract/calendar.ts'
import { pick, useLanguage, useText } from '../text.ts'
import { clock, today, weekdayName } from '../time.ts'
import { uiText } from './uiText.ts'

/** A working-day limit day by day with the reason of each day; the rule in one sentence below it. */
export function DayScale({ deadline }: { deadline: Deadline }) {
  const t = useText(uiText)
  const lang = useLanguage()
  const now = today()
  const days = deadline.days.length > 45 ? deadline.days.slice(0, 45) : deadline.days
  return (
    <figure>
      <div className="days" role="img" aria-label={pick(deadline.rule, lang)}>
        {days.map((day) => {
          const due = day.on === deadline.dueOn
          const start = day.on === deadline.receivedOn && !day.counts
          const rests = day.kind === 'WEEKEND' || day.kind === 'STATUTORY' || day.kind === 'IN_LIEU_REST'
          const classes = [
            'day',
            due && 'due',
            start && 'start',
            !due && !start && rests && 'rest',
            day.kind === 'MAKEUP_WORK' && !due && 'makeup',
            day.on === now && 'today',
            day.provisional && 'provisional',
          ]
          const foot = due
            ? t('dueAt', { at: clock(deadline.dueAt) })
            : start
              ? t('received')
              : day.index
                ? t('dayIndex', { n: day.index })
                : (day.name ?? t('rest'))
          return (
            <div key={day.on} className={classes.filter(Boolean).join(' ')} title={`${day.on} ${pick(day.reason, lang)}`}>
              {day.kind === 'MAKEUP_WORK' && <span className="day-mark">{t('makeupMark')}</span>}
              {(day.kind === 'STATUTORY' || day.kind === 'IN_LIEU_REST') && <span className="day-mark rest">{t('restMark')}</span>}
              <span>{day.on === now ? t('todayWord') : weekdayName(day.on, lang)}</span>
              <b>{Number(day.on.slice(8))}</b>
              <span>{day.provisional ? t('provisional') : foot}</span>
            </div>
          )
        })}
      </div>
      <figcaption className="second">
        {pick(deadline.rule, lang)}{' '}
        {deadline.sources.length > 0 && t('calendarSource', { sources: deadline.sources.join(lang === 'en-US' ? '; ' : '；') })}
        {deadline.provisional && <span className="unknown"> {t('provisionalNote')}</span>}
      </figcaption>
    </figure>
  )
}
