import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type PatchBaseline, type PatchRound, type PatchRoundDetail, type patchApi, patchProblems } from '@changbai/contract/patch.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { addDowntime, callOff, downtimeOf, noticeNow, recordActual } from '../availability/index.ts'
import { loadBusinessClock, loadCalendar } from '../calendar/index.ts'
import { changesOn, freezesWithin } from '../change/index.ts'
import { findImage, type ImageServer, serversOfImage } from '../inventory/index.ts'
import {
  type BaselineRow,
  baselines,
  findBaseline,
  findRound,
  insertBaseline,
  insertRound,
  insertTargets,
  lastBaselineVersion,
  lockRound,
  type RoundRow,
  retireBaseline,
  roundPage,
  standingOf,
  type TargetRow,
  targetsOf,
  updateRound,
  writeResults,
} from './patch.store.ts'

type Api = typeof patchApi
declare module '../../platform/ctx.ts' {
  interface Events {
    'patch.planned': {
      roundId: string
      number: string
      title: string
      windowFrom: string
      restart: boolean
      applicationIds: readonly string[]
    }
  }
}
const sourceOf = (row: Pick<RoundRow, 'id'>) => ({ type: 'patch', id: row.id })

async function toBaseline(ctx: Ctx, row: BaselineRow): Promise<PatchBaseline> {
  const ids = (await serversOfImage(ctx, row.image_id)).map((server) => server.id)
  const { patched, planned } = await standingOf(ctx.db, row, ids)
  return {
    id: row.id,
    imageId: row.image_id,
    imageName: row.image_name,
    version: row.version,
    severity: row.severity,
    summary: row.summary,
    packages: row.packages,
    publishedOn: shanghaiDay(row.published_at).toString(),
    publishedBy: row.published_by_name,
    inForce: row.retired_at === null,
    servers: ids.length,
    patched: patched.size,
    planned: [...planned].filter((id) => !patched.has(id)).length,
  }
}
export async function listBaselines(ctx: Ctx, filter: Input<Api['baselines']>): Promise<Reply<Api['baselines']>> {
  const items: PatchBaseline[] = []
  for (const row of await baselines(ctx.db, filter)) items.push(await toBaseline(ctx, row))
  return { items }
}

/** A new baseline of an image; the one before is over, and servers that stood at it are behind. @clause 5.3-10 */
export async function publishBaseline(ctx: Ctx, { imageId, severity, summary, packages }: Input<Api['publish']>): Promise<PatchBaseline> {
  const image = (await findImage(ctx, imageId)) ?? fail(commonProblems.notFound)
  const before = await retireBaseline(ctx.db, imageId, ctx.now)
  const id = newId()
  const version = (await lastBaselineVersion(ctx.db, imageId)) + 1
  await insertBaseline(ctx.db, {
    id,
    image_id: imageId,
    image_name: image.name,
    version,
    severity,
    summary,
    packages: JSON.stringify(packages),
    published_at: ctx.now,
    published_by_name: ctx.actor.name,
    retired_at: null,
  })
  await ctx.record({
    kind: 'patch-baseline.published',
    subject: { type: 'patch-baseline', id },
    before: before && { version: before.version },
    after: { image: image.name, version, severity, packages: packages.length },
  })
  return toBaseline(ctx, (await findBaseline(ctx.db, id)) ?? fail(commonProblems.notFound))
}

