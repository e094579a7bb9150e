import type { Optimisation } from '@changbai/contract/assessment.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  Check,
  DecisionDialog,
  Facts,
  Loaded,
  PageTitle,
  SelectField,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { planState } from './AssessmentsPage.tsx'
import { assessmentText } from './assessmentText.ts'
import { PlanDialog } from './PlanDialog.tsx'

/** One plan: goal, milestones, reviews, monthly tracks, and what it brought. */
export function OptimisationPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('assessment.plan', { planId: id }))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(plan) => <Body plan={plan} />}
      </Loaded>
    </div>
  )
}

type Doing = 'REVISE' | 'REVIEW' | 'TRACK' | 'VERIFY'
function Body({ plan }: { plan: Optimisation }) {
  const t = useText(assessmentText)
  const lang = useLanguage()
  const act = useAct()
  const [doing, setDoing] = useState<Doing | null>(null)
  const [finishing, setFinishing] = useState<string | null>(null)
  const can = (verb: Optimisation['may'][number]) => plan.may.includes(verb)
  const close = () => setDoing(null)
  const verbs: readonly (readonly [Doing, string])[] = [
    ['REVISE', t('revise')],
    ['REVIEW', t('review')],
    ['TRACK', t('track')],
    ['VERIFY', t('verify')],
  ]
  return (
    <>
      <PageTitle
        title={plan.issue}
        mark={<Status state={planState[plan.status]}>{t(plan.status)}</Status>}
        sentence={`${plan.number} · ${plan.quarter} · ${plan.preparedByName} · ${t('progress', { n: plan.progress })}`}
        acts={verbs.map(
          ([verb, word]) =>
            can(verb) && (
              <Button key={verb} kind="primary" onClick={() => setDoing(verb)}>
                {word}
              </Button>
            ),
        )}
      />
      <div className="split">
        <div className="stack">
          <Sheet>
            <Facts
              items={[
                [t('metric'), plan.goal.metric],
                [t('baseline'), plan.goal.baseline],
                [t('target'), plan.goal.target],
                [t('kind'), t(plan.kind)],
                plan.budgetYuan !== null && [t('budget'), plan.budgetYuan.toLocaleString('en-US')],
                [t('measures'), plan.measures],
                plan.risks !== '' && [t('risks'), plan.risks],
                plan.verified && [
                  t('actual'),
                  `${plan.verified.actual} · ${t(plan.verified.reached ? 'reached' : 'notReached')} · ${plan.verified.byName}`,
                ],
              ]}
            />
          </Sheet>
          <Sheet flush title={t('milestone')}>
            <ul className="list">
              {plan.milestoneLines.map((one) => (
                <li key={one.id} className="row wrap apart">
                  <span className="grow">
                    {one.name} <span className="note">{`${one.ownerName} · ${one.dueOn} ${one.evidence}`}</span>
                  </span>
                  <Status state={one.doneAt ? 'kept' : one.overdue ? 'breach' : 'todo'} quiet={one.doneAt !== null}>
                    {one.doneAt ? listTime(one.doneAt, lang) : one.dueOn}
                  </Status>
                  {!one.doneAt && can('MILESTONE') && (
                    <Button size="small" onClick={() => setFinishing(one.id)}>
                      {t('finish')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </Sheet>
        </div>
        <Sheet flush title={t('courses')}>
          <ul className="list">
            {plan.reviews.map((one) => (
              <li key={one.at}>
                <b>{`${t('review')} ${one.result === 'REVISE' ? t('reviseResult') : t(one.result)}`}</b>
                <p className="note">{`${one.attendees} · ${one.byName} ${listTime(one.at, lang)} ${one.comment}`}</p>
              </li>
            ))}
            {plan.tracks.map((one) => (
              <li key={one.at}>
                <b>{`${one.month} ${t('progress', { n: one.progress })}`}</b>
                <p className="note">{`${one.byName} ${listTime(one.at, lang)} ${one.deviation} ${one.adjustment}`}</p>
              </li>
            ))}
            {plan.reviews.length + plan.tracks.length === 0 && <li className="second">{t('none')}</li>}
          </ul>
        </Sheet>
      </div>
      {doing === 'REVISE' && <PlanDialog issueId="" plan={plan} onClose={close} />}
      {doing === 'REVIEW' && <Review plan={plan} onClose={close} />}
      {doing === 'TRACK' && <Track plan={plan} onClose={close} />}
      {doing === 'VERIFY' && <Verify plan={plan} onClose={close} />}
      {finishing && (
        <DecisionDialog
          title={t('finish')}
          verb={t('finish')}
          reason={{ label: t('evidence') }}
          act={(evidence) =>
            act.runOrThrow(() => call('assessment.finishMilestone', { planId: plan.id, milestoneId: finishing, evidence }))
          }
          onClose={() => setFinishing(null)}
        />
      )}
    </>
  )
}

interface Props {
  plan: Optimisation
  onClose: () => void
}
function Review({ plan, onClose }: Props) {
  const t = useText(assessmentText)
  const act = useAct()
  const [result, setResult] = useState<'PASS' | 'REVISE' | 'REJECT'>('PASS')
  const [attendees, setAttendees] = useState('')
  return (
    <DecisionDialog
      title={t('review')}
      verb={t('review')}
      ready={attendees.trim() !== ''}
      reason={{ label: t('comment'), optional: result === 'PASS' }}
      act={(comment) => act.runOrThrow(() => call('assessment.review', { planId: plan.id, result, attendees, comment }))}
      onClose={onClose}
    >
      <SelectField
        label={t('review')}
        value={result}
        onChange={(value) => setResult(value as typeof result)}
        options={[
          ['PASS', t('PASS')],
          ['REVISE', t('reviseResult')],
          ['REJECT', t('REJECT')],
        ]}
      />
      <TextField label={t('attendees')} value={attendees} onChange={setAttendees} maxLength={500} full />
    </DecisionDialog>
  )
}
function Track({ plan, onClose }: Props) {
  const t = useText(assessmentText)
  const act = useAct()
  const [percent, setPercent] = useState(String(plan.progress))
  const [deviation, setDeviation] = useState('')
  return (
    <DecisionDialog
      title={t('track')}
      verb={t('track')}
      ready={/^\d{1,3}$/.test(percent)}
      reason={{ label: t('adjustment'), optional: true }}
      act={(adjustment) =>
        act.runOrThrow(() => call('assessment.track', { planId: plan.id, progress: Number(percent), deviation, adjustment }))
      }
      onClose={onClose}
    >
      <TextField label={t('percent')} type="number" min={0} max={100} value={percent} onChange={setPercent} />
      <TextField label={t('deviation')} optional value={deviation} onChange={setDeviation} maxLength={1000} full />
    </DecisionDialog>
  )
}
function Verify({ plan, onClose }: Props) {
  const t = useText(assessmentText)
  const act = useAct()
  const [reached, setReached] = useState(true)
  return (
    <DecisionDialog
      title={t('verify')}
      verb={t('verify')}
      reason={{ label: t('actual') }}
      act={(actual) => act.runOrThrow(() => call('assessment.verify', { planId: plan.id, actual, reached }))}
      onClose={onClose}
    >
      <Check checked={reached} onChange={setReached}>
        {t('reached')}
      </Check>
    </DecisionDialog>
  )
}
