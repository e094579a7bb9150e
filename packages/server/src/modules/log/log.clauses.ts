import { SHANGHAI } from '../../platform/time.ts'
import type { ClauseSource } from '../plan/index.ts'
import { anyReviewBefore, reviewsBetween } from './review.store.ts'

/** The logs of a day are read on it, or on the day after while its last lines still came; an older day read late is no reading of today. */
const READ_WITHIN_DAYS = 1

/** @clause 5.2-4 */
export const logClauses: readonly ClauseSource[] = [
  {
    of: 'device-log-review',
    meter: 'rhythm',
    events: async (ctx, { from, to }) =>
      (await reviewsBetween(ctx.db, from, to)).map((row) => {
        const behind = row.day.until(row.at.toZonedDateTimeISO(SHANGHAI).toPlainDate()).days
        return { at: row.at.toString(), type: 'log-review', id: row.id, valid: row.summary.lines > 0 && behind <= READ_WITHIN_DAYS }
      }),
    begun: (ctx, before) => anyReviewBefore(ctx.db, before),
  },
]
