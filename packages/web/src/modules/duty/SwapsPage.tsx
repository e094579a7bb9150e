import { useQuery } from '@tanstack/react-query'
import { ask, call } from '../../shared/call.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, EmptyState, Loaded, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { DutyFrame } from './DutyFrame.tsx'
import { dutyText } from './dutyText.ts'

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
