import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Finding as FindingOut, ReclaimVerdict, reclaimApi } from '@changbai/contract/reclaim.ts'
import { scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { approvedWindows } from '../availability/index.ts'
import { type Reclaimable, reclaimables } from '../inventory/index.ts'
import { assessServer, type ReclaimRule } from './assess.domain.ts'
import { itemsWithOpenCase } from './case.store.ts'
import {
  type ClusterRow,
  clusters,
  type Excluded,
  exemptionsOn,
  type FindingRow,
  firstRunAt,
  insertFindings,
  insertRun,
  latestRuns,
  listFindings,
  type RunRow,
} from './finding.store.ts'
import type { RolledFigure } from './measurement.store.ts'
import {
  fromRolled,
  type Observation,
  observationOf,
  readMeasured,
  readNetwork,
  readRolled,
  readSeries,
  readUsedEnds,
  spanOf,
} from './measurement.ts'
import { namesOf } from './names.ts'
import { type Measured, measure, type PeakRule, type Span } from './peak.domain.ts'
import { assessCluster, assessVolume, clusterSeries, type Finding, findingOf } from './rules.domain.ts'

type Api = typeof reclaimApi

/** Everything one detection looks at, read once. */
export interface Sight {
  rules: ReclaimRule[]
  peak: PeakRule
  servers: Observation
  volumes: Observation
  away: ReadonlyMap<string, readonly Span[]>
}
const longest = (rules: readonly ReclaimRule[], subjects: readonly string[]): number =>
  Math.max(1, ...rules.filter((rule) => subjects.includes(rule.subject)).map((rule) => rule.days))

/** The rules and the days they look at, as the plan has them now. */
export async function sightOf(ctx: Ctx): Promise<Sight> {
  const rules = ctx.plan.value<ReclaimRule[]>('reclaim.rules')
  const peak = ctx.plan.value<PeakRule & { excludeApprovedWindows?: boolean }>('reclaim.peak')
  const today = shanghaiDay(ctx.now)
  const servers = observationOf(today, longest(rules, ['SERVER', 'CLUSTER']))
  const volumes = observationOf(today, longest(rules, ['VOLUME']))
  const { fromMs, toMs } = spanOf(servers)
  const away =
    peak.excludeApprovedWindows === false
      ? new Map()
      : await approvedWindows(ctx, Temporal.Instant.fromEpochMilliseconds(fromMs), Temporal.Instant.fromEpochMilliseconds(toMs))
  return { rules, peak, servers, volumes, away }
}

type Rolled = ReadonlyMap<string, ReadonlyMap<string, RolledFigure>>
function byItem(rows: readonly RolledFigure[]): Rolled {
  const items = new Map<string, Map<string, RolledFigure>>()
  for (const row of rows) {
    const held = items.get(row.itemId)
    if (held) held.set(row.measure, row)
    else items.set(row.itemId, new Map([[row.measure, row]]))
  }
  return items
}

interface Judged extends Finding {
  figures: Record<string, number | null>
}
const shown = (measured: Measured | undefined): number | null =>
  measured?.peak === undefined || measured.peak === null ? null : Number(measured.peak.toFixed(3))

/** A server by its roll-ups; by its averages where approved maintenance must be left out. */
export async function judgeServer(
  ctx: Ctx,
  item: Reclaimable,
  rolled: ReadonlyMap<string, RolledFigure> | undefined,
  sight: Sight,
): Promise<Judged> {
  const away = sight.away.get(item.applicationId ?? '') ?? []
  const whole = (measure: string) => fromRolled(rolled?.get(measure), sight.servers, sight.peak)
  const exact = away.length > 0 && rolled !== undefined
  const cpu = exact ? await readMeasured(ctx, item.id, 'cpu', sight.servers, sight.peak, away) : whole('cpu')
  const memory = exact ? await readMeasured(ctx, item.id, 'memory', sight.servers, sight.peak, away) : whole('memory')
  const network = exact ? await readNetwork(ctx, item.id, sight.servers, sight.peak, away) : whole('network')
  const connections = exact ? await readMeasured(ctx, item.id, 'connections', sight.servers, sight.peak, away) : whole('connections')
  const none = measure([], sight.servers.days, sight.peak, [], spanOf(sight.servers))
  const found = findingOf(
    assessServer({ cpu: cpu ?? none, memory, network, connections, flavorRank: item.flavorRank }, sight.rules, sight.peak.coveragePercent),
  )
  return {
    ...found,
    figures: {
      cpu: shown(cpu),
      memory: shown(memory),
      network:
        network?.greatestDaySum === undefined || network.greatestDaySum === null ? null : Math.round(network.greatestDaySum / 1_000_000),
      connections: shown(connections),
      coverage: Number((cpu?.coverage ?? 0).toFixed(4)),
    },
  }
}

/** @clause 4.5.1-3 */
export async function judgeCluster(
  ctx: Ctx,
  cluster: Pick<ClusterRow, 'min_nodes'>,
  members: readonly Reclaimable[],
  sight: Sight,
): Promise<Judged> {
  const away = sight.away.get(members[0]?.applicationId ?? '') ?? []
  const together = async (metric: 'cpu' | 'memory', weight: (one: Reclaimable) => number): Promise<Measured> => {
    const series = []
    for (const one of members) series.push({ weight: weight(one), samples: await readSeries(ctx, one.id, metric, sight.servers) })
    return measure(clusterSeries(series, sight.peak.averageMinutes * 60_000), sight.servers.days, sight.peak, away, spanOf(sight.servers))
  }
  const cpu = await together('cpu', (one) => one.vcpu)
  const memory = await together('memory', (one) => one.memGiB)
  return {
    ...assessCluster({ cpu, memory, nodes: members.length, minNodes: cluster.min_nodes }, sight.rules),
    figures: {
      cpu: shown(cpu),
      memory: shown(memory),
      nodes: members.length,
      minNodes: cluster.min_nodes,
      coverage: Number(cpu.coverage.toFixed(4)),
    },
  }
}

/** @clause 4.5.1-4 */
export function judgeVolume(
  item: Reclaimable,
  used: Measured | undefined,
  ends: { first: number; last: number } | undefined,
  today: Temporal.PlainDate,
  rules: readonly ReclaimRule[],
): Judged {
  const detached =
    item.kind === 'block' && item.detachedSince ? shanghaiDay(item.detachedSince).until(today, { largestUnit: 'day' }).days : null
  const growth = ends ? ends.last - ends.first : null
  return {
    ...assessVolume({ detachedDays: detached, used, growth }, rules),
    figures: {
      detachedDays: detached,
      used: shown(used),
      growth: growth === null ? null : Number(growth.toFixed(2)),
      coverage: used ? Number(used.coverage.toFixed(4)) : null,
    },
  }
}

/** Why a rule may not begin a case for an item, though it is named. */
async function exclusionsOf(ctx: Ctx, shadow: boolean): Promise<(item: Pick<Reclaimable, 'id' | 'env' | 'since'>) => Excluded | null> {
  const today = shanghaiDay(ctx.now)
  const exempt = new Set((await exemptionsOn(ctx.db, today)).map((row) => row.item_id))
  const open = await itemsWithOpenCase(ctx.db)
  const newAfter = today.subtract({ days: ctx.plan.number('reclaim.newDays') })
  return ({ id, env, since }) => {
    if (open.has(id)) return 'OPEN_CASE'
    if (exempt.has(id)) return 'EXEMPT'
    if (env === 'DR') return 'STANDBY'
    if (Temporal.PlainDate.compare(shanghaiDay(since), newAfter) > 0) return 'TOO_NEW'
    return shadow ? 'SHADOW' : null
  }
}

/** The end of the shadow period: so many days after the first detection. */
export async function shadowUntil(ctx: Ctx): Promise<Temporal.PlainDate> {
  const first = (await firstRunAt(ctx.db)) ?? ctx.now
  return shanghaiDay(first).add({ days: ctx.plan.number('reclaim.shadowUntilDays') })
}

/**
 * Looks at every server, cluster and volume by the rules in force and keeps what they name. Nothing is begun here.
 * @clause 4.5.1-1 4.5.1-2 4.5.1-3 4.5.1-4
 */
export async function detect(ctx: Ctx, byHand: boolean): Promise<RunRow> {
  const sight = await sightOf(ctx)
  const today = shanghaiDay(ctx.now)
  const shadow = Temporal.PlainDate.compare(today, await shadowUntil(ctx)) < 0
  const items = await reclaimables(ctx)
  const found: {
    subject: 'SERVER' | 'CLUSTER' | 'VOLUME'
    item: Reclaimable
    name: string
    id: string
    judged: Judged
    members?: readonly Reclaimable[]
  }[] = []
  const groups = await clusters(ctx.db)
  const inCluster = new Set(groups.flatMap((one) => one.server_ids))

  const rolled = byItem(await readRolled(ctx, sight.servers))
  const byId = new Map(items.map((item) => [item.id, item]))
  let lookedAt = 0
  for (const item of items) {
    if (item.type !== 'server' || inCluster.has(item.id)) continue
    lookedAt += 1
    found.push({ subject: 'SERVER', item, name: item.name, id: item.id, judged: await judgeServer(ctx, item, rolled.get(item.id), sight) })
  }
  for (const group of groups) {
    const members = group.server_ids.flatMap((id) => byId.get(id) ?? [])
    const [first] = members
    if (!first || members.length < 2) continue
    lookedAt += 1
    found.push({
      subject: 'CLUSTER',
      item: first,
      name: group.name,
      id: group.id,
      judged: await judgeCluster(ctx, group, members, sight),
      members,
    })
  }
  const used = byItem(await readRolled(ctx, sight.volumes))
  const ends = await readUsedEnds(ctx, sight.volumes)
  for (const item of items) {
    if (item.type !== 'volume') continue
    lookedAt += 1
    const measured = fromRolled(used.get(item.id)?.get('used'), sight.volumes, sight.peak)
    found.push({
      subject: 'VOLUME',
      item,
      name: item.name,
      id: item.id,
      judged: judgeVolume(item, measured, ends.get(item.id), today, sight.rules),
    })
  }

  const excluded = await exclusionsOf(ctx, shadow)
  const counts: Record<string, number> = { KEEP: 0 }
  const runId = newId()
  const rows = found.flatMap(({ subject, item, name, id, judged, members }) => {
    // nothing was ever measured of it: counted, but no finding that somebody could act on
    const unseen = judged.verdict === 'NO_CONCLUSION' && judged.figures.cpu === null && subject === 'SERVER'
    const counted = unseen ? 'NOT_MEASURED' : judged.verdict
    counts[counted] = (counts[counted] ?? 0) + 1
    if (unseen || judged.verdict === 'KEEP') return []
    const parts = members ?? [item]
    const sum = (of: (one: Reclaimable) => number) => parts.reduce((total, one) => total + of(one), 0)
    return {
      id: newId(),
      run_id: runId,
      subject,
      item_id: id,
      item_name: name,
      tenant_id: item.tenantId,
      application_id: item.applicationId,
      verdict: judged.verdict as ReclaimVerdict,
      rule: judged.rule,
      figures: JSON.stringify(judged.figures),
      reason: JSON.stringify(judged.reason),
      excluded: excluded({ id, env: item.env, since: item.since }),
      case_id: null,
      vcpu: sum((one) => one.vcpu),
      mem_gib: sum((one) => one.memGiB),
      gib: sum((one) => one.gib),
    }
  })
  const run = {
    id: runId,
    at: ctx.now,
    by_name: ctx.actor.name,
    by_hand: byHand,
    shadow,
    rules: JSON.stringify(sight.rules),
    looked_at: lookedAt,
    counts: JSON.stringify(counts),
    done_at: ctx.now,
  }
  await insertRun(ctx.db, run)
  await insertFindings(ctx.db, rows)
  await ctx.record({ kind: 'reclaim.detected', subject: { type: 'reclaim-run', id: runId }, after: { lookedAt, counts, shadow } })
  return { ...run, rules: sight.rules, counts }
}

const toRun = (row: RunRow) => ({
  id: row.id,
  at: row.at.toString(),
  byName: row.by_name,
  byHand: row.by_hand,
  shadow: row.shadow,
  lookedAt: row.looked_at,
  counts: row.counts,
  doneAt: row.done_at?.toString() ?? null,
})

export async function runByHand(ctx: Ctx): Promise<Reply<Api['detect']>> {
  return toRun(await detect(ctx, true))
}
export async function listRuns(ctx: Ctx): Promise<Reply<Api['runs']>> {
  const runs = await latestRuns(ctx.db, 12)
  const until = await shadowUntil(ctx)
  const inShadow = Temporal.PlainDate.compare(shanghaiDay(ctx.now), until) < 0
  return { items: runs.map(toRun), shadowUntil: inShadow ? until.toString() : null }
}

export async function listCandidates(ctx: Ctx, input: Input<Api['candidates']>): Promise<Reply<Api['candidates']>> {
  const runId = input.runId ?? (await latestRuns(ctx.db, 1))[0]?.id
  if (!runId) return { items: [], next: null }
  const scope = scopeOf(ctx.actor, 'reclaim.read', 'R', 'r')
  const rows = await listFindings(ctx.db, { ...input, runId }, scope, readCursor(input.after), input.limit)
  const { items, next } = pageOf(rows, input.limit, (row) => ['', row.id])
  const names = await namesOf(ctx, items)
  return { items: items.map((row) => toFinding(row, names)), next }
}

const toFinding = (row: FindingRow, names: Awaited<ReturnType<typeof namesOf>>): FindingOut => ({
  id: row.id,
  subject: row.subject,
  itemId: row.item_id,
  itemName: row.item_name,
  tenantId: row.tenant_id,
  tenantName: names.tenant(row.tenant_id),
  applicationName: names.application(row.application_id),
  verdict: row.verdict,
  rule: row.rule,
  reason: row.reason,
  figures: row.figures,
  excluded: row.excluded,
  caseId: row.case_id,
  vcpu: row.vcpu,
  memGiB: row.mem_gib,
  gib: row.gib,
})
