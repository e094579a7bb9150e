import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { percent } from '../../shared/time.ts'
import { Sheet } from '../../shared/ui/index.ts'
import { knowledgeText } from './knowledgeText.ts'

/** Nothing is asked while somebody types on. */
const PAUSE = 400
const LEAST = 4
const ASKED_MAX = 300

/** What the knowledge holds on a text that is being typed or that stands on the page. */
export function Suggestions({ text }: { text: string }) {
  const say = useText(knowledgeText)
  const may = useMay()
  const [asked, setAsked] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  const q = asked.trim().slice(0, ASKED_MAX)
  const query = useQuery({
    ...ask('knowledge.suggest', { q }),
    enabled: q.length >= LEAST && may('knowledge.read:r', 'knowledge.read:R'),
    staleTime: 60_000,
    placeholderData: (before) => before,
  })
  const items = q.length >= LEAST ? (query.data?.items ?? []) : []
  if (items.length === 0) return null
  return (
    <Sheet title={say('suggestions')} screenOnly>
      <ul className="plain-list">
        {items.map((one) => (
          <li key={one.id}>
            <Link to={`/duty/knowledge/${one.id}` as string} target="_blank">
              {one.title}
            </Link>{' '}
            <span className="second">{say('match', { percent: percent(one.likeness, 0) })}</span>
            <div className="second">{one.excerpt}</div>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
