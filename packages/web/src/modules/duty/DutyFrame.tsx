import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../../shared/text.ts'
import { PageTitle, Tabs } from '../../shared/ui/index.ts'
import { dutyText } from './dutyText.ts'

const TABS = ['calendar', 'swaps', 'hand-overs', 'rosters', 'officers'] as const
type Tab = (typeof TABS)[number]
const WORDS = { calendar: 'calendar', swaps: 'swaps', 'hand-overs': 'handOvers', rosters: 'rosters', officers: 'officers' } as const

export function DutyFrame({ tab, acts, children }: { tab: Tab; acts?: ReactNode; children: ReactNode }) {
  const say = useText(dutyText)
  const navigate = useNavigate()
  return (
    <div className="page">
      <PageTitle title={say('duty')} acts={acts} />
      <Tabs
        label={say('duty')}
        value={tab}
        options={TABS.map((one) => [one, say(WORDS[one])] as const)}
        onChange={(one) => void navigate({ to: (one === 'calendar' ? '/duty/calendar' : `/duty/calendar/${one}`) as string })}
      />
      <div className="stack">{children}</div>
    </div>
  )
}
