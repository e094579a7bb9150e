import type { MeasuredItem, MeasureFigure, ReclaimFigures, ReclaimMetric } from '@changbai/contract/reclaim.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { Reclaimable } from '../inventory/index.ts'
import { targetOf } from './case.service.ts'
import type { CaseRow } from './case.store.ts'
import { judgeCluster, judgeServer, judgeVolume, type Sight, sightOf } from './detect.service.ts'
import { fromRolled, type Observation, readDays, readRolled, readSeries, readUsedEnds, spanOf } from './measurement.ts'
import { measure, type Span } from './peak.domain.ts'

const SERVER_METRICS = [
  'cpu',
  'memory',
  'netIn',
  'netOut',
  'diskRead',
  'diskWrite',
  'diskReadBytes',
  'diskWriteBytes',
  'connections',
] as const
/** Storage is measured in operations or in bytes; of the way nobody measured there is no line, unless there is neither. */
const isIdle = (figure: MeasureFigure, all: readonly MeasureFigure[]): boolean => {
  if (figure.peak !== null) return false
  if (figure.metric.endsWith('Bytes')) return true
  return figure.metric.startsWith('disk') && all.some((one) => one.metric.endsWith('Bytes') && one.peak !== null)
}
const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(6)))

/** One measure with its peak, from the averages; a measure nobody took is a row without figures. */
async function figureOf(
  ctx: Ctx,
  itemId: string,
  metric: ReclaimMetric,
  observation: Observation,
  sight: Sight,
  away: readonly Span[],
): Promise<MeasureFigure> {
  const days = (await readDays(ctx, itemId, observation)).filter((day) => day.metric === metric)
  const samples = await readSeries(ctx, itemId, metric, observation)
  // one value a day speaks for its day
  const found = metric === 'used' ? null : measure(samples, observation.days, sight.peak, away, spanOf(observation))
  const seconds = days.reduce((sum, day) => sum + day.measuredSeconds, 0)
  const due = observation.days * 86_400
  const values = samples.map(({ value }) => value).sort((a, b) => a - b)
  const counted = found ? samples.filter(({ atMs }) => !away.some((span) => atMs < span.toMs && span.fromMs <= atMs)) : samples
  const top = counted.reduce<{ atMs: number; value: number } | null>((most, one) => (most && most.value >= one.value ? most : one), null)
  return {
    metric,
    peak: rounded(found ? found.peak : (values.at(-1) ?? null)),
    peakAt: top ? Temporal.Instant.fromEpochMilliseconds(top.atMs).toString() : null,
    p95: rounded(found ? found.p95 : (values[Math.ceil(values.length * 0.95) - 1] ?? null)),
    mean: rounded(found ? found.mean : values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length),
    greatestDaySum: rounded(found?.greatestDaySum ?? null),
    coverage: found ? found.coverage : Math.min(1, seconds / due),
    isCovered: found ? found.isCovered : seconds * 100 >= due * sight.peak.coveragePercent,
    intervalSeconds: days[0]?.intervalSeconds ?? null,
    source: days[0]?.source ?? null,
  }
}

async function measuredItem(ctx: Ctx, item: Reclaimable, observation: Observation, sight: Sight): Promise<MeasuredItem> {
  const away = sight.away.get(item.applicationId ?? '') ?? []
  const figures: MeasureFigure[] = []
  for (const metric of item.type === 'server' ? SERVER_METRICS : (['used'] as const))
    figures.push(await figureOf(ctx, item.id, metric, observation, sight, away))
  const used = item.type === 'volume' ? (await readDays(ctx, item.id, observation)).filter((day) => day.metric === 'used') : []
  const [first, last] = [used[0], used.at(-1)]
  return {
    itemType: item.type,
    itemId: item.id,
    name: item.name,
    vcpu: item.vcpu,
    memGiB: item.memGiB,
    gib: item.gib,
    figures: figures.filter((one) => !isIdle(one, figures)),
    attachedTo: item.serverName,
    detachedSince: item.detachedSince?.toString() ?? null,
    usedSeries: used.map((day) => ({ date: day.onDay.toString(), pct: Number(day.peak.toFixed(2)) })),
    growthPercent: first && last ? Number((last.mean - first.mean).toFixed(2)) : null,
  }
}

/** E2/F2: sums up what was measured of everything the case is about. @clause 4.5.2-1 4.5.3-1 */
export async function collectFigures(ctx: Ctx, row: CaseRow): Promise<ReclaimFigures> {
  const target = await targetOf(ctx, row.subject, row.item_id)
  if (!target) throw new Error(`what case ${row.number} is about is gone`)
  const sight = await sightOf(ctx)
  const observation = row.subject === 'VOLUME' ? sight.volumes : sight.servers
  const items: MeasuredItem[] = []
  for (const member of target.members) items.push(await measuredItem(ctx, member, observation, sight))
  const [first] = target.members as [Reclaimable, ...Reclaimable[]]
  const judged =
    row.subject === 'CLUSTER'
      ? await judgeCluster(ctx, { min_nodes: target.minNodes }, target.members, sight)
      : row.subject === 'SERVER'
        ? await judgeServer(ctx, first, new Map((await readRolled(ctx, sight.servers, [first.id])).map((one) => [one.measure, one])), sight)
        : judgeVolume(
            first,
            fromRolled(
              (await readRolled(ctx, sight.volumes, [first.id])).find((one) => one.measure === 'used'),
              sight.volumes,
              sight.peak,
            ),
            (await readUsedEnds(ctx, sight.volumes)).get(first.id),
            shanghaiDay(ctx.now),
            sight.rules,
          )
  const decisive = row.subject === 'VOLUME' ? 'used' : 'cpu'
  const shares = items.map((item) => item.figures.find((one) => one.metric === decisive)?.coverage ?? 0)
  return {
    from: observation.from.toString(),
    to: observation.to.subtract({ days: 1 }).toString(),
    coverage: Math.min(...shares),
    verdict: judged.verdict,
    reason: judged.reason,
    items,
    clusterPeaks: row.subject === 'CLUSTER' ? { cpu: judged.figures.cpu ?? null, memory: judged.figures.memory ?? null } : null,
  }
}
