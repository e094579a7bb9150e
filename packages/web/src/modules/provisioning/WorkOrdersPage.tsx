import { type WorkOrderBrief, workOrderKind, workOrderStatus } from '@changbai/contract/provisioning.ts'
import { useNavigate } from '@tanstack/react-router'
import { ask, download } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { type Column, DataTable, type ListInput, PageTitle } from '../../shared/ui/index.ts'
import { OrderDeadline } from './OrderDeadline.tsx'
import { OrderState } from './OrderState.tsx'
import { orderText } from './orderText.ts'

export function WorkOrdersPage() {
  const say = useText(orderText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const columns: Column<WorkOrderBrief>[] = [
    { key: 'no', title: say('number'), kind: 'id', cell: (row) => row.no },
    { key: 'app', title: say('application'), kind: 'name', cell: (row) => row.applicationName },
    { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName },
    { key: 'kind', title: say('kind'), cell: (row) => say(row.kind) },
    { key: 'progress', title: say('progress'), kind: 'num', cell: (row) => `${row.linesReady}/${row.lines}` },
    { key: 'status', title: say('status'), cell: (row) => <OrderState status={row.status} /> },
    {
      key: 'due',
      title: say('due'),
      sort: 'dueAt',
      cell: (row) => (row.clock.deliveredAt ? listTime(row.clock.deliveredAt, lang) : <OrderDeadline clock={row.clock} />),
    },
    { key: 'received', title: say('received'), sort: 'receivedAt', cell: (row) => listTime(row.clock.receivedAt, lang) },
    { key: 'request', title: say('request'), extra: true, kind: 'id', cell: (row) => row.requestNo },
  ]
  return (
    <div className="page">
      <PageTitle title={say('orders')} />
      <DataTable
        name="work-orders"
        what={say('orders')}
        ask={(input: ListInput) => ask('provisioning.list', input as never)}
        about={['work-order', 'task', 'instance']}
        onExport={(input, format) => download('provisioning.exportList', { ...input, format } as never)}
        columns={columns}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/work/orders/${row.id}` as string })}
        filters={[
          { key: 'kind', label: say('kind'), options: workOrderKind.options.map((code) => [code, say(code)] as const) },
          { key: 'status', label: say('status'), options: workOrderStatus.options.map((code) => [code, say(code)] as const) },
        ]}
        views={[
          { key: 'all', label: say('all'), filters: {} },
          { key: 'overdue', label: say('overdue'), filters: { overdue: 'true' } },
        ]}
        searchHint={say('search')}
        defaultSort="-receivedAt"
        firstUse={{ title: say('none'), help: say('firstUse') }}
        phone={(row) => ({
          title: row.applicationName,
          right: <OrderState status={row.status} />,
          below: `${row.no} · ${say(row.kind)}`,
          belowRight: <OrderDeadline clock={row.clock} />,
        })}
      />
    </div>
  )
}
