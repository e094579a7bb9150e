import type { ProviderRow } from '@changbai/contract/single-sign-on.ts'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
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
import { accessText } from './accessText.ts'
import { CopyText } from './CopyText.tsx'

const states: Record<ProviderRow['status'], State> = { PROPOSED: 'todo', IN_FORCE: 'kept', REJECTED: 'none', REPLACED: 'none' }
const CALLBACK = '/api/session/single-sign-on/callback'

function ProposeProvider({ onClose }: { onClose: () => void }) {
  const t = useText(accessText)
  const refresh = useAct()
  const [values, setValues] = useState<Record<string, string>>({ claim: 'preferred_username' })
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const v = (name: string): string => (values[name] ?? '').trim()
  const field = (name: string) => ({
    label: t(name as 'label'),
    value: values[name] ?? '',
    onChange: (value: string) => setValues({ ...values, [name]: value }),
    error: problem?.errors.find((one) => one.path === name)?.message,
  })
  const send = async () => {
    try {
      await call('singleSignOn.propose', {
        label: v('label'),
        issuer: v('issuer'),
        clientId: v('clientId'),
        clientSecret: v('clientSecret'),
        claim: v('claim'),
        requiredMethod: v('requiredMethod') || null,
      })
    } catch (failure) {
      if (failure instanceof ProblemError) setProblem(failure)
      throw failure
    }
    await refresh.run(async () => {})
  }
  return (
    <DecisionDialog title={t('singleSignOn')} verb={t('propose')} act={send} onClose={onClose}>
      <div className="fields">
        <TextField {...field('label')} maxLength={40} />
        <TextField {...field('issuer')} full help={t('issuerHelp')} inputMode="url" />
        <TextField {...field('clientId')} autoComplete="off" />
        <TextField {...field('clientSecret')} type="password" autoComplete="new-password" />
        <TextField {...field('claim')} help={t('claimHelp')} />
        <TextField {...field('requiredMethod')} optional help={t('requiredMethodHelp')} />
      </div>
    </DecisionDialog>
  )
}

export function SingleSignOnPage() {
  const t = useText(accessText)
  const lang = useLanguage()
  const may = useMay()
  const me = useSession()
  const act = useAct()
  const [adding, setAdding] = useState(false)
  const [deciding, setDeciding] = useState<{ row: ProviderRow; approve: boolean } | null>(null)
  // a provider just proposed is being reached by a job
  const query = useQuery({
    ...ask('singleSignOn.providers', {}),
    refetchInterval: ({ state }) => (state.data?.items.some((row) => !row.discoveredAt && !row.discoveryError) ? 2_000 : false),
  })
  return (
    <div className="page">
      <PageTitle
        title={t('singleSignOn')}
        sentence={t('ssoSentence')}
        acts={
          may('settings.oidc:C') && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setAdding(true)}>
              {t('propose')}
            </Button>
          )
        }
      />
      <div className="stack">
        <ProblemAlert error={act.error} />
        <Sheet flush>
          <Loaded query={query}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={t('ssoNone')}>{t('ssoNoneHelp')}</EmptyState>
              ) : (
                <ul className="list">
                  {items.map((row) => (
                    <li key={row.id} className="row wrap apart">
                      <div className="grow-line">
                        <b>{row.label}</b>
                        <div className="second mono break">{row.issuer}</div>
                        <div className="second">
                          {t('clientId')} <span className="mono">{row.clientId}</span> · {t('claim')}{' '}
                          <span className="mono">{row.claim}</span>
                          {row.requiredMethod && ` · amr ${row.requiredMethod}`}
                        </div>
                        <div className="note">
                          {t('proposed', { by: row.proposedBy, at: listTime(row.proposedAt, lang) })}
                          {row.decidedBy && row.decidedAt && ` · ${t('decided', { by: row.decidedBy, at: listTime(row.decidedAt, lang) })}`}
                        </div>
                        <Status state={row.discoveryError ? 'breach' : row.discoveredAt ? 'kept' : 'unknown'}>
                          {row.discoveryError
                            ? t('notReached', { error: row.discoveryError })
                            : row.discoveredAt
                              ? t('reached', { at: listTime(row.discoveredAt, lang) })
                              : t('notTried')}
                        </Status>
                      </div>
                      <span className="row wrap">
                        <Status state={states[row.status]}>{t(row.status)}</Status>
                        {(row.status === 'PROPOSED' || row.status === 'IN_FORCE') && may('settings.oidc:C', 'settings.oidc:A') && (
                          <Button
                            size="small"
                            busy={act.busy}
                            onClick={() => void act.run(() => call('singleSignOn.check', { providerId: row.id }))}
                          >
                            {t('check')}
                          </Button>
                        )}
                        {row.status === 'PROPOSED' && may('settings.oidc:A') && row.proposedBy !== me?.person.name && (
                          <>
                            <Button size="small" onClick={() => setDeciding({ row, approve: true })}>
                              {t('approve')}
                            </Button>
                            <Button size="small" onClick={() => setDeciding({ row, approve: false })}>
                              {t('reject')}
                            </Button>
                          </>
                        )}
                      </span>
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
          <div className="sheet-line row wrap">
            <span className="second">{t('callback')}</span>
            <CopyText text={`${location.origin}${CALLBACK}`} />
          </div>
        </Sheet>
      </div>
      {adding && <ProposeProvider onClose={() => setAdding(false)} />}
      {deciding && (
        <DecisionDialog
          danger={!deciding.approve}
          title={t(deciding.approve ? 'approveTitle' : 'rejectTitle', { label: deciding.row.label })}
          verb={t(deciding.approve ? 'approve' : 'reject')}
          act={() =>
            call('singleSignOn.decide', { providerId: deciding.row.id, approve: deciding.approve }).then(() => act.run(async () => {}))
          }
          onClose={() => setDeciding(null)}
        >
          {deciding.approve && <p>{t('approveNote')}</p>}
        </DecisionDialog>
      )}
    </div>
  )
}
