import type { IncidentCorrection, IncidentDetail, IncidentEvent } from '@changbai/contract/incident.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { fromWall, listTime, recordTime, toWall } from '../../shared/time.ts'
import { Button, DecisionDialog, ProblemAlert, SelectField, Sheet, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { correctionText } from './correctionText.ts'
import { incidentText } from './incidentText.ts'

/** What the clocks are folded from; nothing else can be corrected. */
const FACTS = ['ALARM', 'REPORTED', 'RESPONDED', 'PLANNED', 'RESOLVED', 'REOPENED', 'LEVEL', 'SCHEDULED', 'HELD', 'RELEASED'] as const
type Fact = (typeof FACTS)[number]
const isFact = (event: IncidentEvent): event is IncidentEvent & { kind: Fact } => FACTS.some((kind) => kind === event.kind)
const wordOfFact = (kind: Fact) => (kind === 'RESOLVED' ? ('RESOLVED_EVENT' as const) : kind)

/** Slips of this incident: what was, what is, and the two people. */
export function CorrectionsSheet({ incident }: { incident: IncidentDetail }) {
  const say = useText(correctionText)
  const sayIncident = useText(incidentText)
  const lang = useLanguage()
  const { busy, error, run } = useAct()
  if (incident.corrections.length === 0) return null
  const decide = (one: IncidentCorrection, agree: boolean) =>
    void run(() => call('incidentCare.decideCorrection', { incidentId: incident.id, correctionId: one.id, agree }))
  const stateWord = (one: IncidentCorrection) => (one.state === 'ASKED' ? say('ASKED') : say(one.state, { by: one.decidedBy ?? '' }))
  const kindWord = (one: IncidentCorrection) => {
    const kind = FACTS.find((known) => known === one.kind)
    return kind ? sayIncident(wordOfFact(kind)) : ''
  }
  return (
    <Sheet title={say('corrections')} note={<span className="second">{say('correctionsNote')}</span>}>
      <ul className="plain-list">
        {incident.corrections.map((one) => (
          <li key={one.id}>
            <p>
              <strong>{kindWord(one)}</strong> <s>{recordTime(one.wasAt)}</s> → {recordTime(one.toAt)}
            </p>
            <p className="second">
              <code>{one.number}</code> · {say('asked', { by: one.askedBy, at: listTime(one.askedAt, lang) })} · {one.reason}
            </p>
            <Status state={one.state === 'AGREED' ? 'kept' : one.state === 'REFUSED' ? 'breach' : 'risk'}>{stateWord(one)}</Status>
            {one.mine && (
              <p className="row">
                <Button kind="primary" busy={busy} onClick={() => decide(one, true)}>
                  {say('agree')}
                </Button>
                <Button busy={busy} onClick={() => decide(one, false)}>
                  {say('refuse')}
                </Button>
              </p>
            )}
          </li>
        ))}
      </ul>
      <ProblemAlert error={error} />
    </Sheet>
  )
}

export function CorrectDialog({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const say = useText(correctionText)
  const sayIncident = useText(incidentText)
  const lang = useLanguage()
  const { runOrThrow } = useAct()
  const facts = incident.events.filter(isFact)
  const [eventId, setEventId] = useState(facts.at(-1)?.id ?? '')
  const chosen = facts.find((one) => one.id === eventId)
  const [to, setTo] = useState(chosen ? toWall(chosen.at) : '')
  const [reason, setReason] = useState('')
  const choose = (id: string) => {
    setEventId(id)
    const next = facts.find((one) => one.id === id)
    if (next) setTo(toWall(next.at))
  }
  const send = () => runOrThrow(() => call('incidentCare.correct', { incidentId: incident.id, eventId, at: fromWall(to), reason }))
  return (
    <DecisionDialog title={say('correct')} verb={say('correct')} ready={Boolean(eventId && to && reason)} act={send} onClose={onClose}>
      <p className="second">{say('correctHelp')}</p>
      <div className="fields">
        <SelectField
          label={say('line')}
          value={eventId}
          onChange={choose}
          options={facts.map((one) => [one.id, `${sayIncident(wordOfFact(one.kind))} ${listTime(one.at, lang)}`] as const)}
        />
        <TextField label={say('to')} type="datetime-local" step={1} value={to} onChange={setTo} />
      </div>
      {chosen && (
        <p className="second">
          {say('now')} {recordTime(chosen.at)}
        </p>
      )}
      <TextField label={say('reason')} value={reason} onChange={setReason} maxLength={500} />
    </DecisionDialog>
  )
}

/** Whether the course the post-mortem tells still follows the history or stands as signed. */
export function TimelineNote({ incident }: { incident: IncidentDetail }) {
  const say = useText(correctionText)
  const lang = useLanguage()
  const { timeline } = incident
  if (!timeline) return null
  const count = timeline.items.length
  if (!timeline.frozenAt) return <p className="second">{say('following', { count })}</p>
  return (
    <p className="second">
      {say('frozen', { by: timeline.frozenBy ?? '', at: listTime(timeline.frozenAt, lang), count })} · {say('digest')}{' '}
      <code title={timeline.digest ?? ''}>
        {timeline.digest?.slice(0, 4)}…{timeline.digest?.slice(-4)}
      </code>
    </p>
  )
}
