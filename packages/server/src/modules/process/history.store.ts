import { sql } from 'kysely'
import type { Db, Row } from '../../platform/db.ts'
import type { EventRow } from './bpmn/engine/state.ts'
import './tables.store.ts'

export type HistoryRow = Row<'wf_event'>

/** Everything that happened in a tree after a task was completed, oldest first. */
export async function eventsAfterCompletion(db: Db, rootId: string, taskId: string): Promise<EventRow[]> {
  const { rows } = await sql<HistoryRow>`
    select e.* from wf_event e,
      (select at, instance_id, seq from wf_event where root_id = ${rootId} and task_id = ${taskId} and kind = 'complete' order by at desc, seq desc limit 1) c
    where e.root_id = ${rootId} and (e.at > c.at or (e.instance_id = c.instance_id and e.seq > c.seq) or (e.at = c.at and e.instance_id <> c.instance_id))
    order by e.at, e.seq`.execute(db)
  return rows.map((row) => ({
    instanceId: row.instance_id,
    kind: row.kind as EventRow['kind'],
    node: row.node,
    flow: row.flow,
    tokenId: row.token_id,
    lineage: row.lineage,
    taskId: row.task_id,
    actor: row.actor,
    actorName: row.actor_name,
    data: row.data,
  }))
}

export interface NodeTrace {
  node: string
  times: number
  first_seq: number
  entered_at: Temporal.Instant
  /** Null while a token is there. */
  left_at: Temporal.Instant | null
}

/** Elements an instance entered, in the order of their first entry. Counted in the database: a matter with years of reminders stays one row an element. */
export async function nodeTraces(db: Db, instanceId: string): Promise<NodeTrace[]> {
  const { rows } = await sql<NodeTrace>`
    select node, count(*) filter (where kind = 'enter')::int as times, min(seq) filter (where kind = 'enter') as first_seq,
      (array_agg(at order by seq desc) filter (where kind = 'enter'))[1] as entered_at,
      case when max(seq) filter (where kind <> 'enter') > max(seq) filter (where kind = 'enter')
        then (array_agg(at order by seq desc) filter (where kind <> 'enter'))[1] end as left_at
    from wf_event where instance_id = ${instanceId} and kind in ('enter', 'leave', 'interrupt', 'jump') and node is not null
    group by node having count(*) filter (where kind = 'enter') > 0 order by first_seq`.execute(db)
  return rows
}

/** Flows an instance took, in the order in which each was taken first. */
export async function takenFlows(db: Db, instanceId: string): Promise<string[]> {
  const { rows } = await sql<{ flow: string }>`
    select flow from wf_event where instance_id = ${instanceId} and kind = 'flow' and flow is not null group by flow order by min(seq)`.execute(
    db,
  )
  return rows.map(({ flow }) => flow)
}

/** Events of one kind of one instance, in order; few of a kind such as `return`. */
export const eventsOfKind = (db: Db, instanceId: string, kind: 'return' | 'enter', tokenIds?: readonly string[]): Promise<HistoryRow[]> => {
  const query = db.selectFrom('wf_event').selectAll().where('instance_id', '=', instanceId).where('kind', '=', kind).orderBy('seq')
  return (tokenIds ? query.where('token_id', 'in', [...tokenIds]) : query).execute()
}

export interface HistoryQuery {
  rootId: string
  /** Null = the whole tree. */
  instanceId: string | null
  kinds: readonly string[] | null
  after?: readonly [string, string] | undefined
  limit: number
}

/** A timeline, oldest first; the order within one instant is that of each instance. */
export async function historyPage(db: Db, { rootId, instanceId, kinds, after, limit }: HistoryQuery): Promise<HistoryRow[]> {
  const where = [
    sql`root_id = ${rootId}`,
    ...(instanceId === null ? [] : [sql`instance_id = ${instanceId}`]),
    ...(kinds === null ? [] : [sql`kind = any(${[...kinds]}::text[])`]),
    ...(after ? [sql`(at, instance_id::text || lpad(seq::text, 9, '0')) > (${after[0]}::timestamptz, ${after[1]})`] : []),
  ]
  const { rows } = await sql<HistoryRow>`
    select * from wf_event where ${sql.join(where, sql` and `)}
    order by at, instance_id::text || lpad(seq::text, 9, '0') limit ${limit}`.execute(db)
  return rows
}

export const historyKey = (row: HistoryRow): readonly [string, string] => [
  row.at.toString(),
  `${row.instance_id}${String(row.seq).padStart(9, '0')}`,
]

export interface LastReturn {
  by: { personId: string | null; name: string }
  at: string
  reasons: { field: string; text: string }[]
  comment: string | null
}

/** The newest return that opened this step, if any. */
export async function lastReturnTo(db: Db, instanceId: string, node: string): Promise<LastReturn | null> {
  const row = await db
    .selectFrom('wf_event')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('kind', '=', 'return')
    .where(sql<boolean>`data->>'to' = ${node}`)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  return {
    by: { personId: row.actor, name: row.actor_name ?? '' },
    at: row.at.toString(),
    reasons: (row.data.reasons ?? []) as LastReturn['reasons'],
    comment: (row.data.comment as string | null) ?? null,
  }
}

/** What does not change the ground a decision stands on. */
const QUIET = ['reminder', 'timer', 'claim', 'release']

/**
 * Revision of what a task's doer looks at: it moves with the task's own branch and with the matter as a whole, not with parallel branches,
 * so that two reviewers at the same time do not refuse each other.
 */
export async function branchRev(db: Db, instanceId: string, tokenId: string): Promise<number> {
  const row = await db
    .selectFrom('wf_event')
    .select(({ fn }) => fn.max('seq').as('rev'))
    .where('instance_id', '=', instanceId)
    .where(({ or, eb }) => or([eb('token_id', '=', tokenId), eb('token_id', 'is', null)]))
    .where('kind', 'not in', QUIET)
    .executeTakeFirst()
  return row?.rev ?? 0
}
