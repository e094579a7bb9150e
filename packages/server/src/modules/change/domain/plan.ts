import type { ChangeItem } from '@changbai/contract/change.shapes.ts'
import { type Quota, quotaOf, rulesOf } from './items.ts'

export type Phase = 'BACKUP' | 'IMPLEMENT' | 'CONFIRM' | 'ROLLBACK'

/** Where the cloud holds a thing. `project`: the cloud's id of its project, where that is known. */
export interface Place {
  connectionId: string
  kind: 'server' | 'volume' | 'securityGroup' | 'project'
  externalId: string
  project: string | null
}

/** Port rules as a security group takes them. */
type CloudRules = readonly object[]

/** One order to the cloud, by the thing it is for. `action` is what the cloud's port understands. */
export interface Order {
  /** Stable: the same item gives the same. */
  suffix: string
  ciId: string
  connectionId: string
  target: { kind: Place['kind'] | 'image' | 'volumeSnapshot'; externalId: string }
  action: { do: string; [field: string]: unknown }
}

export interface Planning {
  items: readonly ChangeItem[]
  places: ReadonlyMap<string, Place>
  /** Facts of orders done before, by their suffix. */
  facts: ReadonlyMap<string, Readonly<Record<string, string>>>
  toGroupRules(rules: NonNullable<ReturnType<typeof rulesOf>>): CloudRules
}

const short = (id: string): string => id.slice(-8)
/** What is backed up first: what is only recorded, or is itself a backup, needs none. */
const NEEDS_BACKUP = new Set(['vcpu', 'memGiB', 'image', 'state', 'restart', 'gib', 'tier'])

const byThing = (items: readonly ChangeItem[]): Map<string, ChangeItem[]> => Map.groupBy(items, (item) => item.ciId)

/** A server's size before and after, with what is not changed taken from both sides. */
export interface Resize {
  from: { vcpu: number; memMiB: number; flavor: null }
  to: { vcpu: number; memMiB: number; flavor: null }
}
export function resizeOf(items: readonly ChangeItem[], now: { vcpu: number; memGiB: number }): Resize | null {
  const vcpu = items.find((item) => item.attr === 'vcpu')
  const mem = items.find((item) => item.attr === 'memGiB')
  if (!vcpu && !mem) return null
  const size = (side: 'from' | 'to') => ({
    vcpu: Number(vcpu?.[side] ?? now.vcpu),
    memMiB: Number(mem?.[side] ?? now.memGiB) * 1024,
    flavor: null,
  })
  return { from: size('from'), to: size('to') }
}

/** Limits raised by what a thing grows by; null when nothing must be raised or the cloud sets none. */
function raised(before: Quota | null, by: { cores: number; ramMiB: number; volumeGiB: number }): Quota | null {
  if (!before) return null
  const limits: Quota = {}
  for (const name of ['cores', 'ramMiB', 'volumeGiB'] as const) {
    const limit = before[name]
    if (by[name] > 0 && limit !== undefined && limit >= 0) limits[name] = limit + by[name]
  }
  return Object.keys(limits).length > 0 ? limits : null
}

/**
 * The orders of one phase, in the order in which they are given. Planned from the items and from what earlier phases came to, so that planning
 * twice gives the same.
 */
export function ordersOf(phase: Phase, planning: Planning, sizes: ReadonlyMap<string, { vcpu: number; memGiB: number }>): Order[] {
  const orders: Order[] = []
  for (const [ciId, items] of byThing(planning.items.filter((item) => item.way === 'DRIVER'))) {
    const place = planning.places.get(ciId)
    if (!place) continue
    orders.push(...ordersForThing(phase, ciId, items, place, planning, sizes.get(ciId) ?? { vcpu: 0, memGiB: 0 }))
  }
  return phase === 'ROLLBACK' ? orders.reverse() : orders
}

