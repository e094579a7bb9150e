import type { ServiceDetail, ServiceSummary } from '@changbai/contract/service-request.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { tenantNames } from '../identity/index.ts'
import { applicationsById } from '../inventory/index.ts'
import { type ServiceRow, serviceEvents } from './service.store.ts'

/** Late: handed over after the limit, or not yet though it is past. What was declined or withdrawn is not. */
const isLate = (row: ServiceRow, now: Temporal.Instant): boolean =>
  row.state !== 'DECLINED' && row.state !== 'WITHDRAWN' && !row.provisional && Temporal.Instant.compare(row.done_at ?? now, row.due_at) > 0

export async function toSummaries(ctx: Ctx, rows: readonly ServiceRow[]): Promise<ServiceSummary[]> {
  const tenants = await tenantNames(ctx, [...new Set(rows.flatMap((row) => row.tenant_id ?? []))])
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    code: row.code,
    itemName: { zh: row.item.zh, en: row.item.en },
    title: row.title,
    state: row.state,
    source: row.source,
    tenantName: row.tenant_id ? (tenants.get(row.tenant_id) ?? null) : null,
    requesterName: row.requester_name,
    handlerName: row.handler_name,
    submittedAt: row.submitted_at.toString(),
    dueAt: row.due_at.toString(),
    provisional: row.provisional,
    doneAt: row.done_at?.toString() ?? null,
    isLate: isLate(row, ctx.now),
    rating: row.rating,
  }))
}

/** Works on requests of this item: holds one of the roles it names. */
export const handles = (ctx: Ctx, row: ServiceRow): boolean =>
  actorCan(ctx.actor, 'serviceRequest.handle', 'X') && ctx.actor.grants.some((grant) => row.item.roles.includes(grant.role))

function mayNow(ctx: Ctx, row: ServiceRow): ServiceDetail['may'] {
  const asked = row.requester_id === ctx.actor.personId
  const may: ServiceDetail['may'] = []
  if (row.node === 'acceptService' && handles(ctx, row)) may.push('ACCEPT', 'DECLINE')
  if (row.node === 'fulfilService' && handles(ctx, row)) may.push('FINISH')
  if (row.node === 'confirmService' && asked) may.push('CONFIRM')
  if (row.state === 'SUBMITTED' && asked) may.push('WITHDRAW')
  if (row.state === 'CLOSED' && asked && row.rating === null) may.push('RATE')
  if (['SUBMITTED', 'IN_PROGRESS', 'DONE'].includes(row.state) && (asked || handles(ctx, row))) may.push('NOTE')
  return may
}

export async function toDetail(ctx: Ctx, row: ServiceRow): Promise<ServiceDetail> {
  const [summary] = await toSummaries(ctx, [row])
  const application = row.application_id ? (await applicationsById(ctx, [row.application_id])).get(row.application_id) : undefined
  return {
    ...(summary as ServiceSummary),
    item: row.item,
    answers: row.answers,
    contact: row.contact,
    isPartner: row.requester_id === ctx.actor.personId || handles(ctx, row),
    applicationName: application?.name ?? null,
    result: row.result,
    ratingComment: row.rating_comment,
    closedAt: row.closed_at?.toString() ?? null,
    instanceId: row.instance_id,
    events: (await serviceEvents(ctx.db, row.id)).map((one) => ({
      id: one.id,
      kind: one.kind,
      at: one.at.toString(),
      byName: one.by_name,
      text: one.text,
    })),
    may: mayNow(ctx, row),
  }
}
