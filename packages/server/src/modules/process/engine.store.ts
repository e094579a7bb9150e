import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { Changes } from './bpmn/engine/changes.ts'
import type { InstanceRow, JobRow, State, TaskRow, TokenRow, WaitRow } from './bpmn/engine/state.ts'
import { nodeOf, type Program } from './bpmn/program.ts'
import type { CancelRequest } from './tables.store.ts'

/** What the store keeps of an instance beyond what the interpreter sees. */
export interface InstanceExtra {
  processKey: string
  eventSeq: number
  cancelRequest: CancelRequest | null
}
export interface Loaded {
  rootId: string
  state: State
  extra: Map<string, InstanceExtra>
  /** task id -> name of its assignee */
  names: Map<string, string>
}

type Raw = Record<string, unknown>
const at = (value: unknown): Temporal.Instant => Temporal.Instant.from(value as string)
const atOrNull = (value: unknown): Temporal.Instant | null => (value === null || value === undefined ? null : at(value))
const FAR = '9999-12-31T00:00:00Z'

const readInstance = (raw: Raw): InstanceRow => ({
  id: raw.id as string,
  defId: raw.def_id as string,
  rootId: raw.root_id as string,
  parentInstance: raw.parent_instance as string | null,
  parentToken: raw.parent_token as string | null,
  businessKey: raw.business_key as string,
  title: raw.title as string,
  status: raw.status as InstanceRow['status'],
  starter: raw.starter as string | null,
  starterName: raw.starter_name as string,
  tenantId: raw.tenant_id as string | null,
  applicationId: raw.application_id as string | null,
  vars: raw.vars as Record<string, unknown>,
  rev: raw.rev as number,
  startedAt: at(raw.started_at),
  endedAt: atOrNull(raw.ended_at),
})

const readToken = (raw: Raw): TokenRow => ({
  id: raw.id as string,
  instanceId: raw.instance_id as string,
  parent: raw.parent as string | null,
  node: raw.node as string,
  state: raw.state as TokenRow['state'],
  via: raw.via as string | null,
  lineage: raw.lineage as string[],
  strand: raw.strand as string | null,
  fork: raw.fork as string | null,
  jump: raw.jump as TokenRow['jump'],
  items: raw.items as unknown[] | null,
  enteredAt: at(raw.entered_at),
})

const readTask = (raw: Raw): TaskRow => ({
  id: raw.id as string,
  instanceId: raw.instance_id as string,
  tokenId: raw.token_id as string,
  lineage: raw.lineage as string[],
  node: raw.node as string,
  kind: raw.kind as TaskRow['kind'],
  status: raw.status as TaskRow['status'],
  assignee: raw.assignee as string | null,
  roles: raw.roles as string[],
  formKey: raw.form_key as string | null,
  dueAt: atOrNull(raw.due_at),
  dueLimit: raw.due_limit as string | null,
  dueFromAt: at(raw.due_from_at),
  createdAt: at(raw.created_at),
  claimedAt: atOrNull(raw.claimed_at),
  doneAt: atOrNull(raw.done_at),
  doneBy: raw.done_by as string | null,
  doneByName: raw.done_by_name as string | null,
  outcome: raw.outcome as string | null,
  comment: raw.comment as string | null,
  seq: raw.seq as number,
  anchor: raw.anchor as string | null,
  position: raw.position as TaskRow['position'],
  superseded: raw.superseded as boolean,
})

const readJob = (raw: Raw): JobRow => ({
  id: raw.id as string,
  instanceId: raw.instance_id as string,
  tokenId: raw.token_id as string,
  node: raw.node as string,
  kind: raw.kind as JobRow['kind'],
  topic: raw.topic as string | null,
  dueAt: at(raw.due_at),
  attempts: raw.attempts as number,
  maxAttempts: raw.max_attempts as number,
  repeat: raw.repeat as number | null,
  every: raw.every as string | null,
  taskId: raw.task_id as string | null,
  percent: raw.percent as number | null,
  dead: raw.dead as boolean,
  lastError: raw.last_error as string | null,
})

const readWait = (raw: Raw): WaitRow => ({
  id: raw.id as string,
  instanceId: raw.instance_id as string,
  tokenId: raw.token_id as string,
  node: raw.node as string,
  name: raw.name as string,
  key: raw.key as string,
})

