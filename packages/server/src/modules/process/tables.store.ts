import type { ColumnType } from 'kysely'

type At = ColumnType<Temporal.Instant, Temporal.Instant, Temporal.Instant>
type AtOrNull = ColumnType<Temporal.Instant | null, Temporal.Instant | null, Temporal.Instant | null>
/** Written as JSON text, read parsed. */
type Json<T> = ColumnType<T, string, string>

export interface DefTable {
  id: string
  key: string
  version: number
  name: string
  sha256: string
  xml: string
  deployed_at: At
  deployed_by: string | null
  deployed_by_name: string
  approved_by: string | null
  approved_by_name: string | null
  reason: string
}

export interface ProposalTable {
  id: string
  key: string
  name: string
  base_version: number
  sha256: string
  xml: string
  reason: string
  proposed_by: string
  proposed_by_name: string
  proposed_at: At
  state: 'WAITING' | 'APPROVED' | 'REJECTED'
  decided_by: string | null
  decided_by_name: string | null
  decided_at: AtOrNull
  comment: string | null
  version: number | null
}

export interface CancelRequest {
  by: string
  byName: string
  at: string
  reason: string
}

export interface InstanceTable {
  id: string
  def_id: string
  root_id: string
  parent_instance: string | null
  parent_token: string | null
  process_key: string
  business_key: string
  title: string
  status: 'RUNNING' | 'COMPLETED' | 'TERMINATED' | 'CANCELLED' | 'FAILED'
  starter: string | null
  starter_name: string
  tenant_id: string | null
  application_id: string | null
  vars: Json<Record<string, unknown>>
  rev: number
  event_seq: number
  started_at: At
  moved_at: At
  ended_at: AtOrNull
  cancel_request: ColumnType<CancelRequest | null, string | null, string | null>
}

export interface TokenTable {
  id: string
  instance_id: string
  parent: string | null
  node: string
  state: 'wait' | 'join' | 'scope' | 'incident'
  via: string | null
  lineage: string[]
  strand: string | null
  fork: string | null
  jump: ColumnType<unknown, string | null, string | null>
  items: ColumnType<unknown, string | null, string | null>
  entered_at: At
}

export interface TaskTable {
  id: string
  instance_id: string
  root_id: string
  process_key: string
  token_id: string
  lineage: string[]
  node: string
  name: string
  kind: 'MAIN' | 'EACH' | 'ADDED'
  status: 'OPEN' | 'BLOCKED' | 'DONE' | 'CANCELLED'
  assignee: string | null
  assignee_name: string | null
  roles: string[]
  form_key: string | null
  clause: string | null
  due_at: AtOrNull
  due_limit: string | null
  due_from_at: At
  urgent_at: At
  created_at: At
  claimed_at: AtOrNull
  done_at: AtOrNull
  done_by: string | null
  done_by_name: string | null
  outcome: string | null
  comment: string | null
  data: ColumnType<Record<string, unknown> | null, string | null, string | null>
  seq: number
  anchor: string | null
  position: 'BEFORE' | 'PARALLEL' | 'AFTER' | null
  superseded: boolean
  tenant_id: string | null
  application_id: string | null
}

export interface TaskRoleTable {
  role: string
  urgent_at: At
  task_id: string
  tenant_id: string | null
  application_id: string | null
}

export interface JobTable {
  id: string
  instance_id: string
  token_id: string
  node: string
  kind: 'timer' | 'service' | 'reminder'
  topic: string | null
  due_at: At
  attempts: number
  max_attempts: number
  repeat: number | null
  every: string | null
  task_id: string | null
  percent: number | null
  dead: boolean
  last_error: string | null
}

export interface WaitTable {
  id: string
  instance_id: string
  token_id: string
  node: string
  name: string
  key: string
}

export interface MessageTable {
  id: string
  name: string
  key: string
  payload: Json<Record<string, unknown>>
  dedup_id: string | null
  received_at: At
  expires_at: At
  taken_at: AtOrNull
}

export interface EventTable {
  instance_id: string
  seq: number
  root_id: string
  at: At
  kind: string
  node: string | null
  flow: string | null
  token_id: string | null
  lineage: string[]
  task_id: string | null
  actor: string | null
  actor_name: string | null
  data: Json<Record<string, unknown>>
}

declare module '../../platform/db.ts' {
  interface Tables {
    wf_def: DefTable
    wf_proposal: ProposalTable
    wf_instance: InstanceTable
    wf_token: TokenTable
    wf_task: TaskTable
    wf_task_role: TaskRoleTable
    wf_job: JobTable
    wf_wait: WaitTable
    wf_message: MessageTable
    wf_event: EventTable
  }
}
