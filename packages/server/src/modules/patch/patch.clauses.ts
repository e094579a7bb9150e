import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { targetsDue } from './patch.store.ts'

type Target = Awaited<ReturnType<typeof targetsDue>>[number]

/**
 * Every server of a round is owed: patched by the time its results are due. One that was left out with its reason, or whose round was called off
 * before it began, is not; one that failed is not done. @clause 5.3-10
 */
export const patchObligation = (row: Target): Obligation =>
  obligation({
    id: `patch:${row.id}`,
    subject: { type: 'patch-round', id: row.round_id, label: `${row.number} ${row.server_name}` },
    tenantId: row.tenant_id,
    applicationId: row.application_id,
    startedAt: row.created_at.toString(),
    dueAt: row.due_at.toString(),
    doneAt: row.result === 'DONE' ? (row.at?.toString() ?? null) : null,
    exempt: row.result === 'SKIPPED' || row.state === 'CANCELLED' ? 'NOT_APPLICABLE' : null,
    provisional: row.provisional,
    evidence: [{ type: 'patch-round', id: row.round_id }],
  })

const readTargets = async (ctx: Ctx, { from, to }: ClauseSpan): Promise<Obligation[]> =>
  (await targetsDue(ctx.db, from, to)).map(patchObligation)
export const patchClauses: readonly ClauseSource[] = [{ of: 'patch-order', meter: 'deadline-met', read: readTargets }]
