import {
  type BoardWeek,
  type Coordination,
  type documentApi,
  documentProblems,
  type Guidance,
  type PlanningPaper,
} from '@changbai/contract/document.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { findTenant, personNames, tenantNames } from '../identity/index.ts'
import { tellCoordination, tellPaper } from './document.notices.ts'
import * as store from './document.store.ts'

type Api = typeof documentApi
const SHANGHAI = 'Asia/Shanghai'
const startOf = (on: Temporal.PlainDate): Temporal.Instant => on.toZonedDateTime(SHANGHAI).toInstant()
const weekOf = (on: Temporal.PlainDate): string => `${on.yearOfWeek}-W${String(on.weekOfYear).padStart(2, '0')}`
const monday = (on: Temporal.PlainDate): Temporal.PlainDate => on.subtract({ days: on.dayOfWeek - 1 })

const toGuidance = (row: Row<'guidance'>): Guidance => {
  const on = shanghaiDay(row.at)
  return {
    id: row.id,
    number: row.number,
    quarter: `${on.year}-Q${Math.ceil(on.month / 3)}`,
    title: row.title,
    text: row.text,
    byName: row.by_name,
    at: row.at.toString(),
  }
}
export async function listGuidancePage(ctx: Ctx, { after, limit }: Input<Api['guidance']>): Promise<Reply<Api['guidance']>> {
  const rows = await store.listGuidance(ctx.db, { before: readCursor(after)?.[1], limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return { items: items.map(toGuidance), next }
}
/** @clause 3.2.2-(1) */
export async function addGuidance(ctx: Ctx, { title, text }: Input<Api['addGuidance']>): Promise<Reply<Api['addGuidance']>> {
  const row = {
    id: newId(),
    number: await nextNumber(ctx.db, 'YD', shanghaiDay(ctx.now)),
    title,
    text,
    by_name: ctx.actor.name,
    at: ctx.now,
  }
  await store.insertGuidance(ctx.db, row)
  await ctx.record({ kind: 'guidance.published', subject: { type: 'guidance', id: row.id }, after: { title, text } })
  return toGuidance(row)
}

const spanOfWeek = (start: Temporal.PlainDate) => ({ from: startOf(start), to: startOf(start.add({ weeks: 1 })) })
/** A signed week shows what was signed; others are counted now. */
export async function readOperationsBoard(ctx: Ctx, { weeks }: Input<Api['board']>): Promise<Reply<Api['board']>> {
  const today = shanghaiDay(ctx.now)
  const starts = Array.from({ length: weeks }, (_, back) => monday(today).subtract({ weeks: back }))
  const signed = new Map((await store.signaturesOf(ctx.db, starts.map(weekOf))).map((row) => [row.week, row]))
  const items: BoardWeek[] = []
  for (const start of starts) {
    const row = signed.get(weekOf(start))
    items.push({
      week: weekOf(start),
      figures: row?.figures ?? (await store.boardFigures(ctx.db, spanOfWeek(start), today)),
      signedByName: row?.by_name ?? null,
      signedAt: row?.at.toString() ?? null,
      remarks: row?.remarks ?? '',
    })
  }
  return { items, maySign: actorCan(ctx.actor, 'document.write', 'C') }
}
/** Counts for the week in which it is signed: a board signed later is read late. @clause 3.2.2-(2) */
export async function signOperationsBoard(ctx: Ctx, { week, remarks }: Input<Api['signBoard']>): Promise<Reply<Api['signBoard']>> {
  const today = shanghaiDay(ctx.now)
  if (week > weekOf(today)) fail(documentProblems.future, { week })
  const fourth = Temporal.PlainDate.from({ year: Number(week.slice(0, 4)), month: 1, day: 4 })
  const start = monday(fourth).add({ weeks: Number(week.slice(6)) - 1 })
  const figures = await store.boardFigures(ctx.db, spanOfWeek(start), today)
  const row = { week, figures: JSON.stringify(figures), remarks, by_name: ctx.actor.name, at: ctx.now }
  if (!(await store.insertSignature(ctx.db, row))) fail(documentProblems.signed, { week })
  await ctx.record({ kind: 'operations-board.signed', subject: { type: 'operations-board', id: week }, after: { figures, remarks } })
  return { week, figures, signedByName: ctx.actor.name, signedAt: ctx.now.toString(), remarks }
}

const toCoordination = (ctx: Ctx, row: Row<'coordination'>): Coordination => ({
  id: row.id,
  number: row.number,
  title: row.title,
  party: row.party,
  ownerId: row.owner_id,
  ownerName: row.owner_name,
  dueOn: row.due_on.toString(),
  openedAt: row.opened_at.toString(),
  closedAt: row.closed_at?.toString() ?? null,
  result: row.result,
  overdue: row.closed_at === null && Temporal.PlainDate.compare(row.due_on, shanghaiDay(ctx.now)) < 0,
})
export async function listCoordinationPage(
  ctx: Ctx,
  { after, limit, open }: Input<Api['coordination']>,
): Promise<Reply<Api['coordination']>> {
  const cursor = readCursor(after)
  const rows = await store.listCoordination(ctx.db, { open, after: cursor && { dueOn: cursor[0], id: cursor[1] }, limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => [row.due_on.toString(), row.id])
  return { items: items.map((row) => toCoordination(ctx, row)), next }
}
/** @clause 3.2.2-(4) */
export async function openCoordination(
  ctx: Ctx,
  { title, party, ownerId, dueOn }: Input<Api['openCoordination']>,
): Promise<Reply<Api['openCoordination']>> {
  const ownerName = (await personNames(ctx, [ownerId])).get(ownerId) ?? fail(commonProblems.notFound, { ownerId })
  const row = await store.insertCoordination(ctx.db, {
    id: newId(),
    number: await nextNumber(ctx.db, 'XT', shanghaiDay(ctx.now)),
    title,
    party,
    owner_id: ownerId,
    owner_name: ownerName,
    due_on: Temporal.PlainDate.from(dueOn),
    opened_at: ctx.now,
    closed_at: null,
  })
  await ctx.record({ kind: 'coordination.opened', subject: { type: 'coordination', id: row.id }, after: { title, party, ownerId, dueOn } })
  await tellCoordination(ctx, row)
  return toCoordination(ctx, row)
}
export async function closeCoordination(
  ctx: Ctx,
  { itemId, result }: Input<Api['closeCoordination']>,
): Promise<Reply<Api['closeCoordination']>> {
  const row = (await store.lockCoordination(ctx.db, itemId)) ?? fail(commonProblems.notFound, { itemId })
  if (row.closed_at) fail(documentProblems.closed)
  const closed = await store.updateCoordination(ctx.db, itemId, { closed_at: ctx.now, result })
  await ctx.record({ kind: 'coordination.closed', subject: { type: 'coordination', id: itemId }, after: { result } })
  return toCoordination(ctx, closed)
}

const toPaper = (ctx: Ctx, row: Row<'planning_paper'>, tenantName: string): PlanningPaper => {
  const writes = actorCan(ctx.actor, 'document.write', 'C')
  const may: PlanningPaper['may'] = []
  if (writes && row.status === 'DRAFT') may.push('WRITE', 'SEND')
  if (row.status === 'SENT' && actorCan(ctx.actor, 'document.acknowledge', 'A')) may.push('ACK')
  return {
    id: row.id,
    number: row.number,
    year: row.year,
    tenantId: row.tenant_id,
    tenantName,
    status: row.status,
    figures: row.figures,
    advice: row.advice,
    asOf: row.as_of.toString(),
    sentAt: row.sent_at?.toString() ?? null,
    ackByName: row.ack_by_name,
    ackAt: row.ack_at?.toString() ?? null,
    ackComment: row.ack_comment,
    may,
  }
}
const named = async (ctx: Ctx, row: Row<'planning_paper'>): Promise<PlanningPaper> =>
  toPaper(ctx, row, (await tenantNames(ctx, [row.tenant_id])).get(row.tenant_id) ?? '')

/** A bureau sees its own, once it was sent. */
export async function listPaperPage(ctx: Ctx, { after, limit }: Input<Api['papers']>): Promise<Reply<Api['papers']>> {
  const scope = scopeOf(ctx.actor, 'document.read', 'R', 'r')
  const rows = await store.listPapers(ctx.db, {
    tenantIds: scope.all ? null : scope.tenantIds,
    sentOnly: !actorCan(ctx.actor, 'document.write', 'C'),
    before: readCursor(after)?.[1],
    limit: limit + 1,
  })
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  const names = await tenantNames(ctx, [...new Set(items.map((row) => row.tenant_id))])
  return { items: items.map((row) => toPaper(ctx, row, names.get(row.tenant_id) ?? '')), next }
}
/** One of them; to a bureau only its own, and only once it was sent. */
export async function getPaper(ctx: Ctx, { paperId }: Input<Api['paper']>): Promise<Reply<Api['paper']>> {
  const row = (await store.findPaper(ctx.db, paperId)) ?? fail(commonProblems.notFound, { paperId })
  const hidden = row.sent_at === null && !actorCan(ctx.actor, 'document.write', 'C')
  if (hidden || !reaches(scopeOf(ctx.actor, 'document.read', 'R', 'r'), { tenantId: row.tenant_id }))
    fail(commonProblems.notFound, { paperId })
  return named(ctx, row)
}
/** The figures of the year up to now; the advice is a person's. @clause 5.1-2 */
export async function makePaper(ctx: Ctx, { year, tenantId }: Input<Api['makePaper']>): Promise<Reply<Api['makePaper']>> {
  if (!(await findTenant(ctx, tenantId))) fail(commonProblems.notFound, { tenantId })
  const from = startOf(Temporal.PlainDate.from({ year, month: 1, day: 1 }))
  const end = startOf(Temporal.PlainDate.from({ year: year + 1, month: 1, day: 1 }))
  const to = Temporal.Instant.compare(end, ctx.now) < 0 ? end : ctx.now
  const row = await store.insertPaper(ctx.db, {
    id: newId(),
    number: await nextNumber(ctx.db, 'GH', shanghaiDay(ctx.now)),
    year,
    tenant_id: tenantId,
    status: 'DRAFT',
    figures: JSON.stringify(await store.paperFigures(ctx.db, tenantId, { from, to })),
    as_of: ctx.now,
    sent_at: null,
    ack_by_name: null,
    ack_at: null,
  })
  if (!row) fail(documentProblems.exists, { year })
  await ctx.record({ kind: 'planning-paper.made', subject: { type: 'planning-paper', id: row.id }, tenantId, data: { year } })
  return named(ctx, row)
}
async function paperAt(ctx: Ctx, id: string, status: PlanningPaper['status']): Promise<Row<'planning_paper'>> {
  const row = (await store.lockPaper(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
  const scope = scopeOf(ctx.actor, 'document.read', 'R', 'r')
  if (!reaches(scope, { tenantId: row.tenant_id })) fail(commonProblems.notFound, { id })
  return row.status === status ? row : fail(documentProblems.wrongStep, { status: row.status })
}
export async function advisePaper(ctx: Ctx, { paperId, advice }: Input<Api['advise']>): Promise<Reply<Api['advise']>> {
  const row = await paperAt(ctx, paperId, 'DRAFT')
  const changed = await store.updatePaper(ctx.db, paperId, { advice })
  await ctx.record({
    kind: 'planning-paper.written',
    subject: { type: 'planning-paper', id: paperId },
    tenantId: row.tenant_id,
    before: { advice: row.advice },
    after: { advice },
  })
  return named(ctx, changed)
}
export async function sendPaper(ctx: Ctx, { paperId }: Input<Api['sendPaper']>): Promise<Reply<Api['sendPaper']>> {
  const row = await paperAt(ctx, paperId, 'DRAFT')
  if (row.advice === '') fail(documentProblems.noAdvice)
  const sent = await store.updatePaper(ctx.db, paperId, { status: 'SENT', sent_at: ctx.now })
  await ctx.record({
    kind: 'planning-paper.sent',
    subject: { type: 'planning-paper', id: paperId },
    tenantId: row.tenant_id,
    after: { figures: row.figures, advice: row.advice },
  })
  await tellPaper(ctx, sent)
  return named(ctx, sent)
}
export async function acknowledgePaper(ctx: Ctx, { paperId, comment }: Input<Api['ackPaper']>): Promise<Reply<Api['ackPaper']>> {
  const row = await paperAt(ctx, paperId, 'SENT')
  const acked = await store.updatePaper(ctx.db, paperId, {
    status: 'ACKNOWLEDGED',
    ack_by_name: ctx.actor.name,
    ack_at: ctx.now,
    ack_comment: comment,
  })
  await ctx.record({
    kind: 'planning-paper.acknowledged',
    subject: { type: 'planning-paper', id: paperId },
    tenantId: row.tenant_id,
    data: { comment },
  })
  return named(ctx, acked)
}
