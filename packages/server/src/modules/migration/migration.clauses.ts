import type { Ctx } from '../../platform/ctx.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { migrationsDue } from './migration.store.ts'

/** Every migration asked for is accepted in its time. @clause 4.6 */
const readMigrations = async (ctx: Ctx, span: ClauseSpan) =>
  (await migrationsDue(ctx.db, span.from, span.to)).map((row) =>
    obligation({
      id: `migration:${row.id}`,
      subject: { type: 'migration', id: row.id, label: row.number },
      tenantId: row.tenant_id,
      applicationId: row.application_id,
      startedAt: row.submitted_at?.toString() ?? null,
      dueAt: (row.accepted_due_at as Temporal.Instant).toString(),
      doneAt: row.accepted_at?.toString() ?? null,
      exempt: row.status === 'WITHDRAWN' ? 'NOT_APPLICABLE' : null,
      evidence: [{ type: 'migration', id: row.id }],
    }),
  )

export const migrationClauses: readonly ClauseSource[] = [{ of: 'migration', meter: 'deadline-met', read: readMigrations }]
