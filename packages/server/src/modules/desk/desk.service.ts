import { type deskApi, deskProblems, type HotlineCall, type OpenMatter } from '@changbai/contract/desk.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Criterion, IncidentSource } from '@changbai/contract/incident.shapes.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { blindIndexesOf } from '../../platform/sealed-columns.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { peopleWithPhone, tenantNames } from '../identity/index.ts'
import { findApplication } from '../inventory/index.ts'
import { type CallRow, callsFrom, countByType, countCalls, findCall, insertCall, listCalls, lockCall, rateCallRow } from './desk.store.ts'
import { linkRing } from './intake.store.ts'

type Api = typeof deskApi

declare module '../../platform/ctx.ts' {
  interface Events {
    /** A call told of a fault. Whoever keeps incidents opens one and writes its number here. */
    'desk.fault-called': {
      title: string
      symptom: string
      criteria: Criterion[]
      source: IncidentSource
      tenantId: string | null
      applicationId: string | null
      reporterId: string | null
      reporterName: string
      reporterPhone: string
      reportedAt: Temporal.Instant
      /** When somebody of the desk spoke with the caller; null: nobody did. */
      answeredAt: Temporal.Instant | null
      opened: { id: string; number: string } | null
    }
    /** A call or a letter asks for a service. Whoever keeps service requests opens one and writes its number here. */
    'desk.request-called': {
      /** Line of the catalogue. */
      code: string
      text: string
      contact: string
      tenantId: string | null
      /** Who asked, if they have an account; otherwise whoever answered. */
      requester: { id: string; name: string }
      source: 'CALL' | 'MAIL'
      opened: { id: string; number: string } | null
    }
    /** What is open for a caller: whoever keeps such matters adds them. */
    'desk.matters-asked': { phone: string; tenantId: string | null; matters: OpenMatter[] }
  }
}

const digitsOf = (phone: string): string => phone.replace(/\D/g, '')
const toCall = (row: CallRow): HotlineCall => ({
  id: row.id,
  line: row.line,
  calledAt: row.called_at.toString(),
  answeredAt: row.answered_at?.toString() ?? null,
  agentName: row.agent_name,
  callerName: row.caller_name,
  callerOrg: row.caller_org,
  phone: row.phone,
  type: row.type,
  content: row.content,
  result: row.result,
  incidentId: row.incident_id,
  serviceRequestId: row.service_request_id,
  linkedNo: row.linked_no,
  rating: row.rating,
})

const LAST_CALLS = 5
/** Who calls from this number, what is open for them, and what they called about before. */
export async function recogniseCaller(ctx: Ctx, { phone }: Input<Api['caller']>): Promise<Reply<Api['caller']>> {
  const digits = digitsOf(phone)
  const people = digits ? await peopleWithPhone(ctx, digits) : []
  const names = await tenantNames(ctx, [...new Set(people.flatMap((one) => one.tenantId ?? []))])
  const asked = { phone, tenantId: people[0]?.tenantId ?? null, matters: [] as OpenMatter[] }
  await ctx.publish('desk.matters-asked', asked)
  return {
    people: people.map(({ id, name, tenantId }) => ({ id, name, tenantId, tenantName: tenantId ? (names.get(tenantId) ?? null) : null })),
    matters: asked.matters,
    calls: digits
      ? (await callsFrom(ctx.db, { digits, indexes: blindIndexesOf(ctx.crypto.ring, 'phone', digits) }, LAST_CALLS)).map(toCall)
      : [],
  }
}

export async function listCallPage(ctx: Ctx, { type, q, after, limit }: Input<Api['calls']>): Promise<Reply<Api['calls']>> {
  const rows = await listCalls(ctx.db, { type, q: q?.trim() || undefined }, readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => [row.called_at.toString(), row.id])
  return { items: items.map(toCall), next }
}

const isFault = (type: Input<Api['record']>['type']): boolean => type === 'FAULT' || type === 'FACILITY_REPORT'
const TITLE_MAX = 60

/**
 * A call and what came of it, in one transaction: a fault never ends as a note nobody follows.
 * @clause 5.10.1-(1)b 5.10.1-(2)b
 */
