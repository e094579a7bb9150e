import type { AvailabilityRow } from '@changbai/contract/availability.shapes.ts'
import type { ClauseOnBoard } from '@changbai/contract/compliance.ts'
import type { IncidentSummary } from '@changbai/contract/incident.shapes.ts'
import type { TaskBrief } from '@changbai/contract/process.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { today } from '../../shared/time.ts'
import { Deadline, Progress, Sheet, type State, StatusGlyph } from '../../shared/ui/index.ts'
import { lasting } from '../availability/index.ts'
import { NextClock, SeverityMark } from '../incident/index.ts'
import { judge } from './headline.ts'
import { overviewText } from './overviewText.ts'
import './overview.css'

const REFRESH_MS = 30_000
/** What fits on one page and is read in half a minute. */
const FEW = 5
const worst: Partial<Record<ClauseOnBoard['figure']['state'], [rank: number, glyph: State]>> = {
  BREACHED: [0, 'breach'],
  NO_DATA: [2, 'unknown'],
  AT_RISK: [1, 'risk'],
}
/** A red line comes before everything of its kind. */
const urgency = ({ figure, redLine }: ClauseOnBoard): number => (worst[figure.state]?.[0] ?? 9) * 2 + (redLine ? 0 : 1)

/** The figures of the page, each from the endpoint of the page that explains it: no number is computed here. */
export function useOverview() {
  const may = useMay()
  const live = { refetchInterval: REFRESH_MS }
  const year = Number(today().slice(0, 4))
  const board = useQuery({ ...ask('compliance.board', {}), ...live, enabled: may('compliance.board.view:r') })
  const availability = useQuery({ ...ask('availability.list', { year }), ...live, enabled: may('monitor.read:r') })
  const running = useQuery({ ...ask('incident.running', {}), ...live, enabled: may('incident.read:r') })
  const tasks = useQuery({ ...ask('process.tasks', { limit: FEW }), ...live, enabled: may('process.task:X') })
  return { board, availability, running, tasks }
}
export type OverviewData = ReturnType<typeof useOverview>

/** The one sentence: the gravest thing first. "Well" is said only when every part was read; what is not known is never well. */
export function useHeadline({ board, availability, running }: OverviewData): string {
  const t = useText(overviewText)
  const { key, count } = judge(
    board.data?.board.counts,
    availability.data?.items.map(({ state }) => state),
    running.data?.items.length,
  )
  return t(key, { count })
}

function Count({ label, value, state }: { label: string; value: number | string; state?: State }) {
  return (
    <div className="overview-count">
      <span className="overview-number">{value}</span>
      <span className="second">
        {state && <StatusGlyph state={state} size={12} />} {label}
      </span>
    </div>
  )
}

function Running({ items }: { items: readonly IncidentSummary[] }) {
  const t = useText(overviewText)
  if (items.length === 0) return <p className="second sheet-line">{t('runningNone')}</p>
  return (
    <ul className="list">
      {items.slice(0, FEW).map((one) => (
        <li key={one.id} className="overview-line">
          <SeverityMark level={one.topSeverity} />
          <Link className="cut grow" to={`/duty/incidents/${one.id}` as string}>
            {one.title}
          </Link>
          <NextClock clocks={one.clocks} />
        </li>
      ))}
    </ul>
  )
}

function Scarce({ items }: { items: readonly AvailabilityRow[] }) {
  const t = useText(overviewText)
  const lang = useLanguage()
  const measured = items.filter(({ state }) => state !== 'NOT_MEASURED')
  if (measured.length === 0) return <p className="second sheet-line">{t('scarceNone')}</p>
  return (
    <ul className="list">
      {[...measured]
        .sort((a, b) => b.burn.usedRatio - a.burn.usedRatio)
        .slice(0, FEW)
        .map(({ applicationId, name, burn, statement: { figures } }) => (
          <li key={applicationId} className="overview-line">
            <Link className="cut grow" to={`/proof/availability/${applicationId}` as string}>
              {name}
            </Link>
            <span className="overview-bar">
              <Progress ratio={Math.min(1, burn.usedRatio)} tone={figures.met ? (burn.usedRatio >= 0.75 ? 'risk' : undefined) : 'breach'} />
            </span>
            <span className="second overview-left">
              {t(figures.budgetLeftMs < 0 ? 'spent' : 'left', { time: lasting(figures.budgetLeftMs, lang) })}
            </span>
          </li>
        ))}
    </ul>
  )
}

