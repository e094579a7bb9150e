import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { InstanceTable } from './tables.store.ts'
import { type TaskListRow, tasksByIds } from './tasks.store.ts'

/** Instances of one matter, oldest first. Served by wf_instance_business. */
export function instancesByBusiness(db: Db, businessKey: string, processKey?: string): Promise<{ id: string }[]> {
  const query = db.selectFrom('wf_instance').select('id').where('business_key', '=', businessKey)
  return (processKey === undefined ? query : query.where('process_key', '=', processKey))
    .orderBy('started_at')
    .orderBy('id')
    .limit(100)
    .execute()
}

export async function openTasksByBusiness(db: Db, businessKey: string): Promise<TaskListRow[]> {
  const rows = await db
    .selectFrom('wf_task as t')
    .innerJoin('wf_instance as i', 'i.id', 't.instance_id')
    .select('t.id')
    .where('i.business_key', '=', businessKey)
    .where('i.status', '=', 'RUNNING')
    .where('t.status', 'in', ['OPEN', 'BLOCKED'])
    .limit(100)
    .execute()
  return tasksByIds(
    db,
    rows.map((row) => row.id),
  )
}

export interface OperationRow {
  id: string
  def_id: string
  version: number
  name: string
  process_key: string
  business_key: string
  title: string
  status: InstanceTable['status']
  rev: number
  starter: string | null
  starter_name: string
  tenant_id: string | null
  application_id: string | null
  started_at: Temporal.Instant
  moved_at: Temporal.Instant
  ended_at: Temporal.Instant | null
  parent_instance: string | null
  root_id: string
  at: string[] | null
  incidents: number
  overdue: number
}

export interface OperationQuery {
  processKey?: string | undefined
  status?: InstanceTable['status'] | undefined
  q?: string | undefined
  stuck?: 'incident' | 'overdue' | 'idle' | undefined
  now: Temporal.Instant
  idleBefore: Temporal.Instant
  after?: Cursor | undefined
  limit: number
}

const stuckWhere = ({ stuck, now, idleBefore }: OperationQuery) => {
  if (stuck === 'incident') return [sql`exists (select 1 from wf_job j where j.instance_id = i.id and j.dead)`]
  if (stuck === 'overdue')
    return [sql`exists (select 1 from wf_task t where t.instance_id = i.id and t.status = 'OPEN' and t.due_at < ${now})`]
  return stuck === 'idle' ? [sql`i.status = 'RUNNING' and i.moved_at < ${idleBefore}`] : []
}

/** Instances for the operations page, longest unmoved first. */
export async function operationInstances(db: Db, query: OperationQuery): Promise<OperationRow[]> {
  const { processKey, status, q, now, after, limit } = query
  const like = q === undefined ? '' : `%${q.replace(/[\\%_]/g, '\\$&')}%`
  const where = [
    sql`i.status = ${status ?? 'RUNNING'}`,
    ...(processKey === undefined ? [] : [sql`i.process_key = ${processKey}`]),
    ...(q === undefined ? [] : [sql`(i.title ilike ${like} or i.business_key ilike ${like})`]),
    ...stuckWhere(query),
    ...(after ? [sql`(i.moved_at, i.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`] : []),
  ]
  const { rows } = await sql<OperationRow>`
    select i.id, i.def_id, d.version, d.name, i.process_key, i.business_key, i.title, i.status, i.rev, i.starter, i.starter_name, i.tenant_id,
      i.application_id, i.started_at, i.moved_at, i.ended_at, i.parent_instance, i.root_id,
      (select array_agg(distinct t.node) from wf_token t where t.instance_id = i.id and t.state <> 'join') as at,
      (select count(*)::int from wf_job j where j.instance_id = i.id and j.dead) as incidents,
      (select count(*)::int from wf_task t where t.instance_id = i.id and t.status = 'OPEN' and t.due_at < ${now}) as overdue
    from wf_instance i join wf_def d on d.id = i.def_id where ${sql.join(where, sql` and `)}
    order by i.moved_at, i.id limit ${limit}`.execute(db)
  return rows
}

export interface IncidentRow {
  id: string
  instance_id: string
  def_id: string
  process_key: string
  name: string
  business_key: string
  title: string
  node: string
  kind: 'timer' | 'service' | 'reminder'
  topic: string | null
  last_error: string | null
  attempts: number
  due_at: Temporal.Instant
}

/** Dead rows, newest first. Served by wf_job_dead. */
export async function openIncidents(
  db: Db,
  { processKey, after, limit }: { processKey?: string | undefined; after?: Cursor | undefined; limit: number },
): Promise<IncidentRow[]> {
  const where = [
    sql`j.dead`,
    ...(processKey === undefined ? [] : [sql`i.process_key = ${processKey}`]),
    ...(after ? [sql`j.id < ${after[1]}::uuid`] : []),
  ]
  const { rows } = await sql<IncidentRow>`
    select j.id, j.instance_id, i.def_id, i.process_key, d.name, i.business_key, i.title, j.node, j.kind, j.topic, j.last_error, j.attempts, j.due_at
    from wf_job j join wf_instance i on i.id = j.instance_id join wf_def d on d.id = i.def_id
    where ${sql.join(where, sql` and `)} order by j.id desc limit ${limit}`.execute(db)
  return rows
}

/** Roots of running instances of a process that are not on this version. */
export async function instancesToMigrate(
  db: Db,
  key: string,
  toDef: string,
  ids: readonly string[] | undefined,
): Promise<{ id: string }[]> {
  let query = db
    .selectFrom('wf_instance')
    .select('id')
    .where('process_key', '=', key)
    .where('status', '=', 'RUNNING')
    .where('def_id', '<>', toDef)
  if (ids !== undefined) query = query.where('id', 'in', [...ids])
  return query.orderBy('id').limit(500).execute()
}
