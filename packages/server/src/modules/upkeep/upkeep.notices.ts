import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { notify, registerNotices } from '../notification/index.ts'

export const registerUpkeep = (): void =>
  registerNotices([
    {
      event: 'upkeep.backup-failed',
      topic: 'system',
      urgency: 'HIGH',
      placeholders: ['reason'],
      zh: { title: '备份失败', body: '这次备份没有成功：{reason}。请在“设置 - 备份与演练”中查看并重做。' },
      en: { title: 'A backup failed', body: 'The backup did not succeed: {reason}. See Settings - Backups and take it again.' },
    },
    {
      event: 'upkeep.backup-late',
      topic: 'system',
      urgency: 'HIGH',
      placeholders: ['since'],
      zh: { title: '备份逾期', body: '最近一份成功的备份是 {since}，已超过 26 小时。请查看“设置 - 备份与演练”。' },
      en: { title: 'The backup is late', body: 'The last good backup was taken {since}, more than 26 hours ago. See Settings - Backups.' },
    },
    {
      event: 'upkeep.drill-failed',
      topic: 'system',
      urgency: 'HIGH',
      placeholders: ['reason'],
      zh: { title: '恢复演练未通过', body: '备份恢复演练未通过：{reason}。现有备份可能无法恢复，请尽快处理。' },
      en: { title: 'A restore drill failed', body: 'The drill failed: {reason}. The backups may be of no use; see to it soon.' },
    },
    {
      event: 'upkeep.drill-late',
      topic: 'system',
      urgency: 'NORMAL',
      placeholders: ['since'],
      zh: { title: '恢复演练逾期', body: '最近一次通过的恢复演练是 {since}，已超过 35 天。请在“设置 - 备份与演练”中立即演练。' },
      en: {
        title: 'The restore drill is late',
        body: 'The last drill that passed was {since}, more than 35 days ago. Run one under Settings - Backups.',
      },
    },
  ])

const PAGE = '/settings/backups'

/** Whoever keeps the platform hears of it, once a day for the same trouble. */
export async function tellUpkeep(
  ctx: Ctx,
  event: 'upkeep.backup-failed' | 'upkeep.backup-late' | 'upkeep.drill-failed' | 'upkeep.drill-late',
  params: Record<string, string>,
): Promise<void> {
  await notify(ctx, {
    event,
    to: [{ role: 'SYSTEM_ADMIN' }, { role: 'IAAS_ADMIN' }],
    params,
    link: PAGE,
    dedupKey: `${event}:${shanghaiDay(ctx.now)}`,
  })
}
