import type { TimelineEntry as Told } from '@changbai/contract/request.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { type Language, pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import { Loaded, Sheet, Timeline, type TimelineEntry } from '../../shared/ui/index.ts'
import { historyEntries } from '../process/index.ts'
import { requestText } from './requestText.ts'

export type CourseEntry = TimelineEntry & { minor: boolean }

/** A matter's one line of time. Lines of the program alone are folded until asked for. */
export function CourseSheet({ note, entries }: { note?: string; entries: readonly CourseEntry[] }) {
  const say = useText(requestText)
  const [all, setAll] = useState(false)
  const hidden = entries.filter((entry) => entry.minor).length
  return (
    <Sheet
      title={say('course')}
      note={note}
      acts={
        hidden > 0 && (
          <button type="button" className="link" aria-pressed={all} onClick={() => setAll(!all)}>
            {all ? say('keyOnly') : say('allLines', { n: entries.length })}
          </button>
        )
      }
    >
      <Timeline entries={all ? entries : entries.filter((entry) => !entry.minor)} />
    </Sheet>
  )
}

const linkOf = (link: Told['link']): string | undefined => (link?.type === 'work-order' ? `/work/orders/${link.id}` : undefined)

function toEntries(items: readonly Told[], lang: Language, until: (at: string) => string): CourseEntry[] {
  return items.map((entry, index) => {
    const future = entry.state === 'FUTURE'
    return {
      key: `${index}`,
      at: entry.at,
      when: future && entry.dueAt ? shortDay(entry.dueAt.slice(0, 10), lang) : undefined,
      state: entry.state === 'PAST' ? 'kept' : entry.state === 'NOW' ? 'running' : 'todo',
      now: entry.state === 'NOW',
      system: entry.by === 'SYSTEM',
      minor: false,
      to: linkOf(entry.link),
      title:
        entry.state === 'PAST' && entry.actorName && entry.by === 'PERSON' ? `${entry.actorName} ${pick(entry.title)}` : pick(entry.title),
      note: [entry.note, entry.state === 'NOW' && entry.dueAt ? until(listTime(entry.dueAt, lang)) : null].filter(Boolean).join(' · '),
      ...(items[index - 1]?.part !== entry.part ? { group: entry.part } : {}),
    }
  })
}

/** The whole course of a request: request, work order, delivery. */
export function RequestCourse({ requestId }: { requestId: string }) {
  const say = useText(requestText)
  const lang = useLanguage()
  const query = useQuery(ask('request.timeline', { requestId }))
  return (
    <Loaded query={query} rows={4}>
      {({ items }) => (
        <CourseSheet
          note={say('courseParts')}
          entries={toEntries(items, lang, (at) => say('until', { at })).map((entry) =>
            entry.group ? { ...entry, group: say(entry.group as Told['part']) } : entry,
          )}
        />
      )}
    </Loaded>
  )
}

/** The course of a matter that has one process and no work orders: an admission. */
export function ProcessCourse({ instanceId }: { instanceId: string }) {
  const lang = useLanguage()
  const query = useQuery(ask('process.history', { instanceId, limit: 200 }))
  const view = useQuery(ask('process.instance', { instanceId }))
  return (
    <Loaded query={query} rows={4}>
      {({ items }) => <CourseSheet entries={historyEntries(items, view.data, lang)} />}
    </Loaded>
  )
}
