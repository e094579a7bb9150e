import type { IncidentDetail } from '@changbai/contract/incident.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { fromWall, listTime, toWall } from '../../shared/time.ts'
import { Button, DecisionDialog, LongField, TextField, useAct } from '../../shared/ui/index.ts'
import { incidentText } from './incidentText.ts'

interface Step {
  key: number
  action: string
  owner: string
}

/** The handling plan (form 4.7). The expected recovery begins at the limit of the solution. */
export function PlanDialog({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const say = useText(incidentText)
  const { runOrThrow } = useAct()
  const due = incident.clocks.find((clock) => clock.clock === 'solution')?.dueAt
  const [words, setWords] = useState({ hypothesis: '', impact: '', rollbackPlan: '', workaround: '', vendorSupport: '', commsPlan: '' })
  const [eta, setEta] = useState(due ? toWall(due) : '')
  const [steps, setSteps] = useState<Step[]>([{ key: 1, action: '', owner: incident.handlerName ?? '' }])
  const set = (name: keyof typeof words) => (value: string) => setWords((before) => ({ ...before, [name]: value }))
  const setStep = (key: number, change: Partial<Step>) =>
    setSteps((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)))
  const ready = [
    words.hypothesis,
    words.impact,
    words.rollbackPlan,
    words.commsPlan,
    eta,
    ...steps.flatMap((one) => [one.action, one.owner]),
  ].every(Boolean)
  return (
    <DecisionDialog
      title={say('planSheet')}
      verb={say('submitPlan')}
      wide
      ready={ready}
      act={() =>
        runOrThrow(() =>
          call('incident.submitPlan', {
            incidentId: incident.id,
            plan: {
              ...words,
              etaResolve: fromWall(eta),
              steps: steps.map(({ action, owner }, index) => ({ seq: index + 1, action, owner, eta: null })),
            },
          }),
        )
      }
      onClose={onClose}
    >
      <LongField label={say('hypothesis')} value={words.hypothesis} onChange={set('hypothesis')} maxLength={2000} />
      <LongField label={say('impact')} value={words.impact} onChange={set('impact')} maxLength={2000} />
      {steps.map((step, index) => (
        <div key={step.key} className="fields">
          <TextField
            label={`${say('action')} ${index + 1}`}
            value={step.action}
            onChange={(action) => setStep(step.key, { action })}
            maxLength={500}
          />
          <TextField label={say('owner')} value={step.owner} onChange={(owner) => setStep(step.key, { owner })} maxLength={60} />
        </div>
      ))}
      <p>
        <Button
          size="small"
          onClick={() => setSteps((all) => [...all, { key: Math.max(...all.map((one) => one.key)) + 1, action: '', owner: '' }])}
        >
          {say('addStep')}
        </Button>
      </p>
      <TextField
        label={say('eta')}
        help={due ? `${say('dueAt', { at: listTime(due) })} · ${say('etaHelp')}` : say('etaHelp')}
        type="datetime-local"
        value={eta}
        onChange={setEta}
      />
      <LongField label={say('rollback')} value={words.rollbackPlan} onChange={set('rollbackPlan')} maxLength={1000} />
      <LongField label={say('comms')} value={words.commsPlan} onChange={set('commsPlan')} maxLength={1000} />
      <LongField label={say('workaround')} optional value={words.workaround} onChange={set('workaround')} maxLength={1000} />
      <TextField label={say('vendor')} optional value={words.vendorSupport} onChange={set('vendorSupport')} maxLength={500} />
    </DecisionDialog>
  )
}
