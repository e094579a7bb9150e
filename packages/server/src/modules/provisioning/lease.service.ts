import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { provisioningApi } from '@changbai/contract/provisioning.ts'
import { scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { noticeOf } from './events.ts'
import { note } from './journal.ts'
import { insertReminder, leasePage, remindersOf } from './lease.store.ts'
import { nextLeaseDay, reminderDue } from './provisioning.domain.ts'
import { linesOf, type OrderRow } from './provisioning.store.ts'

/** Reminders go out at nine in the morning, when somebody reads them. */
const atNine = (day: Temporal.PlainDate): string => day.toZonedDateTime({ timeZone: SHANGHAI, plainTime: '09:00' }).toInstant().toString()

/** Days before the end of a lease, longest first. */
const remindersOfPlan = (ctx: Ctx): number[] => [...ctx.plan.value<number[]>('provisioning.leaseRemindDays')].sort((a, b) => b - a)

/** When the leases of this order next need attention, as the timer of the process takes it. */
export async function nextLeaseAt(ctx: Ctx, order: OrderRow): Promise<{ leaseAt: string; leaseOver: boolean }> {
  const today = shanghaiDay(ctx.now)
  const lines = (await linesOf(ctx.db, order.id)).filter((line) => line.state === 'ACCEPTED' || line.state === 'DELIVERED')
  const sent = await remindersOf(
    ctx.db,
    lines.map((line) => line.id),
  )
  const days = lines
    .filter((line) => Temporal.PlainDate.compare(line.usage_until, today) >= 0)
    .map((line) =>
      nextLeaseDay(
        line.usage_until,
        today,
        remindersOfPlan(ctx),
        sent.filter((one) => one.line_id === line.id && one.usage_until.equals(line.usage_until)).map((one) => one.days_before),
      ),
    )
    .sort(Temporal.PlainDate.compare)
  const [first] = days
  return { leaseAt: atNine(first ?? today.add({ days: 1 })), leaseOver: first === undefined }
}

/** C10: reminds of leases that end in 60, 30, 7 days, and tells when one has ended. Renewed leases are simply not due. */
export async function remindLeases(ctx: Ctx, order: OrderRow): Promise<{ leaseAt: string; leaseOver: boolean }> {
  const today = shanghaiDay(ctx.now)
  const lines = (await linesOf(ctx.db, order.id)).filter((line) => line.state === 'ACCEPTED' || line.state === 'DELIVERED')
  const sent = await remindersOf(
    ctx.db,
    lines.map((line) => line.id),
  )
  for (const line of lines) {
    const before = sent.filter((one) => one.line_id === line.id && one.usage_until.equals(line.usage_until)).map((one) => one.days_before)
    const daysLeft = today.until(line.usage_until, { largestUnit: 'day' }).days
    const remind = async (days: number): Promise<void> =>
      insertReminder(ctx.db, { line_id: line.id, usage_until: line.usage_until, days_before: days, at: ctx.now })
    if (daysLeft < 0 && !before.includes(-1)) {
      await remind(-1)
      await note(
        ctx,
        order,
        'lease-ended',
        { zh: `第 ${line.no} 行使用期限已到`, en: `The lease of line ${line.no} has ended` },
        { lineId: line.id },
      )
      await ctx.publish('lease.expired', {
        ...noticeOf(order),
        lineId: line.id,
        title: line.title,
        usageUntil: line.usage_until.toString(),
        env: order.env,
      })
      continue
    }
    const due = reminderDue(line.usage_until, today, remindersOfPlan(ctx), before)
    if (due === null) continue
    await remind(due)
    await note(
      ctx,
      order,
      'lease-reminded',
      { zh: `第 ${line.no} 行还有 ${daysLeft} 天到期，已提醒续期`, en: `Line ${line.no} ends in ${daysLeft} days; reminded` },
      { lineId: line.id },
    )
    await ctx.publish('lease.expiring', {
      ...noticeOf(order),
      lineId: line.id,
      title: line.title,
      usageUntil: line.usage_until.toString(),
      daysLeft,
    })
  }
  return nextLeaseAt(ctx, order)
}

export async function listLeases(ctx: Ctx, query: Input<typeof provisioningApi.leases>): Promise<Reply<typeof provisioningApi.leases>> {
  const today = shanghaiDay(ctx.now)
  const rows = await leasePage(ctx.db, {
    scope: scopeOf(ctx.actor, 'provisioning.read', 'R', 'r'),
    applicationId: query.applicationId,
    until: query.withinDays ? today.add({ days: query.withinDays }) : undefined,
    after: readCursor(query.after),
    limit: query.limit,
  })
  const { items, next } = pageOf(rows, query.limit, (row) => [row.usage_until.toString(), row.id])
  const sent = await remindersOf(
    ctx.db,
    items.map((row) => row.id),
  )
  return {
    items: items.map((row) => ({
      lineId: row.id,
      workOrderId: row.work_order_id,
      workOrderNo: row.order.no,
      title: row.title,
      applicationId: row.order.application_id,
      applicationName: row.order.application_name,
      tenantId: row.order.tenant_id,
      env: row.order.env,
      usageUntil: row.usage_until.toString(),
      daysLeft: today.until(row.usage_until, { largestUnit: 'day' }).days,
      reminded: sent.filter((one) => one.line_id === row.id && one.days_before > 0).map((one) => one.days_before),
    })),
    next,
  }
}
