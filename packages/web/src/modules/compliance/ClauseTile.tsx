import type { ClauseOnBoard } from '@changbai/contract/compliance.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { RedLine, StatusGlyph } from '../../shared/ui/index.ts'
import { complianceText } from './complianceText.ts'
import { glyphOf, rateWords, shortId } from './states.ts'

/** What a tile says under its number: met of due when kept, else what is the matter. */
export function useFigureWords(): (clause: ClauseOnBoard) => string {
  const t = useText(complianceText)
  return ({ figure, withoutSource }) => {
    if (withoutSource) return t('noSource')
    if (figure.state === 'NO_DATA') return t('noEvidence', { n: figure.missing })
    if (figure.state === 'AT_RISK') return t('dueSoon', { n: figure.atRisk })
    if (figure.state === 'BREACHED') return rateWords(figure)
    if (figure.state === 'WAIVED') return t('waivedShort')
    if (figure.state === 'COMPLIANT') return `${figure.met}/${figure.due - figure.waived}`
    return t('nothingDue')
  }
}

/** Kept tiles are pale and bear no mark, so that the others are found in a second. */
export function ClauseTile({ clause, chosen, onChoose }: { clause: ClauseOnBoard; chosen: boolean; onChoose: () => void }) {
  const t = useText(complianceText)
  const lang = useLanguage()
  const words = useFigureWords()
  const { state } = clause.figure
  const label = `${clause.id} ${pick(clause.title, lang)} ${t(state)}`
  return (
    <button type="button" className={`tile tile-${state}`} aria-pressed={chosen} title={label} onClick={onChoose}>
      <span className="row apart">
        <span className="mono cut">{shortId(clause.id)}</span>
        {clause.redLine && <RedLine label={t('redLine')} />}
      </span>
      <span className="tile-figure">
        {state !== 'COMPLIANT' && <StatusGlyph state={glyphOf[state]} size={12} label={t(state)} />} <span>{words(clause)}</span>
      </span>
    </button>
  )
}
