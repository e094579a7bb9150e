import { z } from 'zod'
import { can, canAny, endpoint, page, pageInput, text } from './endpoint.ts'
import { commonProblems } from './problem.ts'
import { collectCredentials, newCredentialLink } from './provisioning.credentials.ts'
import { workOrderKind } from './provisioning.kinds.ts'
import { lease, workOrder, workOrderBrief, workOrderEvent } from './provisioning.orders.ts'
import { provisioningProblems } from './provisioning.problems.ts'
import { SheetFormat, sheetProblems } from './sheet.ts'

export * from './provisioning.forms.ts'
export * from './provisioning.kinds.ts'
export * from './provisioning.lines.ts'
export * from './provisioning.orders.ts'
export * from './provisioning.problems.ts'

const reading = canAny(['provisioning.read', 'R'], ['provisioning.read', 'r'])
const ofWorkOrder = z.object({ workOrderId: z.uuid() })

const workOrderList = pageInput.extend({
  q: text(100).optional(),
  status: z.string().max(200).optional(),
  kind: workOrderKind.optional(),
  applicationId: z.uuid().optional(),
  tenantId: z.uuid().optional(),
  requestId: z.uuid().optional(),
  /** Only those past their due time and not delivered. */
  overdue: z.stringbool().optional(),
  sort: z.enum(['-receivedAt', 'dueAt']).default('-receivedAt'),
})

export const provisioningApi = {
  list: endpoint({
    method: 'GET',
    path: '/work-orders',
    summary: '工单',
    access: reading,
    input: workOrderList,
    reply: page(workOrderBrief),
  }),
  exportList: endpoint({
    method: 'POST',
    path: '/work-orders/export',
    summary: '导出工单清单（同列表的条件；留痕）',
    access: reading,
    kind: 'download',
    input: workOrderList.omit({ after: true, limit: true }).extend({ format: SheetFormat.default('xlsx') }),
    reply: z.unknown(),
    problems: [sheetProblems.tooLong],
  }),
  get: endpoint({
    method: 'GET',
    path: '/work-orders/:workOrderId',
    summary: '一份工单：各行、时限、凭据、验收、试运行',
    access: reading,
    input: ofWorkOrder,
    reply: workOrder,
    problems: [commonProblems.notFound],
  }),
  timeline: endpoint({
    method: 'GET',
    path: '/work-orders/:workOrderId/timeline',
    summary: '工单经过',
    access: reading,
    input: ofWorkOrder,
    reply: z.object({ items: z.array(workOrderEvent) }),
    problems: [commonProblems.notFound],
  }),
  timelineOfRequest: endpoint({
    method: 'GET',
    path: '/requests/:requestId/work-orders/timeline',
    summary: '一份申请名下全部工单的经过',
    access: reading,
    input: z.object({ requestId: z.uuid() }),
    reply: z.object({ items: z.array(workOrderEvent.extend({ workOrderId: z.uuid(), workOrderNo: z.string() })) }),
  }),
  proposeHold: endpoint({
    method: 'POST',
    path: '/work-orders/:workOrderId/holds',
    summary: '因缺应用方信息提请中止计时',
    access: can('provisioning.pauseClock', 'C'),
    input: ofWorkOrder.extend({ reason: text(2000, 1) }),
    reply: workOrder,
    problems: [provisioningProblems.wrongState],
  }),
  decideHold: endpoint({
    method: 'POST',
    path: '/work-orders/:workOrderId/holds/:holdId/decide',
    summary: '认可或不认可中止计时',
    access: can('provisioning.pauseClock', 'A'),
    input: ofWorkOrder.extend({ holdId: z.uuid(), approve: z.boolean(), comment: text(2000).default('') }),
    reply: workOrder,
    problems: [provisioningProblems.wrongState, provisioningProblems.samePerson],
  }),
  endHold: endpoint({
    method: 'POST',
    path: '/work-orders/:workOrderId/holds/:holdId/end',
    summary: '恢复计时',
    access: can('provisioning.pauseClock', 'C'),
    input: ofWorkOrder.extend({ holdId: z.uuid() }),
    reply: workOrder,
    problems: [provisioningProblems.wrongState],
  }),
  newCredentialLink,
  collectCredentials,
  leases: endpoint({
    method: 'GET',
    path: '/leases',
    summary: '资源使用期限，先到期的在前',
    access: reading,
    input: pageInput.extend({
      applicationId: z.uuid().optional(),
      withinDays: z.coerce.number().int().min(1).max(3650).optional(),
    }),
    reply: page(lease),
  }),
  selfCheckTemplate: endpoint({
    method: 'GET',
    path: '/work-orders/:workOrderId/self-check-template',
    summary: '自检应逐项核对的内容',
    access: reading,
    input: ofWorkOrder,
    reply: z.object({
      items: z.array(
        z.object({
          lineId: z.uuid(),
          lineTitle: z.string(),
          key: z.string(),
          label: z.object({ zh: z.string(), en: z.string() }),
          expected: z.string(),
          /** What the cloud or the inventory says; empty when only people can look. */
          found: z.string(),
        }),
      ),
    }),
    problems: [commonProblems.notFound],
  }),
}
