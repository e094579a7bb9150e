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
              ]}
            />
            <div>
              <b>{t('selfHeartbeat')}</b>{' '}
              {heartbeat.host === null ? (
                <Status state="risk">{t('selfNoHeartbeat')}</Status>
              ) : (
                t('selfHeartbeatTo', { host: heartbeat.host, at: when(heartbeat.at) })
              )}
            </div>
            <div>
              <b>{t('selfWatchdogs')}</b> {watchdogs.length === 0 && t('selfNoWatchdogs')}
              {watchdogs.map((one) => (
                <div key={one.title}>
                  <Status state={one.late ? 'breach' : 'kept'}>
                    {`${one.title} · ${one.late ? t('selfWatchdogLate') : when(one.at)}`}
                  </Status>
                </div>
              ))}
            </div>
          </div>
        )}
      </Loaded>
    </Sheet>
  )
}
