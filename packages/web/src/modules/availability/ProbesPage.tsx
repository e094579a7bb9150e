import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Dialog, EmptyState, Loaded, PageTitle, Sheet, type State, Status, useAct } from '../../shared/ui/index.ts'
import './availability.css'
import { availabilityText } from './availabilityText.ts'
import { NewKey, NewProbe } from './tokenActs.tsx'

type Held = 'PENDING' | 'ACTIVE' | 'REVOKED'
const glyphs: Record<Held, State> = { PENDING: 'running', ACTIVE: 'kept', REVOKED: 'none' }

/** Who looks at the applications, and whose programs may read the result. */
export function ProbesPage() {
  const t = useText(availabilityText)
  const lang = useLanguage()
  const may = useMay()
  const probes = useQuery({ ...ask('availability.probes', {}), refetchInterval: 30_000 })
  const keys = useQuery(ask('availability.keys', {}))
  const [adding, setAdding] = useState<'probe' | 'key' | null>(null)
  const [token, setToken] = useState<{ token: string; help: string } | null>(null)
  return (
    <div className="page">
      <PageTitle
        title={t('probes')}
        sentence={t('probesSentence')}
        acts={
          may('source.token:C') && (
            <>
              <Button onClick={() => setAdding('key')}>{t('newKey')}</Button>
              <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setAdding('probe')}>
                {t('newProbe')}
              </Button>
            </>
          )
        }
      />
      <div className="stack">
        <Sheet flush title={t('probesHere')}>
          <Loaded query={probes} rows={3}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={t('noProbes')}>{t('probesSentence')}</EmptyState>
              ) : (
                <ul className="list">
                  {items.map((probe) => (
                    <li key={probe.id} className="row wrap apart">
                      <span>
                        <b>{probe.name}</b> <span className="second">{probe.place}</span>
                        <div className="note">
                          {probe.networks.join(' ')}{' '}
                          {probe.lastSeenAt ? t('lastSeen', { at: listTime(probe.lastSeenAt, lang) }) : t('neverSeen')}
                          {probe.lastAddress && ` · ${probe.lastAddress}`}
                        </div>
                      </span>
                      <span className="row wrap">
                        {probe.abstaining && <Status state="unknown">{t('abstaining')}</Status>}
                        <Holding
                          state={probe.state}
                          decide={(approve) => call('availability.decideProbe', { probeId: probe.id, approve })}
                        />
                      </span>
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Sheet>
        <Sheet flush title={t('keys')}>
          <Loaded query={keys} rows={2}>
            {({ items }) =>
              items.length === 0 ? (
                <p className="second sheet-line">{t('noKeys')}</p>
              ) : (
                <ul className="list">
                  {items.map((key) => (
                    <li key={key.id} className="row wrap apart">
                      <span>
                        <b>{key.name}</b> <span className="second">{t(key.party)}</span>
                        <div className="note">
                          {key.networks.join(' ')} {key.callsPerMinute}/min{' '}
                          {key.lastUsedAt && t('lastUsed', { at: listTime(key.lastUsedAt, lang) })}
                        </div>
                      </span>
                      <Holding state={key.state} decide={(approve) => call('availability.decideKey', { keyId: key.id, approve })} />
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Sheet>
      </div>
      {adding === 'probe' && (
        <NewProbe onClose={() => setAdding(null)} onToken={(made) => setToken({ token: made, help: t('tokenHelp') })} />
      )}
      {adding === 'key' && <NewKey onClose={() => setAdding(null)} onToken={(made) => setToken({ token: made, help: t('keyHelp') })} />}
      {token && (
        <Dialog title={t('token')} onClose={() => setToken(null)} foot={<Button onClick={() => setToken(null)}>OK</Button>}>
          <p className="mono token-box">{token.token}</p>
          <p className="note">{token.help}</p>
        </Dialog>
      )}
    </div>
  )
}

function Holding({ state, decide }: { state: Held; decide: (approve: boolean) => Promise<unknown> }) {
  const t = useText(availabilityText)
  const may = useMay()
  const act = useAct()
  return (
    <span className="row">
      <Status state={glyphs[state]}>{t(state === 'PENDING' ? 'waitsApproval' : state)}</Status>
      {may('source.token:A') && state !== 'ACTIVE' && (
        <Button size="small" busy={act.busy} onClick={() => void act.run(() => decide(true))}>
          {t('approve')}
        </Button>
      )}
      {may('source.token:A') && state !== 'REVOKED' && (
        <Button size="small" busy={act.busy} onClick={() => void act.run(() => decide(false))}>
          {t('revoke')}
        </Button>
      )}
    </span>
  )
}
