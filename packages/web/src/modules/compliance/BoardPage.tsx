import type { ClauseOnBoard } from '@changbai/contract/compliance.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Download, Lock } from 'lucide-react'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, today } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  Loaded,
  PageTitle,
  ProblemAlert,
  RedLine,
  Segments,
  Sheet,
  Status,
  StatusGlyph,
  useAct,
} from '../../shared/ui/index.ts'
import { ClausePanel, PANEL_ID } from './ClausePanel.tsx'
import { ClauseTile, useFigureWords } from './ClauseTile.tsx'
import './compliance.css'
import { complianceText } from './complianceText.ts'
import { MonthStrip } from './MonthStrip.tsx'
import { exceptionsOf, glyphOf, isException } from './states.ts'

const LEGEND = ['COMPLIANT', 'AT_RISK', 'BREACHED', 'NO_DATA', 'NOT_TRIGGERED', 'WAIVED'] as const
type Search = { month?: string; clause?: string }

/** Is the plan kept? Each clause as a tile; the exceptions stand out, the chosen one is explained beside it. */
export function BoardPage() {
  const t = useText(complianceText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const navigate = useNavigate()
  const { month = today().slice(0, 7), clause: chosen } = useSearch({ strict: false }) as Search
  const query = useQuery(ask('compliance.board', { month }))
  const [only, setOnly] = useState<'all' | 'exceptions'>('all')
  const [freezing, setFreezing] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const go = (search: Search) => void navigate({ to: '/proof/board', search } as never)
  const [year = '', number = ''] = month.split('-')
  const monthWords = t('monthOf', { year, month: lang === 'zh-CN' ? String(Number(number)) : number })

  return (
    <div className="page">
      <Loaded query={query} rows={10}>
        {(data) => {
          const shown = data.clauses.filter((one) => only === 'all' || isException(one.figure.state))
          const exceptions = exceptionsOf(data.clauses)
          const first = exceptions[0] ?? data.clauses[0]
          const current = data.clauses.find((one) => one.id === chosen) ?? first
          const { counts } = data.board
          const crossed = data.clauses.filter((one) => one.redLine && one.figure.state === 'BREACHED').length
          const sentence = [
            t('asOf', { at: listTime(data.asOf, lang) }),
            crossed > 0 && t('redCrossed', { count: crossed }),
            counts.AT_RISK > 0 && t('atRisk', { count: counts.AT_RISK }),
            counts.NO_DATA > 0 && t('noDataCounts'),
            data.scope === 'OWN' && t('own'),
          ].filter(Boolean)
          return (
            <>
              <PageTitle
                title={titleOf(t, monthWords, counts.BREACHED, counts.NO_DATA)}
                sentence={sentence.join(lang === 'zh-CN' ? '' : ' ')}
                acts={
                  <>
                    {may('compliance.freeze:X') && !data.freeze && month < today().slice(0, 7) && (
                      <Button onClick={() => setFreezing(true)}>
                        <Lock size={16} strokeWidth={1.6} /> {t('freeze')}
                      </Button>
                    )}
                    {may('compliance.board.view:R') && (
                      <>
                        <Button onClick={() => void download('compliance.print', { month }).catch(setError)}>{t('printWord')}</Button>
                        <Button onClick={() => void download('compliance.print', { month, format: 'pdf' }).catch(setError)}>
                          {t('printPdf')}
                        </Button>
                      </>
                    )}
                    {may('compliance.board.view:R') && (
                      <Button onClick={() => void download('compliance.export', { month }).catch(setError)}>
                        <Download size={16} strokeWidth={1.6} /> {t('exportVerify')}
                      </Button>
                    )}
                  </>
                }
              />
              <ProblemAlert error={error} />
              <MonthStrip
                month={month}
                light={data.board.light}
                onChoose={(next) => go({ month: next, ...(chosen && { clause: chosen }) })}
              />
              {data.freeze && (
                <p className="note">
                  <Lock size={12} />{' '}
                  {t('frozenLine', {
                    by: data.freeze.byName,
                    at: listTime(data.freeze.frozenAt, lang),
                    digest: data.freeze.digest.value.slice(0, 12),
                  })}
                </p>
              )}
              <div className="board">
                <Sheet>
                  <div className="row wrap apart board-legend">
                    <span className="row wrap">
                      {LEGEND.map((state) => (
                        <Status key={state} state={glyphOf[state]} quiet={counts[state] === 0}>
                          {t(state)} <b>{counts[state]}</b>
                        </Status>
                      ))}
                      <span className="row">
                        <RedLine label={t('redLine')} /> {t('redLine')}
                      </span>
                    </span>
                    <Segments
                      label={t('onlyExceptions')}
                      value={only}
                      onChange={setOnly}
                      options={[
                        ['all', t('all', { n: data.clauses.length })],
                        ['exceptions', t('onlyExceptions')],
                      ]}
                    />
                  </div>
                  {shown.length === 0 && <p className="second sheet-line">{t('noExceptions')}</p>}
                  {data.chapters.map(({ chapter, title }) => {
                    const own = shown.filter((one) => one.chapter === chapter)
                    return (
                      own.length > 0 && (
                        <section key={chapter} className="board-chapter" aria-label={pick(title, lang)}>
                          <h2 className="second">
                            <span className="mono">{chapter}</span> {pick(title, lang)}
                          </h2>
                          <div className="tiles">
                            {own.map((clause) => (
                              <ClauseTile
                                key={clause.id}
                                clause={clause}
                                chosen={clause.id === current?.id}
                                onChoose={() => go({ month, clause: clause.id })}
                              />
                            ))}
                          </div>
                        </section>
                      )
                    )
                  })}
                  <Important
                    clauses={exceptions}
                    onChoose={(id) => {
                      go({ month, clause: id })
                      document.getElementById(PANEL_ID)?.scrollIntoView({ behavior: 'smooth' })
                    }}
                  />
                </Sheet>
                {current && (
                  <ClausePanel
                    key={`${current.id} ${month}`}
                    clause={current}
                    month={month}
                    isFrozen={data.freeze !== null}
                    neighbours={neighboursOf(data.clauses, current.id)}
                    onChoose={(id) => go({ month, clause: id })}
                  />
                )}
              </div>
              {freezing && (
                <DecisionDialog
                  title={t('freezeTitle', { month: monthWords })}
                  verb={t('freeze')}
                  act={async () => {
                    await act.runOrThrow(() => call('compliance.freeze', { month }))
                  }}
                  onClose={() => setFreezing(false)}
                >
                  <p>{t('freezeNote')}</p>
                </DecisionDialog>
              )}
            </>
          )
        }}
      </Loaded>
    </div>
  )
}

function titleOf(t: ReturnType<typeof useText<never>>, month: string, breached: number, noData: number): string {
  const say = t as (key: string, values: object) => string
  if (breached > 0 && noData > 0) return say('exceptions', { month, breached, noData })
  if (breached > 0) return say('breachedOnly', { month, count: breached })
  return noData > 0 ? say('noDataOnly', { month, count: noData }) : say('allKept', { month })
}

const neighboursOf = (clauses: readonly ClauseOnBoard[], id: string) => {
  const at = clauses.findIndex((one) => one.id === id)
  return { previous: clauses[at - 1]?.id ?? null, next: clauses[at + 1]?.id ?? null }
}

/** On a phone the tiles are only a map; what matters is a list. */
function Important({ clauses, onChoose }: { clauses: readonly ClauseOnBoard[]; onChoose: (id: string) => void }) {
  const t = useText(complianceText)
  const lang = useLanguage()
  const words = useFigureWords()
  if (clauses.length === 0) return null
  return (
    <section className="board-important">
      <h2>{t('important', { count: clauses.length })}</h2>
      <ul className="list">
        {clauses.map((clause) => (
          <li key={clause.id}>
            <button type="button" className="board-line" onClick={() => onChoose(clause.id)}>
              <StatusGlyph state={glyphOf[clause.figure.state]} label={t(clause.figure.state)} />
              <span className="grow">
                {pick(clause.title, lang)}
                <span className="note row">
                  <span className="mono">{clause.id}</span> {clause.redLine && <RedLine label={t('redLine')} />}
                </span>
              </span>
              <span className="nowrap">{words(clause)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
