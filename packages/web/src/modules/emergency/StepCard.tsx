import type { EmergencyDetail } from '@changbai/contract/emergency.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, Check, LongField, ProblemAlert, useAct } from '../../shared/ui/index.ts'
import { emergencyText } from './emergencyText.ts'

/** A step as it is done on the spot: tick off, say what was done, next. */
export function StepCard({ run, step }: { run: EmergencyDetail; step: EmergencyDetail['steps'][number] }) {
  const say = useText(emergencyText)
  const { busy, error, run: act } = useAct()
  const [checked, setChecked] = useState<string[]>([])
  const [note, setNote] = useState('')
  const [summary, setSummary] = useState({
    result: run.summary?.result ?? '',
    findings: run.summary?.findings ?? '',
    improvements: run.summary?.improvements ?? '',
  })
  const ids = { emergencyId: run.id, taskId: step.taskId }
  const write = (key: keyof typeof summary) => (value: string) => setSummary((held) => ({ ...held, [key]: value }))
  const button = (label: string, send: () => Promise<unknown>, primary = true) => (
    <Button kind={primary ? 'primary' : 'plain'} busy={busy} onClick={() => void act(send)}>
      {label}
    </Button>
  )
  return (
    <section className="stack tight">
      <h3>
        {step.name} <span className="second">{say('doneBy', { name: step.assigneeName })}</span>
      </h3>
      {step.kind === 'STEP' && (
        <div className="ticks">
          {step.checklist.map((item) => (
            <Check
              key={item}
              checked={checked.includes(item)}
              onChange={(on) => step.mine && setChecked((all) => (on ? [...all, item] : all.filter((one) => one !== item)))}
            >
              {item}
            </Check>
          ))}
        </div>
      )}
      {step.mine && step.kind === 'SUMMARY' && (
        <>
          <LongField label={say('result')} value={summary.result} onChange={write('result')} maxLength={4000} />
          <LongField label={say('findings')} value={summary.findings} onChange={write('findings')} maxLength={4000} />
          <LongField label={say('improvements')} optional value={summary.improvements} onChange={write('improvements')} maxLength={4000} />
          <p>{button(say('submit'), () => call('emergency.summarise', { ...ids, summary }))}</p>
        </>
      )}
      {step.mine && step.kind !== 'SUMMARY' && (
        <>
          <LongField
            label={say(step.kind === 'APPROVE' ? 'comment' : 'note')}
            help={step.checklist.length > 0 ? say('noteHelp') : undefined}
            optional
            rows={2}
            value={note}
            onChange={setNote}
            maxLength={1000}
          />
          <p className="row">
            {step.kind === 'STEP' && button(say('done'), () => call('emergency.step', { ...ids, checked, note }))}
            {step.kind === 'VERIFY' && button(say('restored'), () => call('emergency.verify', { ...ids, restored: true, note }))}
            {step.kind === 'VERIFY' && button(say('notRestored'), () => call('emergency.verify', { ...ids, restored: false, note }), false)}
            {step.kind === 'APPROVE' && button(say('agree'), () => call('emergency.approve', { ...ids, approve: true, comment: note }))}
            {step.kind === 'APPROVE' &&
              button(say('sendBack'), () => call('emergency.approve', { ...ids, approve: false, comment: note }), false)}
          </p>
        </>
      )}
      <ProblemAlert error={error} />
    </section>
  )
}
