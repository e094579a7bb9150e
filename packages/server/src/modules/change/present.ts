import { attrsOf, type ChangeDetail, type ChangeSummary } from '@changbai/contract/change.ts'
import { scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { stepsNow } from '../admission/index.ts'
import { downtimeOf } from '../availability/index.ts'
import { type OperationRow, operationsOf } from '../cloud/index.ts'
import { incidentBriefs } from '../incident/index.ts'
import { applicationsById, changeableItems, driftBrief, maySeeApplication } from '../inventory/index.ts'
import type { ChangeRow } from './change.store.ts'
import { conflictsOf } from './derive.ts'
import { gapsOf, valueNow } from './domain/items.ts'
import type { Phase } from './domain/plan.ts'
import { standardById } from './rules.store.ts'

export const downtimeSource = (row: Pick<ChangeRow, 'id' | 'downtime_round'>) => ({
  type: 'change',
  id: row.downtime_round > 1 ? `${row.id}/${row.downtime_round}` : row.id,
})

export const toSummary = (row: ChangeRow, step: ChangeSummary['step']): ChangeSummary => ({
  id: row.id,
  number: row.number,
  title: row.title,
  category: row.category,
  status: row.status,
  outcome: row.outcome,
  tenantId: row.tenant_id,
  applicationId: row.application_id,
  applicationName: row.application_name,
  applicantName: row.applicant_name,
  windowFrom: row.window_from?.toString() ?? null,
  windowTo: row.window_to?.toString() ?? null,
  downtime: row.downtime,
  updatedAt: row.updated_at.toString(),
  step,
})

/** Keys are `bg-<change>-<suffix>`; the first letter of the suffix tells the phase. */
const PHASES: Readonly<Record<string, Phase>> = { b: 'BACKUP', i: 'IMPLEMENT', c: 'CONFIRM', r: 'ROLLBACK' }
export const keyOf = (changeId: string, suffix: string): string => `bg-${changeId}-${suffix}`
export const suffixOf = (changeId: string, key: string): string => key.slice(`bg-${changeId}-`.length)

function toOperation(row: ChangeRow, operation: OperationRow): ChangeDetail['operations'][number] {
  const suffix = suffixOf(row.id, operation.key)
  const item = row.items.find((one) => one.ciId.endsWith(suffix.slice(2, 10)))
  return {
    phase: PHASES[suffix[0] ?? ''] ?? 'IMPLEMENT',
    ciName: item?.ciName ?? '',
    action: operation.action.do,
    state: operation.state,
    result: operation.facts.snapshotId ?? operation.facts.size ?? operation.facts.gib ?? operation.facts.status ?? '',
    error: operation.last_error,
    settledAt: operation.settled_at?.toString() ?? null,
  }
}

const isOpen = (row: ChangeRow): boolean => row.status === 'DRAFT' || row.status === 'RETURNED'

export async function toDetail(ctx: Ctx, row: ChangeRow): Promise<ChangeDetail> {
  const applications = await applicationsById(ctx, row.affected_ids)
  const shown = row.affected_ids.flatMap((id) => {
    const one = applications.get(id)
    return one && maySeeApplication(ctx, one) ? [{ id, name: one.name, derived: row.derived_ids.includes(id) }] : []
  })
  const standard = row.standard_id ? await standardById(ctx.db, row.standard_id) : undefined
  const [incident] = row.incident_id ? await incidentBriefs(ctx, [row.incident_id]) : []
  const downtime = row.downtime_round > 0 ? await downtimeOf(ctx, downtimeSource(row)) : null
  const things = new Map((isOpen(row) ? await changeableItems(ctx, row.ci_ids) : []).map((thing) => [thing.id, thing]))
  const mine = row.applicant_id === ctx.actor.personId
  const writes = scopeOf(ctx.actor, 'change.submit', 'C')
  const edits = isOpen(row) && (mine || writes.all || (row.tenant_id !== null && writes.tenantIds.includes(row.tenant_id)))
  return {
    ...toSummary(row, (await stepsNow(ctx, [row])).get(row.id) ?? null),
    rev: row.rev,
    applicantId: row.applicant_id,
    form: row.form,
    items: row.items,
    things: [...things.values()].map((thing) => ({
      id: thing.id,
      kind: thing.kind,
      name: thing.name,
      now: Object.fromEntries(attrsOf[thing.kind].map((attr) => [attr, valueNow(thing, attr)])),
    })),
    standard: standard ? { key: standard.key, version: standard.version, name: standard.name.zh } : null,
    drift: row.drift_id ? await driftBrief(ctx, row.drift_id) : null,
    incident: incident ? { id: incident.id, number: incident.number, severity: incident.severity } : null,
    affected: shown,
    hidden: row.affected_ids.length - shown.length,
    majorReasons: row.major_reasons,
    conflicts: row.status === 'CLOSED' ? [] : await conflictsOf(ctx, row),
    gaps: isOpen(row) ? gapsOf(row.form, row.category, things, ctx.now) : [],
    conclusions: row.conclusions,
    operations: (await operationsOf(ctx.db, row.id)).map((one) => toOperation(row, one)),
    plannedDowntime: downtime && {
      id: downtime.id,
      plannedFrom: downtime.plannedFrom.toString(),
      plannedTo: downtime.plannedTo.toString(),
      noticeSentAt: downtime.noticeSentAt?.toString() ?? null,
      recognised: downtime.recognised,
      decidedBy: downtime.decidedBy,
      actualFrom: downtime.actualFrom?.toString() ?? null,
      actualTo: downtime.actualTo?.toString() ?? null,
      overrunMs: downtime.overrunMs,
    },
    backupRef: row.backup_ref,
    rejection: row.rejection,
    actualFrom: row.actual_from?.toString() ?? null,
    actualTo: row.actual_to?.toString() ?? null,
    retroDueAt: row.retro_due_at?.toString() ?? null,
    retroDoneAt: row.retro_done_at?.toString() ?? null,
    violation: row.violation,
    instanceId: row.instance_id,
    createdAt: row.created_at.toString(),
    submittedAt: row.submitted_at?.toString() ?? null,
    closedAt: row.closed_at?.toString() ?? null,
    may: edits ? (mine ? ['EDIT', 'SUBMIT'] : ['EDIT']) : [],
  }
}
