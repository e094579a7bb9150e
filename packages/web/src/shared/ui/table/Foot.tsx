import { usePhone } from '../../clock.ts'
import { useText } from '../../text.ts'
import { clockSeconds, count } from '../../time.ts'
import { Button } from '../Button.tsx'
import { uiText } from '../uiText.ts'

/** Where one is, how fresh it is, which keys work, and the way on. */
export function Foot({
  first,
  shown,
  total,
  updatedAt,
  opens,
  selects,
  previous,
  next,
}: {
  first: number
  shown: number
  total: number | undefined
  updatedAt: number
  opens: boolean
  selects: boolean
  previous: (() => void) | undefined
  next: (() => void) | undefined
}) {
  const t = useText(uiText)
  const phone = usePhone()
  const range = { from: first, to: first + shown - 1 }
  return (
    <div className="grid-foot">
      <span>
        {total === undefined ? t('countShown', range) : t('countOf', { ...range, total: count(total) })}
        <span className="ink3">　{t('updatedAt', { at: clockSeconds(updatedAt) })}</span>
      </span>
      <span className="row">
        {!phone && (
          <span className="row note no-print">
            <kbd>↑</kbd>
            <kbd>↓</kbd>
            {t('keysMove')}
            {opens && (
              <>
                <kbd>Enter</kbd>
                {t('keysOpen')}
              </>
            )}
            {selects && (
              <>
                <kbd>X</kbd>
                {t('keysSelect')}
              </>
            )}
          </span>
        )}
        {previous && (
          <Button size="small" onClick={previous}>
            {t('previousPage')}
          </Button>
        )}
        {next && (
          <Button size="small" onClick={next}>
            {t('nextPage')}
          </Button>
        )}
      </span>
    </div>
  )
}
