import type { Input } from '@changbai/contract/endpoint.ts'
import type { provisioningApi, WorkOrderBrief, WorkOrderKind, WorkOrderStatus } from '@changbai/contract/provisioning.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { allPages, type SheetColumn, spoolSheet, wallTime } from '../../platform/sheets.ts'
import { listWorkOrders } from './work-order.service.ts'

const PAGE = 200
const kinds: Record<WorkOrderKind, { zh: string; en: string }> = {
  VM: { zh: '虚拟机', en: 'Virtual machines' },
  BAREMETAL: { zh: '物理机', en: 'Physical servers' },
  STORAGE_NETWORK: { zh: '存储与网络', en: 'Storage and network' },
}
const statuses: Record<WorkOrderStatus, { zh: string; en: string }> = {
  RECEIVED: { zh: '待核单', en: 'To be checked' },
  RETURNED: { zh: '退回补充', en: 'Returned' },
  FULFILLING: { zh: '开通中', en: 'Being made' },
  FULFILL_FAILED: { zh: '开通未成', en: 'Failed' },
  CHECKING: { zh: '自检中', en: 'Self-check' },
  DELIVERED: { zh: '待验收', en: 'To be accepted' },
  ACCEPTED: { zh: '已验收', en: 'Accepted' },
  TRIAL: { zh: '试运行', en: 'On trial' },
  CLOSED: { zh: '已归档', en: 'Closed' },
  CANCELLED: { zh: '已撤销', en: 'Cancelled' },
}
const met = { zh: ['按期', '超期', ''], en: ['Met', 'Late', ''] } as const
const columnsIn = (lang: 'zh' | 'en'): readonly SheetColumn<WorkOrderBrief>[] => [
  { zh: '工单号', en: 'Number', cell: (row) => row.no },
  { zh: '申请号', en: 'Request', cell: (row) => row.requestNo },
  { zh: '应用系统', en: 'Application', cell: (row) => row.applicationName },
  { zh: '使用单位', en: 'Bureau', cell: (row) => row.tenantName },
  { zh: '类型', en: 'Kind', cell: (row) => kinds[row.kind][lang] },
  { zh: '状态', en: 'State', cell: (row) => statuses[row.status][lang] },
  { zh: '就绪行', en: 'Lines ready', cell: (row) => row.linesReady },
  { zh: '行数', en: 'Lines', cell: (row) => row.lines },
  { zh: '派达', en: 'Received', cell: (row) => wallTime(row.clock.receivedAt) },
  { zh: '应到位', en: 'Due', cell: (row) => wallTime(row.clock.dueAt) },
  { zh: '到位', en: 'Delivered', cell: (row) => wallTime(row.clock.deliveredAt) },
  { zh: '时限（工作日）', en: 'Limit (working days)', cell: (row) => row.clock.workdays },
  { zh: '条款', en: 'Clause', cell: (row) => row.clock.clause },
  { zh: '是否按期', en: 'In time', cell: ({ clock }) => met[lang][clock.met === null ? 2 : clock.met ? 0 : 1] },
]

/** The list under its conditions as a sheet, within what the actor may read; leaves a fact. */
export async function exportWorkOrders(ctx: Ctx, { format, ...filter }: Input<typeof provisioningApi.exportList>): Promise<Download> {
  const english = ctx.locale === 'en-US'
  const sheet = await spoolSheet(ctx, {
    format,
    name: english ? 'work-orders' : '工单',
    columns: columnsIn(english ? 'en' : 'zh'),
    pages: allPages((after) => listWorkOrders(ctx, { ...filter, after, limit: PAGE })),
  })
  await ctx.record({
    kind: 'work-order.list-exported',
    subject: { type: 'work-order', id: 'list' },
    data: { format, filter, rows: sheet.rows },
  })
  return sheet
}
