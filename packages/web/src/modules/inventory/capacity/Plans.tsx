import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../../shared/call.ts'
import { useMay } from '../../../shared/session.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { listTime } from '../../../shared/time.ts'
import { Button, DecisionDialog, Loaded, LongField, Sheet, useAct } from '../../../shared/ui/index.ts'
import { inventoryText } from '../inventoryText.ts'

const SHOWN = 8

/** The plan of each quarter, with who made it; the newest first. */
export function Plans() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const may = useMay()
  const refresh = useAct()
  const [making, setMaking] = useState(false)
  const [summary, setSummary] = useState('')
  const query = useQuery(ask('capacity.plans', { limit: SHOWN }))
  return (
    <Sheet
      flush
      title={t('plans')}
      acts={
        may('capacity.build:C') && (
          <Button size="small" onClick={() => setMaking(true)}>
            {t('planMake')}
          </Button>
        )
      }
    >
      <Loaded query={query} rows={2}>
        {({ items }) => (
          <ul className="list">
            {items.map((plan) => (
              <li key={plan.id}>
                <b>{t('planVersion', { quarter: plan.quarter, version: plan.version })}</b>
                <div>{plan.summary}</div>
                <div className="second">{plan.measures}</div>
                <div className="note">
                  {plan.madeBy.name} · {listTime(plan.madeAt, lang)}
                </div>
              </li>
            ))}
            {items.length === 0 && <li className="second">{t('planNone')}</li>}
          </ul>
        )}
      </Loaded>
      {making && (
        <DecisionDialog
          title={t('planMake')}
          verb={t('planMake')}
          ready={summary.trim() !== ''}
          reason={{ label: t('planMeasures') }}
          act={async (measures) => {
            await call('capacity.makePlan', { summary, measures })
            await refresh.run(async () => {})
          }}
          onClose={() => setMaking(false)}
        >
          <LongField label={t('planSummary')} maxLength={4000} value={summary} onChange={setSummary} />
        </DecisionDialog>
      )}
    </Sheet>
  )
}
