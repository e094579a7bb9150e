import type { TaskDetail } from '@changbai/contract/process.ts'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useCallback, useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Deadline, Field, Loaded, LongField, ProblemAlert, SelectField, Sheet, TextField, useAct } from '../../shared/ui/index.ts'
import { outcomeVerb, outcomeWord, roleWords } from './names.ts'
import { processText } from './processText.ts'
import { opinionRequired, pageForms, type StepField, stepFields } from './stepFields.ts'
import { TaskMenu } from './TaskMenu.tsx'

/** Fields of a step that are more than words: the lines of a work order. They give their part of the data. */
export type Extra = (props: { outcome: string | null; onChange(data: Record<string, unknown>): void }) => ReactNode

interface Props {
  taskId: string
  /** What a form key asks for beyond words. */
  extraOf?: ((formKey: string) => Extra | undefined) | undefined
  onDone?(): void
}

/** What is asked of the person at this step: opinion, the step's own fields, one button an outcome. */
export function TaskPanel({ taskId, ...rest }: Props) {
  const query = useQuery(ask('process.task', { taskId }))
  return <Loaded query={query}>{(task) => <TaskForm task={task} {...rest} />}</Loaded>
}

/** 退回 is the engine's own verb, not an outcome of the model. */
const SEND_BACK = 'RETURN_TO'

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

function TaskForm({ task, extraOf, onDone }: Omit<Props, 'taskId'> & { task: TaskDetail }) {
  const say = useText(processText)
  const lang = useLanguage()
  const act = useAct()
  const [comment, setComment] = useState(task.earlier?.comment ?? '')
  const [data, setData] = useState<Record<string, unknown>>({})
  const [points, setPoints] = useState<{ field: string; text: string }[]>([])
  const [tried, setTried] = useState<string | null>(null)
  const formKey = task.formKey ?? ''
  const fields = stepFields[formKey] ?? []
  const extra = extraOf?.(formKey)
  const outcomes = task.outcomes.length > 0 ? task.outcomes : ['DONE']
  const returning = tried === SEND_BACK
  const addData = useCallback((more: Record<string, unknown>) => setData((all) => ({ ...all, ...more })), [])

  const lacks = (outcome: string): boolean =>
    fields.some((field) => field.required && field.only?.includes(outcome) && isEmpty(data[field.name])) ||
    ((opinionRequired.has(formKey) || outcome === 'REJECT') && comment.trim() === '') ||
    (outcome === SEND_BACK && !points.some((point) => point.text.trim()))

  const send = async (outcome: string): Promise<void> => {
    setTried(outcome)
    if (outcome === SEND_BACK && points.length === 0) setPoints([{ field: '', text: '' }])
    if (lacks(outcome)) return
    const filled = Object.fromEntries(Object.entries(data).filter(([, value]) => !isEmpty(value)))
    const done = await act.run(() =>
      outcome === SEND_BACK
        ? call('process.return', {
            taskId: task.id,
            toNode: task.returnDefault ?? task.returnTo[0]?.node ?? '',
            reasons: points.filter((point) => point.text.trim()),
            comment,
            rev: task.rev,
          })
        : call('process.complete', {
            taskId: task.id,
            ...(task.outcomes.length > 0 ? { outcome } : {}),
            data: { ...filled, comment },
            rev: task.rev,
            comment,
          }),
    )
    if (done) onDone?.()
  }

  if (task.state === 'DONE' && task.doneBy) {
    return (
      <Sheet title={task.name}>
        <p className="second">
          {say('doneAlready', {
            by: task.doneBy.name,
            at: task.doneAt ? listTime(task.doneAt, lang) : '',
            outcome: outcomeWord(task.outcome ?? '', lang),
          })}
        </p>
      </Sheet>
    )
  }
  if (!task.may.complete) {
    return (
      <Sheet title={task.name} acts={<TaskMenu task={task} />}>
        <p className="second">{task.whyNot ?? say('notYours', { who: task.assignee?.name ?? roleWords(task.roles, lang) })}</p>
        {task.may.claim && (
          <Button kind="primary" busy={act.busy} onClick={() => void act.run(() => call('process.claim', { taskId: task.id }))}>
            {say('claim')}
          </Button>
        )}
        {act.error !== null && <ProblemAlert error={act.error} />}
      </Sheet>
    )
  }
  return (
    <Sheet
      title={say('decide', { step: task.name })}
      note={<Deadline dueAt={task.dueAt} usedRatio={task.usedRatio} left={task.left} bar={false} />}
      acts={<TaskMenu task={task} />}
    >
      <div className="stack tight">
        {task.returned && (
          <div className="notice risk">
            <strong>{say('returned', { by: task.returned.by.name, at: listTime(task.returned.at, lang) })}</strong>
            <ul>
              {task.returned.reasons.map((reason) => (
                <li key={`${reason.field}${reason.text}`}>{reason.text}</li>
              ))}
            </ul>
            {task.returned.comment}
          </div>
        )}
        {task.earlier && (
          <p className="second">
            {say('earlier', {
              by: task.earlier.by.name,
              at: listTime(task.earlier.at, lang),
              outcome: outcomeWord(task.earlier.outcome, lang),
            })}
          </p>
        )}
        {!pageForms.has(formKey) && (
          <>
            <div className="fields">
              {fields
                .filter((field) => !field.only || tried === null || field.only.includes(tried))
                .map((field) => (
                  <StepFieldInput
                    key={field.name}
                    field={field}
                    value={data[field.name]}
                    missing={tried !== null && lacks(tried) && isEmpty(data[field.name]) && field.required === true}
                    onChange={(value) => setData((all) => ({ ...all, [field.name]: value }))}
                  />
                ))}
            </div>
            {extra?.({ outcome: tried, onChange: addData })}
            {returning && <PointList points={points} onChange={setPoints} />}
            <LongField
              label={say('opinion')}
              help={say('opinionHelp')}
              error={
                tried !== null && (opinionRequired.has(formKey) || tried === 'REJECT') && comment.trim() === ''
                  ? say('required')
                  : undefined
              }
              value={comment}
              rows={3}
              maxLength={2000}
              onChange={setComment}
            />
          </>
        )}
        {act.error !== null && <ProblemAlert error={act.error} />}
        {!pageForms.has(formKey) && (
          <div className="page-acts">
            {outcomes.map((outcome, index) => (
              <Button
                key={outcome}
                kind={index === 0 ? 'primary' : outcome === 'REJECT' || outcome === 'CANCEL' ? 'danger' : 'plain'}
                busy={act.busy && tried === outcome}
                onClick={() => void send(outcome)}
              >
                {outcomeVerb(outcome, lang)}
              </Button>
            ))}
            {task.may.return && (
              <Button busy={act.busy && returning} onClick={() => void send(SEND_BACK)}>
                {outcomeVerb('RETURN', lang)}
              </Button>
            )}
          </div>
        )}
      </div>
    </Sheet>
  )
}

