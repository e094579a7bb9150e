import type { WorkOrder } from '@changbai/contract/provisioning.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Loaded, PageTitle, Sheet, Status, Timeline } from '../../shared/ui/index.ts'
import { ActiveTasks, InstancePanel } from '../process/index.ts'
import { Credentials } from './Credentials.tsx'
import { extraFor } from './extras.tsx'
import { OrderClock } from './OrderClock.tsx'
import { OrderLines } from './OrderLines.tsx'
import { OrderState } from './OrderState.tsx'
import { orderText } from './orderText.ts'

export function WorkOrderPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    ...ask('provisioning.get', { workOrderId: id }),
    refetchInterval: (q) => (q.state.data?.status === 'FULFILLING' ? 3_000 : false),
  })
  return (
    <div className="page">
      <Loaded query={query}>{(order) => <OrderView order={order} />}</Loaded>
    </div>
  )
}

function OrderView({ order }: { order: WorkOrder }) {
  const say = useText(orderText)
  return (
    <>
      <PageTitle
        title={`${order.applicationName} · ${say(order.kind)}`}
        mark={<OrderState status={order.status} />}
        sentence={
          <>
            <code>{order.no}</code> · {order.tenantName} · <Link to={`/work/requests/${order.requestId}` as string}>{order.requestNo}</Link>
            {order.connection && ` · ${say('connection')} ${order.connection.name}`}
          </>
        }
      />
      <div className="split">
        <div className="stack">
          {order.instanceId && <ActiveTasks instanceId={order.instanceId} extraOf={(formKey) => extraFor(formKey, order)} />}
          <OrderLines order={order} />
          <Credentials order={order} />
          {order.instanceId && <InstancePanel instanceId={order.instanceId} />}
        </div>
        <div className="stack">
          <OrderClock order={order} />
          <Handover order={order} />
          <Course workOrderId={order.id} />
        </div>
      </div>
    </>
  )
}

function Handover({ order }: { order: WorkOrder }) {
  const say = useText(orderText)
  const lang = useLanguage()
  const { share, trial, launchTest } = order
  if (!share && !trial && launchTest.signatures.length === 0) return null
  const parties = ['APPLICATION', 'PROVIDER', 'CUSTOMER'] as const
  return (
    <Sheet title={say('acceptance')}>
      {share && (
        <p>
          {say('share')}：
          {share.ackAt && share.ackBy
            ? say('shareAck', { name: share.ackBy.name, at: listTime(share.ackAt, lang) })
            : say('shareOpen', { at: listTime(share.dueAt, lang) })}
        </p>
      )}
      {order.acceptance && (
        <p>
          {say('acceptance')}：{order.acceptance.by.name} · {listTime(order.acceptance.at, lang)}
        </p>
      )}
      <p>{say('launchTest')}</p>
      <ul className="plain-list">
        {parties.map((party) => {
          const signed = launchTest.signatures.find((one) => one.party === party)
          return (
            <li key={party}>
              <Status state={signed ? 'kept' : 'todo'} quiet>
                {say(party)} {signed ? `${signed.by.name} · ${listTime(signed.at, lang)}` : say('waiting')}
              </Status>
            </li>
          )
        })}
      </ul>
      {trial && <p>{say('trial', { from: trial.from, until: trial.until })}</p>}
    </Sheet>
  )
}

function Course({ workOrderId }: { workOrderId: string }) {
  const say = useText(orderText)
  const query = useQuery(ask('provisioning.timeline', { workOrderId }))
  return (
    <Sheet title={say('course')}>
      <Loaded query={query} rows={4}>
        {({ items }) => (
          <Timeline
            entries={items.map((event, index) => ({
              key: `${index}`,
              at: event.at,
              state: /fail|late|overdue/.test(event.kind) ? 'breach' : 'kept',
              system: event.bySystem,
              title: event.bySystem ? pick(event.text) : `${event.by.name} ${pick(event.text)}`,
            }))}
          />
        )}
      </Loaded>
    </Sheet>
  )
}