export async function recordCall(ctx: Ctx, input: Input<Api['record']>): Promise<Reply<Api['record']>> {
  const calledAt = Temporal.Instant.from(input.calledAt)
  const answeredAt = input.answeredAt === null ? null : Temporal.Instant.from(input.answeredAt)
  const last = answeredAt ?? calledAt
  if (Temporal.Instant.compare(last, calledAt) < 0 || Temporal.Instant.compare(last, ctx.now) > 0) fail(deskProblems.backwards)
  if (
    isFault(input.type)
      ? input.criteria.length === 0
      : answeredAt !== null && input.result === '' && !(input.type === 'REQUEST' && input.serviceCode)
  )
    fail(isFault(input.type) ? deskProblems.noCriteria : deskProblems.noResult)
  const application = input.applicationId ? await findApplication(ctx, input.applicationId) : undefined
  if (input.applicationId && !application) fail(commonProblems.notFound)

  const tenantId = application?.tenantId ?? input.tenantId
  const opened = isFault(input.type) ? await openFault(ctx, input, calledAt, tenantId) : null
  const asked = input.type === 'REQUEST' && input.serviceCode ? await openRequest(ctx, input, input.serviceCode, tenantId) : null
  const row: CallRow = {
    id: newId(),
    line: input.line,
    called_at: calledAt,
    answered_at: answeredAt,
    agent_id: personOf(ctx.actor),
    agent_name: ctx.actor.name,
    caller_name: input.callerName,
    caller_org: input.callerOrg,
    phone: input.phone,
    phone_digits: '',
    type: input.type,
    content: input.content,
    result: input.result || (opened ? `已建故障单 ${opened.number}` : asked ? `已建服务请求 ${asked.number}` : ''),
    incident_id: opened?.id ?? null,
    linked_no: (opened ?? asked)?.number ?? null,
    service_request_id: asked?.id ?? null,
    rating: null,
    created_at: ctx.now,
  }
  await insertCall(ctx.db, row)
  if (input.ringId && !(await linkRing(ctx.db, input.ringId, row.id))) fail(deskProblems.ringTaken)
  await ctx.record({
    kind: 'desk.call-recorded',
    subject: { type: 'hotline-call', id: row.id },
    after: { type: row.type, line: row.line, linkedNo: row.linked_no, answered: answeredAt !== null },
  })
  return toCall(row)
}

async function openFault(ctx: Ctx, input: Input<Api['record']>, calledAt: Temporal.Instant, tenantId: string | null) {
  const [caller] = digitsOf(input.phone) ? await peopleWithPhone(ctx, input.phone) : []
  const mobile = input.line === 'MOBILE' ? 'MOBILE_HOTLINE' : 'HOTLINE'
  const event = {
    title: input.content.split('\n')[0]?.slice(0, TITLE_MAX) ?? '',
    symptom: input.content,
    criteria: input.criteria,
    source: input.type === 'FACILITY_REPORT' ? ('FACILITY_MONITOR' as const) : (mobile as IncidentSource),
    tenantId: tenantId ?? caller?.tenantId ?? null,
    applicationId: input.applicationId,
    reporterId: caller?.id ?? null,
    reporterName: input.callerName,
    reporterPhone: input.phone,
    reportedAt: calledAt,
    answeredAt: input.answeredAt === null ? null : Temporal.Instant.from(input.answeredAt),
    opened: null as { id: string; number: string } | null,
  }
  await ctx.publish('desk.fault-called', event)
  if (!event.opened) throw new Error('nobody opened an incident for a call')
  return event.opened
}

async function openRequest(ctx: Ctx, input: Input<Api['record']>, code: string, tenantId: string | null) {
  const [caller] = digitsOf(input.phone) ? await peopleWithPhone(ctx, input.phone) : []
  const event = {
    code,
    text: input.content,
    contact: `${input.callerName} ${input.phone}`.trim(),
    tenantId: tenantId ?? caller?.tenantId ?? null,
    requester: caller ? { id: caller.id, name: caller.name } : { id: personOf(ctx.actor), name: ctx.actor.name },
    source: 'CALL' as const,
    opened: null as { id: string; number: string } | null,
  }
  await ctx.publish('desk.request-called', event)
  if (!event.opened) throw new Error('nobody opened a service request for a call')
  return event.opened
}

/** One call on record, for whoever may read them. */
export async function readCall(ctx: Ctx, callId: string): Promise<HotlineCall> {
  if (!actorCan(ctx.actor, 'hotline.record', 'R')) fail(commonProblems.forbidden, { capability: 'hotline.record' })
  return toCall((await findCall(ctx.db, callId)) ?? fail(commonProblems.notFound))
}

export async function rateCall(ctx: Ctx, { callId, score }: Input<Api['rate']>): Promise<Reply<Api['rate']>> {
  const row = (await lockCall(ctx.db, callId)) ?? fail(commonProblems.notFound)
  if (row.rating !== null) fail(deskProblems.rated)
  await rateCallRow(ctx.db, callId, score)
  await ctx.record({ kind: 'desk.call-rated', subject: { type: 'hotline-call', id: callId }, after: { score } })
  return toCall({ ...row, rating: score })
}

/** @clause 5.10.1-(1)b 5.10.1-(2)a */
export async function readStatistics(ctx: Ctx, input: Input<Api['statistics']>): Promise<Reply<Api['statistics']>> {
  const midnight = (on: Temporal.PlainDate) => on.toZonedDateTime(SHANGHAI).toInstant()
  const from = midnight(Temporal.PlainDate.from(input.fromOn))
  const to = midnight(Temporal.PlainDate.from(input.toOn).add({ days: 1 }))
  const answerSeconds = ctx.plan.number('hotline.answerSeconds')
  const counts = await countCalls(ctx.db, from, to, answerSeconds)
  return { ...counts, answerSeconds, byType: await countByType(ctx.db, from, to) }
}
