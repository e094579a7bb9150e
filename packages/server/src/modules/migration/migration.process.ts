import { migrationForms, migrationProblems } from '@changbai/contract/migration.ts'
import type { z } from 'zod'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { addDowntime, callOff, noticeNow, recordActual } from '../availability/index.ts'
import { findApplication } from '../inventory/index.ts'
import { type Facts, loadWorkClock, registerAccess, registerForm, registerService, type TaskCall } from '../process/index.ts'
import { takenBackBy } from '../reclaim/index.ts'
import { findRequestByNumber } from '../request/index.ts'
import { formGaps, needsRehearsal, planGaps } from './migration.domain.ts'
import { tellMigration } from './migration.notices.ts'
import { mayRead } from './migration.service.ts'
import { findMigration, lockMigration, type MigrationRow, updateMigration } from './migration.store.ts'

type FormKey = keyof typeof migrationForms
type Data<K extends FormKey> = z.output<(typeof migrationForms)[K]>
type Handle<K extends FormKey> = (ctx: Ctx, row: MigrationRow, task: TaskCall, data: Data<K>) => Promise<Facts | undefined>

async function rowOf(ctx: Ctx, id: string): Promise<MigrationRow> {
  const row = await lockMigration(ctx.db, id)
  if (!row) throw new Error(`migration ${id} is gone`)
  return row
}
const required = (text: string | null | undefined): void => {
  if (!text?.trim()) fail(migrationProblems.reasonRequired)
}
const source = (row: Pick<MigrationRow, 'id' | 'downtime_round'>) => ({
  type: 'migration',
  id: row.downtime_round > 1 ? `${row.id}/${row.downtime_round}` : row.id,
})
const lacking = (ctx: Ctx, gaps: readonly { message: { zh: string; en: string } }[]): void => {
  if (gaps.length > 0)
    fail(migrationProblems.incomplete, { fields: gaps.map(({ message }) => (ctx.locale === 'en-US' ? message.en : message.zh)).join('、') })
}

async function conclude(ctx: Ctx, row: MigrationRow, task: TaskCall, facts: Record<string, unknown>): Promise<MigrationRow> {
  const one = {
    node: task.node,
    result: task.outcome ?? 'DONE',
    comment: task.comment ?? '',
    facts,
    byName: ctx.actor.name,
    at: ctx.now.toString(),
  }
  await ctx.record({
    kind: 'migration.step-done',
    subject: { type: 'migration', id: row.id },
    tenantId: row.tenant_id,
    data: { node: task.node, result: one.result, ...facts },
  })
  const reviewed = row.reviewed || task.node === 'acceptMigration'
  return updateMigration(ctx.db, row.id, { reviewed, conclusions: JSON.stringify([...row.conclusions, one]) }, ctx.now)
}

/** What an application left inside the cloud is taken back by cases of its own, each with its consent, backup and proof: here they are named. */
async function requireReclaim(ctx: Ctx, row: MigrationRow, evidence: string): Promise<void> {
  const named = [...new Set(evidence.match(/HS-\d{8}-\d+/g) ?? [])]
  const taken = await takenBackBy(ctx, row.application_id, named)
  const wrong = named.filter((number) => !taken.includes(number))
  if (named.length === 0 || wrong.length > 0)
    fail(migrationProblems.noReclaim, { wrong: wrong.length > 0 ? `（${wrong.join('、')}）` : '' })
}

const PARTY = { confirmByApplication: 'APPLICATION', confirmByOperation: 'OPERATION', confirmByCustomer: 'CUSTOMER' } as const

