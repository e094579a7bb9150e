import type { WallBoard } from '@changbai/contract/alarm.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { clock, clockSeconds, dayOf, longDay } from '../../../shared/time.ts'
import { StatusGlyph } from '../../../shared/ui/index.ts'
import { alarmText } from '../alarmText.ts'
import { LevelMark, valueText } from '../marks.tsx'
import { useSecond } from './useBoard.ts'

/** Older than this and the frame says that it must not be believed. */
const STALE_MILLISECONDS = 10_000
const INCIDENTS_SHOWN = 5
const ALARMS_SHOWN = 9
const HOUR = 3_600_000

/** 2:22:47, as the clocks of an incident are shown everywhere. */
function ticking(milliseconds: number): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

export function Board({ board, at, leave }: { board: WallBoard; at: number; leave: () => void }) {
  const t = useText(alarmText)
  const lang = useLanguage()
  const now = useSecond()
  // the server's clock, as of its last answer
  const serverNow = Date.parse(board.now) + (now - at)
  const isStale = now - at > STALE_MILLISECONDS
  return (
    <div className={`wall ${isStale ? 'stale' : ''}`}>
      <header>
        <span>{longDay(dayOf(serverNow), lang)}</span>
        <b className="wall-clock">{clockSeconds(serverNow)}</b>
        <span className="wall-fresh" role="status">
          {isStale ? t('wallStale', { n: Math.round((now - at) / 1000) }) : t('wallFresh', { at: clockSeconds(board.now) })}
        </span>
        <button type="button" className="wall-leave" onClick={leave}>
          {t('wallLeave')}
        </button>
      </header>
      <Incidents board={board} now={serverNow} />
      <div className="wall-below">
        <Alarms board={board} now={serverNow} />
        <div className="wall-side">
          <section>
            <h2>{t('wallDuty')}</h2>
            {board.onDuty.length === 0 && <p className="wall-quiet">{t('wallNobody')}</p>}
            {board.onDuty.map(({ line, name, backup, until }) => (
              <p key={line} className="wall-duty">
                <span className="wall-quiet">{t(line as 'DESK_5X8')}</span>
                <b>{name}</b>
                <span className="wall-quiet">
                  {backup && t('backup', { name: backup })} → {clock(until)}
                </span>
              </p>
            ))}
          </section>
          <Applications board={board} />
        </div>
      </div>
    </div>
  )
}

function Incidents({ board, now }: { board: WallBoard; now: number }) {
  const t = useText(alarmText)
  const [first, ...others] = board.incidents
  if (!first)
    return (
      <section className="wall-top calm">
        <StatusGlyph state="kept" size={64} />
        <b>{t('wallNothing')}</b>
      </section>
    )
  const left = first.dueAt ? Date.parse(first.dueAt) - now : null
  return (
    <section className={`wall-top level-${first.severity}`}>
      <div className="wall-nearest">
        <span>
          <LevelMark level={first.severity} /> {first.clock && t(first.clock)} {first.dueAt && clock(first.dueAt)}
        </span>
        <b className={`wall-figure ${left !== null && left < 0 ? 'late' : ''}`}>
          {left === null ? '—' : left < 0 ? t('over', { span: ticking(left) }) : ticking(left)}
        </b>
        <span className="wall-name">{first.title}</span>
        <span className="wall-quiet">
          {first.number} · {first.handlerName ?? t('wallUntaken')}
        </span>
      </div>
      <ul>
        {others.slice(0, INCIDENTS_SHOWN - 1).map((one) => (
          <li key={one.id}>
            <LevelMark level={one.severity} />
            <span className="wall-name">{one.title}</span>
            <b>
              {one.dueAt
                ? Date.parse(one.dueAt) < now
                  ? t('over', { span: ticking(Date.parse(one.dueAt) - now) })
                  : ticking(Date.parse(one.dueAt) - now)
                : ''}
            </b>
          </li>
        ))}
        {others.length > INCIDENTS_SHOWN - 1 && <li className="wall-quiet">{t('wallMore', { n: others.length - INCIDENTS_SHOWN + 1 })}</li>}
      </ul>
    </section>
  )
}

function Alarms({ board, now }: { board: WallBoard; now: number }) {
  const t = useText(alarmText)
  const lang = useLanguage()
  const { counts } = board
  return (
    <section className="wall-alarms">
      <h2>
        {t('wallAlarms')}
        {(['I', 'II', 'III', 'IV'] as const).map((level) => (
          <span key={level} className={`wall-count ${counts[level] > 0 ? '' : 'none'}`}>
            <LevelMark level={level} /> {counts[level]}
          </span>
        ))}
      </h2>
      {board.alarms.length === 0 && <p className="wall-quiet">{t('wallNoAlarms')}</p>}
      <ul>
        {board.alarms.slice(0, ALARMS_SHOWN).map((alarm) => {
          const age = now - Date.parse(alarm.firedAt ?? alarm.sinceAt)
          return (
            <li key={alarm.id}>
              <LevelMark level={alarm.level} />
              <span className="wall-name">
                {alarm.objectName} {lang === 'zh-CN' ? alarm.title.zh : alarm.title.en}
              </span>
              <span className="wall-quiet">{valueText(alarm)}</span>
              <b>{age < 24 * HOUR ? ticking(Math.max(0, age)) : clock(alarm.sinceAt)}</b>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Applications({ board }: { board: WallBoard }) {
  const t = useText(alarmText)
  const wrong = board.applications.filter(({ state }) => state !== 'UP')
  return (
    <section>
      <h2>{t('wallApplications')}</h2>
      {wrong.length === 0 && (
        <p className="wall-duty">
          <StatusGlyph state="kept" size={24} /> {t('wallAllUp', { n: board.applications.length })}
        </p>
      )}
      {wrong.slice(0, 6).map(({ id, name, state }) => (
        <p key={id} className="wall-duty">
          <StatusGlyph state={state === 'DOWN' ? 'breach' : 'unknown'} size={24} label={t(state as 'UP')} />
          <b className="wall-name">{name}</b>
          <span className="wall-quiet">{t(state as 'UP')}</span>
        </p>
      ))}
    </section>
  )
}
