import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import { dropFactsAfter, factsHeld } from '../../platform/ledger/index.ts'
import { forget } from '../../platform/memo.ts'

/** What is kept beside the transaction goes back with it. */
function wentBack(db: Db, facts: number): void {
  dropFactsAfter(db, facts)
  forget(db, '')
}

/** Tries something inside the transaction: what it wrote is undone if it throws, and the transaction lives on. */
export async function attempt<T>(db: Db, run: () => Promise<T>): Promise<{ done: T } | { error: unknown }> {
  await sql`savepoint attempt`.execute(db)
  const facts = factsHeld(db)
  try {
    const done = await run()
    await sql`release savepoint attempt`.execute(db)
    return { done }
  } catch (error) {
    await sql`rollback to savepoint attempt`.execute(db)
    wentBack(db, facts)
    await sql`release savepoint attempt`.execute(db)
    return { error }
  }
}

/** Runs something and undoes all it wrote unless it says to keep it. */
export async function rehearse<T>(db: Db, run: () => Promise<{ keep: boolean; result: T }>): Promise<T> {
  await sql`savepoint rehearsal`.execute(db)
  const facts = factsHeld(db)
  const { keep, result } = await run()
  if (!keep) {
    await sql`rollback to savepoint rehearsal`.execute(db)
    wentBack(db, facts)
  }
  await sql`release savepoint rehearsal`.execute(db)
  return result
}
