import './status.css'
import type { StatusDay, StatusNow, StatusPage } from '@changbai/contract/status.ts'
import { fractionPercent } from '@changbai/verify/availability/figures.ts'
import { type Language, type Say, useLanguage, useText } from '../../shared/text.ts'
import { listTime, recordTime, shortDay, span } from '../../shared/time.ts'
import { Sheet, type State, Status } from '../../shared/ui/index.ts'
import { statusText } from './statusText.ts'

type Word = typeof statusText extends { keys?: infer K } ? NonNullable<K> & string : never
const glyphs: Record<StatusNow, State> = { UP: 'kept', DOWN: 'breach', UNKNOWN: 'unknown', PLANNED: 'planned', NOT_MEASURED: 'none' }

/** The answer of the page, in one sentence. */
export function statusSentence(t: Say<Word>, { bureau, applications }: StatusPage): string {
  const count = (state: StatusNow) => applications.filter((one) => one.state === state).length
  if (applications.length === 0) return t('nothing', { bureau })
  if (count('DOWN') > 0) return t('someDown', { bureau, n: count('DOWN'), count: count('DOWN') })
  if (count('UNKNOWN') > 0) return t('someUnknown', { bureau, n: count('UNKNOWN'), count: count('UNKNOWN') })
  if (count('PLANNED') > 0) return t('somePlanned', { bureau, n: count('PLANNED'), count: count('PLANNED') })
  return t('allUp', { bureau, n: count('UP') })
}

/** What a bureau's people, and whoever holds its token, see: each application now, its last days, outages, and what is planned. */
export function StatusBoard({ page }: { page: StatusPage }) {
  const t = useText(statusText)
  const lang = useLanguage()
  return (
    <div className="stack">
      <Sheet flush>
        <ul className="list status-applications">
          {page.applications.map((one) => (
            <li key={one.name}>
              <div className="row wrap apart">
                <span className="row wrap">
                  <b>{one.name}</b>
                  <Status state={glyphs[one.state]}>{t(one.state)}</Status>
                  {one.since && <span className="note">{t('since', { at: listTime(one.since, lang) })}</span>}
                </span>
                {one.availability && (
                  <span className="note">
                    {t('yearFigure')} <b className="num">{fractionPercent(one.availability)}</b>
                  </span>
                )}
              </div>
              <Days name={one.name} days={one.days} />
            </li>
          ))}
        </ul>
      </Sheet>
      <Sheet title={t('planned')} flush>
        {page.planned.length === 0 ? (
          <p className="note status-none">{t('noPlanned')}</p>
        ) : (
          <ul className="list">
            {page.planned.map((one) => (
              <li key={`${one.from}${one.applications.join()}`}>
                <div className="row wrap apart">
                  <b>{one.applications.join('、')}</b>
                  <span className="num">
                    {recordTime(one.from).slice(0, 16)} – {recordTime(one.to).slice(0, 16)}
                  </span>
                </div>
                <div className="note">
                  {t(one.reason)} {one.impact}
                </div>
              </li>
            ))}
          </ul>
        )}
      </Sheet>
      <Sheet title={t('outages')} flush>
        {page.outages.length === 0 ? (
          <p className="note status-none">{t('noOutages')}</p>
        ) : (
          <ul className="list">
            {page.outages.map((one) => (
              <li key={`${one.application}${one.from}`} className="row wrap apart">
                <b>{one.application}</b>
                <span className="num">
                  {recordTime(one.from)} – {one.to ? recordTime(one.to) : t('goesOn')} · {span(one.downMs, lang)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Sheet>
    </div>
  )
}

const WIDTH = 6
/** A bar a day, today last; what was down stands out by height as well as by colour. */
function Days({ name, days }: { name: string; days: readonly StatusDay[] }) {
  const t = useText(statusText)
  const lang = useLanguage()
  const count = (state: StatusDay['state']) => days.filter((one) => one.state === state).length
  return (
    <div>
      <svg
        className="status-days"
        viewBox={`0 0 ${days.length * WIDTH} 28`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('daysLabel', { name, n: days.length, down: count('DOWN'), unknown: count('UNKNOWN') })}
      >
        {days.map((one, index) => (
          <rect key={one.on} className={`status-${one.state}`} x={index * WIDTH + 0.5} width={WIDTH - 1} {...shapes[one.state]}>
            <title>{dayWord(t, one, lang)}</title>
          </rect>
        ))}
      </svg>
      <div className="row apart note">
        <span>{t('daysAgo', { n: days.length - 1 })}</span>
        <span>{t('today')}</span>
      </div>
    </div>
  )
}
const shapes: Record<StatusDay['state'], { y: number; height: number }> = {
  UP: { y: 8, height: 20 },
  DOWN: { y: 0, height: 28 },
  UNKNOWN: { y: 14, height: 14 },
  PLANNED: { y: 8, height: 20 },
  NONE: { y: 26, height: 2 },
}
const dayWord = (t: Say<Word>, { on, state, downMs }: StatusDay, lang: Language): string =>
  state === 'DOWN'
    ? t('dayDown', { on: shortDay(on, lang), span: span(downMs, lang) })
    : t('dayState', { on: shortDay(on, lang), state: t(state) })
