import { type DraftContent, LIST_MAX, LONG_TEXT_MAX } from '@changbai/contract/forms.ts'

// A draft never loses what was typed. It is only kept within bounds that the database and the next reader can bear.

/** Groups, lists and their rows: content deeper than this was not typed in a form. */
const DEPTH_MAX = 8
const KEYS_MAX = 100

/** Last change of one field. */
export interface Touch {
  rev: number
  by: string
  byId: string
  at: string
}
export type Touches = Record<string, Touch>

/** The first field whose value no form could hold, or null. */
export function oversized(set: DraftContent): string | null {
  const fits = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return value.length <= LONG_TEXT_MAX
    if (value === null || typeof value !== 'object') return true
    if (depth === 0) return false
    if (Array.isArray(value)) return value.length <= LIST_MAX && value.every((item) => fits(item, depth - 1))
    const entries = Object.entries(value)
    return entries.length <= KEYS_MAX && entries.every(([key, inner]) => key.length <= 60 && fits(inner, depth - 1))
  }
  return Object.keys(set).find((field) => !fits(set[field], DEPTH_MAX)) ?? null
}

/** Text as PostgreSQL can keep it: without NUL and half characters. Everything else stays as typed. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\u0000', '')
  if (Array.isArray(value)) return value.map(storable)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed().replaceAll('\u0000', ''), storable(inner)]))
}

/** Order of keys does not make a difference between two values. */
export const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b)
export const canonical = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  )

export interface Conflict {
  path: string
  theirs: unknown
  by: string
  at: string
}

/**
 * Joins what one person changed into what is stored now. A field somebody else changed since `baseRev` to another value is a conflict;
 * fields nobody else touched are joined without a word.
 * @param baseRev revision the sender had before them
 */
export function mergeDraft(
  stored: { content: DraftContent; touches: Touches },
  set: DraftContent,
  baseRev: number,
  who: Touch,
): { content: DraftContent; touches: Touches; conflicts: Conflict[]; changed: string[]; merged: DraftContent } {
  const content: DraftContent = { ...stored.content }
  const touches: Touches = { ...stored.touches }
  const conflicts: Conflict[] = []
  const changed: string[] = []
  for (const [field, value] of Object.entries(set)) {
    const theirs = touches[field]
    if (same(content[field], value)) continue
    if (theirs && theirs.rev > baseRev && theirs.byId !== who.byId) {
      conflicts.push({ path: field, theirs: content[field] ?? null, by: theirs.by, at: theirs.at })
      continue
    }
    if (value === null) delete content[field]
    else content[field] = value
    touches[field] = who
    changed.push(field)
  }
  const merged: DraftContent = {}
  for (const [field, touch] of Object.entries(stored.touches))
    if (touch.rev > baseRev && !(field in set)) merged[field] = stored.content[field] ?? null
  return { content, touches, conflicts, changed, merged }
}
