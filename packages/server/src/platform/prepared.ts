import type pg from 'pg'

/** Names kept, some 20 KB each in every connection; a program has some hundred such statements, lists of different lengths make more. */
const NAMES_MAX = 300
/** What was sent so often is worth a name: a statement of one night's job is not. */
const SEEN_MIN = 3
/** Longer ones are batches of many rows. */
const TEXT_MAX = 4_000
/** Texts remembered without a name. */
const KNOWN_MAX = 1_000

const INSERT = /^\s*insert into /i
const FROM_TABLE = /(?<!distinct )\bfrom (?!jsonb_|unnest)/i
const BY_KEY = /^\s*(select|update|delete)\b[^?]*?\bwhere \(?("?\w+"?\.)?"?\w*(id|digest|token|hash|key)"? (= \$|in \(\$|= any ?\(\$)/i
const CALL = /^\s*select \w+\(\$1[^()]*\)( as \w+)?\s*$/i
const ONLY_ROW = /^\s*select [^?]* from "?(plan_state|calendar_state|maintenance)"?\s*$/i
/** Which partial index decides is found out from the values: a plan made without them finds none and fails. */
const PARTIAL = /\bon conflict \([^)]*\) where\b/i
const SEARCH = /\b(limit|offset|like|ilike|union|group by)\b|@>|~/i

/**
 * Statements whose plan does not depend on their values: a row written, rows found by a key, a function called. Lists and searches are planned
 * anew each time, because what is best for a rare value is wrong for a common one.
 */
export const isPlannedOnce = (text: string): boolean =>
  (INSERT.test(text) && !FROM_TABLE.test(text) && !PARTIAL.test(text)) ||
  CALL.test(text) ||
  ONLY_ROW.test(text) ||
  (BY_KEY.test(text) && !SEARCH.test(text))

/** "cached plan must not change result type": a migration has given the table another column since it was prepared. */
export const isStalePlan = (error: unknown): boolean => {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return code === '0A000' && typeof message === 'string' && message.startsWith('cached plan')
}

/**
 * Lets connections of a pool prepare what they send again and again: parsing and planning were two thirds of what the database spent on a
 * statement that finds one row. After a migration the names are given anew, so a process that runs on through it stumbles once, not for ever.
 */
export function prepareStatements(pool: pg.Pool): void {
  const names = new Map<string, string>()
  const others = new Set<string>()
  const seen = new Map<string, number>()
  let generation = 0
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text)
    if (known || others.has(text) || text.length > TEXT_MAX) return known
    if (names.size >= NAMES_MAX || !isPlannedOnce(text)) {
      if (others.size > KNOWN_MAX) others.clear()
      others.add(text)
      return undefined
    }
    const count = (seen.get(text) ?? 0) + 1
    if (seen.size > KNOWN_MAX) seen.clear()
    if (count < SEEN_MIN) seen.set(text, count)
    else names.set(text, `s${generation}_${names.size}`)
    return names.get(text)
  }
  pool.on('connect', (client) => {
    const send = client.query.bind(client) as (config: unknown, values?: unknown, done?: unknown) => unknown
    const prepared = (config: unknown, values?: unknown, done?: unknown): unknown => {
      const name = typeof config === 'string' && Array.isArray(values) && done === undefined ? nameOf(config) : undefined
      if (name === undefined) return send(config, values, done)
      return (send({ name, text: config, values }) as Promise<unknown>).catch((error: unknown) => {
        if (isStalePlan(error)) {
          names.clear()
          others.clear()
          generation += 1
        }
        throw error
      })
    }
    client.query = prepared as typeof client.query
  })
}
