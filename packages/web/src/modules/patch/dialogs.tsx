import { type PatchBaseline, PatchSeverity } from '@changbai/contract/patch.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { addDays, fromWall, today } from '../../shared/time.ts'
import { Check, DecisionDialog, LongField, MinuteField, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { patchText } from './patchText.ts'

/** `name version`, one a line. */
const packagesIn = (text: string) =>
  text.split('\n').flatMap((line) => {
    const [name, ...version] = line.trim().split(/\s+/)
    return name && version.length > 0 ? [{ name, version: version.join(' ') }] : []
  })

export function PublishDialog({ onClose }: { onClose: () => void }) {
  const say = useText(patchText)
  const { runOrThrow } = useAct()
  const images = useQuery(ask('inventory.listImages', { limit: 200 }))
  const [imageId, setImageId] = useState('')
  const [severity, setSeverity] = useState<PatchBaseline['severity']>('IMPORTANT')
  const [summary, setSummary] = useState('')
  const [packages, setPackages] = useState('')
  return (
    <DecisionDialog
      title={say('publish')}
      verb={say('publish')}
      ready={imageId !== '' && summary !== ''}
      act={() => runOrThrow(() => call('patch.publish', { imageId, severity, summary, packages: packagesIn(packages) }))}
      onClose={onClose}
    >
      <div className="stack tight">
        <SelectField
          label={say('image')}
          value={imageId}
          empty="—"
          options={(images.data?.items ?? []).map((one) => [one.id, one.name] as const)}
          onChange={setImageId}
        />
        <SelectField
          label={say('severity')}
          value={severity}
          options={PatchSeverity.options.map((one) => [one, say(one)] as const)}
          onChange={(to) => setSeverity(to as PatchBaseline['severity'])}
        />
        <LongField label={say('summary')} value={summary} maxLength={1000} onChange={setSummary} />
        <LongField label={say('packages')} help={say('packagesHelp')} optional value={packages} onChange={setPackages} />
      </div>
    </DecisionDialog>
  )
}

export function PlanDialog({ baseline, onClose }: { baseline: PatchBaseline; onClose: () => void }) {
  const say = useText(patchText)
  const navigate = useNavigate()
  const { runOrThrow } = useAct()
  const day = addDays(today(), 5)
  const [title, setTitle] = useState(`${baseline.imageName} ${say('versionN', { n: baseline.version })}`)
  const [from, setFrom] = useState(fromWall(`${day}T22:00`))
  const [to, setTo] = useState(fromWall(`${addDays(day, 1)}T04:00`))
  const [restart, setRestart] = useState(true)
  const [rollbackPlan, setRollbackPlan] = useState('')
  return (
    <DecisionDialog
      title={say('planFor', { image: baseline.imageName })}
      verb={say('plan')}
      ready={title !== '' && from !== '' && to !== '' && rollbackPlan !== ''}
      act={() =>
        runOrThrow(async () => {
          const made = await call('patch.plan', { title, baselineId: baseline.id, windowFrom: from, windowTo: to, restart, rollbackPlan })
          await navigate({ to: `/duty/patches/${made.id}` as string })
        })
      }
      onClose={onClose}
    >
      <div className="stack tight">
        <p className="second">{say('allServers')}</p>
        <TextField label={say('title')} value={title} maxLength={120} onChange={setTitle} />
        <MinuteField label={say('windowFrom')} value={from} onChange={setFrom} />
        <MinuteField label={say('windowTo')} value={to} onChange={setTo} />
        <Check checked={restart} onChange={setRestart}>
          {say('restart')}
        </Check>
        <LongField label={say('rollbackPlan')} value={rollbackPlan} maxLength={1000} onChange={setRollbackPlan} />
      </div>
    </DecisionDialog>
  )
}
