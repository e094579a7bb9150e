import type { IncidentStatus, Severity } from '@changbai/contract/incident.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Cursor } from '../../platform/keyset.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { personNames } from '../identity/index.ts'
import { type ActionRow, actionsOfIncidents, clocksOf, listActions } from './history.store.ts'
import { type IncidentRow, incidentsById } from './incident.store.ts'

/** What modules above need of an incident. Whether the caller may see it is theirs to decide, or `mayRead`. */
export interface IncidentBrief {
  id: string
  number: string
  title: string
  symptom: string
  severity: Severity
  status: IncidentStatus
  tenantId: string | null
  applicationId: string | null
  isSecurity: boolean
  handlerName: string | null
  beganAt: Temporal.Instant
  /** When the solution clock was met or ended; null while it runs. */
  resolvedAt: Temporal.Instant | null
  report: IncidentRow['report']
  postmortem: IncidentRow['postmortem']
  mergedIntoId: string | null
}

/** Briefs in the order of their beginning; unknown ids are left out. */
export async function incidentBriefs(ctx: Ctx, ids: readonly string[]): Promise<IncidentBrief[]> {
  const rows = await incidentsById(ctx.db, ids)
  const solved = new Map(
    (await clocksOf(ctx.db, ids)).filter(({ clock }) => clock === 'solution').map((row) => [row.incident_id, row.done_at]),
  )
  return rows
    .map((row) => ({
      id: row.id,
      number: row.number,
      title: row.title,
      symptom: row.symptom,
      severity: row.top_severity,
      status: row.status,
      tenantId: row.tenant_id,
      applicationId: row.application_id,
      isSecurity: row.is_security,
      handlerName: row.handler_name,
      beganAt: row.clock_start_at,
      resolvedAt: solved.get(row.id) ?? null,
      report: row.report,
      postmortem: row.postmortem,
      mergedIntoId: row.merged_into_id,
    }))
    .sort((a, b) => Temporal.Instant.compare(a.beganAt, b.beganAt))
}

export interface ActionBrief {
  id: string
  incidentId: string
  incidentNumber: string
  desc: string
  type: ActionRow['type']
  ownerId: string
  ownerName: string
  dueOn: string
  verifyMethod: string
  state: ActionRow['state']
  isOverdue: boolean
  doneAt: string | null
  verifiedAt: string | null
  verifiedByName: string | null
}
async function present(ctx: Ctx, rows: readonly ActionRow[]): Promise<ActionBrief[]> {
  const names = await personNames(ctx, [...new Set(rows.flatMap((row) => [row.owner_id, ...(row.verified_by ? [row.verified_by] : [])]))])
  const numbers = new Map(
    (await incidentsById(ctx.db, [...new Set(rows.map((row) => row.incident_id))])).map((row) => [row.id, row.number]),
  )
  const today = shanghaiDay(ctx.now)
  return rows.map((row) => ({
    id: row.id,
    incidentId: row.incident_id,
    incidentNumber: numbers.get(row.incident_id) ?? '',
    desc: row.description,
    type: row.type,
    ownerId: row.owner_id,
    ownerName: names.get(row.owner_id) ?? '',
    dueOn: row.due_on.toString(),
    verifyMethod: row.verify_method,
    state: row.state,
    isOverdue: row.state === 'OPEN' && Temporal.PlainDate.compare(row.due_on, today) < 0,
    doneAt: row.done_at?.toString() ?? null,
    verifiedAt: row.verified_at?.toString() ?? null,
    verifiedByName: row.verified_by ? (names.get(row.verified_by) ?? '') : null,
  }))
}
export const preventiveActionsOf = async (ctx: Ctx, incidentIds: readonly string[]): Promise<ActionBrief[]> =>
  present(ctx, await actionsOfIncidents(ctx.db, incidentIds))

/** All preventive actions, the one due first on top, a row more than asked. */
export const preventiveActions = async (
  ctx: Ctx,
  filter: { state?: ActionRow['state'] | undefined; ownerId?: string | undefined },
  cursor: Cursor | undefined,
  limit: number,
): Promise<ActionBrief[]> => present(ctx, await listActions(ctx.db, filter, cursor, limit))
