import type { Ctx } from '../../platform/ctx.ts'
import { type Addressee, type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import type { AdmissionRow } from './admission.store.ts'

const words = ['application', 'no', 'admissionNo', 'validUntil', 'reason', 'advice'] as const
const kind = (event: string, urgency: NoticeKind['urgency'], zh: [string, string], en: [string, string]): NoticeKind => ({
  event,
  topic: 'request',
  urgency,
  placeholders: words,
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})

const kinds: readonly NoticeKind[] = [
  kind(
    'admission.granted',
    'NORMAL',
    ['准入通过：{application}', '“{application}”已准入，准入号 {admissionNo}，请在 {validUntil} 前提交资源申请。'],
    ['Admitted: {application}', '“{application}” is admitted under {admissionNo}. Hand in a resource request by {validUntil}.'],
  ),
  kind(
    'admission.rejected',
    'NORMAL',
    ['不予准入：{application}', '“{application}”（{no}）不予准入。原因：{reason}。建议：{advice}'],
    ['Not admitted: {application}', '“{application}” ({no}) is not admitted. Reason: {reason}. Advice: {advice}'],
  ),
  kind(
    'admission.expiring',
    'HIGH',
    ['准入即将到期：{application}', '准入号 {admissionNo} 到 {validUntil} 未提交资源申请即失效。'],
    ['Admission about to lapse: {application}', '{admissionNo} lapses after {validUntil} unless a resource request is handed in.'],
  ),
  kind(
    'admission.expired',
    'NORMAL',
    ['准入已过期：{application}', '“{application}”（{no}）已过期，需要时请重新申请。'],
    ['Admission lapsed: {application}', '“{application}” ({no}) has lapsed. Apply again if it is still needed.'],
  ),
  kind(
    'build-demand.opened',
    'HIGH',
    ['资源池容量不足：{application}', '{no}“{application}”容量不足，已登记建设需求，请安排扩容。'],
    ['Capacity short: {application}', '{no} “{application}” waits for capacity; a demand is registered. Please plan it.'],
  ),
]
export const registerAdmissionNotices = (): void => registerNotices(kinds)

export type AdmissionNotice = 'admission.granted' | 'admission.rejected' | 'admission.expiring' | 'admission.expired'

/** Tells the applicant and the bureau's head; of a granted admission also those who will run it (A9). */
export async function tellAdmission(ctx: Ctx, event: AdmissionNotice, row: AdmissionRow): Promise<void> {
  const params = {
    application: row.app_name,
    no: row.number,
    admissionNo: row.admission_no,
    validUntil: row.valid_until?.toString(),
    reason: row.rejection?.reason,
    advice: row.rejection?.advice,
  }
  const to: Addressee[] = [{ personIds: [row.applicant_id] }]
  if (event === 'admission.granted' || event === 'admission.rejected') to.push({ role: 'TENANT_APPROVER', tenantId: row.tenant_id })
  if (event === 'admission.granted') to.push({ role: 'OPERATION_MANAGER' }, { role: 'MAINTENANCE_MANAGER' })
  await notify(ctx, { event, to, params, link: `/admissions/${row.id}`, tenantId: row.tenant_id })
}

/** Missing capacity is the construction project manager's to know at once (A6b). */
export const tellDemand = async (ctx: Ctx, matter: { application: string; no: string; link: string }): Promise<void> => {
  const { link, ...params } = matter
  await notify(ctx, { event: 'build-demand.opened', to: { role: 'BUILD_PROJECT_MANAGER' }, params, link })
}
