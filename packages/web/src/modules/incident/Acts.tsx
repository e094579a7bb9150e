import { type Criterion, severityOf } from '@changbai/contract/incident.shapes.ts'
import type { IncidentAct, IncidentDetail } from '@changbai/contract/incident.ts'
import { useState } from 'react'
import { call, download } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { fromWall } from '../../shared/time.ts'
import { Button, Contact, DecisionDialog, Menu, ProblemAlert, Segments, TextField, useAct } from '../../shared/ui/index.ts'
import { CorrectDialog } from './Corrections.tsx'
import { correctionText } from './correctionText.ts'
import { incidentText } from './incidentText.ts'
import { MergeDialog } from './MergeDialog.tsx'
import { PostmortemDialog, ReportDialog } from './Papers.tsx'
import { PlanDialog } from './PlanDialog.tsx'
import { Criteria } from './ReportPage.tsx'

type Open = IncidentAct | null

/** The verbs of one incident: the step it waits for first, the rest in a menu. */
export function Acts({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const sayCorrection = useText(correctionText)
  const [open, setOpen] = useState<Open>(null)
  const { busy, error, run } = useAct()
  const may = (act: IncidentAct) => incident.may.includes(act)
  const incidentId = incident.id
  const main: [IncidentAct, string][] = [
    ['ACK_LEADER', say('ackLeader')],
    ['TAKE', say('take')],
    ['RESPOND', say('respond')],
    ['PLAN', say('submitPlan')],
    ['RESOLVE', say('resolve')],
    ['VERIFY', say('verify')],
    ['CONFIRM', say('confirmRestored')],
    ['REPORT', say('writeReport')],
    ['POSTMORTEM', say('writePostmortem')],
    ['APPROVE_POSTMORTEM', say('approvePostmortem')],
    ['RATE', say('rate')],
  ]
  const more: [IncidentAct, string][] = [
    ['BROADCAST', say('broadcast')],
    ['LEVEL', say('changeLevel')],
    ['SCHEDULE', say('schedule')],
    ['HOLD', say('hold')],
    ['RELEASE', say('release')],
    ['MERGE', say('merge')],
    ['CORRECT', sayCorrection('correct')],
  ]
  const press = (act: IncidentAct) => {
    if (act === 'ACK_LEADER') void run(() => call('incident.ackLeader', { incidentId }))
    else if (act === 'TAKE') void run(() => call('incident.take', { incidentId }))
    else if (act === 'RELEASE') void run(() => call('incident.release', { incidentId }))
    else setOpen(act)
  }
  const verbs = main.filter(([act]) => may(act) && !(act === 'TAKE' && incident.handlerName))
  const rest = [
    ...more.filter(([act]) => may(act)),
    ...(may('TAKE') && incident.handlerName ? [['TAKE', say('take')] as [IncidentAct, string]] : []),
  ]
  return (
    <>
      <span className="row wrap">
        {verbs.map(([act, word], index) => (
          <Button key={act} busy={busy} {...(index === 0 && { kind: 'primary' as const })} onClick={() => press(act)}>
            {word}
          </Button>
        ))}
        {rest.length > 0 && (
          <Menu button="⋯" label={say('actions')}>
            {rest.map(([act, word]) => (
              <button type="button" key={act} onClick={() => press(act)}>
                {word}
              </button>
            ))}
            <button type="button" onClick={() => void run(() => download('incident.print', { incidentId }))}>
              {say('print')}
            </button>
          </Menu>
        )}
      </span>
      <ProblemAlert error={error} />
      <Dialogs incident={incident} open={open} onClose={() => setOpen(null)} />
    </>
  )
}

function Dialogs({ incident, open, onClose }: { incident: IncidentDetail; open: Open; onClose: () => void }) {
  switch (open) {
    case 'RESPOND':
      return <RespondDialog incident={incident} onClose={onClose} />
    case 'PLAN':
      return <PlanDialog incident={incident} onClose={onClose} />
    case 'RESOLVE':
      return <ResolveDialog incident={incident} onClose={onClose} />
    case 'VERIFY':
    case 'CONFIRM':
      return <RestoredDialog incident={incident} onClose={onClose} asCustomer={open === 'CONFIRM'} />
    case 'REPORT':
      return <ReportDialog incident={incident} onClose={onClose} />
    case 'POSTMORTEM':
      return <PostmortemDialog incident={incident} onClose={onClose} />
    case 'APPROVE_POSTMORTEM':
      return <ApproveDialog incident={incident} onClose={onClose} />
    case 'LEVEL':
      return <LevelDialog incident={incident} onClose={onClose} />
    case 'MERGE':
      return <MergeDialog incident={incident} onClose={onClose} />
    case 'CORRECT':
      return <CorrectDialog incident={incident} onClose={onClose} />
    case 'SCHEDULE':
      return <ScheduleDialog incident={incident} onClose={onClose} />
    case 'RATE':
      return <RateDialog incident={incident} onClose={onClose} />
    case 'HOLD':
    case 'BROADCAST':
      return <TextDialog incident={incident} onClose={onClose} act={open} />
    default:
      return null
  }
}

interface Props {
  incident: IncidentDetail
  onClose: () => void
}
const optionalInstant = (wall: string) => (wall ? { at: fromWall(wall) } : {})

function RespondDialog({ incident, onClose }: Props) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [channel, setChannel] = useState<'PHONE' | 'ONSITE' | 'PORTAL'>('PHONE')
  const [at, setAt] = useState('')
  return (
    <DecisionDialog
      title={say('respond')}
      verb={say('respond')}
      reason={{ label: say('note') }}
      act={(note) => runOrThrow(() => call('incident.respond', { incidentId: incident.id, channel, note, ...optionalInstant(at) }))}
      onClose={onClose}
    >
      <p className="second">{say('respondHelp')}</p>
      {incident.reporterPhone && (
        <p>
          {incident.reporterName} <Contact value={incident.reporterPhone} subject="incident" id={incident.id} field="reporterPhone" />
        </p>
      )}
      <Segments
        label={say('channel')}
        value={channel}
        onChange={setChannel}
        options={[
          ['PHONE', say('PHONE')],
          ['ONSITE', say('ONSITE')],
          ['PORTAL', say('PORTAL_CONTACT')],
        ]}
      />
      <TextField label={say('happenedAt')} optional type="datetime-local" value={at} onChange={setAt} />
    </DecisionDialog>
  )
}

