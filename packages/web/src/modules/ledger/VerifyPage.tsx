import { useQuery } from '@tanstack/react-query'
import { Download, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { Received } from '../../shared/api.ts'
import { ask, call, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { addDays, count, fromWall, listTime, recordTime, today } from '../../shared/time.ts'
import { Button, Evidence, Loaded, MinuteField, PageTitle, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { ledgerText } from './ledgerText.ts'

type Verdict = Pick<Received<'ledger.verify'>, 'ok' | 'facts' | 'batches' | 'findings'> & { done: boolean }

export function VerifyPage() {
  const t = useText(ledgerText)
  const lang = useLanguage()
  const may = useMay()
  const verifying = useAct()
  const exporting = useAct()
  const status = useQuery(ask('ledger.status', {}))
  const batches = useQuery(ask('ledger.batches', { limit: 20 }))
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const [from, setFrom] = useState(`${addDays(today(), -30)}T00:00`)
  const [until, setUntil] = useState('')
  const recompute = () =>
    verifying.run(async () => {
      let sum: Verdict = { ok: true, facts: 0, batches: 0, findings: [], done: false }
      let firstBatch: number | null = 1
      while (firstBatch !== null) {
        const part: Received<'ledger.verify'> = await call('ledger.verify', { firstBatch })
        sum = {
          ok: sum.ok && part.ok,
          facts: sum.facts + part.facts,
          batches: sum.batches + part.batches,
          findings: [...sum.findings, ...part.findings],
          done: part.nextBatch === null,
        }
        setVerdict(sum)
        firstBatch = part.nextBatch
      }
    })
  return (
    <div className="page">
      <PageTitle
        title={t('verifyTitle')}
        sentence={
          status.data &&
          (status.data.last ? t('verifySentence', { no: status.data.last.no, unsealed: status.data.unsealed }) : t('notSealed'))
        }
        acts={
          may('audit.log.verify:X') && (
            <Button
              kind="primary"
              busy={verifying.busy}
              icon={<ShieldCheck size={16} strokeWidth={1.6} />}
              onClick={() => void recompute()}
            >
              {t('verify')}
            </Button>
          )
        }
      />
      <div className="stack">
        <ProblemAlert error={verifying.error} />
        {verdict && (
          <Sheet>
            <div role="status">
              {!verdict.done ? (
                <Status state="running">{t('verifying', { facts: count(verdict.facts), batches: count(verdict.batches) })}</Status>
              ) : verdict.ok ? (
                <Status state="kept">{t('same', { facts: count(verdict.facts), batches: count(verdict.batches) })}</Status>
              ) : (
                <Status state="breach">{t('differs', { count: verdict.findings.length })}</Status>
              )}
            </div>
            <ul>
              {verdict.findings.slice(0, 50).map((finding) => (
                <li key={`${finding.code}${finding.batch}${finding.position}`} className="second">
                  <span className="mono">{finding.code}</span> {pick(finding, lang)}
                </li>
              ))}
            </ul>
          </Sheet>
        )}
        <div className="split">
          <Sheet flush title={t('batches')}>
            <Loaded query={batches}>
              {(page) => (
                <div className="grid-scroll">
                  <table className="grid">
                    <thead>
                      <tr>
                        <th className="num">{t('batch')}</th>
                        <th>{t('positions')}</th>
                        <th>{t('sealedAt')}</th>
                        <th>{t('head')}</th>
                        <th>{t('key')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {page.items.map((batch) => (
                        <tr key={batch.no}>
                          <td className="num">{batch.no}</td>
                          <td>
                            {count(batch.firstPosition)}–{count(batch.lastPosition)}
                          </td>
                          <td className="nowrap">{recordTime(batch.sealedAt)}</td>
                          <td>
                            <Evidence digest={batch.head} />
                          </td>
                          <td className="mono">{batch.keyId}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
            </Loaded>
          </Sheet>
          <div className="stack">
            {may('audit.log.export:X') && (
              <Sheet title={t('exportTitle')}>
                <div className="stack">
                  <p className="second">{t('exportHelp')}</p>
                  <MinuteField label={t('from')} value={from} onChange={setFrom} />
                  <MinuteField label={t('until')} optional value={until} onChange={setUntil} />
                  <ProblemAlert error={exporting.error} />
                  <div>
                    <Button
                      busy={exporting.busy}
                      icon={<Download size={16} strokeWidth={1.6} />}
                      onClick={() =>
                        void exporting.run(() =>
                          download('ledger.exportLedger', {
                            ...(from && { from: fromWall(from) }),
                            ...(until && { until: fromWall(until) }),
                          }),
                        )
                      }
                    >
                      {t('export')}
                    </Button>
                  </div>
                </div>
              </Sheet>
            )}
            <Sheet flush title={t('keys')}>
              <Loaded query={status} rows={2}>
                {(shown) => (
                  <ul className="list">
                    {shown.keys.map((key) => (
                      <li key={key.keyId}>
                        <b className="mono">{key.keyId}</b> <span className="second">{key.algorithm}</span>
                        <div>
                          <Evidence digest={key.publicKey.replace(/-----[^-]+-----|\s/g, '')} />
                        </div>
                        <div className="note">{t('firstUsed', { at: listTime(key.firstUsedAt, lang) })}</div>
                      </li>
                    ))}
                  </ul>
                )}
              </Loaded>
            </Sheet>
          </div>
        </div>
      </div>
    </div>
  )
}
