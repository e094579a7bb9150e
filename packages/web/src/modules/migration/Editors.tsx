import type { MigrationDetail, MigrationForm, MigrationPlan } from '@changbai/contract/migration.ts'
import { useEffect, useState } from 'react'
import { call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { fromWall, listTime, toWall } from '../../shared/time.ts'
import {
  Button,
  Contact,
  Facts,
  LongField,
  MinuteField,
  ProblemAlert,
  SelectField,
  Sheet,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import type { Extra } from '../process/index.ts'
import { migrationText } from './migrationText.ts'

const whole = (text: string): number => Math.max(0, Math.trunc(Number(text)) || 0)
const WORDS = ['sourceLocation', 'sourcePlatform', 'sourceOwner', 'mlpsCert'] as const

export function FormSheet({ migration }: { migration: MigrationDetail }) {
  const say = useText(migrationText)
  const act = useAct()
  const [form, setForm] = useState<MigrationForm>(migration.form)
  const set = (part: Partial<MigrationForm>) => setForm((now) => ({ ...now, ...part }))
  if (!migration.may.includes('EDIT_FORM'))
    return (
      <Sheet title={say('form')}>
        <Facts
          items={[
            ...WORDS.map((one) => [say(one), migration.form[one]] as const),
            [say('dataGiB'), migration.form.dataGiB],
            [say('maxDowntimeMin'), migration.form.maxDowntimeMin],
            [say('note'), migration.form.note],
          ]}
        />
      </Sheet>
    )
  return (
    <Sheet title={say('form')}>
      <div className="stack">
        <div className="fields">
          {WORDS.map((one) => (
            <TextField key={one} label={say(one)} value={form[one]} maxLength={200} onChange={(text) => set({ [one]: text })} />
          ))}
          <TextField
            label={say('dataGiB')}
            inputMode="decimal"
            value={String(form.dataGiB)}
            onChange={(text) => set({ dataGiB: whole(text) })}
          />
          <TextField
            label={say('maxDowntimeMin')}
            inputMode="decimal"
            value={String(form.maxDowntimeMin)}
            onChange={(text) => set({ maxDowntimeMin: whole(text) })}
          />
        </div>
        <LongField label={say('note')} optional value={form.note} maxLength={2000} onChange={(note) => set({ note })} />
        <ProblemAlert error={act.error} />
        <p>
          <Button
            busy={act.busy}
            onClick={() => void act.run(() => call('migration.saveForm', { migrationId: migration.id, rev: migration.rev, form }))}
          >
            {say('save')}
          </Button>
        </p>
      </div>
    </Sheet>
  )
}

const METHODS = ['IMAGE', 'REINSTALL', 'DB_REPLICATION', 'OFFLINE_COPY', 'MIXED'] as const
const lines = (text: string): string[][] =>
  text
    .split('\n')
    .map((line) => line.split(/[|｜]/).map((part) => part.trim()))
    .filter(([first]) => first)
const METHOD_OF_CHECK = ['COUNT', 'HASH', 'SAMPLE'] as const

export function PlanSheet({ migration }: { migration: MigrationDetail }) {
  const say = useText(migrationText)
  const lang = useLanguage()
  const act = useAct()
  const { plan } = migration
  const [form, setForm] = useState<MigrationPlan>(plan)
  const [steps, setSteps] = useState(plan.steps.map((one) => `${one.action} | ${one.owner} | ${one.minutes}`).join('\n'))
  const [checks, setChecks] = useState(plan.checks.map((one) => `${one.object} | ${one.method} | ${one.expected}`).join('\n'))
  const [contacts, setContacts] = useState(plan.contacts.map((one) => `${one.name} | ${one.phone} | ${one.role}`).join('\n'))
  const set = (part: Partial<MigrationPlan>) => setForm((now) => ({ ...now, ...part }))
  if (!migration.may.includes('EDIT_PLAN'))
    return (
      <Sheet title={say('plan')}>
        <Facts
          items={[
            [say('method'), say(plan.method)],
            [say('downtimeMinutes'), plan.downtimeMinutes],
            [say('rollbackTrigger'), plan.rollbackTrigger],
            [say('rollbackDecisionAt'), plan.rollbackDecisionAt ? listTime(plan.rollbackDecisionAt, lang) : null],
            [say('securityMeasures'), plan.securityMeasures],
            [
              say('contacts'),
              plan.contacts.map((one, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a contact has no identity but its place
                <div key={index}>
                  {one.name} <Contact value={one.phone} subject="migration" id={migration.id} field={`plan.contacts.${index}.phone`} />{' '}
                  {one.role}
                </div>
              )),
            ],
          ]}
        />
        {/* while it runs, and afterwards, the run sheet shows them with their times */}
        {migration.run.length === 0 && <PlannedCourse plan={plan} />}
      </Sheet>
    )
  const wholePlan = (): MigrationPlan => ({
    ...form,
    steps: lines(steps).map(([action = '', owner = '', minutes = '']) => ({
      action,
      owner: owner || '—',
      minutes: Math.max(1, whole(minutes) || 10),
    })),
    checks: lines(checks).map(([object = '', method = '', expected = '']) => ({
      object,
      method: METHOD_OF_CHECK.find((one) => one === method.toUpperCase()) ?? 'COUNT',
      expected: expected || '—',
    })),
    contacts: lines(contacts).map(([name = '', phone = '', role = '']) => ({ name, phone: phone || '—', role: role || '—' })),
  })
  const minute = (field: 'windowFrom' | 'windowTo' | 'rollbackDecisionAt') => (
    <MinuteField
      label={say(field)}
      value={form[field] ? toWall(form[field]) : ''}
      onChange={(wall) => set({ [field]: wall ? fromWall(wall) : null })}
    />
  )
  return (
    <Sheet title={say('plan')}>
      <div className="stack">
        <div className="fields">
          <SelectField
            label={say('method')}
            value={form.method}
            options={METHODS.map((one) => [one, say(one)] as const)}
            onChange={(one) => set({ method: one as MigrationPlan['method'] })}
          />
          <TextField
            label={say('downtimeMinutes')}
            inputMode="decimal"
            value={String(form.downtimeMinutes)}
            onChange={(text) => set({ downtimeMinutes: whole(text) })}
          />
          {minute('windowFrom')}
          {minute('windowTo')}
          {minute('rollbackDecisionAt')}
        </div>
        <LongField label={say('steps')} help={say('stepHelp')} value={steps} onChange={setSteps} />
        <LongField label={say('checks')} help={say('checkHelp')} value={checks} onChange={setChecks} />
        <LongField
          label={say('rollbackTrigger')}
          value={form.rollbackTrigger}
          maxLength={2000}
          onChange={(rollbackTrigger) => set({ rollbackTrigger })}
        />
        <LongField
          label={say('securityMeasures')}
          value={form.securityMeasures}
          maxLength={2000}
          onChange={(securityMeasures) => set({ securityMeasures })}
        />
        <LongField label={say('contacts')} help={say('contactHelp')} value={contacts} onChange={setContacts} />
        <ProblemAlert error={act.error} />
        <p>
          <Button
            busy={act.busy}
            onClick={() =>
              void act.run(() => call('migration.savePlan', { migrationId: migration.id, rev: migration.rev, plan: wholePlan() }))
            }
          >
            {say('save')}
          </Button>
        </p>
      </div>
    </Sheet>
  )
}

/** Steps and checks as they are planned. */
function PlannedCourse({ plan }: { plan: MigrationPlan }) {
  const say = useText(migrationText)
  return (
    <>
      {plan.steps.length > 0 && <p className="second">{say('steps')}</p>}
      <ol className="numbered">
        {plan.steps.map((step) => (
          <li key={`${step.action}/${step.owner}`}>
            {step.action} <span className="second">{`${step.owner} · ${step.minutes} min`}</span>
          </li>
        ))}
      </ol>
      {plan.checks.length > 0 && <p className="second">{say('checks')}</p>}
      <ol className="numbered">
        {plan.checks.map((check) => (
          <li key={check.object}>
            {check.object} <span className="second">{`${check.method} · ${say('expected', { value: check.expected })}`}</span>
          </li>
        ))}
      </ol>
    </>
  )
}

/** The part of a step that is more than words: another window. */
export function extraFor(formKey: string, migration: MigrationDetail): Extra | undefined {
  if (formKey !== 'migration.rearrange') return undefined
  return ({ outcome, onChange }) => (outcome === 'CANCEL' ? null : <OtherWindow migration={migration} give={onChange} />)
}
function OtherWindow({ migration, give }: { migration: MigrationDetail; give: (data: Record<string, unknown>) => void }) {
  const say = useText(migrationText)
  const [from, setFrom] = useState(migration.plan.windowFrom ? toWall(migration.plan.windowFrom) : '')
  const [to, setTo] = useState(migration.plan.windowTo ? toWall(migration.plan.windowTo) : '')
  useEffect(() => give({ windowFrom: from ? fromWall(from) : null, windowTo: to ? fromWall(to) : null }), [from, to, give])
  return (
    <div className="fields">
      <MinuteField label={say('windowFrom')} value={from} onChange={setFrom} />
      <MinuteField label={say('windowTo')} value={to} onChange={setTo} />
    </div>
  )
}
