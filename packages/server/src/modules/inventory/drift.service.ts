import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type Drift, type DriftDifference, type driftApi, driftProblems } from '@changbai/contract/inventory.drift.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { followCloud, type ObservedFacts, proposalsFor } from './drift.domain.ts'
import { type DriftRow, driftPage, findDrift, lockDrift, updateDrift } from './drift.store.ts'
import { changeItem, lockForChange, retireLocked, type Via } from './item.service.ts'
import { findObserved, observedNow, readingPage, serverByExternalId } from './reading.store.ts'
import { addResource } from './resource.service.ts'

type Api = typeof driftApi
declare module '../../platform/ctx.ts' {
  interface Events {
    /** The cloud shall follow the record: a change is to be opened. */
    'inventory.drift-change-asked': {
      driftId: string
      itemId: string | null
      kind: string
      name: string
      differences: readonly DriftDifference[]
      comment: string
    }
    'inventory.change-without-ticket': {
      driftId: string
      itemId: string | null
      kind: string
      name: string
      tenantId: string | null
      by: string
    }
  }
}
const VIA = 'RECONCILIATION'

const toDrift = (row: DriftRow): Drift => ({
  id: row.id,
  connectionId: row.connection_id,
  kind: row.kind,
  externalId: row.external_id,
  verdict: row.verdict,
  name: row.name,
  projectId: row.project_id,
  itemId: row.item_id,
  differences: row.differences,
  firstSeenAt: row.first_seen_at.toString(),
  lastSeenAt: row.last_seen_at.toString(),
  status: row.status,
  proposals: isOpen(row) ? proposalsOf(row) : [],
  decision: row.decision,
  decidedBy: row.decided_by_name === null ? null : { id: row.decided_by, name: row.decided_by_name },
  decidedAt: row.decided_at?.toString() ?? null,
  comment: row.comment,
  reference: row.reference,
  changeId: row.change_id,
  endedAt: row.ended_at?.toString() ?? null,
})
/** Decided or not, as long as it is there: what was reported or kept can be decided otherwise. */
const isOpen = (row: DriftRow): boolean => row.ended_at === null && row.status !== 'SETTLED'
const proposalsOf = (row: DriftRow) => proposalsFor(row.verdict, row.kind).filter((one) => row.status !== 'REPORTED' || one !== 'REPORT')

export async function listDrifts(ctx: Ctx, input: Input<Api['drifts']>): Promise<Reply<Api['drifts']>> {
  const { after, limit, status, ...query } = input
  const rows = await driftPage(ctx.db, { ...query, statuses: status.split(',').filter(Boolean) }, readCursor(after), limit + 1)
  const { items, next } = pageOf(rows, limit, (row) => [row.first_seen_at.toString(), row.id])
  return { items: items.map(toDrift), next }
}
export const showDrift = async (ctx: Ctx, { id }: Input<Api['drift']>): Promise<Drift> =>
  toDrift((await findDrift(ctx.db, id)) ?? fail(commonProblems.notFound))

/** Live differences of one cloud, newest first; for the command line. */
export const openDrifts = async (ctx: Ctx, connectionId: string, limit: number): Promise<Drift[]> =>
  (await driftPage(ctx.db, { statuses: ['OPEN', 'REPORTED'], connectionId }, undefined, limit)).map(toDrift)

/** A difference is decided by a person; what the decision means for the records happens at once, with before and after. */
export async function decideDrift(ctx: Ctx, input: Input<Api['decide']>): Promise<Drift> {
  const row = (await lockDrift(ctx.db, input.id)) ?? fail(commonProblems.notFound)
  if (!isOpen(row)) fail(driftProblems.settled)
  const { decision, comment, reference } = input
  if (!proposalsOf(row).includes(decision)) fail(driftProblems.notProposed)
  const itemId = decision === 'ADOPT' ? await adopt(ctx, row, input.applicationId) : row.item_id
  if (decision === 'CORRECT') await correct(ctx, row, comment)
  const isOver = decision === 'ADOPT' || decision === 'CORRECT'
  await updateDrift(ctx.db, row.id, {
    item_id: itemId,
    status: decision === 'KEEP' ? 'KEPT' : decision === 'REPORT' ? 'REPORTED' : 'SETTLED',
    decision,
    decided_by: ctx.actor.personId,
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
    comment,
    reference,
    ...(isOver ? { ended_at: ctx.now } : {}),
  })
  const { name, kind, differences, tenant_id: tenantId } = row
  await ctx.record({
    kind: 'drift.decided',
    subject: { type: 'drift', id: row.id },
    tenantId,
    before: { status: row.status },
    after: { decision, itemId, reference, comment },
    data: { kind, externalId: row.external_id, verdict: row.verdict, name, differences },
  })
  if (decision === 'CHANGE')
    await ctx.publish('inventory.drift-change-asked', { driftId: row.id, itemId, kind, name, differences, comment })
  if (decision === 'REPORT')
    await ctx.publish('inventory.change-without-ticket', { driftId: row.id, itemId, kind, name, tenantId, by: ctx.actor.name })
  return showDrift(ctx, { id: row.id })
}