const forms: { [K in FormKey]: Handle<K> } = {
  'migration.fill': async (ctx, row, task) => {
    lacking(ctx, formGaps(row.form, row.direction))
    await conclude(ctx, row, task, {})
    const dueAt = row.accepted_due_at ?? (await loadWorkClock(ctx)).addTime(ctx.now, ctx.plan.duration('migration.accept'))
    await updateMigration(ctx.db, row.id, { returned: false, submitted_at: row.submitted_at ?? ctx.now, accepted_due_at: dueAt }, ctx.now)
    return undefined
  },
  'migration.opinion': async (ctx, row, task) => {
    if (['REJECT', 'FAILED'].includes(task.outcome ?? '')) required(task.comment)
    await conclude(ctx, row, task, {})
    if (task.node === 'acceptMigration') await updateMigration(ctx.db, row.id, { accepted_at: row.accepted_at ?? ctx.now }, ctx.now)
    if (task.node !== 'approveExtension' || task.outcome !== 'APPROVE') return undefined
    const minutes = Number(row.conclusions.findLast((one) => one.node === 'decideRollback')?.facts.minutes ?? 60)
    const until = ctx.now.add({ minutes })
    await updateMigration(ctx.db, row.id, { decision_at: until }, ctx.now)
    return { rollbackDecisionAt: until.toString() }
  },
  'migration.survey': async (ctx, row, task) => {
    const missing = [
      ...(row.survey.length === 0 ? [{ message: { zh: '应用系统详细信息表', en: 'the survey sheet' } }] : []),
      ...(row.sizing.length === 0 && row.direction !== 'OUTBOUND' ? [{ message: { zh: '云资源测算清单', en: 'the sizing sheet' } }] : []),
    ]
    lacking(ctx, missing)
    await conclude(ctx, row, task, { hosts: row.survey.length, resources: row.sizing.length })
    return undefined
  },
  'migration.assess': async (ctx, row, task, data) => {
    if (task.outcome === 'INFEASIBLE') required(data.advice)
    const noted = await conclude(ctx, row, task, data)
    const plan = { ...noted.plan, method: data.method }
    await updateMigration(
      ctx.db,
      row.id,
      { plan: JSON.stringify(plan), ...(task.outcome === 'INFEASIBLE' ? { rejection: data.advice } : {}) },
      ctx.now,
    )
    return undefined
  },
  'migration.plan': async (ctx, row, task) => {
    lacking(ctx, planGaps(row.plan, ctx.now))
    await conclude(ctx, row, task, {})
    const application = await findApplication(ctx, row.application_id)
    return {
      needsRehearsal: needsRehearsal(
        application?.mlpsLevel ?? 3,
        row.plan.downtimeMinutes,
        ctx.plan.number('migration.rehearseAboveMinutes'),
      ),
      downtime: row.plan.downtimeMinutes > 0,
      implementAt: row.plan.windowFrom,
      rollbackDecisionAt: row.plan.rollbackDecisionAt,
    }
  },
  'migration.review': async (ctx, row, task, data) => {
    if (task.outcome === 'PASS_WITH_CHANGES') required(data.conditions)
    if (task.outcome === 'FAILED') required(task.comment)
    await conclude(ctx, row, task, data)
    return undefined
  },
  'migration.target': async (ctx, row, task, data) => {
    const request = await findRequestByNumber(ctx, data.requestNo)
    const ready = request && ['DELIVERED', 'ACCEPTED', 'CLOSED'].includes(request.status)
    if (!ready || request.applicationId !== row.application_id) fail(migrationProblems.noRequest)
    await conclude(ctx, row, task, data)
    await updateMigration(ctx.db, row.id, { request_no: data.requestNo }, ctx.now)
    return undefined
  },
  'migration.rehearse': async (ctx, row, task, data) => {
    required(data.result)
    await conclude(ctx, row, task, data)
    return undefined
  },
  'migration.rearrange': async (ctx, row, task, data) => {
    await conclude(ctx, row, task, {})
    if (row.downtime_round > 0) await callOff(ctx, source(row), '改期')
    if (task.outcome === 'CANCEL') return undefined
    if (!data.windowFrom || !data.windowTo) return fail(migrationProblems.badWindow)
    const [from, to] = [Temporal.Instant.from(data.windowFrom), Temporal.Instant.from(data.windowTo)]
    if (Temporal.Instant.compare(from, ctx.now) <= 0 || Temporal.Instant.compare(to, from) <= 0) fail(migrationProblems.badWindow)
    const before = row.plan
    // the point of decision keeps its distance from the beginning, within the new window
    const lead =
      before.windowFrom && before.rollbackDecisionAt ? Temporal.Instant.from(before.windowFrom).until(before.rollbackDecisionAt) : null
    const moved = lead ? from.add(lead) : to
    const decision = Temporal.Instant.compare(moved, to) > 0 ? to : moved
    const plan = { ...before, windowFrom: from.toString(), windowTo: to.toString(), rollbackDecisionAt: decision.toString() }
    await updateMigration(ctx.db, row.id, { plan: JSON.stringify(plan) }, ctx.now)
    return { implementAt: from.toString(), rollbackDecisionAt: decision.toString() }
  },
  'migration.cutover': async (ctx, row, task) => {
    if (task.outcome === 'ROLLBACK') required(task.comment)
    if (task.outcome === 'DONE') {
      const open = row.run.filter((step) => step.endedAt === null).map((step) => step.action)
      const failed = row.checks.filter((check) => check.ok !== true).map((check) => check.object)
      if (open.length + failed.length > 0) fail(migrationProblems.runOpen, { what: [...open, ...failed].join('、') })
    }
    await conclude(ctx, row, task, {})
    return undefined
  },
  'migration.decide': async (ctx, row, task, data) => {
    required(task.comment)
    await conclude(ctx, row, task, data)
    return undefined
  },
  'migration.evidence': async (ctx, row, task, data) => {
    required(data.evidence)
    if (task.node === 'retireSource') await requireReclaim(ctx, row, data.evidence)
    await conclude(ctx, row, task, data)
    return undefined
  },
  'migration.sign': async (ctx, row, task) => {
    const noted = await conclude(ctx, row, task, {})
    const party = PARTY[task.node as keyof typeof PARTY]
    const signatures = [...noted.signatures.filter((one) => one.party !== party), { party, byName: ctx.actor.name, at: ctx.now.toString() }]
    await updateMigration(ctx.db, row.id, { signatures: JSON.stringify(signatures) }, ctx.now)
    return undefined
  },
  'migration.erase': async (ctx, row, task, data) => {
    required(data.evidence)
    required(data.method)
    await conclude(ctx, row, task, data)
    await updateMigration(ctx.db, row.id, { erasure_proof: `${data.method}：${data.evidence}` }, ctx.now)
    return undefined
  },
}

