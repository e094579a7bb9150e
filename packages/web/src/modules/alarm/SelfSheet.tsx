import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Facts, Loaded, Sheet, Status } from '../../shared/ui/index.ts'
import { alarmText } from './alarmText.ts'

/** Is the chain of alarms itself alive: what it last took in, judged and looked at, who outside hears of it, and whom it expects to hear. */
export function SelfSheet() {
  const t = useText(alarmText)
  const self = useQuery({ ...ask('alarm.self', {}), refetchInterval: 30_000 })
  const when = (at: string | null) => (at === null ? t('selfNever') : listTime(at))
  return (
    <Sheet title={t('selfTitle')}>
      <Loaded query={self} rows={3}>
        {({ findings, acceptedAt, judgedAt, watchedAt, heartbeat, watchdogs }) => (
          <div className="stack">
            <Status state={findings.length === 0 ? 'kept' : 'breach'}>
              {findings.length === 0 ? t('selfWell') : t('selfFindings', { n: findings.length })}
            </Status>
            <Facts
              items={[
                [t('selfAccepted'), when(acceptedAt)],
                [t('selfJudged'), when(judgedAt)],
                [t('selfWatched'), when(watchedAt)],
                [
                  t('selfHeartbeat'),
                  heartbeat.host === null ? (
                    <Status state="risk">{t('selfNoHeartbeat')}</Status>
                  ) : (
                    t('selfHeartbeatTo', { host: heartbeat.host, at: when(heartbeat.at) })
                  ),
                ],
                [
                  t('selfWatchdogs'),
                  watchdogs.length === 0 ? (
                    t('selfNoWatchdogs')
                  ) : (
                    <ul className="list">
                      {watchdogs.map((one) => (
                        <li key={one.title}>
                          {one.late ? (
                            <Status state="breach">{`${one.title} · ${t('selfWatchdogLate')}`}</Status>
                          ) : (
                            `${one.title} · ${when(one.at)}`
                          )}
                        </li>
                      ))}
                    </ul>
                  ),
                ],
              ]}
            />
          </div>
        )}
      </Loaded>
    </Sheet>
  )
}
