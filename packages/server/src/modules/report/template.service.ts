import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type ReportTemplate, type reportApi, reportProblems } from '@changbai/contract/report.ts'
import { patchDetector } from 'docx'
import { actorCan } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import type { Upload } from '../../platform/mount.ts'
import { OPTIONAL_MARKS, REQUIRED_MARKS, sayFlaws, templateFlaws } from './template.domain.ts'
import {
  approveTemplate as approve,
  findTemplate,
  insertTemplate,
  listTemplates,
  type TemplateRow,
  templateInForce,
} from './template.store.ts'

type Api = typeof reportApi
/** Relative to the plan's folder. */
const SHIPPED = 'documents/monthly-report.docx'

/** @throws reportProblems.templateMark naming every mark that is missing or misspelt */
async function checkMarks(bytes: Uint8Array): Promise<void> {
  const marks = await patchDetector({ data: bytes }).catch(() =>
    fail(reportProblems.templateMark, { flaws: '不是 Word（docx）文件', marks: [] }),
  )
  const flaws = templateFlaws(marks)
  if (flaws.length > 0) fail(reportProblems.templateMark, { flaws: sayFlaws(flaws), marks: flaws })
}

/** The template of the plan's folder, if it has one and this content is not known yet; called at start. */
export async function loadReportTemplate(ctx: Ctx, planDir: string): Promise<void> {
  const bytes = await readFile(join(planDir, SHIPPED)).catch(() => null)
  if (!bytes) return
  const digest = sha256Hex(bytes)
  if ((await listTemplates(ctx.db)).some((one) => one.digest === digest)) return
  await checkMarks(bytes)
  const id = newId()
  await insertTemplate(ctx.db, {
    id,
    source: 'PLAN',
    bytes,
    digest,
    digest_algorithm: 'SHA-256',
    by_id: null,
    by_name: ctx.actor.name,
    at: ctx.now,
    approved_by_name: ctx.actor.name,
    approved_at: ctx.now,
  })
  await ctx.record({ kind: 'report-template.loaded', subject: { type: 'report-template', id }, data: { digest } })
}

const toTemplate = (ctx: Ctx, row: Omit<TemplateRow, 'bytes'>, inForce: string | undefined): ReportTemplate => ({
  id: row.id,
  digest: { algorithm: row.digest_algorithm, value: row.digest },
  source: row.source,
  byName: row.by_name,
  at: row.at.toString(),
  approvedByName: row.approved_by_name,
  approvedAt: row.approved_at?.toString() ?? null,
  inForce: row.id === inForce,
  may: row.approved_at === null && row.by_id !== ctx.actor.personId && actorCan(ctx.actor, 'document.template', 'A') ? ['APPROVE'] : [],
})

export async function readTemplates(ctx: Ctx): Promise<Reply<Api['templates']>> {
  const inForce = (await templateInForce(ctx.db))?.id
  return { items: (await listTemplates(ctx.db)).map((row) => toTemplate(ctx, row, inForce)), marks: [...REQUIRED_MARKS, ...OPTIONAL_MARKS] }
}

export async function proposeTemplate(
  ctx: Ctx,
  _input: Input<Api['proposeTemplate']>,
  { bytes }: Upload,
): Promise<Reply<Api['proposeTemplate']>> {
  await checkMarks(bytes)
  const digest = sha256Hex(bytes)
  const inForce = (await templateInForce(ctx.db))?.id
  const known = (await listTemplates(ctx.db)).find((one) => one.digest === digest)
  if (known) return toTemplate(ctx, known, inForce)
  const row = {
    id: newId(),
    source: 'UPLOAD' as const,
    bytes,
    digest,
    digest_algorithm: 'SHA-256' as const,
    by_id: ctx.actor.personId,
    by_name: ctx.actor.name,
    at: ctx.now,
    approved_by_name: null,
    approved_at: null,
  }
  await insertTemplate(ctx.db, row)
  await ctx.record({ kind: 'report-template.proposed', subject: { type: 'report-template', id: row.id }, data: { digest } })
  return toTemplate(ctx, row, inForce)
}

export async function approveTemplate(ctx: Ctx, { templateId }: Input<Api['approveTemplate']>): Promise<Reply<Api['approveTemplate']>> {
  const row = (await findTemplate(ctx.db, templateId)) ?? fail(commonProblems.notFound, { templateId })
  if (row.approved_at !== null) fail(reportProblems.wrongStep, {})
  if (row.by_id === ctx.actor.personId) fail(reportProblems.samePerson, {})
  await approve(ctx.db, templateId, ctx.actor.name, ctx.now)
  await ctx.record({ kind: 'report-template.approved', subject: { type: 'report-template', id: templateId }, data: { digest: row.digest } })
  return toTemplate(ctx, { ...row, approved_by_name: ctx.actor.name, approved_at: ctx.now }, templateId)
}
