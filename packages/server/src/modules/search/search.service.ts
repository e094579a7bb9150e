import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { foundKinds, type searchApi, searchProblems } from '@changbai/contract/search.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { tenantNames } from '../identity/index.ts'
import { sourceOf } from './search.sources.ts'
import { countViews, deleteView, putView, viewsOf } from './view.store.ts'

type Api = typeof searchApi
/** Of each kind; whoever wants more opens its list with the same words. */
const EACH = 5
const VIEWS_MAX = 30

/** One statement a kind and one for the names of bureaus: the number of statements does not grow with what is found. */
export async function searchEverywhere(ctx: Ctx, { q }: Input<Api['everywhere']>): Promise<Reply<Api['everywhere']>> {
  const found = []
  for (const kind of foundKinds) {
    const hits = (await sourceOf(kind)?.(ctx, q, EACH + 1)) ?? []
    if (hits.length > 0) found.push({ kind, hits })
  }
  const tenantIds = new Set(found.flatMap(({ hits }) => hits.flatMap(({ tenantId }) => tenantId ?? [])))
  const names = tenantIds.size > 0 ? await tenantNames(ctx, [...tenantIds]) : new Map<string, string>()
  return {
    groups: found.map(({ kind, hits }) => ({
      kind,
      more: hits.length > EACH,
      items: hits.slice(0, EACH).map(({ id, title, note, tenantId }) => ({
        id,
        title,
        note: [note, tenantId && names.get(tenantId)].filter(Boolean).join(' · '),
      })),
    })),
  }
}

export const listViews = async (ctx: Ctx, { list }: Input<Api['views']>): Promise<Reply<Api['views']>> => ({
  items: await viewsOf(ctx.db, personOf(ctx.actor), list),
})

/** A view of the same name is replaced. */
export async function saveView(ctx: Ctx, { list, name, query }: Input<Api['saveView']>): Promise<Reply<Api['saveView']>> {
  const personId = personOf(ctx.actor)
  const view = await putView(ctx.db, { id: newId(), personId, list, name, query, now: ctx.now })
  if ((await countViews(ctx.db, personId, list)) > VIEWS_MAX) fail(searchProblems.tooManyViews, { max: VIEWS_MAX })
  await ctx.record({ kind: 'view.saved', subject: { type: 'view', id: view.id }, data: { list, name, query } })
  return view
}

export async function dropView(ctx: Ctx, { id }: Input<Api['dropView']>): Promise<Reply<Api['dropView']>> {
  if (!(await deleteView(ctx.db, personOf(ctx.actor), id))) fail(commonProblems.notFound)
  await ctx.record({ kind: 'view.dropped', subject: { type: 'view', id } })
  return {}
}
