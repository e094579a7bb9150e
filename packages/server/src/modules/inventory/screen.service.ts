import type { Capability, Verb } from '@changbai/contract/capability.ts'
import type { ItemType } from '@changbai/contract/inventory.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { addItem, changeItem, type ListInput, lockForChange, pageItems, retireLocked, seeItem, withNames } from './item.service.ts'
import type { Item } from './items.store.ts'
import { addResource, checkPlace } from './resource.service.ts'

/** A service that is the same for every kind; the door checks its input before and its reply after by the schemas of the endpoint. */
export type ScreenService = (ctx: Ctx, input: unknown) => Promise<unknown>
type Right = readonly [Capability, ...Verb[]]
interface Change {
  id: string
  rev: number
  change: Readonly<Record<string, unknown>>
}

export const listOf =
  (type: ItemType): ScreenService =>
  async (ctx, input) =>
    await pageItems(ctx, type, input as ListInput)

export const oneOf =
  (type: ItemType): ScreenService =>
  async (ctx, input) => {
    const item = await seeItem(ctx, type, (input as { id: string }).id)
    return (await withNames(ctx, [item]))[0]
  }

export const creationOf =
  (type: ItemType): ScreenService =>
  async (ctx, input) => {
    const values = input as Readonly<Record<string, unknown>>
    return isResource(type) ? await addResource(ctx, type, values, 'SCREEN') : await addItem(ctx, type, values, 'SCREEN')
  }

export const changeOf =
  (type: ItemType, right: Right): ScreenService =>
  async (ctx, input) => {
    const { id, rev, change } = input as Change
    const item: Item = await lockForChange(ctx, type, id, rev, right)
    if (isResource(type)) await checkPlace(ctx, type, { ...item, ...change })
    return await changeItem(ctx, type, item, change, 'SCREEN')
  }

export const retirementOf =
  (type: ItemType, right: Right): ScreenService =>
  async (ctx, input) => {
    const { id, rev, reason } = input as { id: string; rev: number; reason: string }
    return await retireLocked(ctx, type, await lockForChange(ctx, type, id, rev, right), reason, 'SCREEN')
  }

const isResource = (type: ItemType): type is 'server' | 'volume' | 'network' => type === 'server' || type === 'volume' || type === 'network'
