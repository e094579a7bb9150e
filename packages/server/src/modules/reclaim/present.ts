import type { ReclaimCase, ReclaimPart, ReclaimSummary } from '@changbai/contract/reclaim.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CaseRow, eventsOf, type PartRow } from './case.store.ts'
import { namesOf } from './names.ts'

export const toSummary = (row: CaseRow, names: Awaited<ReturnType<typeof namesOf>>): ReclaimSummary => ({
  id: row.id,
  number: row.number,
  subject: row.subject,
  itemId: row.item_id,
  itemName: row.item_name,
  tenantId: row.tenant_id,
  tenantName: names.tenant(row.tenant_id),
  applicationName: names.application(row.application_id),
  source: row.source,
  rule: row.rule,
  status: row.status,
  outcome: row.outcome,
  node: row.node,
  coolUntil: row.cool_until?.toString() ?? null,
  saving: row.saving,
  createdAt: row.created_at.toString(),
  closedAt: row.closed_at?.toString() ?? null,
})

const toPart = (part: PartRow): ReclaimPart => ({
  seq: part.seq,
  itemType: part.item_type,
  itemId: part.item_id,
  name: part.item_name,
  state: part.state,
  vcpu: part.vcpu,
  memGiB: part.mem_gib,
  gib: part.gib,
  backup: part.backup && { ref: part.backup.ref, by: part.backup.by, at: part.backup.at, note: part.backup.note },
  declaration: part.declaration,
  stoppedAt: part.stopped_at?.toString() ?? null,
  coolUntil: part.cool_until?.toString() ?? null,
  releasedAt: part.released_at?.toString() ?? null,
  proof: part.proof,
  backupUntil: part.backup_until?.toString() ?? null,
  backupGoneAt: part.backup_gone_at?.toString() ?? null,
})

export async function toCase(ctx: Ctx, row: CaseRow, parts: readonly PartRow[]): Promise<ReclaimCase> {
  const mayRecover = actorCan(ctx.actor, 'reclaim.initiate', 'C') || actorCan(ctx.actor, 'reclaim.confirmRelease', 'A')
  return {
    ...toSummary(row, await namesOf(ctx, [row])),
    reason: row.reason,
    allocated: row.allocated,
    figures: row.figures,
    report: row.report,
    assessment: row.assessment,
    reply: row.reply,
    ruling: row.ruling,
    change: row.change,
    askedAt: row.asked_at?.toString() ?? null,
    parts: parts.map(toPart),
    events: (await eventsOf(ctx.db, row.id)).map((event) => ({
      at: event.at.toString(),
      byName: event.by_name,
      system: event.by_person_id === null,
      kind: event.kind,
      text: event.text,
    })),
    instanceId: row.instance_id,
    may: [
      ...(row.node === 'coolDown' && row.cool_until !== null && mayRecover ? (['RECOVER'] as const) : []),
      ...(row.figures ? (['PRINT'] as const) : []),
    ],
  }
}
