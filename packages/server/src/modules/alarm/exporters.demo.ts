import type { Ctx } from '../../platform/ctx.ts'
import { watchedThen } from '../inventory/index.ts'
import { classOf, expectedMetrics, WATCHED_KINDS } from './coverage.service.ts'
import { keepReadings } from './evaluate.service.ts'
import { beginReadings } from './reading.store.ts'

const ITEMS_MAX = 5_000

interface Word {
  item: Awaited<ReturnType<typeof watchedThen>>[number]
  metric: string
  value: number
}

/** Everything that simulated exporters have to say: each thing is there and well. */
async function words(ctx: Ctx, at: Temporal.Instant): Promise<Word[]> {
  const expected = await expectedMetrics(ctx)
  return (await watchedThen(ctx, WATCHED_KINDS, at, ITEMS_MAX)).flatMap((item, index) =>
    (expected.get(classOf(item) ?? 'vm') ?? []).map(({ id, unit }) => ({
      item,
      metric: id,
      value: unit === '%' ? 20 + (index % 30) : normal(id),
    })),
  )
}
/** What says "up" with a one; every other state is well at zero. */
const normal = (metric: string): number => (/^(reach|device\.reachable|nic)/.test(metric) ? 1 : metric.startsWith('temperature') ? 24 : 0)

/**
 * A simulated cloud has simulated exporters: what they reported since a thing was there, as one stretch without silence. A thing that was begun already
 * stays as it is.
 */
export async function beginSimulatedExporters(
  ctx: Ctx,
  { from, until }: { from: Temporal.Instant; until: Temporal.Instant },
): Promise<void> {
  await beginReadings(
    ctx.db,
    (await words(ctx, ctx.now)).map(({ item: { id, createdAt }, metric, value }) => ({
      metric,
      object_key: id,
      object_id: id,
      labels: {},
      value,
      first_at: Temporal.Instant.compare(createdAt, from) > 0 ? createdAt : from,
      last_at: until,
    })),
  )
}

/** What they report now. */
export async function runSimulatedExporters(ctx: Ctx): Promise<void> {
  const at = ctx.now.epochMilliseconds
  await keepReadings(
    ctx,
    (await words(ctx, ctx.now)).map(({ item, metric, value }) => ({ metric, itemId: item.id, labels: {}, value, at })),
  )
}
