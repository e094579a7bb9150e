import { createHash } from 'node:crypto'

/** Labels of a series without its name. */
export type Labels = Record<string, string>

/** As in PromQL; a regular expression matches the whole value. A label that is not there is an empty one. */
export interface Matcher {
  label: string
  op: '=' | '!=' | '=~' | '!~'
  value: string
}

/** What is known of a series that samples arrive for. */
export interface Series {
  id: number
  name: string
  labels: Labels
  /** The object of the inventory it measures. */
  itemId: string | null
}

export const LABELS_MAX = 60
export const LABEL_NAME_BYTES_MAX = 200
export const LABEL_VALUE_BYTES_MAX = 2_000

export type LabelFault = 'no-name' | 'empty-label' | 'duplicate-label' | 'too-many-labels' | 'label-too-long' | 'label-not-text'

const isBroken = (text: string): boolean => text.includes('\0') || text.includes('\ufffd')

/**
 * Sorted labels without empty values (they say the same as an absent label), the name apart.
 * @returns why the series is refused, if it is
 */
export function readLabels(pairs: readonly (readonly [name: string, value: string])[]): { name: string; labels: Labels } | LabelFault {
  if (pairs.length > LABELS_MAX) return 'too-many-labels'
  const labels = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (name === '') return 'empty-label'
    if (labels.has(name)) return 'duplicate-label'
    if (name.length > LABEL_NAME_BYTES_MAX || value.length > LABEL_VALUE_BYTES_MAX) return 'label-too-long'
    // a decoder puts U+FFFD where the bytes are no UTF-8; PostgreSQL stores no NUL
    if (isBroken(name) || isBroken(value)) return 'label-not-text'
    labels.set(name, value)
  }
  const name = labels.get('__name__')
  if (!name) return 'no-name'
  labels.delete('__name__')
  const sorted = [...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1))
  return { name, labels: Object.fromEntries(sorted) }
}

/** The same series has the same digest whoever sends it and in whatever order its labels come. */
export const digestOf = (name: string, labels: Labels): Buffer =>
  createHash('sha256')
    .update(
      JSON.stringify([
        name,
        ...Object.keys(labels)
          .sort()
          .flatMap((label) => [label, labels[label]]),
      ]),
    )
    .digest()
    .subarray(0, 16)

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The object a series measures: by the label our own service discovery gives, or by the address it was scraped at. */
export function itemOf(labels: Labels, byAddress: ReadonlyMap<string, string>): string | null {
  const { ci_id: id, instance } = labels
  if (id && UUID.test(id)) return id
  if (!instance) return null
  return byAddress.get(instance.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')) ?? byAddress.get(instance) ?? null
}
