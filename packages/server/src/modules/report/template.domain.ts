import { SECTION_CODES } from '@changbai/contract/report.words.ts'

/** Marks every template must carry, written `{{mark}}`: one for each section and those of the cover and the signatures. */
export const REQUIRED_MARKS = ['month', 'number', ...SECTION_CODES, 'signatures', 'digest'] as const
/** Marks a template may carry besides. */
export const OPTIONAL_MARKS = ['asOf', 'status', 'errata', 'deadlines'] as const
const KNOWN: ReadonlySet<string> = new Set<string>([...REQUIRED_MARKS, ...OPTIONAL_MARKS])

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, sign] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (sign === other ? 0 : 1)))
    row = next
  }
  return row.at(-1) ?? 0
}
/** A known mark so near that the other is a slip of the pen. */
function meantBy(mark: string): string | null {
  const near = [...KNOWN]
    .map((known) => ({ known, off: distance(mark.toLowerCase(), known.toLowerCase()) }))
    .sort((a, b) => a.off - b.off)[0]
  return near && near.off <= 2 ? near.known : null
}

export interface TemplateFlaw {
  mark: string
  what: 'MISSING' | 'UNKNOWN'
  /** For an unknown mark, the known one it is nearly spelt like. */
  meant: string | null
}
/** What is wrong with the marks found in a template; empty when it can be used. */
export function templateFlaws(found: readonly string[]): TemplateFlaw[] {
  const marks = new Set(found)
  const unknown = [...marks].filter((mark) => !KNOWN.has(mark)).map((mark) => ({ mark, what: 'UNKNOWN' as const, meant: meantBy(mark) }))
  const missing = REQUIRED_MARKS.filter((mark) => !marks.has(mark)).map((mark) => ({ mark, what: 'MISSING' as const, meant: null }))
  return [...unknown, ...missing]
}
export const sayFlaws = (flaws: readonly TemplateFlaw[]): string =>
  flaws
    .map(({ mark, what, meant }) =>
      what === 'MISSING' ? `缺少标记 {{${mark}}}` : `不认识的标记 {{${mark}}}${meant ? `（应为 {{${meant}}}？）` : ''}`,
    )
    .join('；')
