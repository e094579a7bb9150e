import type { ChangedAttr, ChangeItem, ChangeItemInput } from '@changbai/contract/change.shapes.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { connectionById, projectOf, resourcesByKey } from '../cloud/index.ts'
import type { ChangeableItem } from '../inventory/index.ts'
import { projectKey } from '../provisioning/index.ts'
import { valueNow } from './domain/items.ts'
import type { Place } from './domain/plan.ts'

/** What the driver does; the rest is recorded only (a lease) or people's work. */
const DRIVEN: readonly ChangedAttr[] = ['vcpu', 'memGiB', 'image', 'state', 'restart', 'snapshot', 'gib', 'tier', 'rules', 'quota']
/** Changed in the record alone: nothing in the cloud knows of it. */
export const RECORD_ONLY: readonly ChangedAttr[] = ['usageUntil']

/** The security group of a network made by a work order line stands under the line's key. */
const groupKeyOf = (thing: ChangeableItem): string | null =>
  thing.source?.type === 'work-order-line' ? `cb-g-${thing.source.id.split('/')[0]}` : null

/** Where the clouds hold these things; a thing nobody can be told about is left out: people do it. */
export async function placesOf(ctx: Ctx, things: readonly ChangeableItem[]): Promise<Map<string, Place>> {
  const places = new Map<string, Place>()
  for (const thing of things) {
    const place = await placeOf(ctx, thing)
    if (place) places.set(thing.id, place)
  }
  return places
}

async function placeOf(ctx: Ctx, thing: ChangeableItem): Promise<Place | null> {
  if (thing.isPhysical) return null
  if (thing.kind === 'server' || thing.kind === 'volume') {
    if (!thing.connectionId || !thing.externalId || !(await isDriven(ctx, thing.connectionId))) return null
    const project = await projectOf(ctx.db, thing.connectionId, thing.externalId)
    return { connectionId: thing.connectionId, kind: thing.kind, externalId: thing.externalId, project }
  }
  const key = thing.kind === 'application' ? projectKey(thing.id) : groupKeyOf(thing)
  const [row] = key ? await resourcesByKey(ctx.db, [key]) : []
  if (!row?.external_id || !(await isDriven(ctx, row.connection_id))) return null
  const kind = thing.kind === 'application' ? 'project' : 'securityGroup'
  return { connectionId: row.connection_id, kind, externalId: row.external_id, project: null }
}

const isDriven = async (ctx: Ctx, connectionId: string): Promise<boolean> =>
  ((await connectionById(ctx.db, connectionId))?.driver ?? 'manual') !== 'manual'

/** The items with the values as they are now, and who does them. */
export function itemsOf(
  asked: readonly ChangeItemInput[],
  things: ReadonlyMap<string, ChangeableItem>,
  places: ReadonlyMap<string, Place>,
): ChangeItem[] {
  return asked.flatMap((item) => {
    const thing = things.get(item.ciId)
    if (!thing) return []
    const driven = (DRIVEN.includes(item.attr) && places.has(item.ciId)) || RECORD_ONLY.includes(item.attr)
    return [
      {
        ...item,
        ciKind: thing.kind,
        ciName: thing.name,
        from: valueNow(thing, item.attr),
        way: driven ? ('DRIVER' as const) : ('HAND' as const),
        state: 'PLANNED' as const,
        fromRev: null,
        toRev: null,
        note: '',
      },
    ]
  })
}
