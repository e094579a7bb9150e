import { telemetryProblems } from '@changbai/contract/telemetry.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { readRollups, windowsBetween } from './chunk.store.ts'
import { readPoints } from './embedded.store.ts'
import { type Engine, type RangeQuery, SERIES_MAX, type Selection, STEPS_MAX } from './engine.ts'
import { GAP_MS, RangeSum } from './read.domain.ts'
import type { Series } from './series.domain.ts'
import { matchSeries, type SeriesRecord } from './series.store.ts'
import { windowOf } from './store/chunk.domain.ts'
import { isStale } from './store/column.domain.ts'
import { DAY_MS, decodeHours, decodeSlots, FIVE_MS, HOUR_MS, type Hours, type Slots } from './store/rollup.domain.ts'

/** Below this span the single samples are read: they are few and their percentiles exact. */
const RAW_SPAN_MS = 6 * HOUR_MS
const toSeries = ({ id, name, labels, item_id }: SeriesRecord): Series => ({ id, name, labels, itemId: item_id })
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

async function select(ctx: Ctx, selection: Selection): Promise<SeriesRecord[]> {
  const found = await matchSeries(ctx.db, selection, SERIES_MAX + 1)
  if (found.length > SERIES_MAX) fail(telemetryProblems.tooManySeries, { limit: SERIES_MAX })
  return found
}

async function range(ctx: Ctx, query: RangeQuery) {
  const { fromMs, toMs, stepMs } = query
  if ((toMs - fromMs) / stepMs > STEPS_MAX) fail(telemetryProblems.tooManySteps, { limit: STEPS_MAX })
  const found = await select(ctx, query)
  const ids = found.map(({ id }) => id)
  const sums = new Map(ids.map((id) => [id, new RangeSum(query)]))
  const fits = (size: number): boolean => stepMs % size === 0 && fromMs % size === 0
  const size = toMs - fromMs <= RAW_SPAN_MS ? null : fits(HOUR_MS) ? HOUR_MS : fits(FIVE_MS) ? FIVE_MS : null
  const rolled = new Set<number>()
  if (size)
    for (const window of await windowsBetween(ctx.db, windowOf(fromMs - size), toMs)) if (window.isRolled) rolled.add(window.windowMs)
  if (size && rolled.size > 0) {
    const kind = size === HOUR_MS ? 'hour' : 'five'
    for (const row of await readRollups(ctx.db, ids, dayOf(fromMs - size), dayOf(toMs), kind)) {
      const day = Date.parse(row.day)
      const { slots, histograms }: { slots: Slots; histograms: Hours['histograms'] | null } =
        size === HOUR_MS ? decodeHours(row.hour) : { slots: decodeSlots(row.five), histograms: null }
      const sum = sums.get(row.seriesId) as RangeSum
      for (const [number, slot] of slots) {
        const at = day + number * size
        // one slot before the span tells where a counter stood
        if (at >= fromMs - size && at < toMs && rolled.has(windowOf(at))) sum.addSlot(at, size, slot, histograms?.get(number) ?? null)
      }
    }
  }
  const isWanted = (window: number): boolean => !rolled.has(window)
  for (const [id, parts] of await readPoints(ctx.db, ids, fromMs - GAP_MS, toMs, isWanted))
    for (const points of parts) sums.get(id)?.addPoints(points)
  return found.flatMap((row) => {
    const points = sums.get(row.id)?.points() ?? []
    return points.length > 0 ? [{ series: toSeries(row), points }] : []
  })
}

/** Samples in our own PostgreSQL. A day in the middle that was not summed up yet is read sample by sample. */
export const embeddedEngine: Engine = {
  range,
  async latest(ctx, query) {
    const found = await select(ctx, query)
    const now = ctx.now.epochMilliseconds
    const ids = found.map(({ id }) => id)
    const points = await readPoints(ctx.db, ids, now - query.withinMs, now + DAY_MS)
    return found.flatMap((row) => {
      const last = points.get(row.id)?.at(-1)
      if (!last || last.length === 0 || isStale(last.value, last.length - 1)) return []
      const value = last.value.values[last.length - 1] as number
      return Number.isFinite(value) ? [{ series: toSeries(row), at: last.at[last.length - 1] as number, value }] : []
    })
  },
  async samples(ctx, query) {
    const found = await select(ctx, query)
    const ids = found.map(({ id }) => id)
    const points = await readPoints(ctx.db, ids, query.fromMs, query.toMs)
    return found.flatMap((row) => {
      const at: number[] = []
      const values: number[] = []
      for (const part of points.get(row.id) ?? [])
        for (let i = 0; i < part.length; i++) {
          if (!Number.isFinite(part.value.values[i])) continue
          at.push(part.at[i] as number)
          values.push(part.value.values[i] as number)
        }
      return at.length > 0 ? [{ series: toSeries(row), at: Float64Array.from(at), values: Float64Array.from(values) }] : []
    })
  },
}
