/** What grows by itself with time: no reason to call a row changed. */
const GROWING = new Set(['usedRatio', 'left'])
const stamp = (row: unknown): string => JSON.stringify(row, (key, value) => (GROWING.has(key) ? undefined : value))

/** How many rows differ between what is shown and what the server has now. */
export function countChanges<T>(shown: readonly T[], now: readonly T[], rowKey: (row: T) => string): number {
  const before = new Map(shown.map((row) => [rowKey(row), stamp(row)]))
  const changed = now.filter((row) => before.get(rowKey(row)) !== stamp(row)).length
  // on a full page rows that moved on are pushed out by new ones, which are counted already
  const gone = Math.max(0, shown.length - now.length)
  return changed + gone
}
