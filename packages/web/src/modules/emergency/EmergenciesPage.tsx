import type { EmergencySummary, PlanSummary } from '@changbai/contract/emergency.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import { Button, type Column, DataTable, type ListInput, Loaded, PageTitle, Sheet, type State, Status } from '../../shared/ui/index.ts'
import { emergencyText } from './emergencyText.ts'
import { PlanDialog } from './PlanDialog.tsx'

export const runState: Record<EmergencySummary['state'], State> = { RUNNING: 'breach', STOOD_DOWN: 'running', CLOSED: 'kept' }
export const planState: Record<PlanSummary['state'], State> = { DRAFT: 'todo', APPROVED: 'kept', RETIRED: 'none' }

export function EmergenciesPage() {
  const say = useText(emergencyText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const [writing, setWriting] = useState(false)
  const columns: Column<EmergencySummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
    {
      key: 'mode',
      title: say('mode'),
      cell: (row) => <Status state={row.mode === 'DRILL' ? 'planned' : 'breach'}>{say(row.mode)}</Status>,
    },
    { key: 'plan', title: say('name'), kind: 'name', cell: (row) => row.planName },
    { key: 'state', title: say('state'), cell: (row) => <Status state={runState[row.state]}>{say(row.state)}</Status> },
    { key: 'commander', title: say('commander'), cell: (row) => row.commanderName },
    { key: 'activated', title: say('activatedAt'), cell: (row) => listTime(row.activatedAt, lang) },
    { key: 'restored', title: say('restoredAt'), cell: (row) => (row.restoredAt ? listTime(row.restoredAt, lang) : '—') },
    { key: 'rto', title: say('rto'), cell: (row) => <Rto run={row} /> },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('emergencies')}
        acts={
          may('emergencyPlan.edit:C') && (
            <Button kind="primary" onClick={() => setWriting(true)}>
              {say('newPlan')}
            </Button>
          )
        }
      />
      <div className="stack">
        <Plans />
        <DataTable
          name="emergencies"
          what={say('runs')}
          ask={(input: ListInput) => ask('emergency.list', input as never)}
          about={['emergency']}
          columns={columns}
          rowKey={(row) => row.id}
          open={(row) => void navigate({ to: `/duty/emergencies/${row.id}` as string })}
          views={[
            { key: 'all', label: say('all'), filters: {} },
            { key: 'real', label: say('REAL'), filters: { mode: 'REAL' } },
            { key: 'drill', label: say('DRILL'), filters: { mode: 'DRILL' } },
          ]}
          firstUse={{ title: say('none'), help: say('firstUse') }}
          phone={(row) => ({
            title: row.planName,
            right: say(row.mode),
            below: row.number,
            belowRight: `${say(row.state)} ${listTime(row.activatedAt, lang)}`,
          })}
        />
      </div>
      {writing && <PlanDialog onClose={() => setWriting(false)} />}
    </div>
  )
}

export function Rto({ run }: { run: Pick<EmergencySummary, 'rtoMinutes' | 'withinRto'> }) {
  const say = useText(emergencyText)
  return (
    <Status state={run.withinRto === null ? 'running' : run.withinRto ? 'kept' : 'breach'}>
      {say('minutes', { n: run.rtoMinutes })} {run.withinRto !== null && say(run.withinRto ? 'inRto' : 'overRto')}
    </Status>
  )
}

function Plans() {
  const say = useText(emergencyText)
  const lang = useLanguage()
  const query = useQuery(ask('emergency.plans', {}))
  return (
    <Sheet title={say('plans')} flush>
      <Loaded query={query} rows={3}>
        {({ items }) => (
          <ul className="list">
            {items.map((plan) => (
              <li key={plan.id} className="row wrap apart">
                <span className="grow">
                  <Link to={`/duty/emergencies/plans/${plan.id}` as string}>{plan.name}</Link>{' '}
                  <span className="second">
                    {say('version', { n: plan.version })} · {say('rto')} {say('minutes', { n: plan.rtoMinutes })} · {say('lastDrill')}{' '}
                    {plan.lastDrillAt ? listTime(plan.lastDrillAt, lang) : say('never')}
                    {plan.reviewOn && ` · ${say('reviewOn')} ${shortDay(plan.reviewOn, lang)}`}
                  </span>
                </span>
                <Status state={plan.isReviewDue ? 'risk' : planState[plan.state]}>
                  {plan.isReviewDue ? say('reviewDue') : say(plan.state)}
                </Status>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Sheet>
  )
}