/** Proposes the window and tells those affected at once. @clause 7.1-I-1 */
async function arrangeDowntime(ctx: Ctx, id: string): Promise<Facts> {
  const held = await updateMigration(ctx.db, id, { downtime_round: (await rowOf(ctx, id)).downtime_round + 1 }, ctx.now)
  const { windowFrom, windowTo } = held.plan
  if (!windowFrom || !windowTo) return { recognisedByCustomer: false }
  await addDowntime(ctx, {
    reason: 'UPGRADE',
    applicationIds: [held.application_id],
    plannedFrom: Temporal.Instant.from(windowFrom),
    plannedTo: Temporal.Instant.from(windowTo),
    impact: `${held.number} ${held.application_name} 迁移割接`,
    rollbackPlan: held.plan.rollbackTrigger || '—',
    source: source(held),
  })
  await noticeNow(ctx, source(held), `平台已通知应用项目经理（迁移 ${held.number}）`)
  return { recognisedByCustomer: false, implementAt: windowFrom }
}

/** The run sheet is laid out from the plan, and the clock starts. */
async function beginCutover(ctx: Ctx, id: string): Promise<Facts> {
  const row = await rowOf(ctx, id)
  const run = row.plan.steps.map((step, index) => ({ no: index + 1, ...step, startedAt: null, endedAt: null, byName: null, note: '' }))
  const checks = row.plan.checks.map((check) => ({ ...check, found: '', ok: null }))
  const decision = row.plan.rollbackDecisionAt ? Temporal.Instant.from(row.plan.rollbackDecisionAt) : ctx.now.add({ hours: 2 })
  await updateMigration(
    ctx.db,
    id,
    { status: 'FULFILLING', run: JSON.stringify(run), checks: JSON.stringify(checks), cutover_at: ctx.now, decision_at: decision },
    ctx.now,
  )
  await ctx.record({ kind: 'migration.cutover-begun', subject: { type: 'migration', id }, tenantId: row.tenant_id })
  return { rollbackDecisionAt: decision.toString() }
}

