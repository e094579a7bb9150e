import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { loadBusinessClock } from '../calendar/index.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { collectionOf, driverLinesOf, linesDue, objectedOrders, ordersDelivered, ordersStarted } from './clause.store.ts'
import { workdayDeadline, workdaysBetween } from './deadlines.ts'

const orderOf = (id: string, label: string): Obligation['subject'] => ({ type: 'work-order', id, label })
const seen = (id: string) => [{ type: 'work-order', id }]
/** How far before the span an order may have been delivered whose hand-over, receipt or acceptance falls due in it, in days. */
const REACH_DAYS = 60

const within = ({ from, to }: ClauseSpan, dueAt: Temporal.Instant): boolean =>
  Temporal.Instant.compare(dueAt, from) >= 0 && Temporal.Instant.compare(dueAt, to) < 0

type Line = Awaited<ReturnType<typeof linesDue>>[number]

/** A clock that stands still moves its end with every working day, as it will be reckoned when it goes on. */
async function dueOf(ctx: Ctx, line: Line, { asOf }: ClauseSpan): Promise<Temporal.Instant> {
  if (!line.held_at || line.delivered_at || Temporal.Instant.compare(line.held_at, asOf) > 0) return line.due_at
  const days = await workdaysBetween(ctx, line.held_at, asOf)
  return (await workdayDeadline(ctx, line.received_at, line.workdays + line.held_days + days)).at
}

async function obligationsOf(ctx: Ctx, span: ClauseSpan, lines: readonly Line[]): Promise<Obligation[]> {
  const found: Obligation[] = []
  for (const line of lines) {
    const dueAt = await dueOf(ctx, line, span)
    if (!within(span, dueAt)) continue
    found.push(
      obligation({
        id: `line:${line.id}`,
        subject: orderOf(line.order_id, `${line.order_no} · ${line.no} ${line.title}`),
        tenantId: line.tenant_id,
        applicationId: line.application_id,
        startedAt: line.received_at.toString(),
        dueAt: dueAt.toString(),
        doneAt: line.delivered_at?.toString() ?? null,
        provisional: line.provisional,
        evidence: [{ type: 'work-order-line', id: line.id }, ...seen(line.order_id)],
      }),
    )
  }
  return found
}

