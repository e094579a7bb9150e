import './incident.css'
import type { IncidentDetail } from '@changbai/contract/incident.ts'
import { call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import { Button, Deadline, Facts, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { TimelineNote } from './Corrections.tsx'
import { incidentText } from './incidentText.ts'

/** What was written about an incident: plan, report, post-mortem, actions; what is still due says until when. */
export function PapersSheets({ incident }: { incident: IncidentDetail }) {
  return (
    <>
      <Plan incident={incident} />
      <Report incident={incident} />
      <PostmortemSheet incident={incident} />
      <Actions incident={incident} />
    </>
  )
}

function Plan({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const lang = useLanguage()
  const { plan } = incident
  if (!plan) return null
  return (
    <Sheet title={say('planSheet')}>
      <Facts
        items={[
          [say('hypothesis'), plan.hypothesis],
          [say('impact'), plan.impact],
          [say('eta'), listTime(plan.etaResolve, lang)],
          [say('rollback'), plan.rollbackPlan],
          [say('comms'), plan.commsPlan],
          plan.workaround ? [say('workaround'), plan.workaround] : null,
          plan.vendorSupport ? [say('vendor'), plan.vendorSupport] : null,
        ]}
      />
      <h3 className="part">{say('steps')}</h3>
      <ol className="plain-list">
        {plan.steps.map((step) => (
          <li key={step.seq}>
            {step.seq}. {step.action} <span className="second">{step.owner}</span>
          </li>
        ))}
      </ol>
    </Sheet>
  )
}

function Report({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const lang = useLanguage()
  const { report } = incident
  if (!report) {
    if (!incident.reportDueAt || incident.status === 'CLOSED') return null
    return (
      <Sheet title={say('reportDue')}>
        <Deadline dueAt={incident.reportDueAt} />
      </Sheet>
    )
  }
  return (
    <Sheet title={say('report')}>
      <Facts
        items={[
          [say('occurredAt'), listTime(report.occurredAt, lang)],
          [say('detectedAt'), listTime(report.detectedAt, lang)],
          [say('directCause'), report.directCause],
          [say('rootCauseStatus'), say(report.rootCauseStatus === 'CONFIRMED' ? 'CONFIRMED_CAUSE' : report.rootCauseStatus)],
          [say('result'), say(report.result)],
          [say('impactSummary'), report.impactSummary],
          report.dataLoss
            ? [
                say('dataLoss'),
                <Status key="loss" state="breach">
                  {say('DATA_LOST')}
                </Status>,
              ]
            : null,
          [say('residualRisk'), report.residualRisk],
        ]}
      />
    </Sheet>
  )
}

function PostmortemSheet({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const { postmortem } = incident
  if (!postmortem) {
    if (!incident.postmortemDueAt || incident.status === 'CLOSED') return null
    return (
      <Sheet title={say('postmortemDue')}>
        <Deadline dueAt={incident.postmortemDueAt} />
      </Sheet>
    )
  }
  return (
    <Sheet title={say('postmortem')}>
      <Facts
        items={[
          [say('summary'), postmortem.summary],
          [say('detection'), postmortem.detection],
          [say('direct'), postmortem.direct],
          [say('root'), postmortem.root],
          [say('nature'), say(postmortem.nature)],
          [
            say('party'),
            `${say(postmortem.responsibility.party)} · ${postmortem.responsibility.unit} · ${postmortem.responsibility.level}`,
          ],
          [say('attendees'), postmortem.attendees],
          [say('conclusion'), postmortem.conclusion],
        ]}
      />
      <TimelineNote incident={incident} />
      <h3 className="part">{say('whys')}</h3>
      <ol className="plain-list">
        {postmortem.whys.map((one) => (
          <li key={one.q}>
            {one.q} <span className="second">{one.a}</span>
          </li>
        ))}
      </ol>
    </Sheet>
  )
}

function Actions({ incident }: { incident: IncidentDetail }) {
  const say = useText(incidentText)
  const lang = useLanguage()
  const { busy, error, run } = useAct()
  if (incident.actions.length === 0) return null
  const settle = (actionId: string, state: 'DONE' | 'VERIFIED') =>
    void run(() => call('incident.settleAction', { incidentId: incident.id, actionId, state }))
  return (
    <Sheet title={say('actions')} flush>
      <table className="grid">
        <tbody>
          {incident.actions.map((one) => (
            <tr key={one.id}>
              <td>
                <strong>{one.desc}</strong>
                <div className="second">
                  {say(one.type)} · {one.ownerName} · {say('verifyMethod')} {one.verifyMethod}
                </div>
              </td>
              <td>{shortDay(one.dueOn, lang)}</td>
              <td>
                <Status state={one.state === 'VERIFIED' ? 'kept' : one.state === 'DONE' ? 'running' : 'todo'}>
                  {say(one.state === 'VERIFIED' ? 'VERIFIED_ACTION' : one.state)}
                </Status>
              </td>
              <td>
                {incident.may.includes('VERIFY_ACTION') && one.state !== 'VERIFIED' && (
                  <Button size="small" busy={busy} onClick={() => settle(one.id, one.state === 'OPEN' ? 'DONE' : 'VERIFIED')}>
                    {say(one.state === 'OPEN' ? 'markDone' : 'markVerified')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ProblemAlert error={error} />
    </Sheet>
  )
}
