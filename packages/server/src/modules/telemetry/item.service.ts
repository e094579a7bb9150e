import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Server } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type Annotation, type telemetryApi, telemetryProblems } from '@changbai/contract/telemetry.ts'
import { requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { findMonitored, type Monitored, monitoredServers } from '../inventory/index.ts'
import { STEPS_MAX } from './engine.ts'
import { type Measured, measureItems, measuresOf, type Span } from './measure.service.ts'
import { measures } from './measures.domain.ts'
import { readRange } from './read.service.ts'
import { metricNames } from './series.store.ts'

type Api = typeof telemetryApi

/** Steps a chart shows at most; more are narrower than a pixel. */
const CHART_STEPS = 360
const STEPS_SECONDS = [15, 30, 60, 300, 900, 1800, 3600, 7200, 21_600, 86_400]
/** Servers one ranking looks at; more would take longer than anybody waits. */
const RANKED_MAX = 500
const METRICS_MAX = 500

declare module '../../platform/ctx.ts' {
  interface Events {
    /** A question within one reply: what happened to an object within a span? Whoever knows adds to `found`. */
    'telemetry.annotations-asked': {
      itemId: string
      applicationId: string | null
      from: Temporal.Instant
      to: Temporal.Instant
      found: Annotation[]
    }
  }
}

function spanOf({ from, to }: { from: string; to: string }): Span {
  const span = { fromMs: Date.parse(from), toMs: Date.parse(to) }
  if (!(span.toMs > span.fromMs)) fail(commonProblems.invalid, {}, [{ path: 'to', code: 'custom', message: 'to > from' }])
  return span
}

async function seenObject(ctx: Ctx, itemId: string): Promise<Monitored> {
  const found = (await findMonitored(ctx, itemId)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'monitor.read', ['R', 'r'], found)
  return found
}

const at = (ms: number): string => new Date(ms).toISOString()
const toMeasure = ({ measure, points, peak, peakAt, average, p95, coverage }: Measured) => ({
  measure,
  unit: measures[measure].unit,
  points: points.map((point) => ({ at: at(point.at), avg: point.avg, max: point.max, min: point.min })),
  peak,
  peakAt: at(peakAt),
  average,
  p95,
  coverage,
})

/** @clause 5.1-3 */
export async function getItemMeasures(ctx: Ctx, input: Input<Api['item']>): Promise<Reply<Api['item']>> {
  const object = await seenObject(ctx, input.itemId)
  const span = spanOf(input)
  const fitting = STEPS_SECONDS.find((seconds) => (span.toMs - span.fromMs) / (seconds * 1000) <= CHART_STEPS) ?? 86_400
  const stepSeconds = input.stepSeconds ?? fitting
  if ((span.toMs - span.fromMs) / (stepSeconds * 1000) > STEPS_MAX) fail(telemetryProblems.tooManySteps, { limit: STEPS_MAX })
  const found: Annotation[] = []
  await ctx.publish('telemetry.annotations-asked', {
    itemId: object.id,
    applicationId: object.applicationId,
    from: Temporal.Instant.from(input.from),
    to: Temporal.Instant.from(input.to),
    found,
  })
  return {
    item: { id: object.id, type: object.type, name: object.name },
    stepSeconds,
    measures: (await measuresOf(ctx, object.id, span, stepSeconds * 1000)).map(toMeasure),
    annotations: found.sort((a, b) => (a.from < b.from ? -1 : 1)),
    metrics: await metricNames(ctx.db, object.id, METRICS_MAX),
  }
}

export async function getItemMetric(ctx: Ctx, input: Input<Api['metric']>): Promise<Reply<Api['metric']>> {
  const object = await seenObject(ctx, input.itemId)
  const found = await readRange(ctx, {
    ...spanOf(input),
    stepMs: input.stepSeconds * 1000,
    itemIds: [object.id],
    matchers: [{ label: '__name__', op: '=', value: input.name }],
  })
  return {
    series: found.map(({ series, points }) => ({
      labels: series.labels,
      points: points.map(({ at: ms, avg, max, min, p95, rate }) => ({ at: at(ms), avg, max, min, p95, rate })),
    })),
  }
}

/** Servers the caller may see, by one figure of one measure, greatest first. */
export async function rankServers(ctx: Ctx, input: Input<Api['top']>): Promise<Reply<Api['top']>> {
  const servers = (await monitoredServers(ctx, scopeOf(ctx.actor, 'monitor.read', 'R', 'r'))).slice(0, RANKED_MAX)
  const byId = new Map(servers.map((server) => [server.id, server]))
  const found = await measureItems(ctx, input.measure, [...byId.keys()], spanOf(input))
  return {
    unit: measures[input.measure].unit,
    servers: servers.length,
    items: [...found]
      .sort(([, a], [, b]) => b[input.by] - a[input.by])
      .slice(0, input.limit)
      .map(([itemId, { peak, average, p95, coverage }]) => {
        const server = byId.get(itemId) as Server
        return { itemId, name: server.name, applicationName: server.applicationName ?? null, peak, average, p95, coverage }
      }),
  }
}
