import { attrsOf, type ChangeDetail, type ChangedAttr, type ChangedKind, type ChangeForm } from '@changbai/contract/change.shapes.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { pick, useText } from '../../shared/text.ts'
import { fromWall, toWall } from '../../shared/time.ts'
import {
  Button,
  Check,
  DayField,
  LongField,
  MinuteField,
  ProblemAlert,
  SelectField,
  Sheet,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { changeText } from './changeText.ts'
import { attrKey } from './words.ts'

const REASONS = ['GROWTH', 'PERFORMANCE', 'SECURITY', 'INCIDENT', 'RECLAIM', 'OTHER'] as const
const DEEDS: readonly ChangedAttr[] = ['restart', 'snapshot']

/** The form while it is written. What a thing has now comes from the server and cannot be typed. */
export function ChangeEditor({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  const act = useAct()
  const [form, setForm] = useState<ChangeForm>(change.form)
  const set = (part: Partial<ChangeForm>) => setForm((now) => ({ ...now, ...part }))
  const errorOf = (field: string) => {
    const gap = change.gaps.find((one) => one.field === field)
    return gap && pick(gap.message)
  }
  const save = () => call('change.save', { changeId: change.id, rev: change.rev, form })
  const emergency = change.category === 'EMERGENCY'
  return (
    <>
      <Sheet title={say('items')} note={change.gaps.length > 0 && <span className="second">{say('gaps', { n: change.gaps.length })}</span>}>
        <div className="stack">
          <TextField
            label={say('title')}
            value={form.title}
            error={errorOf('title')}
            maxLength={120}
            onChange={(title) => set({ title })}
          />
          <ItemLines change={change} form={form} set={set} errorOf={errorOf} />
          <div className="fields">
            <SelectField
              label={say('reason')}
              value={form.reason}
              options={REASONS.map((one) => [one, say(one)] as const)}
              onChange={(reason) => set({ reason: reason as ChangeForm['reason'] })}
            />
            <TextField
              label={say('forecastRef')}
              help={say('forecastHelp')}
              error={errorOf('forecastRef')}
              value={form.forecastRef}
              maxLength={200}
              onChange={(forecastRef) => set({ forecastRef })}
            />
          </div>
          <LongField
            label={say('reasonText')}
            error={errorOf('reasonText')}
            value={form.reasonText}
            maxLength={2000}
            onChange={(reasonText) => set({ reasonText })}
          />
        </div>
      </Sheet>
      <Sheet title={say('plan')}>
        <div className="stack">
          <div className="fields">
            <MinuteField
              label={say('windowFrom')}
              error={errorOf('windowFrom')}
              optional={emergency}
              value={form.windowFrom ? toWall(form.windowFrom) : ''}
              onChange={(wall) => set({ windowFrom: wall ? fromWall(wall) : null })}
            />
            <MinuteField
              label={say('windowTo')}
              error={errorOf('windowTo')}
              optional={emergency}
              value={form.windowTo ? toWall(form.windowTo) : ''}
              onChange={(wall) => set({ windowTo: wall ? fromWall(wall) : null })}
            />
            <SelectField
              label={say('risk')}
              value={form.risk}
              options={(['L', 'M', 'H'] as const).map((one) => [one, say(one)] as const)}
              onChange={(risk) => set({ risk: risk as ChangeForm['risk'] })}
            />
          </div>
          <Check checked={form.downtime} onChange={(downtime) => set({ downtime })}>
            {say('needsDowntime')}
          </Check>
          <StepLines form={form} set={set} error={errorOf('steps')} />
          <LongField
            label={say('rollbackPlan')}
            error={errorOf('rollbackPlan')}
            value={form.rollbackPlan}
            maxLength={2000}
            onChange={(rollbackPlan) => set({ rollbackPlan })}
          />
          <LongField
            label={say('verifyPlan')}
            error={errorOf('verifyPlan')}
            value={form.verifyPlan}
            maxLength={2000}
            onChange={(verifyPlan) => set({ verifyPlan })}
          />
          <ProblemAlert error={act.error} />
          <div className="row">
            <Button busy={act.busy} onClick={() => void act.run(save)}>
              {say('save')}
            </Button>
            {change.may.includes('SUBMIT') && (
              <Button
                kind="primary"
                busy={act.busy}
                onClick={() =>
                  void act.run(async () => {
                    const saved = await save()
                    return call('change.submit', { changeId: change.id, rev: saved.rev })
                  })
                }
              >
                {say('submit')}
              </Button>
            )}
          </div>
        </div>
      </Sheet>
    </>
  )
}

interface Part {
  change: ChangeDetail
  form: ChangeForm
  set: (part: Partial<ChangeForm>) => void
  errorOf: (field: string) => string | undefined
}

function ItemLines({ change, form, set, errorOf }: Part) {
  const say = useText(changeText)
  const things = change.things
  const kindOf = (id: string): ChangedKind => things.find((one) => one.id === id)?.kind ?? 'server'
  const nowOf = (id: string, attr: ChangedAttr) => things.find((one) => one.id === id)?.now[attr] ?? ''
  const put = (index: number, part: Partial<ChangeForm['items'][number]>) =>
    set({ items: form.items.map((item, at) => (at === index ? { ...item, ...part } : item)) })
  const fixed = change.category === 'STANDARD'
  return (
    <div className="stack tight">
      {form.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line being typed has no other identity
        <div className="change-item" key={index}>
          <SelectField
            label={say('thing')}
            value={item.ciId}
            disabled={fixed}
            options={things.map((one) => [one.id, one.name] as const)}
            onChange={(ciId) => put(index, { ciId, attr: attrsOf[kindOf(ciId)][0] as ChangedAttr, to: '' })}
          />
          <SelectField
            label={say('attr')}
            value={item.attr}
            disabled={fixed}
            options={attrsOf[kindOf(item.ciId)].map((attr) => [attr, say(attrKey(attr))] as const)}
            onChange={(attr) => put(index, { attr: attr as ChangedAttr, to: '' })}
          />
          <span className="now">
            <span className="second">{say('from')}</span> {nowOf(item.ciId, item.attr) || '—'}
          </span>
          <Target
            item={item}
            now={nowOf(item.ciId, item.attr)}
            error={errorOf(`items.${index}.to`)}
            onChange={(to) => put(index, { to })}
          />
          {!fixed && (
            <Button size="small" onClick={() => set({ items: form.items.filter((_, at) => at !== index) })}>
              {say('remove')}
            </Button>
          )}
        </div>
      ))}
      {!fixed && things[0] && (
        <p>
          <Button
            size="small"
            onClick={() => {
              const [first] = things
              if (first) set({ items: [...form.items, { ciId: first.id, attr: attrsOf[first.kind][0] as ChangedAttr, to: '' }] })
            }}
          >
            {say('addItem')}
          </Button>
          {errorOf('items') && <span className="field-error"> {errorOf('items')}</span>}
        </p>
      )}
    </div>
  )
}

