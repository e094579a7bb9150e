import type { LogSummary } from '@changbai/contract/log.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime, today } from '../../shared/time.ts'
import {
  Button,
  DayField,
  EmptyState,
  Facts,
  Loaded,
  LongField,
  PageTitle,
  ProblemAlert,
  Sheet,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import './log.css'
import { logText } from './logText.ts'

const SEVERITIES = ['s-0', 's-1', 's-2', 's-3', 's-4', 's-5', 's-6', 's-7'] as const

/** The daily reading of the logs: drawn up here, judged and signed by a person. @clause 5.2-4 */
export function LogReviewPage() {
  const t = useText(logText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [day, setDay] = useState(today())
  const [finding, setFinding] = useState('')
  const query = useQuery(ask('log.reviews', { day }))
  return (
    <div className="page">
      <PageTitle title={t('review')} sentence={t('reviewSentence')} />
      <div className="stack">
        <Sheet screenOnly>
          <div className="log-day">
            <DayField label={t('day')} value={day} onChange={(chosen) => setDay(chosen || today())} />
          </div>
        </Sheet>
        <Loaded query={query} rows={6}>
          {({ summary, items }) => (
            <>
              <Summary summary={summary} />
              <Sheet title={t('review')}>
                {items.length === 0 && <p className="second">{t('noReview')}</p>}
                {items.map((one) => (
                  <p key={one.id}>
                    <Status state="kept">{t('signed', { name: one.byName, at: listTime(one.at, lang) })}</Status> {one.finding}
                  </p>
                ))}
                {may('log.review:X') && (
                  <div className="stack">
                    <LongField label={t('finding')} optional value={finding} onChange={setFinding} />
                    {act.error !== null && <ProblemAlert error={act.error} />}
                    <Button
                      kind="primary"
                      busy={act.busy}
                      onClick={() =>
                        void act.run(async () => {
                          await call('log.signReview', { day, finding })
                          setFinding('')
                        })
                      }
                    >
                      {t('sign')}
                    </Button>
                  </div>
                )}
              </Sheet>
            </>
          )}
        </Loaded>
      </div>
    </div>
  )
}

function Summary({ summary }: { summary: LogSummary }) {
  const t = useText(logText)
  return (
    <>
      <Sheet>
        <Facts
          items={[
            [t('lines'), count(summary.lines)],
            [t('devices'), count(summary.devices)],
            ...SEVERITIES.map((word, severity) => [t(word), count(summary.bySeverity[severity] ?? 0)] as const),
            summary.quiet.length > 0 && [t('quiet'), summary.quiet.join('、')],
          ]}
        />
      </Sheet>
      <Sheet flush title={t('worst')}>
        {summary.worst.length === 0 ? (
          <EmptyState title={t('noWorst')} />
        ) : (
          <div className="grid-scroll">
            <table className="grid log-grid">
              <thead>
                <tr>
                  <th className="num">{t('count')}</th>
                  <th>{t('severity')}</th>
                  <th>{t('device')}</th>
                  <th>{t('text')}</th>
                </tr>
              </thead>
              <tbody>
                {summary.worst.map((one) => (
                  <tr key={`${one.device} ${one.severity} ${one.text}`}>
                    <td className="num">{count(one.count)}</td>
                    <td>
                      <Status state="breach">{t(SEVERITIES[one.severity] ?? 's-7')}</Status>
                    </td>
                    <td>{one.device}</td>
                    <td className="mono log-text">{one.text}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Sheet>
    </>
  )
}
