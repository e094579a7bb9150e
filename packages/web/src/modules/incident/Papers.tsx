import { ActionType, FaultNature, ResponsibleParty } from '@changbai/contract/incident.shapes.ts'
import type { IncidentDetail } from '@changbai/contract/incident.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { addDays, fromWall, serverNow, today, toWall } from '../../shared/time.ts'
import { Button, Check, DayField, DecisionDialog, LongField, PersonField, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { ProblemChoice } from '../problem/index.ts'
import { incidentText } from './incidentText.ts'

interface Props {
  incident: IncidentDetail
  onClose: () => void
}

/** Time, cause and result clear (form 4.8); the times come from the history. */
export function ReportDialog({ incident, onClose }: Props) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [occurred, setOccurred] = useState(toWall(incident.clockStartAt))
  const [detected, setDetected] = useState(toWall(incident.detectedAt ?? incident.reportedAt))
  const [cause, setCause] = useState('')
  const [certainty, setCertainty] = useState('')
  const [result, setResult] = useState('')
  const [impact, setImpact] = useState('')
  const [risk, setRisk] = useState('')
  const [dataLoss, setDataLoss] = useState(incident.criteria.includes('DATA_LOST'))
  return (
    <DecisionDialog
      title={say('report')}
      verb={say('send')}
      wide
      ready={[occurred, detected, cause, certainty, result, impact, risk].every(Boolean)}
      act={() =>
        runOrThrow(() =>
          call('incident.submitReport', {
            incidentId: incident.id,
            report: {
              occurredAt: fromWall(occurred),
              detectedAt: fromWall(detected),
              directCause: cause,
              rootCauseStatus: certainty as 'CONFIRMED',
              result: result as 'RESTORED',
              impactSummary: impact,
              dataLoss,
              residualRisk: risk,
            },
          }),
        )
      }
      onClose={onClose}
    >
      <div className="fields">
        <TextField label={say('occurredAt')} type="datetime-local" value={occurred} onChange={setOccurred} />
        <TextField label={say('detectedAt')} type="datetime-local" value={detected} onChange={setDetected} />
      </div>
      <LongField label={say('directCause')} value={cause} onChange={setCause} maxLength={2000} />
      <div className="fields">
        <SelectField
          label={say('rootCauseStatus')}
          value={certainty}
          onChange={setCertainty}
          options={[
            ['CONFIRMED', say('CONFIRMED_CAUSE')],
            ['PROBABLE', say('PROBABLE')],
            ['INVESTIGATING', say('INVESTIGATING')],
          ]}
        />
        <SelectField
          label={say('result')}
          value={result}
          onChange={setResult}
          options={(['RESTORED', 'WORKAROUND', 'PARTIAL'] as const).map((one) => [one, say(one)] as const)}
        />
      </div>
      <LongField label={say('impactSummary')} value={impact} onChange={setImpact} maxLength={2000} />
      <Check checked={dataLoss} onChange={setDataLoss}>
        {say('dataLoss')}
      </Check>
      <LongField label={say('residualRisk')} value={risk} onChange={setRisk} maxLength={2000} />
    </DecisionDialog>
  )
}

interface Action {
  key: number
  desc: string
  type: string
  ownerId: string
  dueOn: string
  verifyMethod: string
}
const ACTION_DAYS = 14

