import type { TaskDetail } from '@changbai/contract/process.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { call } from '../../shared/call.ts'
import { useKept } from '../../shared/kept.ts'
import { ProblemError } from '../../shared/problem.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, DecisionDialog, LongField, ProblemAlert, useAct } from '../../shared/ui/index.ts'
import { outcomeVerb, outcomeWord } from './names.ts'
import { processText } from './processText.ts'
import { ReturnDialog } from './ReturnDialog.tsx'
import { StepFieldInput } from './StepFieldInput.tsx'
import type { Done, Extra } from './step.ts'
import { fieldsFor, missingOf, opinionRequired, settled, stepFields } from './stepFields.ts'

/** Outcomes that end something or refuse: asked again in a dialog that names the matter and wants the reasons. */
const ENDING = new Set(['REJECT', 'CANCEL', 'CANNOT'])

interface Begun {
  comment: string
  data: Record<string, unknown>
}

/** What is asked of the person at this step: the step's own fields, the opinion, one button an outcome. What was begun survives a reload. */
export function TaskForm({ task, extra, onDone }: { task: TaskDetail; extra?: Extra | undefined; onDone(done: Done): void }) {
  const say = useText(processText)
  const lang = useLanguage()
  const act = useAct()
  const client = useQueryClient()
  const [begun, setBegun, drop] = useKept<Begun>(`task.${task.id}`, { comment: task.earlier?.comment ?? '', data: {} })
  const [extraData, setExtraData] = useState<Record<string, unknown>>({})
  const [tried, setTried] = useState<string | null>(null)
  const [asking, setAsking] = useState<string | null>(null)
  const { comment, data } = begun
  const formKey = task.formKey ?? ''
  const outcomes = task.outcomes.length > 0 ? task.outcomes : ['DONE']
  const [first] = outcomes
  const all = stepFields[formKey] ?? []
  const fields = fieldsFor(all, tried, data, first)
  const addData = useCallback((more: Record<string, unknown>) => setExtraData((before) => ({ ...before, ...more })), [])
  const setField = (name: string, value: unknown): void => setBegun((before) => ({ ...before, data: { ...before.data, [name]: value } }))

  const complete = async (outcome: string, words: string): Promise<void> => {
    const asked = fieldsFor(all, outcome, data, first)
    const values = settled(asked, Object.fromEntries(Object.entries(data).filter(([name]) => asked.some((field) => field.name === name))))
    await call('process.complete', {
      taskId: task.id,
      ...(task.outcomes.length > 0 ? { outcome } : {}),
      data: { ...extraData, ...values, comment: words },
      rev: task.rev,
      comment: words,
    })
    drop()
    onDone({ step: task.name, outcome })
  }
  const press = async (outcome: string): Promise<void> => {
    if (ENDING.has(outcome)) return setAsking(outcome)
    setTried(outcome)
    const lacks =
      missingOf(fieldsFor(all, outcome, data, first), data).length > 0 || (opinionRequired(formKey, outcome) && comment.trim() === '')
    if (!lacks) await act.run(() => complete(outcome, comment))
  }
  const askedForEnding = asking ? fieldsFor(all, asking, data, first).filter((field) => field.only?.includes(asking)) : []
  const endingGaps = missingOf(askedForEnding, data)

  return (
    <>
      {fields.length > 0 && (
        <div className="fields">
          {fields.map((field) => (
            <StepFieldInput
              key={field.name}
              field={field}
              value={data[field.name]}
              missing={tried !== null && missingOf([field], data).length > 0}
              onChange={(value) => setField(field.name, value)}
            />
          ))}
        </div>
      )}
      {extra?.({ outcome: tried, data: settled(all, data), onChange: addData })}
      <LongField
        label={say('opinion')}
        optional={!opinionRequired(formKey, tried)}
        error={tried !== null && opinionRequired(formKey, tried) && comment.trim() === '' ? say('opinionWanted') : undefined}
        value={comment}
        rows={2}
        maxLength={2000}
        onChange={(text) => setBegun((before) => ({ ...before, comment: text }))}
        onKeyDown={(event) => {
          if (event.ctrlKey && event.key === 'Enter' && first) void press(first)
        }}
      />
      <Refused error={act.error} again={() => void client.invalidateQueries()} />
      <div className="page-acts decide">
        {outcomes.map((outcome, index) => (
          <Button
            key={outcome}
            {...(index === 0 && { kind: 'primary' as const, title: 'Ctrl + Enter' })}
            busy={act.busy && tried === outcome}
            onClick={() => void press(outcome)}
          >
            {outcomeVerb(outcome, lang, task.node)}
          </Button>
        ))}
        {task.may.return && <Button onClick={() => setAsking('RETURN_TO')}>{outcomeVerb('RETURN', lang)}</Button>}
      </div>
      {asking === 'RETURN_TO' && (
        <ReturnDialog
          task={task}
          comment={comment}
          onDone={() => {
            drop()
            onDone({ step: task.name, outcome: 'RETURN' })
          }}
          onClose={() => setAsking(null)}
        />
      )}
      {asking && asking !== 'RETURN_TO' && (
        <DecisionDialog
          title={`${outcomeVerb(asking, lang, task.node)} · ${stepWord(task.name, lang)} · ${task.title}`}
          verb={outcomeVerb(asking, lang, task.node)}
          danger
          reason={{ label: say('reasonOf', { verb: outcomeVerb(asking, lang, task.node) }), help: say('reasonShown'), initial: comment }}
          ready={endingGaps.length === 0}
          act={(reason) => act.runOrThrow(() => complete(asking, reason))}
          onClose={() => setAsking(null)}
        >
          {asking === 'REJECT' && <p>{say('rejectHelp')}</p>}
          {askedForEnding.map((field) => (
            <StepFieldInput
              key={field.name}
              field={field}
              value={data[field.name]}
              missing={false}
              onChange={(value) => setField(field.name, value)}
            />
          ))}
        </DecisionDialog>
      )}
    </>
  )
}

/** Why it was not taken. Somebody faster is named with time and result; everything else leaves what was written where it is. */
function Refused({ error, again }: { error: unknown; again(): void }) {
  const say = useText(processText)
  const lang = useLanguage()
  if (!error) return null
  const body = error instanceof ProblemError && error.is('process.task-gone') ? error.body : null
  if (!body) return <ProblemAlert error={error} help={say('keptHere')} />
  const { by, at, outcome } = body as { by?: unknown; at?: unknown; outcome?: unknown }
  const title = say('faster', {
    by: String(by ?? ''),
    at: typeof at === 'string' ? listTime(at, lang) : '',
    outcome: outcomeWord(String(outcome ?? ''), lang),
  })
  return (
    <div className="notice risk" role="alert">
      <strong>{title}</strong>{' '}
      <button type="button" className="link" onClick={again}>
        {say('showNow')}
      </button>
    </div>
  )
}
