import { severities, severityOf } from '@changbai/contract/incident.ts'
import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { actionsDue, clocksDue, majorIncidents, postmortemsDue, reportedIncidents, reportsDue, solutionsDue } from './clause.store.ts'
import { clockKinds, type SeverityLimits } from './clocks.domain.ts'

interface Matter {
  id: string
  number: string
  tenant_id: string | null
  application_id: string | null
}
const of = (row: Matter, label = row.number): Pick<Obligation, 'subject' | 'tenantId' | 'applicationId' | 'evidence'> => ({
  subject: { type: 'incident', id: row.id, label },
  tenantId: row.tenant_id,
  applicationId: row.application_id,
  evidence: [{ type: 'incident', id: row.id }],
})
const text = (at: Temporal.Instant | null): string | null => at?.toString() ?? null
const CLOCKS = { response: '响应', plan: '方案', solution: '解决' } as const

/** Each clock on its own; all three together follow from them. @clause 5.10.1-(3)-I 5.10.1-(3)-II 5.10.1-(3)-III 5.10.1-(3)-IV */
const readClocks = (severity: (typeof severities)[number]) => async (ctx: Ctx, span: ClauseSpan) =>
  (await clocksDue(ctx.db, severity, span)).map((row) =>
    obligation({
      ...of(row, `${row.number} · ${CLOCKS[row.clock]}`),
      id: `incident:${row.id}:${clockKinds.indexOf(row.clock)}`,
      startedAt: row.start_at.toString(),
      dueAt: row.due_at.toString(),
      doneAt: text(row.done_at),
    }),
  )

/** A limit may lie behind the end of the span in which it began. */
const REACH_MINUTES = 60
const within = ({ from, to }: ClauseSpan, at: Temporal.Instant): boolean =>
  Temporal.Instant.compare(at, from) >= 0 && Temporal.Instant.compare(at, to) < 0
const before = ({ from, to }: ClauseSpan) => ({ from: from.subtract({ minutes: REACH_MINUTES }), to })

/** @clause 5.8-1 */
async function readLeaders(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const minutes = ctx.plan.number('incident.leaderNoticeMinutes')
  return (await majorIncidents(ctx.db, before(span))).flatMap((row) => {
    const dueAt = row.major_at.add({ minutes })
    if (!within(span, dueAt)) return []
    const one = { id: `incident:${row.id}`, startedAt: row.major_at.toString(), dueAt: dueAt.toString(), doneAt: text(row.told_at) }
    return [obligation({ ...of(row), ...one })]
  })
}

/** @clause 5.8-2 */
async function readStarted(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const minutes = Math.max(...ctx.plan.value<SeverityLimits[]>('incident.severityClocks').map((line) => line.responseMinutes))
  return (await majorIncidents(ctx.db, before(span))).flatMap((row) => {
    const dueAt = row.clock_start_at.add({ minutes })
    if (!within(span, dueAt)) return []
    const one = { id: `incident:${row.id}`, startedAt: row.clock_start_at.toString(), dueAt: dueAt.toString(), doneAt: text(row.begun_at) }
    return [obligation({ ...of(row), ...one })]
  })
}

/** A report exists only with time, cause and result filled in. @clause 5.8-4 */
const readReports = async (ctx: Ctx, span: ClauseSpan) =>
  (await reportsDue(ctx.db, span)).map((row) =>
    obligation({
      ...of(row),
      id: `incident:${row.id}`,
      dueAt: row.due_at.toString(),
      doneAt: text(row.done_at),
      kept: row.done_at ? true : null,
    }),
  )

/** @clause 5.8-5 */
export const readPostmortems = async (ctx: Ctx, span: ClauseSpan) =>
  (await postmortemsDue(ctx.db, span)).map((row) =>
    obligation({ ...of(row), id: `incident:${row.id}`, dueAt: row.due_at.toString(), doneAt: text(row.done_at) }),
  )

/** Preventive actions, done by the end of their day. @clause 5.8-5 */
export const readActions = async (ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> =>
  (await actionsDue(ctx.db, span)).map((row) =>
    obligation({
      ...of(row, `${row.number} · ${row.description}`),
      id: `action:${row.action_id}`,
      dueAt: row.due_at.toString(),
      doneAt: text(row.done_at),
    }),
  )

/** @clause 3.3.2 */
export const readSolutions = async (ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> =>
  (await solutionsDue(ctx.db, span)).map((row) =>
    obligation({
      ...of(row),
      id: `incident:${row.id}`,
      startedAt: row.start_at.toString(),
      dueAt: row.due_at.toString(),
      doneAt: text(row.done_at),
    }),
  )

/** The severity is the one its criteria stand for; a lowering exists only with both consents. @clause 5.10.1-(3)-0 */
const readSeverities = async (ctx: Ctx, span: ClauseSpan) =>
  (await reportedIncidents(ctx.db, span)).map((row) => {
    const at = row.reported_at.toString()
    return obligation({ ...of(row), id: `incident:${row.id}`, dueAt: at, doneAt: at, kept: severityOf(row.criteria) === row.severity })
  })

/** What incidents record of sections 5.8 and 5.10. */
export const incidentClauses: readonly ClauseSource[] = [
  { of: 'leader-notice', meter: 'deadline-met', read: readLeaders },
  { of: 'emergency-started', meter: 'deadline-met', read: readStarted },
  { of: 'incident-report', meter: 'complete', read: readReports },
  { of: 'severity-agreed', meter: 'complete', read: readSeverities },
  ...severities.map((one): ClauseSource => ({ of: `incident-clocks-${one}`, meter: 'deadline-met', read: readClocks(one) })),
]
