import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { type Reclaimable, reclaimables } from '../inventory/index.ts'
import { targetOf } from './case.service.ts'
import { type CaseRow, insertPart, type PartRow, partsOf } from './case.store.ts'

const over = (part: PartRow): boolean => part.state === 'RELEASED' || part.state === 'RECOVERED'

/** What is being taken back now; null before the first and between two. */
export async function currentPart(ctx: Ctx, caseId: string): Promise<PartRow | null> {
  const last = (await partsOf(ctx.db, caseId)).at(-1)
  return last && !over(last) ? last : null
}
export async function requirePart(ctx: Ctx, caseId: string): Promise<PartRow> {
  const part = await currentPart(ctx, caseId)
  if (!part) throw new Error(`case ${caseId} takes nothing back now`)
  return part
}

/** How many nodes of a cluster are to go: what operation asked for, down to the bureau's least number at most. */
export function nodesToGo(row: CaseRow): number {
  if (row.subject !== 'CLUSTER') return 1
  const nodes = row.figures?.items.length ?? 0
  const most = Math.max(0, nodes - (row.reply?.minNodes ?? nodes))
  return Math.min(row.assessment?.nodes ?? most, most)
}

/** The next thing to take back: the one there is, or of a cluster the node with the lowest peak that is still in use. */
export async function nextPart(ctx: Ctx, row: CaseRow): Promise<PartRow> {
  const parts = await partsOf(ctx.db, row.id)
  const last = parts.at(-1)
  if (last && !over(last)) return last
  const target = await targetOf(ctx, row.subject, row.item_id)
  const gone = new Set(parts.filter((part) => part.state === 'RELEASED').map((part) => part.item_id))
  const peakOf = (id: string): number =>
    row.figures?.items.find((item) => item.itemId === id)?.figures.find((one) => one.metric === 'cpu')?.peak ?? 0
  const [item] = (target?.members ?? [])
    .filter((one) => !gone.has(one.id))
    .sort((a, b) => peakOf(a.id) - peakOf(b.id) || (a.name < b.name ? 1 : -1))
  if (!item) throw new Error(`case ${row.number}: nothing is left to take back`)
  const part: PartRow = {
    id: newId(),
    case_id: row.id,
    seq: parts.length + 1,
    item_type: item.type,
    item_id: item.id,
    item_name: item.name,
    vcpu: item.vcpu,
    mem_gib: item.memGiB,
    gib: item.gib,
    state: 'WAITING',
    backup: null,
    declaration: null,
    was_on: null,
    stopped_at: null,
    cool_until: null,
    released_at: null,
    proof: null,
    backup_until: null,
    backup_gone_at: null,
  }
  await insertPart(ctx.db, { ...part, backup: null, declaration: null, proof: null })
  return part
}

/** The inventory's row of a part; gone once it is retired. */
export async function thingOf(ctx: Ctx, part: PartRow): Promise<Reclaimable> {
  const [item] = await reclaimables(ctx, [part.item_id])
  if (!item) throw new Error(`${part.item_name} is not in the inventory any more`)
  return item
}
