import type { CapacityDemand } from '@changbai/contract/inventory.capacity.ts'
import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'
import { openRequestDemands, toDemand } from '../admission/index.ts'

/** Capacity that waiting requests need, added to what the construction manager reads. */
export async function addRequestDemands(ctx: Ctx, { demands }: { demands: CapacityDemand[] }): Promise<void> {
  const rows = await openRequestDemands(ctx)
  const ids = rows.map(({ matterId }) => matterId)
  const { rows: known } = await sql<{ id: string; number: string; title: string }>`
    select id, number, app_name as title from request where id = any (${ids}::uuid[]) and status = 'WAITLISTED'`.execute(ctx.db)
  const waiting = new Map(known.map((one) => [one.id, one]))
  for (const row of rows) {
    const matter = waiting.get(row.matterId)
    if (matter) demands.push(toDemand(row, { number: matter.number, title: matter.title }, `/work/requests/${row.matterId}`))
  }
}
