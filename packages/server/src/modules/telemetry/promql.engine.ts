import { telemetryProblems } from '@changbai/contract/telemetry.ts'
import { z } from 'zod'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { type Engine, type RangePoint, type RangeQuery, SERIES_MAX, type Selection, STEPS_MAX } from './engine.ts'
import { digestOf, type Labels, type Matcher, type Series } from './series.domain.ts'
import { matchSeries } from './series.store.ts'

/** Longer than this nobody waits for a chart. */
const TIMEOUT_MS = 10_000
const value = z.tuple([z.number(), z.string()])
const Answer = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: value.optional(), values: z.array(value).optional() })),
  }),
})
type Result = z.output<typeof Answer>['data']['result'][number]

const quote = (text: string): string => JSON.stringify(text)
const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** `name{label="value",...}` with the name as a matcher, so that any name will do. */
export const selectorOf = (matchers: readonly Matcher[]): string =>
  `{${matchers.map(({ label, op, value }) => `${label}${op}${quote(value)}`).join(',')}}`

/** Samples in VictoriaMetrics, Prometheus or whatever speaks PromQL; which series measure what object is in our own register. */
export function promqlEngine(base: string): Engine {
  const ask = async (path: string, parameters: Record<string, string>): Promise<Result[]> => {
    const failed = (reason: string): never => fail(telemetryProblems.engineFailed, { reason })
    const reply = await fetch(`${base.replace(/\/$/, '')}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => failed((error as Error).message))
    if (!reply.ok) failed(`HTTP ${reply.status}`)
    const parsed = Answer.safeParse(await reply.json().catch(() => null))
    return parsed.success ? parsed.data.data.result : failed('unknown answer')
  }

  /** The series meant, by digest of their labels, and a selector that reaches at least those. */
  const choose = async (ctx: Ctx, selection: Selection): Promise<{ byDigest: Map<string, Series>; selector: string }> => {
    const rows = await matchSeries(ctx.db, selection, SERIES_MAX + 1)
    if (rows.length > SERIES_MAX) fail(telemetryProblems.tooManySeries, { limit: SERIES_MAX })
    const byDigest = new Map(
      rows.map(({ id, name, labels, item_id, digest }) => [digest.toString('hex'), { id, name, labels, itemId: item_id }]),
    )
    const matchers = [...selection.matchers]
    const instances = new Set(rows.map(({ labels }) => labels.instance))
    if (selection.itemIds && !instances.has(undefined) && instances.size <= 200)
      matchers.push({ label: 'instance', op: '=~', value: [...instances].map((one) => escapeRegex(one ?? '')).join('|') })
    if (!matchers.some(({ label }) => label === '__name__'))
      matchers.push({ label: '__name__', op: '=~', value: [...new Set(rows.map(({ name }) => escapeRegex(name)))].join('|') })
    return { byDigest, selector: selectorOf(matchers) }
  }
  /** Functions over time take the name away, so series are told apart by their other labels and the one name asked for. */
  const seriesOf = (byDigest: ReadonlyMap<string, Series>, metric: Labels, fallbackName: string): Series | undefined => {
    const { __name__: name = fallbackName, ...labels } = metric
    return byDigest.get(digestOf(name, labels).toString('hex'))
  }

  const range = async (ctx: Ctx, query: RangeQuery) => {
    const { fromMs, toMs, stepMs } = query
    if ((toMs - fromMs) / stepMs > STEPS_MAX) fail(telemetryProblems.tooManySteps, { limit: STEPS_MAX })
    const { byDigest, selector } = await choose(ctx, query)
    if (byDigest.size === 0) return []
    const names = new Set([...byDigest.values()].map(({ name }) => name))
    const found = new Map<Series, Map<number, RangePoint>>()
    const step = `${stepMs}ms`
    const steps = { start: String((fromMs + stepMs) / 1000), end: String((toMs + stepMs - 1) / 1000), step: String(stepMs / 1000) }
    const blank = { count: 0, avg: 0, max: 0, min: 0, last: 0, p95: null, rate: null }
    const functions: Record<'avg' | 'max' | 'min' | 'last' | 'p95' | 'count' | 'rate', (s: string) => string> = {
      avg: (s) => `avg_over_time(${s}[${step}])`,
      max: (s) => `max_over_time(${s}[${step}])`,
      min: (s) => `min_over_time(${s}[${step}])`,
      last: (s) => `last_over_time(${s}[${step}])`,
      p95: (s) => `quantile_over_time(0.95, ${s}[${step}])`,
      count: (s) => `count_over_time(${s}[${step}])`,
      rate: (s) => `rate(${s}[${Math.max(stepMs, 120_000)}ms])`,
    }
    for (const name of names) {
      const named = selector.replace(/__name__(=~|=)"(?:[^"\\]|\\.)*"/, `__name__=${quote(name)}`)
      for (const [field, expression] of Object.entries(functions)) {
        for (const { metric, values = [] } of await ask('query_range', { query: expression(named), ...steps })) {
          const series = seriesOf(byDigest, metric, name)
          if (!series) continue
          const points = found.get(series) ?? new Map<number, RangePoint>()
          found.set(series, points)
          for (const [seconds, text] of values) {
            const at = Math.round(seconds * 1000) - stepMs
            if (field === 'avg') points.set(at, { at, ...blank, avg: Number(text) })
            else {
              const point = points.get(at)
              if (point) Object.assign(point, { [field]: Number(text) })
            }
          }
        }
      }
    }
    return [...found].map(([series, points]) => ({ series, points: [...points.values()].sort((a, b) => a.at - b.at) }))
  }

  const raw = async (ctx: Ctx, query: Selection & { fromMs: number; toMs: number }) => {
    const { byDigest, selector } = await choose(ctx, query)
    if (byDigest.size === 0) return []
    const time = String((query.toMs - 1) / 1000)
    const found = await ask('query', { query: `${selector}[${query.toMs - query.fromMs}ms]`, time })
    return found.flatMap(({ metric, values = [] }) => {
      const series = seriesOf(byDigest, metric, '')
      const finite = values.filter(([, text]) => Number.isFinite(Number(text)))
      if (!series || finite.length === 0) return []
      return [
        {
          series,
          at: Float64Array.from(finite, ([seconds]) => Math.round(seconds * 1000)),
          values: Float64Array.from(finite, ([, text]) => Number(text)),
        },
      ]
    })
  }

  return {
    range,
    samples: raw,
    async latest(ctx, query) {
      const { byDigest, selector } = await choose(ctx, query)
      if (byDigest.size === 0) return []
      const now = ctx.now.epochMilliseconds
      // a plain selector hides series that have ended, unlike a function over time
      const found = await ask('query', { query: selector, time: String(now / 1000) })
      return found.flatMap(({ metric, value: one }) => {
        const series = seriesOf(byDigest, metric, '')
        if (!series || !one || !Number.isFinite(Number(one[1]))) return []
        return [{ series, at: Math.round(one[0] * 1000), value: Number(one[1]) }]
      })
    },
  }
}
