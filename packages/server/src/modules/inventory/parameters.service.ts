import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { BaseParameters, inventoryApi } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { insertParameters, lockParameters, parametersInForce, parametersOf, parameterVersions } from './parameters.store.ts'

type Api = typeof inventoryApi

/** Before anybody has set parameters nothing is promised twice. */
const NO_OVERCOMMIT: BaseParameters['overcommit'] = { vcpu: 1, mem: 1, storage: 1 }

const toVersion = (row: Row<'base_parameters'>): Reply<Api['baseParameters']> => ({
  version: row.version,
  parameters: row.parameters as BaseParameters,
  reason: row.reason,
  by: { id: row.by_person_id, name: row.by_name },
  at: row.at.toString(),
})

/** Default quotas, zones, address pools, naming, overcommit in force; undefined until the IaaS administrator has set them. */
export async function baseParametersInForce(ctx: Ctx): Promise<BaseParameters | undefined> {
  const row = await parametersInForce(ctx.db)
  return row && (row.parameters as BaseParameters)
}

export const overcommitInForce = async (ctx: Ctx) => (await baseParametersInForce(ctx))?.overcommit ?? NO_OVERCOMMIT

export async function getBaseParameters(ctx: Ctx, { version }: Input<Api['baseParameters']>): Promise<Reply<Api['baseParameters']>> {
  const row = version === undefined ? await parametersInForce(ctx.db) : await parametersOf(ctx.db, version)
  return toVersion(row ?? fail(commonProblems.notFound))
}

export async function listBaseParameterVersions(
  ctx: Ctx,
  { after, limit }: Input<Api['baseParameterVersions']>,
): Promise<Reply<Api['baseParameterVersions']>> {
  const cursor = readCursor(after)
  const rows = await parameterVersions(ctx.db, cursor && Number(cursor[1]), limit + 1)
  const { items, next } = pageOf(rows, limit, ({ version }) => ['', String(version)])
  return { items: items.map(toVersion), next }
}

/** Every save is a new version; one based on an older version than the one in force is refused. @clause 3.2.1-(2) */
export async function saveBaseParameters(
  ctx: Ctx,
  { baseVersion, parameters, reason }: Input<Api['saveBaseParameters']>,
): Promise<Reply<Api['saveBaseParameters']>> {
  await lockParameters(ctx.db)
  const before = await parametersInForce(ctx.db)
  if ((before?.version ?? 0) !== baseVersion) fail(commonProblems.stale, { version: before?.version ?? 0 })
  const row = {
    version: baseVersion + 1,
    parameters,
    reason,
    byPersonId: ctx.actor.personId,
    byName: ctx.actor.name,
    at: ctx.now,
  }
  await insertParameters(ctx.db, row)
  await ctx.record({
    kind: 'base-parameters.changed',
    subject: { type: 'base-parameters', id: String(row.version) },
    before: before?.parameters ?? null,
    after: parameters,
    data: { reason },
  })
  return toVersion((await parametersOf(ctx.db, row.version)) ?? fail(commonProblems.notFound))
}