function Target({
  item,
  now,
  error,
  onChange,
}: {
  item: ChangeForm['items'][number]
  now: string
  error: string | undefined
  onChange: (to: string) => void
}) {
  const say = useText(changeText)
  if (DEEDS.includes(item.attr)) return <span className="now">{say('done')}</span>
  if (item.attr === 'state')
    return (
      <SelectField
        label={say('to')}
        error={error}
        value={item.to}
        options={[
          ['ACTIVE', 'ACTIVE'],
          ['STOPPED', 'STOPPED'],
        ]}
        onChange={onChange}
      />
    )
  if (item.attr === 'tier')
    return (
      <SelectField
        label={say('to')}
        error={error}
        value={item.to}
        options={[
          ['SSD', 'SSD'],
          ['SAS', 'SAS'],
          ['SATA', 'SATA'],
        ]}
        onChange={onChange}
      />
    )
  if (item.attr === 'usageUntil') return <DayField label={say('to')} error={error} value={item.to} onChange={onChange} />
  if (item.attr === 'rules' || item.attr === 'quota')
    return <LongField label={say('to')} error={error} full={false} value={item.to || now} maxLength={20_000} onChange={onChange} />
  return <TextField label={say('to')} error={error} value={item.to} maxLength={500} onChange={onChange} />
}

function StepLines({ form, set, error }: { form: ChangeForm; set: (part: Partial<ChangeForm>) => void; error: string | undefined }) {
  const say = useText(changeText)
  const put = (index: number, part: Partial<ChangeForm['steps'][number]>) =>
    set({ steps: form.steps.map((step, at) => (at === index ? { ...step, ...part } : step)) })
  return (
    <div className="stack tight">
      {form.steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line being typed has no other identity
        <div className="change-step" key={index}>
          <TextField
            label={`${say('action')} ${index + 1}`}
            value={step.action}
            maxLength={500}
            onChange={(action) => put(index, { action })}
          />
          <TextField label={say('owner')} value={step.owner} maxLength={60} onChange={(owner) => put(index, { owner })} />
          <TextField
            label={say('minutes')}
            inputMode="decimal"
            value={String(step.minutes)}
            onChange={(minutes) => put(index, { minutes: Math.max(1, Math.trunc(Number(minutes)) || 1) })}
          />
          <Button size="small" onClick={() => set({ steps: form.steps.filter((_, at) => at !== index) })}>
            {say('remove')}
          </Button>
        </div>
      ))}
      <p>
        <Button size="small" onClick={() => set({ steps: [...form.steps, { action: '', owner: '', minutes: 10 }] })}>
          {say('addStep')}
        </Button>
        {error && <span className="field-error"> {error}</span>}
      </p>
    </div>
  )
}
