import { type OperationNodeSource, type RawBuilder, sql } from 'kysely'
import type { Db } from './db.ts'

/**
 * A common word has filled a page before so many rows were read in their order; the index of grams would find and sort all that hold it. A rare
 * word is not among them, and the index finds its few.
 */
const NEAR_ROWS = 2_000

export interface TextSearch {
  /** Served by the index of grams. */
  byIndex: RawBuilder<boolean>
  /** Read row by row. */
  byReading: RawBuilder<boolean>
}

/** `text` is the very expression of the table's index of grams. */
export function searchText(text: RawBuilder<unknown>, q: string): TextSearch {
  const byReading = sql<boolean>`${text} ilike ${`%${q.replace(/[\\%_]/g, '\\$&')}%`}`
  return { byIndex: sql<boolean>`zh_grams(${text}) @> zh_grams(${q}) and ${byReading}`, byReading }
}

export interface RowOrder {
  key: RawBuilder<unknown>
  direction: 'asc' | 'desc'
}
/** All columns of one table under conditions, in their order and then by id. */
interface OrderedRows<R> extends OperationNodeSource {
  where(condition: RawBuilder<boolean>): OrderedRows<R>
  limit(count: number): OrderedRows<R>
  execute(): Promise<R[]>
}

/** The first rows that hold the words, a row more than asked: among the next in their order if these fill the page, else by the index. */
export async function searchPage<R>(
  db: Db,
  rows: OrderedRows<R>,
  { key, direction }: RowOrder,
  { byIndex, byReading }: TextSearch,
  limit: number,
): Promise<R[]> {
  const way = sql.raw(direction)
  const near = await sql<R>`select * from ${rows.limit(NEAR_ROWS)} as near where ${byReading}
    order by ${key} ${way}, id ${way} limit ${limit + 1}`.execute(db)
  return near.rows.length > limit
    ? near.rows
    : rows
        .where(byIndex)
        .limit(limit + 1)
        .execute()
}
