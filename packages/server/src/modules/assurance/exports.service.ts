import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type DataClass, type ExportRow, type exportsApi, exportProblems as problems } from '@changbai/contract/exports.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { canonicalJson, plainJson } from '@changbai/verify/canonical.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { dataClassOf } from '../../platform/data-tags.ts'
import type { ExportPort } from '../../platform/exports.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { classNames, EXPORTS, type ExportLimits, mostCareful, needsApproval } from './exports.domain.ts'
import { type ExportRecord, insertExport, listExports, lockExport, updateExport } from './exports.store.ts'

type Api = typeof exportsApi

declare module '../../platform/ctx.ts' {
  interface Events {
    'export.asked': { exportId: string; number: string; title: { zh: string; en: string }; by: string; byId: string; reason: string }
  }
}

const PREFIX = 'DC'
/** The most careful class among the columns that leave. */
export const exportClass = (path: string): DataClass =>
  mostCareful((EXPORTS[path] ?? fail(commonProblems.notFound)).columns.map(dataClassOf))
const digestOf = (input: unknown): string => sha256Hex(canonicalJson(plainJson(input ?? {})))
export const limitsOf = (ctx: Ctx): ExportLimits => ({
  rows: ctx.plan.number('security.exportRows'),
  from: ctx.plan.text('security.exportFrom') as DataClass,
})
const isExpired = (row: ExportRecord, now: Temporal.Instant): boolean =>
  row.state === 'APPROVED' && row.expires_at !== null && Temporal.Instant.compare(now, row.expires_at) >= 0

/** The one door of everything that leaves: a number, who and when, and a second person where the plan asks for one. */
export const exportPort: ExportPort = {
  covers: ({ path }) => path in EXPORTS,
  open: async (ctx) => ({ number: await nextNumber(ctx.db, PREFIX, shanghaiDay(ctx.now)), byName: ctx.actor.name, at: ctx.now }),
  async admit(ctx, { path }, { mark, input, approvalId, download }) {
    const dataClass = exportClass(path)
    const rows = download.rows ?? null
    const taken = { rows, file_name: download.name, taken_at: ctx.now }
    if (approvalId) {
      const row = await lockExport(ctx.db, approvalId)
      const isMine = row?.by_id === ctx.actor.personId && row.path === path && row.input_digest === digestOf(input)
      if (!row || !isMine || row.state !== 'APPROVED' || isExpired(row, ctx.now)) fail(problems.notApproved)
      await updateExport(ctx.db, row.id, { ...taken, number: mark.number, state: 'TAKEN' })
      await ctx.record({
        kind: 'export.taken',
        subject: { type: 'export', id: row.id },
        data: { number: mark.number, asked: row.number, path, rows, approvedBy: row.decided_by_name },
      })
      return
    }
    const english = ctx.locale === 'en-US'
    if (needsApproval(limitsOf(ctx), { rows, dataClass }))
      fail(problems.needsApproval, {
        rows: rows === null ? '' : english ? ` (${rows} rows)` : `有 ${rows} 行，`,
        className: classNames[dataClass][english ? 'en' : 'zh'],
        path,
      })
    await insertExport(ctx.db, {
      ...blank(ctx),
      ...taken,
      number: mark.number,
      path,
      data_class: dataClass,
      state: 'TAKEN',
      input_digest: digestOf(input),
    })
  },
}

const blank = (ctx: Ctx) => ({
  id: newId(),
  by_id: ctx.actor.personId,
  by_name: ctx.actor.name,
  reason: '',
  input: null,
  at: ctx.now,
  decided_by: null,
  decided_by_name: null,
  decided_at: null,
  comment: '',
  expires_at: null,
})

/** Asks for a second person's word; what is asked for is fixed here, condition by condition. */
export async function askExport(ctx: Ctx, { path, input, reason }: Input<Api['ask']>): Promise<Reply<Api['ask']>> {
  const { title } = EXPORTS[path] ?? fail(commonProblems.notFound)
  const byId = personOf(ctx.actor)
  const row = await insertExport(ctx.db, {
    ...blank(ctx),
    number: await nextNumber(ctx.db, PREFIX, shanghaiDay(ctx.now)),
    path,
    data_class: exportClass(path),
    state: 'PENDING',
    reason,
    input: JSON.stringify(input),
    input_digest: digestOf(input),
    rows: null,
    file_name: null,
    taken_at: null,
  })
  await ctx.record({ kind: 'export.asked', subject: { type: 'export', id: row.id }, after: { number: row.number, path, input, reason } })
  await ctx.publish('export.asked', { exportId: row.id, number: row.number, title, by: ctx.actor.name, byId, reason })
  return shown(ctx, row)
}

export async function decideExport(ctx: Ctx, { exportId, approve, comment }: Input<Api['decide']>): Promise<Reply<Api['decide']>> {
  const row = (await lockExport(ctx.db, exportId)) ?? fail(commonProblems.notFound)
  if (row.state !== 'PENDING') fail(problems.notPending)
  if (row.by_id === ctx.actor.personId) fail(problems.own)
  const decided = await updateExport(ctx.db, row.id, {
    state: approve ? 'APPROVED' : 'REFUSED',
    decided_by: personOf(ctx.actor),
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
    comment,
    expires_at: approve ? ctx.now.add({ hours: ctx.plan.number('security.exportHours') }) : null,
  })
  await ctx.record({
    kind: approve ? 'export.approved' : 'export.refused',
    subject: { type: 'export', id: row.id },
    after: { number: row.number, by: row.by_name, comment },
  })
  return shown(ctx, decided)
}

const pageFor = async (ctx: Ctx, personId: string | null, { after, limit }: Input<Api['list']>): Promise<Reply<Api['list']>> => {
  const { items, next } = pageOf(await listExports(ctx.db, personId, readCursor(after), limit), limit, (row) => [row.at.toString(), row.id])
  return { items: items.map((row) => shown(ctx, row)), next }
}
export const listAllExports = (ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> => pageFor(ctx, null, input)
export const listMyExports = (ctx: Ctx, input: Input<Api['mine']>): Promise<Reply<Api['mine']>> => pageFor(ctx, personOf(ctx.actor), input)

function shown(ctx: Ctx, row: ExportRecord): ExportRow {
  const mine = row.by_id !== null && row.by_id === ctx.actor.personId
  const at = (instant: Temporal.Instant | null): string | null => instant?.toString() ?? null
  return {
    id: row.id,
    number: row.number,
    path: row.path,
    title: EXPORTS[row.path]?.title ?? { zh: row.path, en: row.path },
    dataClass: row.data_class,
    state: isExpired(row, ctx.now) ? 'EXPIRED' : row.state,
    byName: row.by_name,
    reason: row.reason,
    at: row.at.toString(),
    rows: row.rows,
    fileName: row.file_name,
    decidedByName: row.decided_by_name,
    decidedAt: at(row.decided_at),
    comment: row.comment,
    takenAt: at(row.taken_at),
    expiresAt: at(row.expires_at),
    mine,
    mayDecide: row.state === 'PENDING' && !mine && actorCan(ctx.actor, 'export.approve', 'A'),
    input: mine ? row.input : null,
  }
}
