import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Report, ReportAuthor, ReportGroup, ReportSection, ReportStatus, ReportSummary } from '@changbai/contract/report.shapes.ts'
import { type reportApi, reportProblems } from '@changbai/contract/report.ts'
import { REPORT_AUTHORS, REPORT_GROUPS } from '@changbai/contract/report.words.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { findConverter } from '../../platform/pdf.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { daysOf, doneOf, HEARERS, toDeadline } from './deadlines.ts'
import { mergeTexts } from './merge.domain.ts'
import { assemble, monthBefore, spanOf } from './parts.ts'
import { tellReport } from './report.notices.ts'
import * as store from './report.store.ts'

type Api = typeof reportApi
type Row = store.ReportRow

const WRITERS = new Set<ReportStatus>(['DRAFT', 'INTERNAL', 'APPROVED', 'PRESENTED'])
const HEARD = new Set<ReportStatus>(['APPROVED', 'PRESENTED'])
const isWriter = (ctx: Ctx): boolean => (['C', 'U', 'r'] as const).some((verb) => actorCan(ctx.actor, 'monthlyReport.draft', verb))
/** The customer and the third party see what was approved, not what is being written. */
const seen = (ctx: Ctx): Set<ReportStatus> => (isWriter(ctx) ? WRITERS : HEARD)
const holds = (ctx: Ctx, role: string): boolean => ctx.actor.kind === 'system' || ctx.actor.grants.some((grant) => grant.role === role)
const authorsOf = (ctx: Ctx): ReportAuthor[] => REPORT_AUTHORS.filter((role) => holds(ctx, role))
const groupsOf = (ctx: Ctx): ReportGroup[] =>
  (Object.keys(REPORT_GROUPS) as ReportGroup[]).filter((group) => holds(ctx, REPORT_GROUPS[group]))

async function reach(ctx: Ctx, month: string, lock = false): Promise<Row> {
  const row = await (lock ? store.lockReport : store.findReport)(ctx.db, month)
  return row && seen(ctx).has(row.status) ? row : fail(commonProblems.notFound, { month })
}
async function at(ctx: Ctx, month: string, ...statuses: ReportStatus[]): Promise<Row> {
  const row = await reach(ctx, month, true)
  return statuses.includes(row.status) ? row : fail(reportProblems.wrongStep, { status: row.status })
}

async function summaries(ctx: Ctx, rows: readonly Row[]): Promise<ReportSummary[]> {
  const ids = rows.map(({ id }) => id)
  const signatures = await store.signaturesOf(ctx.db, ids)
  const approvals = await store.approvalsOf(ctx.db, ids)
  const errata = await store.errataOf(ctx.db, ids)
  const done = await doneOf(ctx, rows)
  const found: ReportSummary[] = []
  for (const row of rows) {
    found.push({
      id: row.id,
      month: row.month,
      number: row.number,
      status: row.status,
      version: row.version,
      signed: signatures.filter((one) => one.report_id === row.id).map(({ author }) => author),
      // what was returned was signed in vain
      approved: approvals
        .filter((one) => row.status !== 'DRAFT' && one.report_id === row.id && one.version === row.version && one.result === 'APPROVE')
        .map(({ group }) => group),
      deadlines: (await daysOf(ctx, row.month)).map((day) => toDeadline(ctx, day, done.get(row.id)?.[day.step] ?? null)),
      errata: errata.filter((one) => one.report_id === row.id).length,
    })
  }
  return found
}

export async function listReportPage(ctx: Ctx, { after, limit }: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const cursor = readCursor(after)
  const rows = await store.listReports(ctx.db, {
    statuses: [...seen(ctx)],
    after: cursor && { month: cursor[0], id: cursor[1] },
    limit: limit + 1,
  })
  const { items, next } = pageOf(rows, limit, (row) => [row.month, row.id])
  const month = monthBefore(ctx.now)
  const openable = actorCan(ctx.actor, 'monthlyReport.draft', 'C') && !(await store.findReport(ctx.db, month)) ? month : null
  return { items: await summaries(ctx, items), next, openable }
}

