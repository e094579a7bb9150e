import { lineTitle } from '@changbai/contract/line-title.ts'
import type { WorkOrder, WorkOrderLine } from '@changbai/contract/provisioning.ts'
import { pick, useText } from '../../shared/text.ts'
import { Evidence, Sheet } from '../../shared/ui/index.ts'
import { OrderState } from './OrderState.tsx'
import { orderText } from './orderText.ts'

/** Why a line is made by people, as the server codes it. */
const REASONS = {
  'no-driver': 'whyNoDriver',
  'no-such-storage': 'whyNoStorage',
  'no-public-network': 'whyNoPublic',
  'load-balancer': 'whyBalancer',
  'security-service': 'whySecurity',
  physical: 'whyPhysical',
} as const
/** A line's title in the reader's language. */
export const wordsOf = (title: string): string => pick({ zh: lineTitle(title, 'zh'), en: lineTitle(title, 'en') })
const isKey = <K extends string>(words: Record<K, string>, key: string): key is K => key in words

/** What was ordered, line by line: who makes it, how far it is, and what came of it. */
export function OrderLines({ order }: { order: WorkOrder }) {
  const say = useText(orderText)
  return (
    <Sheet title={say('lines')} note={say('ready', { done: order.linesReady, all: order.lines })} flush>
      <ul className="list">
        {order.items.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ul>
    </Sheet>
  )
}

function Line({ line }: { line: WorkOrderLine }) {
  const say = useText(orderText)
  const title = wordsOf(line.title)
  const reason = line.manualReason
  const done = line.steps.filter((step) => step.state === 'DONE').length
  return (
    <li className="order-line">
      <div className="row apart">
        <span>
          <span className="ink3">{line.no}</span>
          {'　'}
          <span className="strong">{title}</span>
        </span>
        <OrderState status={line.state} />
      </div>
      <div className="second">
        {say(line.kind)} · {line.way === 'DRIVER' ? say('byDriver') : say('byHand')}
        {reason && `（${isKey(REASONS, reason) ? say(REASONS[reason]) : reason}）`}
        {line.steps.length > 0 && ` · ${say('steps', { done, all: line.steps.length })}`}
      </div>
      {line.result.map((one) => (
        <div key={one.name} className="second">
          <code>{one.name}</code> {one.addresses.join(' ')} {one.externalId && <Evidence digest={one.externalId} />}
        </div>
      ))}
      {line.error && <div className="breach">{say('failedBecause', { error: line.error })}</div>}
    </li>
  )
}
