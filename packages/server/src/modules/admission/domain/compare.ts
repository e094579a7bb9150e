import type { DraftContent, FieldDifference, FieldLabel } from '@changbai/contract/forms.ts'
import { compact, type FormShape, fieldAt, nameOf, sectionOf } from '@changbai/contract/gaps.ts'
import { canonical } from './draft.ts'

type Leaves = Map<string, unknown>

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a row is known by: its first text value (host name, device, year). */
const keyOf = (row: unknown): string | null => {
  if (!isObject(row)) return null
  const first = Object.values(row).find((value) => typeof value === 'string' || typeof value === 'number')
  return first === undefined ? null : String(first)
}

/** Places in `after` of the rows of `before`: by their key where keys are unique, else by position. */
function placeRows(before: readonly unknown[], after: readonly unknown[]): (number | null)[] {
  const keys = after.map(keyOf)
  const keysBefore = before.map(keyOf)
  const unique = (list: readonly (string | null)[]) => list.every((key) => key !== null) && new Set(list).size === list.length
  if (!unique(keys) || !unique(keysBefore)) return before.map((_, index) => (index < after.length ? index : null))
  return keysBefore.map((key) => {
    const at = keys.indexOf(key)
    return at < 0 ? null : at
  })
}

function collect(value: unknown, path: string, leaves: Leaves): void {
  if (isObject(value)) for (const [key, inner] of Object.entries(value)) collect(inner, path ? `${path}.${key}` : key, leaves)
  else if (Array.isArray(value) && value.some(isObject))
    for (const [index, item] of value.entries()) collect(item, `${path}.${index}`, leaves)
  else leaves.set(path, value)
}

/** As a person reads it, with unit and the word of a choice. */
export function showValue(value: unknown, label: FieldLabel | undefined): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value))
    return value
      .map((item) => (typeof item === 'object' ? canonical(item) : (label?.choices?.[String(item)]?.zh ?? String(item))))
      .join('、')
  if (typeof value === 'object') return canonical(value)
  const word = label?.choices?.[String(value)]?.zh
  return word ?? (label?.unit && typeof value === 'number' ? `${value} ${label.unit}` : String(value))
}

/** Every field in which two contents differ. Lines are matched by their name, so that one line put in the middle is one line added. */
export function compareContents(
  shape: FormShape,
  before: { content: DraftContent; files: Readonly<Record<string, string>> },
  after: { content: DraftContent; files: Readonly<Record<string, string>> },
): FieldDifference[] {
  const old: Leaves = new Map()
  const now: Leaves = new Map()
  const [from, to] = [compact(before.content) as DraftContent, compact(after.content) as DraftContent]
  collect(to, '', now)
  for (const [field, value] of Object.entries(from)) {
    const other = to[field]
    if (!Array.isArray(value) || !value.some(isObject)) collect(value, field, old)
    else {
      const rows = Array.isArray(other) ? other : []
      placeRows(value, rows).forEach((at, index) => {
        collect(value[index], at === null ? `${field}.${rows.length + index}` : `${field}.${at}`, old)
      })
    }
  }
  const paths = [...new Set([...old.keys(), ...now.keys()])]
  const differences = paths.flatMap((path): FieldDifference[] => {
    const [a, b] = [old.get(path), now.get(path)]
    if (canonical(a) === canonical(b)) return []
    const label = fieldAt(shape, path).label
    return [
      {
        section: sectionOf(shape, path),
        path,
        label: nameOf(shape, path),
        change: a === undefined ? 'ADDED' : b === undefined ? 'REMOVED' : 'CHANGED',
        before: showValue(a, label),
        after: showValue(b, label),
      },
    ]
  })
  return [...inFormOrder(shape, differences), ...fileDifferences(shape, before.files, after.files)]
}

const inFormOrder = (shape: FormShape, differences: FieldDifference[]): FieldDifference[] => {
  const order = new Map(shape.sections.flatMap((section) => section.fields).map((field, index) => [field, index]))
  return differences
    .map((difference, index) => ({ difference, index, at: order.get(difference.path.split('.')[0] as string) ?? 0 }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ difference }) => difference)
}

function fileDifferences(
  shape: FormShape,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): FieldDifference[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return fields.flatMap((field): FieldDifference[] => {
    const [a, b] = [before[field] ?? null, after[field] ?? null]
    if (a === b) return []
    return [
      {
        section: shape.files[field]?.section ?? '0',
        path: field,
        label: shape.files[field] ? nameOf(shape, field) : { zh: '其他附件', en: 'Other attachment' },
        change: a === null ? 'ADDED' : b === null ? 'REMOVED' : 'CHANGED',
        before: a,
        after: b,
      },
    ]
  })
}
