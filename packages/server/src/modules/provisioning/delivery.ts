import type { provisioningForms } from '@changbai/contract/provisioning.ts'
import { provisioningProblems } from '@changbai/contract/provisioning.ts'
import type { z } from 'zod'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { giveBackAddresses } from './address.service.ts'
import { settleCapacity } from './capacity.ts'
import { releaseCredentials } from './credential.service.ts'
import { credentialsOf } from './credential.store.ts'
import { workdayDeadline } from './deadlines.ts'
import { type HandedOver, noticeOf } from './events.ts'
import { followRequest } from './follow.ts'
import { closeHolds } from './hold.service.ts'
import { insertSignature, signaturesOf } from './hold.store.ts'
import { note, whoOf } from './journal.ts'
import { checkPointsOf } from './provisioning.domain.ts'
import { type LineRow, linesOf, lockOrder, type OrderRow, type Trial, updateLine, updateOrder } from './provisioning.store.ts'

type Form<K extends keyof typeof provisioningForms> = z.output<(typeof provisioningForms)[K]>

export const requireOrder = async (ctx: Ctx, id: string): Promise<OrderRow> => {
  const order = await lockOrder(ctx.db, id)
  if (!order) throw new Error(`no work order ${id}`)
  return order
}

const inHand = (line: LineRow): boolean => line.state === 'READY' || line.state === 'DELIVERED'

/** C5: every line in hand, point by point. A point left out is a gap, not a pass. */
export async function saveSelfCheck(
  ctx: Ctx,
  order: OrderRow,
  outcome: string | null,
  data: Form<'provisioning.selfCheck'>,
): Promise<void> {
  const lines = (await linesOf(ctx.db, order.id)).filter(inHand)
  const points = lines.flatMap((line) =>
    checkPointsOf(line.spec).map((point) => ({ lineId: line.id, key: point.key, expected: point.expected })),
  )
  const said = new Map(data.items.map((item) => [`${item.lineId}/${item.key}`, item]))
  const missing = points.filter((point) => !said.has(`${point.lineId}/${point.key}`))
  if (missing.length > 0) fail(provisioningProblems.linesMissing, { missing: missing.map((point) => point.key).join('、') })
  const items = points.map((point) => {
    const item = said.get(`${point.lineId}/${point.key}`)
    return { ...point, ok: item?.ok ?? false, found: item?.found ?? '' }
  })
  const wrong = items.filter((item) => !item.ok).length
  if (outcome === 'PASS' && wrong > 0) fail(provisioningProblems.wrongState, { wrong })
  await updateOrder(ctx.db, order.id, {
    self_check: JSON.stringify({ by: whoOf(ctx), at: ctx.now.toString(), items }),
    status: outcome === 'PASS' ? 'CHECKING' : 'FULFILL_FAILED',
  })
  await note(
    ctx,
    order,
    outcome === 'PASS' ? 'checked' : 'check-failed',
    outcome === 'PASS'
      ? { zh: `自检 ${items.length} 项全部相符`, en: `Self-check: all ${items.length} points agree` }
      : { zh: `自检有 ${wrong} 项不符`, en: `Self-check: ${wrong} points differ` },
    { after: { items: items.length, wrong } },
  )
}

/**
 * C6: the notice goes out and the credentials can be collected, in one transaction; that moment is `deliveredAt`, by which the limit is judged.
 * @clause 4.3-1d
 */
export async function deliver(ctx: Ctx, order: OrderRow): Promise<void> {
  await closeHolds(ctx, order)
  const lines = (await linesOf(ctx.db, order.id)).filter((line) => line.state === 'READY')
  const linkEndsAt = await releaseCredentials(ctx, order, lines)
  for (const line of lines) await updateLine(ctx.db, line.id, { state: 'DELIVERED', delivered_at: line.delivered_at ?? ctx.now })
  await updateOrder(ctx.db, order.id, {
    status: 'DELIVERED',
    delivered_at: order.delivered_at ?? ctx.now,
    notified_at: ctx.now,
  })
  const met = lines.every((line) => line.provisional || Temporal.Instant.compare(ctx.now, line.due_at) <= 0)
  await note(
    ctx,
    order,
    'delivered',
    {
      zh: `资源到位，已通知应用方领取账号${met ? '' : '（超过时限）'}`,
      en: `Ready; the applicant was told to collect the accounts${met ? '' : ' (late)'}`,
    },
    { after: { lines: lines.length, met } },
  )
  await settleCapacity(ctx, order.request_id)
  await followRequest(ctx, order.request_id)
  await ctx.publish('resources.handed-over', { ...noticeOf(order), env: order.env, resources: handedOver(lines) })
  await ctx.publish('work-order.ready', { ...noticeOf(order), deliveredAt: ctx.now, linkEndsAt })
}

