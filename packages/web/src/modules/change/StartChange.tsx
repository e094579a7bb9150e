import type { ChangeCategory, ChangedKind } from '@changbai/contract/change.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { pick, useText } from '../../shared/text.ts'
import { Check, DecisionDialog, Segments, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { changeText } from './changeText.ts'
import { kindKey } from './words.ts'

type Started = Exclude<ChangeCategory, 'MAJOR'>
const CATEGORIES: readonly Started[] = ['NORMAL', 'STANDARD', 'EMERGENCY']
interface Target {
  id: string
  name: string
  kind: ChangedKind
}

/** Begins a change: its category, what it is for, and the things it is made to. Whether it is major follows from what is filled in. */
export function StartChange({ onClose }: { onClose: () => void }) {
  const say = useText(changeText)
  const act = useAct()
  const navigate = useNavigate()
  const [category, setCategory] = useState<Started>('NORMAL')
  const [standardKey, setStandardKey] = useState('')
  const [incidentId, setIncidentId] = useState('')
  const [q, setQ] = useState('')
  const [picked, setPicked] = useState<readonly Target[]>([])
  const catalogue = useQuery({ ...ask('change.catalogue', {}), enabled: category === 'STANDARD' })
  const standards = (catalogue.data?.items ?? []).filter((one) => one.state === 'ACTIVE')
  const standard = standards.find((one) => one.key === standardKey)
  const targets = useQuery(ask('change.targets', { q }))
  const found = (targets.data?.items ?? []).filter((one) => !standard || category !== 'STANDARD' || one.kind === standard.ciKind)
  const ready = picked.length > 0 && (category !== 'STANDARD' || standardKey !== '') && (category !== 'EMERGENCY' || incidentId !== '')
  const toggle = (one: Target, on: boolean) => setPicked(on ? [...picked, one] : picked.filter((other) => other.id !== one.id))
  return (
    <DecisionDialog
      wide
      title={say('newChange')}
      verb={say('create')}
      ready={ready}
      act={async () => {
        const change = await act.runOrThrow(() =>
          call('change.start', {
            category,
            ...(category === 'STANDARD' && { standardKey }),
            ...(category === 'EMERGENCY' && { incidentId }),
            ciIds: picked.map((one) => one.id),
          }),
        )
        void navigate({ to: `/work/changes/${change.id}` as string })
      }}
      onClose={onClose}
    >
      <Segments
        label={say('category')}
        value={category}
        onChange={setCategory}
        options={CATEGORIES.map((one) => [one, say(one)] as const)}
      />
      {category === 'STANDARD' && (
        <SelectField
          label={say('standard')}
          value={standardKey}
          options={standards.map((one) => [one.key, pick(one.name)] as const)}
          onChange={setStandardKey}
        />
      )}
      {category === 'EMERGENCY' && <IncidentChoice value={incidentId} onChange={setIncidentId} />}
      <TextField label={say('things')} help={say('findThing')} value={q} onChange={setQ} maxLength={100} />
      <div className="stack tight" style={{ maxHeight: 260, overflowY: 'auto' }}>
        {picked
          .filter((one) => !found.some((other) => other.id === one.id))
          .map((one) => (
            <Check key={one.id} checked onChange={(on) => toggle(one, on)}>
              {say(kindKey(one.kind))} {one.name}
            </Check>
          ))}
        {found.map((one) => (
          <Check key={one.id} checked={picked.some((other) => other.id === one.id)} onChange={(on) => toggle(one, on)}>
            {say(kindKey(one.kind))} {one.name}{' '}
            <span className="second">
              {one.applicationName} {one.facts}
            </span>
          </Check>
        ))}
      </div>
      {picked.length === 0 && <p className="second">{say('pickedNone')}</p>}
    </DecisionDialog>
  )
}

function IncidentChoice({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const say = useText(changeText)
  const query = useQuery(ask('incident.list', { state: 'open', limit: 100 } as never))
  const grave = (query.data?.items ?? []).filter((one) => one.topSeverity === 'I' || one.topSeverity === 'II')
  if (query.data && grave.length === 0) return <p className="second">{say('noIncident')}</p>
  return (
    <SelectField
      label={say('incident')}
      value={value}
      options={grave.map((one) => [one.id, `${one.number} ${one.topSeverity} ${one.title}`] as const)}
      onChange={onChange}
    />
  )
}
