import type { CoverageRow } from '@changbai/contract/alarm.shapes.ts'
import type { alarmApi } from '@changbai/contract/alarm.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { type WatchedItem, watchedPage } from '../inventory/index.ts'
import { readingsOf, readSince } from './reading.store.ts'
import { rulesInForce } from './rule.service.ts'
import type { Metric, ObjectClass } from './rules/pack.domain.ts'

type Api = typeof alarmApi

/** What the inventory calls a thing, and what rule packs expect of it. */
const classes: Readonly<Record<string, ObjectClass>> = {
  vm: 'vm',
  baremetal: 'baremetal',
  SWITCH: 'network-device',
  ROUTER: 'network-device',
  FIREWALL: 'network-device',
  BALANCER: 'network-device',
  STORAGE: 'storage-array',
  LINE: 'uplink',
}
export const classOf = (item: Pick<WatchedItem, 'kind'>): ObjectClass | undefined => classes[item.kind]
/** Kinds of things that something is expected of. */
export const WATCHED_KINDS: readonly string[] = Object.keys(classes)
const kindsOf = (wanted: string | undefined): string[] =>
  Object.keys(classes).filter((kind) => wanted === undefined || classes[kind] === wanted)

/** Reported at least this recently: readings are written down every two minutes. Table alarm_reading ends a stretch after as long (migration 0117). */
export const FRESH = { minutes: 10 }

/** Metrics each class of object should report, from the packs in force. */
export async function expectedMetrics(ctx: Ctx): Promise<Map<ObjectClass, Metric[]>> {
  const metrics = new Map((await rulesInForce(ctx)).metric.map(({ metric }) => [metric.id, metric]))
  const expected = new Map<ObjectClass, Metric[]>()
  for (const metric of metrics.values()) for (const one of metric.expects) expected.set(one, [...(expected.get(one) ?? []), metric])
  return expected
}

/** What each object should report and does not. @clause 5.1-3 5.2-0 5.3-1 */
export async function listCoverage(ctx: Ctx, input: Input<Api['coverage']>): Promise<Reply<Api['coverage']>> {
  const expected = await expectedMetrics(ctx)
  const cursor = readCursor(input.after)
  const items = await watchedPage(ctx, kindsOf(input.objectClass || undefined), cursor, input.limit)
  const { items: shown, next } = pageOf(items, input.limit, (item) => [item.name, item.id])
  const rows = await coverageOf(ctx, shown, expected)
  return {
    items: input.gaps ? rows.filter(({ missing }) => missing > 0) : rows,
    next,
    ...(input.after ? {} : { topics: await topicsOf(ctx, expected) }),
  }
}

async function coverageOf(
  ctx: Ctx,
  items: readonly WatchedItem[],
  expected: ReadonlyMap<ObjectClass, readonly Metric[]>,
): Promise<CoverageRow[]> {
  const readings = Map.groupBy(
    await readingsOf(
      ctx.db,
      items.map(({ id }) => id),
    ),
    (row) => `${row.object_id} ${row.metric}`,
  )
  const since = ctx.now.subtract(FRESH)
  return items.map((item) => {
    const wanted = expected.get(classOf(item) as ObjectClass) ?? []
    const metrics = wanted.map(({ id, topic }) => {
      const last = readings
        .get(`${item.id} ${id}`)
        ?.map((row) => row.last_at)
        .sort(Temporal.Instant.compare)
        .at(-1)
      const state = !last ? ('NEVER' as const) : Temporal.Instant.compare(last, since) < 0 ? ('SILENT' as const) : ('REPORTING' as const)
      return { metric: id, topic, state, lastAt: last?.toString() ?? null }
    })
    return {
      objectId: item.id,
      objectType: item.type,
      objectClass: classOf(item) ?? item.kind,
      name: item.name,
      tenantId: item.tenantId,
      applicationId: item.applicationId,
      metrics,
      missing: metrics.filter(({ state }) => state !== 'REPORTING').length,
    }
  })
}

const ALL = 20_000
async function topicsOf(ctx: Ctx, expected: ReadonlyMap<ObjectClass, readonly Metric[]>) {
  const items = await watchedPage(ctx, kindsOf(undefined), undefined, ALL)
  const state = new Map((await readSince(ctx.db, ctx.now.subtract(FRESH))).map((row) => [`${row.objectId} ${row.metric}`, row.fresh]))
  const topics = new Map<string, { topic: string; clause: string | null; objects: number; reporting: number; silent: number }>()
  for (const item of items) {
    const wanted = expected.get(classOf(item) as ObjectClass) ?? []
    for (const [topic, metrics] of Map.groupBy(wanted, (metric) => metric.topic)) {
      const line = topics.get(topic) ?? { topic, clause: metrics[0]?.clause ?? null, objects: 0, reporting: 0, silent: 0 }
      const known = metrics.map(({ id }) => state.get(`${item.id} ${id}`))
      line.objects += 1
      if (known.every((fresh) => fresh === true)) line.reporting += 1
      else if (known.some((fresh) => fresh === false)) line.silent += 1
      topics.set(topic, line)
    }
  }
  return [...topics.values()]
}