function Attention({ clauses }: { clauses: readonly ClauseOnBoard[] }) {
  const t = useText(overviewText)
  const lang = useLanguage()
  const found = clauses.filter(({ figure, withoutSource }) => worst[figure.state] && !withoutSource).sort((a, b) => urgency(a) - urgency(b))
  if (found.length === 0) return <p className="second sheet-line">{t('attentionNone')}</p>
  return (
    <ul className="list">
      {found.slice(0, FEW + 1).map((clause) => (
        <li key={clause.id} className="overview-line">
          <StatusGlyph state={worst[clause.figure.state]?.[1] ?? 'none'} />
          <span className="mono second overview-id">{clause.id}</span>
          <Link className="cut grow" to="/proof/board" search={{ clause: clause.id } as never}>
            {pick(clause.title, lang)}
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Decisions({ items }: { items: readonly TaskBrief[] }) {
  const t = useText(overviewText)
  if (items.length === 0) return <p className="second sheet-line">{t('decideNone')}</p>
  return (
    <ul className="list">
      {items.map((task) => (
        <li key={task.id} className="overview-line">
          <Link className="cut grow" to={`/tasks/${task.id}` as string}>
            <b>{task.name}</b>
            <span className="ink2">　{task.title}</span>
          </Link>
          <Deadline dueAt={task.dueAt} usedRatio={task.usedRatio} left={task.left} bar={false} />
        </li>
      ))}
    </ul>
  )
}

/** Three questions side by side; on a phone one below the other. */
export function Overview({ data: { board, availability, running, tasks } }: { data: OverviewData }) {
  const t = useText(overviewText)
  const applications = availability.data?.items ?? []
  const inState = (state: AvailabilityRow['state']) => applications.filter((one) => one.state === state).length
  const counts = board.data?.board.counts
  const clauses = board.data?.clauses ?? []
  return (
    <div className="overview">
      <Sheet flush title={t('cloud')} note={t('cloudNote', { n: applications.length })}>
        <div className="overview-counts">
          <Count label={t('up')} value={inState('UP')} state="kept" />
          <Count label={t('down')} value={inState('DOWN')} state="breach" />
          <Count label={t('unknown')} value={inState('UNKNOWN')} state="unknown" />
        </div>
        <h3 className="overview-head">{t('running')}</h3>
        <Running items={running.data?.items ?? []} />
        <h3 className="overview-head">{t('scarce')}</h3>
        <Scarce items={applications} />
      </Sheet>
      {counts && (
        <Sheet flush title={t('promise')} acts={<Link to="/proof/board">{t('board')}</Link>}>
          <div className="overview-counts">
            <Count label={t('kept')} value={counts.COMPLIANT ?? 0} state="kept" />
            <Count label={t('broken')} value={counts.BREACHED ?? 0} state="breach" />
            <Count label={t('atRisk')} value={counts.AT_RISK ?? 0} state="risk" />
            <Count label={t('noData')} value={counts.NO_DATA ?? 0} state="unknown" />
          </div>
          <h3 className="overview-head">{t('attention')}</h3>
          <Attention clauses={clauses} />
        </Sheet>
      )}
      {tasks.data && (
        <Sheet flush title={t('decide')} acts={<Link to="/tasks">{t('decideMore')}</Link>}>
          <Decisions items={tasks.data.items} />
        </Sheet>
      )}
    </div>
  )
}
