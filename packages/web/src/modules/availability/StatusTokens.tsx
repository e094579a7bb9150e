import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  Dialog,
  EmptyState,
  Loaded,
  ProblemAlert,
  Sheet,
  type State,
  Status,
  TenantField,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { statusText } from './statusText.ts'

const glyphs: Record<'PENDING' | 'ACTIVE' | 'REVOKED', State> = { PENDING: 'running', ACTIVE: 'kept', REVOKED: 'none' }

/** Who may open a bureau's page without signing in: made by one person, approved by another, shown once. */
export function StatusTokens() {
  const t = useText(statusText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const query = useQuery(ask('status.tokens', {}))
  const [adding, setAdding] = useState(false)
  const [name, setName] = useState('')
  const [tenantId, setTenantId] = useState('')
  const [token, setToken] = useState<string | null>(null)
  const decide = (tokenId: string, approve: boolean) => () => void act.run(() => call('status.decideToken', { tokenId, approve }))
  return (
    <Sheet
      title={t('tokens')}
      note={t('tokensSentence', { address: `${window.location.origin}/status` })}
      acts={may('source.token:C') && <Button onClick={() => setAdding(true)}>{t('newToken')}</Button>}
      flush
    >
      <ProblemAlert error={act.error} />
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('noTokens')} />
          ) : (
            <ul className="list">
              {items.map((one) => (
                <li key={one.id} className="row wrap apart">
                  <span>
                    <b>{one.tenantName}</b> {one.name}
                    <div className="note">{one.lastUsedAt ? t('usedAt', { at: listTime(one.lastUsedAt, lang) }) : t('neverUsed')}</div>
                  </span>
                  <span className="row">
                    <Status state={glyphs[one.state]}>{t(one.state)}</Status>
                    {may('source.token:A') && one.state !== 'ACTIVE' && (
                      <Button size="small" busy={act.busy} onClick={decide(one.id, true)}>
                        {t('approve')}
                      </Button>
                    )}
                    {may('source.token:A') && one.state !== 'REVOKED' && (
                      <Button size="small" busy={act.busy} onClick={decide(one.id, false)}>
                        {t('revoke')}
                      </Button>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding && (
        <DecisionDialog
          title={t('newToken')}
          verb={t('newToken')}
          ready={name.trim() !== '' && tenantId !== ''}
          act={async () => setToken((await act.runOrThrow(() => call('status.createToken', { tenantId, name }))).token)}
          onClose={() => setAdding(false)}
        >
          <TenantField label={t('bureau')} value={tenantId} onChange={setTenantId} />
          <TextField label={t('name')} value={name} onChange={setName} maxLength={60} />
        </DecisionDialog>
      )}
      {token && (
        <Dialog title={t('shownOnce')} onClose={() => setToken(null)} foot={<Button onClick={() => setToken(null)}>{t('close')}</Button>}>
          <p className="mono wrap-anywhere">{token}</p>
        </Dialog>
      )}
    </Sheet>
  )
}
