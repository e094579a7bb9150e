import type { CapacityDemand } from '@changbai/contract/inventory.capacity.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type OpenDemand, openDemands, waitingAdmissions } from './demand-list.store.ts'

export const toDemand = (row: OpenDemand, matter: { number: string; title: string }, link: string): CapacityDemand => ({
  id: row.id,
  ...matter,
  link,
  shortage: row.shortage,
  status: row.status,
  readyOn: row.readyOn?.toString() ?? null,
  since: row.since.toString(),
})

/** Capacity that admissions wait for, added to what the construction manager reads. */
export async function addAdmissionDemands(ctx: Ctx, { demands }: { demands: CapacityDemand[] }): Promise<void> {
  const rows = await openDemands(ctx.db, 'admission')
  const known = await waitingAdmissions(
    ctx.db,
    rows.map(({ matterId }) => matterId),
  )
  for (const row of rows) {
    const matter = known.get(row.matterId)
    if (matter) demands.push(toDemand(row, matter, `/work/admissions/${row.matterId}`))
  }
}
export const openRequestDemands = (ctx: Ctx): Promise<OpenDemand[]> => openDemands(ctx.db, 'request')
