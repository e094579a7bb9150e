import type { ProblemDetail } from '@changbai/contract/known-problem.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import {
  Button,
  ClauseChip,
  DecisionDialog,
  Facts,
  Loaded,
  LongField,
  PageTitle,
  PersonField,
  ProblemAlert,
  SelectField,
  Sheet,
  Status,
  TextField,
  Timeline,
  useAct,
} from '../../shared/ui/index.ts'
import { LinkDialog } from './LinkDialog.tsx'
import { problemText } from './problemText.ts'
import { natures, problemState } from './states.ts'

type Asking = 'CHANGE' | 'LINK' | 'RESOLVE' | 'REOPEN' | null

export function ProblemPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('problem.get', { problemId: id }))
  return (
    <div className="page">
      <Loaded query={query}>{(problem) => <View problem={problem} />}</Loaded>
    </div>
  )
}

function View({ problem }: { problem: ProblemDetail }) {
  const say = useText(problemText)
  const [asking, setAsking] = useState<Asking>(null)
  const { busy, error, run, runOrThrow } = useAct()
  const may = (act: ProblemDetail['may'][number]) => problem.may.includes(act)
  const problemId = problem.id
  return (
    <>
      <PageTitle
        title={problem.title}
        mark={<Status state={problemState[problem.state]}>{say(problem.state)}</Status>}
        sentence={
          <>
            <code>{problem.number}</code> · {problem.incidents === 0 ? say('none0') : say('sentence', { count: problem.incidents })}
          </>
        }
        acts={
          <>
            {may('MARK_KNOWN') && problem.rootCause && problem.workaround && (
              <Button busy={busy} onClick={() => void run(() => call('problem.markKnown', { problemId }))}>
                {say('markKnown')}
              </Button>
            )}
            {may('RESOLVE') && <Button onClick={() => setAsking('RESOLVE')}>{say('resolve')}</Button>}
            {may('REOPEN') && <Button onClick={() => setAsking('REOPEN')}>{say('reopen')}</Button>}
            {may('CLOSE') && (
              <Button busy={busy} onClick={() => void run(() => call('problem.close', { problemId }))}>
                {say('close')}
              </Button>
            )}
            {may('CHANGE') && (
              <Button kind="primary" onClick={() => setAsking('CHANGE')}>
                {say('change')}
              </Button>
            )}
            <Button busy={busy} onClick={() => void run(() => download('problem.print', { problemId }))}>
              {say('print')}
            </Button>
          </>
        }
      />
      <ProblemAlert error={error} />
      <div className="split">
        <div className="stack">
          <About problem={problem} />
          <Incidents problem={problem} onLink={() => setAsking('LINK')} />
          <Actions problem={problem} />
        </div>
        <History problem={problem} />
      </div>
      {asking === 'CHANGE' && <ChangeDialog problem={problem} onClose={() => setAsking(null)} />}
      {asking === 'LINK' && <LinkDialog problemId={problemId} onClose={() => setAsking(null)} />}
      {asking === 'RESOLVE' && (
        <DecisionDialog
          title={say('resolve')}
          verb={say('resolve')}
          reason={{ label: say('solution') }}
          act={(solution) => runOrThrow(() => call('problem.resolve', { problemId, solution }))}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'REOPEN' && (
        <DecisionDialog
          title={say('reopen')}
          verb={say('reopen')}
          reason={{ label: say('reason') }}
          act={(reason) => runOrThrow(() => call('problem.reopen', { problemId, reason }))}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  )
}

function About({ problem }: { problem: ProblemDetail }) {
  const say = useText(problemText)
  const lang = useLanguage()
  const written = (text: string) => (text ? <span style={{ whiteSpace: 'pre-wrap' }}>{text}</span> : say('notWritten'))
  return (
    <Sheet title={say('description')}>
      <div className="stack tight">
        <p style={{ whiteSpace: 'pre-wrap' }}>{problem.description}</p>
        <Facts
          items={[
            [say('rootCause'), written(problem.rootCause)],
            [say('workaround'), written(problem.workaround)],
            [say('solution'), written(problem.solution)],
            [say('nature'), problem.nature ? say(problem.nature) : '—'],
            [say('owner'), problem.ownerName ?? say('nobody')],
            [say('openedAt'), listTime(problem.openedAt, lang)],
            problem.resolvedAt ? [say('RESOLVED'), listTime(problem.resolvedAt, lang)] : null,
          ]}
        />
      </div>
    </Sheet>
  )
}

function Incidents({ problem, onLink }: { problem: ProblemDetail; onLink: () => void }) {
  const say = useText(problemText)
  const lang = useLanguage()
  const [out, setOut] = useState<string | null>(null)
  const { runOrThrow } = useAct()
  const mayLink = problem.may.includes('LINK')
  return (
    <Sheet
      title={say('incidents')}
      acts={
        mayLink && (
          <Button size="small" onClick={onLink}>
            {say('link')}
          </Button>
        )
      }
    >
      {problem.linkedIncidents.length === 0 && <p className="second">{say('none0')}</p>}
      <ul className="plain-list">
        {problem.linkedIncidents.map((one) => (
          <li key={one.id}>
            <Link to={`/duty/incidents/${one.id}` as string}>{one.number}</Link> {one.title}{' '}
            <span className="second">{listTime(one.beganAt, lang)}</span>{' '}
            {one.recurred && <Status state="breach">{say('recurredAfter', { count: one.afterDays ?? 0 })}</Status>}{' '}
            {mayLink && (
              <Button kind="link" onClick={() => setOut(one.id)}>
                {say('unlink')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {out && (
        <DecisionDialog
          title={say('unlink')}
          verb={say('unlink')}
          reason={{ label: say('reason') }}
          act={(reason) => runOrThrow(() => call('problem.unlink', { problemId: problem.id, incidentId: out, reason }))}
          onClose={() => setOut(null)}
        />
      )}
    </Sheet>
  )
}

function Actions({ problem }: { problem: ProblemDetail }) {
  const say = useText(problemText)
  const lang = useLanguage()
  if (problem.actions.length === 0) return null
  return (
    <Sheet title={say('actions')} acts={<ClauseChip id="5.8-5" />}>
      <ul className="plain-list">
        {problem.actions.map((one) => (
          <li key={one.id}>
            <Status state={one.state === 'VERIFIED' ? 'kept' : one.state === 'DONE' ? 'running' : 'todo'}>
              {say(`ACTION_${one.state}`)}
            </Status>{' '}
            {one.desc}{' '}
            <span className="second">
              {one.ownerName} · {shortDay(one.dueOn, lang)} ·{' '}
              <Link to={`/duty/incidents/${one.incidentId}` as string}>{one.incidentNumber}</Link>
            </span>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

/** Words that mean something else as a state. */
const EVENT_WORDS = { RESOLVED: 'RESOLVED_EVENT', CLOSED: 'CLOSED_EVENT' } as const
function History({ problem }: { problem: ProblemDetail }) {
  const say = useText(problemText)
  return (
    <Sheet title={say('history')}>
      <Timeline
        entries={problem.events.map((event) => ({
          key: event.id,
          at: event.at,
          state: event.kind === 'RECURRED' || event.kind === 'REOPENED' ? ('breach' as const) : ('kept' as const),
          title: say(event.kind === 'RESOLVED' || event.kind === 'CLOSED' ? EVENT_WORDS[event.kind] : event.kind),
          note: [event.byName, event.text].filter(Boolean).join(' · '),
        }))}
      />
    </Sheet>
  )
}

function ChangeDialog({ problem, onClose }: { problem: ProblemDetail; onClose: () => void }) {
  const say = useText(problemText)
  const { runOrThrow } = useAct()
  const { title, description, rootCause, workaround, solution } = problem
  const [words, setWords] = useState({ title, description, rootCause, workaround, solution })
  const [nature, setNature] = useState<string>(problem.nature ?? '')
  const [ownerId, setOwner] = useState(problem.ownerId ?? '')
  const set = (name: keyof typeof words) => (value: string) => setWords((held) => ({ ...held, [name]: value }))
  const send = () =>
    runOrThrow(() =>
      call('problem.change', {
        problemId: problem.id,
        ...words,
        nature: (nature || null) as ProblemDetail['nature'],
        ownerId: ownerId || null,
      }),
    )
  return (
    <DecisionDialog title={say('change')} verb={say('change')} wide ready={words.title !== ''} act={send} onClose={onClose}>
      <TextField label={say('title')} value={words.title} onChange={set('title')} maxLength={120} />
      <LongField label={say('description')} value={words.description} onChange={set('description')} maxLength={4000} />
      <LongField label={say('rootCause')} optional value={words.rootCause} onChange={set('rootCause')} maxLength={4000} />
      <LongField label={say('workaround')} optional value={words.workaround} onChange={set('workaround')} maxLength={4000} />
      <LongField label={say('solution')} optional value={words.solution} onChange={set('solution')} maxLength={4000} />
      <div className="fields">
        <SelectField
          label={say('nature')}
          optional
          value={nature}
          onChange={setNature}
          options={natures.map((one) => [one, say(one)] as const)}
        />
        <PersonField label={say('owner')} optional value={ownerId} onChange={(id) => setOwner(id)} />
      </div>
    </DecisionDialog>
  )
}
