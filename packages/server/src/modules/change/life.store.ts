import type { ChangeItem } from '@changbai/contract/change.ts'
import { type LifeAmounts, type LifeMatter, noLifeAmounts } from '@changbai/contract/lifecycle.ts'
import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'

const MEASURE: Readonly<Record<string, keyof LifeAmounts>> = { vcpu: 'vcpu', memGiB: 'memGiB', gib: 'storageGiB' }

/** By how much the items that were done made things larger or smaller. */
function grownBy(items: readonly ChangeItem[]): LifeAmounts {
  const grown = { ...noLifeAmounts }
  for (const item of items) {
    const measure = MEASURE[item.attr]
    const by = Number(item.to) - Number(item.from)
    if (measure && item.state === 'DONE' && Number.isFinite(by)) grown[measure] += by
  }
  return grown
}

/** Changes handed in that touch an application, oldest first. No permission is asked: the caller has decided. */
export async function changesInLife(ctx: Ctx, applicationId: string): Promise<LifeMatter[]> {
  const { rows } = await sql<{
    id: string
    number: string
    title: string
    status: string
    at: Temporal.Instant
    items: ChangeItem[]
    own: boolean
  }>`
    select id, number, title, status, coalesce(closed_at, actual_to, submitted_at) as at, items, application_id = ${applicationId} as own from change_request
    where submitted_at is not null and (application_id = ${applicationId} or affected_ids @> array[${applicationId}::uuid])
    order by at, id limit 500`.execute(ctx.db)
  return rows.map(({ id, number, title, status, at, items, own }) => ({
    stage: 'CHANGED',
    at: at.toString(),
    id,
    number,
    title,
    status,
    to: `/work/changes/${id}`,
    // what another application's change did to that application is not this one's growth
    amounts: own ? grownBy(items) : null,
  }))
}
