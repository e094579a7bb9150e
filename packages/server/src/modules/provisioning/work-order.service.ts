import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { provisioningApi, WorkOrder, WorkOrderBrief, WorkOrderLine } from '@changbai/contract/provisioning.ts'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { type BusinessClock, loadBusinessClock } from '../calendar/index.ts'
import { connectionById, type ResourceRow, resourcesByKey } from '../cloud/index.ts'
import { credentialsOf, currentLink } from './credential.store.ts'
import { heldSince, holdsOf, signaturesOf } from './hold.store.ts'
import { checkPointsOf } from './provisioning.domain.ts'
import {
  type EventRow,
  eventsOf,
  type LineRow,
  linesOf,
  type OrderRow,
  orderById,
  orderPage,
  ordersOfRequest,
  stepsOf,
} from './provisioning.store.ts'

const readable = (ctx: Ctx) => scopeOf(ctx.actor, 'provisioning.read', 'R', 'r')

export async function seeOrder(ctx: Ctx, id: string): Promise<OrderRow> {
  const order = (await orderById(ctx.db, id)) ?? fail(commonProblems.notFound)
  if (!reaches(readable(ctx), { tenantId: order.tenant_id, applicationId: order.application_id })) fail(commonProblems.notFound)
  return order
}

/** Met, missed, or null while it is open and not late. On the limit counts as met; a provisional calendar finds no breach. */
function clockOf(ctx: Ctx, line: LineRow, calendar: BusinessClock, heldAt: Temporal.Instant | undefined): WorkOrderLine['clock'] {
  const at = line.delivered_at ?? heldAt ?? ctx.now
  const late = Temporal.Instant.compare(at, line.due_at) > 0
  return {
    receivedAt: line.received_at.toString(),
    workdays: line.workdays,
    dueAt: line.due_at.toString(),
    dueOn: line.due_on.toString(),
    provisional: line.provisional,
    heldDays: line.held_days,
    heldAt: line.delivered_at ? null : (heldAt?.toString() ?? null),
    deliveredAt: line.delivered_at?.toString() ?? null,
    met: line.delivered_at ? !late : late && !line.provisional ? false : null,
    usedRatio: calendar.usedShare(line.received_at, line.due_at, at),
    left: line.delivered_at ? null : calendar.timeLeft(`${line.workdays}wd`, line.due_at, at),
    clause: line.clause,
  }
}

interface Clocks {
  calendar: BusinessClock
  held: ReadonlyMap<string, Temporal.Instant>
}

function toBrief(ctx: Ctx, order: OrderRow, lines: readonly LineRow[], { calendar, held }: Clocks): WorkOrderBrief {
  const standing = lines.filter((line) => !['MOVED', 'CANCELLED'].includes(line.state))
  const slowest = standing.find((line) => line.delivered_at === null) ?? standing[0] ?? lines[0]
  if (!slowest) throw new Error(`work order ${order.no} has no lines`)
  return {
    id: order.id,
    no: order.no,
    kind: order.kind,
    status: order.status,
    requestId: order.request_id,
    requestNo: order.request_no,
    applicationId: order.application_id,
    applicationName: order.application_name,
    tenantId: order.tenant_id,
    tenantName: order.tenant_name,
    env: order.env,
    lines: standing.length,
    linesReady: standing.filter((line) => ['READY', 'DELIVERED', 'ACCEPTED'].includes(line.state)).length,
    clock: clockOf(ctx, slowest, calendar, held.get(order.id)),
    instanceId: order.instance_id,
  }
}

export async function listWorkOrders(ctx: Ctx, query: Input<typeof provisioningApi.list>): Promise<Reply<typeof provisioningApi.list>> {
  const rows = await orderPage(ctx.db, {
    ...query,
    scope: readable(ctx),
    status: query.status?.split(',').filter((one) => one !== ''),
    overdueAt: query.overdue ? ctx.now : undefined,
    after: readCursor(query.after),
  })
  const column = query.sort === 'dueAt' ? 'due_at' : 'received_at'
  const { items, next } = pageOf(rows, query.limit, (row) => [row[column].toString(), row.id])
  const ids = items.map((row) => row.id)
  const lines = ids.length === 0 ? [] : await linesOf(ctx.db, ids)
  const clocks = { calendar: await loadBusinessClock(ctx), held: await heldSince(ctx.db, ids) }
  return {
    items: items.map((row) =>
      toBrief(
        ctx,
        row,
        lines.filter((line) => line.work_order_id === row.id),
        clocks,
      ),
    ),
    next,
  }
}

