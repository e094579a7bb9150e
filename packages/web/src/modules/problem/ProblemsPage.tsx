import { ProblemState, type ProblemSummary, type TrackedAction } from '@changbai/contract/known-problem.ts'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import {
  Button,
  ButtonLink,
  type Column,
  DataTable,
  DecisionDialog,
  type ListInput,
  LongField,
  PageTitle,
  SelectField,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { problemText } from './problemText.ts'
import { natures, problemState } from './states.ts'

export function ProblemsPage() {
  const say = useText(problemText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const [opening, setOpening] = useState(false)
  const columns: Column<ProblemSummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
    { key: 'title', title: say('title'), kind: 'name', cell: (row) => row.title },
    { key: 'state', title: say('state'), cell: (row) => <Status state={problemState[row.state]}>{say(row.state)}</Status> },
    { key: 'nature', title: say('nature'), cell: (row) => (row.nature ? say(row.nature) : '—') },
    { key: 'incidents', title: say('incidents'), kind: 'num', cell: (row) => row.incidents },
    { key: 'recurrences', title: say('recurrences'), kind: 'num', cell: (row) => row.recurrences },
    { key: 'actions', title: say('openActions'), kind: 'num', cell: (row) => row.openActions },
    { key: 'owner', title: say('owner'), cell: (row) => row.ownerName ?? say('nobody') },
    { key: 'opened', title: say('openedAt'), cell: (row) => listTime(row.openedAt, lang) },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('problems')}
        acts={
          <>
            <ButtonLink to="/duty/problems/actions">{say('allActions')}</ButtonLink>
            {may('problem.manage:C') && (
              <Button kind="primary" onClick={() => setOpening(true)}>
                {say('register')}
              </Button>
            )}
          </>
        }
      />
      <DataTable
        name="problems"
        what={say('problems')}
        ask={(input: ListInput) => ask('problem.list', input as never)}
        about={['problem']}
        columns={columns}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/duty/problems/${row.id}` as string })}
        filters={[{ key: 'state', label: say('state'), options: ProblemState.options.map((one) => [one, say(one)] as const) }]}
        views={[
          { key: 'open', label: say('open'), filters: { open: 'true' } },
          { key: 'known', label: say('KNOWN_ERROR'), filters: { state: 'KNOWN_ERROR' } },
          { key: 'all', label: say('all'), filters: {} },
        ]}
        searchHint={say('search')}
        firstUse={{ title: say('none'), help: say('firstUse') }}
        phone={(row) => ({ title: row.title, right: say(row.state), below: row.number, belowRight: row.ownerName ?? '' })}
      />
      {opening && <OpenDialog onClose={() => setOpening(false)} />}
    </div>
  )
}

export function OpenDialog({ incident, onClose }: { incident?: { id: string; title: string; symptom: string }; onClose: () => void }) {
  const say = useText(problemText)
  const navigate = useNavigate()
  const { runOrThrow } = useAct()
  const [title, setTitle] = useState(incident?.title ?? '')
  const [description, setDescription] = useState(incident?.symptom ?? '')
  const [nature, setNature] = useState('')
  const send = () =>
    runOrThrow(async () => {
      const input = { title, description, nature: (nature || null) as 'HARDWARE' | null, incidentId: incident?.id ?? null }
      const made = await call('problem.open', input)
      await navigate({ to: `/duty/problems/${made.id}` as string })
    })
  return (
    <DecisionDialog title={say('register')} verb={say('register')} ready={title !== '' && description !== ''} act={send} onClose={onClose}>
      <TextField label={say('title')} value={title} onChange={setTitle} maxLength={120} />
      <LongField label={say('description')} value={description} onChange={setDescription} maxLength={4000} />
      <SelectField
        label={say('nature')}
        optional
        value={nature}
        onChange={setNature}
        options={natures.map((one) => [one, say(one)] as const)}
      />
    </DecisionDialog>
  )
}

export function ActionsPage() {
  const say = useText(problemText)
  const lang = useLanguage()
  const columns: Column<TrackedAction>[] = [
    {
      key: 'due',
      title: say('dueOn'),
      cell: (row) => (row.isOverdue ? <Status state="breach">{shortDay(row.dueOn, lang)}</Status> : shortDay(row.dueOn, lang)),
    },
    { key: 'desc', title: say('desc'), kind: 'name', cell: (row) => row.desc },
    {
      key: 'state',
      title: say('state'),
      cell: (row) => (
        <Status state={row.state === 'VERIFIED' ? 'kept' : row.state === 'DONE' ? 'running' : row.isOverdue ? 'breach' : 'todo'}>
          {say(`ACTION_${row.state}`)} {row.isOverdue && say('overdue')}
        </Status>
      ),
    },
    { key: 'owner', title: say('owner'), cell: (row) => row.ownerName },
    { key: 'verify', title: say('verifyMethod'), cell: (row) => row.verifyMethod },
    { key: 'by', title: say('verifiedBy'), cell: (row) => row.verifiedByName ?? '—' },
    {
      key: 'incident',
      title: say('incident'),
      kind: 'id',
      cell: (row) => <Link to={`/duty/incidents/${row.incidentId}` as string}>{row.incidentNumber}</Link>,
    },
  ]
  return (
    <div className="page">
      <PageTitle title={say('actions')} sentence={say('noActionsHelp')} />
      <DataTable
        name="actions"
        what={say('actions')}
        ask={(input: ListInput) => ask('problem.actions', input as never)}
        columns={columns}
        rowKey={(row) => row.id}
        views={[
          { key: 'open', label: say('ACTION_OPEN'), filters: { state: 'OPEN' } },
          { key: 'done', label: say('ACTION_DONE'), filters: { state: 'DONE' } },
          { key: 'mine', label: say('mine'), filters: { mine: 'true' } },
          { key: 'all', label: say('all'), filters: {} },
        ]}
        firstUse={{ title: say('noActions'), help: say('noActionsHelp') }}
        phone={(row) => ({
          title: row.desc,
          right: say(`ACTION_${row.state}`),
          below: row.ownerName,
          belowRight: `${shortDay(row.dueOn, lang)} ${row.isOverdue ? say('overdue') : ''}`,
        })}
      />
    </div>
  )
}
