// What needs what: components of the house, relations people state, and what follows if one thing is lost.
import { z } from 'zod'
import { text } from './endpoint.ts'
import { address, item, name, note } from './inventory.basics.ts'
import { ItemType, ResourceState } from './inventory.kinds.ts'

/** What other things stand on and no bureau owns. */
export const ComponentKind = z.enum([
  'ROOM',
  'CLUSTER',
  'SWITCH',
  'ROUTER',
  'FIREWALL',
  'BALANCER',
  'STORAGE',
  'POWER',
  'COOLING',
  'LINE',
  'PROVIDER',
  'OTHER',
])
export const componentFields = {
  name,
  state: ResourceState.exclude(['RETIRED']),
  rackId: z.uuid().nullable(),
  serialNo: text(100),
  address: address.nullable(),
  note,
}
export const Component = z.object({
  ...item,
  kind: ComponentKind,
  ...componentFields,
  state: ResourceState,
  rackName: z.string().nullable(),
})
export type Component = z.output<typeof Component>
export const ComponentInput = z.object({
  kind: ComponentKind,
  ...componentFields,
  state: componentFields.state.default('ACTIVE'),
  rackId: z.uuid().nullable().default(null),
  serialNo: text(100).default(''),
  address: address.nullable().default(null),
  note: note.default(''),
})
export const ComponentChange = z.object(componentFields).partial()

/** The first named needs the second; only of PART_OF the second, the whole, needs the first, its part. */
export const StatedRelation = z.enum([
  'RUNS_ON',
  'ATTACHED_TO',
  'DEPENDS_ON',
  'CONNECTS_TO',
  'PART_OF',
  'IN_RACK',
  'IN_ROOM',
  'PROVIDED_BY',
])
export type StatedRelation = z.output<typeof StatedRelation>
/** Things of one bundle stand in for each other; `needed` of them must be up. Two connections are two ways, parts of a whole carry it together. */
export const usualBundle: Partial<Record<StatedRelation, string>> = { CONNECTS_TO: 'uplink', PART_OF: 'parts' }

/** DOWN: what follows if this is lost. UP: what this needs. */
export const ImpactDirection = z.enum(['DOWN', 'UP'])
export type ImpactDirection = z.output<typeof ImpactDirection>
/**
 * DOWN: LOST, something it needs is gone without a stand-in; WEAKENED, a stand-in is left. UP: VITAL, its loss alone would take the start down;
 * SPARE, something stands in for it.
 */
export const ImpactEffect = z.enum(['LOST', 'WEAKENED', 'VITAL', 'SPARE'])
export type ImpactEffect = z.output<typeof ImpactEffect>

export const ImpactNode = z.object({
  type: ItemType,
  id: z.uuid(),
  name: z.string(),
  state: z.string().nullable(),
  /** Steps from the start, 1..hops. */
  hop: z.int(),
  effect: ImpactEffect,
  /** The thing through which it is reached; null when that is hidden from the reader. */
  via: z.uuid().nullable(),
  /** Empty: `via` is needed as such. */
  bundle: z.string(),
  /** Of those that stand in for each other: how many are up (DOWN: will be left), of how many. Null when only weakened from further away. */
  up: z.int().nullable(),
  members: z.int().nullable(),
})
export type ImpactNode = z.output<typeof ImpactNode>
export const Impact = z.object({
  start: z.object({ type: ItemType, id: z.uuid(), name: z.string(), state: z.string().nullable() }),
  direction: ImpactDirection,
  hops: z.int(),
  /** Of everything the reader may see, also what is not listed. */
  counts: z.array(z.object({ type: ItemType, effect: ImpactEffect, count: z.int() })),
  /** Nearest first, what is lost before what is weakened, at most 300. */
  nodes: z.array(ImpactNode),
  /** Applications among them, at most 200. */
  applications: z.array(
    z.object({ id: z.uuid(), name: z.string(), code: z.string(), tenantId: z.uuid(), effect: ImpactEffect, hop: z.int() }),
  ),
  /** More than is listed. */
  cut: z.boolean(),
  /** Visible things behind which something the reader may not see is touched: that there is something, not what or how much. */
  stubs: z.array(z.uuid()),
})
export type Impact = z.output<typeof Impact>
