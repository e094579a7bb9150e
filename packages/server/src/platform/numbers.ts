import { sql } from 'kysely'
import type { Db } from './db.ts'

/** The next number of its kind and day, e.g. `SQ-20260918-0001`. Gaps happen when a transaction is rolled back; repeats never. */
export async function nextNumber(db: Db, prefix: string, on: Temporal.PlainDate): Promise<string> {
  const day = on.toString().replaceAll('-', '')
  const { rows } = await sql<{ last: number }>`
    insert into number_series (prefix, day, last) values (${prefix}, ${day}, 1)
    on conflict (prefix, day) do update set last = number_series.last + 1
    returning last`.execute(db)
  return `${prefix}-${day}-${String(rows[0]?.last).padStart(4, '0')}`
}
