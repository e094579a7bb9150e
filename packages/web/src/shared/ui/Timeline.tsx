import type { ReactNode } from 'react'
import { useLanguage } from '../text.ts'
import { listTime } from '../time.ts'
import { type State, StatusGlyph } from './StatusGlyph.tsx'

export interface TimelineEntry {
  key: string
  /** Instant of what happened; a word ("现在", "+2 工作日") for what has not. */
  at?: string | null
  when?: string
  state: State
  title: ReactNode
  note?: ReactNode
  now?: boolean
  /** Begins a part of the matter: 申请, 工单, 交付. */
  group?: string
}

/** One timeline per matter, the newest last; the future is hollow and says its own limit. Nothing is ever removed. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const lang = useLanguage()
  return (
    <ol className="timeline">
      {entries.map((entry) => (
        <li key={entry.key} className={entry.state === 'todo' ? 'future' : ''} aria-current={entry.now ? 'step' : undefined}>
          {entry.at ? <time dateTime={entry.at}>{listTime(entry.at, lang)}</time> : <span className="when">{entry.when}</span>}
          <span className="dot">
            <StatusGlyph state={entry.state} />
          </span>
          <div>
            {entry.group && <div className="note">{entry.group}</div>}
            <div className={entry.now ? 'strong' : ''}>{entry.title}</div>
            {entry.note && <div className="second">{entry.note}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
}
