import type { Severity } from '@changbai/contract/incident.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import type { Reaction } from '../../platform/door.ts'
import { newId } from '../../platform/ids.ts'
import { holdersOf, personNames } from '../identity/index.ts'
import { type NoticeInput, type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import { nextBroadcast } from './broadcast.service.ts'
import { addEvents } from './history.service.ts'
import { insertLeaderNotice } from './history.store.ts'
import { findIncident, type IncidentRow, updateIncident } from './incident.store.ts'

const words = ['number', 'title', 'severity'] as const
const slip = ['slip', 'was', 'to', 'reason', 'by'] as const
const action = ['action', 'owner', 'dueOn', 'days'] as const
const kind = (
  event: string,
  urgency: NoticeKind['urgency'],
  zh: [string, string],
  en: [string, string],
  more: readonly string[] = [],
): NoticeKind => ({
  event,
  topic: 'incident',
  urgency,
  placeholders: [...words, ...more],
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
const kinds: readonly NoticeKind[] = [
  kind(
    'incident.leader',
    'CRITICAL',
    ['{severity} 级故障：{title}', '{number}“{title}”为 {severity} 级故障，请知悉并回执。'],
    ['Severity {severity}: {title}', '{number} “{title}” is severity {severity}. Please acknowledge.'],
  ),
  kind(
    'incident.security-due',
    'HIGH',
    ['网络安全事件须报送：{title}', '{number} 定为{grade}网络安全事件，须在 {dueAt} 前由甲方责任人报送。'],
    ['Report a security event: {title}', '{number} is graded {grade}; the customer reports it to the authority before {dueAt}.'],
    ['grade', 'dueAt'],
  ),
  kind(
    'incident.customer',
    'HIGH',
    ['{severity} 级故障：{title}', '{number}“{title}”为 {severity} 级故障，正在抢修，进展将随时通报。'],
    ['Severity {severity}: {title}', '{number} “{title}” is severity {severity}; repair is under way and you will be told how it goes.'],
  ),
  kind(
    'incident.warning',
    'HIGH',
    ['{clock}时限已用 {percent}%：{title}', '{number}（{severity} 级）{clock}时限已用去 {percent}%，截止 {dueAt}。'],
    [
      '{percent} % of {clockEn} used: {title}',
      '{number} (severity {severity}): {percent} % of the limit for {clockEn} is used; due {dueAt}.',
    ],
    ['clock', 'clockEn', 'percent', 'dueAt'],
  ),
  kind(
    'incident.overdue',
    'CRITICAL',
    ['{clock}超时：{title}', '{number}（{severity} 级）{clock}应在 {dueAt} 前完成，已超时。'],
    ['{clockEn} overdue: {title}', '{number} (severity {severity}): {clockEn} was due {dueAt} and is overdue.'],
    ['clock', 'clockEn', 'percent', 'dueAt'],
  ),
  kind('incident.broadcast', 'HIGH', ['故障进展：{title}', '{number}：{text}'], ['How it stands: {title}', '{number}: {text}'], ['text']),
  kind(
    'incident.broadcast-due',
    'HIGH',
    ['请通报进展：{title}', '{number}（{severity} 级）又到通报时间，请向报障方、甲方与领导通报进展。'],
    [
      'Please broadcast: {title}',
      '{number} (severity {severity}): a word on how it stands is due to the reporter, the customer and the leader.',
    ],
  ),
  kind(
    'incident.resolved',
    'HIGH',
    ['请验证恢复：{title}', '{number}“{title}”已恢复，请验证业务是否正常。'],
    ['Please verify: {title}', '{number} “{title}” is restored. Please verify that the business works.'],
  ),
  kind(
    'incident.reopened',
    'CRITICAL',
    ['故障重开：{title}', '{number}“{title}”验证未恢复，请继续处理。{reason}'],
    ['Reopened: {title}', '{number} “{title}” is not restored; please go on. {reason}'],
    ['reason'],
  ),
  kind(
    'incident.closed',
    'NORMAL',
    ['故障已关闭：{title}', '{number}“{title}”已关闭，请评价本次服务。'],
    ['Closed: {title}', '{number} “{title}” is closed. Please rate how it was handled.'],
  ),
  kind(
    'incident.merged',
    'NORMAL',
    ['故障已并案：{title}', '{number}“{title}”与另一起故障原因相同，已并入 {into} 一并处理。'],
    ['Merged: {title}', '{number} “{title}” has the same cause as {into} and is handled there.'],
    ['into'],
  ),
  kind(
    'incident.level-asked',
    'HIGH',
    ['请确认降级：{title}', '{number} 拟降为 {to} 级。原因：{reason}。双方同意后生效，时限仍按最高级别计。'],
    [
      'Lower severity? {title}',
      '{number} is to become {to}. Reason: {reason}. Both sides must agree; the limits stay those of the highest severity.',
    ],
    ['to', 'reason'],
  ),
  kind(
    'incident.correction-asked',
    'HIGH',
    ['请确认更正单 {slip}', '{number}：{by} 提出把 {was} 更正为 {to}。原因：{reason}。确认后时钟按更正后的时刻重新判定，两个值都保留。'],
    [
      'Correction {slip} waits for you',
      '{number}: {by} asks to put {to} in the place of {was}. Reason: {reason}. The clocks are judged anew once you agree; both values are kept.',
    ],
    slip,
  ),
  kind(
    'incident.correction-agreed',
    'NORMAL',
    ['更正单 {slip} 已确认', '{number}：{by} 已确认，{was} 更正为 {to}。'],
    ['Correction {slip} agreed', '{number}: {by} has agreed; {to} stands in the place of {was}.'],
    slip,
  ),
  kind(
    'incident.correction-refused',
    'NORMAL',
    ['更正单 {slip} 未获同意', '{number}：{by} 不同意把 {was} 更正为 {to}。'],
    ['Correction {slip} refused', '{number}: {by} does not agree to put {to} in the place of {was}.'],
    slip,
  ),
  kind(
    'incident.action-due',
    'NORMAL',
    ['防范措施将到期：{action}', '{number} 的防范措施“{action}”应在 {dueOn} 前完成。'],
    ['Preventive action due soon: {action}', '{number}: “{action}” is due on {dueOn}.'],
    action,
  ),
  kind(
    'incident.action-overdue',
    'HIGH',
    ['防范措施已逾期 {days} 天：{action}', '{number} 的防范措施“{action}”应由 {owner} 在 {dueOn} 前完成，已逾期 {days} 天。'],
    ['Preventive action {days} days overdue: {action}', '{number}: “{action}” was due by {owner} on {dueOn} and is {days} days overdue.'],
    action,
  ),
  kind(
    'incident.action-verify',
    'NORMAL',
    ['请验证防范措施：{action}', '{number} 的防范措施“{action}”由 {owner} 完成已满 {days} 天，尚无人验证。'],
    ['Please verify: {action}', '{number}: {owner} finished “{action}” {days} days ago and nobody has verified it.'],
    action,
  ),
]
export const registerIncidentNotices = (): void => registerNotices(kinds)

const about = (row: IncidentRow, event: string, params: NoticeInput['params'] = {}): Omit<NoticeInput, 'to'> => ({
  event,
  params: { number: row.number, title: row.title, severity: row.severity, ...params },
  link: `/duty/incidents/${row.id}`,
  tenantId: row.tenant_id,
})
const rowOf = async (ctx: Ctx, id: string): Promise<IncidentRow> => {
  const row = await findIncident(ctx.db, id)
  if (!row) throw new Error(`incident ${id} is gone`)
  return row
}
const reporter = (row: IncidentRow) => ({ personIds: row.reporter_id ? [row.reporter_id] : [] })

/**
 * The provider's leaders are told at once, each with a receipt to give; the customer is informed.
 * @clause 5.8-1
 */
export const tellMajor: Reaction<'incident.major'> = async (ctx, { incidentId }) => {
  const row = await rowOf(ctx, incidentId)
  await updateIncident(ctx.db, row.id, { broadcast_due_at: nextBroadcast(ctx, row) }, ctx.now)
  const leaders = await holdersOf(ctx, 'PROVIDER_LEADER')
  const names = await personNames(ctx, leaders)
  const told: string[] = []
  for (const personId of leaders)
    if (await insertLeaderNotice(ctx.db, { id: newId(), incident_id: row.id, person_id: personId, at: ctx.now, ack_at: null }))
      told.push(personId)
  if (told.length > 0) {
    await notify(ctx, { ...about(row, 'incident.leader'), to: { personIds: told } })
    await addEvents(ctx, row.id, [{ kind: 'LEADER_TOLD', text: told.map((id) => names.get(id) ?? '').join('、') }])
  }
  await notify(ctx, { ...about(row, 'incident.customer'), to: { role: 'CUSTOMER_OM_MANAGER' }, dedupKey: `incident.customer:${row.id}` })
}
export const tellBroadcast: Reaction<'incident.broadcast'> = async (ctx, { incidentId, text }) => {
  const row = await rowOf(ctx, incidentId)
  const to = [reporter(row), { role: 'CUSTOMER_OM_MANAGER' as const }, { role: 'PROVIDER_LEADER' as const }]
  await notify(ctx, { ...about(row, 'incident.broadcast', { text }), to })
}
export const tellResolved: Reaction<'incident.resolved'> = async (ctx, { incidentId }) => {
  const row = await rowOf(ctx, incidentId)
  await notify(ctx, { ...about(row, 'incident.resolved'), to: reporter(row) })
}
export const tellReopened: Reaction<'incident.reopened'> = async (ctx, { incidentId, reason }) => {
  const row = await rowOf(ctx, incidentId)
  const to = row.handler_id ? { personIds: [row.handler_id] } : { role: 'DUTY_OFFICER' as const }
  await notify(ctx, { ...about(row, 'incident.reopened', { reason }), to })
}
export const tellClosed: Reaction<'incident.closed'> = async (ctx, { incidentId, mergedIntoId }) => {
  const row = await rowOf(ctx, incidentId)
  const into = mergedIntoId ? (await rowOf(ctx, mergedIntoId)).number : ''
  await notify(ctx, { ...about(row, into ? 'incident.merged' : 'incident.closed', into ? { into } : {}), to: reporter(row) })
}
export const tellLevelAsked: Reaction<'incident.level-asked'> = async (ctx, { incidentId, to, reason }: Events['incident.level-asked']) => {
  const row = await rowOf(ctx, incidentId)
  const severity: Severity = to
  await notify(ctx, {
    ...about(row, 'incident.level-asked', { to: severity, reason }),
    to: [reporter(row), { role: 'MAINTENANCE_MANAGER' }],
    ...(ctx.actor.personId ? { except: [ctx.actor.personId] } : {}),
  })
}