const seesTarget = (ctx: Ctx) => {
  const scope = scopeOf(ctx.actor, 'patch.read', 'R', 'r')
  return (row: TargetRow) => scope.all || reaches(scope, { tenantId: row.tenant_id, applicationId: row.application_id })
}
const noCounts = () => ({ PENDING: 0, DONE: 0, FAILED: 0, SKIPPED: 0 })
function toRound(row: RoundRow, baseline: BaselineRow, targets: readonly TargetRow[]): PatchRound {
  const counts = noCounts()
  for (const target of targets) counts[target.result] += 1
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    state: row.state,
    baselineId: row.baseline_id,
    imageName: baseline.image_name,
    baselineVersion: baseline.version,
    windowFrom: row.window_from.toString(),
    windowTo: row.window_to.toString(),
    restart: row.restart,
    dueAt: row.due_at.toString(),
    plannedBy: row.planned_by_name,
    counts,
  }
}
export async function listRounds(ctx: Ctx, { after, limit, ...filter }: Input<Api['rounds']>): Promise<Reply<Api['rounds']>> {
  const rows = await roundPage(ctx.db, filter, scopeOf(ctx.actor, 'patch.read', 'R', 'r'), readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  const targets = Map.groupBy(
    (
      await targetsOf(
        ctx.db,
        items.map((row) => row.id),
      )
    ).filter(seesTarget(ctx)),
    (target) => target.round_id,
  )
  const shown: PatchRound[] = []
  for (const row of items)
    shown.push(toRound(row, (await findBaseline(ctx.db, row.baseline_id)) ?? fail(commonProblems.notFound), targets.get(row.id) ?? []))
  return { items: shown, next }
}

async function detailOf(ctx: Ctx, row: RoundRow): Promise<PatchRoundDetail> {
  const targets = (await targetsOf(ctx.db, [row.id])).filter(seesTarget(ctx))
  if (targets.length === 0) fail(commonProblems.notFound)
  const baseline = (await findBaseline(ctx.db, row.baseline_id)) ?? fail(commonProblems.notFound)
  const round = toRound(row, baseline, targets)
  const downtime = row.restart ? await downtimeOf(ctx, sourceOf(row)) : null
  const [plans, works] = [actorCan(ctx.actor, 'patch.manage', 'C'), actorCan(ctx.actor, 'patch.execute', 'X')]
  const may: PatchRoundDetail['may'] = []
  if (row.state === 'PLANNED' && works) may.push('BEGIN')
  if (row.state === 'RUNNING' && works) may.push('RESULT', 'CLOSE')
  if (row.state === 'PLANNED' && plans) may.push('CANCEL')
  return {
    ...round,
    rollbackPlan: row.rollback_plan,
    cancelReason: row.cancel_reason,
    startedAt: row.started_at?.toString() ?? null,
    closedAt: row.closed_at?.toString() ?? null,
    targets: targets.map((target) => ({
      id: target.id,
      serverId: target.server_id,
      name: target.server_name,
      applicationName: target.application_name,
      result: target.result,
      note: target.note,
      at: target.at?.toString() ?? null,
      byName: target.by_name,
    })),
    conflicts:
      row.state === 'PLANNED' || row.state === 'RUNNING'
        ? await changesOn(
            ctx,
            targets.map((target) => target.server_id),
            row.window_from,
            row.window_to,
          )
        : [],
    downtime: downtime && { recognised: downtime.recognised, noticeSentAt: downtime.noticeSentAt?.toString() ?? null },
    may,
  }
}
export const getRound = async (ctx: Ctx, { roundId }: Input<Api['get']>): Promise<PatchRoundDetail> =>
  detailOf(ctx, (await findRound(ctx.db, roundId)) ?? fail(commonProblems.notFound))

/** Which servers a round takes: those named, or all that still need it. */
async function chosen(ctx: Ctx, baseline: BaselineRow, serverIds: readonly string[] | undefined): Promise<ImageServer[]> {
  const servers = await serversOfImage(ctx, baseline.image_id)
  if (serverIds) {
    const wanted = new Set(serverIds)
    const named = servers.filter((server) => wanted.has(server.id))
    return named.length === wanted.size && named.length > 0 ? named : fail(patchProblems.notOfImage)
  }
  const { patched, planned } = await standingOf(
    ctx.db,
    baseline,
    servers.map((server) => server.id),
  )
  const rest = servers.filter((server) => !patched.has(server.id) && !planned.has(server.id))
  return rest.length > 0 ? rest : fail(patchProblems.noServers)
}

/** A round with its window; where servers restart, the downtime is proposed to the customer and told at once. @clause 5.3-10 */
export async function planRound(ctx: Ctx, input: Input<Api['plan']>): Promise<PatchRoundDetail> {
  const baseline = (await findBaseline(ctx.db, input.baselineId)) ?? fail(commonProblems.notFound)
  if (baseline.retired_at) fail(patchProblems.retired)
  const [from, to] = [Temporal.Instant.from(input.windowFrom), Temporal.Instant.from(input.windowTo)]
  if (Temporal.Instant.compare(from, ctx.now) <= 0 || Temporal.Instant.compare(to, from) <= 0) fail(patchProblems.badWindow)
  const [freeze] = await freezesWithin(ctx, from, to)
  if (freeze) fail(patchProblems.frozen, { name: freeze.name })
  const servers = await chosen(ctx, baseline, input.serverIds)
  const id = newId()
  const dueAt = (await loadBusinessClock(ctx)).addTime(to, ctx.plan.duration('security.patchRecord'))
  const row = {
    id,
    number: await nextNumber(ctx.db, 'BD', shanghaiDay(ctx.now)),
    title: input.title,
    state: 'PLANNED' as const,
    baseline_id: baseline.id,
    window_from: from,
    window_to: to,
    restart: input.restart,
    rollback_plan: input.rollbackPlan,
    due_at: dueAt,
    provisional: (await loadCalendar(ctx)).dayAt(shanghaiDay(dueAt)).provisional,
    planned_by_name: ctx.actor.name,
    created_at: ctx.now,
    started_at: null,
    closed_at: null,
  }
  await insertRound(ctx.db, row)
  await insertTargets(
    ctx.db,
    servers.map((server) => ({
      id: newId(),
      round_id: id,
      server_id: server.id,
      server_name: server.name,
      tenant_id: server.tenantId,
      application_id: server.applicationId,
      application_name: server.applicationName,
      result: 'PENDING' as const,
      at: null,
      by_name: null,
    })),
  )
  const applicationIds = [...new Set(servers.flatMap((server) => server.applicationId ?? []))]
  if (input.restart && applicationIds.length > 0) {
    await addDowntime(ctx, {
      reason: 'UPDATE',
      applicationIds,
      plannedFrom: from,
      plannedTo: to,
      impact: `${row.number} ${input.title}：${servers.length} 台服务器打补丁并重启`,
      rollbackPlan: input.rollbackPlan,
      source: sourceOf(row),
    })
    await noticeNow(ctx, sourceOf(row), `平台已通知各受影响应用的项目经理（补丁批次 ${row.number}）`)
  }
  await ctx.record({
    kind: 'patch-round.planned',
    subject: { type: 'patch-round', id },
    after: { number: row.number, image: baseline.image_name, version: baseline.version, servers: servers.length, restart: input.restart },
  })
  await ctx.publish('patch.planned', {
    roundId: id,
    number: row.number,
    title: input.title,
    windowFrom: from.toString(),
    restart: input.restart,
    applicationIds,
  })
  return getRound(ctx, { roundId: id })
}

const held = async (ctx: Ctx, id: string): Promise<RoundRow> => (await lockRound(ctx.db, id)) ?? fail(commonProblems.notFound)

export async function beginRound(ctx: Ctx, { roundId }: Input<Api['begin']>): Promise<PatchRoundDetail> {
  const row = await held(ctx, roundId)
  if (row.state !== 'PLANNED') fail(patchProblems.wrongState)
  if (Temporal.Instant.compare(ctx.now, row.window_from) < 0) fail(patchProblems.early)
  const begun = await updateRound(ctx.db, row.id, { state: 'RUNNING', started_at: ctx.now })
  await ctx.record({ kind: 'patch-round.begun', subject: { type: 'patch-round', id: row.id } })
  return detailOf(ctx, begun)
}

/** What became of some servers; said again, the last word counts until the round is closed. */
export async function recordResults(ctx: Ctx, { roundId, targetIds, result, note }: Input<Api['result']>): Promise<PatchRoundDetail> {
  const row = await held(ctx, roundId)
  if (row.state !== 'RUNNING') fail(patchProblems.wrongState)
  if (result !== 'DONE' && note === '') fail(patchProblems.reasonRequired)
  const written = await writeResults(ctx.db, row.id, targetIds, { result, note, at: ctx.now, by_name: ctx.actor.name })
  if (written < new Set(targetIds).size) fail(commonProblems.notFound)
  await ctx.record({ kind: 'patch-round.results', subject: { type: 'patch-round', id: row.id }, data: { result, servers: written, note } })
  return detailOf(ctx, row)
}

/** Over once every server has a result; with restarts the time it took goes to availability, where what overran counts. */
export async function closeRound(ctx: Ctx, { roundId }: Input<Api['close']>): Promise<PatchRoundDetail> {
  const row = await held(ctx, roundId)
  if (row.state !== 'RUNNING' || !row.started_at) return fail(patchProblems.wrongState)
  const targets = await targetsOf(ctx.db, [row.id])
  const open = targets.filter((target) => target.result === 'PENDING').length
  if (open > 0) fail(patchProblems.open, { count: open })
  if (row.restart) {
    const last =
      targets
        .flatMap((target) => target.at ?? [])
        .sort(Temporal.Instant.compare)
        .at(-1) ?? ctx.now
    await recordActual(ctx, sourceOf(row), row.started_at, last)
  }
  const closed = await updateRound(ctx.db, row.id, { state: 'CLOSED', closed_at: ctx.now })
  await ctx.record({ kind: 'patch-round.closed', subject: { type: 'patch-round', id: row.id }, data: { servers: targets.length } })
  return detailOf(ctx, closed)
}

export async function cancelRound(ctx: Ctx, { roundId, reason }: Input<Api['cancel']>): Promise<PatchRoundDetail> {
  const row = await held(ctx, roundId)
  if (row.state !== 'PLANNED') fail(patchProblems.wrongState)
  if (row.restart) await callOff(ctx, sourceOf(row), reason)
  const gone = await updateRound(ctx.db, row.id, { state: 'CANCELLED', closed_at: ctx.now, cancel_reason: reason })
  await ctx.record({ kind: 'patch-round.cancelled', subject: { type: 'patch-round', id: row.id }, data: { reason } })
  return detailOf(ctx, gone)
}
