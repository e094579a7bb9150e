import type { EmergencyMode, PlanDetail } from '@changbai/contract/emergency.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, listTime, shortDay, today } from '../../shared/time.ts'
import {
  Button,
  Check,
  Contact,
  DayField,
  DecisionDialog,
  Facts,
  Loaded,
  PageTitle,
  PersonField,
  Sheet,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import { planState } from './EmergenciesPage.tsx'
import { emergencyText } from './emergencyText.ts'
import { PlanDialog } from './PlanDialog.tsx'

export function PlanPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('emergency.plan', { planId: id }))
  return (
    <div className="page">
      <Loaded query={query}>{(plan) => <View plan={plan} />}</Loaded>
    </div>
  )
}

type Asking = 'CHANGE' | 'APPROVE' | EmergencyMode | null
function View({ plan }: { plan: PlanDetail }) {
  const say = useText(emergencyText)
  const lang = useLanguage()
  const [asking, setAsking] = useState<Asking>(null)
  const close = () => setAsking(null)
  return (
    <>
      <PageTitle
        title={plan.name}
        mark={
          <Status state={plan.isReviewDue ? 'risk' : planState[plan.state]}>{plan.isReviewDue ? say('reviewDue') : say(plan.state)}</Status>
        }
        sentence={
          <>
            <code>{plan.number}</code> · {say('version', { n: plan.version })} · {say('rto')} {say('minutes', { n: plan.rtoMinutes })}
          </>
        }
        acts={
          <>
            {plan.mayEdit && <Button onClick={() => setAsking('CHANGE')}>{say('change')}</Button>}
            {plan.mayApprove && (
              <Button kind="primary" onClick={() => setAsking('APPROVE')}>
                {say('approve')}
              </Button>
            )}
            {plan.mayActivate && (
              <>
                <Button onClick={() => setAsking('DRILL')}>{say('activateDrill')}</Button>
                <Button kind="danger" onClick={() => setAsking('REAL')}>
                  {say('activateReal')}
                </Button>
              </>
            )}
          </>
        }
      />
      <div className="split">
        <div className="stack">
          <Sheet>
            <Facts
              items={[
                [say('scenario'), plan.scenario],
                [say('triggers'), plan.triggers],
                [
                  say('runbook'),
                  <Link key="runbook" to={`/plan/processes/${plan.processKey}` as string}>
                    {plan.runbook?.name ?? plan.processKey}
                  </Link>,
                ],
                [say('editedBy'), plan.editedByName],
                [say('approvedBy'), plan.approvedByName ? `${plan.approvedByName} ${listTime(plan.approvedAt ?? '', lang)}` : '—'],
                [say('reviewOn'), plan.reviewOn ? shortDay(plan.reviewOn, lang) : '—'],
                [say('lastDrill'), plan.lastDrillAt ? listTime(plan.lastDrillAt, lang) : say('never')],
              ]}
            />
          </Sheet>
          <Sheet title={say('checklists')}>
            {(plan.runbook?.steps ?? []).map((step) => (
              <div key={step.node}>
                <h3>{step.name}</h3>
                <ul className="plain-list">
                  {(plan.checklists[step.node] ?? []).map((item) => (
                    <li key={item}>{item}</li>
                  ))}
                </ul>
              </div>
            ))}
          </Sheet>
        </div>
        <Sheet title={say('contacts')}>
          <ul className="plain-list">
            {plan.contacts.map((one) => (
              <li key={one.personId}>
                {one.name} · {one.duty} {one.phone && <Contact value={one.phone} subject="person" id={one.personId} field="phone" />}
              </li>
            ))}
          </ul>
        </Sheet>
      </div>
      {asking === 'CHANGE' && <PlanDialog plan={plan} onClose={close} />}
      {asking === 'APPROVE' && <ApproveDialog plan={plan} onClose={close} />}
      {(asking === 'REAL' || asking === 'DRILL') && <ActivateDialog plan={plan} mode={asking} onClose={close} />}
    </>
  )
}

const YEAR = 360
function ApproveDialog({ plan, onClose }: { plan: PlanDetail; onClose: () => void }) {
  const say = useText(emergencyText)
  const { runOrThrow } = useAct()
  const [reviewOn, setReviewOn] = useState(addDays(today(), YEAR))
  return (
    <DecisionDialog
      title={say('approveTitle')}
      verb={say('approve')}
      ready={reviewOn !== ''}
      act={() => runOrThrow(() => call('emergency.approvePlan', { planId: plan.id, reviewOn }))}
      onClose={onClose}
    >
      <DayField label={say('reviewOn')} help={say('approveHelp')} value={reviewOn} onChange={setReviewOn} />
    </DecisionDialog>
  )
}

function ActivateDialog({ plan, mode, onClose }: { plan: PlanDetail; mode: EmergencyMode; onClose: () => void }) {
  const say = useText(emergencyText)
  const navigate = useNavigate()
  const { runOrThrow } = useAct()
  const [who, setWho] = useState({ commanderId: '', operatorId: '', liaisonId: '', approverId: '' })
  const [participantIds, setParticipants] = useState<string[]>([])
  const set = (key: keyof typeof who) => (personId: string) => setWho((held) => ({ ...held, [key]: personId }))
  const title = say(mode === 'DRILL' ? 'activateDrill' : 'activateReal')
  const send = (reason: string) =>
    runOrThrow(async () => {
      const made = await call('emergency.activate', { planId: plan.id, mode, reason, ...who, participantIds })
      await navigate({ to: `/duty/emergencies/${made.id}` as string })
    })
  return (
    <DecisionDialog
      title={title}
      verb={title}
      danger={mode === 'REAL'}
      ready={Object.values(who).every(Boolean)}
      reason={{ label: say('reason') }}
      act={send}
      onClose={onClose}
    >
      <p>{say(mode === 'DRILL' ? 'drillNote' : 'realNote')}</p>
      <div className="fields">
        <PersonField label={say('commander')} value={who.commanderId} onChange={set('commanderId')} />
        <PersonField label={say('operator')} value={who.operatorId} onChange={set('operatorId')} />
        <PersonField label={say('liaison')} value={who.liaisonId} onChange={set('liaisonId')} />
        <PersonField label={say('approver')} {...{ role: 'PROVIDER_LEADER' }} value={who.approverId} onChange={set('approverId')} />
      </div>
      {mode === 'DRILL' && (
        <>
          <h3>{say('participants')}</h3>
          <div className="ticks">
            {plan.contacts.map(({ personId, name, duty }) => (
              <Check
                key={personId}
                checked={participantIds.includes(personId)}
                onChange={(on) => setParticipants((all) => (on ? [...all, personId] : all.filter((one) => one !== personId)))}
              >
                {name} · {duty}
              </Check>
            ))}
          </div>
        </>
      )}
    </DecisionDialog>
  )
}
