import type { Input } from '@changbai/contract/endpoint.ts'
import type { Impact, ImpactDirection, ItemType, inventoryApi } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { itemsNamed, typeOfItem, walkImpact } from './impact.store.ts'
import { findItems } from './items.store.ts'
import { kinds } from './kinds.store.ts'
import { mayRead } from './relation.service.ts'
import { nodesOf } from './relation.store.ts'

const LIMITS = { nodes: 300, applications: 200 }

/**
 * What follows if one thing is lost (DOWN), or what it needs (UP), with redundancy: "2 of 3 up". The walk goes through things the actor may not
 * see, or a shared switch would end it; what is told is only what he may see, and that something else is touched.
 * @param hops 1..8
 * @throws commonProblems.notFound if the thing is not there or hidden
 */
export async function impactOf(ctx: Ctx, itemId: string, direction: ImpactDirection, hops: number): Promise<Impact> {
  const type = (await typeOfItem(ctx.db, itemId)) ?? fail(commonProblems.notFound)
  const [start] = await nodesOf(ctx.db, new Map([[itemId, type]]))
  if (!start || !mayRead(ctx, start)) return fail(commonProblems.notFound)
  const sight = { owned: scopeOf(ctx.actor, 'cmdb.read', 'R', 'r'), house: actorCan(ctx.actor, 'pool.read', 'R') }
  const walked = await walkImpact(ctx.db, itemId, direction, hops, sight, LIMITS)

  const known = new Map((await nodesOf(ctx.db, new Map(walked.nodes.map(({ id, type: kind }) => [id, kind])))).map((one) => [one.id, one]))
  const named = walked.nodes.flatMap((one) => {
    const node = known.get(one.id)
    return node
      ? [{ ...one, name: node.name, state: node.state, via: one.via === itemId || known.has(one.via ?? '') ? one.via : null }]
      : []
  })
  const applications = new Map(
    (
      await findItems(
        ctx.db,
        kinds.application,
        walked.applications.map(({ id }) => id),
      )
    ).map((one) => [one.id, one]),
  )
  const total = walked.counts.reduce((sum, { count }) => sum + count, 0)
  return {
    start: { type, id: itemId, name: start.name, state: start.state },
    direction,
    hops,
    counts: walked.counts,
    nodes: named,
    applications: walked.applications.flatMap(({ id, effect, hop }) => {
      const one = applications.get(id)
      return one ? [{ id, name: String(one.name), code: String(one.code), tenantId: String(one.tenantId), effect, hop }] : []
    }),
    cut: total > named.length,
    stubs: walked.stubs,
  }
}

export const showImpact = (ctx: Ctx, { id, direction, hops }: Input<(typeof inventoryApi)['impact']>) => impactOf(ctx, id, direction, hops)

/** Things an operator may mean by a word: an id, a name or an application's code. For the command line, which sees everything. */
export async function findItemsByWord(ctx: Ctx, word: string): Promise<{ type: ItemType; id: string; name: string }[]> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word)) {
    const type = await typeOfItem(ctx.db, word)
    return type ? (await nodesOf(ctx.db, new Map([[word, type]]))).map(({ id, name }) => ({ type, id, name })) : []
  }
  return itemsNamed(ctx.db, word, 10)
}
