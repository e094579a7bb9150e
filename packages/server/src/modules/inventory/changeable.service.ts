import { scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { changeItem, lockForChange } from './item.service.ts'
import { findItems, type Item, listItems } from './items.store.ts'
import { kinds } from './kinds.store.ts'

const KINDS = ['server', 'volume', 'network', 'application'] as const
export type ChangeableKind = (typeof KINDS)[number]

/** A thing that a change can be made to, with all its values as they are recorded. */
export interface ChangeableItem {
  id: string
  kind: ChangeableKind
  name: string
  rev: number
  tenantId: string | null
  applicationId: string | null
  applicationName: string
  poolId: string | null
  isPhysical: boolean
  connectionId: string | null
  externalId: string | null
  source: { type: string; id: string } | null
  values: Readonly<Record<string, unknown>>
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const toChangeable = (kind: ChangeableKind, item: Item): ChangeableItem => ({
  id: item.id,
  kind,
  name: String(item.name),
  rev: item.rev,
  tenantId: text(item.tenantId),
  applicationId: kind === 'application' ? item.id : text(item.applicationId),
  applicationName: kind === 'application' ? String(item.name) : (text(item.applicationName) ?? ''),
  poolId: text(item.poolId),
  isPhysical: item.kind === 'baremetal',
  connectionId: text(item.connectionId),
  externalId: text(item.externalId),
  source: text(item.sourceId) ? { type: String(item.sourceType), id: String(item.sourceId) } : null,
  values: item,
})

/** For other modules: no permission is asked, the caller has decided. In the order of the ids; what is out of use or unknown is left out. */
export async function changeableItems(ctx: Ctx, ids: readonly string[]): Promise<ChangeableItem[]> {
  const found: ChangeableItem[] = []
  for (const kind of KINDS)
    found.push(
      ...(await findItems(ctx.db, kinds[kind], ids)).filter((item) => item.retiredAt === null).map((item) => toChangeable(kind, item)),
    )
  return ids.flatMap((id) => found.find((item) => item.id === id) ?? [])
}

/** What the actor may see and name in a change, by a word; a few of each kind. */
export async function searchChangeable(ctx: Ctx, q: string, applicationId: string | undefined, limit: number): Promise<ChangeableItem[]> {
  const found: ChangeableItem[] = []
  for (const kind of KINDS) {
    const scope = scopeOf(ctx.actor, kind === 'application' ? 'application.read' : 'cmdb.read', 'R', 'r')
    const equals = applicationId && kind !== 'application' ? { applicationId } : {}
    const rows = await listItems(ctx.db, kinds[kind], { q: q || undefined, equals, scope }, undefined, limit)
    found.push(
      ...rows
        .map(({ item }) => toChangeable(kind, item))
        .filter((item) => !applicationId || kind !== 'application' || item.id === applicationId),
    )
  }
  return found
}

/** Writes what a change came to into the record, with its history. @returns the version before and after */
export async function changeRecord(
  ctx: Ctx,
  kind: ChangeableKind,
  id: string,
  change: Readonly<Record<string, unknown>>,
): Promise<{ fromRev: number; toRev: number }> {
  const item = await lockForChange(ctx, kind, id, undefined, null)
  const changed = await changeItem(ctx, kind, item, change, 'CHANGE')
  return { fromRev: item.rev, toRev: changed.rev }
}
