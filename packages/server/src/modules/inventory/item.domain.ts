import { canonicalJson, plainJson } from '@changbai/verify/canonical.ts'

export interface Difference {
  before: Record<string, unknown>
  after: Record<string, unknown>
}

/** The fields of `change` that differ from what is there; undefined if none does. */
export function difference(item: Readonly<Record<string, unknown>>, change: Readonly<Record<string, unknown>>): Difference | undefined {
  const before: Record<string, unknown> = {}
  const after: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(change)) {
    if (value === undefined || isSame(item[field], value)) continue
    before[field] = item[field] ?? null
    after[field] = value
  }
  return Object.keys(after).length > 0 ? { before, after } : undefined
}

const isSame = (a: unknown, b: unknown) => canonicalJson(plainJson(a ?? null)) === canonicalJson(plainJson(b ?? null))
