import type { ReclaimAmounts, ReclaimMetric, ReclaimSummary } from '@changbai/contract/reclaim.ts'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useText } from '../../shared/text.ts'
import { type State, Status, Tabs } from '../../shared/ui/index.ts'
import './reclaim.css'
import { reclaimText } from './reclaimText.ts'

const PLACES = ['', '/candidates', '/exemptions', '/savings'] as const
const WORDS = { '': 'cases', '/candidates': 'candidates', '/exemptions': 'exemptions', '/savings': 'savings' } as const

/** The four lists of reclaim beside each other. */
export function ReclaimTabs() {
  const say = useText(reclaimText)
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const here = PLACES.find((place) => place !== '' && pathname.endsWith(place)) ?? ''
  return (
    <div className="reclaim-tabs">
      <Tabs
        label={say('reclaim')}
        value={here}
        onChange={(place: string) => void navigate({ to: `/work/reclaim${place}` as string })}
        options={PLACES.map((place) => [place, say(WORDS[place])] as const)}
      />
    </div>
  )
}

const states: Record<ReclaimSummary['status'], State> = {
  SUBMITTED: 'planned',
  UNDER_REVIEW: 'running',
  PENDING_APPROVAL: 'todo',
  FULFILLING: 'running',
  CLOSED: 'kept',
  CANCELLED: 'none',
}
export function CaseState({ row }: { row: Pick<ReclaimSummary, 'status' | 'outcome' | 'coolUntil'> }) {
  const say = useText(reclaimText)
  if (row.coolUntil) return <Status state="risk">{say('cooling')}</Status>
  return <Status state={states[row.status]}>{row.outcome ? say(row.outcome) : say(row.status)}</Status>
}

const RULES = ['IDLE_SERVER', 'LOW_SERVER', 'LOW_CLUSTER', 'IDLE_VOLUME', 'LOW_VOLUME'] as const
/** A rule of the plan by its name; one that was added there is told by its key. */
export function RuleName({ rule }: { rule: string }) {
  const say = useText(reclaimText)
  const known = RULES.find((one) => one === rule)
  return <>{known ? say(`rule_${known}`) : rule}</>
}

export function Amounts({ amounts }: { amounts: ReclaimAmounts | null }) {
  const say = useText(reclaimText)
  return <>{amounts ? say('amounts', { ...amounts }) : '—'}</>
}

export const UNITS: Record<ReclaimMetric, string> = {
  cpu: '%',
  memory: '%',
  netIn: 'Mbps',
  netOut: 'Mbps',
  diskRead: 'IOPS',
  diskWrite: 'IOPS',
  diskReadBytes: 'MB/s',
  diskWriteBytes: 'MB/s',
  connections: '',
  used: '%',
}
/** Bytes and operations of one measured stretch as those of a second. */
export const inUnit = (metric: ReclaimMetric, value: number, intervalSeconds: number | null): number => {
  const seconds = intervalSeconds ?? 300
  if (metric === 'netIn' || metric === 'netOut') return (value * 8) / seconds / 1_000_000
  if (metric === 'diskReadBytes' || metric === 'diskWriteBytes') return value / seconds / 1_000_000
  return metric === 'diskRead' || metric === 'diskWrite' ? value / seconds : value
}
export const figure = (value: number | null): string =>
  value === null ? '—' : value > 0 && value < 0.001 ? '<0.001' : String(Number(value.toPrecision(4)))
