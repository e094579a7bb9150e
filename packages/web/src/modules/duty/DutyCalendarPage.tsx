import type { Shift } from '@changbai/contract/duty.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useNow } from '../../shared/clock.ts'
import { useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, clock, dayOf, listTime, longDay, today } from '../../shared/time.ts'
import { Button, EmptyState, Loaded, ProblemAlert, Segments, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { DutyFrame } from './DutyFrame.tsx'
import { dutyText } from './dutyText.ts'
import { OnDutyNow } from './OnDutyNow.tsx'
import { GiveDialog, SwapDialog } from './ShiftDialogs.tsx'
import { spanWords } from './spanWords.ts'

const SPAN_DAYS = 14
const MINE_MAX = 6
const LINES = ['DESK_5X8', 'MOBILE_7X24', 'FACILITY_7X24'] as const

export function DutyCalendarPage() {
  const say = useText(dutyText)
  const lang = useLanguage()
  const [from, setFrom] = useState(today())
  const [whose, setWhose] = useState<'all' | 'mine'>('all')
  const [feed, setFeed] = useState<string | null>(null)
  const [swap, setSwap] = useState<Shift | null>(null)
  const [give, setGive] = useState<Shift | null>(null)
  const me = useSession()?.person.id
  const { busy, error, run } = useAct()
  const toOn = addDays(from, SPAN_DAYS - 1)
  const query = useQuery(ask('duty.shifts', { fromOn: from, toOn, mine: String(whose === 'mine') } as never))
  const order = useQuery(ask('duty.pagingOrder', {}))
  const subscribe = () =>
    run(async () => {
      const { path } = await call('duty.makeFeed', {})
      setFeed(`${location.origin}${path}`)
    })
  return (
    <DutyFrame
      tab="calendar"
      acts={
        <Button busy={busy} onClick={() => void subscribe()}>
          {say('feed')}
        </Button>
      }
    >
      <ProblemAlert error={error} />
      {feed && (
        <Sheet>
          <p>{say('feedMade')}</p>
          <p className="mono">{feed}</p>
        </Sheet>
      )}
      <div className="split">
        <Sheet
          flush
          title={say('week', { from: longDay(from, lang) })}
          acts={
            <span className="row">
              <Segments
                label={say('calendar')}
                value={whose}
                onChange={setWhose}
                options={[
                  ['all', say('all')],
                  ['mine', say('mine')],
                ]}
              />
              <Button size="small" onClick={() => setFrom(addDays(from, -SPAN_DAYS))}>
                {say('earlier')}
              </Button>
              <Button size="small" onClick={() => setFrom(addDays(from, SPAN_DAYS))}>
                {say('later')}
              </Button>
            </span>
          }
        >
          <Loaded query={query}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={say('noShifts')}>{say('noShiftsHelp')}</EmptyState>
              ) : (
                <ShiftTable items={items} me={me} lines={LINES.filter((line) => items.some((shift) => shift.line === line))} />
              )
            }
          </Loaded>
        </Sheet>
        <div className="stack">
          <OnDutyNow />
          <MyShifts onSwap={setSwap} onGive={setGive} />
          <Sheet title={say('pagingOrder')}>
            <ol className="plain-list">
              {order.data?.items.map((step, index) => (
                <li key={step.personId}>
                  {index + 1}. {step.name}{' '}
                  <span className="second">
                    {step.line ? say(step.line) : ''} {say(step.place)}
                  </span>
                </li>
              ))}
            </ol>
          </Sheet>
        </div>
      </div>
      {swap && <SwapDialog shift={swap} onClose={() => setSwap(null)} />}
      {give && <GiveDialog shift={give} onClose={() => setGive(null)} />}
    </DutyFrame>
  )
}

/** A row a day, a column a line; my own shifts stand out. */
function ShiftTable({ items, me, lines }: { items: readonly Shift[]; me: string | undefined; lines: readonly Shift['line'][] }) {
  const say = useText(dutyText)
  const lang = useLanguage()
  const now = useNow()
  const days = [...new Set(items.map((shift) => dayOf(shift.startsAt)))]
  return (
    <div className="grid-scroll">
      <table className="grid">
        <thead>
          <tr>
            <th>{say('time')}</th>
            {lines.map((line) => (
              <th key={line}>{say(line)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day}>
              <td className="nowrap">
                <strong>{longDay(day, lang)}</strong>
              </td>
              {lines.map((line) => (
                <td key={line}>
                  {items
                    .filter((shift) => shift.line === line && dayOf(shift.startsAt) === day)
                    .map((shift) => {
                      const mine = shift.primary.id === me || shift.backup.id === me
                      const running = Date.parse(shift.startsAt) <= now && now < Date.parse(shift.endsAt)
                      return (
                        <div key={shift.id} className="nowrap">
                          <span className="second">{spanWords(shift)}</span>{' '}
                          {running ? (
                            <Status state="running">{shift.primary.name}</Status>
                          ) : mine ? (
                            <b>{shift.primary.name}</b>
                          ) : (
                            shift.primary.name
                          )}{' '}
                          <span className="second">{shift.backup.name}</span>
                        </div>
                      )
                    })}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** My shifts still to come, with what I may do about them. */
function MyShifts({ onSwap, onGive }: { onSwap: (shift: Shift) => void; onGive: (shift: Shift) => void }) {
  const say = useText(dutyText)
  const lang = useLanguage()
  const now = useNow()
  const query = useQuery(ask('duty.shifts', { fromOn: today(), toOn: addDays(today(), SPAN_DAYS - 1), mine: 'true' } as never))
  const items = (query.data?.items ?? []).filter((shift) => Date.parse(shift.endsAt) > now).slice(0, MINE_MAX)
  if (items.length === 0) return null
  return (
    <Sheet title={say('mine')} flush>
      <table className="grid">
        <tbody>
          {items.map((shift) => {
            const running = Date.parse(shift.startsAt) <= now
            return (
              <tr key={shift.id}>
                <td>
                  {listTime(shift.startsAt, lang)} – {clock(shift.endsAt)}
                  <div className="second">{say(shift.line)}</div>
                </td>
                <td>
                  <span className="row">
                    {running && (
                      <Button size="small" onClick={() => onGive(shift)}>
                        {say('give')}
                      </Button>
                    )}
                    <Button size="small" onClick={() => onSwap(shift)}>
                      {say('askSwap')}
                    </Button>
                  </span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Sheet>
  )
}