function readTree(tree: Record<string, Raw[]>): Loaded {
  const instances = (tree.instances ?? []).map(readInstance)
  return {
    rootId: instances[0]?.rootId ?? '',
    state: {
      instances,
      tokens: (tree.tokens ?? []).map(readToken),
      tasks: (tree.tasks ?? []).map(readTask),
      jobs: (tree.jobs ?? []).map(readJob),
      waits: (tree.waits ?? []).map(readWait),
    },
    extra: new Map(
      (tree.instances ?? []).map((raw) => [
        raw.id as string,
        {
          processKey: raw.process_key as string,
          eventSeq: raw.event_seq as number,
          cancelRequest: raw.cancel_request as CancelRequest | null,
        },
      ]),
    ),
    names: new Map((tree.tasks ?? []).map((raw) => [raw.id as string, (raw.assignee_name as string | null) ?? ''])),
  }
}

/** How the caller knows the tree: its root, one of its instances, tasks, jobs or waits. */
export type TreeRef = { root: string } | { instance: string } | { task: string } | { job: string } | { wait: string }

const rootOf = (ref: TreeRef) => {
  if ('root' in ref) return sql`${ref.root}::uuid`
  if ('instance' in ref) return sql`(select root_id from wf_instance where id = ${ref.instance})`
  if ('task' in ref) return sql`(select root_id from wf_task where id = ${ref.task})`
  if ('job' in ref) return sql`(select i.root_id from wf_job j join wf_instance i on i.id = j.instance_id where j.id = ${ref.job})`
  return sql`(select i.root_id from wf_wait w join wf_instance i on i.id = w.instance_id where w.id = ${ref.wait})`
}

/** Locks the tree by its root row and reads it, in one round trip. Null when there is no such tree. */
export async function lockTree(db: Db, ref: TreeRef): Promise<Loaded | null> {
  const { rows } = await sql<{ tree: Record<string, Raw[]> | null }>`select wf_load(${rootOf(ref)}) as tree`.execute(db)
  const tree = rows[0]?.tree
  return tree ? readTree(tree) : null
}

/** The same without a lock, for reading. */
export async function readTreeOf(db: Db, ref: TreeRef): Promise<Loaded | null> {
  const { rows } = await sql<{ tree: Record<string, Raw[]> }>`
    with r as materialized (select ${rootOf(ref)} as id)
    select jsonb_build_object(
      'instances', (select coalesce(jsonb_agg(to_jsonb(i) order by i.started_at, i.id), '[]') from wf_instance i where i.root_id = (select id from r)),
      'tokens', (select coalesce(jsonb_agg(to_jsonb(t) order by t.entered_at, t.id), '[]') from wf_token t
                 join wf_instance i on i.id = t.instance_id where i.root_id = (select id from r)),
      'tasks', (select coalesce(jsonb_agg(to_jsonb(k) - 'data' order by k.created_at, k.id), '[]') from wf_task k where k.root_id = (select id from r)),
      'jobs', (select coalesce(jsonb_agg(to_jsonb(j) order by j.id), '[]') from wf_job j
               join wf_instance i on i.id = j.instance_id where i.root_id = (select id from r)),
      'waits', (select coalesce(jsonb_agg(to_jsonb(w) order by w.id), '[]') from wf_wait w
                join wf_instance i on i.id = w.instance_id where i.root_id = (select id from r))) as tree`.execute(db)
  const loaded = readTree(rows[0]?.tree ?? {})
  return loaded.state.instances.length > 0 ? loaded : null
}

/** What a write needs to know beside the changes. */
export interface WriteContext {
  now: Temporal.Instant
  extra: ReadonlyMap<string, InstanceExtra>
  instances: ReadonlyMap<string, InstanceRow>
  programOf(defId: string): Program
  /** person id -> name */
  nameOf(personId: string): string | null
  /** task id -> what was filled in */
  data: ReadonlyMap<string, Record<string, unknown>>
}

function writeTask(task: TaskRow, w: WriteContext): Raw {
  const instance = w.instances.get(task.instanceId) as InstanceRow
  const program = w.programOf(instance.defId)
  const node = nodeOf(program, task.node)
  return {
    id: task.id,
    instance_id: task.instanceId,
    root_id: instance.rootId,
    process_key: program.key,
    token_id: task.tokenId,
    lineage: task.lineage,
    node: task.node,
    name: node.name,
    kind: task.kind,
    status: task.status,
    assignee: task.assignee,
    assignee_name: task.assignee === null ? null : w.nameOf(task.assignee),
    roles: task.roles,
    form_key: task.formKey,
    clause: node.clause,
    due_at: task.dueAt,
    due_limit: task.dueLimit,
    due_from_at: task.dueFromAt,
    urgent_at: task.dueAt ?? FAR,
    created_at: task.createdAt,
    claimed_at: task.claimedAt,
    done_at: task.doneAt,
    done_by: task.doneBy,
    done_by_name: task.doneByName,
    outcome: task.outcome,
    comment: task.comment,
    data: w.data.get(task.id) ?? null,
    seq: task.seq,
    anchor: task.anchor,
    position: task.position,
    superseded: task.superseded,
    tenant_id: instance.tenantId,
    application_id: instance.applicationId,
  }
}

