import type { AvailabilityRow } from '@changbai/contract/availability.shapes.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { availabilityText } from './availabilityText.ts'
import { lasting } from './format.ts'

const YEAR_DAYS = 365
const DAY = 86_400_000

/** The year's 525 min 36 s as a ruler: what is used, its undecided part, and where an even pace would be today. */
export function BudgetRuler({ row, yearFrom, now }: { row: AvailabilityRow; yearFrom: number; now: number }) {
  const t = useText(availabilityText)
  const lang = useLanguage()
  const { figures, confirmedMs } = row.statement
  const budget = figures.countedMs + figures.budgetLeftMs
  const scale = Math.max(budget, figures.countedMs)
  const at = (ms: number) => `${Math.min(100, (ms / scale) * 100)}%`
  const undecided = figures.countedMs - confirmedMs
  const days = Math.min(YEAR_DAYS, Math.max(0, (now - yearFrom) / DAY))
  const pace = (budget * days) / YEAR_DAYS
  const ticks = Array.from({ length: Math.floor(scale / 6_000_000) + 1 }, (_, n) => n * 100)
  return (
    <div className="stack tight">
      <div className="row wrap apart">
        <span className="row wrap">
          <span>
            {t('yearAllows')} <b>{lasting(budget, lang)}</b>
          </span>
          <span>
            {t('usedUp')} <b>{lasting(figures.countedMs, lang)}</b>
          </span>
          {undecided > 0 && (
            <span>
              {t('undecidedPart')} <b className="risk">{lasting(undecided, lang)}</b>
            </span>
          )}
        </span>
        <span className={figures.budgetLeftMs < 0 ? 'breach strong' : 'strong'}>
          {t(figures.budgetLeftMs < 0 ? 'over' : 'left')} {lasting(figures.budgetLeftMs, lang)}
        </span>
      </div>
      <div
        className="budget"
        role="img"
        aria-label={t('budgetLabel', { used: lasting(figures.countedMs, lang), undecided: lasting(undecided, lang) })}
      >
        <i className="budget-used" style={{ width: at(confirmedMs) }} />
        <i className="budget-undecided" style={{ left: at(confirmedMs), width: at(undecided) }} />
        {scale > budget && <i className="budget-limit" style={{ left: at(budget) }} />}
        <i className="budget-pace" style={{ left: at(pace) }} title={t('paceToday', { n: Math.floor(pace / 60_000) })} />
      </div>
      <div className="budget-ticks" aria-hidden="true">
        {ticks.map((minutes) => (
          <span key={minutes} style={{ left: at(minutes * 60_000) }}>
            {t('minutes', { n: minutes })}
          </span>
        ))}
      </div>
    </div>
  )
}
