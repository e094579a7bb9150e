import type { Capability, Verb } from '@changbai/contract/capability.ts'
import { type ItemType, inventoryProblems } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { insertChange } from './history.store.ts'
import { difference } from './item.domain.ts'
import { findByText, findItem, type Item, type ItemQuery, insertItem, listItems, lockItem, updateItem, usersOf } from './items.store.ts'
import { kinds } from './kinds.store.ts'
import { namesFor } from './tenants.ts'

/** What did it: a person at the screen, a file, or a procedure such as `PROVISIONING`. */
export type Via = 'SCREEN' | 'IMPORT' | 'DEMO' | (string & {})
export type Action = 'CREATED' | 'CHANGED' | 'RETIRED' | 'PROPOSED' | 'APPROVED' | 'REJECTED' | 'CONFIRMED' | 'TESTED'

const readRight: Partial<Record<ItemType, Capability>> = {
  application: 'application.read',
  server: 'cmdb.read',
  volume: 'cmdb.read',
  network: 'cmdb.read',
}
const READ: Verb[] = ['R', 'r']

const placeOf = (type: ItemType, item: Item) => ({
  tenantId: (item.tenantId as string | null) ?? null,
  applicationId: type === 'application' ? item.id : ((item.applicationId as string | null) ?? null),
})

/** Checks that the item lies in what the actor may read or change; one of another bureau does not exist for him. */
export function requireItem(ctx: Ctx, type: ItemType, item: Item | undefined, right?: readonly [Capability, ...Verb[]]): Item {
  if (!item) return fail(commonProblems.notFound)
  const [capability, ...verbs] = right ?? [readRight[type], ...READ]
  if (capability && readRight[type]) requireScope(ctx.actor, capability, verbs, placeOf(type, item))
  return item
}

export async function seeItem(ctx: Ctx, type: ItemType, id: string): Promise<Item> {
  return requireItem(ctx, type, await findItem(ctx.db, kinds[type], id))
}

export interface ListInput {
  after?: string | undefined
  limit: number
  q?: string | undefined
  sort?: string | undefined
  retired?: boolean | undefined
  state?: string | undefined
  usageBefore?: string | undefined
}

/** One page of what the actor may see of a kind. */
export async function pageItems(ctx: Ctx, type: ItemType, input: ListInput): Promise<{ items: Item[]; next: string | null }> {
  const { after, limit, q, sort, retired, state, usageBefore, ...equals } = input
  const rows = await listItems(
    ctx.db,
    kinds[type],
    queryOf(ctx, type, { q, sort, retired, states: state, usageBefore, equals }),
    readCursor(after),
    limit + 1,
  )
  const { items, next } = pageOf(rows, limit, ({ cursor }) => cursor)
  return {
    items: await withNames(
      ctx,
      items.map(({ item }) => item),
    ),
    next,
  }
}

export function queryOf(ctx: Ctx, type: ItemType, query: Omit<ItemQuery, 'scope'>): ItemQuery {
  const capability = readRight[type]
  return { ...query, scope: capability ? scopeOf(ctx.actor, capability, ...READ) : { all: true } }
}

/** Adds the names of bureaus and project managers, which identity keeps. */
export async function withNames(ctx: Ctx, items: Item[]): Promise<Item[]> {
  const ids = (field: string) => [...new Set(items.flatMap((item) => (typeof item[field] === 'string' ? [item[field]] : [])))]
  const names = await namesFor(ctx, ids('tenantId'), ids('projectManagerId'))
  const nameOf = (map: ReadonlyMap<string, string>, id: unknown) => (typeof id === 'string' ? (map.get(id) ?? null) : null)
  for (const item of items) {
    if ('tenantId' in item) item.tenantName = nameOf(names.tenants, item.tenantId)
    if ('projectManagerId' in item) item.projectManagerName = nameOf(names.persons, item.projectManagerId)
  }
  return items
}

export async function showItem(ctx: Ctx, type: ItemType, id: string): Promise<Item> {
  const item = (await findItem(ctx.db, kinds[type], id)) ?? fail(commonProblems.notFound)
  const [shown] = await withNames(ctx, [item])
  return shown ?? item
}

