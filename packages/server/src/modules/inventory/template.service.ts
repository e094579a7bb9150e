import type { Input } from '@changbai/contract/endpoint.ts'
import { type Flavor, type Image, type inventoryApi, inventoryProblems } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, type Scope } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { addItem, changeItem, keepHistory, lockForChange, showItem, type Via } from './item.service.ts'
import { findItem, type Item, listItems, lockItem, updateItem } from './items.store.ts'
import { kinds } from './kinds.store.ts'

type Template = 'flavor' | 'image'
const EVERYWHERE: Scope = { all: true }
/** Templates are few; a list longer than this would be no help to anybody choosing. */
const CHOICE_LIMIT = 500

/** The IaaS administrator's own template is in force at once; a technician's waits for the administrator. @clause 3.2.3-(1) */
export async function addTemplate(ctx: Ctx, type: Template, input: Readonly<Record<string, unknown>>, via: Via): Promise<Item> {
  const { actor, now } = ctx
  const mayDecide = actorCan(actor, 'iaas.template.manage', 'A')
  return addItem(
    ctx,
    type,
    {
      ...input,
      state: mayDecide ? 'ACTIVE' : 'PROPOSED',
      proposedBy: actor.personId,
      proposedByName: actor.name,
      ...(mayDecide ? { decidedBy: actor.personId, decidedByName: actor.name, decidedAt: now } : {}),
    },
    via,
    mayDecide ? 'CREATED' : 'PROPOSED',
  )
}

/** Records a test of a proposed template; the last one counts, and only one that passed lets it be released. @clause 3.2.3-(1) */
async function testTemplate(
  ctx: Ctx,
  type: Template,
  { id, result, report }: { id: string; result: 'PASS' | 'FAIL'; report: string },
): Promise<Item> {
  const item = (await lockItem(ctx.db, kinds[type], id)) ?? fail(commonProblems.notFound)
  if (item.state !== 'PROPOSED') fail(inventoryProblems.decided)
  const test = { result, byId: ctx.actor.personId, byName: ctx.actor.name, at: ctx.now.toString(), report }
  await updateItem(ctx.db, kinds[type], id, { test }, ctx.now)
  await keepHistory(ctx, type, item, 'TESTED', 'SCREEN', { test: item.test ?? null }, { test })
  return showItem(ctx, type, id)
}

/** Approves a proposed template that passed its test, or rejects it; nobody decides what he proposed or tested. @clause 3.2.1-(2) */
async function decideTemplate(
  ctx: Ctx,
  type: Template,
  { id, approve, comment }: { id: string; approve: boolean; comment: string },
): Promise<Item> {
  const item = (await lockItem(ctx.db, kinds[type], id)) ?? fail(commonProblems.notFound)
  if (item.state !== 'PROPOSED') fail(inventoryProblems.decided)
  if ((item.proposedBy as { id: string | null }).id === ctx.actor.personId) fail(inventoryProblems.samePerson)
  const test = item.test as Flavor['test']
  if (approve && test?.result !== 'PASS') fail(inventoryProblems.untested)
  if (approve && test?.byId === ctx.actor.personId) fail(inventoryProblems.samePerson)
  const state = approve ? 'ACTIVE' : 'REJECTED'
  const decision = { state, decidedBy: ctx.actor.personId, decidedByName: ctx.actor.name, decidedAt: ctx.now, comment }
  await updateItem(ctx.db, kinds[type], id, approve ? decision : { ...decision, retiredAt: ctx.now }, ctx.now)
  await keepHistory(ctx, type, item, approve ? 'APPROVED' : 'REJECTED', 'SCREEN', { state: 'PROPOSED' }, { state, comment })
  return showItem(ctx, type, id)
}

async function updateTemplate(
  ctx: Ctx,
  type: Template,
  { id, rev, change }: { id: string; rev: number; change: Readonly<Record<string, unknown>> },
): Promise<Item> {
  const item = await lockForChange(ctx, type, id, rev, ['iaas.template.manage', 'U'])
  // what was tested is what was described: while it waits, a change makes it untested again
  const { note: _, ...content } = change
  const isOther =
    item.state === 'PROPOSED' && Object.entries(content).some(([field, value]) => value !== undefined && value !== item[field])
  return changeItem(ctx, type, item, isOther ? { ...change, test: null } : change, 'SCREEN')
}

type Api = typeof inventoryApi
const asFlavor = (item: Item) => item as unknown as Flavor
const asImage = (item: Item) => item as unknown as Image
export const createFlavor = async (ctx: Ctx, input: Input<Api['createFlavor']>) =>
  asFlavor(await addTemplate(ctx, 'flavor', input, 'SCREEN'))
export const updateFlavor = async (ctx: Ctx, input: Input<Api['updateFlavor']>) => asFlavor(await updateTemplate(ctx, 'flavor', input))
export const decideFlavor = async (ctx: Ctx, input: Input<Api['decideFlavor']>) => asFlavor(await decideTemplate(ctx, 'flavor', input))
export const testFlavor = async (ctx: Ctx, input: Input<Api['testFlavor']>) => asFlavor(await testTemplate(ctx, 'flavor', input))
export const createImage = async (ctx: Ctx, input: Input<Api['createImage']>) => asImage(await addTemplate(ctx, 'image', input, 'SCREEN'))
export const updateImage = async (ctx: Ctx, input: Input<Api['updateImage']>) => asImage(await updateTemplate(ctx, 'image', input))
export const decideImage = async (ctx: Ctx, input: Input<Api['decideImage']>) => asImage(await decideTemplate(ctx, 'image', input))

export const testImage = async (ctx: Ctx, input: Input<Api['testImage']>) => asImage(await testTemplate(ctx, 'image', input))

async function choices(ctx: Ctx, type: Template): Promise<Item[]> {
  const rows = await listItems(ctx.db, kinds[type], { equals: {}, states: 'ACTIVE', scope: EVERYWHERE }, undefined, CHOICE_LIMIT)
  return rows.map(({ item }) => item)
}

/** Flavours a request may name, smallest first. */
export const flavors = async (ctx: Ctx) => (await choices(ctx, 'flavor')) as unknown as Flavor[]
/** Images a request may name, by name. */
export const images = async (ctx: Ctx) => (await choices(ctx, 'image')) as unknown as Image[]
export const findFlavor = async (ctx: Ctx, id: string) => (await findItem(ctx.db, kinds.flavor, id)) as unknown as Flavor | undefined
export const findImage = async (ctx: Ctx, id: string) => (await findItem(ctx.db, kinds.image, id)) as unknown as Image | undefined
