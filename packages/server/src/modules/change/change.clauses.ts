import type { Ctx } from '../../platform/ctx.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { changesClosedBetween } from './change.store.ts'

/** Steps that approve; a standard change is approved by its catalogue. */
const APPROVALS = new Set(['approveNormal', 'approveMajor', 'approveEmergency'])

/**
 * Every change that was made, kept if it went the whole way: approved before it was begun, a backup named, verified, and no papers owed.
 * @clause 4.4
 */
async function readChanges(ctx: Ctx, span: ClauseSpan) {
  return (await changesClosedBetween(ctx.db, span.from, span.to)).map((row) => {
    const begun = (row.actual_from ?? row.updated_at).toString()
    const approved =
      row.category === 'STANDARD' || row.conclusions.some((one) => APPROVALS.has(one.node) && one.result === 'APPROVE' && one.at <= begun)
    const verified = row.conclusions.some((one) => one.node === 'verifyChange') || row.outcome === 'ROLLED_BACK' || row.closed_at === null
    return obligation({
      id: `change:${row.id}`,
      subject: { type: 'change', id: row.id, label: row.number },
      tenantId: row.tenant_id,
      applicationId: row.application_id,
      dueAt: begun,
      startedAt: begun,
      doneAt: begun,
      kept: approved && verified && !row.violation,
      evidence: [{ type: 'change', id: row.id }],
    })
  })
}

export const changeClauses: readonly ClauseSource[] = [{ of: 'change-on-paper', meter: 'complete', read: readChanges }]
