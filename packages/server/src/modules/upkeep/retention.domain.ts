/** A backup that is kept, by the day it was taken on. */
export interface Kept {
  id: string
  kind: 'SCHEDULED' | 'MANUAL' | 'UPGRADE'
  takenOn: Temporal.PlainDate
}

/** Backups before an upgrade are few and are what a roll-back needs. */
export const UPGRADES_KEPT = 5

/**
 * Which backups may go: older than `keepDays`, and not the first of their month within `keepMonths`. The newest is always kept, and so are
 * the last upgrades.
 * @param backups in any order
 */
export function removableBackups(
  backups: readonly Kept[],
  today: Temporal.PlainDate,
  { keepDays, keepMonths }: { keepDays: number; keepMonths: number },
): string[] {
  const inOrder = backups.toSorted((a, b) => Temporal.PlainDate.compare(a.takenOn, b.takenOn))
  const firstOfMonth = new Map<string, string>()
  for (const { id, kind, takenOn } of inOrder) {
    const month = takenOn.toPlainYearMonth().toString()
    if (kind !== 'UPGRADE' && !firstOfMonth.has(month)) firstOfMonth.set(month, id)
  }
  const upgrades = inOrder.filter(({ kind }) => kind === 'UPGRADE').slice(-UPGRADES_KEPT)
  const keep = new Set([inOrder.at(-1)?.id, ...upgrades.map(({ id }) => id)])
  return inOrder
    .filter(({ id, kind, takenOn }) => {
      if (keep.has(id)) return false
      if (kind === 'UPGRADE') return true
      if (Temporal.PlainDate.compare(takenOn, today.subtract({ days: keepDays })) >= 0) return false
      const monthly = firstOfMonth.get(takenOn.toPlainYearMonth().toString()) === id
      return !(monthly && Temporal.PlainDate.compare(takenOn, today.subtract({ months: keepMonths })) >= 0)
    })
    .map(({ id }) => id)
}

/** Backups are taken nightly: a day and a bit without one is late. Drills are monthly. */
export const BACKUP_LATE_HOURS = 26
export const DRILL_LATE_DAYS = 35

/** Late by the last success, or by the beginning where there was none. */
export const isBackupLate = (lastAt: Temporal.Instant, now: Temporal.Instant): boolean =>
  Temporal.Instant.compare(lastAt.add({ hours: BACKUP_LATE_HOURS }), now) < 0
export const isDrillLate = (lastAt: Temporal.Instant, now: Temporal.Instant): boolean =>
  Temporal.Instant.compare(lastAt.add({ hours: 24 * DRILL_LATE_DAYS }), now) < 0
