import { useNow } from '../clock.ts'
import { useLanguage, useText } from '../text.ts'
import { listTime, percent, span } from '../time.ts'
import { StatusGlyph } from './StatusGlyph.tsx'
import { uiText } from './uiText.ts'

/** How much of a limit is used, with the mark at 80 %. */
export const Progress = ({ ratio, tone, plain }: { ratio: number; tone?: 'risk' | 'breach' | 'kept' | 'ink'; plain?: boolean }) => {
  const t = useText(uiText)
  const cut = Math.max(0, Math.min(1, ratio))
  return (
    <div
      className={`progress ${tone ?? ''} ${plain ? 'plain' : ''}`}
      role="img"
      aria-label={t('usedOf', { percent: percent(ratio, 0) })}
      title={percent(ratio, 0)}
    >
      <i style={{ width: `${cut * 100}%` }} />
    </div>
  )
}

export interface DeadlineProps {
  dueAt: string | null
  /** Share of the limit used, 1 = at the limit; the server computes it. */
  usedRatio?: number | null
  /** Working days left after today, when the limit counts working days; negative = over. */
  workdays?: number | null
  bar?: boolean
}

/** Remaining first, the absolute time beside it in grey. Amber from 80 %, red from 100 %, then it counts up. */
export function Deadline({ dueAt, usedRatio = null, workdays = null, bar = true }: DeadlineProps) {
  const t = useText(uiText)
  const lang = useLanguage()
  const now = useNow()
  if (!dueAt) return <span className="ink3">— {t('noLimit')}</span>
  const left = Date.parse(dueAt) - now
  const ratio = usedRatio ?? (left <= 0 ? 1 : 0)
  const tone = left <= 0 ? 'breach' : ratio >= 0.8 ? 'risk' : undefined
  const minutes = Math.floor(Math.abs(left) / 60_000) * 60_000
  const words =
    workdays !== null && workdays >= 2
      ? t('workdays', { count: workdays })
      : workdays !== null && workdays <= -1
        ? t('overWorkdays', { count: -workdays })
        : left <= 0
          ? t('overBy', { span: span(minutes, lang) })
          : span(minutes, lang)
  return (
    <span className="deadline">
      <span className="deadline-words">
        <span className={`deadline-left ${tone ?? ''}`}>
          {tone && <StatusGlyph state={tone} size={13} />}
          {words}
        </span>
        <time dateTime={dueAt}>{listTime(dueAt, lang)}</time>
      </span>
      {bar && usedRatio !== null && <Progress ratio={ratio} {...(tone && { tone })} />}
    </span>
  )
}
