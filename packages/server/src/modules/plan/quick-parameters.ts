/**
 * Parameters out of `plan.yaml` one by one, without reading the rest: the whole file with its schema is half a second of work, and most
 * commands ask for a value or two. Nothing is checked here; `readPlanFolder` says what is wrong with a plan, and where.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface QuickParameter {
  kind: string
  value: unknown
  unit?: string
}
export type QuickParameters = (key: string) => QuickParameter | undefined

const ENTRY = /^( *)- key: (['"]?)([A-Za-z]+\.[A-Za-z]+)\2 *$/gm

const isParameter = (value: unknown, key: string): value is QuickParameter =>
  typeof value === 'object' && value !== null && 'key' in value && value.key === key && 'kind' in value && 'value' in value

/** Reads one list entry; undefined when it is none. */
function readEntry(entry: string, key: string): QuickParameter | undefined {
  try {
    const [first] = parse(entry) as unknown[]
    return isParameter(first, key) ? first : undefined
  } catch {
    return undefined
  }
}

/** Null when it is not there or cannot be read. */
export function readPlanText(folder: string): string | null {
  try {
    return readFileSync(join(folder, 'plan.yaml'), 'utf8')
  } catch {
    return null
  }
}

/** Entries begin with `- key:`, as in the shipped plan; null for a plan written in another style, or that is not there. */
export function quickParameters(folder: string): QuickParameters | null {
  const text = readPlanText(folder)
  if (text === null) return null
  const entries = new Map<string, string>()
  const found = [...text.matchAll(ENTRY)]
  for (const [position, { 1: indent = '', 3: key = '', index }] of found.entries()) {
    // the list ends where a line stands further left
    const rest = text.slice(index, found[position + 1]?.index)
    const end = rest.search(new RegExp(`\\n(?! {${indent.length}}|\\s*(#|\\n|$))`))
    entries.set(key, end === -1 ? rest : rest.slice(0, end + 1))
  }
  if (entries.size === 0) return null
  return (key) => {
    const entry = entries.get(key)
    return entry === undefined ? undefined : readEntry(entry, key)
  }
}
