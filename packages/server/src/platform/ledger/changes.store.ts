import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Kinds of things that commands have touched in the last seconds, without saying which. Served by ledger_fact_at. */
export async function subjectsTouched(db: Db, seconds: number): Promise<string[]> {
  const { rows } = await sql<{ subject_type: string }>`
    select distinct subject_type from ledger_fact where at > now() - make_interval(secs => ${seconds})`.execute(db)
  return rows.map((row) => row.subject_type)
}
