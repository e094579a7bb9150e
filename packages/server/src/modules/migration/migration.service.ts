import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  type MigrationDetail,
  MigrationForm,
  MigrationPlan,
  type MigrationSummary,
  type migrationApi,
  migrationProblems,
} from '@changbai/contract/migration.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf, reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { stepsNow } from '../admission/index.ts'
import { findApplication, readSheet } from '../inventory/index.ts'
import { startProcess } from '../process/index.ts'
import { formGaps, planGaps, readLines } from './migration.domain.ts'
import { findMigration, insertMigration, listMigrations, lockMigration, type MigrationRow, updateMigration } from './migration.store.ts'

type Api = typeof migrationApi
export const placeOf = (row: Pick<MigrationRow, 'tenant_id' | 'application_id'>) => ({
  tenantId: row.tenant_id,
  applicationId: row.application_id,
})

export async function reachMigration(ctx: Ctx, id: string, lock = false): Promise<MigrationRow> {
  const row = (await (lock ? lockMigration : findMigration)(ctx.db, id)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'migration.read', ['R', 'r'], placeOf(row))
  return row
}
const openAt = (row: MigrationRow, ...nodes: string[]): boolean => row.steps.some((step) => nodes.includes(step.node))
const mayWrite = (ctx: Ctx, row: MigrationRow): boolean =>
  reaches(scopeOf(ctx.actor, 'migration.apply', 'C', 'U'), placeOf(row)) ||
  reaches(scopeOf(ctx.actor, 'migration.plan', 'X', 'U', 'C'), placeOf(row))

export const toSummary = (row: MigrationRow, step: MigrationSummary['step']): MigrationSummary => ({
  id: row.id,
  number: row.number,
  direction: row.direction,
  status: row.status,
  outcome: row.outcome,
  applicationId: row.application_id,
  applicationName: row.application_name,
  tenantId: row.tenant_id,
  applicantName: row.applicant_name,
  windowFrom: row.plan.windowFrom,
  updatedAt: row.updated_at.toString(),
  step,
})

const EDITS = {
  EDIT_FORM: ['applyMigration'],
  EDIT_SHEETS: ['applyMigration', 'surveySystem'],
  EDIT_PLAN: ['prepareMigrationPlan', 'completePlan'],
  RUN: ['cutover'],
} as const

export async function toDetail(ctx: Ctx, row: MigrationRow): Promise<MigrationDetail> {
  const writes = mayWrite(ctx, row)
  const may = (Object.keys(EDITS) as (keyof typeof EDITS)[]).filter((one) => writes && openAt(row, ...EDITS[one]))
  const gaps = openAt(row, 'applyMigration')
    ? formGaps(row.form, row.direction)
    : openAt(row, 'prepareMigrationPlan', 'completePlan')
      ? planGaps(row.plan, ctx.now)
      : []
  return {
    ...toSummary(row, (await stepsNow(ctx, [row])).get(row.id) ?? null),
    rev: row.rev,
    form: row.form,
    survey: row.survey,
    sizing: row.sizing,
    plan: row.plan,
    isPartner: row.applicant_id === ctx.actor.personId || may.includes('EDIT_PLAN') || may.includes('RUN'),
    run: row.run,
    checks: row.checks,
    cutoverAt: row.cutover_at?.toString() ?? null,
    decisionAt: row.decision_at?.toString() ?? null,
    endedAt: row.ended_at?.toString() ?? null,
    observeUntil: row.observe_until?.toString() ?? null,
    requestNo: row.request_no,
    conclusions: row.conclusions,
    signatures: row.signatures,
    erasureProof: row.erasure_proof,
    rejection: row.rejection,
    gaps,
    instanceId: row.instance_id,
    may: [...may, ...(row.applicant_id === ctx.actor.personId && openAt(row, 'applyMigration') ? (['SUBMIT'] as const) : [])],
  }
}

export async function listMigrationPage(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const { q, status, direction, after, limit } = input
  const filter = { q: q?.trim() || undefined, statuses: status ? status.split(',').filter(Boolean) : undefined, direction }
  const rows = await listMigrations(ctx.db, filter, scopeOf(ctx.actor, 'migration.read', 'R', 'r'), readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => [row.updated_at.toString(), row.id])
  const steps = await stepsNow(ctx, items)
  return { items: items.map((row) => toSummary(row, steps.get(row.id) ?? null)), next }
}
export const getMigration = async (ctx: Ctx, { migrationId }: Input<Api['get']>): Promise<MigrationDetail> =>
  toDetail(ctx, await reachMigration(ctx, migrationId))

