import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { EmptyState, Loaded, PageTitle, SelectField } from '../../shared/ui/index.ts'
import { StatusBoard, statusSentence } from './StatusBoard.tsx'
import { StatusTokens } from './StatusTokens.tsx'
import { statusText } from './statusText.ts'

const EVERY_MILLISECONDS = 30_000

/** The status page of a bureau for those who signed in: their own, or any for who may see all. */
export function StatusPage() {
  const t = useText(statusText)
  const may = useMay()
  const bureaus = useQuery(ask('status.bureaus', {}))
  const [chosen, choose] = useState('')
  return (
    <div className="page">
      <Loaded query={bureaus} rows={4}>
        {({ items }) => {
          const tenantId = chosen || items[0]?.tenantId
          return tenantId === undefined ? (
            <>
              <PageTitle title={t('title')} />
              <EmptyState title={t('nothing', { bureau: '—' })} />
            </>
          ) : (
            <OneStatus
              tenantId={tenantId}
              chooser={
                items.length > 1 && (
                  <SelectField
                    label={t('bureau')}
                    value={tenantId}
                    onChange={choose}
                    options={items.map((one) => [one.tenantId, one.name] as const)}
                  />
                )
              }
            />
          )
        }}
      </Loaded>
      {may('source.token:R') && (
        <div className="status-tokens">
          <StatusTokens />
        </div>
      )}
    </div>
  )
}

function OneStatus({ tenantId, chooser }: { tenantId: string; chooser: React.ReactNode }) {
  const t = useText(statusText)
  const lang = useLanguage()
  const query = useQuery({ ...ask('status.page', { tenantId }), refetchInterval: EVERY_MILLISECONDS })
  return (
    <>
      <PageTitle
        title={query.data ? statusSentence(t, query.data) : t('title')}
        sentence={query.data && t('asOf', { at: listTime(query.data.at, lang) })}
        acts={chooser}
      />
      <Loaded query={query} rows={6}>
        {(page) => <StatusBoard page={page} />}
      </Loaded>
    </>
  )
}
