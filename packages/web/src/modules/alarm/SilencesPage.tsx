import { useQuery } from '@tanstack/react-query'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, EmptyState, Loaded, PageTitle, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { alarmText } from './alarmText.ts'

export function SilencesPage() {
  const t = useText(alarmText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const query = useQuery({ ...ask('alarm.silences', {}), refetchInterval: 30_000 })
  return (
    <div className="page">
      <PageTitle title={t('silences')} sentence={t('silencesSentence')} />
      <ProblemAlert error={act.error} />
      <Sheet flush>
        <Loaded query={query} rows={3}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t('noSilences')}>{t('silenceHelp')}</EmptyState>
            ) : (
              <ul className="list">
                {items.map((one) => (
                  <li key={one.id} className="row wrap apart">
                    <span>
                      <b>{one.reason}</b>{' '}
                      <span className="second">{[one.ruleId, one.objectName, one.applicationName].filter(Boolean).join(' · ')}</span>
                      <div className="note">
                        {t('until', { from: listTime(one.startsAt, lang), to: listTime(one.endsAt, lang) })} · {one.createdByName}
                        {one.endedByName && ` → ${one.endedByName}`}
                      </div>
                    </span>
                    <span className="row">
                      <Status state={one.active ? 'running' : 'none'}>{t(one.active ? 'active' : 'ended')}</Status>
                      {one.active && may('alert.silence:C') && (
                        <Button
                          size="small"
                          busy={act.busy}
                          onClick={() => void act.run(() => call('alarm.endSilence', { silenceId: one.id }))}
                        >
                          {t('endNow')}
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
    </div>
  )
}