/** Five whys, nature, responsibility, actions with an owner and a day. What was written before is taken up again after a return. */
export function PostmortemDialog({ incident, onClose }: Props) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const before = incident.postmortem
  const [words, setWords] = useState({
    summary: before?.summary ?? '',
    detection: before?.detection ?? '',
    direct: before?.direct ?? incident.report?.directCause ?? '',
    root: before?.root ?? '',
    unit: before?.responsibility.unit ?? '',
    level: before?.responsibility.level ?? '',
    attendees: before?.attendees ?? '',
    conclusion: before?.conclusion ?? '',
  })
  const [nature, setNature] = useState<string>(before?.nature ?? '')
  const [party, setParty] = useState<string>(before?.responsibility.party ?? '')
  const [recurrenceOf, setRecurrenceOf] = useState(before ? before.recurrenceOf : undefined)
  const [whys, setWhys] = useState(before?.whys.map((one, key) => ({ key, ...one })) ?? [0, 1, 2].map((key) => ({ key, q: '', a: '' })))
  const [actions, setActions] = useState<Action[]>(
    before?.actions.map((one, key) => ({ key, ...one })) ?? [
      { key: 0, desc: '', type: 'PREVENT', ownerId: '', dueOn: addDays(today(), ACTION_DAYS), verifyMethod: '' },
    ],
  )
  const set = (name: keyof typeof words) => (value: string) => setWords((held) => ({ ...held, [name]: value }))
  const setWhy = (key: number, change: object) => setWhys((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)))
  const setAction = (key: number, change: Partial<Action>) =>
    setActions((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)))
  const ready =
    [...Object.values(words), nature, party].every(Boolean) &&
    recurrenceOf !== undefined &&
    whys.every((one) => one.q && one.a) &&
    actions.every((one) => one.desc && one.ownerId && one.dueOn && one.verifyMethod)
  const send = () =>
    runOrThrow(() =>
      call('incident.submitPostmortem', {
        incidentId: incident.id,
        postmortem: {
          summary: words.summary,
          detection: words.detection,
          direct: words.direct,
          root: words.root,
          whys: whys.map(({ q, a }) => ({ q, a })),
          nature: nature as 'HARDWARE',
          responsibility: { party: party as 'PROVIDER', unit: words.unit, level: words.level },
          actions: actions.map(({ key: _, type, ...one }) => ({ ...one, type: type as 'PREVENT' })),
          reviewedAt: new Date(serverNow()).toISOString(),
          attendees: words.attendees,
          conclusion: words.conclusion,
          recurrenceOf: recurrenceOf ?? null,
        },
      }),
    )
  return (
    <DecisionDialog title={say('postmortem')} verb={say('send')} wide ready={ready} act={send} onClose={onClose}>
      <LongField label={say('summary')} value={words.summary} onChange={set('summary')} maxLength={4000} />
      <LongField label={say('detection')} value={words.detection} onChange={set('detection')} maxLength={1000} />
      <div className="fields">
        <LongField label={say('direct')} value={words.direct} onChange={set('direct')} maxLength={2000} />
        <LongField label={say('root')} value={words.root} onChange={set('root')} maxLength={2000} />
      </div>
      <h3>{say('whys')}</h3>
      {whys.map((one, index) => (
        <div key={one.key} className="fields">
          <TextField label={`${say('why')} ${index + 1}`} value={one.q} onChange={(q) => setWhy(one.key, { q })} maxLength={500} />
          <TextField label={say('because')} value={one.a} onChange={(a) => setWhy(one.key, { a })} maxLength={1000} />
        </div>
      ))}
      {whys.length < 7 && (
        <p>
          <Button size="small" onClick={() => setWhys((all) => [...all, { key: all.length, q: '', a: '' }])}>
            {say('addWhy')}
          </Button>
        </p>
      )}
      <div className="fields">
        <SelectField
          label={say('nature')}
          value={nature}
          onChange={setNature}
          options={FaultNature.options.map((one) => [one, say(one)] as const)}
        />
        <SelectField
          label={say('party')}
          value={party}
          onChange={setParty}
          options={ResponsibleParty.options.map((one) => [one, say(one)] as const)}
        />
        <TextField label={say('unit')} value={words.unit} onChange={set('unit')} maxLength={200} />
        <TextField label={say('level')} value={words.level} onChange={set('level')} maxLength={60} />
      </div>
      <ProblemChoice value={recurrenceOf} onChange={setRecurrenceOf} />
      <h3>{say('actions')}</h3>
      {actions.map((one) => (
        <div key={one.key} className="fields">
          <TextField label={say('actionDesc')} value={one.desc} onChange={(desc) => setAction(one.key, { desc })} maxLength={500} full />
          <SelectField
            label={say('nature')}
            value={one.type}
            onChange={(type) => setAction(one.key, { type })}
            options={ActionType.options.map((type) => [type, say(type)] as const)}
          />
          <PersonField label={say('owner')} value={one.ownerId} onChange={(ownerId) => setAction(one.key, { ownerId })} />
          <DayField label={say('dueOn')} value={one.dueOn} onChange={(dueOn) => setAction(one.key, { dueOn })} />
          <TextField
            label={say('verifyMethod')}
            value={one.verifyMethod}
            onChange={(verifyMethod) => setAction(one.key, { verifyMethod })}
            maxLength={500}
          />
        </div>
      ))}
      <p>
        <Button
          size="small"
          onClick={() =>
            setActions((all) => [
              ...all,
              { key: all.length, desc: '', type: 'PREVENT', ownerId: '', dueOn: addDays(today(), ACTION_DAYS), verifyMethod: '' },
            ])
          }
        >
          {say('addAction')}
        </Button>
      </p>
      <TextField label={say('attendees')} value={words.attendees} onChange={set('attendees')} maxLength={500} />
      <LongField label={say('conclusion')} value={words.conclusion} onChange={set('conclusion')} maxLength={2000} />
    </DecisionDialog>
  )
}
