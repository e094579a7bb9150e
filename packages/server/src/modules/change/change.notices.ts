import type { Ctx } from '../../platform/ctx.ts'
import { applicationsById } from '../inventory/index.ts'
import { type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import type { ChangeRow } from './change.store.ts'

const words = ['number', 'title', 'from', 'to', 'reason'] as const
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
    'change.planned',
    ['计划变更：{title}', '变更 {number}“{title}”已批准，计划 {from} 至 {to} 实施，影响你的应用。'],
    ['Planned change: {title}', 'Change {number} “{title}” is approved for {from} to {to}. It touches your application.'],
  ),
  kind(
    'change.rejected',
    ['变更未通过：{title}', '变更 {number}“{title}”未获批准。原因：{reason}'],
    ['Change refused: {title}', 'Change {number} “{title}” was refused. Reason: {reason}'],
  ),
  kind(
    'change.expired',
    ['变更已过期：{title}', '变更 {number}“{title}”补正逾期，已作废。'],
    ['Change lapsed: {title}', 'Change {number} “{title}” was not corrected in time and has lapsed.'],
  ),
  kind(
    'change.cancelled',
    ['变更已撤销：{title}', '变更 {number}“{title}”不再实施。{reason}'],
    ['Change called off: {title}', 'Change {number} “{title}” will not be made. {reason}'],
  ),
  kind(
    'change.closed',
    ['变更完成：{title}', '变更 {number}“{title}”已完成并记入台账。'],
    ['Change done: {title}', 'Change {number} “{title}” is done and recorded in the inventory.'],
  ),
  kind(
    'change.rolled-back',
    ['变更已回退：{title}', '变更 {number}“{title}”未成功，已回退，须作失败分析。'],
    ['Change taken back: {title}', 'Change {number} “{title}” did not come off and was taken back; its failure must be analysed.'],
  ),
  kind(
    'change.papers-late',
    ['紧急变更未按时补单：{title}', '紧急变更 {number}“{title}”未在时限内补单，已记违规。'],
    [
      'Papers of an emergency are late: {title}',
      'The papers of the emergency change {number} “{title}” were not handed in in time. It stays on record.',
    ],
  ),
]
export const registerChangeNotices = (): void => registerNotices(kinds)
export type ChangeEvent =
  | 'change.planned'
  | 'change.rejected'
  | 'change.expired'
  | 'change.cancelled'
  | 'change.closed'
  | 'change.rolled-back'
  | 'change.papers-late'

const clock = (at: Temporal.Instant | null): string =>
  at ? at.toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ') : '—'

/** The applicant hears every end; project managers of applications touched what concerns them; the managers what went wrong. */
export async function tellChange(ctx: Ctx, event: ChangeEvent, row: ChangeRow, reason = ''): Promise<void> {
  const applications = await applicationsById(ctx, row.affected_ids)
  const managers = [...applications.values()].flatMap((one) => (one.projectManagerId ? [one.projectManagerId] : []))
  const toManagers =
    event === 'change.planned' || event === 'change.closed' || event === 'change.rolled-back' || event === 'change.cancelled'
  const wrong = event === 'change.rolled-back' || event === 'change.papers-late'
  await notify(ctx, {
    event,
    to: [
      { personIds: [...new Set([row.applicant_id, ...(toManagers ? managers : [])])] },
      ...(wrong
        ? [{ role: 'OPERATION_MANAGER' as const }, { role: 'MAINTENANCE_MANAGER' as const }, { role: 'CUSTOMER_OM_MANAGER' as const }]
        : []),
      ...(event === 'change.closed' ? [{ role: 'MAINTENANCE_MANAGER' as const }] : []),
    ],
    params: { number: row.number, title: row.title, from: clock(row.window_from), to: clock(row.window_to), reason },
    link: `/work/changes/${row.id}`,
    tenantId: row.tenant_id,
  })
}
