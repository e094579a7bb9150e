/** A stretch of time in whole milliseconds since 1970-01-01T00:00Z, half-open: `from` belongs to it, `to` does not. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Drops what is empty, sorts, and joins what overlaps or touches. The result depends on the set only, not on its order. */
export function unionOf(spans: readonly Span[]): Span[] {
  const sorted = spans.filter(({ from, to }) => from < to)
  // what a chain holds is nearly always in order already; a sort of ten thousand would be most of the work
  if (sorted.some((span, index) => index > 0 && span.from < (sorted[index - 1] as Span).from)) sorted.sort((a, b) => a.from - b.from)
  const joined: Span[] = []
  let from = 0
  let to = Number.NEGATIVE_INFINITY
  for (const span of sorted) {
    if (span.from > to) {
      if (to > from) joined.push({ from, to })
      from = span.from
      to = span.to
    } else if (span.to > to) to = span.to
  }
  if (to > from) joined.push({ from, to })
  return joined
}

/** @param base and @param cut as {@link unionOf} returns them */
export function withoutSpans(base: readonly Span[], cut: readonly Span[]): Span[] {
  const rest: Span[] = []
  let next = 0
  for (const span of base) {
    let from = span.from
    while (next < cut.length && (cut[next] as Span).to <= from) next++
    for (let at = next; at < cut.length && (cut[at] as Span).from < span.to; at++) {
      const hole = cut[at] as Span
      if (hole.from > from) rest.push({ from, to: hole.from })
      from = Math.max(from, hole.to)
    }
    if (from < span.to) rest.push({ from, to: span.to })
  }
  return rest
}

export const clipTo = (spans: readonly Span[], within: Span): Span[] =>
  spans.flatMap(({ from, to }) => {
    const clipped = { from: Math.max(from, within.from), to: Math.min(to, within.to) }
    return clipped.from < clipped.to ? [clipped] : []
  })

export const totalMs = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0)
