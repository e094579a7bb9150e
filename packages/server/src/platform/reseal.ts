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
  columns: readonly (SealedColumn & { clears?: string })[]
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
  key: string
  /** What a value of today begins with. */
  begins: string
  /** The columns to write; null: it does not open. */
  again(value: string): Record<string, string | null> | null
}

/** Short: what is being changed is locked meanwhile. */
const ROWS_AT_ONCE = 200

const placesOf = (crypto: Crypto, { columns, secrets }: SealedPlaces): Place[] => [
  ...columns.map((one): Place => {
    const { table, column, index, clears } = one
    return {
      table,
      column,
      key: 'id',
      begins: sealedWith(crypto.ring.sealsWith),
      again: (value) =>
        isSealed(value)
          ? null
          : {
              [column]: sealText(crypto.ring, one, value),
              ...(index ? { [index.column]: blindIndexOf(crypto.ring, index.domain, value) } : {}),
              ...(clears ? { [clears]: '' } : {}),
            },
    }
  }),
  ...secrets.map(
    ({ table, column, purpose, key = 'id' }): Place => ({
      table,
      column,
      key,
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

async function resealSome(
  db: Db,
  { table, column, key, begins, again }: Place,
  after: string,
): Promise<{ last: string | null; done: number; lost: number }> {
  const { rows } = await sql<{ key: string; value: string }>`
    select ${sql.ref(key)}::text as key, ${sql.ref(column)} as value from ${sql.table(table)}
    where ${sql.ref(key)}::text > ${after} and ${sql.ref(column)} <> '' and not starts_with(${sql.ref(column)}, ${begins})
    order by ${sql.ref(key)}::text limit ${ROWS_AT_ONCE} for update skip locked`.execute(db)
  let lost = 0
  for (const { key: id, value } of rows) {
    const written = again(value)
    if (!written) {
      lost += 1
      continue
    }
    const sets = Object.entries(written).map(([name, text]) => sql`${sql.ref(name)} = ${text}`)
    await sql`update ${sql.table(table)} set ${sql.join(sets)} where ${sql.ref(key)}::text = ${id}`.execute(db)
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
  for (const { table, column } of [...columns, ...secrets]) {
    const { rows } = await sql<{ key: string; n: number }>`
      select case when ${sql.ref(column)} ~ '^(enc1|v2)\\.' then split_part(${sql.ref(column)}, '.', 2)
          when ${sql.ref(column)} like 'v1.%' then 'v1' else '' end as key, count(*) as n
      from ${sql.table(table)} where ${sql.ref(column)} <> '' group by 1 order by 1`.execute(db)
    counts.push({ place: `${table}.${column}`, byKey: Object.fromEntries(rows.map(({ key, n }) => [key, n])) })
  }
  return counts
}
