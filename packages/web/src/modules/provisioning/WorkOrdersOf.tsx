import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { EmptyState, Loaded } from '../../shared/ui/index.ts'
import { OrderDeadline } from './OrderDeadline.tsx'
import { OrderState } from './OrderState.tsx'
import { orderText } from './orderText.ts'

/** The work orders of one request, each with its own clock. */
export function WorkOrdersOf({ requestId }: { requestId: string }) {
  const say = useText(orderText)
  const query = useQuery(ask('provisioning.list', { requestId }))
  return (
    <Loaded query={query} rows={3}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={say('none')}>{say('firstUse')}</EmptyState>
        ) : (
          <table className="grid">
            <tbody>
              {items.map((order) => (
                <tr key={order.id}>
                  <td>
                    <Link to={`/work/orders/${order.id}` as string}>
                      <code>{order.no}</code>
                    </Link>
                  </td>
                  <td>{say(order.kind)}</td>
                  <td>
                    <OrderState status={order.status} />
                  </td>
                  <td className="num">
                    {order.linesReady}/{order.lines}
                  </td>
                  <td>
                    <OrderDeadline clock={order.clock} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Loaded>
  )
}
