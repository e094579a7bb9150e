import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Sheet, Status } from '../../shared/ui/index.ts'
import { settingsText } from './settingsText.ts'

/** Things in a cloud with our mark that should not be there; shown only when there are any. */
export function Strays() {
  const t = useText(settingsText)
  const lang = useLanguage()
  const { data } = useQuery(ask('cloud.strays', {}))
  if (!data || data.items.length === 0) return null
  return (
    <Sheet title={t('strays', { n: data.items.length })} id="strays">
      <div className="stack">
        <p className="second">{t('straysHelp')}</p>
        {data.items.map((one) => (
          <div key={one.externalId}>
            <div className="row apart">
              <Status state={one.verdict === 'REMOVED' ? 'running' : 'risk'}>{t(`stray${one.verdict}`)}</Status>
              <span className="second">{listTime(one.firstSeenAt, lang)}</span>
            </div>
            <div className="second">
              {one.kind} <span className="mono">{one.key}</span> · <span className="mono">{one.externalId.slice(0, 13)}</span>
              {one.lastError && ` · ${one.lastError}`}
            </div>
          </div>
        ))}
      </div>
    </Sheet>
  )
}