/** Sections as they are now. */
async function liveSections(ctx: Ctx, row: Row): Promise<ReportSection[]> {
  const comments = await store.commentsOf(ctx.db, row.id)
  return (await assemble(ctx, spanOf(row.month, ctx.now))).map(({ code, facts }) => ({
    code,
    facts,
    comments: comments
      .filter((one) => one.section === code && one.text !== '')
      .map(({ author, text, rev, by_name, at: saved }) => ({ author, text, rev, byName: by_name, at: saved.toString() })),
  }))
}
export interface KeptContent {
  month: string
  number: string
  version: number
  asOf: string
  sections: ReportSection[]
}
export const readContent = (text: string): KeptContent => JSON.parse(text) as KeptContent

function mayOf(
  ctx: Ctx,
  row: Row,
  approvals: readonly { version: number; group: ReportGroup }[],
  receipts: readonly { role: string }[],
): Report['may'] {
  const { status } = row
  const leads = actorCan(ctx.actor, 'monthlyReport.draft', 'C')
  const open = groupsOf(ctx).some((group) => !approvals.some((one) => one.version === row.version && one.group === group))
  const hears = HEARERS.some((role) => holds(ctx, role) && !receipts.some((one) => one.role === role))
  const may: Report['may'] = []
  if (status === 'DRAFT' && authorsOf(ctx).length > 0) may.push('WRITE', 'SIGN')
  if (status === 'DRAFT' && leads) may.push('SUBMIT')
  if (status === 'INTERNAL' && open) may.push('APPROVE')
  if (status === 'APPROVED' && leads) may.push('PRESENT')
  if (status === 'PRESENTED' && hears) may.push('RECEIVE')
  if (HEARD.has(status) && leads) may.push('CORRECT')
  if (HEARD.has(status) && actorCan(ctx.actor, 'monthlyReport.receive', 'A')) may.push('AGREE')
  return may
}

export async function toReport(ctx: Ctx, row: Row): Promise<Report> {
  const [summary] = await summaries(ctx, [row])
  const versions = await store.versionsOf(ctx.db, row.id)
  const approvals = await store.approvalsOf(ctx.db, [row.id])
  const receipts = await store.receiptsOf(ctx.db, [row.id])
  const kept = row.status === 'DRAFT' ? undefined : await store.versionOf(ctx.db, row.id, row.version)
  const content = kept && readContent(kept.content)
  return {
    ...(summary as ReportSummary),
    asOf: content?.asOf ?? ctx.now.toString(),
    sections: content?.sections ?? (await liveSections(ctx, row)),
    signatures: (await store.signaturesOf(ctx.db, [row.id])).map((one) => ({
      author: one.author,
      byName: one.by_name,
      at: one.at.toString(),
    })),
    missingReason: row.missing_reason,
    approvals: approvals.map((one) => ({
      group: one.group,
      version: one.version,
      result: one.result,
      comment: one.comment,
      byName: one.by_name,
      at: one.at.toString(),
    })),
    presentation: row.presentation,
    received: receipts.map((one) => ({ role: one.role, byName: one.by_name, at: one.at.toString(), feedback: one.feedback })),
    versions: versions.map((one) => ({
      version: one.version,
      at: one.at.toString(),
      byName: one.by_name,
      digest: { algorithm: one.digest_algorithm, value: one.digest },
      frozen: HEARD.has(row.status) && one.version === row.version,
    })),
    errataLines: (await store.errataOf(ctx.db, [row.id])).map((one) => ({
      id: one.id,
      section: one.section,
      wrong: one.wrong,
      right: one.right,
      reason: one.reason,
      byName: one.by_name,
      at: one.at.toString(),
      agreedByName: one.agreed_by_name,
      agreedAt: one.agreed_at?.toString() ?? null,
      digest: { algorithm: one.digest_algorithm, value: one.digest },
    })),
    may: mayOf(ctx, row, approvals, receipts),
    as: { authors: authorsOf(ctx), groups: groupsOf(ctx) },
    pdf: findConverter() !== null,
  }
}

export const getReport = async (ctx: Ctx, { month }: Input<Api['get']>): Promise<Report> => toReport(ctx, await reach(ctx, month))

