import type { Ctx } from '../../platform/ctx.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { servicesDue } from './service.store.ts'

/** Orders of one line of the catalogue, done within its limit; what was declined or withdrawn is not owed. */
const ordersOf =
  (code: string) =>
  async (ctx: Ctx, { from, to }: ClauseSpan) =>
    (await servicesDue(ctx.db, code, from, to)).map((row) =>
      obligation({
        id: `service:${row.id}`,
        subject: { type: 'service-request', id: row.id, label: row.number },
        tenantId: row.tenant_id,
        applicationId: row.application_id,
        startedAt: row.submitted_at.toString(),
        dueAt: row.due_at.toString(),
        doneAt: row.done_at?.toString() ?? null,
        exempt: row.state === 'DECLINED' || row.state === 'WITHDRAWN' ? 'NOT_APPLICABLE' : null,
        provisional: row.provisional,
        evidence: [{ type: 'service-request', id: row.id }],
      }),
    )

/** What the operation technician owes on paper. @clause 3.2.3-(1) 3.2.3-(3) */
export const serviceRequestClauses: readonly ClauseSource[] = [
  { of: 'support-order', meter: 'deadline-met', read: ordersOf('SUPPORT') },
  { of: 'template-order', meter: 'deadline-met', read: ordersOf('TEMPLATE') },
]
