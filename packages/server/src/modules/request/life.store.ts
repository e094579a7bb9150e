import type { Totals } from '@changbai/contract/forms.ts'
import type { LifeMatter } from '@changbai/contract/lifecycle.ts'
import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'

/**
 * Requests of an application that were handed in, oldest first, with what each asked for. What was split off is part of what its parent asked.
 * No permission is asked: the caller has decided.
 */
export async function requestsInLife(ctx: Ctx, applicationId: string): Promise<LifeMatter[]> {
  const { rows } = await sql<{
    id: string
    number: string
    kind: string
    status: string
    at: Temporal.Instant
    totals: Partial<Totals>
    parent_id: string | null
  }>`
    select id, number, kind, status, submitted_at as at, totals, parent_id from request
    where application_id = ${applicationId} and submitted_at is not null order by submitted_at, id limit 500`.execute(ctx.db)
  return rows.map(({ id, number, kind, status, at, totals, parent_id }) => ({
    stage: 'ASKED',
    at: at.toString(),
    id,
    number,
    title: kind,
    status,
    to: `/work/requests/${id}`,
    amounts: parent_id
      ? null
      : {
          vcpu: totals.vcpu ?? 0,
          memGiB: totals.memGiB ?? 0,
          storageGiB: (totals.blockGiB ?? 0) + (totals.fileGiB ?? 0) + (totals.objectGiB ?? 0) + (totals.backupGiB ?? 0),
          baremetal: totals.baremetalCount ?? 0,
        },
  }))
}
