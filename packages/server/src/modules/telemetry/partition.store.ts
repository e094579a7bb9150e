import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export interface Partition {
  table: string
  /** First instant or day it holds, and the first it does not. */
  from: string
  to: string
}

const known = /^telemetry_(chunk|rollup)_\d{6,8}$|^log_line_\d{6,8}$/

/** Makes a partition if it is not there. Rows that a restore put into the default partition stay there: the span is then served from both. */
export async function addPartition(db: Db, parent: string, { table, from, to }: Partition): Promise<void> {
  if (!known.test(table)) throw new Error(`partition ${table}`)
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${`public.${table}`}) is not null as there`.execute(db)
  if (rows[0]?.there) return
  const column = parent === 'telemetry_rollup' ? 'day' : 'window_at'
  const held = await sql<{ held: boolean }>`
    select exists (select from ${sql.table(`${parent}_default`)} where ${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${to}) as held`.execute(
    db,
  )
  if (held.rows[0]?.held) return
  await sql`create table ${sql.table(table)} partition of ${sql.table(parent)} for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(
    db,
  )
}

/** Drops the partitions that end at or before `beforeName` says, by the day in their names; what lies in the default partition is deleted. */
export async function dropPartitions(db: Db, parent: string, column: string, beforeName: string, before: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${`public.${parent}`}::regclass and c.relname ~ '_[0-9]+$' and c.relname < ${`${parent}_${beforeName}`} order by 1`.execute(
    db,
  )
  for (const { name } of rows) await sql`drop table ${sql.table(name)}`.execute(db)
  await sql`delete from ${sql.table(`${parent}_default`)} where ${sql.ref(column)} < ${before}`.execute(db)
  return rows.map(({ name }) => name)
}