/** The report of a month as it would be opened now, without opening it: nobody is told, nothing is owed. */
export async function previewReport(ctx: Ctx, month: string): Promise<Report> {
  const { to } = spanOf(month, ctx.now)
  if (Temporal.Instant.compare(ctx.now, to) < 0) fail(reportProblems.notOver, { month })
  const row = await store.findReport(ctx.db, month)
  if (row) return toReport(ctx, row)
  const fresh = { id: newId(), month, number: '（未编号）', status: 'DRAFT' as const, version: 0, opened_at: ctx.now, missing_reason: '' }
  return toReport(ctx, { ...fresh, submitted_at: null, complete: null, approved_at: null, presentation: null })
}

/** Opens the report of a month that is over; the job of the first day does it by itself. */
export async function openReport(ctx: Ctx, { month }: Input<Api['open']>): Promise<Reply<Api['open']>> {
  if (!(await openMonth(ctx, month))) fail(reportProblems.exists, { month })
  return toReport(ctx, await reach(ctx, month))
}
/** @returns whether it was opened now. */
export async function openMonth(ctx: Ctx, month: string): Promise<boolean> {
  const { to } = spanOf(month, ctx.now)
  if (Temporal.Instant.compare(ctx.now, to) < 0) fail(reportProblems.notOver, { month })
  const id = newId()
  if (await store.findReport(ctx.db, month)) return false
  const row = {
    id,
    month,
    number: await nextNumber(ctx.db, 'YB', shanghaiDay(ctx.now)),
    status: 'DRAFT' as const,
    opened_at: ctx.now,
    submitted_at: null,
    complete: null,
    approved_at: null,
  }
  if (!(await store.insertReport(ctx.db, row))) return false
  await ctx.record({ kind: 'report.opened', subject: { type: 'report', id }, data: { month } })
  const [draft] = await daysOf(ctx, month)
  await tellReport(ctx, 'report.opened', month, { dueOn: draft?.dueOn.toString() ?? '' })
  return true
}

/** The caller's own party, or one whose author they are. */
const requireAuthor = (ctx: Ctx, author: ReportAuthor): void => {
  if (!holds(ctx, author)) fail(reportProblems.notAuthor, { author })
}

/**
 * Saves one party's comment on one section. Two persons of a party may write at once: what each changed is put together line by line; where both
 * changed the same lines nothing is saved and both texts come back.
 */
