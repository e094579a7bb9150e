import type { ItemField } from './itemForms.ts'

export type Values = Record<string, unknown>

/** Reads `capacity.vcpu` out of an item. */
export const valueAt = (item: Readonly<Record<string, unknown>>, key: string): unknown =>
  key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], item)

/** What the form shows at the start: of an item, or of a new one. */
export const startValues = (fields: readonly ItemField[], item: Readonly<Record<string, unknown>> | null): Values =>
  Object.fromEntries(fields.map(({ key, start }) => [key, item ? valueAt(item, key) : (start ?? null)]))

export const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === ''

/** Whether the field is asked for, given what the others say. */
export const isAsked = (field: ItemField, values: Values): boolean => !field.when || values[field.when[0]] === field.when[1]

const same = (a: unknown, b: unknown): boolean => (isEmpty(a) && isEmpty(b)) || JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Keys of the fields that say something else than the item did. */
export const changedKeys = (fields: readonly ItemField[], values: Values, before: Values): string[] =>
  fields.filter(({ key, once }) => !once && !same(values[key], before[key])).map(({ key }) => key)

/** Texts are emptied to '', everything else to nothing at all. */
const spelled = ({ control }: ItemField, value: unknown): unknown =>
  isEmpty(value) ? (control === 'text' || control === 'long' ? '' : null) : value
const OFTEN_NULL = new Set(['cidr', 'address', 'bmcAddress'])

/** The members the server takes, groups put together; a mono text that may be nothing becomes null. */
export function toMembers(
  fields: readonly ItemField[],
  values: Values,
  keys: readonly string[],
  item: Readonly<Record<string, unknown>> | null,
): Values {
  const members: Values = {}
  for (const field of fields) {
    if (!keys.includes(field.key)) continue
    const value =
      field.control === 'mono' && isEmpty(values[field.key]) ? (OFTEN_NULL.has(field.key) ? null : '') : spelled(field, values[field.key])
    const [group, member] = field.key.split('.') as [string, string | undefined]
    if (member === undefined) members[group] = group === 'mlpsLevel' ? Number(value) : value
    else members[group] = { ...(item?.[group] as object | undefined), ...(members[group] as object | undefined), [member]: value ?? 0 }
  }
  return members
}
