import type { Ctx } from '../../platform/ctx.ts'
import type { Latest, RangeQuery, Selection, SeriesRange, SeriesSamples } from './engine.ts'
import { engine } from './engines.ts'

/**
 * What each chosen series comes to in each step: average, maximum, minimum, 95th percentile, last value, rate. No permission is asked: the
 * caller has decided. With an external engine this is a call to the outside with an end of 10 s.
 */
export const readRange = (ctx: Ctx, query: RangeQuery): Promise<SeriesRange[]> => engine().range(ctx, query)

/** The newest sample of each chosen series, at most `withinMs` old; a series that said it ended is left out. */
export const readLatest = (ctx: Ctx, query: Selection & { withinMs: number }): Promise<Latest[]> => engine().latest(ctx, query)

/** Single samples of a span. */
export const readSamples = (ctx: Ctx, query: Selection & { fromMs: number; toMs: number }): Promise<SeriesSamples[]> =>
  engine().samples(ctx, query)
