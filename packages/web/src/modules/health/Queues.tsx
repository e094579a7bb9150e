import { useQuery } from '@tanstack/react-query'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime, span } from '../../shared/time.ts'
import { Button, EmptyState, Loaded, ProblemAlert, Sheet, useAct } from '../../shared/ui/index.ts'
import { healthText } from './healthText.ts'

/** Background work: what waits, and what was given up. */
export function Queues() {
  const t = useText(healthText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const query = useQuery({ ...ask('health.queues', {}), refetchInterval: 30_000 })
  return (
    <Loaded query={query} rows={4}>
      {({ queues, failed }) => (
        <>
          <Sheet flush title={t('queues')}>
            <p className="note sheet-note">{t('queuesSentence')}</p>
            {queues.length === 0 ? (
              <EmptyState title={t('noQueues')} />
            ) : (
              <div className="grid-scroll">
                <table className="grid">
                  <thead>
                    <tr>
                      <th>{t('queue')}</th>
                      <th className="num">{t('waiting')}</th>
                      <th className="num">{t('oldest')}</th>
                      <th className="num">{t('active')}</th>
                      <th className="num">{t('later')}</th>
                      <th className="num">{t('failed')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {queues.map((one) => (
                      <tr key={one.queue}>
                        <td className="mono">{one.queue}</td>
                        <td className="num">{count(one.waiting)}</td>
                        <td className="num">{one.oldestWaitSeconds === null ? '—' : span(one.oldestWaitSeconds * 1000, lang)}</td>
                        <td className="num">{count(one.active)}</td>
                        <td className="num">{count(one.later)}</td>
                        <td className="num">{count(one.failed)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Sheet>
          <Sheet flush title={t('failedJobs')}>
            {act.error ? <ProblemAlert error={act.error} /> : null}
            {failed.length === 0 ? (
              <EmptyState title={t('noFailed')} />
            ) : (
              <div className="grid-scroll">
                <table className="grid">
                  <thead>
                    <tr>
                      <th>{t('queue')}</th>
                      <th>{t('reason')}</th>
                      <th className="num">{t('tries')}</th>
                      <th>{t('failedAt')}</th>
                      <th />
                    </tr>
                  </thead>
                  <tbody>
                    {failed.map((job) => (
                      <tr key={job.id}>
                        <td className="mono">{job.queue}</td>
                        <td className="health-found">{job.reason}</td>
                        <td className="num">{job.tries}</td>
                        <td>{job.failedAt && listTime(job.failedAt, lang)}</td>
                        <td>
                          {may('ops.health:X') && (
                            <Button
                              size="small"
                              busy={act.busy}
                              onClick={() => void act.run(() => call('health.retryJob', { queue: job.queue, jobId: job.id }))}
                            >
                              {t('retry')}
                            </Button>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Sheet>
        </>
      )}
    </Loaded>
  )
}
