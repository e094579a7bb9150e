import type { PlanDetail } from '@changbai/contract/emergency.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, DecisionDialog, LongField, PersonField, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { emergencyText } from './emergencyText.ts'

interface Contact {
  key: number
  personId: string
  duty: string
}
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** A plan stands on a runbook; its checklists are those of the runbook's steps, an item a line. */
export function PlanDialog({ plan, onClose }: { plan?: PlanDetail; onClose: () => void }) {
  const say = useText(emergencyText)
  const navigate = useNavigate()
  const { runOrThrow } = useAct()
  const runbooks = useQuery(ask('emergency.runbooks', {}))
  const [name, setName] = useState(plan?.name ?? '')
  const [scenario, setScenario] = useState(plan?.scenario ?? '')
  const [triggers, setTriggers] = useState(plan?.triggers ?? '')
  const [minutes, setMinutes] = useState(String(plan?.rtoMinutes ?? 60))
  const [processKey, setProcessKey] = useState(plan?.processKey ?? '')
  const [contacts, setContacts] = useState<Contact[]>(
    plan?.contacts.map(({ personId, duty }, key) => ({ key, personId, duty })) ?? [{ key: 0, personId: '', duty: '' }],
  )
  const [lists, setLists] = useState<Record<string, string>>(
    Object.fromEntries(Object.entries(plan?.checklists ?? {}).map(([node, items]) => [node, items.join('\n')])),
  )
  const steps = runbooks.data?.items.find((one) => one.key === processKey)?.steps ?? []
  const setContact = (key: number, change: Partial<Contact>) =>
    setContacts((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)))
  const ready =
    [name, scenario, triggers, processKey].every(Boolean) && Number(minutes) > 0 && contacts.every((one) => one.personId && one.duty)
  const send = () =>
    runOrThrow(async () => {
      const words = {
        name,
        scenario,
        triggers,
        rtoMinutes: Number(minutes),
        processKey,
        contacts: contacts.map(({ personId, duty }) => ({ personId, duty })),
        checklists: Object.fromEntries(
          steps.flatMap(({ node }) => (linesOf(lists[node] ?? '').length > 0 ? [[node, linesOf(lists[node] ?? '')]] : [])),
        ),
      }
      if (plan) await call('emergency.changePlan', { planId: plan.id, ...words })
      else await navigate({ to: `/duty/emergencies/plans/${(await call('emergency.writePlan', words)).id}` as string })
    })
  return (
    <DecisionDialog title={say(plan ? 'change' : 'newPlan')} verb={say('save')} wide ready={ready} act={send} onClose={onClose}>
      <div className="fields">
        <TextField label={say('name')} value={name} onChange={setName} maxLength={120} />
        <TextField label={say('rto')} unit="min" inputMode="decimal" value={minutes} onChange={setMinutes} maxLength={6} />
      </div>
      <LongField label={say('scenario')} value={scenario} onChange={setScenario} maxLength={2000} />
      <LongField label={say('triggers')} value={triggers} onChange={setTriggers} maxLength={2000} />
      <SelectField
        label={say('runbook')}
        value={processKey}
        onChange={setProcessKey}
        options={(runbooks.data?.items ?? []).map((one) => [one.key, one.name] as const)}
      />
      <h3>{say('contacts')}</h3>
      {contacts.map((one) => (
        <div key={one.key} className="fields">
          <PersonField label={say('person')} value={one.personId} onChange={(personId) => setContact(one.key, { personId })} />
          <TextField
            label={say('duty')}
            value={one.duty}
            onChange={(duty) => setContact(one.key, { duty })}
            maxLength={60}
            aside={
              contacts.length > 1 && (
                <Button kind="link" onClick={() => setContacts((all) => all.filter((other) => other.key !== one.key))}>
                  {say('remove')}
                </Button>
              )
            }
          />
        </div>
      ))}
      <p>
        <Button
          size="small"
          onClick={() => setContacts((all) => [...all, { key: Math.max(0, ...all.map((one) => one.key)) + 1, personId: '', duty: '' }])}
        >
          {say('addContact')}
        </Button>
      </p>
      {steps.length > 0 && <h3>{say('checklists')}</h3>}
      {steps.map((step) => (
        <LongField
          key={step.node}
          label={step.name}
          help={say('checklistHelp')}
          optional
          value={lists[step.node] ?? ''}
          onChange={(text) => setLists((held) => ({ ...held, [step.node]: text }))}
          maxLength={4000}
        />
      ))}
    </DecisionDialog>
  )
}
