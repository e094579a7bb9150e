import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type incidentCareApi, careProblems as problems, SecurityQuestion } from '@changbai/contract/incident-care.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { notify } from '../notification/index.ts'
import { findSecurity, putSecurity, type SecurityRow, updateSecurity } from './care.store.ts'
import { addEvents } from './history.service.ts'
import { isProvider } from './incident.present.ts'
import { reachIncident, readPast, recordOf } from './incident.service.ts'
import { updateIncident } from './incident.store.ts'
import { gradeOf, reportDueAt } from './security.domain.ts'

type Api = typeof incidentCareApi
const GRADES = { EXTRAORDINARY: '特别重大', MAJOR: '重大', LARGER: '较大', GENERAL: '一般' } as const
const questionsNow = (ctx: Ctx) => SecurityQuestion.array().parse(ctx.plan.value<unknown>('incident.securityGrades'))
const text = (at: Temporal.Instant | Temporal.PlainDate | null) => at?.toString() ?? null

function view(ctx: Ctx, row: SecurityRow | undefined): Reply<Api['security']> {
  const provider = isProvider(ctx)
  return {
    questions: questionsNow(ctx),
    record: row
      ? {
          answers: row.answers,
          grade: row.grade,
          isCritical: row.is_critical,
          knownAt: row.known_at.toString(),
          gradedBy: row.graded_by,
          gradedAt: row.graded_at.toString(),
          reportDueAt: text(row.report_due_at),
          reportedAt: text(row.reported_at),
          reportedTo: row.reported_to,
          reference: row.reference,
          reportedBy: row.reported_by,
          summaryDueOn: text(row.summary_due_on),
          summaryAt: text(row.summary_at),
        }
      : null,
    mayGrade: provider && !row?.reported_at,
    mayReport: actorCan(ctx.actor, 'incident.severity.override', 'A'),
  }
}
export async function readSecurity(ctx: Ctx, { incidentId }: Input<Api['security']>): Promise<Reply<Api['security']>> {
  await reachIncident(ctx, incidentId)
  return view(ctx, await findSecurity(ctx.db, incidentId))
}

/**
 * Grades from what is known now; grading again replaces the answers, never the instant from which the statute counts, unless an earlier one is given.
 * Reporting itself is the customer's; this keeps the time and the proof.
 */
export async function gradeSecurity(ctx: Ctx, input: Input<Api['grade']>): Promise<Reply<Api['grade']>> {
  const row = await reachIncident(ctx, input.incidentId, true)
  if (!isProvider(ctx)) fail(commonProblems.forbidden)
  const before = await findSecurity(ctx.db, row.id)
  if (before?.reported_at) fail(problems.reported)
  const known = new Set(questionsNow(ctx).map((one) => one.key))
  const stray = Object.keys(input.answers).filter((key) => !known.has(key))
  if (stray.length > 0)
    fail(
      commonProblems.invalid,
      {},
      stray.map((key) => ({ path: `answers.${key}`, code: 'unknown', message: '没有这一项 / no such question' })),
    )
  const grade = gradeOf(questionsNow(ctx), input.answers)
  const marks = [readPast(ctx, input.knownAt), before?.known_at].filter((at) => at !== undefined)
  const knownAt = marks.length > 0 ? marks.reduce((a, b) => (Temporal.Instant.compare(a, b) <= 0 ? a : b)) : row.clock_start_at
  const hours = { critical: ctx.plan.number('incident.criticalAuthorityHours'), other: ctx.plan.number('incident.authorityHours') }
  const dueAt = reportDueAt(grade, input.isCritical, knownAt, hours)
  await putSecurity(ctx.db, {
    incident_id: row.id,
    answers: JSON.stringify(input.answers),
    grade,
    is_critical: input.isCritical,
    known_at: knownAt,
    graded_by: ctx.actor.name,
    graded_at: ctx.now,
    report_due_at: dueAt,
    reported_at: null,
    reported_to: '',
    reference: '',
    reported_by: null,
    summary_due_on: null,
    summary_at: null,
  })
  await updateIncident(ctx.db, row.id, { is_security: true }, ctx.now)
  await addEvents(ctx, row.id, [{ kind: 'LOG', text: `网络安全事件定级：${GRADES[grade]}${input.isCritical ? '，关键信息基础设施' : ''}` }])
  await recordOf(ctx, row, 'security-graded', { grade, isCritical: input.isCritical, answers: input.answers, dueAt: text(dueAt) })
  if (dueAt)
    await notify(ctx, {
      event: 'incident.security-due',
      to: [{ role: 'CUSTOMER_OM_MANAGER' }, { role: 'MAINTENANCE_MANAGER' }, { role: 'PROVIDER_LEADER' }],
      params: { number: row.number, title: row.title, grade: GRADES[grade], dueAt },
      link: `/duty/incidents/${row.id}`,
      tenantId: row.tenant_id,
      dedupKey: `incident.security-due:${row.id}:${dueAt.toString()}`,
    })
  return view(ctx, await findSecurity(ctx.db, row.id))
}

async function owed(ctx: Ctx, incidentId: string) {
  const row = await reachIncident(ctx, incidentId, true)
  const security = (await findSecurity(ctx.db, row.id)) ?? fail(problems.notSecurity)
  if (security.report_due_at === null) fail(problems.notDue)
  return { row, security }
}
export async function reportToAuthority(ctx: Ctx, input: Input<Api['reportToAuthority']>): Promise<Reply<Api['reportToAuthority']>> {
  const { row, security } = await owed(ctx, input.incidentId)
  if (security.reported_at) fail(problems.reported)
  const at = readPast(ctx, input.at) ?? ctx.now
  const summary_due_on = shanghaiDay(ctx.now).add({ days: ctx.plan.number('incident.securitySummaryDays') })
  const change = { reported_at: at, reported_to: input.to, reference: input.reference, reported_by: ctx.actor.name, summary_due_on }
  await updateSecurity(ctx.db, row.id, change)
  await addEvents(ctx, row.id, [{ kind: 'LOG', at, text: `已报送${input.to}，文号 ${input.reference}` }])
  await recordOf(ctx, row, 'security-reported', { to: input.to, reference: input.reference, at: at.toString() })
  return view(ctx, await findSecurity(ctx.db, row.id))
}
export async function summariseSecurity(ctx: Ctx, { incidentId }: Input<Api['summarise']>): Promise<Reply<Api['summarise']>> {
  const { row, security } = await owed(ctx, incidentId)
  if (!security.reported_at) fail(problems.notSecurity)
  if (security.summary_at) fail(problems.reported)
  await updateSecurity(ctx.db, row.id, { summary_at: ctx.now })
  await recordOf(ctx, row, 'security-summarised')
  return view(ctx, await findSecurity(ctx.db, row.id))
}
