import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { type CallRow, callsBetween } from './desk.store.ts'

const judged = (row: CallRow, kept: boolean): Obligation => {
  const at = row.called_at.toString()
  return obligation({
    id: `call:${row.id}`,
    subject: { type: 'hotline-call', id: row.id, label: `${row.caller_name} · ${row.caller_org}` },
    dueAt: at,
    doneAt: at,
    kept,
    evidence: [{ type: 'hotline-call', id: row.id }, ...(row.incident_id ? [{ type: 'incident', id: row.incident_id }] : [])],
  })
}

/** What the hotline records. @clause 5.10.1-(1)b 5.10.1-(2)b */
export const deskClauses: readonly ClauseSource[] = [
  {
    of: 'call-result',
    meter: 'complete',
    read: async (ctx: Ctx, { from, to }: ClauseSpan) => (await callsBetween(ctx.db, from, to)).map((row) => judged(row, row.result !== '')),
  },
  {
    of: 'facility-report',
    meter: 'complete',
    read: async (ctx: Ctx, { from, to }: ClauseSpan) =>
      (await callsBetween(ctx.db, from, to))
        .filter((row) => row.type === 'FACILITY_REPORT')
        .map((row) => judged(row, row.incident_id !== null)),
  },
]
