import type { BuildProject, PoolOutlook } from '@changbai/contract/inventory.capacity.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../../shared/call.ts'
import { useMay } from '../../../shared/session.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { shortDay, today } from '../../../shared/time.ts'
import {
  Button,
  DayField,
  DecisionDialog,
  Loaded,
  LongField,
  SelectField,
  Sheet,
  type State,
  Status,
  TextField,
  useAct,
} from '../../../shared/ui/index.ts'
import { inventoryText } from '../inventoryText.ts'
import { amountKeys, amountText, amountWord } from '../words.tsx'
import { readMilestones } from './milestones.ts'

const SHOWN = 20
const marks: Record<BuildProject['status'], State> = { BUILDING: 'running', DELIVERED: 'kept', CANCELLED: 'none' }
type Asked = { project: BuildProject; act: 'reach' | 'deliver' | 'cancel'; milestoneId?: string } | null

/** Projects that enlarge the pools: milestones, delivery into the pool. */
export function Projects({ pools }: { pools: readonly PoolOutlook[] }) {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const may = useMay()
  const refresh = useAct()
  const [starting, setStarting] = useState(false)
  const [asked, setAsked] = useState<Asked>(null)
  const [doneOn, setDoneOn] = useState(today())
  const query = useQuery(ask('capacity.projects', { limit: SHOWN }))
  const amountsOf = (project: BuildProject) =>
    amountKeys
      .filter((key) => project.amounts[key] > 0)
      .map((key) => `${t(amountWord[key])} ${amountText(key, project.amounts[key])}`)
      .join(' · ')
  const mayBuild = may('capacity.build:U')
  return (
    <Sheet
      flush
      title={t('projects')}
      acts={
        may('capacity.build:C') && (
          <Button size="small" onClick={() => setStarting(true)}>
            {t('projectStart')}
          </Button>
        )
      }
    >
      <Loaded query={query} rows={2}>
        {({ items }) => (
          <ul className="list">
            {items.map((project) => (
              <li key={project.id}>
                <div className="row apart">
                  <b className="grow">
                    {project.number} {project.name}
                  </b>
                  <Status state={marks[project.status]} quiet>
                    {t(project.status === 'BUILDING' ? 'BUILDING_PROJECT' : project.status)}
                  </Status>
                </div>
                <div className="note">
                  {project.poolName} · {amountsOf(project)} · {t('projectDue')} {shortDay(project.dueOn, lang)}
                </div>
                {project.milestones.map((one) => (
                  <div key={one.id} className="row apart">
                    <span className="grow second">
                      {one.name} · {shortDay(one.dueOn, lang)} {one.evidence && `· ${one.evidence}`}
                    </span>
                    {one.doneOn ? (
                      <span className="second">{shortDay(one.doneOn, lang)}</span>
                    ) : (
                      project.status === 'BUILDING' &&
                      mayBuild && (
                        <button type="button" className="link" onClick={() => setAsked({ project, act: 'reach', milestoneId: one.id })}>
                          {t('projectReach')}
                        </button>
                      )
                    )}
                  </div>
                ))}
                {project.status === 'BUILDING' && mayBuild && (
                  <div className="row">
                    <button type="button" className="link" onClick={() => setAsked({ project, act: 'deliver' })}>
                      {t('projectDeliver')}
                    </button>
                    <button type="button" className="link" onClick={() => setAsked({ project, act: 'cancel' })}>
                      {t('projectCancel')}
                    </button>
                  </div>
                )}
              </li>
            ))}
            {items.length === 0 && <li className="second">{t('projectNone')}</li>}
          </ul>
        )}
      </Loaded>
      {starting && <StartProject pools={pools} onClose={() => setStarting(false)} />}
      {asked && (
        <DecisionDialog
          danger={asked.act === 'cancel'}
          title={`${asked.project.number} ${asked.project.name}`}
          verb={t(asked.act === 'reach' ? 'projectReach' : asked.act === 'deliver' ? 'projectDeliver' : 'projectCancel')}
          reason={{ label: t(asked.act === 'reach' ? 'projectEvidence' : 'reason') }}
          act={async (said) => {
            const { id, rev } = asked.project
            if (asked.act === 'reach')
              await call('capacity.reachMilestone', { id, rev, milestoneId: asked.milestoneId ?? '', doneOn, evidence: said })
            else if (asked.act === 'deliver') await call('capacity.deliverProject', { id, rev, comment: said })
            else await call('capacity.cancelProject', { id, rev, comment: said })
            await refresh.run(async () => {})
          }}
          onClose={() => setAsked(null)}
        >
          {asked.act === 'reach' && <DayField label={t('projectDoneOn')} value={doneOn} onChange={(on) => setDoneOn(on || today())} />}
          {asked.act === 'deliver' && (
            <p className="second">{t('projectDeliverHelp', { amounts: amountsOf(asked.project), pool: asked.project.poolName })}</p>
          )}
        </DecisionDialog>
      )}
    </Sheet>
  )
}

function StartProject({ pools, onClose }: { pools: readonly PoolOutlook[]; onClose: () => void }) {
  const t = useText(inventoryText)
  const refresh = useAct()
  const [name, setName] = useState('')
  const [poolId, setPoolId] = useState(pools[0]?.id ?? '')
  const [dueOn, setDueOn] = useState('')
  const [lines, setLines] = useState('')
  const [amounts, setAmounts] = useState<Partial<Record<(typeof amountKeys)[number], string>>>({})
  const milestones = readMilestones(lines)
  return (
    <DecisionDialog
      wide
      title={t('projectStart')}
      verb={t('projectStart')}
      ready={name.trim() !== '' && poolId !== '' && dueOn !== '' && milestones !== null}
      reason={{ label: t('projectReason') }}
      act={async (reason) => {
        const of = (key: (typeof amountKeys)[number]) => Math.max(0, Math.floor(Number(amounts[key] ?? 0) || 0))
        await call('capacity.startProject', {
          name,
          poolId,
          dueOn,
          reason,
          milestones: milestones ?? [],
          amounts: {
            vcpu: of('vcpu'),
            memGiB: of('memGiB'),
            storageGiB: of('storageGiB'),
            publicAddresses: of('publicAddresses'),
            baremetal: of('baremetal'),
          },
        })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <div className="fields">
        <TextField label={t('projectName')} maxLength={120} value={name} onChange={setName} />
        <SelectField label={t('pool')} value={poolId} options={pools.map((pool) => [pool.id, pool.name] as const)} onChange={setPoolId} />
        <DayField label={t('projectDue')} value={dueOn} onChange={(on) => setDueOn(on ?? '')} />
        {amountKeys.map((key) => (
          <TextField
            key={key}
            optional
            label={t(amountWord[key])}
            inputMode="numeric"
            value={amounts[key] ?? ''}
            onChange={(typed) => setAmounts({ ...amounts, [key]: typed })}
          />
        ))}
        <LongField label={t('projectMilestones')} help={t('projectMilestonesHelp')} value={lines} onChange={setLines} />
      </div>
    </DecisionDialog>
  )
}
