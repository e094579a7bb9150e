import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type Cluster, type Exemption, type reclaimApi, reclaimProblems } from '@changbai/contract/reclaim.ts'
import { requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { reclaimables } from '../inventory/index.ts'
import {
  type ClusterRow,
  listClusters as clusterPage,
  type ExemptionRow,
  endExemption as endRow,
  listExemptions as exemptionPage,
  findCluster,
  findExemption,
  insertExemption,
  saveCluster as saveRow,
} from './finding.store.ts'
import { namesOf } from './names.ts'

type Api = typeof reclaimApi
type Names = Awaited<ReturnType<typeof namesOf>>
const readScope = (ctx: Ctx) => scopeOf(ctx.actor, 'reclaim.read', 'R', 'r')

const toExemption = (ctx: Ctx, row: ExemptionRow, names: Names): Exemption => ({
  id: row.id,
  itemId: row.item_id,
  itemName: row.item_name,
  tenantName: names.tenant(row.tenant_id),
  kind: row.kind,
  reason: row.reason,
  fromOn: row.from_on.toString(),
  untilOn: row.until_on.toString(),
  caseId: row.case_id,
  approvedByName: row.approved_by_name,
  state: row.ended_at !== null || Temporal.PlainDate.compare(row.until_on, shanghaiDay(ctx.now)) < 0 ? 'ENDED' : 'IN_FORCE',
})

export async function listExemptions(ctx: Ctx, input: Input<Api['exemptions']>): Promise<Reply<Api['exemptions']>> {
  const on = input.inForce ? shanghaiDay(ctx.now) : undefined
  const rows = await exemptionPage(ctx.db, on, readScope(ctx), readCursor(input.after), input.limit)
  const { items, next } = pageOf(rows, input.limit, (row) => ['', row.id])
  const names = await namesOf(ctx, items)
  return { items: items.map((row) => toExemption(ctx, row, names)), next }
}

interface NewExemption {
  itemId: string
  itemName: string
  tenantId: string | null
  applicationId: string | null
  kind: ExemptionRow['kind']
  reason: string
  untilOn: Temporal.PlainDate
  caseId: string | null
}
/** From today, at most as long as the plan allows. */
export async function addExemption(ctx: Ctx, given: NewExemption): Promise<ExemptionRow> {
  const today = shanghaiDay(ctx.now)
  const days = ctx.plan.number('reclaim.exemptionDays')
  if (Temporal.PlainDate.compare(given.untilOn, today.add({ days })) > 0 || Temporal.PlainDate.compare(given.untilOn, today) < 0)
    fail(reclaimProblems.tooLong, { days })
  const row: ExemptionRow = {
    id: newId(),
    item_id: given.itemId,
    item_name: given.itemName,
    tenant_id: given.tenantId,
    application_id: given.applicationId,
    kind: given.kind,
    reason: given.reason,
    from_on: today,
    until_on: given.untilOn,
    case_id: given.caseId,
    approved_by: ctx.actor.personId,
    approved_by_name: ctx.actor.name,
    at: ctx.now,
    ended_at: null,
    ended_by_name: null,
  }
  await insertExemption(ctx.db, row)
  await ctx.record({
    kind: 'reclaim.exempted',
    subject: { type: 'reclaim-exemption', id: row.id },
    tenantId: row.tenant_id,
    after: { item: row.item_name, until: row.until_on.toString(), kind: row.kind, reason: row.reason },
  })
  return row
}

export async function exempt(ctx: Ctx, { itemIds, kind, reason, untilOn }: Input<Api['exempt']>): Promise<Reply<Api['exempt']>> {
  const items = await reclaimables(ctx, itemIds)
  const found = new Map(items.map((one) => [one.id, { name: one.name, tenantId: one.tenantId, applicationId: one.applicationId }]))
  for (const id of itemIds) {
    const cluster = found.has(id) ? undefined : await findCluster(ctx.db, id)
    if (cluster) found.set(id, { name: cluster.name, tenantId: cluster.tenant_id, applicationId: cluster.application_id })
  }
  const rows: ExemptionRow[] = []
  for (const itemId of itemIds) {
    const item = found.get(itemId) ?? fail(commonProblems.notFound)
    rows.push(
      await addExemption(ctx, {
        itemId,
        itemName: item.name,
        tenantId: item.tenantId,
        applicationId: item.applicationId,
        kind,
        reason,
        untilOn: Temporal.PlainDate.from(untilOn),
        caseId: null,
      }),
    )
  }
  const names = await namesOf(ctx, rows)
  return { items: rows.map((row) => toExemption(ctx, row, names)) }
}

export async function endExemption(ctx: Ctx, { exemptionId }: Input<Api['endExemption']>): Promise<Reply<Api['endExemption']>> {
  const row = (await findExemption(ctx.db, exemptionId)) ?? fail(commonProblems.notFound)
  await endRow(ctx.db, row.id, ctx.now, ctx.actor.name)
  await ctx.record({ kind: 'reclaim.exemption-ended', subject: { type: 'reclaim-exemption', id: row.id }, tenantId: row.tenant_id })
  return {}
}

const toCluster = (row: ClusterRow, servers: ReadonlyMap<string, string>, names: Names): Cluster => ({
  id: row.id,
  name: row.name,
  tenantId: row.tenant_id,
  tenantName: names.tenant(row.tenant_id),
  applicationId: row.application_id,
  applicationName: names.application(row.application_id),
  servers: row.server_ids.flatMap((id) => {
    const name = servers.get(id)
    return name === undefined ? [] : [{ id, name }]
  }),
  minNodes: row.min_nodes,
  minByName: row.min_by_name,
})
const serverNames = async (ctx: Ctx, ids: readonly string[]) =>
  new Map((ids.length > 0 ? await reclaimables(ctx, ids) : []).map((one) => [one.id, one.name]))

export async function listClusters(ctx: Ctx, input: Input<Api['clusters']>): Promise<Reply<Api['clusters']>> {
  const rows = await clusterPage(ctx.db, readScope(ctx), readCursor(input.after), input.limit)
  const { items, next } = pageOf(rows, input.limit, (row) => ['', row.id])
  const names = await namesOf(ctx, items)
  const servers = await serverNames(
    ctx,
    items.flatMap((row) => row.server_ids),
  )
  return { items: items.map((row) => toCluster(row, servers, names)), next }
}

/** The servers of one application; how many it needs at least is only heard from its own people. @clause 4.5.1-3 */
export async function saveCluster(ctx: Ctx, input: Input<Api['saveCluster']>): Promise<Reply<Api['saveCluster']>> {
  const before = input.clusterId ? ((await findCluster(ctx.db, input.clusterId)) ?? fail(commonProblems.notFound)) : undefined
  const serverIds = [...new Set(input.serverIds)]
  const servers = (await reclaimables(ctx, serverIds)).filter((one) => one.type === 'server')
  const [first] = servers
  if (!first?.tenantId || !first.applicationId || servers.length !== serverIds.length) return fail(commonProblems.notFound)
  if (servers.some((one) => one.applicationId !== first.applicationId)) fail(commonProblems.conflict, { reason: 'one-application' })
  const place = { tenantId: first.tenantId, applicationId: first.applicationId }
  requireScope(ctx.actor, 'reclaim.initiate', 'C', place)
  if (before) requireScope(ctx.actor, 'reclaim.initiate', 'C', { tenantId: before.tenant_id, applicationId: before.application_id })
  const bureaus = ctx.actor.kind === 'system' || ctx.actor.grants.some((grant) => grant.role === 'APP_PROJECT_MANAGER')
  const said = bureaus && input.minNodes !== null
  const row: ClusterRow = {
    id: before?.id ?? newId(),
    name: input.name,
    tenant_id: place.tenantId,
    application_id: place.applicationId,
    server_ids: serverIds,
    min_nodes: said ? input.minNodes : (before?.min_nodes ?? null),
    min_by_name: said ? ctx.actor.name : (before?.min_by_name ?? null),
    min_at: said ? ctx.now : (before?.min_at ?? null),
    created_at: before?.created_at ?? ctx.now,
    updated_at: ctx.now,
    retired_at: null,
  }
  await saveRow(ctx.db, row)
  await ctx.record({
    kind: 'reclaim.cluster-saved',
    subject: { type: 'reclaim-cluster', id: row.id },
    tenantId: row.tenant_id,
    after: { name: row.name, servers: serverIds.length, minNodes: row.min_nodes },
  })
  return toCluster(row, new Map(servers.map((one) => [one.id, one.name])), await namesOf(ctx, [row]))
}
