import type { IncidentDetail } from '@changbai/contract/incident.ts'
import type { SecurityGrade, SecurityView } from '@changbai/contract/incident-care.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useNow } from '../../shared/clock.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { fromWall, recordTime, serverNow, shortDay, span, toWall } from '../../shared/time.ts'
import { Button, Check, DecisionDialog, Facts, ProblemAlert, Sheet, type State, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { careText } from './careText.ts'

const gradeState: Record<SecurityGrade, State> = { EXTRAORDINARY: 'breach', MAJOR: 'breach', LARGER: 'risk', GENERAL: 'none' }

/** The wizard and the statutory countdown; reporting itself is the customer's. */
export function SecuritySheet({ incident }: { incident: IncidentDetail }) {
  const say = useText(careText)
  const lang = useLanguage()
  const query = useQuery({ ...ask('incidentCare.security', { incidentId: incident.id }), retry: false })
  const [asking, setAsking] = useState<'GRADE' | 'REPORT' | null>(null)
  const { busy, error, run } = useAct()
  const view = query.data
  if (!view || (!incident.isSecurity && !view.record)) return null
  const { record } = view
  return (
    <Sheet
      title={say('security')}
      acts={
        <>
          {view.mayGrade && (
            <Button size="small" kind={record ? 'plain' : 'primary'} onClick={() => setAsking('GRADE')}>
              {say(record ? 'gradeAgain' : 'grade')}
            </Button>
          )}
          {view.mayReport && record?.reportDueAt && !record.reportedAt && (
            <Button size="small" kind="primary" onClick={() => setAsking('REPORT')}>
              {say('report')}
            </Button>
          )}
          {view.mayReport && record?.reportedAt && !record.summaryAt && (
            <Button size="small" busy={busy} onClick={() => void run(() => call('incidentCare.summarise', { incidentId: incident.id }))}>
              {say('summarise')}
            </Button>
          )}
        </>
      }
    >
      {!record && <p className="second">{say('notGraded')}</p>}
      {record && (
        <Facts
          items={[
            [
              say('grade'),
              <Status key="grade" state={gradeState[record.grade]}>
                {say(record.grade)}
              </Status>,
            ],
            [say('knownAt'), recordTime(record.knownAt)],
            [
              say('dueAt'),
              record.reportDueAt ? <Countdown key="due" dueAt={record.reportDueAt} doneAt={record.reportedAt} /> : say('notOwed'),
            ],
            record.reportedAt !== null && [
              say('report'),
              say('reported', { at: recordTime(record.reportedAt), to: record.reportedTo, reference: record.reference }),
            ],
            record.summaryDueOn !== null && [
              '',
              record.summaryAt ? say('summaryDone') : say('summaryDue', { on: shortDay(record.summaryDueOn, lang) }),
            ],
          ]}
        />
      )}
      <ProblemAlert error={error} />
      {asking === 'GRADE' && <GradeDialog incidentId={incident.id} view={view} onClose={() => setAsking(null)} />}
      {asking === 'REPORT' && <ReportDialog incidentId={incident.id} onClose={() => setAsking(null)} />}
    </Sheet>
  )
}

function Countdown({ dueAt, doneAt }: { dueAt: string; doneAt: string | null }) {
  const say = useText(careText)
  const now = useNow('second')
  const left = Date.parse(dueAt) - (doneAt ? Date.parse(doneAt) : now)
  return (
    <Status state={left < 0 ? 'breach' : doneAt ? 'kept' : 'risk'}>
      {recordTime(dueAt)} {!doneAt && say(left < 0 ? 'over' : 'left', { span: span(Math.abs(left)) })}
    </Status>
  )
}

function GradeDialog({ incidentId, view, onClose }: { incidentId: string; view: SecurityView; onClose: () => void }) {
  const say = useText(careText)
  const lang = useLanguage()
  const { runOrThrow } = useAct()
  const before = view.record?.answers ?? {}
  const [answers, setAnswers] = useState<Record<string, string>>(
    Object.fromEntries(Object.entries(before).map(([key, value]) => [key, String(value)])),
  )
  const [isCritical, setCritical] = useState(view.record?.isCritical ?? false)
  const [knownAt, setKnownAt] = useState(view.record ? toWall(view.record.knownAt) : '')
  const filled = Object.entries(answers).filter(([, value]) => value.trim() !== '' && !Number.isNaN(Number(value)))
  const send = () =>
    runOrThrow(() =>
      call('incidentCare.grade', {
        incidentId,
        answers: Object.fromEntries(filled.map(([key, value]) => [key, Number(value)])),
        isCritical,
        ...(knownAt && { knownAt: fromWall(knownAt) }),
      }),
    )
  return (
    <DecisionDialog title={say('security')} verb={say('grade')} act={send} onClose={onClose}>
      <p className="second">{say('gradeHelp')}</p>
      {view.questions.map((one) => (
        <TextField
          key={one.key}
          label={pick(one, lang)}
          help={`${say('LARGER')} ≥ ${one.larger} · ${say('MAJOR')} ≥ ${one.major} · ${say('EXTRAORDINARY')} ≥ ${one.extraordinary}`}
          unit={one.unit}
          optional
          inputMode="decimal"
          value={answers[one.key] ?? ''}
          onChange={(value) => setAnswers((held) => ({ ...held, [one.key]: value }))}
          maxLength={12}
        />
      ))}
      <Check checked={isCritical} onChange={setCritical}>
        {say('critical')}
      </Check>
      <TextField label={say('knownAt')} help={say('knownHelp')} optional type="datetime-local" value={knownAt} onChange={setKnownAt} />
    </DecisionDialog>
  )
}

function ReportDialog({ incidentId, onClose }: { incidentId: string; onClose: () => void }) {
  const say = useText(careText)
  const { runOrThrow } = useAct()
  const [to, setTo] = useState('')
  const [reference, setReference] = useState('')
  const [at, setAt] = useState(toWall(new Date(serverNow()).toISOString()))
  return (
    <DecisionDialog
      title={say('report')}
      verb={say('report')}
      ready={Boolean(to && reference && at)}
      act={() => runOrThrow(() => call('incidentCare.reportToAuthority', { incidentId, to, reference, at: fromWall(at) }))}
      onClose={onClose}
    >
      <TextField label={say('reportTo')} value={to} onChange={setTo} maxLength={200} />
      <TextField label={say('reference')} value={reference} onChange={setReference} maxLength={200} />
      <TextField label={say('reportAt')} type="datetime-local" value={at} onChange={setAt} />
    </DecisionDialog>
  )
}
