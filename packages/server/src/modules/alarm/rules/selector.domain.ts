/** What a label must be: `a`, `!a`, `~a|b`, `!~a|b`. A label that is not there is the empty text, as in PromQL. */
export interface Selector {
  op: '=' | '!=' | '=~' | '!~'
  text: string
  fits(value: string): boolean
}

/** @throws SyntaxError for a pattern that is none; patterns are anchored, as in PromQL */
export function readSelector(written: string): Selector {
  const [, negated = '', pattern = '', text = ''] = /^(!?)(~?)(.*)$/s.exec(written) ?? []
  if (!pattern) return negated ? { op: '!=', text, fits: (value) => value !== text } : { op: '=', text, fits: (value) => value === text }
  let expression: RegExp
  try {
    expression = new RegExp(`^(?:${text})$`, 'su')
  } catch {
    throw new SyntaxError(`${JSON.stringify(text)} is no pattern`)
  }
  return negated
    ? { op: '!~', text, fits: (value) => !expression.test(value) }
    : { op: '=~', text, fits: (value) => expression.test(value) }
}

export type Labels = Readonly<Record<string, string>>

/** Compiled once per reading: rules are asked for every sample. */
export function labelFilter(match: Labels): (labels: Labels) => boolean {
  const all = Object.entries(match).map(([label, written]) => ({ label, fits: readSelector(written).fits }))
  return (labels) => all.every(({ label, fits }) => fits(labels[label] ?? ''))
}
