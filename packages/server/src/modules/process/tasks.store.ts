import { type RawBuilder, sql } from 'kysely'
import type { Grant } from '../../platform/actor.ts'
import type { Db, Row } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import './tables.store.ts'

export type TaskListRow = Omit<Row<'wf_task'>, 'data' | 'lineage' | 'token_id'> & {
  business_key: string
  title: string
  process_name: string
}

/** A stretch of `urgent_at`, half open. */
export interface Stretch {
  from?: Temporal.Instant
  before?: Temporal.Instant
}
export interface MyTasks {
  personId: string
  grants: readonly Grant[]
  group: 'all' | 'mine' | 'claimable'
  stretch: Stretch
  processKey?: string | undefined
  q?: string | undefined
  after?: Cursor | undefined
  limit: number
}

/** Sorting value of tasks without a limit: the end of time. */
export const NO_LIMIT = Temporal.Instant.from('9999-12-31T00:00:00Z')
const columns = sql`t.id, t.instance_id, t.root_id, t.process_key, t.node, t.name, t.kind, t.status, t.assignee, t.assignee_name, t.roles,
  t.form_key, t.clause, t.due_at, t.due_limit, t.due_from_at, t.urgent_at, t.created_at, t.claimed_at, t.done_at, t.done_by, t.done_by_name,
  t.outcome, t.comment, t.seq, t.anchor, t.position, t.superseded, t.tenant_id, t.application_id, i.business_key, i.title, d.name as process_name`