function ResolveDialog({ incident, onClose }: Props) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [at, setAt] = useState('')
  return (
    <DecisionDialog
      title={say('resolve')}
      verb={say('resolve')}
      reason={{ label: say('result') }}
      act={(result) => runOrThrow(() => call('incident.resolve', { incidentId: incident.id, result, ...optionalInstant(at) }))}
      onClose={onClose}
    >
      <TextField label={say('happenedAt')} optional type="datetime-local" value={at} onChange={setAt} />
    </DecisionDialog>
  )
}

function RestoredDialog({ incident, onClose, asCustomer }: Props & { asCustomer: boolean }) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [answer, setAnswer] = useState<'' | 'yes' | 'no'>('')
  return (
    <DecisionDialog
      title={say(asCustomer ? 'confirmRestored' : 'verify')}
      verb={say('send')}
      ready={answer !== ''}
      reason={{ label: say('comment'), optional: answer !== 'no' }}
      act={(comment) =>
        runOrThrow(() =>
          call(asCustomer ? 'incident.confirm' : 'incident.verify', { incidentId: incident.id, restored: answer === 'yes', comment }),
        )
      }
      onClose={onClose}
    >
      <Segments
        label={say('verify')}
        value={answer}
        onChange={setAnswer}
        options={[
          ['yes', say('restored')],
          ['no', say('notRestored')],
        ]}
      />
    </DecisionDialog>
  )
}

function ApproveDialog({ incident, onClose }: Props) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [answer, setAnswer] = useState<'' | 'yes' | 'no'>('')
  return (
    <DecisionDialog
      title={say('approvePostmortem')}
      verb={say('send')}
      ready={answer !== ''}
      reason={{ label: say('comment'), optional: answer !== 'no' }}
      act={(comment) =>
        runOrThrow(() => call('incident.approvePostmortem', { incidentId: incident.id, approve: answer === 'yes', comment }))
      }
      onClose={onClose}
    >
      <p>{incident.postmortem?.summary}</p>
      <Segments
        label={say('approvePostmortem')}
        value={answer}
        onChange={setAnswer}
        options={[
          ['yes', say('approve')],
          ['no', say('sendBack')],
        ]}
      />
    </DecisionDialog>
  )
}

function LevelDialog({ incident, onClose }: Props) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [criteria, setCriteria] = useState<Criterion[]>(incident.criteria)
  return (
    <DecisionDialog
      title={say('changeLevel')}
      verb={say('changeLevel')}
      wide
      ready={criteria.length > 0}
      reason={{ label: say('reason') }}
      act={(reason) =>
        runOrThrow(() => call('incident.changeLevel', { incidentId: incident.id, to: severityOf(criteria), criteria, reason }))
      }
      onClose={onClose}
    >
      <p className="second">{say('levelHelp')}</p>
      <Criteria value={criteria} onChange={setCriteria} />
    </DecisionDialog>
  )
}

function ScheduleDialog({ incident, onClose }: Props) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [at, setAt] = useState('')
  return (
    <DecisionDialog
      title={say('schedule')}
      verb={say('schedule')}
      ready={at !== ''}
      reason={{ label: say('confirmation') }}
      act={(confirmation) => runOrThrow(() => call('incident.schedule', { incidentId: incident.id, for: fromWall(at), confirmation }))}
      onClose={onClose}
    >
      <TextField label={say('scheduleFor')} type="datetime-local" value={at} onChange={setAt} />
    </DecisionDialog>
  )
}

function RateDialog({ incident, onClose }: Props) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const [score, setScore] = useState('')
  return (
    <DecisionDialog
      title={say('rate')}
      verb={say('send')}
      ready={score !== ''}
      reason={{ label: say('comment'), optional: true }}
      act={(comment) => runOrThrow(() => call('incident.rate', { incidentId: incident.id, score: Number(score), comment }))}
      onClose={onClose}
    >
      <p className="second">{say('rateHelp')}</p>
      <Segments
        label={say('rate')}
        value={score}
        onChange={setScore}
        options={['1', '2', '3', '4', '5'].map((one) => [one, one] as const)}
      />
    </DecisionDialog>
  )
}

function TextDialog({ incident, onClose, act }: Props & { act: 'HOLD' | 'BROADCAST' }) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const hold = act === 'HOLD'
  return (
    <DecisionDialog
      title={say(hold ? 'hold' : 'broadcast')}
      verb={say(hold ? 'hold' : 'broadcast')}
      reason={{ label: say(hold ? 'reason' : 'note') }}
      act={(text) =>
        runOrThrow(() =>
          hold
            ? call('incident.hold', { incidentId: incident.id, reason: text })
            : call('incident.broadcast', { incidentId: incident.id, text }),
        )
      }
      onClose={onClose}
    />
  )
}
