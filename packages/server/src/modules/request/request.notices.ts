import type { Ctx } from '../../platform/ctx.ts'
import { type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import type { RequestRow } from './request.store.ts'

const words = ['application', 'no', 'reason', 'advice'] as const
const kind = (event: string, zh: [string, string], en: [string, string]): NoticeKind => ({
  event,
  topic: 'request',
  urgency: 'NORMAL',
  placeholders: words,
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
const kinds: readonly NoticeKind[] = [
  kind(
    'request.approved',
    ['资源申请已批准：{application}', '{no}“{application}”已批准，工单已派出。'],
    ['Request approved: {application}', '{no} “{application}” is approved; the work orders are out.'],
  ),
  kind(
    'request.rejected',
    ['资源申请未通过：{application}', '{no}“{application}”未通过。原因：{reason}。建议：{advice}'],
    ['Request refused: {application}', '{no} “{application}” was refused. Reason: {reason}. Advice: {advice}'],
  ),
  kind(
    'request.expired',
    ['资源申请已过期：{application}', '{no}“{application}”补正逾期，已作废。'],
    ['Request lapsed: {application}', '{no} “{application}” was not corrected in time and has lapsed.'],
  ),
  kind(
    'request.cancelled',
    ['资源申请已取消：{application}', '{no}“{application}”批准后由项目经理取消。原因：{reason}'],
    ['Request cancelled: {application}', '{no} “{application}” was cancelled by the project manager after approval. Reason: {reason}'],
  ),
]
export const registerRequestNotices = (): void => registerNotices(kinds)

/** The applicant is told of every end; of a cancellation after approval the customer's manager must know (B9). */
export async function tellRequest(
  ctx: Ctx,
  event: 'request.approved' | 'request.rejected' | 'request.expired' | 'request.cancelled',
  row: RequestRow,
  reason?: string,
): Promise<void> {
  const params = { application: row.app_name, no: row.number, reason: reason ?? row.rejection?.reason, advice: row.rejection?.advice }
  const to = event === 'request.cancelled' ? { role: 'CUSTOMER_OM_MANAGER' as const } : { personIds: [row.applicant_id] }
  await notify(ctx, { event, to, params, link: `/requests/${row.id}`, tenantId: row.tenant_id })
}
