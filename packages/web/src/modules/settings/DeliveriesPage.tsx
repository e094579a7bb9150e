import type { Delivery } from '@changbai/contract/notification.ts'
import type { z } from 'zod'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, DataTable, PageTitle, ProblemAlert, type State, Status, useAct } from '../../shared/ui/index.ts'
import { settingsText } from './settingsText.ts'

type Row = z.output<typeof Delivery>
const states: Record<Row['state'], State> = { PENDING: 'running', SENT: 'running', DELIVERED: 'kept', FAILED: 'breach', SKIPPED: 'none' }
const channels = ['EMAIL', 'SMS', 'PHONE', 'WECOM', 'DINGTALK', 'FEISHU'] as const

export function DeliveriesPage() {
  const t = useText(settingsText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  return (
    <div className="page">
      <PageTitle title={t('deliveries')} sentence={t('deliveriesSentence')} />
      <ProblemAlert error={act.error} />
      <DataTable<Row>
        name="deliveries"
        what={t('noun')}
        ask={({ q: _q, sort: _sort, ...input }) => ask('notification.deliveries', input as never)}
        columns={[
          { key: 'at', title: t('createdAt'), cell: (d) => listTime(d.createdAt, lang) },
          { key: 'event', title: t('event'), cell: (d) => <span title={d.event}>{d.kind}</span> },
          { key: 'channel', title: t('channel'), cell: (d) => t(d.channel) },
          { key: 'person', title: t('person'), kind: 'name', cell: (d) => d.personName ?? '—' },
          { key: 'address', title: t('address'), cell: (d) => <span className="mono">{d.address ?? '—'}</span> },
          { key: 'state', title: t('state'), cell: (d) => <Status state={states[d.state]}>{t(d.state)}</Status> },
          { key: 'attempts', title: t('attempts'), kind: 'num', cell: (d) => d.attempts },
          {
            key: 'error',
            title: t('error'),
            cell: (d) => (
              <span className="row">
                <span>{d.lastError ?? '—'}</span>
                {d.state === 'FAILED' && may('notification.delivery:X') && (
                  <Button
                    size="small"
                    busy={act.busy}
                    onClick={() => void act.run(() => call('notification.retryDelivery', { deliveryId: d.id }))}
                  >
                    {t('retry')}
                  </Button>
                )}
              </span>
            ),
          },
        ]}
        rowKey={(d) => d.id}
        filters={[
          { key: 'state', label: t('state'), options: (Object.keys(states) as Row['state'][]).map((state) => [state, t(state)] as const) },
          { key: 'channel', label: t('channel'), options: channels.map((channel) => [channel, t(channel)] as const) },
        ]}
        firstUse={{ title: t('deliveriesNone') }}
        phone={(d) => ({
          title: d.personName ?? t(d.channel),
          right: <Status state={states[d.state]}>{t(d.state)}</Status>,
          below: d.kind,
          belowRight: listTime(d.createdAt, lang),
        })}
      />
    </div>
  )
}
