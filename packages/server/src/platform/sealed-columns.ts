import {
  ColumnNode,
  ColumnUpdateNode,
  InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  PrimitiveValueListNode,
  type RootOperationNode,
  TableNode,
  UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from 'kysely'
import type { KeyRing } from './key-ring.ts'

/** How a value is written before its index is made, so that one number written in two ways is found. */
const NORMAL = {
  phone: (text: string): string => text.replace(/\D/g, ''),
  email: (text: string): string => text.trim().toLowerCase(),
} as const
export type IndexDomain = keyof typeof NORMAL

/** A text column that is encrypted at rest; with `index`, the column beside it by which equal values are found. */
export interface SealedColumn {
  table: string
  column: string
  index?: { column: string; domain: IndexDomain }
  /** Of type jsonb: the whole value is encrypted, and stands there as one JSON text. Nothing inside can be asked for in SQL. */
  isJson?: boolean
}

const PREFIX = 'enc1.'
export const isSealed = (text: string): boolean => text.startsWith(PREFIX)
export const sealedWith = (keyId: string): string => `${PREFIX}${keyId}.`
/** `table.column` out of a sealed value. */
const sealedPlace = (text: string): string => text.split('.', 4).slice(2).join('.')
const placeOf = ({ table, column }: SealedColumn): string => `${table}.${column}`

/** `enc1.<key>.<table>.<column>.<base64url>`, bound to its column. Nothing is left of nothing. */
export function sealText(ring: KeyRing, column: SealedColumn, plain: string): string {
  if (plain === '' || isSealed(plain)) return plain
  const place = placeOf(column)
  const { keyId, text } = ring.seal(`column ${place}`, plain)
  return `${PREFIX}${keyId}.${place}.${text}`
}
/** What does not open is given back as it is: it is somebody's text that only looks like ours, or a value whose key is gone. */
export function openText(ring: KeyRing, text: string): string {
  const [, keyId, table, column, body, ...rest] = text.split('.')
  if (!keyId || !table || !column || !body || rest.length > 0) return text
  try {
    return ring.open(`column ${table}.${column}`, keyId, body)
  } catch {
    return text
  }
}

/** Null for a value with nothing to find it by. */
export const blindIndexOf = (ring: Pick<KeyRing, 'blindIndexes'>, domain: IndexDomain, value: string): string | null =>
  blindIndexesOf(ring, domain, value)[0] ?? null
/** What a page that looks for equal values compares with: the index by the key of today, and by those before it. */
export function blindIndexesOf(ring: Pick<KeyRing, 'blindIndexes'>, domain: IndexDomain, value: string): string[] {
  const normal = NORMAL[domain](value)
  return normal === '' ? [] : ring.blindIndexes(`index ${domain}`, normal)
}

/**
 * Encrypts what the query builder writes into these columns and opens whatever any statement reads, so that stores go on as if nothing were.
 * A statement written by hand must not write such a column: a test looks for it.
 */
export function sealingPlugin(columns: readonly SealedColumn[], ring: () => KeyRing | undefined): KyselyPlugin {
  const byTable = new Map<string, SealedColumn[]>()
  for (const column of columns) byTable.set(column.table, [...(byTable.get(column.table) ?? []), column])
  const json = new Set(columns.filter(({ isJson }) => isJson).map(placeOf))
  const of = (node: OperationNode | undefined): SealedColumn[] =>
    node && TableNode.is(node) ? (byTable.get(node.table.identifier.name) ?? []) : []
  return {
    transformQuery({ node }) {
      const held = ring()
      if (!held) return node
      if (InsertQueryNode.is(node)) return sealInsert(held, of(node.into), node)
      if (UpdateQueryNode.is(node)) return sealUpdate(held, of(node.table), node)
      return node
    },
    async transformResult({ result }) {
      const held = ring()
      if (held) for (const row of result.rows) openRow(held, json, row as Record<string, unknown>)
      return result
    },
  }
}

function openRow(ring: KeyRing, json: ReadonlySet<string>, row: Record<string, unknown>): void {
  for (const name in row) {
    const value = row[name]
    if (typeof value !== 'string' || !isSealed(value)) continue
    const opened = openText(ring, value)
    row[name] = opened !== value && json.has(sealedPlace(value)) ? JSON.parse(opened) : opened
  }
}

/** The value as it is stored, and what its index column becomes. */
function sealed(ring: KeyRing, column: SealedColumn, value: unknown): { value: unknown; index: string | null } {
  if (typeof value !== 'string') return { value, index: null }
  const text = sealText(ring, column, value)
  return {
    value: column.isJson ? JSON.stringify(text) : text,
    index: column.index ? blindIndexOf(ring, column.index.domain, value) : null,
  }
}

function sealInsert(ring: KeyRing, columns: readonly SealedColumn[], node: InsertQueryNode): RootOperationNode {
  if (columns.length === 0 || !node.columns || !node.values || !ValuesNode.is(node.values)) return node
  const names = node.columns.map(({ column }) => column.name)
  const here = columns.flatMap((column) => (names.includes(column.column) ? [{ column, at: names.indexOf(column.column) }] : []))
  const added = here.flatMap(({ column }) => (column.index ? [column.index.column] : []))
  const values = node.values.values.map((row) => {
    const list = PrimitiveValueListNode.is(row) ? row.values.map((value) => ValueNode.create(value)) : [...(row as ValueListNode).values]
    const indexes: OperationNode[] = []
    for (const { column, at } of here) {
      const one = list[at]
      const done = sealed(ring, column, one && ValueNode.is(one) ? one.value : undefined)
      if (one && ValueNode.is(one)) list[at] = ValueNode.create(done.value)
      if (column.index) indexes.push(ValueNode.create(done.index))
    }
    return ValueListNode.create([...list, ...indexes])
  })
  return { ...node, columns: [...node.columns, ...added.map((name) => ColumnNode.create(name))], values: ValuesNode.create(values) }
}

function sealUpdate(ring: KeyRing, columns: readonly SealedColumn[], node: UpdateQueryNode): RootOperationNode {
  if (columns.length === 0 || !node.updates) return node
  const updates = node.updates.flatMap((update) => {
    const name = ColumnNode.is(update.column) ? update.column.column.name : ''
    const column = columns.find((one) => one.column === name)
    if (!column || !ValueNode.is(update.value)) return [update]
    const done = sealed(ring, column, update.value.value)
    const value = ColumnUpdateNode.create(update.column, ValueNode.create(done.value))
    return column.index ? [value, ColumnUpdateNode.create(ColumnNode.create(column.index.column), ValueNode.create(done.index))] : [value]
  })
  return { ...node, updates }
}
