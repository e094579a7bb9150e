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
  PageTitle,
  ProblemAlert,
  Sheet,
  type State,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { alarmText } from './alarmText.ts'

const glyphs: Record<'PENDING' | 'ACTIVE' | 'REVOKED', State> = { PENDING: 'running', ACTIVE: 'kept', REVOKED: 'none' }

/** Who may see the wall without signing in as a person. */
export function ScreensPage() {
  const t = useText(alarmText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const query = useQuery({ ...ask('alarm.screens', {}), refetchInterval: 30_000 })
  const [adding, setAdding] = useState(false)
  const [name, setName] = useState('')
  const [token, setToken] = useState<string | null>(null)
  const decide = (screenId: string, approve: boolean) => () => void act.run(() => call('alarm.decideScreen', { screenId, approve }))
  return (
    <div className="page">
      <PageTitle
        title={t('screens')}
        sentence={t('screensSentence', { address: `${window.location.origin}/wall` })}
        acts={
          may('source.token:C') && (
            <Button kind="primary" onClick={() => setAdding(true)}>
              {t('newScreen')}
            </Button>
          )
        }
      />
      <ProblemAlert error={act.error} />
      <Sheet flush>
        <Loaded query={query} rows={2}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t('noScreens')} />
            ) : (
              <ul className="list">
                {items.map((screen) => (
                  <li key={screen.id} className="row wrap apart">
                    <span>
                      <b>{screen.name}</b>
                      <div className="note">
                        {screen.lastSeenAt ? t('lastSeen', { at: listTime(screen.lastSeenAt, lang) }) : t('neverSeen')} {screen.lastAddress}
                      </div>
                    </span>
                    <span className="row">
                      <Status state={glyphs[screen.state]}>{t(screen.state === 'PENDING' ? 'waitsApproval' : screen.state)}</Status>
                      {may('source.token:A') && screen.state !== 'ACTIVE' && (
                        <Button size="small" busy={act.busy} onClick={decide(screen.id, true)}>
                          {t('approve')}
                        </Button>
                      )}
                      {may('source.token:A') && screen.state !== 'REVOKED' && (
                        <Button size="small" busy={act.busy} onClick={decide(screen.id, false)}>
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
      </Sheet>
      {adding && (
        <DecisionDialog
          title={t('newScreen')}
          verb={t('newScreen')}
          ready={name.trim().length > 1}
          act={async () => setToken((await act.runOrThrow(() => call('alarm.createScreen', { name }))).token)}
          onClose={() => setAdding(false)}
        >
          <TextField label={t('name')} value={name} onChange={setName} maxLength={80} />
        </DecisionDialog>
      )}
      {token && (
        <Dialog title={t('token')} onClose={() => setToken(null)} foot={<Button onClick={() => setToken(null)}>OK</Button>}>
          <p className="mono alarm-labels">{token}</p>
        </Dialog>
      )}
    </div>
  )
}