/** The change that shall put a difference right; where nobody wrote a reference, its number is one. */
export async function linkDriftToChange(ctx: Ctx, driftId: string, change: { id: string; number: string }): Promise<void> {
  const row = await lockDrift(ctx.db, driftId)
  if (row) await updateDrift(ctx.db, driftId, { change_id: change.id, reference: row.reference || change.number })
}
/** What a change says of the difference it came from. */
export async function driftBrief(ctx: Ctx, driftId: string): Promise<{ id: string; name: string; status: string } | null> {
  const row = await findDrift(ctx.db, driftId)
  return row ? { id: row.id, name: row.name, status: row.ended_at === null ? row.status : 'CLEARED' } : null
}

/** Enters what is there: of an application's bureau, or of the house itself. */
async function adopt(ctx: Ctx, row: DriftRow, applicationId: string | null | undefined): Promise<string> {
  if (applicationId === undefined) fail(driftProblems.needsApplication)
  const id = await enterObserved(ctx, row, { applicationId, source: { type: 'drift', id: row.id } }, VIA)
  return id ?? fail(driftProblems.settled)
}

/** Records a thing of the cloud as it was last seen; undefined when nobody has seen it. */
export async function enterObserved(
  ctx: Ctx,
  row: Pick<DriftRow, 'connection_id' | 'kind' | 'external_id' | 'name'>,
  { applicationId, source, env }: { applicationId: string | null; source: { type: string; id: string }; env?: string },
  via: Via,
): Promise<string | undefined> {
  const seen = await findObserved(ctx.db, row.connection_id, row.kind, row.external_id)
  if (!seen) return undefined
  const facts: ObservedFacts = seen.facts
  const made = {
    name: row.name || row.external_id,
    applicationId,
    connectionId: row.connection_id,
    externalId: row.external_id,
    sourceType: source.type,
    sourceId: source.id,
    ...(env ? { env } : {}),
  }
  const state = facts.state ?? 'ACTIVE'
  if (row.kind === 'server') {
    const addresses = [
      ...(facts.addresses ?? []).map((address) => ({ address, zone: '', public: false })),
      ...(facts.publicAddresses ?? []).map((address) => ({ address, zone: '', public: true })),
    ]
    const size = { vcpu: facts.vcpu ?? 0, memGiB: Math.ceil((facts.memMiB ?? 0) / 1024) }
    return (await addResource(ctx, 'server', { ...made, kind: 'vm', state, ...size, addresses }, via)).id
  }
  if (row.kind === 'volume') {
    const [on] = facts.servers ?? []
    const serverId = on ? await serverByExternalId(ctx.db, row.connection_id, on) : null
    return (await addResource(ctx, 'volume', { ...made, kind: 'block', state, gib: facts.gib ?? 0, serverId }, via)).id
  }
  const network = row.kind === 'address' ? { kind: 'PUBLIC_ADDRESS', address: facts.address } : { kind: 'NETWORK', cidr: facts.cidr }
  return (await addResource(ctx, 'network', { ...made, ...network }, via)).id
}

/** The record follows: it takes over the cloud's values, or goes out of use with what is gone. */
async function correct(ctx: Ctx, row: DriftRow, reason: string): Promise<void> {
  const type = row.kind === 'address' ? 'network' : row.kind
  if (row.item_id === null || (type !== 'server' && type !== 'volume' && type !== 'network')) return fail(driftProblems.notProposed)
  const item = await lockForChange(ctx, type, row.item_id, undefined, null)
  if (row.verdict === 'MISSING') {
    await retireLocked(ctx, type, item, reason, VIA)
    return
  }
  const change = followCloud(item as never, row.differences)
  const hangs = row.differences.find(({ field }) => field === 'attachedTo')
  if (hangs) change.serverId = hangs.there ? await serverByExternalId(ctx.db, row.connection_id, hangs.there) : null
  await changeItem(ctx, type, item, change, VIA)
}

export async function listReadings(ctx: Ctx, { after, limit }: Input<Api['readings']>): Promise<Reply<Api['readings']>> {
  const { items, next } = pageOf(await readingPage(ctx.db, readCursor(after), limit + 1), limit, (row) => [
    row.started_at.toString(),
    row.id,
  ])
  return {
    items: items.map((row) => ({
      id: row.id,
      connectionId: row.connection_id,
      cloud: row.cloud,
      cause: row.cause,
      startedAt: row.started_at.toString(),
      endedAt: row.ended_at?.toString() ?? null,
      status: row.status,
      requests: row.requests,
      counts: row.counts,
      found: row.found,
      error: row.error,
    })),
    next,
  }
}

export async function listObserved(ctx: Ctx, { after, limit, kind, q }: Input<Api['observed']>): Promise<Reply<Api['observed']>> {
  const { items, next } = pageOf(await observedNow(ctx.db, kind, q, readCursor(after), limit + 1), limit, (row) => [
    row.name,
    row.external_id,
  ])
  return {
    items: items.map((row) => ({
      kind: row.kind,
      externalId: row.external_id,
      name: row.name,
      projectId: row.project_id,
      facts: row.facts,
      registered: row.registered,
      firstSeenAt: row.first_seen_at.toString(),
      readAt: row.read_at.toString(),
    })),
    next,
  }
}
