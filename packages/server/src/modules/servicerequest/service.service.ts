import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { CatalogueItem, serviceProblems, type serviceRequestApi } from '@changbai/contract/service-request.ts'
import { actorCan, personOf, reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { loadBusinessClock, loadCalendar } from '../calendar/index.ts'
import { findApplication } from '../inventory/index.ts'
import { cancelInstance, completeTask, startProcess } from '../process/index.ts'
import { type Answers, answerFlaws } from './catalogue.domain.ts'
import { toDetail, toSummaries } from './service.present.ts'
import {
  findService,
  insertService,
  insertServiceEvent,
  listServices,
  lockService,
  type ServiceRow,
  updateService,
} from './service.store.ts'

type Api = typeof serviceRequestApi
const PROCESS = 'service-request'

/** The catalogue in force. @throws Error when the plan's value is no catalogue: a mistake in the plan, told with its place */
export const catalogueNow = (ctx: Ctx): CatalogueItem[] => CatalogueItem.array().parse(ctx.plan.value<unknown>('service.catalogue'))

const ofProvider = (ctx: Ctx): boolean =>
  ctx.actor.kind === 'system' || ctx.actor.grants.some((grant) => grant.tenantId === null && grant.applicationId === null)
const offered = (ctx: Ctx): CatalogueItem[] => catalogueNow(ctx).filter((item) => item.audience === 'ALL' || ofProvider(ctx))
export const readCatalogue = async (ctx: Ctx): Promise<Reply<Api['catalogue']>> => ({ items: offered(ctx) })

export const recordOf = (ctx: Ctx, row: Pick<ServiceRow, 'id' | 'tenant_id'>, kind: string, data: object = {}) =>
  ctx.record({ kind: `service.${kind}`, subject: { type: 'service-request', id: row.id }, tenantId: row.tenant_id, data })
export async function tell(ctx: Ctx, row: Pick<ServiceRow, 'id' | 'tenant_id'>, kind: string, text = ''): Promise<void> {
  await insertServiceEvent(ctx.db, { id: newId(), request_id: row.id, kind, at: ctx.now, by_name: ctx.actor.name, text })
  await recordOf(ctx, row, kind.toLowerCase(), { text })
}

/** Whoever may read requests where it lies, or asked it. */
export const maySee = (ctx: Ctx, row: ServiceRow): boolean =>
  row.requester_id === ctx.actor.personId ||
  reaches(scopeOf(ctx.actor, 'serviceRequest.read', 'R', 'r'), { tenantId: row.tenant_id, applicationId: row.application_id })
async function reach(ctx: Ctx, id: string, lock = false): Promise<ServiceRow> {
  const row = (await (lock ? lockService : findService)(ctx.db, id)) ?? fail(commonProblems.notFound)
  return maySee(ctx, row) ? row : fail(commonProblems.notFound)
}
const detail = async (ctx: Ctx, id: string) => toDetail(ctx, await reach(ctx, id))

export async function listServicePage(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const { q, code, state, open, mine, after, limit } = input
  const filter = { q: q?.trim() || undefined, code, state, open, personId: mine ? personOf(ctx.actor) : undefined }
  const scope = scopeOf(ctx.actor, 'serviceRequest.read', 'R', 'r')
  const rows = await listServices(ctx.db, filter, scope, ctx.actor.personId, readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return { items: await toSummaries(ctx, items), next }
}
export const getService = (ctx: Ctx, { requestId }: Input<Api['get']>): Promise<Reply<Api['get']>> => detail(ctx, requestId)

export interface NewService {
  item: CatalogueItem
  title: string
  answers: Answers
  contact: string
  tenantId: string | null
  applicationId: string | null
  requester: { id: string; name: string }
  source: ServiceRow['source']
}
/** Opens a request and its process. The limit counts from now, in working days or hours as the item says. @clause 3.2.3-(1) 3.2.3-(3) */
export async function addService(ctx: Ctx, input: NewService): Promise<ServiceRow> {
  const id = newId()
  const { item } = input
  const number = await nextNumber(ctx.db, 'FW', shanghaiDay(ctx.now))
  const clock = await loadBusinessClock(ctx)
  const dueAt = clock.addTime(ctx.now, item.limit)
  await insertService(ctx.db, {
    id,
    number,
    code: item.code,
    item: JSON.stringify(item),
    title: input.title,
    answers: JSON.stringify(input.answers),
    state: 'SUBMITTED',
    source: input.source,
    tenant_id: input.tenantId,
    application_id: input.applicationId,
    requester_id: input.requester.id,
    requester_name: input.requester.name,
    contact: input.contact,
    handler_id: null,
    handler_name: null,
    result: '',
    submitted_at: ctx.now,
    due_at: dueAt,
    provisional: (await loadCalendar(ctx)).dayAt(shanghaiDay(dueAt)).provisional,
    done_at: null,
    closed_at: null,
    rating: null,
    rating_comment: null,
    instance_id: null,
    task_id: null,
    node: null,
  })
  await tell(ctx, { id, tenant_id: input.tenantId }, 'SUBMITTED', input.title)
  const { instanceId } = await startProcess(ctx, {
    key: item.process ?? PROCESS,
    businessKey: id,
    title: `${number} ${input.title}`,
    tenantId: input.tenantId,
    applicationId: input.applicationId,
    vars: { roles: item.roles, limit: item.limit, submittedAt: ctx.now.toString() },
    starter: { personId: input.requester.id, name: input.requester.name },
  })
  return updateService(ctx.db, id, { instance_id: instanceId })
}

export async function submitService(ctx: Ctx, input: Input<Api['submit']>): Promise<Reply<Api['submit']>> {
  const item = offered(ctx).find((one) => one.code === input.code) ?? fail(serviceProblems.noItem)
  const flaws = answerFlaws(item, input.answers)
  if (flaws.length > 0)
    fail(
      commonProblems.invalid,
      {},
      flaws.map((flaw) => ({ ...flaw, message: '请按目录填写 / as the catalogue asks' })),
    )
  const application = input.applicationId ? await findApplication(ctx, input.applicationId) : undefined
  if (input.applicationId && !application) fail(commonProblems.notFound)
  const own = ctx.actor.grants.find((grant) => grant.tenantId)?.tenantId ?? null
  const tenantId = application?.tenantId ?? input.tenantId ?? own
  requireScope(ctx.actor, 'serviceRequest.submit', 'C', { tenantId, applicationId: input.applicationId })
  const row = await addService(ctx, {
    ...input,
    item,
    tenantId,
    requester: { id: personOf(ctx.actor), name: ctx.actor.name },
    source: 'PORTAL',
  })
  return detail(ctx, row.id)
}

/** Completes the step the request stands at; the form of the step writes what follows. */
async function complete(ctx: Ctx, requestId: string, node: string, outcome: string, data: object, comment?: string) {
  const row = await reach(ctx, requestId)
  if (row.node !== node || !row.task_id) return fail(serviceProblems.wrongStep, { node: row.node ?? '' })
  await completeTask(ctx, { taskId: row.task_id, outcome, data: { ...data }, comment })
  return detail(ctx, requestId)
}
export const acceptService = (ctx: Ctx, { requestId, comment }: Input<Api['accept']>): Promise<Reply<Api['accept']>> =>
  complete(ctx, requestId, 'acceptService', 'ACCEPT', { comment }, comment)
export const declineService = (ctx: Ctx, { requestId, reason }: Input<Api['decline']>): Promise<Reply<Api['decline']>> =>
  complete(ctx, requestId, 'acceptService', 'DECLINE', { comment: reason }, reason)
export const finishService = (ctx: Ctx, { requestId, result }: Input<Api['finish']>): Promise<Reply<Api['finish']>> =>
  complete(ctx, requestId, 'fulfilService', 'DONE', { result })
export const confirmService = (ctx: Ctx, { requestId, done, comment }: Input<Api['confirm']>): Promise<Reply<Api['confirm']>> =>
  complete(ctx, requestId, 'confirmService', done ? 'CONFIRMED' : 'NOT_DONE', { comment }, comment)

export async function noteOnService(ctx: Ctx, { requestId, text }: Input<Api['note']>): Promise<Reply<Api['note']>> {
  const row = await reach(ctx, requestId, true)
  if (!['SUBMITTED', 'IN_PROGRESS', 'DONE'].includes(row.state)) fail(serviceProblems.wrongStep)
  if (row.requester_id !== ctx.actor.personId && !actorCan(ctx.actor, 'serviceRequest.handle', 'X')) fail(commonProblems.forbidden)
  await tell(ctx, row, 'NOTE', text)
  return detail(ctx, requestId)
}
/** By whoever asked, before anybody accepted; not locked first, because the process is always locked before the request. */
export async function withdrawService(ctx: Ctx, { requestId, reason }: Input<Api['withdraw']>): Promise<Reply<Api['withdraw']>> {
  const row = await reach(ctx, requestId)
  if (row.requester_id !== personOf(ctx.actor)) fail(commonProblems.forbidden)
  if (row.state !== 'SUBMITTED' || !row.instance_id) fail(serviceProblems.started)
  await cancelInstance(ctx, { instanceId: row.instance_id as string, reason })
  await updateService(ctx.db, row.id, { state: 'WITHDRAWN', closed_at: ctx.now, node: null, task_id: null })
  await tell(ctx, row, 'WITHDRAWN', reason)
  return detail(ctx, requestId)
}
export async function rateService(ctx: Ctx, { requestId, score, comment }: Input<Api['rate']>): Promise<Reply<Api['rate']>> {
  const row = await reach(ctx, requestId, true)
  if (row.requester_id !== personOf(ctx.actor)) fail(commonProblems.forbidden)
  if (row.state !== 'CLOSED') fail(serviceProblems.wrongStep)
  if (row.rating !== null) fail(serviceProblems.rated)
  await updateService(ctx.db, row.id, { rating: score, rating_comment: comment })
  await tell(ctx, row, 'RATED', `${score}${comment ? `：${comment}` : ''}`)
  return detail(ctx, requestId)
}
