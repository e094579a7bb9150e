import { isDeepStrictEqual } from 'node:util'
import type { Bilingual } from '@changbai/contract/calendar.ts'
import type { ParameterValue } from '@changbai/contract/plan.ts'
import type { PlanDifference } from '@changbai/contract/plan-proposal.ts'
import type { PlanDocument } from './document.ts'

/** A process file and what was shipped under its key before; null: nothing, or no file any more. */
export interface ProcessFile {
  key: string
  before: string | null
  after: string | null
}
/** Line of an entry of a list, or of one of its fields, in a plan file; null where it is not there. */
export type LineOf = (list: string, key: string, field?: string) => number | null

/** What people hold of a parameter. */
export interface Held {
  value: ParameterValue
  /** Changed here by the procedure, so that a file does not take it away. */
  changedHere: boolean
}

type Entry = Record<string, unknown>
const LISTS: readonly (readonly [keyof PlanDocument & string, PlanDifference['part'], string])[] = [
  ['parameters', 'PARAMETER', 'key'],
  ['clauses', 'CLAUSE', 'id'],
  ['roles', 'ROLE', 'code'],
  ['chapters', 'OTHER', 'id'],
  ['groups', 'OTHER', 'id'],
]
const value = (raw: unknown): ParameterValue => (raw === undefined ? null : (raw as ParameterValue))

function titleOf(entry: Entry, key: string): Bilingual {
  const { title, zh, en } = entry as { title?: Bilingual; zh?: string; en?: string }
  return title ?? { zh: zh ?? key, en: en ?? key }
}
function fieldsOf(before: Entry, after: Entry, lineOf: (field: string) => number | null): PlanDifference['fields'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) => ({ field, before: value(before[field]), after: value(after[field]), line: lineOf(field) }))
}

/**
 * Everything the new plan has differently from the one in force, entry by entry, in the order of the file. Of a parameter that people
 * changed here the value in force is `yours`; one they happened to change to the same value differs no more.
 * @param held value in force of each known parameter
 */
export function differencesOf(
  before: PlanDocument,
  after: PlanDocument,
  held: (key: string) => Held | undefined,
  lines: { before: LineOf; after: LineOf },
  file: string,
): PlanDifference[] {
  const found: PlanDifference[] = []
  for (const field of ['title', 'scope'] as const) {
    if (isDeepStrictEqual(before[field], after[field])) continue
    const line = lines.after(field, '')
    const fields = [{ field, before: value(before[field]), after: value(after[field]), line }]
    found.push({
      part: 'OTHER',
      key: field,
      title: after[field],
      change: 'CHANGED',
      file,
      line,
      fields,
      yours: null,
      holdsAlready: false,
    })
  }
  for (const [list, part, member] of LISTS) {
    const old = new Map((before[list] as Entry[]).map((entry) => [String(entry[member]), entry]))
    const now = new Map((after[list] as Entry[]).map((entry) => [String(entry[member]), entry]))
    const base = { part, file, yours: null, holdsAlready: false }
    for (const [key, entry] of now) {
      const known = old.get(key)
      const line = lines.after(list, key)
      const title = titleOf(entry, key)
      if (!known) {
        found.push({ ...base, key, title, change: 'ADDED', line, fields: [], holdsAlready: part === 'PARAMETER' })
        continue
      }
      const fields = fieldsOf(known, entry, (field) => lines.after(list, key, field))
      if (fields.length === 0) continue
      const mine = part === 'PARAMETER' && fields.some(({ field }) => field === 'value') ? held(key) : undefined
      const theirs = value(entry['value'])
      const isKept = mine?.changedHere === true && !isDeepStrictEqual(mine.value, theirs)
      found.push({ ...base, key, title, change: 'CHANGED', line, fields, yours: isKept && mine ? { value: mine.value, theirs } : null })
    }
    for (const [key, entry] of old)
      if (!now.has(key))
        found.push({ ...base, key, title: titleOf(entry, key), change: 'REMOVED', line: lines.before(list, key), fields: [] })
  }
  return found
}

/** Elements of a process by id, with their attributes and text; where they stand on the drawing changes no promise. */
function elementsOf(xml: string): Map<string, { words: string; line: number }> {
  const model = xml.replace(/<bpmndi:BPMNDiagram[\s\S]*?<\/bpmndi:BPMNDiagram>/g, '')
  const found = new Map<string, { words: string; line: number }>()
  const starts = [...model.matchAll(/<(?:bpmn2?:)?(\w+)\b([^>]*?\bid="([^"]+)"[^>]*?)\/?>/g)]
  for (const [index, match] of starts.entries()) {
    const [whole, kind = '', attributes = '', id = ''] = match
    const from = match.index
    // up to the next element with an id: conditions, limits and documentation belong to the one they stand in
    const inner = model.slice(from + whole.length, starts[index + 1]?.index ?? model.length)
    const words = `${kind} ${attributes} ${inner.replace(/<\/?[\w:]+|\/?>/g, ' ')}`.replace(/\s+/g, ' ').trim()
    found.set(id, { words, line: model.slice(0, from).split('\n').length })
  }
  return found
}
const nameIn = (xml: string, key: string): string => /<(?:bpmn2?:)?process\b[^>]*\bname="([^"]+)"/.exec(xml)?.[1] ?? key

export function processDifferences(files: readonly ProcessFile[]): PlanDifference[] {
  return files.flatMap(({ key, before, after }): PlanDifference[] => {
    const name = nameIn(after ?? before ?? '', key)
    const base = {
      part: 'PROCESS' as const,
      key,
      title: { zh: name, en: name },
      file: `processes/${key}.bpmn`,
      line: null,
      fields: [],
      yours: null,
      holdsAlready: false,
    }
    if (before === after) return []
    if (before === null) return [{ ...base, change: 'ADDED', holdsAlready: true }]
    if (after === null) return [{ ...base, change: 'REMOVED' }]
    const old = elementsOf(before)
    const now = elementsOf(after)
    const fields = [...new Set([...old.keys(), ...now.keys()])]
      .filter((id) => old.get(id)?.words !== now.get(id)?.words)
      .map((id) => ({
        field: id,
        before: old.get(id)?.words ?? null,
        after: now.get(id)?.words ?? null,
        line: now.get(id)?.line ?? null,
      }))
    return [{ ...base, change: 'CHANGED', fields }]
  })
}
