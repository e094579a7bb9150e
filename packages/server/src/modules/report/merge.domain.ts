/** Two people wrote from the same text: what became of it. */
export type Merged = { clean: true; text: string } | { clean: false }

const linesOf = (text: string): string[] => (text === '' ? [] : text.split('\n'))

interface Change {
  /** Lines of the base that are replaced, half open. */
  from: number
  to: number
  lines: string[]
}

/** What changed between two texts, line by line; comments are a few hundred lines at most. */
function changesOf(base: readonly string[], other: readonly string[]): Change[] {
  const width = other.length + 1
  const longest = new Uint32Array((base.length + 1) * width)
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0
  for (let i = base.length - 1; i >= 0; i -= 1)
    for (let j = other.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = base[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const changes: Change[] = []
  let i = 0
  let j = 0
  while (i < base.length || j < other.length) {
    if (i < base.length && j < other.length && base[i] === other[j]) {
      i += 1
      j += 1
      continue
    }
    const change: Change = { from: i, to: i, lines: [] }
    while (!(i < base.length && j < other.length && base[i] === other[j]) && (i < base.length || j < other.length)) {
      if (j < other.length && (i >= base.length || at(i, j + 1) >= at(i + 1, j))) {
        change.lines.push(other[j] as string)
        j += 1
      } else i += 1
    }
    change.to = i
    changes.push(change)
  }
  return changes
}

/** Changes that overlap, or put something in at the same place, cannot both stand. */
const collide = (a: Change, b: Change): boolean => {
  const from = Math.max(a.from, b.from)
  const to = Math.min(a.to, b.to)
  return from < to || ((a.from === a.to || b.from === b.to) && from <= to)
}
const same = (a: Change, b: Change): boolean => a.from === b.from && a.to === b.to && a.lines.join('\n') === b.lines.join('\n')

/**
 * Puts both persons' changes into the text both began from. Where they changed the same lines differently nothing is merged: nobody's words are
 * dropped silently.
 */
export function mergeTexts(base: string, theirs: string, mine: string): Merged {
  if (theirs === base || theirs === mine) return { clean: true, text: mine }
  if (mine === base) return { clean: true, text: theirs }
  const lines = linesOf(base)
  const a = changesOf(lines, linesOf(theirs))
  const b = changesOf(lines, linesOf(mine))
  const own = b.filter((change) => !a.some((other) => same(change, other)))
  if (own.some((change) => a.some((other) => collide(change, other)))) return { clean: false }
  const all = [...a, ...own].sort((x, y) => x.from - y.from)
  const merged: string[] = []
  let done = 0
  for (const change of all) {
    merged.push(...lines.slice(done, change.from), ...change.lines)
    done = change.to
  }
  merged.push(...lines.slice(done))
  return { clean: true, text: merged.join('\n') }
}