const writeToken = (token: TokenRow): Raw => ({
  id: token.id,
  instance_id: token.instanceId,
  parent: token.parent,
  node: token.node,
  state: token.state,
  via: token.via,
  lineage: token.lineage,
  strand: token.strand,
  fork: token.fork,
  jump: token.jump,
  items: token.items,
  entered_at: token.enteredAt,
})

const writeJob = (job: JobRow): Raw => ({
  id: job.id,
  instance_id: job.instanceId,
  token_id: job.tokenId,
  node: job.node,
  kind: job.kind,
  topic: job.topic,
  due_at: job.dueAt,
  attempts: job.attempts,
  max_attempts: job.maxAttempts,
  repeat: job.repeat,
  every: job.every,
  task_id: job.taskId,
  percent: job.percent,
  dead: job.dead,
  last_error: job.lastError,
})

const writeWait = (wait: WaitRow): Raw => ({
  id: wait.id,
  instance_id: wait.instanceId,
  token_id: wait.tokenId,
  node: wait.node,
  name: wait.name,
  key: wait.key,
})

const writeInstance = (row: InstanceRow, w: WriteContext, eventSeq: number): Raw => ({
  id: row.id,
  def_id: row.defId,
  root_id: row.rootId,
  parent_instance: row.parentInstance,
  parent_token: row.parentToken,
  process_key: w.programOf(row.defId).key,
  business_key: row.businessKey,
  title: row.title,
  status: row.status,
  starter: row.starter,
  starter_name: row.starterName,
  tenant_id: row.tenantId,
  application_id: row.applicationId,
  vars: row.vars,
  rev: row.rev,
  event_seq: eventSeq,
  started_at: row.startedAt,
  moved_at: w.now,
  ended_at: row.endedAt,
  cancel_request: row.status === 'RUNNING' ? (w.extra.get(row.id)?.cancelRequest ?? null) : null,
})

/** Writes everything one command changed in one round trip; every instance with an event gets the next revision. */
export async function saveChanges(db: Db, changes: Changes, w: WriteContext): Promise<void> {
  const seqs = new Map<string, number>()
  const events = changes.events.map((event) => {
    const seq = (seqs.get(event.instanceId) ?? w.extra.get(event.instanceId)?.eventSeq ?? 0) + 1
    seqs.set(event.instanceId, seq)
    return {
      instance_id: event.instanceId,
      seq,
      root_id: w.instances.get(event.instanceId)?.rootId,
      at: w.now,
      kind: event.kind,
      node: event.node,
      flow: event.flow,
      token_id: event.tokenId,
      lineage: event.lineage,
      task_id: event.taskId,
      actor: event.actor,
      actor_name: event.actorName,
      data: event.data,
    }
  })
  const moved = new Set([...seqs.keys(), ...changes.instances.map((one) => one.id), ...changes.newInstances.map((one) => one.id)])
  const instances = [...moved].flatMap((id) => {
    const row = w.instances.get(id)
    if (!row) return []
    row.rev += 1
    return writeInstance(row, w, seqs.get(id) ?? w.extra.get(id)?.eventSeq ?? 0)
  })
  const tasks = [...changes.newTasks, ...changes.tasks].map((task) => writeTask(task, w))
  const lists: Record<string, unknown[]> = {
    tokens: [...changes.newTokens, ...changes.tokens].map(writeToken),
    gone_tokens: changes.goneTokens,
    tasks,
    jobs: [...changes.newJobs, ...changes.jobs].map(writeJob),
    gone_jobs: changes.goneJobs,
    waits: changes.newWaits.map(writeWait),
    gone_waits: changes.goneWaits,
    events,
  }
  const filled = Object.fromEntries(Object.entries(lists).filter(([, rows]) => rows.length > 0))
  await sql`select wf_save(${JSON.stringify({ instances, ...filled })}::jsonb)`.execute(db)
}
