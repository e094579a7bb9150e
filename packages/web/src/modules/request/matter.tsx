import type { CurrentStep, MatterKind, MatterStatus, Review } from '@changbai/contract/forms.ts'
import { matterKindNames, matterStatusNames } from '@changbai/contract/forms.ts'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
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
export function NextStep({ step }: { step: CurrentStep | null }) {
  const say = useText(requestText)
  const lang = useLanguage()
  if (!step) return <>{say('ended')}</>
  return <>{say('nextStep', { step: step.name, who: step.assigneeName ?? roleWords(step.candidateRoles, lang) })}</>
}

export const HandlerCell = ({ step }: { step: CurrentStep | null }) => {
  const lang = useLanguage()
  return <>{step ? (step.assigneeName ?? roleWords(step.candidateRoles, lang)) : '—'}</>
}
export const LeftCell = ({ step }: { step: CurrentStep | null }) => (
  <Deadline dueAt={step?.dueAt ?? null} usedRatio={step?.usedRatio ?? null} left={step?.left ?? null} />
)

/** The limit of the present step, day by day. */
export function StepDeadline({ step }: { step: CurrentStep | null }) {
  const say = useText(requestText)
  const lang = useLanguage()
  const task = useQuery({
    ...ask('process.task', { taskId: step?.taskId ?? '' }),
    enabled: Boolean(step?.taskId && step.dueAt),
    retry: false,
  })
  const { fromAt, limit } = task.data ?? { fromAt: '', limit: null }
  const explained = useQuery({
    ...ask('calendar.explainDeadline', { from: fromAt, limit: limit ?? '' }),
    enabled: limit !== null && /wd$|bh$/.test(limit),
    retry: false,
  })
  if (!step) return null
  return (
    <Sheet title={say('deadline')} note={<Deadline dueAt={step.dueAt} usedRatio={step.usedRatio} left={step.left} bar={false} />}>
      {explained.data ? (
        <DayScale deadline={explained.data} />
      ) : (
        <p className="second">{step.dueAt ? listTime(step.dueAt, lang) : say('noDeadline')}</p>
      )}
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