function StepFieldInput({
  field,
  value,
  missing,
  onChange,
}: {
  field: StepField
  value: unknown
  missing: boolean
  onChange(value: unknown): void
}) {
  const say = useText(processText)
  const lang = useLanguage()
  const label = lang === 'en-US' ? field.en : field.zh
  const error = missing ? say('required') : undefined
  const text = typeof value === 'string' ? value : ''
  if (field.kind === 'choice') {
    const options = (field.options ?? []).map((one) => [one.value, lang === 'en-US' ? one.en : one.zh] as const)
    return <SelectField label={label} error={error} value={text || (options[0]?.[0] ?? '')} options={options} onChange={onChange} />
  }
  if (field.kind === 'long') return <LongField label={label} error={error} value={text} rows={2} maxLength={4000} onChange={onChange} />
  if (field.kind === 'number') {
    return (
      <TextField
        label={label}
        error={error}
        unit={field.unit}
        inputMode="decimal"
        value={typeof value === 'number' ? String(value) : ''}
        onChange={(typed) => onChange(typed === '' || Number.isNaN(Number(typed)) ? undefined : Number(typed))}
      />
    )
  }
  return (
    <TextField label={label} error={error} type={field.kind === 'day' ? 'date' : 'text'} value={text} maxLength={200} onChange={onChange} />
  )
}

function PointList({
  points,
  onChange,
}: {
  points: readonly { field: string; text: string }[]
  onChange(points: { field: string; text: string }[]): void
}) {
  const say = useText(processText)
  const change = (index: number, to: Partial<{ field: string; text: string }>): void =>
    onChange(points.map((point, at) => (at === index ? { ...point, ...to } : point)))
  return (
    <Field label={say('returnPoint')} full>
      {() => (
        <div className="stack tight">
          {points.map((point, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: points have no identity but their place
            <div key={index} className="fields">
              <TextField
                label={say('returnField')}
                optional
                value={point.field}
                maxLength={200}
                onChange={(field) => change(index, { field })}
              />
              <TextField
                label={say('returnWhy')}
                error={point.text.trim() ? undefined : say('required')}
                value={point.text}
                maxLength={1000}
                onChange={(text) => change(index, { text })}
              />
            </div>
          ))}
          <div>
            <Button kind="plain" onClick={() => onChange([...points, { field: '', text: '' }])}>
              {say('addPoint')}
            </Button>
          </div>
        </div>
      )}
    </Field>
  )
}
