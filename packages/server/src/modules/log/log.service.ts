import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type LogLine, type LogQuery, type logApi, SavedLogQuery } from '@changbai/contract/log.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import {
  addLogDay,
  allDevices,
  deleteLogQuery,
  dropLogDays,
  type LineRecord,
  type QueryRecord,
  queriesFor,
  saveLogQuery,
  searchLines,
} from './log.store.ts'

type Api = typeof logApi

/** At least six months by law; the days of two half-years and some. @clause 5.2-4 */
export const KEEP_DAYS = 190
const WORDS_MAX = 8

const toLine = (row: LineRecord): LogLine => ({
  id: String(row.id),
  receivedAt: row.received_at.toString(),
  sentAt: row.sent_at?.toString() ?? null,
  device: row.device,
  itemId: row.item_id,
  facility: row.facility,
  severity: row.severity,
  app: row.app,
  text: row.text,
})

export async function searchLogs(ctx: Ctx, input: Input<Api['search']>): Promise<Reply<Api['search']>> {
  const { q = '', device, app, itemId, severity, limit } = input
  const query = {
    from: Temporal.Instant.from(input.from),
    to: Temporal.Instant.from(input.to),
    words: q.split(/\s+/).filter(Boolean).slice(0, WORDS_MAX),
    device,
    app,
    itemId,
    severity,
  }
  const rows = await searchLines(ctx.db, query, readCursor(input.after), limit + 1)
  const { items, next } = pageOf(rows, limit, (row) => [row.received_at.toString(), String(row.id)])
  return { items: items.map(toLine), next }
}

export const listDevices = async (ctx: Ctx): Promise<Reply<Api['devices']>> => ({
  items: (await allDevices(ctx.db)).map((row) => ({
    name: row.name,
    address: row.address,
    itemId: row.item_id,
    firstAt: row.first_at.toString(),
    lastAt: row.last_at.toString(),
    lines: row.lines,
  })),
})

const toQuery = (row: QueryRecord, personId: string): LogQuery => ({
  id: row.id,
  name: row.name,
  isShared: row.is_shared,
  isMine: row.person_id === personId,
  query: SavedLogQuery.parse(row.query),
})

export async function listQueries(ctx: Ctx): Promise<Reply<Api['queries']>> {
  const personId = personOf(ctx.actor)
  return { items: (await queriesFor(ctx.db, personId)).map((row) => toQuery(row, personId)) }
}

export async function saveQuery(ctx: Ctx, { name, isShared, query }: Input<Api['saveQuery']>): Promise<Reply<Api['saveQuery']>> {
  const personId = personOf(ctx.actor)
  const row = await saveLogQuery(ctx.db, { id: newId(), personId, name, isShared, query, now: ctx.now })
  await ctx.record({ kind: 'log-query.saved', subject: { type: 'log-query', id: row.id }, data: { name, isShared, query } })
  return toQuery(row, personId)
}

export async function deleteQuery(ctx: Ctx, { queryId }: Input<Api['deleteQuery']>): Promise<Reply<Api['deleteQuery']>> {
  if (!(await deleteLogQuery(ctx.db, queryId, personOf(ctx.actor)))) fail(commonProblems.notFound)
  await ctx.record({ kind: 'log-query.deleted', subject: { type: 'log-query', id: queryId } })
  return {}
}

/** Makes the partitions of today and the next two days, drops those past their time. */
export async function keepLogDays(ctx: Ctx): Promise<void> {
  const today = ctx.now.toZonedDateTimeISO('UTC').toPlainDate()
  for (const ahead of [0, 1, 2]) await addLogDay(ctx.db, today.add({ days: ahead }).toString(), today.add({ days: ahead + 1 }).toString())
  await dropLogDays(ctx.db, today.subtract({ days: KEEP_DAYS }).toString())
}
