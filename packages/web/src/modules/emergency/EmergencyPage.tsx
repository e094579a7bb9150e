import type { EmergencyDetail } from '@changbai/contract/emergency.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { clock, listTime } from '../../shared/time.ts'
import { Button, Facts, Loaded, PageTitle, ProblemAlert, Sheet, Status, TextField, Timeline, useAct } from '../../shared/ui/index.ts'
import { Rto, runState } from './EmergenciesPage.tsx'
import { emergencyText } from './emergencyText.ts'
import { StepCard } from './StepCard.tsx'

export function EmergencyPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ ...ask('emergency.get', { emergencyId: id }), refetchInterval: 10_000 })
  return (
    <div className="page">
      <Loaded query={query}>{(run) => <View run={run} />}</Loaded>
    </div>
  )
}

function View({ run }: { run: EmergencyDetail }) {
  const say = useText(emergencyText)
  const lang = useLanguage()
  const { busy, error, run: act } = useAct()
  return (
    <>
      <PageTitle
        title={`${run.mode === 'DRILL' ? `${say('DRILL')} · ` : ''}${run.planName}`}
        mark={<Status state={runState[run.state]}>{say(run.state)}</Status>}
        sentence={
          <>
            <code>{run.number}</code> · {run.reason}
          </>
        }
        acts={
          <Button busy={busy} onClick={() => void act(() => download('emergency.print', { emergencyId: run.id }))}>
            {say('print')}
          </Button>
        }
      />
      {run.mode === 'DRILL' && (
        <p role="note">
          <Status state="planned">{say('drillBanner')}</Status>
        </p>
      )}
      <ProblemAlert error={error} />
      <div className="split">
        <div className="stack">
          <Sheet title={say('steps')}>
            {run.steps.length === 0 && <p className="second">{say('nothingNow')}</p>}
            <div className="stack">
              {run.steps.map((step) => (
                <StepCard key={step.taskId} run={run} step={step} />
              ))}
            </div>
          </Sheet>
          {run.mayReport && <ReportBox run={run} />}
          <Calls run={run} />
          {run.summary && (
            <Sheet title={say(run.mode === 'DRILL' ? 'drillReport' : 'summary')}>
              <Facts
                items={[
                  [say('result'), run.summary.result],
                  [say('findings'), run.summary.findings],
                  [say('improvements'), run.summary.improvements],
                ]}
              />
            </Sheet>
          )}
        </div>
        <div className="stack">
          <Sheet>
            <Facts
              items={[
                [say('activatedAt'), listTime(run.activatedAt, lang)],
                [say('restoredAt'), run.restoredAt ? listTime(run.restoredAt, lang) : '—'],
                [say('rto'), <Rto key="rto" run={run} />],
                ...run.roles.map(({ role, name }) => [say(role), name] as const),
                [say('openedBy'), run.activatedBy],
                run.incidentId !== null && [
                  say('incident'),
                  <Link key="incident" to={`/duty/incidents/${run.incidentId}` as string}>
                    {say('incident')}
                  </Link>,
                ],
                run.instanceId !== null && [
                  say('process'),
                  <Link key="process" to={`/processes/instances/${run.instanceId}` as string}>
                    {run.number}
                  </Link>,
                ],
              ]}
            />
          </Sheet>
          <History run={run} />
        </div>
      </div>
    </>
  )
}

function ReportBox({ run }: { run: EmergencyDetail }) {
  const say = useText(emergencyText)
  const { busy, error, run: act } = useAct()
  const [text, setText] = useState('')
  const send = async () => {
    if (await act(() => call('emergency.report', { emergencyId: run.id, text }))) setText('')
  }
  return (
    <Sheet
      title={say('report')}
      note={run.updateDueAt && <span className="second">{say('reportHelp', { at: clock(run.updateDueAt) })}</span>}
    >
      <div className="stack tight">
        <TextField label={say('report')} value={text} onChange={setText} maxLength={2000} />
        <p>
          <Button busy={busy} onClick={() => void (text.trim() && send())}>
            {say('report')}
          </Button>
        </p>
        <ProblemAlert error={error} />
      </div>
    </Sheet>
  )
}

function Calls({ run }: { run: EmergencyDetail }) {
  const say = useText(emergencyText)
  return (
    <Sheet
      title={say('calls')}
      note={<span className="second">{`${run.calls.filter((one) => one.ackAt).length} / ${run.calls.length}`}</span>}
    >
      <ul className="plain-list">
        {run.calls.map((one) => (
          <li key={one.personId}>
            <Status state={one.ackAt ? 'kept' : 'risk'}>
              {one.name} · {one.duty} · {say('sent', { at: clock(one.sentAt) })} ·{' '}
              {one.ackAt ? say('acked', { at: clock(one.ackAt) }) : say('notAcked')}
            </Status>{' '}
            <span className="second">
              {one.channels.map(({ channel, state, deliveredAt }) => `${channel} ${deliveredAt ? clock(deliveredAt) : state}`).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

const WORDS = ['ACTIVATED', 'STEP', 'REPORTED', 'RESTORED', 'NOT_RESTORED', 'SUMMARISED', 'RETURNED'] as const
function History({ run }: { run: EmergencyDetail }) {
  const say = useText(emergencyText)
  const word = ({ kind, text }: EmergencyDetail['events'][number]) => {
    if (kind === 'CALLED') return say('CALLED', { n: text })
    if (kind === 'STOOD_DOWN') return say('STOODDOWN_EVENT')
    if (kind === 'APPROVED') return say('APPROVED_EVENT')
    if (kind === 'CLOSED') return say('CLOSED_EVENT')
    const known = WORDS.find((one) => one === kind)
    return known ? say(known) : kind
  }
  return (
    <Sheet title={say('history')}>
      <Timeline
        entries={run.events.map((event) => ({
          key: event.id,
          at: event.at,
          state: event.kind === 'NOT_RESTORED' || event.kind === 'RETURNED' ? ('breach' as const) : ('kept' as const),
          system: event.byName === '',
          title: word(event),
          note: [event.byName, event.kind === 'CALLED' ? '' : event.text, event.checked.map((item) => `✓ ${item}`).join(' ')]
            .filter(Boolean)
            .join(' · '),
        }))}
      />
    </Sheet>
  )
}
