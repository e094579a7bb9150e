import type { Ctx } from '../../platform/ctx.ts'
import type { Matcher, Series } from './series.domain.ts'

/** Which series, at least one of both: by labels, or by the objects they measure. */
export interface Selection {
  matchers: readonly Matcher[]
  itemIds?: readonly string[]
}

export interface RangeQuery extends Selection {
  /** Milliseconds since 1970; half-open. Steps begin at `fromMs`. */
  fromMs: number
  toMs: number
  stepMs: number
}

/** What one step of one series comes to. A step without samples is left out. */
export interface RangePoint {
  /** Where the step begins, milliseconds since 1970. */
  at: number
  /** How many samples; 0 where the engine does not tell. */
  count: number
  avg: number
  max: number
  min: number
  last: number
  /** Null where only five-minute roll-ups are left. */
  p95: number | null
  /** Increase of a counter in one second, resets allowed for; null if it cannot be told. */
  rate: number | null
}
export interface SeriesRange {
  series: Series
  points: RangePoint[]
}

export interface Latest {
  series: Series
  at: number
  value: number
}
export interface SeriesSamples {
  series: Series
  at: Float64Array
  /** Stale markers and what is no number are left out. */
  values: Float64Array
}

/** Where samples are read from: our own store, or an engine that speaks PromQL. The face of the module is the same. */
export interface Engine {
  range(ctx: Ctx, query: RangeQuery): Promise<SeriesRange[]>
  /** The newest sample of each series that has not ended, no older than `withinMs`. */
  latest(ctx: Ctx, query: Selection & { withinMs: number }): Promise<Latest[]>
  /** Single samples, for replays and evidence. */
  samples(ctx: Ctx, query: Selection & { fromMs: number; toMs: number }): Promise<SeriesSamples[]>
}

/** More series than this in one question are refused: it asks for a narrower choice of labels. */
export const SERIES_MAX = 5_000
/** Steps of one series in one answer. */
export const STEPS_MAX = 12_000
