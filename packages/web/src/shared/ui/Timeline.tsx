import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { useLanguage, useText } from '../text.ts'
import { listTime, recordTime } from '../time.ts'
import { type State, StatusGlyph } from './StatusGlyph.tsx'
import { uiText } from './uiText.ts'

export interface TimelineEntry {
  key: string
  /** Instant of what happened. What waits now says so; what is still to come has a word (`when`). */
  at?: string | null
  when?: string | undefined
  state: State
  title: ReactNode
  note?: ReactNode
  now?: boolean
  /** The program did it, not a person. */
  system?: boolean
  /** Page of what the line is about. */
  to?: string | undefined
  /** Begins a part of the matter: 申请, 工单, 交付. */
  group?: string
}

/** One timeline per matter, the newest last; the future is hollow and says its own limit. Nothing is ever removed. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const t = useText(uiText)
  const lang = useLanguage()
  return (
    <ol className="timeline">
      {entries.map((entry) => (
        <Fragment key={entry.key}>
          {entry.group && <li className="group">{entry.group}</li>}
          <li className={entry.state === 'todo' ? 'future' : ''} aria-current={entry.now ? 'step' : undefined}>
            {entry.now ? (
              <span className="when">{t('now')}</span>
            ) : entry.at ? (
              <time dateTime={entry.at} title={recordTime(entry.at)}>
                {listTime(entry.at, lang)}
              </time>
            ) : (
              <span className="when">{entry.when}</span>
            )}
            <span className="dot">
              <StatusGlyph state={entry.state} label={t(entry.state)} />
            </span>
            <div>
              <div className={entry.now ? 'strong' : entry.system ? 'system' : ''}>
                {entry.to ? <Link to={entry.to as string}>{entry.title}</Link> : entry.title}
              </div>
              {entry.note && <div className="second">{entry.note}</div>}
            </div>
          </li>
        </Fragment>
      ))}
    </ol>
  )
}
