import { useLanguage, useText } from '../../shared/text.ts'
import { today } from '../../shared/time.ts'
import { StatusGlyph } from '../../shared/ui/index.ts'
import { complianceText } from './complianceText.ts'

const lights = { RED: 'breach', AMBER: 'risk', GREEN: 'kept' } as const
const two = (n: number): string => String(n).padStart(2, '0')

/** The months of a year; what has not begun cannot be chosen. */
export function MonthStrip({ month, light, onChoose }: { month: string; light: keyof typeof lights; onChoose: (month: string) => void }) {
  const t = useText(complianceText)
  const lang = useLanguage()
  const [year = 0, current = 0] = month.split('-').map(Number)
  const now = today().slice(0, 7)
  const names = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' })
  return (
    <nav className="months" aria-label={t('earlierYear', { year })}>
      <button type="button" className="month" onClick={() => onChoose(`${year - 1}-12`)}>
        ‹ {year - 1}
      </button>
      {Array.from({ length: 12 }, (_, index) => index + 1).map((n) => {
        const key = `${year}-${two(n)}`
        return (
          <button
            key={key}
            type="button"
            className="month"
            disabled={key > now}
            aria-current={n === current ? 'date' : undefined}
            onClick={() => onChoose(key)}
          >
            {n === current && <StatusGlyph state={lights[light]} size={12} />}{' '}
            {lang === 'zh-CN' ? t('month', { n }) : names.format(Date.UTC(year, n - 1, 1))}
            {key === now && <span className="note"> {t('running')}</span>}
          </button>
        )
      })}
      {`${year + 1}-01` <= now && (
        <button type="button" className="month" onClick={() => onChoose(`${year + 1}-01`)}>
          {year + 1} ›
        </button>
      )}
    </nav>
  )
}
