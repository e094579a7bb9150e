import './change.css'
import type { CalendarEntry } from '@changbai/contract/change.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, clock, dayOf, fromWall, shortDay, today, weekdayName, weekdayOf } from '../../shared/time.ts'
import { Button, ButtonLink, Loaded, PageTitle, Sheet } from '../../shared/ui/index.ts'
import { changeText } from './changeText.ts'

/** The Monday of a day's week. */
const mondayOf = (day: string): string => addDays(day, -((weekdayOf(day) + 6) % 7))
const startOf = (day: string): string => fromWall(`${day}T00:00`)

/** A week of changes, planned downtime and freezes; what collides says so. */
export function ChangeCalendarPage() {
  const say = useText(changeText)
  const lang = useLanguage()
  const [monday, setMonday] = useState(mondayOf(today()))
  const query = useQuery(ask('change.calendar', { from: startOf(monday), to: startOf(addDays(monday, 7)) }))
  const days = Array.from({ length: 7 }, (_, index) => addDays(monday, index))
  const items = query.data?.items ?? []
  return (
    <div className="page">
      <PageTitle
        title={say('calendar')}
        sentence={say('calendarSentence', {
          changes: items.filter((one) => one.kind === 'CHANGE').length,
          conflicts: items.filter((one) => one.conflicts.length > 0).length,
          freezes: items.filter((one) => one.kind === 'FREEZE').length,
        })}
        acts={
          <>
            <ButtonLink to="/work/changes">{say('changes')}</ButtonLink>
            <ButtonLink to="/work/changes/rules">{say('rules')}</ButtonLink>
          </>
        }
      />
      <Sheet
        flush
        title={say('week', { from: shortDay(monday, lang) })}
        acts={
          <span className="row">
            <Button size="small" onClick={() => setMonday(addDays(monday, -7))}>
              {say('earlier')}
            </Button>
            <Button size="small" onClick={() => setMonday(mondayOf(today()))}>
              {say('thisWeek')}
            </Button>
            <Button size="small" onClick={() => setMonday(addDays(monday, 7))}>
              {say('later')}
            </Button>
          </span>
        }
      >
        <Loaded query={query} rows={5}>
          {(data) => (
            <div className="change-week">
              {days.map((day) => (
                <Day
                  key={day}
                  day={day}
                  entries={data.items.filter((one) => one.from < startOf(addDays(day, 1)) && one.to > startOf(day))}
                />
              ))}
            </div>
          )}
        </Loaded>
      </Sheet>
    </div>
  )
}

function Day({ day, entries }: { day: string; entries: readonly CalendarEntry[] }) {
  const say = useText(changeText)
  const lang = useLanguage()
  return (
    <section className={day === today() ? 'change-day now' : 'change-day'}>
      <h3>
        {weekdayName(day, lang)} {shortDay(day, lang)}
      </h3>
      {entries.length === 0 && <p className="second">{say('nothing')}</p>}
      {entries.map((one) => (
        <Entry key={`${one.kind}/${one.id}`} entry={one} day={day} />
      ))}
    </section>
  )
}

function Entry({ entry, day }: { entry: CalendarEntry; day: string }) {
  const say = useText(changeText)
  const hours = `${dayOf(entry.from) === day ? clock(entry.from) : '00:00'}–${dayOf(entry.to) === day ? clock(entry.to) : '24:00'}`
  const kind = entry.conflicts.length > 0 ? 'conflict' : entry.kind.toLowerCase()
  const status = entry.kind === 'FREEZE' ? say('freeze') : entry.kind === 'PATCH' ? say('patchRound') : say(entry.status as 'APPROVED')
  const words = (
    <>
      <span className="when">
        <span className="mono">{hours}</span> {status}
      </span>
      <b>{entry.title}</b>
      {entry.applications.length > 0 && <span className="second">{entry.applications.join('、')}</span>}
      {entry.conflicts.length > 0 && <strong>{say('conflictWith', { numbers: entry.conflicts.join('、') })}</strong>}
    </>
  )
  if (entry.kind === 'CHANGE' || entry.kind === 'PATCH')
    return (
      <Link className={`change-entry ${kind}`} to={`${entry.kind === 'PATCH' ? '/duty/patches' : '/work/changes'}/${entry.id}` as string}>
        {words}
      </Link>
    )
  return <span className={`change-entry ${kind}`}>{words}</span>
}
