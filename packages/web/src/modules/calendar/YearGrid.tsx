import type { CalendarDay, DayChange } from '@changbai/contract/calendar.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { today, weekdayName, weekdayOf } from '../../shared/time.ts'
import { calendarText } from './calendarText.ts'

const MONTHS_EN = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** Twelve months; the week begins on Monday. Off and work carry a mark, not only a colour. */
export function YearGrid({
  days,
  provisional,
  changed,
  onPick,
}: {
  days: readonly CalendarDay[]
  provisional: boolean
  changed: ReadonlyMap<string, DayChange>
  onPick?: (day: CalendarDay) => void
}) {
  const t = useText(calendarText)
  const lang = useLanguage()
  const now = today()
  const months = Array.from({ length: 12 }, (_, month) => days.filter((day) => Number(day.on.slice(5, 7)) === month + 1))
  return (
    <div className={provisional ? 'year provisional-year' : 'year'}>
      {months.map((month, index) => {
        const first = month[0]
        if (!first) return null
        const blank = (weekdayOf(first.on) + 6) % 7
        return (
          <section key={first.on} className="month">
            <h3>{lang === 'en-US' ? MONTHS_EN[index] : t('month', { n: index + 1 })}</h3>
            <div className="month-grid">
              {['2026-06-01', '2026-06-02', '2026-06-03', '2026-06-04', '2026-06-05', '2026-06-06', '2026-06-07'].map((day) => (
                <span key={day}>{lang === 'en-US' ? weekdayName(day, lang).slice(0, 2) : weekdayName(day, lang).slice(1)}</span>
              ))}
              {blank > 0 && <i style={{ gridColumn: `span ${blank}` }} />}
              {month.map((day) => {
                const change = changed.get(day.on)
                const kind = change?.kind ?? day.kind
                const name = change?.name ?? (lang === 'en-US' ? (day.nameEn ?? day.name) : day.name)
                const rest = kind === 'STATUTORY' || kind === 'IN_LIEU_REST'
                const classes = [
                  'cell',
                  rest && 'holiday',
                  kind === 'WEEKEND' && 'rest',
                  kind === 'MAKEUP_WORK' && 'makeup',
                  day.on === now && 'today',
                  change && 'changed',
                ]
                  .filter(Boolean)
                  .join(' ')
                const label = `${day.on} ${weekdayName(day.on, lang)} ${t(kind)}${name ? ` ${name}` : ''}${day.publishedDoc ? ` · ${day.publishedDoc}` : ''}`
                const inner = (
                  <>
                    {Number(day.on.slice(8))}
                    {rest && <i aria-hidden="true">{t('off')}</i>}
                    {kind === 'MAKEUP_WORK' && <i aria-hidden="true">{t('work')}</i>}
                  </>
                )
                return onPick ? (
                  <button type="button" key={day.on} className={classes} title={label} aria-label={label} onClick={() => onPick(day)}>
                    {inner}
                  </button>
                ) : (
                  <span key={day.on} className={classes} title={label}>
                    {inner}
                  </span>
                )
              })}
            </div>
          </section>
        )
      })}
    </div>
  )
}
