import type { CurrentStep, MatterKind, MatterStatus } from '@changbai/contract/forms.ts'
import { type ReactNode, useState } from 'react'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { PageTitle, Sheet, Tabs } from '../../shared/ui/index.ts'
import { ActiveTasks, type Extra, InstancePanel } from '../process/index.ts'
import { kindWord, MatterState, NextStep, StepDeadline } from './matter.tsx'
import { requestText } from './requestText.ts'

/** What admissions and requests have in common. */
interface Matter {
  number: string
  appName: string
  kind: MatterKind
  status: MatterStatus
  tenantName: string
  applicantName: string
  step: CurrentStep | null
  instanceId: string | null
  rejection: { reason: string; advice: string } | null
  leaderReasons: readonly { message: { zh: string; en: string } }[]
}

interface Props {
  matter: Matter
  /** Further numbers behind the applicant, e.g. the admission. */
  marks?: ReactNode
  acts: ReactNode
  /** The papers and what belongs to them: key, label, content. The first is shown. */
  papers: readonly (readonly [key: string, label: string, content: () => ReactNode])[]
  course: ReactNode
  /** What a step asks for beyond words, by form key. */
  extraOf?: (formKey: string) => Extra | undefined
  /** What follows an approval, for the sentence below the title. */
  onward: string
}

/** The page of a matter: what it is and who acts next, the process, the open steps, its papers; beside them the limit and the course. */
export function MatterFrame({ matter, marks, acts, papers, course, onward, extraOf }: Props) {
  const say = useText(requestText)
  const [shown, setShown] = useState(papers[0]?.[0] ?? '')
  const { instanceId } = matter
  return (
    <>
      <PageTitle
        title={`${matter.appName || matter.number} · ${kindWord(matter.kind)}`}
        mark={<MatterState status={matter.status} />}
        sentence={
          <>
            <code>{matter.number}</code> · {matter.tenantName} · {say('applicant')} {matter.applicantName}
            {marks && <> · {marks}</>} · <NextStep step={matter.step} ended={ONWARD.has(matter.status) ? onward : say('ended')} />
          </>
        }
        acts={acts}
      />
      <Verdict matter={matter} />
      <div className="split">
        <div className="stack">
          {instanceId && <ActiveTasks instanceId={instanceId} {...(extraOf && { extraOf })} />}
          {instanceId && <InstancePanel instanceId={instanceId} />}
          <Sheet flush>
            <Tabs
              label={papers[0]?.[1] ?? ''}
              value={shown}
              onChange={setShown}
              options={papers.map(([key, label]) => [key, label] as const)}
            />
            <div className="sheet-body">{papers.find(([key]) => key === shown)?.[2]()}</div>
          </Sheet>
        </div>
        <div className="stack">
          <StepDeadline step={matter.step} />
          {course}
        </div>
      </div>
    </>
  )
}

/** Approved, and what it was for goes on. */
const ONWARD = new Set<MatterStatus>(['APPROVED', 'FULFILLING', 'FULFILL_FAILED', 'DELIVERED', 'ACCEPTED'])
const DECIDED = new Set<MatterStatus>([
  'APPROVED',
  'REJECTED',
  'WITHDRAWN',
  'FULFILLING',
  'FULFILL_FAILED',
  'DELIVERED',
  'ACCEPTED',
  'CLOSED',
  'CANCELLED',
  'EXPIRED',
])
/** Each reason ends in the consequence, which the sentence here says once for all of them. */
const LEADER_TAIL = /，审批须领导加批$|: the leader approves as well$/

function Verdict({ matter: { status, rejection, leaderReasons } }: { matter: Matter }) {
  const say = useText(requestText)
  const lang = useLanguage()
  if (rejection)
    return (
      <div className="notice breach">
        {say('rejected', { reason: rejection.reason })}
        {rejection.advice && ` ${say('advice', { advice: rejection.advice })}`}
      </div>
    )
  if (leaderReasons.length === 0 || DECIDED.has(status)) return null
  const reasons = leaderReasons.map((one) => pick(one.message).replace(LEADER_TAIL, ''))
  return <p className="notice plain">{say('leaderNeeded', { reasons: reasons.join(lang === 'en-US' ? '; ' : '、') })}</p>
}
