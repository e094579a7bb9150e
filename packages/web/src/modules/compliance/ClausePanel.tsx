import type { ClauseOnBoard, ObligationLine } from '@changbai/contract/compliance.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, span } from '../../shared/time.ts'
import { Button, DecisionDialog, Loaded, RedLine, Sheet, Status, StatusGlyph, Tabs, useAct } from '../../shared/ui/index.ts'
import { complianceText } from './complianceText.ts'
import { addressOf, glyphOf, glyphOfObligation, rateWords } from './states.ts'

const WAIVABLE = ['BREACHED', 'MISSING', 'AT_RISK']
/** Where a phone scrolls to when a clause is chosen. */
export const PANEL_ID = 'clause'
type Part = 'evidence' | 'formula' | 'history'

/** One clause of a month: what it came to, of what, how it is computed, and how it was before. */
export function ClausePanel({
  clause,
  month,
  isFrozen,
  neighbours,
  onChoose,
}: {
  clause: ClauseOnBoard
  month: string
  isFrozen: boolean
  neighbours: { previous: string | null; next: string | null }
  onChoose: (id: string) => void
}) {
  const t = useText(complianceText)
  const lang = useLanguage()
  const [part, setPart] = useState<Part>('evidence')
  const query = useQuery(ask('compliance.clause', { clauseId: clause.id, month }))
  const { figure } = clause
  const figures = [
    [t('met'), figure.met],
    [t('due'), figure.due - figure.waived],
    [t('rate'), rateWords(figure)],
    [t('open'), figure.open],
  ] as const
  const owed = clause.obligors.map((code) => (code === 'PROVIDER' ? '' : roleName(code, lang))).filter(Boolean)
  return (
    <Sheet id={PANEL_ID}>
      <div className="row apart">
        <span className="row wrap">
          <span className="clause">{clause.id}</span>
          <Status state={glyphOf[figure.state]}>{t(figure.state)}</Status>
          {clause.redLine && (
            <span className="chip">
              <RedLine label={t('redLine')} /> {t('redLine')}
            </span>
          )}
        </span>
        <span className="row">
          {neighbours.previous && (
            <button type="button" className="btn plain icon" aria-label={t('previous')} onClick={() => onChoose(neighbours.previous ?? '')}>
              <ChevronLeft size={18} strokeWidth={1.6} />
            </button>
          )}
          {neighbours.next && (
            <button type="button" className="btn plain icon" aria-label={t('next')} onClick={() => onChoose(neighbours.next ?? '')}>
              <ChevronRight size={18} strokeWidth={1.6} />
            </button>
          )}
        </span>
      </div>
      <h2 className="panel-title">{pick(clause.title, lang)}</h2>
      {owed.length > 0 && <p className="second">{owed.join('、')}</p>}
      <dl className="panel-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt className="note">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Remark clause={clause} />
      <Tabs
        label={pick(clause.title, lang)}
        value={part}
        onChange={setPart}
        options={[
          ['evidence', t('evidence', { n: query.data?.obligations.total ?? '' })],
          ['formula', t('formula')],
          ['history', t('history')],
        ]}
      />
      <Loaded query={query} rows={4}>
        {(detail) =>
          part === 'evidence' ? (
            <Obligations
              clause={clause}
              month={month}
              isFrozen={isFrozen}
              items={detail.obligations.items}
              total={detail.obligations.total ?? 0}
            />
          ) : part === 'formula' ? (
            <div className="stack tight">
              <p>{pick(detail.formula, lang)}</p>
              <p className="second">{pick(detail.evidence, lang)}</p>
              <p>
                <Link to="/plan/clauses/$clauseId" params={{ clauseId: clause.id } as never}>
                  {t('promise')} {clause.id}
                </Link>
              </p>
            </div>
          ) : (
            <ul className="list">
              {[...detail.history].reverse().map((one) => (
                <li key={one.month} className="row apart">
                  <span className="mono">{one.month}</span>
                  <Status state={glyphOf[one.figure.state]} quiet={one.figure.state === 'NOT_TRIGGERED'}>
                    {t(one.figure.state)}
                  </Status>
                  <span className="right">
                    {rateWords(one.figure)} {one.isFrozen && <span className="note">{t('frozen')}</span>}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Sheet>
  )
}

function Remark({ clause: { figure, frozen, withoutSource } }: { clause: ClauseOnBoard }) {
  const t = useText(complianceText)
  const words = withoutSource
    ? t('noSourceNote')
    : figure.state === 'NOT_TRIGGERED'
      ? t('noneDueNote')
      : figure.state === 'NO_DATA'
        ? t('missingNote')
        : null
  return (
    <>
      {words && <p className="notice">{words}</p>}
      {frozen && <p className="notice">{t('differs', { state: t(frozen.state), rate: rateWords(frozen) })}</p>}
    </>
  )
}

const RECORDS_MAX = 6

/** What a day or a week was kept by, where it has no page of its own: the single facts. */
function Records({ evidence }: Pick<ObligationLine, 'evidence'>) {
  const t = useText(complianceText)
  const addresses = evidence.flatMap(({ type, id }) => addressOf(type, id) ?? []).slice(0, RECORDS_MAX)
  if (addresses.length === 0) return null
  return (
    <span className="note row wrap">
      {addresses.map((to, index) => (
        <Link key={to} to={to as never}>
          {t('record', { n: index + 1 })}
        </Link>
      ))}
    </span>
  )
}

function Obligations({
  clause,
  month,
  isFrozen,
  items,
  total,
}: {
  clause: ClauseOnBoard
  month: string
  isFrozen: boolean
  items: readonly ObligationLine[]
  total: number
}) {
  const t = useText(complianceText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [asking, setAsking] = useState<ObligationLine | null>(null)
  // exceptions first: a reader looks for them
  const rank = (one: ObligationLine): number => (WAIVABLE.includes(one.state) ? 0 : 1)
  const ordered = [...items].sort((a, b) => rank(a) - rank(b))
  return (
    <>
      <ul className="list">
        {ordered.map((one) => {
          const address = addressOf(one.subject.type, one.subject.id)
          const lateBy = one.doneAt && one.doneAt > one.dueAt ? Date.parse(one.doneAt) - Date.parse(one.dueAt) : 0
          return (
            <li key={one.id} className="obligation">
              <StatusGlyph state={glyphOfObligation[one.state]} label={one.state === 'BREACHED' ? t('BREACHED') : t(one.state)} />
              <span className="grow">
                {address ? <Link to={address as never}>{one.subject.label}</Link> : one.subject.label}
                <span className="note block">
                  {one.tenantName && `${one.tenantName} · `}
                  {one.doneAt === one.dueAt ? '' : t('dueAt', { at: listTime(one.dueAt, lang) })}
                  {one.doneAt && ` ${t('doneAt', { at: listTime(one.doneAt, lang) })}`}
                  {lateBy > 0 && <span className="breach"> {t('late', { span: span(lateBy, lang) })}</span>}
                </span>
                {!address && <Records evidence={one.evidence} />}
                {one.kept === false && <span className="note breach block">{t('incomplete')}</span>}
                {one.waiver && (
                  <span className="note block">
                    {one.waiver.decidedByName
                      ? t('waivedBy', { by: one.waiver.decidedByName, reason: one.waiver.reason })
                      : t('waiverAsked')}
                  </span>
                )}
              </span>
              {may('compliance.waive:C') && !isFrozen && !one.waiver && WAIVABLE.includes(one.state) && (
                <Button size="small" onClick={() => setAsking(one)}>
                  {t('waiver')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {total > items.length && <p className="note">{t('more', { n: total - items.length })}</p>}
      {asking && (
        <DecisionDialog
          title={t('waiverTitle', { label: asking.subject.label })}
          verb={t('waiver')}
          reason={{ label: t('reason'), help: t('waiverNote') }}
          act={async (reason) => {
            await act.runOrThrow(() => call('compliance.proposeWaiver', { month, clauseId: clause.id, obligationId: asking.id, reason }))
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  )
}