function ordersForThing(
  phase: Phase,
  ciId: string,
  items: readonly ChangeItem[],
  place: Place,
  planning: Planning,
  size: { vcpu: number; memGiB: number },
): Order[] {
  const orders: Order[] = []
  const key = (what: string) => `${phase.slice(0, 1).toLowerCase()}-${short(ciId)}-${what}`
  const factsOf = (of: Phase, what: string) => planning.facts.get(`${of.slice(0, 1).toLowerCase()}-${short(ciId)}-${what}`) ?? {}
  const add = (what: string, action: Order['action'], target: Order['target'] = place) =>
    orders.push({
      suffix: key(what),
      ciId,
      connectionId: place.connectionId,
      target: { kind: target.kind, externalId: target.externalId },
      action,
    })
  const of = (attr: ChangeItem['attr']) => items.find((item) => item.attr === attr)
  const resize = place.kind === 'server' ? resizeOf(items, size) : null
  const project = place.project ? { kind: 'project' as const, externalId: place.project } : null
  const grows = resize
    ? {
        cores: Math.max(0, resize.to.vcpu - resize.from.vcpu),
        ramMiB: Math.max(0, resize.to.memMiB - resize.from.memMiB),
        volumeGiB: 0,
      }
    : { cores: 0, ramMiB: 0, volumeGiB: Math.max(0, Number(of('gib')?.to ?? 0) - Number(of('gib')?.from ?? 0)) }
  const growing = grows.cores + grows.ramMiB + grows.volumeGiB > 0
  const limitsBefore = quotaOf(factsOf('BACKUP', 'limits').before ?? '')

  if (phase === 'BACKUP') {
    if (place.kind === 'securityGroup') add('rules', { do: 'readRules' })
    if (place.kind === 'project') add('limits', { do: 'readQuota' })
    if (items.some((item) => NEEDS_BACKUP.has(item.attr))) add('snapshot', { do: 'snapshot' })
    if (growing && project) add('limits', { do: 'readQuota' }, project)
    return orders
  }
  if (phase === 'IMPLEMENT') {
    const limits = growing ? raised(limitsBefore, grows) : null
    if (limits && project) add('limits', { do: 'setQuota', limits }, project)
    if (resize) add('resize', { do: 'resize', ...resize.to })
    if (of('image')) add('image', { do: 'rebuild', image: of('image')?.to })
    if (of('state')) add('state', { do: of('state')?.to === 'STOPPED' ? 'stop' : 'start' })
    if (of('restart')) add('restart', { do: 'reboot' })
    if (of('snapshot')) add('snap', { do: 'snapshot' })
    if (of('gib')) add('gib', { do: 'extend', gib: Number(of('gib')?.to) })
    if (of('tier')) add('tier', { do: 'retype', disk: of('tier')?.to })
    const rules = of('rules') ? rulesOf(of('rules')?.to ?? '') : null
    if (rules) add('rules', { do: 'setRules', rules: planning.toGroupRules(rules) })
    const quota = of('quota') ? quotaOf(of('quota')?.to ?? '') : null
    if (quota) add('quota', { do: 'setQuota', limits: quota })
    return orders
  }
  if (phase === 'CONFIRM') {
    if (resize) add('resize', { do: 'confirmResize', ...resize.to })
    return orders
  }
  // back: last done first undone, the list is turned round by the caller
  if (growing && project && limitsBefore) add('limits', { do: 'setQuota', limits: limitsBefore }, project)
  if (resize) add('resize', { do: 'restoreSize', ...resize.from })
  const backup = factsOf('BACKUP', 'snapshot').snapshotId
  if (of('image') && backup) add('image', { do: 'rebuild', image: backup })
  if (of('state')) add('state', { do: of('state')?.from === 'STOPPED' ? 'stop' : 'start' })
  const made = factsOf('IMPLEMENT', 'snap').snapshotId
  if (of('snapshot') && made)
    add('snap', { do: 'delete' }, { kind: place.kind === 'volume' ? 'volumeSnapshot' : 'image', externalId: made })
  if (of('tier')) add('tier', { do: 'retype', disk: of('tier')?.from })
  const oldRules = factsOf('BACKUP', 'rules').before
  if (of('rules') && oldRules) add('rules', { do: 'setRules', rules: JSON.parse(oldRules) as object[] })
  if (of('quota') && limitsBefore) add('quota', { do: 'setQuota', limits: limitsBefore })
  return orders
}

/** What the cloud cannot take back: a volume that has grown, and whatever people did. */
export const needsHandsBack = (items: readonly ChangeItem[]): boolean =>
  items.some(
    (item) => (item.way === 'HAND' && item.state === 'DONE') || (item.attr === 'gib' && item.way === 'DRIVER' && item.state === 'DONE'),
  )
