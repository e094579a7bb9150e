import type { Optimisation } from '@changbai/contract/assessment.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { addDays, today } from '../../shared/time.ts'
import { DayField, DecisionDialog, LongField, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { assessmentText } from './assessmentText.ts'

/** A plan for an issue, or its revision. One milestone is asked for here; a revision keeps those it has. */
export function PlanDialog({ issueId, plan, onClose }: { issueId: string; plan: Optimisation | null; onClose: () => void }) {
  const t = useText(assessmentText)
  const act = useAct()
  const [kind, setKind] = useState<'PROCESS' | 'PLATFORM'>(plan?.kind ?? 'PLATFORM')
  const [goal, setGoal] = useState(plan?.goal ?? { metric: '', baseline: '', target: '' })
  const [budget, setBudget] = useState(plan?.budgetYuan?.toString() ?? '')
  const [risks, setRisks] = useState(plan?.risks ?? '')
  const [milestone, setMilestone] = useState({ name: '', ownerName: '', dueOn: addDays(today(), 30) })
  const kept = plan?.milestoneLines.map(({ name, ownerName, dueOn }) => ({ name, ownerName, dueOn })) ?? []
  const added = milestone.name.trim() !== '' && milestone.ownerName.trim() !== '' ? [milestone] : []
  const milestones = [...kept, ...added]
  return (
    <DecisionDialog
      wide
      title={t('makePlan')}
      verb={t(plan ? 'revise' : 'makePlan')}
      ready={goal.metric !== '' && goal.baseline !== '' && goal.target !== '' && milestones.length > 0}
      reason={{ label: t('measures'), initial: plan?.measures ?? '' }}
      act={(measures) => {
        const input = { kind, goal, measures, budgetYuan: budget === '' ? null : Number(budget), risks, milestones }
        return act.runOrThrow<unknown>(() =>
          plan ? call('assessment.revise', { planId: plan.id, ...input }) : call('assessment.propose', { issueId, ...input }),
        )
      }}
      onClose={onClose}
    >
      <div className="fields">
        <SelectField
          label={t('kind')}
          value={kind}
          onChange={(value) => setKind(value as typeof kind)}
          options={(['PROCESS', 'PLATFORM'] as const).map((one) => [one, t(one)] as const)}
        />
        {(['metric', 'baseline', 'target'] as const).map((key) => (
          <TextField
            key={key}
            label={t(key)}
            value={goal[key]}
            maxLength={100}
            onChange={(value) => setGoal((before) => ({ ...before, [key]: value }))}
          />
        ))}
        <TextField label={t('budget')} optional type="number" min={0} value={budget} onChange={setBudget} />
        <TextField
          label={t('milestone')}
          value={milestone.name}
          maxLength={200}
          onChange={(name) => setMilestone((before) => ({ ...before, name }))}
        />
        <TextField
          label={t('owner')}
          value={milestone.ownerName}
          maxLength={80}
          onChange={(ownerName) => setMilestone((before) => ({ ...before, ownerName }))}
        />
        <DayField label={t('dueOn')} value={milestone.dueOn} onChange={(dueOn) => setMilestone((before) => ({ ...before, dueOn }))} />
      </div>
      <LongField label={t('risks')} optional value={risks} onChange={setRisks} maxLength={2000} />
    </DecisionDialog>
  )
}
