import type { AlarmRow } from './alarm.store.ts'
import type { Watch } from './stages/alarm.domain.ts'
import { nextDue } from './stages/pipeline.domain.ts'

const ms = (at: Temporal.Instant | null): number | null => at?.epochMilliseconds ?? null
const instant = (at: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(at)
const instantOrNull = (at: number | null): Temporal.Instant | null => (at === null ? null : instant(at))

export const watchOf = (row: AlarmRow): Watch => ({
  state: row.state,
  level: row.level,
  topLevel: row.top_level,
  since: row.since_at.epochMilliseconds,
  firedAt: ms(row.fired_at),
  goodAt: ms(row.good_at),
  closedAt: ms(row.closed_at),
  closeReason: row.close_reason,
  missingAt: ms(row.missing_at),
  lastAt: row.last_at.epochMilliseconds,
  turns: row.turns,
  flapping: row.flapping,
  root: row.root_id ? { id: row.root_id, label: row.root_label ?? '' } : null,
  storm: row.storm,
  muted: row.muted,
  toldLevel: row.told_level,
  step: row.step,
  acked: row.acked_at !== null,
  timers: row.timers,
  reopened: row.reopened,
})

/** What of a row the stages decide. */
export function columnsOf(watch: Watch) {
  const due = nextDue(watch)
  return {
    state: watch.state,
    level: watch.level,
    top_level: watch.topLevel,
    since_at: instant(watch.since),
    fired_at: instantOrNull(watch.firedAt),
    good_at: instantOrNull(watch.goodAt),
    closed_at: instantOrNull(watch.closedAt),
    close_reason: watch.closeReason,
    missing_at: instantOrNull(watch.missingAt),
    last_at: instant(watch.lastAt),
    turns: watch.turns,
    flapping: watch.flapping,
    root_id: watch.root?.id ?? null,
    root_label: watch.root?.label ?? null,
    storm: watch.storm,
    muted: watch.muted,
    told_level: watch.toldLevel,
    step: watch.step,
    timers: watch.timers as Record<string, number>,
    next_at: instantOrNull(due),
    reopened: watch.reopened,
    // a new round begins without anybody having acknowledged it
    ...(watch.acked ? {} : { acked_by: null, acked_by_name: null, acked_at: null }),
  }
}
