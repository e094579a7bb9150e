import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  ButtonLink,
  DecisionDialog,
  EmptyState,
  Facts,
  Loaded,
  PageTitle,
  PersonField,
  Sheet,
  Status,
  StatusGlyph,
  useAct,
} from '../../shared/ui/index.ts'
import { accessText } from './accessText.ts'

/** A leaver goes in one step: first what it would move, then whom to, then it is done. */
export function HandOverPage() {
  const t = useText(accessText)
  const lang = useLanguage()
  const refresh = useAct()
  const { id: personId = '' } = useParams({ strict: false }) as { id?: string }
  const query = useQuery(ask('access.handOverPreview', { personId }))
  const [toPersonId, setTo] = useState('')
  const [tried, setTried] = useState(false)
  const [confirming, setConfirming] = useState(false)
  const [done, setDone] = useState<{ tasks: number; grants: number; delegations: number } | null>(null)
  const directory = useQuery({ ...ask('identity.directory', { q: '' }), enabled: confirming })
  const name = query.data?.personName ?? ''
  const successor = directory.data?.items.find((one) => one.personId === toPersonId)?.name ?? t('successor')
  if (done)
    return (
      <div className="page">
        <PageTitle title={t('handOverTitle', { name })} />
        <Sheet flush>
          <EmptyState title={t('handedOver')} act={<ButtonLink to="/settings/people">{t('toPeople')}</ButtonLink>}>
            {t('handedOverLine', done)}
          </EmptyState>
        </Sheet>
      </div>
    )
  return (
    <div className="page">
      <PageTitle title={name ? t('handOverTitle', { name }) : t('handOver')} sentence={t('handOverSentence')} />
      <Loaded query={query}>
        {(plan) => (
          <div className="split">
            <Sheet title={t('handOverWhat')}>
              <Facts
                items={[
                  [t('tasksOpen'), plan.tasks > 0 ? t('tasksOpenCount', { count: plan.tasks }) : t('tasksNone')],
                  [
                    t('grantsEnd'),
                    plan.grants.length === 0
                      ? t('grantsNone')
                      : plan.grants.map((grant) => (
                          <div key={`${grant.role}${grant.tenantName}${grant.proposed}`}>
                            {roleName(grant.role, lang)}
                            <span className="ink2"> · {grant.tenantName ?? t('everywhere')}</span>
                            {grant.proposed && <span className="note"> {t('proposedMark')}</span>}
                          </div>
                        )),
                  ],
                  [
                    t('delegationsEnd'),
                    plan.delegations.length === 0
                      ? t('delegationsNone')
                      : plan.delegations.map((one) => (
                          <div key={`${one.role}${one.fromName}${one.toName}${one.untilAt}`}>
                            {t('delegationLine', {
                              role: roleName(one.role, lang),
                              from: one.fromName,
                              to: one.toName,
                              until: listTime(one.untilAt, lang),
                            })}
                          </div>
                        )),
                  ],
                ]}
              />
            </Sheet>
            <Sheet>
              {plan.lastOf ? (
                <p>
                  <StatusGlyph state="risk" /> {t('lastOf', { role: roleName(plan.lastOf, lang) })}
                </p>
              ) : (
                <div className="stack">
                  {!plan.active && <Status state="none">{t('alreadyDisabled')}</Status>}
                  <PersonField
                    label={t('successor')}
                    help={t('successorHelp')}
                    value={toPersonId}
                    onChange={setTo}
                    error={tried && !toPersonId ? t('needSuccessor') : undefined}
                  />
                  <div>
                    <Button
                      kind="danger"
                      onClick={() => {
                        setTried(true)
                        if (toPersonId) setConfirming(true)
                      }}
                    >
                      {t('goHandOver')}
                    </Button>
                  </div>
                </div>
              )}
            </Sheet>
          </div>
        )}
      </Loaded>
      {confirming && (
        <DecisionDialog
          danger
          title={t('handOverTitle', { name })}
          verb={t('goHandOver')}
          reason={{ label: t('reason') }}
          act={async (reason) => {
            const result = await call('access.handOver', { personId, toPersonId, reason })
            await refresh.run(async () => {})
            setDone(result)
          }}
          onClose={() => setConfirming(false)}
        >
          <p>{t('confirmHandOver', { name, tasks: query.data?.tasks ?? 0, to: successor })}</p>
        </DecisionDialog>
      )}
    </div>
  )
}
