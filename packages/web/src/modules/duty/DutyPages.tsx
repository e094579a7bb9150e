import type { Shift } from '@changbai/contract/duty.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useNow } from '../../shared/clock.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, clock, dayOf, listTime, longDay, today } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  EmptyState,
  Loaded,
  LongField,
  PageTitle,
  ProblemAlert,
  Segments,
  SelectField,
  Sheet,
  Status,
  Tabs,
  useAct,
} from '../../shared/ui/index.ts'
import { dutyText } from './dutyText.ts'
import { OnDutyNow } from './OnDutyNow.tsx'

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

const spanWords = (shift: Pick<Shift, 'startsAt' | 'endsAt'>) => `${clock(shift.startsAt)}–${clock(shift.endsAt)}`
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

const useOfficers = (line: Shift['line']) => {
  const query = useQuery(ask('duty.officers', {}))
  return (query.data?.items ?? []).filter((one) => one.lines.includes(line)).map((one) => [one.person.id, one.person.name] as const)
}

function SwapDialog({ shift, onClose }: { shift: Shift; onClose: () => void }) {
  const say = useText(dutyText)
  const { runOrThrow } = useAct()
  const [toId, setToId] = useState('')
  const options = useOfficers(shift.line).filter(([id]) => id !== shift.primary.id && id !== shift.backup.id)
  return (
    <DecisionDialog
      title={say('askSwap')}
      verb={say('send')}
      ready={toId !== ''}
      reason={{ label: say('reason') }}
      act={(reason) => runOrThrow(() => call('duty.askSwap', { shiftId: shift.id, toId, reason }))}
      onClose={onClose}
    >
      <p>
        {say(shift.line)} {listTime(shift.startsAt)} {spanWords(shift)}
      </p>
      <SelectField label={say('to')} value={toId} onChange={setToId} options={options} />
    </DecisionDialog>
  )
}

function GiveDialog({ shift, onClose }: { shift: Shift; onClose: () => void }) {
  const say = useText(dutyText)
  const { runOrThrow } = useAct()
  const me = useSession()?.person.id
  const [toId, setToId] = useState('')
  const [items, setItems] = useState('')
  const options = useOfficers(shift.line).filter(([id]) => id !== me)
  return (
    <DecisionDialog
      title={say('give')}
      verb={say('send')}
      ready={toId !== ''}
      reason={{ label: say('note') }}
      act={(note) =>
        runOrThrow(() =>
          call('duty.giveHandOver', {
            shiftId: shift.id,
            toId,
            note,
            openItems: items
              .split('\n')
              .map((one) => one.trim())
              .filter(Boolean),
          }),
        )
      }
      onClose={onClose}
    >
      <SelectField label={say('receiver')} value={toId} onChange={setToId} options={options} />
      <LongField label={say('openItems')} optional value={items} onChange={setItems} maxLength={2000} />
    </DecisionDialog>
  )
}

export function SwapsPage() {
  const say = useText(dutyText)
  const lang = useLanguage()
  const me = useSession()?.person.id
  const { busy, error, run } = useAct()
  const query = useQuery(ask('duty.swaps', {}))
  const answer = (swapId: string, word: 'AGREED' | 'REFUSED' | 'WITHDRAWN') =>
    void run(() => call('duty.answerSwap', { swapId, answer: word }))
  return (
    <DutyFrame tab="swaps">
      <ProblemAlert error={error} />
      <Sheet flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={say('noSwaps')} />
            ) : (
              <table className="grid">
                <tbody>
                  {items.map((swap) => (
                    <tr key={swap.id}>
                      <td>
                        <strong>{say('swapLine', { from: swap.from.name, to: swap.to.name, place: say(swap.place) })}</strong>
                        <div className="second">
                          {say(swap.shift.line)} · {listTime(swap.shift.startsAt, lang)} · {swap.reason}
                        </div>
                      </td>
                      <td>
                        <Status state={swap.state === 'AGREED' ? 'kept' : swap.state === 'ASKED' ? 'planned' : 'none'}>
                          {say(swap.state)}
                        </Status>
                      </td>
                      <td>
                        {swap.mine && (
                          <span className="row">
                            <Button size="small" kind="primary" busy={busy} onClick={() => answer(swap.id, 'AGREED')}>
                              {say('agree')}
                            </Button>
                            <Button size="small" busy={busy} onClick={() => answer(swap.id, 'REFUSED')}>
                              {say('refuse')}
                            </Button>
                          </span>
                        )}
                        {swap.state === 'ASKED' && swap.from.id === me && (
                          <Button size="small" busy={busy} onClick={() => answer(swap.id, 'WITHDRAWN')}>
                            {say('withdraw')}
                          </Button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Loaded>
      </Sheet>
    </DutyFrame>
  )
}

export function HandOversPage() {
  const say = useText(dutyText)
  const lang = useLanguage()
  const me = useSession()?.person.id
  const may = useMay()
  const { busy, error, run } = useAct()
  const query = useQuery(ask('duty.handOvers', { limit: 50 }))
  return (
    <DutyFrame tab="hand-overs">
      <ProblemAlert error={error} />
      <Sheet flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={say('noHandOvers')} />
            ) : (
              <table className="grid">
                <tbody>
                  {items.map((one) => (
                    <tr key={one.id}>
                      <td className="nowrap">{listTime(one.givenAt, lang)}</td>
                      <td>
                        <strong>{say('handLine', { from: one.from.name, to: one.to.name })}</strong>{' '}
                        <span className="second">{say(one.line)}</span>
                        <div>{one.note}</div>
                        {one.openItems.map((item) => (
                          <div key={item} className="second">
                            · {item}
                          </div>
                        ))}
                      </td>
                      <td>
                        {one.takenAt ? (
                          <Status state="kept">{say('takenAt', { at: listTime(one.takenAt, lang) })}</Status>
                        ) : one.to.id === me && may('duty.roster.manage:r', 'duty.roster.manage:U') ? (
                          <Button
                            kind="primary"
                            size="small"
                            busy={busy}
                            onClick={() => void run(() => call('duty.takeHandOver', { handOverId: one.id }))}
                          >
                            {say('take')}
                          </Button>
                        ) : (
                          <Status state="planned">{say('notTaken')}</Status>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Loaded>
      </Sheet>
    </DutyFrame>
  )
}
