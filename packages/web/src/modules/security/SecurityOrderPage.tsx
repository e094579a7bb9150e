import type { SecurityOrder } from '@changbai/contract/security.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, longDay, recordTime } from '../../shared/time.ts'
import { Button, DecisionDialog, Facts, Loaded, PageTitle, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { DeliveryFields } from './dialogs.tsx'
import { securityText } from './securityText.ts'
import { orderStates } from './states.ts'

export function SecurityOrderPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('security.get', { orderId: id }))
  return (
    <div className="page">
      <Loaded query={query}>{(order) => <View order={order} />}</Loaded>
    </div>
  )
}

function View({ order }: { order: SecurityOrder }) {
  const say = useText(securityText)
  const lang = useLanguage()
  const { delivery } = order
  return (
    <>
      <PageTitle
        title={`${say(order.code)} · ${order.applicationName}`}
        mark={<Status state={orderStates[order.state]}>{say(order.state)}</Status>}
        sentence={
          <>
            <code>{order.number}</code>
            {order.tenantName && ` · ${order.tenantName}`}
          </>
        }
        acts={<Acts order={order} />}
      />
      <div className="split">
        <div className="stack">
          <Sheet title={say('delivery')}>
            {delivery ? (
              <Facts
                items={[
                  [say('product'), delivery.product],
                  [say('owner'), delivery.ownerName],
                  [say('scope'), delivery.scope || say('scopeHelp')],
                  [say('expiresOn'), longDay(delivery.expiresOn, lang)],
                ]}
              />
            ) : (
              <p className="second">{say('notDelivered')}</p>
            )}
          </Sheet>
        </div>
        <Sheet>
          <Facts
            items={[
              [
                say('dueAt'),
                <Status key="due" state={order.isLate ? 'breach' : order.deliveredAt ? 'kept' : 'running'}>
                  {listTime(order.dueAt, lang)} {order.isLate && say('late')} {order.provisional && say('provisional')}
                </Status>,
              ],
              [
                say('application'),
                <Link key="application" to={`/cloud/applications/${order.applicationId}` as string}>
                  {order.applicationName}
                </Link>,
              ],
              [say('requester'), order.requesterName],
              [say('submittedAt'), recordTime(order.submittedAt)],
              [say('handler'), order.handlerName ?? say('nobody')],
              [say('deliveredAt'), order.deliveredAt && recordTime(order.deliveredAt)],
              [say('reason'), order.reason],
              [say('outcome'), order.outcomeText],
              order.instanceId !== null && [
                say('process'),
                <Link key="process" to={`/processes/instances/${order.instanceId}` as string}>
                  {order.number}
                </Link>,
              ],
            ]}
          />
        </Sheet>
      </div>
    </>
  )
}

function Acts({ order }: { order: SecurityOrder }) {
  const say = useText(securityText)
  const [asking, setAsking] = useState<SecurityOrder['may'][number] | null>(null)
  const [delivery, setDelivery] = useState({ product: '', ownerName: '', scope: '', expiresOn: '' })
  const { busy, error, run, runOrThrow } = useAct()
  const orderId = order.id
  const may = (act: SecurityOrder['may'][number]) => order.may.includes(act)
  const set = (key: keyof typeof delivery) => (value: string) => setDelivery((now) => ({ ...now, [key]: value }))
  const dialog = (title: string, act: (text: string) => Promise<unknown>) => (
    <DecisionDialog
      title={title}
      verb={title}
      reason={{ label: say('comment') }}
      act={(text) => runOrThrow(() => act(text))}
      onClose={() => setAsking(null)}
    />
  )
  return (
    <>
      {may('WITHDRAW') && <Button onClick={() => setAsking('WITHDRAW')}>{say('withdraw')}</Button>}
      {may('DECLINE') && <Button onClick={() => setAsking('DECLINE')}>{say('decline')}</Button>}
      {may('ACCEPT') && (
        <Button kind="primary" busy={busy} onClick={() => void run(() => call('security.accept', { orderId, accept: true }))}>
          {say('accept')}
        </Button>
      )}
      {may('DELIVER') && (
        <Button kind="primary" onClick={() => setAsking('DELIVER')}>
          {say('deliver')}
        </Button>
      )}
      {may('NOT_DONE') && <Button onClick={() => setAsking('NOT_DONE')}>{say('notDone')}</Button>}
      {may('CONFIRM') && (
        <Button kind="primary" busy={busy} onClick={() => void run(() => call('security.confirm', { orderId, done: true }))}>
          {say('confirm')}
        </Button>
      )}
      <ProblemAlert error={error} />
      {asking === 'WITHDRAW' && dialog(say('withdraw'), (reason) => call('security.withdraw', { orderId, reason }))}
      {asking === 'DECLINE' && dialog(say('decline'), (comment) => call('security.accept', { orderId, accept: false, comment }))}
      {asking === 'NOT_DONE' && dialog(say('notDone'), (comment) => call('security.confirm', { orderId, done: false, comment }))}
      {asking === 'DELIVER' && (
        <DecisionDialog
          title={say('deliver')}
          verb={say('deliver')}
          ready={delivery.product !== '' && delivery.ownerName !== '' && delivery.expiresOn !== ''}
          act={() => runOrThrow(() => call('security.deliver', { orderId, ...delivery }))}
          onClose={() => setAsking(null)}
        >
          <div className="stack tight">
            <DeliveryFields value={delivery} set={set} />
          </div>
        </DecisionDialog>
      )}
    </>
  )
}