/** What monitoring, backup and the security baseline are told of: one entry a thing that exists now. */
const handedOver = (lines: readonly LineRow[]): HandedOver[] =>
  lines.flatMap((line) =>
    line.result.map(({ name, externalId, addresses }) => ({
      lineId: line.id,
      kind: line.kind,
      name,
      externalId,
      addresses,
      usageUntil: line.usage_until.toString(),
      backupPolicy: line.spec.kind === 'STORAGE' ? line.spec.backupPolicy : '',
    })),
  )

/** 24 hours after the notice, while accounts are still there to collect. */
export async function remindCollect(ctx: Ctx, order: OrderRow): Promise<void> {
  const waiting = (await credentialsOf(ctx.db, order.id)).filter((row) => row.ready_at !== null && row.collected_at === null)
  if (waiting.length === 0) return
  await note(ctx, order, 'collect-reminded', {
    zh: '到位 24 小时未领取账号，已提醒',
    en: 'Accounts not collected after 24 hours; reminded',
  })
  await ctx.publish('work-order.credentials-waiting', noticeOf(order))
}

export async function remindAcceptance(ctx: Ctx, order: OrderRow): Promise<void> {
  await note(ctx, order, 'acceptance-reminded', { zh: '验收逾期，已提醒', en: 'Acceptance is late; reminded' })
  await ctx.publish('work-order.acceptance-late', noticeOf(order))
}

/** C7: request form, catalogue and list of resources go to the maintenance manager, who signs for them within a working day. @clause 4.3-2 */
export async function share(ctx: Ctx, order: OrderRow): Promise<void> {
  const due = await workdayDeadline(ctx, ctx.now, 1)
  const documents = [`request:${order.request_id}:form`, `request:${order.request_id}:catalog`, `work-order:${order.id}:resources`]
  await updateOrder(ctx.db, order.id, {
    share: JSON.stringify({ sharedAt: ctx.now.toString(), dueAt: due.at.toString(), ackAt: null, ackBy: null, documents }),
  })
  await note(
    ctx,
    order,
    'shared',
    { zh: '资料与资源清单已共享给运维管理员', en: 'Papers and resources shared with maintenance' },
    { after: { documents } },
  )
  await ctx.publish('work-order.shared', noticeOf(order))
}

export async function acknowledgeShare(ctx: Ctx, order: OrderRow): Promise<void> {
  if (!order.share) throw new Error(`work order ${order.id} was not shared`)
  await updateOrder(ctx.db, order.id, { share: JSON.stringify({ ...order.share, ackAt: ctx.now.toString(), ackBy: whoOf(ctx) }) })
  await note(ctx, order, 'share-acknowledged', { zh: '运维管理员签收资料', en: 'Maintenance acknowledged the papers' })
}

async function accepted(ctx: Ctx, order: OrderRow, result: 'ACCEPTED' | 'DEFAULT', comment: string): Promise<void> {
  for (const line of (await linesOf(ctx.db, order.id)).filter((one) => one.state === 'DELIVERED'))
    await updateLine(ctx.db, line.id, { state: 'ACCEPTED' })
  await updateOrder(ctx.db, order.id, {
    status: 'ACCEPTED',
    acceptance: JSON.stringify({ result, by: whoOf(ctx), at: ctx.now.toString(), comment }),
  })
  const byDefault = result === 'DEFAULT'
  await note(
    ctx,
    order,
    'accepted',
    byDefault
      ? { zh: '甲方同意默认验收', en: 'Accepted by default with consent' }
      : { zh: '应用方验收通过', en: 'Accepted by the applicant' },
    {
      after: { result },
    },
  )
  await followRequest(ctx, order.request_id)
  await ctx.publish('work-order.accepted', { ...noticeOf(order), byDefault })
}

/** C8: with objections the lines go back to be put right; the contract's clock is not started again. @clause 4.3-1c */
export async function decideAcceptance(
  ctx: Ctx,
  order: OrderRow,
  outcome: string | null,
  data: Form<'provisioning.accept'>,
): Promise<void> {
  if (outcome !== 'OBJECT') return accepted(ctx, order, 'ACCEPTED', data.comment)
  const lines = await linesOf(ctx.db, order.id)
  if (data.objections.length === 0) fail(provisioningProblems.linesMissing, { missing: 'objections' })
  for (const { lineId, text } of data.objections) {
    const line = lines.find((one) => one.id === lineId) ?? fail(provisioningProblems.linesMissing, { missing: lineId })
    await note(
      ctx,
      order,
      'objected',
      { zh: `对第 ${line.no} 行有异议：${text}`, en: `Objection to line ${line.no}: ${text}` },
      { lineId, data: { text } },
    )
  }
  await updateOrder(ctx.db, order.id, {
    acceptance: JSON.stringify({ result: 'OBJECTED', by: whoOf(ctx), at: ctx.now.toString(), comment: data.comment }),
  })
  await ctx.publish('work-order.objected', { ...noticeOf(order), objections: data.objections.length })
}

