import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { JobRow } from './bpmn/engine/state.ts'
import './tables.store.ts'

export type DueJob = Pick<JobRow, 'id' | 'node' | 'kind' | 'topic' | 'attempts' | 'maxAttempts'>

const toDue = (row: {
  id: string
  node: string
  kind: JobRow['kind']
  topic: string | null
  attempts: number
  max_attempts: number
}): DueJob => ({
  id: row.id,
  node: row.node,
  kind: row.kind,
  topic: row.topic,
  attempts: row.attempts,
  maxAttempts: row.max_attempts,
})

/**
 * Due rows of trees that nobody works on right now, oldest first. The lock on the root is let go with this transaction: it only keeps
 * several workers from choosing the same tree at the same instant; each row is checked again under its own lock.
 */
export async function dueJobs(db: Db, now: Temporal.Instant, limit: number): Promise<DueJob[]> {
  const { rows } = await sql<Parameters<typeof toDue>[0]>`
    select j.id, j.node, j.kind, j.topic, j.attempts, j.max_attempts
    from wf_job j join wf_instance i on i.id = j.instance_id join wf_instance r on r.id = i.root_id
    where not j.dead and j.due_at <= ${now} order by j.due_at, j.id limit ${limit} for update of r skip locked`.execute(db)
  return rows.map(toDue)
}

/** Takes the lease of an outside call: the number of attempts is the fence. @returns null when somebody else was faster */
export async function leaseJob(db: Db, id: string, now: Temporal.Instant, until: Temporal.Instant): Promise<DueJob | null> {
  const { rows } = await sql<Parameters<typeof toDue>[0]>`
    update wf_job set attempts = attempts + 1, due_at = ${until}
    where id = (select id from wf_job where id = ${id} and not dead and due_at <= ${now} for update skip locked)
    returning id, node, kind, topic, attempts, max_attempts`.execute(db)
  const [row] = rows
  return row ? toDue(row) : null
}

/** Puts a failed try back, unless the lease was lost meanwhile. */
export async function noteFailure(
  db: Db,
  id: string,
  fence: number,
  attempts: number,
  error: string,
  dueAt: Temporal.Instant,
): Promise<void> {
  await db
    .updateTable('wf_job')
    .set({ attempts, last_error: error, due_at: dueAt })
    .where('id', '=', id)
    .where('attempts', '=', fence)
    .execute()
}

/** Puts a step back whose outside is still at work: one more try is allowed for it. */
export async function putBack(db: Db, id: string, fence: number, dueAt: Temporal.Instant): Promise<void> {
  await sql`update wf_job set due_at = ${dueAt}, max_attempts = max_attempts + 1 where id = ${id} and attempts = ${fence}`.execute(db)
}

export async function nextDueAt(db: Db): Promise<Temporal.Instant | null> {
  const row = await db.selectFrom('wf_job').select('due_at').where('dead', '=', false).orderBy('due_at').limit(1).executeTakeFirst()
  return row?.due_at ?? null
}

export interface Lateness {
  /** When the most overdue row should have been worked off; null where none is overdue. */
  oldestDueAt: Temporal.Instant | null
  /** Steps that were given up and wait for a person. */
  stuck: number
}
/** Served by wf_job_due and wf_job_dead. */
export async function latenessAt(db: Db, now: Temporal.Instant): Promise<Lateness> {
  const { rows } = await sql<Lateness>`
    select (select min(due_at) from wf_job where not dead and due_at <= ${now}) as "oldestDueAt",
      (select count(*) from wf_job where dead) as stuck`.execute(db)
  return rows[0] as Lateness
}
