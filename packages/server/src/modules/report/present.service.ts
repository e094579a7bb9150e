import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { ReportStatus } from '@changbai/contract/report.shapes.ts'
import { type reportApi, reportProblems } from '@changbai/contract/report.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { HEARERS } from './deadlines.ts'
import { tellReport } from './report.notices.ts'
import { toReport } from './report.service.ts'
import * as store from './report.store.ts'

type Api = typeof reportApi

/** After the fourth signature everybody who reads reports may see it. */
async function frozen(ctx: Ctx, month: string, ...statuses: ReportStatus[]): Promise<store.ReportRow> {
  const row = (await store.lockReport(ctx.db, month)) ?? fail(commonProblems.notFound, { month })
  return statuses.includes(row.status) ? row : fail(reportProblems.wrongStep, { status: row.status })
}

/** Records that it was presented; whether the customer's two were there, they say themselves. @clause 5.7-2b */
export async function presentReport(ctx: Ctx, { month, at, place, feedback }: Input<Api['present']>): Promise<Reply<Api['present']>> {
  const row = await frozen(ctx, month, 'APPROVED')
  const when = Temporal.Instant.from(at)
  const approvedAt = row.approved_at ?? ctx.now
  if (Temporal.Instant.compare(when, ctx.now) > 0 || Temporal.Instant.compare(when, approvedAt) < 0)
    fail(reportProblems.wrongStep, { from: approvedAt.toString(), to: ctx.now.toString() })
  const presentation = { at: when.toString(), place, feedback, byName: ctx.actor.name, recordedAt: ctx.now.toString() }
  const changed = await store.updateReport(ctx.db, row.id, { status: 'PRESENTED', presentation: JSON.stringify(presentation) })
  await ctx.record({ kind: 'report.presented', subject: { type: 'report', id: row.id }, after: { month, ...presentation } })
  await tellReport(ctx, 'report.presented', month, { by: ctx.actor.name })
  return toReport(ctx, changed)
}

export async function receiveReport(ctx: Ctx, { month, feedback }: Input<Api['receive']>): Promise<Reply<Api['receive']>> {
  const row = await frozen(ctx, month, 'PRESENTED')
  for (const role of HEARERS.filter((one) => ctx.actor.grants.some((grant) => grant.role === one)))
    await store.insertReceipt(ctx.db, {
      report_id: row.id,
      role,
      by_id: personOf(ctx.actor),
      by_name: ctx.actor.name,
      feedback,
      at: ctx.now,
    })
  await ctx.record({ kind: 'report.received', subject: { type: 'report', id: row.id }, data: { month, feedback } })
  return toReport(ctx, row)
}

/** The frozen text stays; what was wrong and what is right stand beside it, each erratum chained to what came before. */
export async function addErratum(ctx: Ctx, input: Input<Api['erratum']>): Promise<Reply<Api['erratum']>> {
  const { month, section, wrong, right, reason } = input
  const row = await frozen(ctx, month, 'APPROVED', 'PRESENTED')
  const before =
    (await store.errataOf(ctx.db, [row.id])).at(-1)?.digest ?? (await store.versionOf(ctx.db, row.id, row.version))?.digest ?? ''
  const digest = ctx.crypto.digest(JSON.stringify([before, section, wrong, right, reason]))
  const id = newId()
  await store.insertErratum(ctx.db, {
    id,
    report_id: row.id,
    section,
    wrong,
    right,
    reason,
    by_name: ctx.actor.name,
    at: ctx.now,
    agreed_by_name: null,
    agreed_at: null,
    digest,
    digest_algorithm: ctx.crypto.digestAlgorithm,
  })
  await ctx.record({
    kind: 'report.corrected',
    subject: { type: 'report', id: row.id },
    before: { wrong },
    after: { right, section, reason, digest },
  })
  await tellReport(ctx, 'report.corrected', month, { by: ctx.actor.name, comment: reason })
  return toReport(ctx, row)
}

export async function agreeToErratum(ctx: Ctx, { month, erratumId }: Input<Api['agreeErratum']>): Promise<Reply<Api['agreeErratum']>> {
  const row = await frozen(ctx, month, 'APPROVED', 'PRESENTED')
  if (!(await store.errataOf(ctx.db, [row.id])).some(({ id }) => id === erratumId)) fail(commonProblems.notFound, { erratumId })
  if (!(await store.agreeErratum(ctx.db, erratumId, ctx.actor.name, ctx.now))) fail(reportProblems.wrongStep, {})
  await ctx.record({ kind: 'report.erratum-agreed', subject: { type: 'report', id: row.id }, data: { month, erratumId } })
  return toReport(ctx, row)
}