/** Coming in needs an admission: without its number nothing may be asked for. @clause 4.6 */
export async function startMigration(ctx: Ctx, { applicationId, direction }: Input<Api['start']>): Promise<MigrationDetail> {
  const application = (await findApplication(ctx, applicationId)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'migration.apply', 'C', { tenantId: application.tenantId, applicationId })
  if (direction === 'INBOUND' && !application.admissionNo) fail(migrationProblems.noAdmission)
  const id = newId(ctx.now.epochMilliseconds)
  const number = await nextNumber(ctx.db, 'QY', shanghaiDay(ctx.now))
  await insertMigration(ctx.db, {
    id,
    number,
    direction,
    status: 'DRAFT',
    outcome: null,
    tenant_id: application.tenantId,
    application_id: applicationId,
    application_name: application.name,
    applicant_id: personOf(ctx.actor),
    applicant_name: ctx.actor.name,
    form: JSON.stringify(MigrationForm.parse({})),
    plan: JSON.stringify(MigrationPlan.parse({})),
    cutover_at: null,
    decision_at: null,
    ended_at: null,
    observe_until: null,
    instance_id: null,
    created_at: ctx.now,
    updated_at: ctx.now,
    submitted_at: null,
    accepted_due_at: null,
    accepted_at: null,
    closed_at: null,
  })
  const { instanceId } = await startProcess(ctx, {
    key: 'migration-support',
    businessKey: id,
    title: `${application.name} ${number}`,
    tenantId: application.tenantId,
    applicationId,
    vars: { direction, needsTarget: direction !== 'OUTBOUND' },
  })
  const row = await updateMigration(ctx.db, id, { instance_id: instanceId }, ctx.now)
  await ctx.record({ kind: 'migration.started', subject: { type: 'migration', id }, tenantId: row.tenant_id, after: { number, direction } })
  return toDetail(ctx, row)
}

async function holdOpen(ctx: Ctx, id: string, nodes: readonly string[], rev?: number): Promise<MigrationRow> {
  const row = await reachMigration(ctx, id, true)
  if (!mayWrite(ctx, row)) fail(commonProblems.forbidden, { capability: 'migration.plan' })
  if (!openAt(row, ...nodes)) fail(migrationProblems.notOpen)
  if (rev !== undefined && rev !== row.rev) fail(commonProblems.stale)
  return row
}
const fact = (ctx: Ctx, row: MigrationRow, kind: string, data: Record<string, unknown>) =>
  ctx.record({ kind: `migration.${kind}`, subject: { type: 'migration', id: row.id }, tenantId: row.tenant_id, data })

export async function saveForm(ctx: Ctx, { migrationId, rev, form }: Input<Api['saveForm']>): Promise<MigrationDetail> {
  const row = await holdOpen(ctx, migrationId, EDITS.EDIT_FORM, rev)
  await fact(ctx, row, 'form-saved', {})
  return toDetail(ctx, await updateMigration(ctx.db, row.id, { form: JSON.stringify(form) }, ctx.now))
}
export async function savePlan(ctx: Ctx, { migrationId, rev, plan }: Input<Api['savePlan']>): Promise<MigrationDetail> {
  const row = await holdOpen(ctx, migrationId, EDITS.EDIT_PLAN, rev)
  await fact(ctx, row, 'plan-saved', {})
  return toDetail(ctx, await updateMigration(ctx.db, row.id, { plan: JSON.stringify(plan) }, ctx.now))
}

/** All or nothing: a sheet with one wrong row changes nothing and says which. */
export async function importSheet(
  ctx: Ctx,
  { migrationId, sheet }: Input<Api['importSheet']>,
  file: { name: string; bytes: Buffer },
): Promise<Reply<Api['importSheet']>> {
  const row = await holdOpen(ctx, migrationId, EDITS.EDIT_SHEETS)
  const rows = await readSheet(file)
  const { lines, errors } = sheet === 'SURVEY' ? readLines('SURVEY', rows) : readLines('SIZING', rows)
  if (errors.length > 0) return { rows: Math.max(0, rows.length - 1), kept: false, errors: errors.slice(0, 200) }
  const text = JSON.stringify(lines)
  await updateMigration(ctx.db, row.id, sheet === 'SURVEY' ? { survey: text } : { sizing: text }, ctx.now)
  await fact(ctx, row, 'sheet-imported', { sheet, rows: lines.length, name: file.name })
  return { rows: lines.length, kept: true, errors: [] }
}

export async function tickStep(ctx: Ctx, { migrationId, no, act, note }: Input<Api['tick']>): Promise<MigrationDetail> {
  const row = await holdOpen(ctx, migrationId, EDITS.RUN)
  const step = row.run.find((one) => one.no === no) ?? fail(commonProblems.notFound)
  if (act === 'END' ? step.endedAt !== null : step.startedAt !== null) fail(migrationProblems.notOpen)
  const at = ctx.now.toString()
  const done = {
    ...step,
    startedAt: step.startedAt ?? at,
    endedAt: act === 'END' ? at : null,
    byName: ctx.actor.name,
    note: note || step.note,
  }
  await fact(ctx, row, 'step-ticked', { no, act, note })
  return toDetail(
    ctx,
    await updateMigration(ctx.db, row.id, { run: JSON.stringify(row.run.map((one) => (one.no === no ? done : one))) }, ctx.now),
  )
}
export async function noteCheck(ctx: Ctx, { migrationId, no, found, ok }: Input<Api['check']>): Promise<MigrationDetail> {
  const row = await holdOpen(ctx, migrationId, EDITS.RUN)
  if (!row.checks[no - 1]) fail(commonProblems.notFound)
  await fact(ctx, row, 'check-noted', { no, found, ok })
  const checks = row.checks.map((one, index) => (index === no - 1 ? { ...one, found, ok } : one))
  return toDetail(ctx, await updateMigration(ctx.db, row.id, { checks: JSON.stringify(checks) }, ctx.now))
}
export const mayRead = (ctx: Ctx, row: MigrationRow): boolean =>
  actorCan(ctx.actor, 'migration.read', 'R') || reaches(scopeOf(ctx.actor, 'migration.read', 'R', 'r'), placeOf(row))