export async function saveComment(ctx: Ctx, input: Input<Api['comment']>): Promise<Reply<Api['comment']>> {
  const { month, section, author, baseRev, text } = input
  const row = await reach(ctx, month, true)
  if (row.status !== 'DRAFT') fail(reportProblems.closed, { status: row.status })
  requireAuthor(ctx, author)
  const history = await store.commentsOfOne(ctx.db, row.id, section, author)
  const latest = history.at(-1)
  let saved = text
  if (latest && latest.rev !== baseRev) {
    const base = history.find(({ rev }) => rev === baseRev)?.text ?? ''
    const merged = mergeTexts(base, latest.text, text)
    if (!merged.clean) fail(reportProblems.commentConflict, { by: latest.by_name, theirs: latest.text, mine: text, rev: latest.rev })
    saved = merged.text
  }
  const rev = (latest?.rev ?? 0) + 1
  const comment = { author, text: saved, rev, byName: ctx.actor.name, at: ctx.now.toString() }
  await store.insertComment(ctx.db, {
    report_id: row.id,
    section,
    author,
    rev,
    text: saved,
    by_id: personOf(ctx.actor),
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  // whoever signed what stood there before has not signed this
  await store.dropSignature(ctx.db, row.id, author)
  await ctx.record({ kind: 'report.commented', subject: { type: 'report', id: row.id }, data: { month, section, author, rev } })
  return { comment, merged: saved !== text }
}

export async function signReport(ctx: Ctx, { month, author }: Input<Api['sign']>): Promise<Reply<Api['sign']>> {
  const row = await reach(ctx, month, true)
  if (row.status !== 'DRAFT') fail(reportProblems.closed, { status: row.status })
  requireAuthor(ctx, author)
  await store.insertSignature(ctx.db, { report_id: row.id, author, by_id: personOf(ctx.actor), by_name: ctx.actor.name, at: ctx.now })
  await ctx.record({ kind: 'report.signed', subject: { type: 'report', id: row.id }, data: { month, author } })
  return toReport(ctx, row)
}

const PARTIES: Record<ReportAuthor, string> = {
  OPERATION_MANAGER: '运营管理员',
  MAINTENANCE_MANAGER: '运维管理员',
  MAINTENANCE_ENGINEER: '运维技术员',
  APP_PROJECT_MANAGER: '应用项目经理',
  BUILD_PROJECT_MANAGER: '建设经理',
}

/** Hands it in: figures, tables and comments of this instant become a version with its digest; the four groups sign that. @clause 5.7-1 */
export async function submitReport(ctx: Ctx, { month, missingReason }: Input<Api['submit']>): Promise<Reply<Api['submit']>> {
  const row = await at(ctx, month, 'DRAFT')
  const signed = (await store.signaturesOf(ctx.db, [row.id])).map(({ author }) => author)
  const missing = REPORT_AUTHORS.filter((author) => !signed.includes(author))
  if (missing.length > 0 && missingReason === '') fail(reportProblems.unsigned, { parties: missing.map((one) => PARTIES[one]).join('、') })
  const version = row.version + 1
  const content: KeptContent = { month, number: row.number, version, asOf: ctx.now.toString(), sections: await liveSections(ctx, row) }
  const text = JSON.stringify(content)
  const digest = ctx.crypto.digest(text)
  await store.insertVersion(ctx.db, {
    report_id: row.id,
    version,
    content: text,
    digest,
    digest_algorithm: ctx.crypto.digestAlgorithm,
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  const first = row.submitted_at === null ? { submitted_at: ctx.now, complete: missing.length === 0 } : {}
  const changed = await store.updateReport(ctx.db, row.id, {
    status: 'INTERNAL',
    version,
    missing_reason: missing.length > 0 ? missingReason : '',
    ...first,
  })
  await ctx.record({ kind: 'report.submitted', subject: { type: 'report', id: row.id }, after: { month, version, digest, missing } })
  const internal = (await daysOf(ctx, month)).find(({ step }) => step === 'INTERNAL')
  await tellReport(ctx, 'report.submitted', month, { dueOn: internal?.dueOn.toString() ?? '', by: ctx.actor.name })
  return toReport(ctx, changed)
}

/** One group's signature on the version handed in, or its return; the fourth signature freezes it. @clause 5.7-2a */
export async function approveReport(ctx: Ctx, { month, group, result, comment }: Input<Api['approve']>): Promise<Reply<Api['approve']>> {
  const row = await at(ctx, month, 'INTERNAL')
  if (!groupsOf(ctx).includes(group)) fail(reportProblems.notAuthor, { group })
  const before = (await store.approvalsOf(ctx.db, [row.id])).filter(({ version }) => version === row.version)
  if (before.some((one) => one.group === group)) fail(reportProblems.approvedAlready, { group })
  await store.insertApproval(ctx.db, {
    report_id: row.id,
    version: row.version,
    group,
    result,
    comment,
    by_id: personOf(ctx.actor),
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  await ctx.record({
    kind: result === 'APPROVE' ? 'report.approved-by-group' : 'report.returned',
    subject: { type: 'report', id: row.id },
    data: { month, version: row.version, group, comment },
  })
  if (result === 'RETURN') {
    await store.dropSignatures(ctx.db, row.id)
    const returned = await store.updateReport(ctx.db, row.id, { status: 'DRAFT' })
    await tellReport(ctx, 'report.returned', month, { by: ctx.actor.name, comment })
    return toReport(ctx, returned)
  }
  if (before.filter((one) => one.result === 'APPROVE').length + 1 < Object.keys(REPORT_GROUPS).length) return toReport(ctx, row)
  const approved = await store.updateReport(ctx.db, row.id, { status: 'APPROVED', approved_at: ctx.now })
  const kept = await store.versionOf(ctx.db, row.id, row.version)
  await ctx.record({
    kind: 'report.frozen',
    subject: { type: 'report', id: row.id },
    after: { month, version: row.version, digest: kept?.digest },
  })
  const present = (await daysOf(ctx, month)).find(({ step }) => step === 'PRESENT')
  await tellReport(ctx, 'report.approved', month, { dueOn: present?.dueOn.toString() ?? '' })
  return toReport(ctx, approved)
}