const stepStates = {
  INTENDED: 'WAITING',
  ASKED: 'ASKED',
  UNKNOWN: 'ASKED',
  BUILDING: 'BUILDING',
  PRESENT: 'DONE',
  FAILED: 'FAILED',
  REMOVING: 'ASKED',
  ABSENT: 'UNDONE',
} as const

const toStep = (row: ResourceRow, seq: number): WorkOrderLine['steps'][number] => ({
  id: row.id,
  seq,
  kind: row.kind,
  name: row.name,
  state: stepStates[row.state],
  attempts: row.attempts,
  adopted: row.adopted,
  externalId: row.external_id,
  askedAt: row.asked_at?.toString() ?? null,
  doneAt: row.state === 'PRESENT' ? (row.settled_at?.toString() ?? null) : null,
  error: row.last_error,
})

const whoIn = (event: EventRow) => ({ id: event.by_id, name: event.by_name })

/** The whole order as its page shows it. */
export async function toWorkOrder(ctx: Ctx, id: string): Promise<WorkOrder> {
  const order = await seeOrder(ctx, id)
  const lines = await linesOf(ctx.db, id)
  const steps = await stepsOf(
    ctx.db,
    lines.map((line) => line.id),
  )
  const resources = new Map(
    (await resourcesByKey(ctx.db, [...new Set(steps.map((step) => step.resource_key))])).map((row) => [row.key, row]),
  )
  const events = await eventsOf(ctx.db, [id])
  const connection = order.connection_id ? await connectionById(ctx.db, order.connection_id) : undefined
  const link = await currentLink(ctx.db, id)
  const holds = await holdsOf(ctx.db, id)
  const signatures = await signaturesOf(ctx.db, id)
  const calendar = await loadBusinessClock(ctx)
  const heldAt = holds.find((hold) => hold.state === 'HELD')?.decided_at ?? undefined
  return {
    ...toBrief(ctx, order, lines, { calendar, held: new Map(heldAt && [[id, heldAt]]) }),
    rev: order.rev,
    connection: connection ? { id: connection.id, name: connection.name, driver: connection.driver } : null,
    parentId: order.parent_id,
    items: lines.map((line) => ({
      id: line.id,
      no: line.no,
      kind: line.kind,
      way: line.way,
      manualReason: line.manual_reason,
      state: line.state,
      title: line.title,
      spec: line.spec,
      clock: clockOf(ctx, line, calendar, heldAt),
      steps: steps.flatMap((step) => {
        const row = step.line_id === line.id ? resources.get(step.resource_key) : undefined
        return row ? [toStep(row, step.seq)] : []
      }),
      checklist: line.checklist,
      result: line.result,
      error: line.error,
      usageUntil: line.usage_until.toString(),
      objections: events
        .filter((event) => event.kind === 'objected' && event.line_id === line.id)
        .map((event) => ({ at: event.at.toString(), by: whoIn(event), text: String(event.data.text ?? '') })),
    })),
    returns: events
      .filter((event) => event.kind === 'returned')
      .map((event) => ({
        at: event.at.toString(),
        by: whoIn(event),
        reason: String(event.data.reason ?? ''),
        attribution: (event.data.attribution as 'APPLICATION' | undefined) ?? 'PROVIDER',
      })),
    holds: holds.map((hold) => ({
      id: hold.id,
      reason: hold.reason,
      proposedBy: { id: hold.proposed_by, name: hold.proposed_by_name },
      proposedAt: hold.proposed_at.toString(),
      state: hold.state,
      decidedBy: hold.decided_by ? { id: hold.decided_by, name: hold.decided_by_name ?? '' } : null,
      decidedAt: hold.decided_at?.toString() ?? null,
      endedAt: hold.ended_at?.toString() ?? null,
    })),
    selfCheck: order.self_check,
    notifiedAt: order.notified_at?.toString() ?? null,
    credentials: (await credentialsOf(ctx.db, id)).flatMap((row) =>
      row.ready_at
        ? [
            {
              id: row.id,
              lineId: row.line_id,
              label: row.label,
              state: row.collected_at
                ? ('COLLECTED' as const)
                : link && Temporal.Instant.compare(link.ends_at, ctx.now) > 0
                  ? ('READY' as const)
                  : ('EXPIRED' as const),
              readyAt: row.ready_at.toString(),
              linkEndsAt: row.collected_at ? null : (link?.ends_at.toString() ?? null),
              collectedAt: row.collected_at?.toString() ?? null,
              collectedBy: row.collected_by ? { id: row.collected_by, name: row.collected_by_name ?? '' } : null,
            },
          ]
        : [],
    ),
    share: order.share,
    acceptance: order.acceptance,
    launchTest: {
      signatures: signatures.map((one) => ({
        party: one.party,
        by: { id: one.by_id, name: one.by_name },
        at: one.at.toString(),
        comment: one.comment,
      })),
      completeAt: signatures.length === 3 ? (signatures.at(-1)?.at.toString() ?? null) : null,
    },
    trial: order.trial,
    archivedAt: order.archived_at?.toString() ?? null,
  }
}

