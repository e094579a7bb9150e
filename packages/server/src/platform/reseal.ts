import { sql } from 'kysely'
import type { Crypto } from './crypto.ts'
import type { Database, Db } from './db.ts'
import { blindIndexOf, isSealed, type SealedColumn, sealedWith, sealText } from './sealed-columns.ts'

/** A text sealed for a purpose by `crypto.seal`. */
export interface SealedSecret {
  table: string
  column: string
  purpose: string
  /** Primary key; `id` unless told. */
  key?: string
}
export interface SealedPlaces {
  columns: readonly (SealedColumn & { clears?: string; key?: readonly string[] })[]
  secrets: readonly SealedSecret[]
}

/** How one column stands: rows by the name of their key; `''` is what is not sealed yet. */
export interface SealedCount {
  place: string
  byKey: Record<string, number>
}
interface Place {
  table: string
  column: string
  key: readonly string[]
  isJson: boolean
  /** What a value of today begins with. */
  begins: string
  /** The columns to write; null: it does not open. */
  again(value: string): Record<string, string | null> | null
}

/** Short: what is being changed is locked meanwhile. */
const ROWS_AT_ONCE = 200

const placesOf = (crypto: Crypto, { columns, secrets }: SealedPlaces): Place[] => [
  ...columns.map((one): Place => {
    const { table, column, index, clears, isJson = false, key = ['id'] } = one
    const written = (text: string): string => (isJson ? JSON.stringify(text) : text)
    return {
      table,
      column,
      key,
      isJson,
      begins: sealedWith(crypto.ring.sealsWith),
      again: (value) =>
        isSealed(value)
          ? null
          : {
              [column]: written(sealText(crypto.ring, one, value)),
              ...(index ? { [index.column]: blindIndexOf(crypto.ring, index.domain, value) } : {}),
              ...(clears ? { [clears]: '' } : {}),
            },
    }
  }),
  ...secrets.map(
    ({ table, column, purpose, key = 'id' }): Place => ({
      table,
      column,
      key: [key],
      isJson: false,
      begins: `v2.${crypto.ring.sealsWith}.`,
      again(value) {
        try {
          return { [column]: crypto.seal(purpose, crypto.open(purpose, value)) }
        } catch {
          return null
        }
      },
    }),
  ),
]

/** A sealed value or a plain one as text; of JSON what was sealed is one JSON text. */
const storedText = (column: string, isJson: boolean) =>
  isJson
    ? sql`case jsonb_typeof(${sql.ref(column)}) when 'string' then ${sql.ref(column)} #>> '{}' else ${sql.ref(column)}::text end`
    : sql`${sql.ref(column)}`

async function resealSome(
  db: Db,
  { table, column, key, isJson, begins, again }: Place,
  after: string,
): Promise<{ last: string | null; done: number; lost: number }> {
  const keyText = sql`concat_ws(' ', ${sql.join(key.map((one) => sql.ref(one)))})`
  const stored = storedText(column, isJson)
  const { rows } = await sql<{ key: string; value: unknown }>`
    select ${keyText} as key, ${stored} as value from ${sql.table(table)}
    where ${keyText} > ${after} and ${stored} <> '' and not starts_with(${stored}, ${begins})
    order by ${keyText} limit ${ROWS_AT_ONCE} for update skip locked`.execute(db)
  let lost = 0
  for (const { key: id, value } of rows) {
    // what was sealed comes opened, and of JSON parsed
    const written = again(typeof value === 'string' ? value : JSON.stringify(value))
    if (!written) {
      lost += 1
      continue
    }
    const sets = Object.entries(written).map(([name, text]) => sql`${sql.ref(name)} = ${text}`)
    await sql`update ${sql.table(table)} set ${sql.join(sets)} where ${keyText} = ${id}`.execute(db)
  }
  return { last: rows.length < ROWS_AT_ONCE ? null : (rows.at(-1)?.key ?? null), done: rows.length - lost, lost }
}

/**
 * Brings every sealed column to the key of today, a few rows at a time while the product goes on working. Ended anywhere, the next run goes on:
 * what is done is seen by the name of its key.
 * @returns rows by column; `lost`: values no key of ours opens, which stay as they are
 */
export async function resealAll(
  database: Database,
  crypto: Crypto,
  places: SealedPlaces,
): Promise<{ done: Record<string, number>; lost: number }> {
  const done: Record<string, number> = {}
  let lost = 0
  for (const place of placesOf(crypto, places)) {
    for (let after: string | null = ''; after !== null; ) {
      const from: string = after
      const step = await database.transaction().execute((db) => resealSome(db, place, from))
      if (step.done > 0) done[`${place.table}.${place.column}`] = (done[`${place.table}.${place.column}`] ?? 0) + step.done
      lost += step.lost
      after = step.last
    }
  }
  return { done, lost }
}

/** How every sealed column stands. */
export async function sealedCounts(db: Db, { columns, secrets }: SealedPlaces): Promise<SealedCount[]> {
  const counts: SealedCount[] = []
  for (const { table, column, isJson } of [...columns, ...secrets.map((one) => ({ ...one, isJson: false }))]) {
    const stored = storedText(column, isJson ?? false)
    const { rows } = await sql<{ key: string; n: number }>`
      select case when ${stored} ~ '^(enc1|v2)\\.' then split_part(${stored}, '.', 2)
          when ${stored} like 'v1.%' then 'v1' else '' end as key, count(*) as n
      from ${sql.table(table)} where ${stored} <> '' group by 1 order by 1`.execute(db)
    counts.push({ place: `${table}.${column}`, byKey: Object.fromEntries(rows.map(({ key, n }) => [key, n])) })
  }
  return counts
}