export async function decideDefaultAcceptance(ctx: Ctx, order: OrderRow, outcome: string | null, comment: string): Promise<void> {
  if (outcome === 'APPROVE') return accepted(ctx, order, 'DEFAULT', comment)
  await note(ctx, order, 'default-refused', { zh: '甲方不同意默认验收', en: 'Acceptance by default refused' }, { data: { comment } })
}

/** The three-party confirmation of the start-up test; no person signs for two parties. */
export async function signLaunchTest(
  ctx: Ctx,
  order: OrderRow,
  party: 'APPLICATION' | 'PROVIDER' | 'CUSTOMER',
  comment: string,
): Promise<void> {
  const signed = await signaturesOf(ctx.db, order.id)
  const personId = ctx.actor.personId ?? fail(provisioningProblems.samePerson)
  if (signed.some((one) => one.by_id === personId)) fail(provisioningProblems.samePerson)
  await insertSignature(ctx.db, { work_order_id: order.id, party, by_id: personId, by_name: ctx.actor.name, at: ctx.now, comment })
  const names = {
    APPLICATION: { zh: '应用方', en: 'applicant' },
    PROVIDER: { zh: '运营方', en: 'provider' },
    CUSTOMER: { zh: '甲方', en: 'customer' },
  }[party]
  await note(
    ctx,
    order,
    'launch-signed',
    { zh: `${names.zh}签署《启动测试确认单》`, en: `The ${names.en} signed the start-up test confirmation` },
    { after: { party } },
  )
  if (signed.length === 2) await ctx.publish('work-order.launch-confirmed', noticeOf(order))
}

/** C9. @returns the instant at which the trial is over, for the timer */
export async function startTrial(ctx: Ctx, order: OrderRow): Promise<string> {
  const from = shanghaiDay(ctx.now)
  const until = from.add({ days: ctx.plan.number('provisioning.trialDays') })
  const trial: Trial = { from: from.toString(), until: until.toString(), endedAt: null, endedBy: null }
  await updateOrder(ctx.db, order.id, { status: 'TRIAL', trial: JSON.stringify(trial) })
  await note(ctx, order, 'trial-started', { zh: `试运行至 ${until}`, en: `On trial until ${until}` }, { after: trial })
  return until.toZonedDateTime('Asia/Shanghai').toInstant().toString()
}

export async function endTrial(ctx: Ctx, order: OrderRow, outcome: string | null): Promise<void> {
  if (outcome === 'EXTEND') {
    await note(ctx, order, 'trial-extended', { zh: '试运行延长', en: 'Trial extended' })
    return
  }
  if (order.trial)
    await updateOrder(ctx.db, order.id, { trial: JSON.stringify({ ...order.trial, endedAt: ctx.now.toString(), endedBy: whoOf(ctx) }) })
  await note(ctx, order, 'went-live', { zh: '试运行结束，转正式', en: 'Trial ended; in regular use' })
}

export async function archive(ctx: Ctx, order: OrderRow): Promise<void> {
  await updateOrder(ctx.db, order.id, { status: 'CLOSED', archived_at: ctx.now })
  await note(ctx, order, 'archived', { zh: '归档备案，工单办结', en: 'Archived; the work order is closed' })
  await followRequest(ctx, order.request_id)
  await ctx.publish('work-order.closed', noticeOf(order))
}

export async function cancelOrder(ctx: Ctx, order: OrderRow, reason: string): Promise<void> {
  const lines = await linesOf(ctx.db, order.id)
  for (const line of lines.filter((one) => !['MOVED', 'CANCELLED', 'ACCEPTED'].includes(one.state)))
    await updateLine(ctx.db, line.id, { state: 'CANCELLED' })
  await giveBackAddresses(
    ctx,
    order,
    lines.map((line) => line.id),
  )
  await updateOrder(ctx.db, order.id, { status: 'CANCELLED' })
  await settleCapacity(ctx, order.request_id)
  await note(ctx, order, 'cancelled', { zh: '工单取消，已建资源已撤除', en: 'Cancelled; what was built is removed' })
  await followRequest(ctx, order.request_id)
  await ctx.publish('work-order.cancelled', { ...noticeOf(order), reason })
}
