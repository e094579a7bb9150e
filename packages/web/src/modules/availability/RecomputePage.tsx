import { useId, useState } from 'react'
import { useText } from '../../shared/text.ts'
import { Facts, PageTitle, ProblemAlert, Sheet, TextField, useAct } from '../../shared/ui/index.ts'
import './availability.css'
import { availabilityText } from './availabilityText.ts'
import { type Recomputed, recomputeText, Verdict } from './recompute.tsx'

/** Takes an export from anywhere and recomputes it in this browser; nothing is sent. */
export function RecomputePage() {
  const t = useText(availabilityText)
  const id = useId()
  const act = useAct()
  const [key, setKey] = useState('')
  const [name, setName] = useState('')
  const [result, setResult] = useState<Recomputed | null>(null)
  const read = (file: File | undefined) => {
    if (!file) return
    setName(file.name)
    setResult(null)
    void act.run(async () => setResult(await recomputeText(await file.text(), key.trim())))
  }
  return (
    <div className="page">
      <PageTitle title={t('recomputeTitle')} sentence={t('recomputeSentence')} />
      <div className="split">
        <div className="stack">
          <ProblemAlert error={act.error} />
          {act.busy && <p className="second">{t('reading')}</p>}
          {result && <Verdict result={result} />}
          {result && (
            <Sheet title={name}>
              <Facts
                items={[
                  [t('file'), t(result.kind === 'ledger' ? 'ledgerKind' : 'availabilityKind')],
                  [
                    t('result'),
                    <span className="mono second" key="s">
                      {result.summary}
                    </span>,
                  ],
                ]}
              />
            </Sheet>
          )}
        </div>
        <Sheet title={t('chooseFile')}>
          <div className="stack">
            <TextField label={t('trustedKey')} optional help={t('trustedKeyHelp')} value={key} onChange={setKey} />
            <label htmlFor={id} className="btn primary">
              {t('chooseFile')}
            </label>
            <input
              id={id}
              className="sr-only"
              type="file"
              accept=".ndjson,application/x-ndjson"
              onChange={(event) => read(event.target.files?.[0])}
            />
          </div>
        </Sheet>
      </div>
    </div>
  )
}