const readLines =
  (...of: Parameters<typeof linesDue>[1]) =>
  async (ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> =>
    obligationsOf(ctx, span, await linesDue(ctx.db, of, span))

/** A network asked for succeeds when it is delivered in its time and nobody objects to it. @clause 5.2-2 */
async function readNetworks(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const lines = await linesDue(ctx.db, ['kind', 'NETWORK'], span)
  const objected = await objectedOrders(ctx.db, [...new Set(lines.map((line) => line.order_id))])
  return (await obligationsOf(ctx, span, lines)).map((one) => ({
    ...one,
    kept: one.doneAt === null ? null : !objected.has(one.subject.id),
  }))
}

async function readStarted(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const orders = await ordersStarted(ctx.db, span)
  const lines = await driverLinesOf(
    ctx.db,
    orders.map((one) => one.id),
  )
  const without = new Set(lines.filter(({ result }) => result.some((one) => one.externalId === null)).map((line) => line.work_order_id))
  return orders.flatMap((order) => {
    if (!order.started_at) return []
    const startedAt = order.started_at.toString()
    const approvedFirst = Temporal.Instant.compare(order.approved_at, order.started_at) <= 0
    return obligation({
      id: `order:${order.id}`,
      subject: orderOf(order.id, order.no),
      tenantId: order.tenant_id,
      applicationId: order.application_id,
      dueAt: startedAt,
      doneAt: startedAt,
      kept: approvedFirst && order.instance_id !== null && !without.has(order.id),
      evidence: seen(order.id),
    })
  })
}

/** Orders delivered so that something of theirs may fall due in the span. */
const deliveredFor = async (ctx: Ctx, { from, to }: ClauseSpan) => ordersDelivered(ctx.db, from.subtract({ hours: 24 * REACH_DAYS }), to)

/** Accepted without a difference; an objection counts when it is raised, whatever is put right afterwards. */
async function readAccepted(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const clock = await loadBusinessClock(ctx)
  const orders = await deliveredFor(ctx, span)
  const objected = await objectedOrders(
    ctx.db,
    orders.map((one) => one.id),
  )
  return orders.flatMap((order) => {
    if (!order.delivered_at) return []
    const dueAt = clock.addTime(order.delivered_at, ctx.plan.duration('provisioning.acceptance'))
    const { acceptance } = order
    // whoever is asked and stays silent has named no difference; the limit is the applicant's, so it is no breach of the provider's
    const answered = acceptance !== null && acceptance.result !== 'OBJECTED' ? Temporal.Instant.from(acceptance.at) : null
    const settledAt = answered && Temporal.Instant.compare(answered, dueAt) > 0 ? answered : dueAt
    if (!within(span, settledAt)) return []
    const silent = acceptance === null && !objected.has(order.id)
    return obligation({
      id: `order:${order.id}`,
      subject: orderOf(order.id, order.no),
      tenantId: order.tenant_id,
      applicationId: order.application_id,
      startedAt: order.delivered_at.toString(),
      dueAt: settledAt.toString(),
      doneAt: (acceptance ? Temporal.Instant.from(acceptance.at) : settledAt).toString(),
      kept: !objected.has(order.id),
      exempt: silent && Temporal.Instant.compare(settledAt, span.asOf) <= 0 ? 'NOT_APPLICABLE' : null,
      evidence: seen(order.id),
    })
  })
}

/** The applicant was told and took the credentials. */
async function readNotified(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const clock = await loadBusinessClock(ctx)
  const orders = (await deliveredFor(ctx, span)).filter((one) => one.notified_at)
  const taken = new Map(
    (
      await collectionOf(
        ctx.db,
        orders.map((one) => one.id),
      )
    ).map((row) => [row.work_order_id, row]),
  )
  return orders.flatMap((order) => {
    if (!order.notified_at) return []
    const dueAt = clock.addTime(order.notified_at, ctx.plan.duration('provisioning.collectCredential'))
    if (!within(span, dueAt)) return []
    const collection = taken.get(order.id)
    // storage and networks come without a password: being told is all there is
    const doneAt =
      collection === undefined ? order.notified_at : collection.collected === collection.credentials ? collection.last_at : null
    return obligation({
      id: `order:${order.id}`,
      subject: orderOf(order.id, order.no),
      tenantId: order.tenant_id,
      applicationId: order.application_id,
      startedAt: order.notified_at.toString(),
      dueAt: dueAt.toString(),
      doneAt: doneAt?.toString() ?? null,
      evidence: seen(order.id),
    })
  })
}

/** Papers and resources shared with maintenance, and acknowledged. */
async function readShared(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  return (await deliveredFor(ctx, span)).flatMap((order) => {
    const { share } = order
    if (!share || !within(span, Temporal.Instant.from(share.dueAt))) return []
    return obligation({
      id: `order:${order.id}`,
      subject: orderOf(order.id, order.no),
      tenantId: order.tenant_id,
      applicationId: order.application_id,
      startedAt: share.sharedAt,
      dueAt: share.dueAt,
      doneAt: share.ackAt,
      evidence: seen(order.id),
    })
  })
}

/** What provisioning records of sections 4.3 and 5.2. @clause 4.3-0 4.3-1a 4.3-1b 4.3-1c 4.3-1d 4.3-2 5.2-2 */
export const provisioningClauses: readonly ClauseSource[] = [
  { of: 'provisioning-approved', meter: 'complete', read: readStarted },
  { of: 'vm-delivery', meter: 'deadline-met', read: readLines('clause', '4.3-1a') },
  { of: 'baremetal-delivery', meter: 'deadline-met', read: readLines('clause', '4.3-1b') },
  { of: 'provisioning-accepted', meter: 'complete', read: readAccepted },
  { of: 'provisioning-notified', meter: 'deadline-met', read: readNotified },
  { of: 'network-provided', meter: 'complete', read: readNetworks },
  { of: 'provisioning-shared', meter: 'deadline-met', read: readShared },
]
