import { type MeasureId, measureIds } from '@changbai/contract/telemetry.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { SeriesRange } from './engine.ts'
import { engine } from './engines.ts'
import { applyFormula, type Dialect, measures, reduceBy, type Term } from './measures.domain.ts'
import { quantileOfSorted } from './store/histogram.domain.ts'
import { FIVE_MS } from './store/rollup.domain.ts'

export interface Span {
  fromMs: number
  toMs: number
}
export interface MeasuredPoint {
  at: number
  avg: number
  max: number
  min: number
}
/** What a measure of one object comes to over a span. */
export interface Measured {
  measure: MeasureId
  points: MeasuredPoint[]
  /** The greatest five-minute average outside the excluded spans, and when. */
  peak: number
  peakAt: number
  average: number
  /** Of the five-minute averages. */
  p95: number
  /** Measured five-minute slots by those of the span, the excluded ones left out of both. */
  coverage: number
}

/** Objects asked about at once: their series must stay below the limit of one question. */
const ITEMS_AT_ONCE = 100

/** Numbers of one term by object and step. */
function valuesOf(term: Term, found: readonly SeriesRange[]): Map<string, Map<number, number>> {
  const gathered = new Map<string, Map<number, number[]>>()
  for (const { series, points } of found) {
    if (!series.itemId) continue
    const steps = gathered.get(series.itemId) ?? new Map<number, number[]>()
    gathered.set(series.itemId, steps)
    for (const point of points) {
      const value = term.take === 'rate' ? point.rate : point.avg
      if (value === null) continue
      const there = steps.get(point.at)
      if (there) there.push(value)
      else steps.set(point.at, [value])
    }
  }
  return new Map([...gathered].map(([id, steps]) => [id, new Map([...steps].map(([at, numbers]) => [at, reduceBy(term.reduce, numbers)]))]))
}

async function evaluate(
  ctx: Ctx,
  { formula, a, b }: Dialect,
  itemIds: readonly string[],
  span: Span,
  stepMs: number,
): Promise<Map<string, Map<number, number>>> {
  const ask = async (term: Term): Promise<Map<string, Map<number, number>>> =>
    valuesOf(
      term,
      await engine().range(ctx, {
        ...span,
        stepMs,
        itemIds,
        matchers: [{ label: '__name__', op: '=', value: term.metric }, ...term.matchers],
      }),
    )
  const first = await ask(a)
  const second = b && first.size > 0 ? await ask(b) : undefined
  const found = new Map<string, Map<number, number>>()
  for (const [id, steps] of first) {
    const values = new Map<number, number>()
    for (const [at, one] of steps) {
      const value = applyFormula(formula, one, second?.get(id)?.get(at))
      if (value !== null) values.set(at, value)
    }
    if (values.size > 0) found.set(id, values)
  }
  return found
}

/**
 * A measure of several objects over a span; objects that report nothing of it are left out.
 * @param stepMs of the points; statistics are always those of five-minute averages
 * @param excluded spans that do not count for statistics, such as planned downtime
 */
export async function measureItems(
  ctx: Ctx,
  measure: MeasureId,
  itemIds: readonly string[],
  { fromMs, toMs }: Span,
  { stepMs = FIVE_MS, excluded = [] }: { stepMs?: number; excluded?: readonly Span[] } = {},
): Promise<Map<string, Measured>> {
  const fine = Math.min(stepMs, FIVE_MS)
  const span = { fromMs: Math.floor(fromMs / FIVE_MS) * FIVE_MS, toMs }
  const found = new Map<string, Measured>()
  for (let at = 0; at < itemIds.length; at += ITEMS_AT_ONCE) {
    let open = itemIds.slice(at, at + ITEMS_AT_ONCE)
    for (const dialect of measures[measure].dialects) {
      if (open.length === 0) break
      for (const [id, values] of await evaluate(ctx, dialect, open, span, fine)) {
        const result = summarise(measure, values, span, stepMs, excluded)
        if (result) found.set(id, result)
      }
      open = open.filter((id) => !found.has(id))
    }
  }
  return found
}

/** All measures one object reports. */
export async function measuresOf(ctx: Ctx, itemId: string, span: Span, stepMs: number): Promise<Measured[]> {
  const found: Measured[] = []
  for (const measure of measureIds) {
    const one = (await measureItems(ctx, measure, [itemId], span, { stepMs })).get(itemId)
    if (one) found.push(one)
  }
  return found
}

const isWithin = (at: number, spans: readonly Span[]): boolean => spans.some(({ fromMs, toMs }) => at + FIVE_MS > fromMs && at < toMs)

function groupBy(values: ReadonlyMap<number, number>, origin: number, size: number): MeasuredPoint[] {
  const groups = new Map<number, number[]>()
  for (const [at, value] of values) {
    const start = origin + Math.floor((at - origin) / size) * size
    const group = groups.get(start)
    if (group) group.push(value)
    else groups.set(start, [value])
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([at, group]) => ({ at, avg: reduceBy('avg', group), max: Math.max(...group), min: Math.min(...group) }))
}

function summarise(
  measure: MeasureId,
  values: ReadonlyMap<number, number>,
  { fromMs, toMs }: Span,
  stepMs: number,
  excluded: readonly Span[],
): Measured | undefined {
  const counted = groupBy(values, fromMs, FIVE_MS).filter(({ at }) => !isWithin(at, excluded))
  let expected = 0
  for (let at = fromMs; at < toMs; at += FIVE_MS) if (!isWithin(at, excluded)) expected += 1
  const [first] = counted
  if (!first) return undefined
  const top = counted.reduce((best, one) => (one.avg > best.avg ? one : best), first)
  const sorted = Float64Array.from(counted, ({ avg }) => avg).sort()
  return {
    measure,
    points: groupBy(values, fromMs, stepMs),
    peak: top.avg,
    peakAt: top.at,
    average: reduceBy(
      'avg',
      counted.map(({ avg }) => avg),
    ),
    p95: quantileOfSorted(sorted, 0.95),
    coverage: Math.min(1, counted.length / Math.max(1, expected)),
  }
}
