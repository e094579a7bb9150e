import type { CurrentStep, MatterKind, MatterStatus, Review } from '@changbai/contract/forms.ts'
import { matterKindNames, matterStatusNames } from '@changbai/contract/forms.ts'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { stepWord } from '../../shared/steps.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { DayScale, Deadline, EmptyState, Sheet, type State, Status, Timeline, type TimelineEntry } from '../../shared/ui/index.ts'
import { outcomeWord, roleWord, roleWords } from '../process/index.ts'
import { requestText } from './requestText.ts'

const STATES: Record<MatterStatus, State> = {
  DRAFT: 'todo',
  SUBMITTED: 'running',
  UNDER_REVIEW: 'running',
  RETURNED: 'risk',
  PENDING_APPROVAL: 'running',
  WAITLISTED: 'none',
  APPROVED: 'kept',
  REJECTED: 'none',
  WITHDRAWN: 'none',
  FULFILLING: 'running',
  FULFILL_FAILED: 'breach',
  DELIVERED: 'running',
  ACCEPTED: 'kept',
  CLOSED: 'kept',
  CANCELLED: 'none',
  EXPIRED: 'none',
}

export const MatterState = ({ status }: { status: MatterStatus }) => (
  <Status state={STATES[status]}>{pick(matterStatusNames[status])}</Status>
)
export const kindWord = (kind: MatterKind): string => pick(matterKindNames[kind])

/** Who acts next, and by when: the sentence below the title. */
export function NextStep({ step, ended }: { step: CurrentStep | null; ended: string }) {
  const say = useText(requestText)
  const lang = useLanguage()
  if (!step) return <>{ended}</>
  return <>{say('nextStep', { step: stepWord(step.name, lang), who: step.assigneeName ?? roleWords(step.candidateRoles, lang) })}</>
}

export const HandlerCell = ({ step }: { step: CurrentStep | null }) => {
  const lang = useLanguage()
  return <>{step ? (step.assigneeName ?? roleWords(step.candidateRoles, lang)) : '—'}</>
}
export const LeftCell = ({ step }: { step: CurrentStep | null }) => (
  <Deadline dueAt={step?.dueAt ?? null} usedRatio={step?.usedRatio ?? null} left={step?.left ?? null} />
)

/** The limit of the present step, day by day; of a returned form the time to correct it, after which it lapses. */
export function StepDeadline({ step }: { step: CurrentStep | null }) {
  const say = useText(requestText)
  const task = useQuery({ ...ask('process.task', { taskId: step?.taskId ?? '' }), enabled: Boolean(step?.taskId), retry: false })
  const returned = task.data && !task.data.dueAt ? task.data.returned : null
  const correction = useQuery({ ...ask('plan.parameter', { key: 'workflow.correction' }), enabled: Boolean(returned) })
  const from = returned?.at ?? task.data?.fromAt ?? ''
  const limit = returned ? String(correction.data?.value ?? '') : (task.data?.limit ?? '')
  const explained = useQuery({
    ...ask('calendar.explainDeadline', { from, limit }),
    enabled: from !== '' && /wd$|bh$/.test(limit),
    retry: false,
  })
  if (!step || (!step.dueAt && !returned)) return null
  const dueAt = step.dueAt ?? explained.data?.dueAt ?? null
  return (
    <Sheet
      title={say(returned ? 'correction' : 'deadline')}
      note={<Deadline dueAt={dueAt} usedRatio={step.usedRatio} left={step.left} bar={false} />}
    >
      {explained.data && <DayScale deadline={explained.data} />}
      {returned && <p className="second">{say('correctionNote')}</p>}
    </Sheet>
  )
}

export function Reviews({ reviews }: { reviews: readonly Review[] }) {
  const say = useText(requestText)
  const lang = useLanguage()
  if (reviews.length === 0) return <EmptyState title={say('noReviews')} />
  const entries: TimelineEntry[] = reviews.map((review) => ({
    key: review.id,
    at: review.at,
    state: review.result === 'APPROVE' ? 'kept' : review.result === 'RETURN' ? 'risk' : 'none',
    title: `${review.byName} · ${roleWord(review.byRole, lang)} · ${outcomeWord(review.result, lang)}`,
    note: (
      <>
        {review.comment}
        {review.points.map((point) => (
          <div key={`${point.field}${point.text}`}>
            {point.field && <code>{point.field}</code>} {point.text}
          </div>
        ))}
      </>
    ),
  }))
  return <Timeline entries={entries} />
}
