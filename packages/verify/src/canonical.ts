export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * JSON in one spelling only (RFC 8785): members sorted by UTF-16 code units, no white space, ECMAScript numbers and string escapes.
 * Two values are equal exactly if their canonical texts are.
 * @throws TypeError for what JSON cannot say (NaN, infinities)
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`not a JSON number: ${value}`)
    return JSON.stringify(value)
  }
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value).sort()
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(',')}}`
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** Brings any value into the form that survives a round trip through the database: what JSON drops is dropped, NUL and lone surrogates are replaced. */
export function plainJson(value: unknown): Json {
  const json = JSON.stringify(value)
  if (json === undefined) return null
  return JSON.parse(json, (_key, member: unknown) =>
    typeof member === 'string' ? storableText(member) : isRecord(member) ? storableKeys(member) : member,
  ) as Json
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const storableText = (text: string) => text.toWellFormed().replaceAll('\u0000', '\ufffd')
const storableKeys = (record: Record<string, unknown>) =>
  Object.keys(record).every((key) => key === storableText(key))
    ? record
    : Object.fromEntries(Object.entries(record).map(([key, member]) => [storableText(key), member]))