/** Runs a write; a name or code that is taken is said so, by its value. */
async function unlessTaken<T>(value: unknown, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if ((error as { code?: string }).code === '23505') fail(inventoryProblems.codeTaken, { value: String(value ?? '') })
    throw error
  }
}

const titleOf = (values: Readonly<Record<string, unknown>>) => values.code ?? values.name ?? values.model

/** Adds an item, its history and its fact. */
export async function addItem(
  ctx: Ctx,
  type: ItemType,
  values: Readonly<Record<string, unknown>>,
  via: Via,
  action: Action = 'CREATED',
): Promise<Item> {
  const id = newId()
  if (type === 'rack') await ensureRoom(ctx, values.room, via)
  await unlessTaken(titleOf(values), () => insertItem(ctx.db, kinds[type], { ...values, id, createdAt: ctx.now, updatedAt: ctx.now }))
  const item = await showItem(ctx, type, id)
  await keepHistory(ctx, type, item, action, via, null, values)
  return item
}

/**
 * Locks an item for a change: it must be the revision the caller saw, and still in use.
 * @param right what the actor must hold over it; null for a procedure, whose own rules have decided
 */
export async function lockForChange(
  ctx: Ctx,
  type: ItemType,
  id: string,
  rev: number | undefined,
  right: readonly [Capability, ...Verb[]] | null,
): Promise<Item> {
  const found = await lockItem(ctx.db, kinds[type], id)
  const item = right ? requireItem(ctx, type, found, right) : (found ?? fail(commonProblems.notFound))
  if (rev !== undefined && item.rev !== rev) fail(commonProblems.stale, { rev: item.rev })
  if (item.retiredAt !== null) fail(inventoryProblems.retired)
  return item
}

/** Changes a locked item; says nothing and does nothing if all is as it was. */
export async function changeItem(
  ctx: Ctx,
  type: ItemType,
  item: Item,
  change: Readonly<Record<string, unknown>>,
  via: Via,
  action: Action = 'CHANGED',
): Promise<Item> {
  const differs = difference(item, change)
  if (!differs) return showItem(ctx, type, item.id)
  if (type === 'rack') await ensureRoom(ctx, differs.after.room, via)
  await unlessTaken(titleOf(differs.after), () => updateItem(ctx.db, kinds[type], item.id, differs.after, ctx.now))
  await keepHistory(ctx, type, item, action, via, differs.before, differs.after)
  return showItem(ctx, type, item.id)
}

/** A rack names its room; the room is a thing of its own, so that what stands in it can be asked. */
async function ensureRoom(ctx: Ctx, room: unknown, via: Via): Promise<void> {
  if (typeof room !== 'string' || room === '') return
  const known = await findByText(ctx.db, kinds.component, 'name', room, { retiredAt: null })
  if (!known) await addItem(ctx, 'component', { kind: 'ROOM', name: room, state: 'ACTIVE' }, via)
}

/** Takes a locked item out of use; its row and history stay. */
export async function retireLocked(ctx: Ctx, type: ItemType, item: Item, reason: string, via: Via): Promise<Item> {
  const { count, names } = await usersOf(ctx.db, type, item.id)
  if (count > 0) fail(inventoryProblems.stillUsed, { count, names: names.join('、') })
  const state = 'state' in item ? { state: 'RETIRED' } : {}
  await updateItem(ctx.db, kinds[type], item.id, { ...state, retiredAt: ctx.now }, ctx.now)
  await keepHistory(ctx, type, item, 'RETIRED', via, 'state' in item ? { state: item.state } : null, { ...state, reason })
  return showItem(ctx, type, item.id)
}

export async function keepHistory(
  ctx: Ctx,
  type: ItemType,
  item: Item,
  action: Action,
  via: Via,
  before: Record<string, unknown> | null,
  after: Readonly<Record<string, unknown>> | null,
): Promise<void> {
  const { actor, now } = ctx
  await insertChange(ctx.db, {
    id: newId(),
    item_type: type,
    item_id: item.id,
    at: now,
    by_person_id: actor.personId,
    by_name: actor.name,
    action,
    via,
    before,
    after,
  })
  await ctx.record({
    kind: `${type}.${action.toLowerCase()}`,
    subject: { type, id: item.id },
    tenantId: (item.tenantId as string | null) ?? null,
    before,
    after,
    data: { via },
  })
}