const joins = sql`join wf_instance i on i.id = t.instance_id join wf_def d on d.id = i.def_id`
const all = (parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => sql.join([...parts], sql` and `)

/** Text search over what people call the matter; a page's worth of candidates is filtered, so it needs no index of its own. */
const found = (q: string): RawBuilder<unknown> => {
  const like = `%${q.replace(/[\\%_]/g, '\\$&')}%`
  return sql`(i.title ilike ${like} or i.business_key ilike ${like} or t.name ilike ${like})`
}

const inStretch = (column: RawBuilder<unknown>, { from, before }: Stretch): RawBuilder<unknown>[] => [
  ...(from ? [sql`${column} >= ${from}`] : []),
  ...(before ? [sql`${column} < ${before}`] : []),
]

/** One branch per way a task can be mine, each in index order and cut at the page, so that the union stays small. */
function candidates(query: MyTasks): RawBuilder<unknown> {
  const { personId, group, stretch, after, limit, processKey, q } = query
  const filtered = processKey !== undefined || q !== undefined
  const filter = [...(processKey === undefined ? [] : [sql`t.process_key = ${processKey}`]), ...(q === undefined ? [] : [found(q)])]
  const later = (at: RawBuilder<unknown>, id: RawBuilder<unknown>) =>
    after ? [sql`(${at}, ${id}) > (${after[0]}::timestamptz, ${after[1]}::uuid)`] : []
  const branches: RawBuilder<unknown>[] = []
  if (group !== 'claimable') {
    const where = [
      sql`t.status = 'OPEN'`,
      sql`t.assignee = ${personId}`,
      ...inStretch(sql`t.urgent_at`, stretch),
      ...later(sql`t.urgent_at`, sql`t.id`),
      ...filter,
    ]
    branches.push(
      sql`(select t.id, t.urgent_at from wf_task t ${filtered ? joins : sql``} where ${all(where)} order by t.urgent_at, t.id limit ${limit})`,
    )
  }
  if (group !== 'mine') {
    const seen = new Set<string>()
    for (const { role, tenantId, applicationId } of query.grants) {
      const key = `${role} ${tenantId} ${applicationId}`
      if (seen.has(key)) continue
      seen.add(key)
      const where = [
        sql`r.role = ${role}`,
        ...(tenantId === null ? [] : [sql`r.tenant_id = ${tenantId}`]),
        ...(applicationId === null ? [] : [sql`(r.application_id is null or r.application_id = ${applicationId})`]),
        ...inStretch(sql`r.urgent_at`, stretch),
        ...later(sql`r.urgent_at`, sql`r.task_id`),
        ...filter,
      ]
      const from = filtered ? sql`wf_task_role r join wf_task t on t.id = r.task_id ${joins}` : sql`wf_task_role r`
      branches.push(
        sql`(select r.task_id as id, r.urgent_at from ${from} where ${all(where)} order by r.urgent_at, r.task_id limit ${limit})`,
      )
    }
  }
  return branches.length === 0 ? sql`select null::uuid as id, null::timestamptz as urgent_at where false` : sql.join(branches, sql` union `)
}

/** My open tasks, most urgent first: assigned to me or open to a role of mine. Served by wf_task_assignee and wf_task_role. */
export async function myTasks(db: Db, query: MyTasks): Promise<TaskListRow[]> {
  const { rows } = await sql<TaskListRow>`
    with c as (${candidates(query)}), p as (select id, urgent_at from c order by urgent_at, id limit ${query.limit})
    select ${columns} from p join wf_task t on t.id = p.id ${joins} order by p.urgent_at, p.id`.execute(db)
  return rows
}

/** How many of my tasks lie in a stretch; stops at the limit. */
export async function countMyTasks(db: Db, query: MyTasks): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from (select id from (${candidates(query)}) c limit ${query.limit}) x`.execute(db)
  return rows[0]?.n ?? 0
}

const grantRows = (grants: readonly Grant[]): string =>
  JSON.stringify(grants.map(({ role, tenantId, applicationId }) => ({ role, tenant: tenantId, application: applicationId })))

export interface OthersTasks {
  personId: string
  grants: readonly Grant[]
  q?: string | undefined
  after?: Cursor | undefined
  limit: number
}

const waitingWhere = ({ personId, grants, q, after }: OthersTasks): RawBuilder<unknown> => {
  const where = [
    sql`t.status in ('OPEN', 'BLOCKED')`,
    sql`t.root_id in (select id from wf_instance where starter = ${personId} and status = 'RUNNING' and parent_instance is null
      union select d.root_id from wf_task d join wf_instance r on r.id = d.root_id where d.done_by = ${personId} and d.status = 'DONE' and r.status = 'RUNNING')`,
    sql`t.assignee is distinct from ${personId}`,
    sql`not (t.assignee is null and exists (select 1 from jsonb_to_recordset(${grantRows(grants)}::jsonb) as g(role text, tenant uuid, application uuid)
      where g.role = any(t.roles) and (g.tenant is null or g.tenant = t.tenant_id)
        and (g.application is null or t.application_id is null or g.application = t.application_id)))`,
    ...(q === undefined ? [] : [found(q)]),
    ...(after ? [sql`(t.urgent_at, t.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`] : []),
  ]
  return all(where)
}

/** 等别人办: open steps of matters I began or worked on that are others' to do. */
export async function othersTasks(db: Db, query: OthersTasks): Promise<TaskListRow[]> {
  const { rows } = await sql<TaskListRow>`
    select ${columns} from wf_task t ${joins} where ${waitingWhere(query)} order by t.urgent_at, t.id limit ${query.limit}`.execute(db)
  return rows
}
export async function countOthersTasks(db: Db, query: OthersTasks): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select 1 from wf_task t ${joins} where ${waitingWhere(query)} limit ${query.limit}) x`.execute(db)
  return rows[0]?.n ?? 0
}

/** What I did, newest first. Served by wf_task_done. */
export async function doneTasks(
  db: Db,
  { personId, q, after, limit }: { personId: string; q?: string | undefined; after?: Cursor | undefined; limit: number },
): Promise<TaskListRow[]> {
  const where = [
    sql`t.status = 'DONE'`,
    sql`t.done_by = ${personId}`,
    ...(q === undefined ? [] : [found(q)]),
    ...(after ? [sql`(t.done_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`] : []),
  ]
  const { rows } = await sql<TaskListRow>`
    select ${columns} from wf_task t ${joins} where ${all(where)} order by t.done_at desc, t.id desc limit ${limit}`.execute(db)
  return rows
}

export async function tasksByIds(db: Db, ids: readonly string[]): Promise<TaskListRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<TaskListRow>`
    select ${columns} from wf_task t ${joins} where t.id = any(${[...ids]}::uuid[]) order by t.created_at, t.id`.execute(db)
  return rows
}

export type LimitRow = Pick<Row<'wf_task'>, 'id' | 'due_from_at' | 'due_at' | 'due_limit' | 'done_at' | 'status'>
/** Only the limits of steps. Served by the primary key. */
export const limitRows = (db: Db, ids: readonly string[]): Promise<LimitRow[]> =>
  db.selectFrom('wf_task').select(['id', 'due_from_at', 'due_at', 'due_limit', 'done_at', 'status']).where('id', 'in', ids).execute()

export const taskData = (db: Db, id: string): Promise<{ data: Record<string, unknown> | null } | undefined> =>
  db.selectFrom('wf_task').select('data').where('id', '=', id).executeTakeFirst()

/** Open tasks with a limit, for a change of the calendar. */
export const limitedTasks = (db: Db): Promise<{ id: string; root_id: string }[]> =>
  db
    .selectFrom('wf_task')
    .select(['id', 'root_id'])
    .where('status', 'in', ['OPEN', 'BLOCKED'])
    .where('due_limit', 'is not', null)
    .orderBy('root_id')
    .execute()

export const tasksAssignedTo = (db: Db, personId: string): Promise<{ id: string }[]> =>
  db
    .selectFrom('wf_task')
    .select('id')
    .where('assignee', '=', personId)
    .where('status', 'in', ['OPEN', 'BLOCKED'])
    .orderBy('root_id')
    .orderBy('id')
    .execute()
