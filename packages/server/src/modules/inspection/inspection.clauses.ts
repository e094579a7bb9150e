import type { RoundKind } from '@changbai/contract/inspection.ts'
import type { ClauseSource } from '../plan/index.ts'
import { anyRoundBefore, roundsDone } from './inspection.store.ts'

const roundsOf = (of: string, kind: RoundKind): ClauseSource => ({
  of,
  meter: 'rhythm',
  events: async (ctx, { from, to }) =>
    (await roundsDone(ctx.db, kind, from, to)).flatMap((row) =>
      row.done_at ? [{ at: row.done_at.toString(), type: 'inspection', id: row.id, valid: row.valid === true }] : [],
    ),
  begun: (ctx, before) => anyRoundBefore(ctx.db, kind, before),
})

/** @clause 5.4-1 5.4-2 5.4-3 */
export const inspectionClauses: readonly ClauseSource[] = [
  roundsOf('facility-round', 'FACILITY'),
  roundsOf('platform-round', 'PLATFORM'),
  roundsOf('tenant-round', 'TENANT_SERVICE'),
]