export const getWorkOrder = (ctx: Ctx, { workOrderId }: Input<typeof provisioningApi.get>): Promise<Reply<typeof provisioningApi.get>> =>
  toWorkOrder(ctx, workOrderId)

const toEvent = (event: EventRow): Reply<typeof provisioningApi.timeline>['items'][number] => ({
  at: event.at.toString(),
  kind: event.kind,
  by: whoIn(event),
  bySystem: event.by_system,
  lineId: event.line_id,
  text: { zh: event.zh, en: event.en },
})

export async function readTimeline(
  ctx: Ctx,
  { workOrderId }: Input<typeof provisioningApi.timeline>,
): Promise<Reply<typeof provisioningApi.timeline>> {
  const order = await seeOrder(ctx, workOrderId)
  return { items: (await eventsOf(ctx.db, [order.id])).map(toEvent) }
}

/** Of all work orders of one request, for the timeline that runs across request, work order and delivery. */
export async function readTimelineOfRequest(
  ctx: Ctx,
  { requestId }: Input<typeof provisioningApi.timelineOfRequest>,
): Promise<Reply<typeof provisioningApi.timelineOfRequest>> {
  const scope = readable(ctx)
  const orders = (await ordersOfRequest(ctx.db, requestId)).filter((order) =>
    reaches(scope, { tenantId: order.tenant_id, applicationId: order.application_id }),
  )
  const numbers = new Map(orders.map((order) => [order.id, order.no]))
  const events = await eventsOf(
    ctx.db,
    orders.map((order) => order.id),
  )
  return {
    items: events.map((event) => ({
      ...toEvent(event),
      workOrderId: event.work_order_id,
      workOrderNo: numbers.get(event.work_order_id) ?? '',
    })),
  }
}

/** What the cloud or the line's result says about a point; empty where only people can look. */
function foundAt(line: LineRow, key: string): string {
  if (key === 'count') return String(line.result.length)
  if (key === 'address' && line.kind === 'VM') return line.result.flatMap((one) => one.addresses).join('、')
  if (key === 'range') return line.result.map((one) => one.facts.cidr ?? '').join('、')
  return ''
}

export async function selfCheckTemplate(
  ctx: Ctx,
  { workOrderId }: Input<typeof provisioningApi.selfCheckTemplate>,
): Promise<Reply<typeof provisioningApi.selfCheckTemplate>> {
  const order = await seeOrder(ctx, workOrderId)
  const lines = (await linesOf(ctx.db, order.id)).filter((line) => line.state === 'READY' || line.state === 'DELIVERED')
  return {
    items: lines.flatMap((line) =>
      checkPointsOf(line.spec).map((point) => ({
        lineId: line.id,
        lineTitle: line.title,
        key: point.key,
        label: point.label,
        expected: point.expected,
        found: foundAt(line, point.key),
      })),
    ),
  }
}
