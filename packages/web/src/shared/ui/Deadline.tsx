import type { TimeLeft } from '@changbai/contract/calendar.ts'
import { useNow } from '../clock.ts'
import { useLanguage, useText } from '../text.ts'
import { hoursAndMinutes, listTime, percent, span } from '../time.ts'
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
  /** Working time left, counted by the server: working days after today, or minutes of business; negative = over. */
  left?: TimeLeft | null
  bar?: boolean
}

/** In words what is left: working time as the server counted it; on the last day, and for natural time, the wall clock. */
function remaining(
  t: (key: 'workdays' | 'overWorkdays' | 'workTime' | 'overWorkTime' | 'overBy', values: Record<string, string | number>) => string,
  left: TimeLeft | null,
  milliseconds: number,
): string {
  const late = milliseconds <= 0
  if (left?.unit === 'WORKDAYS' && left.count !== 0)
    return left.count > 0 ? t('workdays', { count: left.count }) : t('overWorkdays', { count: -left.count })
  if (left?.unit === 'BUSINESS_MINUTES' && left.count !== 0)
    return t(left.count > 0 ? 'workTime' : 'overWorkTime', { span: hoursAndMinutes(Math.abs(left.count)) })
  const minutes = span(Math.floor(Math.abs(milliseconds) / 60_000) * 60_000)
  return late ? t('overBy', { span: minutes }) : minutes
}

/** Remaining first, the absolute time beside it in grey. Amber from 80 %, red from 100 %, then it counts up. */
export function Deadline({ dueAt, usedRatio = null, left = null, bar = true }: DeadlineProps) {
  const t = useText(uiText)
  const lang = useLanguage()
  const now = useNow()
  if (!dueAt) return <span className="ink3">— {t('noLimit')}</span>
  const milliseconds = Date.parse(dueAt) - now
  const late = milliseconds <= 0
  const tone = late ? 'breach' : (usedRatio ?? 0) >= 0.8 ? 'risk' : undefined
  return (
    <span className="deadline">
      <span className="deadline-words">
        <span className={`deadline-left ${tone ?? ''}`}>
          {tone && <StatusGlyph state={tone} size={13} />}
          {remaining(t, left, milliseconds)}
        </span>
        <time dateTime={dueAt}>{listTime(dueAt, lang)}</time>
      </span>
      {bar && usedRatio !== null && <Progress ratio={usedRatio} {...(tone && { tone })} />}
    </span>
  )
}
