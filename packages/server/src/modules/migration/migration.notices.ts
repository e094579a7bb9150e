import type { Ctx } from '../../platform/ctx.ts'
import { type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import type { MigrationRow } from './migration.store.ts'

const kind = (event: string, zh: [string, string], en: [string, string]): NoticeKind => ({
  event,
  topic: 'request',
  urgency: 'NORMAL',
  placeholders: ['number', 'application', 'reason'],
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
const kinds: readonly NoticeKind[] = [
  kind(
    'migration.rejected',
    ['不予迁移：{application}', '迁移 {number}“{application}”评估为不可行。改造建议：{reason}'],
    ['Migration refused: {application}', 'Migration {number} “{application}” is not feasible. Advice: {reason}'],
  ),
  kind(
    'migration.expired',
    ['迁移申请已过期：{application}', '迁移 {number}“{application}”补正逾期，已作废。'],
    ['Migration lapsed: {application}', 'Migration {number} “{application}” was not corrected in time and has lapsed.'],
  ),
  kind(
    'migration.cancelled',
    ['迁移已撤销：{application}', '迁移 {number}“{application}”不再实施。'],
    ['Migration called off: {application}', 'Migration {number} “{application}” will not be made.'],
  ),
  kind(
    'migration.rolled-back',
    ['迁移已回退：{application}', '迁移 {number}“{application}”割接未成功，已回退。'],
    ['Migration taken back: {application}', 'The cut-over of migration {number} “{application}” did not come off and was taken back.'],
  ),
  kind(
    'migration.closed',
    ['迁移完成：{application}', '迁移 {number}“{application}”已由三方确认并归档。'],
    ['Migration done: {application}', 'Migration {number} “{application}” is confirmed by all three parties and filed.'],
  ),
]
export const registerMigrationNotices = (): void => registerNotices(kinds)

export type MigrationEvent =
  | 'migration.rejected'
  | 'migration.expired'
  | 'migration.cancelled'
  | 'migration.rolled-back'
  | 'migration.closed'
/** The applicant hears every end; of a cut-over taken back the managers too. */
export async function tellMigration(ctx: Ctx, event: MigrationEvent, row: MigrationRow): Promise<void> {
  await notify(ctx, {
    event,
    to: [
      { personIds: [row.applicant_id] },
      ...(event === 'migration.rolled-back' || event === 'migration.closed'
        ? [{ role: 'OPERATION_MANAGER' as const }, { role: 'MAINTENANCE_MANAGER' as const }, { role: 'CUSTOMER_OM_MANAGER' as const }]
        : []),
    ],
    params: { number: row.number, application: row.application_name, reason: row.rejection },
    link: `/work/migrations/${row.id}`,
    tenantId: row.tenant_id,
  })
}
