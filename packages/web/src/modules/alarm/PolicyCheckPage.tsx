import type { PolicyCheck, PolicyProbe, PolicySummary } from '@changbai/contract/policy-check.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { type Say, useLanguage, useText } from '../../shared/text.ts'
import { listTime, today } from '../../shared/time.ts'
import {
  Button,
  ClauseChip,
  EmptyState,
  Facts,
  Loaded,
  LongField,
  PageTitle,
  ProblemAlert,
  SelectField,
  Sheet,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import './alarm.css'
import { policyCheckText } from './policyCheckText.ts'

const MONTHS_BACK = 12
const monthsBack = (): string[] => {
  const [year = 0, month = 1] = today().split('-').map(Number)
  return Array.from({ length: MONTHS_BACK }, (_, back) => new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7))
}

/** The monthly check that policies are in force: drawn up from probes of what must be closed and of what must be open, judged by a person. @clause 5.2-5 */
export function PolicyCheckPage() {
  const t = useText(policyCheckText)
  const [month, setMonth] = useState('')
  const query = useQuery({ ...ask('policyCheck.read', month === '' ? {} : { month }), refetchInterval: 60_000 })
  const months = monthsBack()
  return (
    <div className="page">
      <PageTitle
        title={t('title')}
        mark={<ClauseChip id="5.2-5" />}
        sentence={query.data && sentenceOf(t, query.data)}
        acts={
          <SelectField
            label={t('month')}
            value={month || (months[0] as string)}
            onChange={(chosen) => setMonth(chosen === months[0] ? '' : chosen)}
            options={months.map((one) => [one, one] as const)}
          />
        }
      />
      <Loaded query={query} rows={6}>
        {({ summary, probes, items }) => (
          <div className="stack">
            {summary && <Now summary={summary} probes={probes} />}
            {summary && <Alarms summary={summary} />}
            <Signed items={items} canSign={summary !== null} />
          </div>
        )}
      </Loaded>
    </div>
  )
}

type Read = { month: string; summary: PolicySummary | null; items: readonly PolicyCheck[] }
function sentenceOf(t: Say<'pastSentence' | 'signedSentence' | 'openSentence'>, { month, summary, items }: Read): string {
  if (summary === null) return t('pastSentence', { month })
  const [first] = items
  return first ? t('signedSentence', { name: first.byName }) : t('openSentence')
}

function Now({ summary, probes }: { summary: PolicySummary; probes: readonly PolicyProbe[] }) {
  const t = useText(policyCheckText)
  const lang = useLanguage()
  const bad = summary.deviating.length
  return (
    <>
      <Sheet title={t('now')}>
        <div className="stack">
          <Status state={probes.length === 0 ? 'unknown' : bad > 0 ? 'breach' : 'kept'}>
            {probes.length === 0 ? t('noProbes') : bad > 0 ? t('deviating', { n: bad, count: bad }) : t('inForce')}
          </Status>
          <Facts
            items={[
              [t('closed'), t('probes', { n: summary.closed })],
              [t('opened'), t('probes', { n: summary.open })],
            ]}
          />
        </div>
      </Sheet>
      {probes.length > 0 && (
        <Sheet flush>
          <div className="grid-scroll">
            <table className="grid">
              <thead>
                <tr>
                  <th>{t('target')}</th>
                  <th>{t('policy')}</th>
                  <th>{t('kind')}</th>
                  <th>{t('result')}</th>
                  <th>{t('lastAt')}</th>
                </tr>
              </thead>
              <tbody>
                {probes.map((one) => (
                  <tr key={`${one.kind} ${one.target} ${one.policy}`}>
                    <td className="mono">{one.target}</td>
                    <td>{one.policy}</td>
                    <td>{t(one.kind)}</td>
                    <td>
                      <Status state={one.ok ? 'kept' : 'breach'}>{t(one.ok ? 'right' : one.kind === 'CLOSED' ? 'leaks' : 'blocks')}</Status>
                    </td>
                    <td>{listTime(one.at, lang)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Sheet>
      )}
    </>
  )
}

function Alarms({ summary }: { summary: PolicySummary }) {
  const t = useText(policyCheckText)
  const lang = useLanguage()
  return (
    <Sheet title={t('alarms')} flush>
      {summary.alarms.length === 0 ? (
        <EmptyState title={t('noAlarms')} />
      ) : (
        <ul className="list">
          {summary.alarms.map((one) => (
            <li key={one.id} className="row wrap apart">
              <a href={`/duty/alarms/${one.id}`}>
                {one.objectName} · {lang === 'en-US' ? one.title.en : one.title.zh}
              </a>
              <span className="num">
                {listTime(one.firedAt, lang)} – {one.closedAt ? listTime(one.closedAt, lang) : t('goesOn')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}

const outcomes = ['IN_FORCE', 'DEVIATIONS'] as const
function Signed({ items, canSign }: { items: readonly PolicyCheck[]; canSign: boolean }) {
  const t = useText(policyCheckText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>('IN_FORCE')
  const [finding, setFinding] = useState('')
  return (
    <Sheet title={t('signed')}>
      <div className="stack">
        {items.length === 0 && <p className="second">{t('noneSigned')}</p>}
        {items.map(({ id, byName, at, outcome: said, finding: note, summary }) => (
          <div key={id}>
            <Status state={said === 'IN_FORCE' ? 'kept' : 'risk'}>{`${byName} ${listTime(at, lang)} · ${t(said)}`}</Status> {note}
            <div className="note">
              {t('asSigned', {
                closed: summary.closed,
                open: summary.open,
                bad: summary.deviating.length,
                alarms: summary.alarms.length,
              })}
            </div>
          </div>
        ))}
        {canSign && may('policy.check:X') && (
          <>
            <SelectField
              label={t('outcome')}
              value={outcome}
              onChange={(chosen) => setOutcome(chosen as typeof outcome)}
              options={outcomes.map((one) => [one, t(one)] as const)}
            />
            <LongField label={t('finding')} optional={outcome === 'IN_FORCE'} value={finding} onChange={setFinding} />
            {act.error !== null && <ProblemAlert error={act.error} />}
            <div>
              <Button
                kind="primary"
                busy={act.busy}
                onClick={() =>
                  void act.run(async () => {
                    await call('policyCheck.sign', { outcome, finding })
                    setFinding('')
                  })
                }
              >
                {t('sign')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Sheet>
  )
}
