import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import {
  type ReclaimAmounts,
  type ReclaimSource,
  type ReclaimSubject,
  type reclaimApi,
  reclaimProblems,
} from '@changbai/contract/reclaim.ts'
import { reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { type Reclaimable, reclaimables } from '../inventory/index.ts'
import { correlateMessage, startProcess } from '../process/index.ts'
import { type CaseRow, findCase, insertCase, insertEvent, listCases, lockCase, openCaseOf, partsOf, updateCase } from './case.store.ts'
import { exemptionOf, findCluster, findFinding, setFindingCase } from './finding.store.ts'
import { namesOf } from './names.ts'
import { toCase, toSummary } from './present.ts'

type Api = typeof reclaimApi
export const placeOf = (row: Pick<CaseRow, 'tenant_id' | 'application_id'>) => ({
  tenantId: row.tenant_id,
  applicationId: row.application_id,
})
const readScope = (ctx: Ctx) => scopeOf(ctx.actor, 'reclaim.read', 'R', 'r')

/** @throws not-found for a case out of reach */
export async function reachCase(ctx: Ctx, id: string): Promise<CaseRow> {
  const row = (await findCase(ctx.db, id)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'reclaim.read', ['R', 'r'], placeOf(row))
  return row
}
/** For the steps of its process, locked. */
export async function requireCase(ctx: Ctx, id: string): Promise<CaseRow> {
  const row = await lockCase(ctx.db, id)
  if (!row) throw new Error(`reclaim case ${id} is gone`)
  return row
}
export const maySeeCase = async (ctx: Ctx, id: string): Promise<boolean> => {
  const row = await findCase(ctx.db, id)
  return row !== undefined && reaches(readScope(ctx), placeOf(row))
}

/** A line of the case's own history; people read it, clauses count it. */
export async function note(
  ctx: Ctx,
  row: Pick<CaseRow, 'id' | 'tenant_id'>,
  kind: string,
  text: string,
  data: Record<string, unknown> = {},
): Promise<void> {
  await insertEvent(ctx.db, {
    id: newId(),
    case_id: row.id,
    at: ctx.now,
    by_person_id: ctx.actor.personId,
    by_name: ctx.actor.name,
    kind,
    text,
    data: JSON.stringify(data),
  })
  await ctx.record({ kind: `reclaim.${kind}`, subject: { type: 'reclaim', id: row.id }, tenantId: row.tenant_id, data: { text, ...data } })
}

/** What a case is about, as the inventory has it now. */
export interface Target {
  id: string
  name: string
  tenantId: string | null
  applicationId: string | null
  members: Reclaimable[]
  minNodes: number | null
}
export async function targetOf(ctx: Ctx, subject: ReclaimSubject, itemId: string): Promise<Target | undefined> {
  if (subject === 'CLUSTER') {
    const cluster = await findCluster(ctx.db, itemId)
    if (!cluster) return undefined
    const members = await reclaimables(ctx, cluster.server_ids)
    return {
      id: itemId,
      name: cluster.name,
      tenantId: cluster.tenant_id,
      applicationId: cluster.application_id,
      members,
      minNodes: cluster.min_nodes,
    }
  }
  const [item] = await reclaimables(ctx, [itemId])
  if (!item || (item.type === 'server') !== (subject === 'SERVER')) return undefined
  return { id: item.id, name: item.name, tenantId: item.tenantId, applicationId: item.applicationId, members: [item], minNodes: null }
}

export const amountsOf = (members: readonly Pick<Reclaimable, 'vcpu' | 'memGiB' | 'gib'>[]): ReclaimAmounts => ({
  vcpu: members.reduce((sum, one) => sum + one.vcpu, 0),
  memGiB: members.reduce((sum, one) => sum + one.memGiB, 0),
  gib: members.reduce((sum, one) => sum + one.gib, 0),
})

interface NewCase {
  subject: ReclaimSubject
  itemId: string
  source: ReclaimSource
  reason: string
  rule: string | null
  findingId: string | null
}

/** Opens a case and its process. What is on the exemption list is opened and ended at once, so that it is on record why nothing followed. */
export async function openCase(ctx: Ctx, given: NewCase, target: Target): Promise<string> {
  const open = await openCaseOf(ctx.db, target.id)
  if (open) fail(reclaimProblems.openCase, { name: target.name, number: open.number })
  const id = newId()
  const number = await nextNumber(ctx.db, 'HS', shanghaiDay(ctx.now))
  const exemption = given.source === 'RULE' ? await exemptionOf(ctx.db, target.id, shanghaiDay(ctx.now)) : undefined
  const key = given.subject === 'VOLUME' ? 'storage-reclaim' : 'server-reclaim'
  await insertCase(ctx.db, {
    id,
    number,
    process_key: key,
    subject: given.subject,
    item_id: target.id,
    item_name: target.name,
    tenant_id: target.tenantId,
    application_id: target.applicationId,
    source: given.source,
    rule: given.rule,
    finding_id: given.findingId,
    reason: given.reason,
    status: 'SUBMITTED',
    outcome: null,
    node: null,
    allocated: JSON.stringify(amountsOf(target.members)),
    cool_until: null,
    asked_at: null,
    instance_id: null,
    created_by: ctx.actor.personId,
    created_by_name: ctx.actor.name,
    created_at: ctx.now,
    updated_at: ctx.now,
    closed_at: null,
  })
  if (given.findingId) await setFindingCase(ctx.db, given.findingId, id)
  const place = { id, tenant_id: target.tenantId }
  await note(ctx, place, 'opened', SOURCES[given.source] + (given.reason ? `：${given.reason}` : ''), { rule: given.rule })
  if (exemption) await note(ctx, place, 'exempt', `在豁免清单上至 ${exemption.until_on.toString()}：${exemption.reason}`)
  const { instanceId } = await startProcess(ctx, {
    key,
    businessKey: id,
    title: `${number} ${target.name}`,
    tenantId: target.tenantId,
    applicationId: target.applicationId,
    vars: {
      excluded: exemption !== undefined,
      physical: target.members.some((one) => one.kind === 'baremetal'),
      ...remindersOf(ctx),
      ...(key === 'server-reclaim' ? { moreNodes: false } : {}),
    },
  })
  await updateCase(ctx.db, id, { instance_id: instanceId }, ctx.now)
  return id
}
const SOURCES: Record<ReclaimSource, string> = {
  RULE: '规则判定候选',
  OWNER: '应用方主动释放',
  EXPIRY: '租期到期',
  APP_RETIRED: '应用下线',
}

function remindersOf(ctx: Ctx): Record<string, string> {
  const [first = 5, second = 8] = ctx.plan.value<number[]>('reclaim.tenantReminders')
  return { firstReminder: `${first}wd`, secondReminder: `${second}wd` }
}

export async function startCase(ctx: Ctx, input: Input<Api['start']>): Promise<Reply<Api['start']>> {
  const target = (await targetOf(ctx, input.subject, input.itemId)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'reclaim.initiate', 'C', target)
  const finding = input.findingId ? await findFinding(ctx.db, input.findingId) : undefined
  const own = finding?.item_id === target.id ? finding : undefined
  const id = await openCase(ctx, { ...input, rule: own?.rule ?? null, findingId: own?.id ?? null }, target)
  return detailOf(ctx, await reachCase(ctx, id))
}

export async function detailOf(ctx: Ctx, row: CaseRow): Promise<Reply<Api['get']>> {
  return toCase(ctx, row, await partsOf(ctx.db, row.id))
}
export const getCase = async (ctx: Ctx, { caseId }: Input<Api['get']>) => detailOf(ctx, await reachCase(ctx, caseId))

export async function listCasePage(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const rows = await listCases(ctx.db, input, readScope(ctx), readCursor(input.after), input.limit)
  const { items, next } = pageOf(rows, input.limit, (row) => ['', row.id])
  const names = await namesOf(ctx, items)
  return { items: items.map((row) => toSummary(row, names)), next }
}

/** Any party may have it back while it cools down; the process restores it and asks operation anew. */
export async function recoverCase(ctx: Ctx, { caseId, reason }: Input<Api['recover']>): Promise<Reply<Api['recover']>> {
  const seen = await reachCase(ctx, caseId)
  // the process is always locked before the case, so the case is only read here
  if (seen.node !== 'coolDown' || seen.cool_until === null) fail(reclaimProblems.notCooling)
  // who comes after the end finds nobody waiting: nothing is kept for a later cooling-off
  const sent = await correlateMessage(ctx, { name: 'reclaim.recovered', key: caseId, payload: { recoveredBy: ctx.actor.name } })
  if (sent !== 'delivered') fail(reclaimProblems.notCooling)
  await note(ctx, seen, 'recover-asked', reason)
  await updateCase(ctx.db, caseId, { node: 'restore', cool_until: null }, ctx.now)
  return detailOf(ctx, (await lockCase(ctx.db, caseId)) as CaseRow)
}
