import type { LifeMatter } from '@changbai/contract/lifecycle.ts'
import type { ReclaimAmounts } from '@changbai/contract/reclaim.ts'
import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'

/** Cases of reclaim of an application, oldest first, with what each gave back. No permission is asked: the caller has decided. */
export async function reclaimsInLife(ctx: Ctx, applicationId: string): Promise<LifeMatter[]> {
  const { rows } = await sql<{
    id: string
    number: string
    item_name: string
    status: string
    outcome: string | null
    at: Temporal.Instant
    saving: ReclaimAmounts | null
  }>`
    select id, number, item_name, status, outcome, coalesce(closed_at, created_at) as at, saving from reclaim_case
    where application_id = ${applicationId} order by at, id limit 500`.execute(ctx.db)
  return rows.map(({ id, number, item_name, status, outcome, at, saving }) => ({
    stage: 'RETURNED',
    at: at.toString(),
    id,
    number,
    title: item_name,
    status: outcome ?? status,
    to: `/work/reclaim/${id}`,
    amounts: saving ? { vcpu: saving.vcpu, memGiB: saving.memGiB, storageGiB: saving.gib, baremetal: 0 } : null,
  }))
}

/** Of these case numbers those of an application that go on or came to a release; kept or cancelled ones took nothing back. No permission is asked. */
export async function takenBackBy(ctx: Ctx, applicationId: string, numbers: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    select number from reclaim_case where number = any (${[...numbers]}::text[]) and application_id = ${applicationId}
      and status <> 'CANCELLED' and outcome is distinct from 'KEPT' order by number`.execute(ctx.db)
  return rows.map((row) => row.number)
}
