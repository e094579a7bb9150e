import type { WorkOrder } from '@changbai/contract/provisioning.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, ClauseChip, DayScale, DecisionDialog, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { OrderDeadline } from './OrderDeadline.tsx'
import { orderText } from './orderText.ts'

type Hold = WorkOrder['holds'][number]
const STATES = { PROPOSED: 'running', HELD: 'planned', REFUSED: 'none', ENDED: 'kept', LAPSED: 'none' } as const

/** The promise of this work order: its clock day by day, and the times it was asked to stand still. */
export function OrderClock({ order }: { order: WorkOrder }) {
  const say = useText(orderText)
  const lang = useLanguage()
  const may = useMay()
  const { clock } = order
  const explained = useQuery(ask('calendar.explainDeadline', { from: clock.receivedAt, limit: `${clock.workdays}wd` }))
  const [asking, setAsking] = useState(false)
  const act = useAct()
  const openHold = order.holds.some((hold) => hold.state === 'PROPOSED' || hold.state === 'HELD')
  return (
    <Sheet
      title={say('due')}
      note={<ClauseChip id={clock.clause} />}
      acts={
        may('provisioning.pauseClock:C') &&
        clock.deliveredAt === null &&
        !openHold && (
          <Button size="small" onClick={() => setAsking(true)}>
            {say('askHold')}
          </Button>
        )
      }
    >
      <div className="stack tight">
        {clock.deliveredAt ? (
          <Status state={clock.met ? 'kept' : 'breach'}>
            {say(clock.met ? 'deliveredMet' : 'deliveredLate', { at: listTime(clock.deliveredAt, lang) })}
          </Status>
        ) : (
          <OrderDeadline clock={clock} />
        )}
        {explained.data && <DayScale deadline={explained.data} />}
        {order.holds.map((hold) => (
          <HoldLine key={hold.id} order={order} hold={hold} />
        ))}
      </div>
      {asking && (
        <DecisionDialog
          title={`${say('askHold')} · ${order.no}`}
          verb={say('askHold')}
          reason={{ label: say('holdReason'), help: say('holdHelp') }}
          act={(reason) => act.runOrThrow(() => call('provisioning.proposeHold', { workOrderId: order.id, reason }))}
          onClose={() => setAsking(false)}
        />
      )}
    </Sheet>
  )
}

function HoldLine({ order, hold }: { order: WorkOrder; hold: Hold }) {
  const say = useText(orderText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [deciding, setDeciding] = useState<boolean | null>(null)
  const ids = { workOrderId: order.id, holdId: hold.id }
  return (
    <div className="hold">
      <Status state={STATES[hold.state]} quiet>
        {say(hold.state)}
      </Status>
      <p className="second">{say('holdBy', { name: hold.proposedBy.name, at: listTime(hold.proposedAt, lang), reason: hold.reason })}</p>
      {hold.decidedBy && hold.decidedAt && (
        <p className="second">{say('holdDecided', { name: hold.decidedBy.name, at: listTime(hold.decidedAt, lang) })}</p>
      )}
      {hold.state === 'ENDED' && hold.endedAt && <p className="second">{say('holdEnded', { at: listTime(hold.endedAt, lang) })}</p>}
      <div className="row wrap">
        {hold.state === 'PROPOSED' && may('provisioning.pauseClock:A') && (
          <>
            <Button size="small" kind="primary" onClick={() => setDeciding(true)}>
              {say('grantHold')}
            </Button>
            <Button size="small" onClick={() => setDeciding(false)}>
              {say('refuseHold')}
            </Button>
          </>
        )}
        {hold.state === 'HELD' && may('provisioning.pauseClock:C') && (
          <Button size="small" busy={act.busy} onClick={() => void act.run(() => call('provisioning.endHold', ids))}>
            {say('endHold')}
          </Button>
        )}
      </div>
      {deciding !== null && (
        <DecisionDialog
          title={`${say(deciding ? 'grantHold' : 'refuseHold')} · ${order.no}`}
          verb={say(deciding ? 'grantHold' : 'refuseHold')}
          reason={{ label: say('opinion'), optional: deciding }}
          act={(comment) => act.runOrThrow(() => call('provisioning.decideHold', { ...ids, approve: deciding, comment }))}
          onClose={() => setDeciding(null)}
        />
      )}
    </div>
  )
}