async function endCutover(ctx: Ctx, row: MigrationRow): Promise<void> {
  if (row.downtime_round > 0 && row.cutover_at) await recordActual(ctx, source(row), row.cutover_at, ctx.now)
}
async function closeRolledBack(ctx: Ctx, id: string): Promise<Facts> {
  const row = await rowOf(ctx, id)
  await endCutover(ctx, row)
  const after = await updateMigration(
    ctx.db,
    id,
    { outcome: 'ROLLED_BACK', status: 'CLOSED', ended_at: ctx.now, closed_at: ctx.now },
    ctx.now,
  )
  await ctx.record({ kind: 'migration.rolled-back', subject: { type: 'migration', id }, tenantId: row.tenant_id })
  await tellMigration(ctx, 'migration.rolled-back', after)
  return {}
}
async function startObservation(ctx: Ctx, id: string): Promise<Facts> {
  const row = await rowOf(ctx, id)
  await endCutover(ctx, row)
  const until = ctx.now.add({ hours: 24 * ctx.plan.number('migration.observeDays') })
  await updateMigration(ctx.db, id, { status: 'DELIVERED', ended_at: ctx.now, observe_until: until }, ctx.now)
  return { observeUntil: until.toString() }
}
async function archive(ctx: Ctx, id: string): Promise<Facts> {
  const row = await updateMigration(ctx.db, id, { outcome: 'SUCCESS', status: 'CLOSED', closed_at: ctx.now }, ctx.now)
  await ctx.record({ kind: 'migration.closed', subject: { type: 'migration', id }, tenantId: row.tenant_id, after: { outcome: 'SUCCESS' } })
  await tellMigration(ctx, 'migration.closed', row)
  return {}
}
const end =
  (status: 'REJECTED' | 'EXPIRED' | 'CANCELLED', event: 'migration.rejected' | 'migration.expired' | 'migration.cancelled') =>
  async (ctx: Ctx, id: string): Promise<Facts> => {
    const before = await rowOf(ctx, id)
    if (before.downtime_round > 0) await callOff(ctx, source(before), `迁移 ${before.number} 不再实施`)
    const row = await updateMigration(ctx.db, id, { status, closed_at: ctx.now, steps: '[]' }, ctx.now)
    await ctx.record({
      kind: event,
      subject: { type: 'migration', id },
      tenantId: row.tenant_id,
      before: { status: before.status },
      after: { status },
    })
    await tellMigration(ctx, event, row)
    return {}
  }

/** Forms, services and the access rule of the process `migration-support`; called once in app/handlers.ts. */
export function registerMigrationProcess(): void {
  for (const key of Object.keys(forms) as FormKey[]) {
    const handle = forms[key] as Handle<FormKey>
    registerForm({
      key,
      schema: migrationForms[key],
      handler: async (ctx, task, data) => handle(ctx, await rowOf(ctx, task.businessKey), task, data as never),
    })
  }
  const services: Record<string, (ctx: Ctx, id: string) => Promise<Facts>> = {
    'migration.expire': end('EXPIRED', 'migration.expired'),
    'migration.reject': end('REJECTED', 'migration.rejected'),
    'migration.cancel': end('CANCELLED', 'migration.cancelled'),
    'migration.arrangeDowntime': arrangeDowntime,
    'migration.begin': beginCutover,
    'migration.closeRolledBack': closeRolledBack,
    'migration.startObservation': startObservation,
    'migration.archive': archive,
  }
  for (const [topic, run] of Object.entries(services))
    registerService({ topic, mode: 'tx', run: (ctx, call) => run(ctx, call.businessKey) })
  registerAccess('migration-support', async (ctx, id) => {
    const row = await findMigration(ctx.db, id)
    return row !== undefined && mayRead(ctx, row)
  })
}
