import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type ItemType, type inventoryApi, inventoryProblems, usualBundle } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { changesOf } from './history.store.ts'
import { seeItem } from './item.service.ts'
import { deleteRelation, type Edge, edgesAt, insertRelation, type Node, nodesOf } from './relation.store.ts'

type Api = typeof inventoryApi
/** A picture with more is read by nobody. */
const NODE_LIMIT = 300
const OWNED = new Set<ItemType>(['application', 'server', 'volume', 'network'])

/** Kinds that are the provider's own house are shown to those who may read the pools. */
export const mayRead = (ctx: Ctx, node: Node): boolean =>
  OWNED.has(node.type)
    ? reaches(scopeOf(ctx.actor, 'cmdb.read', 'R', 'r'), node)
    : node.type === 'flavor' || node.type === 'image' || actorCan(ctx.actor, 'pool.read', 'R')

async function seeAny(ctx: Ctx, type: ItemType, id: string): Promise<Node> {
  const [node] = await nodesOf(ctx.db, new Map([[id, type]]))
  if (!node || !mayRead(ctx, node)) return fail(commonProblems.notFound)
  return node
}

/**
 * What is connected with an item, breadth first. Of things the actor may not see only the edge of what he sees says that there is something;
 * what lies behind them is left out.
 */
export async function relationsOf(ctx: Ctx, { type, id, depth }: Input<Api['relations']>): Promise<Reply<Api['relations']>> {
  const start = await seeAny(ctx, type, id)
  const nodes = new Map<string, Node & { distance: number }>([[id, { ...start, distance: 0 }]])
  const edges = new Map<string, Edge>()
  const hidden = new Set<string>()
  let cut = false
  for (let distance = 1, edge = [id]; distance <= depth && edge.length > 0; distance++) {
    const found = await edgesAt(ctx.db, edge, NODE_LIMIT * 3)
    const wanted = new Map<string, ItemType>()
    for (const { from, fromType, to, toType } of found) {
      if (!nodes.has(from)) wanted.set(from, fromType)
      if (!nodes.has(to)) wanted.set(to, toType)
    }
    edge = []
    for (const node of await nodesOf(ctx.db, wanted)) {
      if (!mayRead(ctx, node)) {
        hidden.add(node.id)
        continue
      }
      if (nodes.size >= NODE_LIMIT) {
        cut = true
        break
      }
      nodes.set(node.id, { ...node, distance })
      // a flavour or a pool connects everything with everything: they are shown, not walked through
      if (OWNED.has(node.type)) edge.push(node.id)
    }
    for (const one of found) edges.set(`${one.kind} ${one.from} ${one.to}`, one)
  }
  return {
    nodes: [...nodes.values()].map(({ type: kind, id: nodeId, name, state, distance }) => ({
      type: kind,
      id: nodeId,
      name,
      state,
      distance,
    })),
    edges: [...edges.values()]
      .filter(({ from, to }) => nodes.has(from) && nodes.has(to))
      .map(({ id: edgeId, kind, from, to, note, bundle, needed }) => ({
        id: edgeId,
        kind: kind as 'DEPENDS_ON',
        from,
        to,
        note,
        bundle,
        needed,
      })),
    stubs: [...new Set([...edges.values()].flatMap(({ from, to }) => (hidden.has(from) ? [to] : hidden.has(to) ? [from] : [])))].filter(
      (one) => nodes.has(one),
    ),
    cut,
  }
}

export async function relate(ctx: Ctx, input: Input<Api['relate']>): Promise<Reply<Api['relate']>> {
  const { kind, from, to, note, bundle = usualBundle[kind] ?? '', needed } = input
  const ends = [await seeAny(ctx, from.type, from.id), await seeAny(ctx, to.type, to.id)]
  if (from.id === to.id) fail(commonProblems.conflict)
  const id = newId()
  const inserted = await insertRelation(ctx.db, { id, kind, from, to, note, bundle, needed, now: ctx.now })
  if (inserted.numInsertedOrUpdatedRows === 0n) fail(inventoryProblems.codeTaken, { value: ends.map(({ name }) => name).join(' → ') })
  await ctx.record({ kind: 'relation.stated', subject: { type: 'relation', id }, after: { kind, from, to, note, bundle, needed } })
  return { id }
}

export async function unrelate(ctx: Ctx, { id }: Input<Api['unrelate']>): Promise<Record<string, never>> {
  const gone = (await deleteRelation(ctx.db, id)) ?? fail(commonProblems.notFound)
  await ctx.record({ kind: 'relation.removed', subject: { type: 'relation', id }, before: gone })
  return {}
}

/** Who changed what and when, newest first, under the item's own permission. */
export async function historyOf(ctx: Ctx, { type, id, after, limit }: Input<Api['history']>): Promise<Reply<Api['history']>> {
  if (OWNED.has(type)) await seeItem(ctx, type, id)
  else await seeAny(ctx, type, id)
  const rows = await changesOf(ctx.db, id, readCursor(after)?.[1], limit + 1)
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return {
    items: items.map((row) => ({
      id: row.id,
      at: row.at.toString(),
      by: { id: row.by_person_id, name: row.by_name },
      action: row.action as 'CREATED',
      via: row.via,
      before: row.before as Record<string, unknown> | null,
      after: row.after as Record<string, unknown> | null,
    })),
    next,
  }
}
