import type { Answer, Measured, RoundItem } from '@changbai/contract/inspection.ts'
import { type Language, pick, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Check, LongField, Segments } from '../../shared/ui/index.ts'
import { inspectionText } from './inspectionText.ts'
import { PhotoField } from './PhotoField.tsx'
import type { KeptPhoto } from './photo.ts'

/** One item as it is walked: normal, abnormal or not there; a reading outside its range is abnormal by itself. */
export function ItemLine({
  item,
  answer,
  onAnswer,
  lang,
  photos,
  onTake,
  measured,
}: {
  item: RoundItem
  answer: Answer | null
  onAnswer: (answer: Answer) => void
  lang: Language
  photos: readonly KeptPhoto[]
  onTake: (file: File) => void
  measured: Measured | undefined
}) {
  const t = useText(inspectionText)
  const { okFrom, okTo, unit } = item
  const held: Answer = answer ?? { code: item.code, result: 'OK', value: null, note: '', follow: 'NONE', photoIds: [] }
  const outside = held.value !== null && ((okFrom !== null && held.value < okFrom) || (okTo !== null && held.value > okTo))
  const isAbnormal = answer?.result === 'ABNORMAL' || outside
  const range =
    okFrom !== null && okTo !== null
      ? t('range', { from: okFrom, to: okTo })
      : okFrom !== null
        ? t('rangeFrom', { from: okFrom })
        : okTo !== null
          ? t('rangeTo', { to: okTo })
          : null
  return (
    <li className="round-item">
      <div className="row wrap apart">
        <span className="grow">
          {pick(item.title, lang)}
          {range && (
            <span className="note block">
              {range} {unit}
            </span>
          )}
          {measured && <span className="note block">{t('measuredAt', { at: listTime(measured.at, lang), from: measured.from })}</span>}
        </span>
        {unit && (
          <label className="box num round-value">
            <span className="sr-only">
              {pick(item.title, lang)} {t('reading')}
            </span>
            <input
              type="number"
              inputMode="decimal"
              step="any"
              value={held.value ?? ''}
              onChange={(event) => {
                const value = event.target.value === '' ? null : Number(event.target.value)
                onAnswer({ ...held, value: Number.isFinite(value) ? value : null })
              }}
            />
            <span className="unit">{unit}</span>
          </label>
        )}
        <Segments
          label={pick(item.title, lang)}
          value={answer ? (outside ? 'ABNORMAL' : answer.result) : ('' as Answer['result'])}
          onChange={(result) => onAnswer({ ...held, result })}
          options={[
            ['OK', t('OK')],
            ['ABNORMAL', t('ABNORMAL')],
            ['NA', t('NA')],
          ]}
        />
        {answer && !isAbnormal && (
          <PhotoField compact label={pick(item.title, lang)} photos={photos} sent={held.photoIds} onTake={onTake} />
        )}
      </div>
      {isAbnormal && (
        <div className="stack tight round-abnormal">
          {outside && <p className="breach">{t('outside')}</p>}
          <LongField
            label={t('note')}
            help={t('noteNeeded')}
            value={held.note}
            maxLength={500}
            onChange={(note) => onAnswer({ ...held, note })}
          />
          <p className="note">{t('photoWanted')}</p>
          <PhotoField label={pick(item.title, lang)} photos={photos} sent={held.photoIds} onTake={onTake} />
          <Check checked={held.follow === 'INCIDENT'} onChange={(checked) => onAnswer({ ...held, follow: checked ? 'INCIDENT' : 'NONE' })}>
            {t('toIncident')}
          </Check>
        </div>
      )}
    </li>
  )
}
