import { isRole, type Role } from '@changbai/contract/capability.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import type { Reaction } from '../../platform/door.ts'
import { type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import './alarm.events.ts'
import type { AlarmTold } from './alarm.events.ts'
import { digestOf } from './alarm.store.ts'
import type { EscalationStep } from './policy.ts'

const words = ['title', 'titleEn', 'level', 'object'] as const
const kind = (
  event: string,
  urgency: NoticeKind['urgency'],
  zh: [string, string],
  en: [string, string],
  placeholders: readonly string[] = words,
): NoticeKind => ({
  event,
  topic: 'incident',
  urgency,
  placeholders,
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
const kinds: readonly NoticeKind[] = [
  kind(
    'alarm.noticed',
    'HIGH',
    ['{level} 级告警：{object}', '{object}：{title}。请查看并确认。'],
    ['Level {level} alarm: {object}', '{object}: {titleEn}. Please look and acknowledge.'],
  ),
  kind(
    'alarm.escalated',
    'CRITICAL',
    ['告警无人确认：{object}', '{level} 级告警“{title}”（{object}）至今无人确认，请处理。'],
    ['Nobody acknowledged: {object}', 'The level {level} alarm “{titleEn}” of {object} has not been acknowledged. Please act.'],
  ),
  kind(
    'alarm.recovered',
    'NORMAL',
    ['告警恢复：{object}', '{object}：{title} 已恢复。'],
    ['Recovered: {object}', '{object}: {titleEn} has recovered.'],
  ),
  kind(
    'alarm.flapping-began',
    'HIGH',
    ['告警反复：{object}', '{object}：{title} 反复告警与恢复，期间不再逐次通知。'],
    ['Flapping: {object}', '{object}: {titleEn} comes and goes; you are not told of each time.'],
  ),
  kind(
    'alarm.flapping-ended',
    'NORMAL',
    ['告警不再反复：{object}', '{object}：{title} 已稳定。'],
    ['No longer flapping: {object}', '{object}: {titleEn} is steady again.'],
  ),
  kind(
    'alarm.digest',
    'LOW',
    ['{count} 条 IV 级告警', '过去一段时间的 IV 级告警共 {count} 条：{names}。'],
    ['{count} alarms of level IV', '{count} alarms of level IV since the last digest: {names}.'],
    ['count', 'names'],
  ),
  kind(
    'alarm-rule.change-proposed',
    'NORMAL',
    ['请审批规则修改：{title}', '{by} 提出修改监控规则“{title}”。原因：{reason}。'],
    ['A rule change to decide: {titleEn}', '{by} proposes to change the rule “{titleEn}”. Reason: {reason}.'],
    ['title', 'titleEn', 'by', 'reason'],
  ),
]
export const registerAlarmNotices = (): void => registerNotices(kinds)

const about = (alarm: AlarmTold) => ({
  params: { title: alarm.title.zh, titleEn: alarm.title.en, level: alarm.level, object: alarm.objectName },
  link: `/duty/alarms/${alarm.id}`,
  tenantId: alarm.tenantId,
})
const onDuty = [{ role: 'DUTY_OFFICER' as const }, { role: 'MAINTENANCE_ENGINEER' as const }]

export const tellNoticed: Reaction<'alarm.noticed'> = (ctx, { alarm }) => told(ctx, { ...about(alarm), event: 'alarm.noticed', to: onDuty })
export const tellFlapping: Reaction<'alarm.flapping'> = (ctx, { alarm, began }) =>
  told(ctx, { ...about(alarm), event: began ? 'alarm.flapping-began' : 'alarm.flapping-ended', to: onDuty })
/** One with an incident is told there. */
export async function tellRecovered(ctx: Ctx, { alarms, incidentId }: Events['alarm.recovered']): Promise<void> {
  if (incidentId !== null) return
  for (const alarm of alarms) if (alarm.level !== 'IV') await notify(ctx, { ...about(alarm), event: 'alarm.recovered', to: onDuty })
}
export const tellEscalated: Reaction<'alarm.escalated'> = async (ctx, { alarm, step }) => {
  const steps = ctx.plan.value<EscalationStep[]>('monitoring.escalation')
  const roles = (steps[step - 1]?.roles ?? []).filter((role): role is Role => isRole(role))
  if (roles.length > 0)
    await notify(ctx, {
      ...about(alarm),
      event: 'alarm.escalated',
      to: roles.map((role) => ({ role })),
      dedupKey: `alarm.escalated:${alarm.id}:${alarm.sinceAt}:${step}`,
    })
}
export const tellRuleProposed: Reaction<'alarm-rule.change-proposed'> = async (ctx, { ruleId, title, reason, by, byId }) => {
  await notify(ctx, {
    event: 'alarm-rule.change-proposed',
    to: [{ role: 'MAINTENANCE_MANAGER' }, { role: 'OPERATION_MANAGER' }],
    except: [byId],
    params: { title: title.zh, titleEn: title.en, by, reason },
    link: `/duty/alarm-rules?rule=${encodeURIComponent(ruleId)}`,
  })
}
const told = async (ctx: Ctx, notice: Parameters<typeof notify>[1]): Promise<void> => {
  await notify(ctx, notice)
}

/** Level IV is told of together: twice a day, what fired since. */
export async function sendDigest(ctx: Ctx): Promise<void> {
  const { count, names } = await digestOf(ctx.db, ctx.now.subtract({ hours: 16 }), ctx.now)
  if (count === 0) return
  await notify(ctx, {
    event: 'alarm.digest',
    to: [{ role: 'MAINTENANCE_MANAGER' }, { role: 'MAINTENANCE_ENGINEER' }],
    params: { count: String(count), names: names.join('；') },
    link: '/duty/alarms?level=IV',
    dedupKey: `alarm.digest:${ctx.now.toString().slice(0, 13)}`,
  })
}
