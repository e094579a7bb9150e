import type { Totals } from '@changbai/contract/forms.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { emptyTotals } from '../admission/index.ts'
import { askCapacity, poolCapacity, releaseCapacity, reserveCapacity } from '../inventory/index.ts'
import type { RequestRow } from './request.store.ts'

const holderOf = (row: RequestRow) => ({ type: 'request', id: row.id })

/** What a request takes out of a pool: all kinds of storage together, as the pools count it. */
function amountsOf(row: RequestRow) {
  const totals: Totals = { ...emptyTotals(), ...row.totals }
  return {
    vcpu: totals.vcpu,
    memGiB: Math.ceil(totals.memGiB),
    storageGiB: Math.ceil(totals.blockGiB + totals.fileGiB + totals.objectGiB + totals.backupGiB),
    publicAddresses: totals.publicIps,
    baremetal: totals.baremetalCount,
  }
}

export interface CapacityFinding {
  fits: boolean
  pool: string | null
  shortages: { what: string; wanted: number; free: number }[]
}

/** What the pools say to the request; null where no pool is kept, then only people know. */
export async function findCapacity(ctx: Ctx, row: RequestRow): Promise<CapacityFinding | null> {
  if ((await poolCapacity(ctx)).length === 0) return null
  const { fits, pool, shortages } = await askCapacity(ctx, { amounts: amountsOf(row) })
  return { fits, pool: pool?.name ?? null, shortages }
}

/**
 * Promises an approved request its share of a pool, so that the next review counts it. What no pool holds was let through by the reviewers:
 * it is made by people, and nothing is promised.
 * @throws inventoryProblems.noCapacity if somebody took the room in this very moment
 */
export async function promiseCapacity(ctx: Ctx, row: RequestRow): Promise<void> {
  if (!(await findCapacity(ctx, row))?.fits) return
  await reserveCapacity(ctx, { amounts: amountsOf(row), holder: holderOf(row), label: `${row.number} ${row.app_name}` })
}

export const freeCapacity = (ctx: Ctx, row: RequestRow): Promise<void> => releaseCapacity(ctx, holderOf(row))
