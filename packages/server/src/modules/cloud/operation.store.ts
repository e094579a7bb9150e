import { type ColumnType, type Generated, type Selectable, sql } from 'kysely'
import type { Db, RowChange } from '../../platform/db.ts'
import { newId } from '../../platform/ids.ts'
import type { Action, TargetKind } from './action.ts'
import type { Facts } from './driver.ts'

type Json<T> = ColumnType<T, string, string>
type FilledJson<T> = ColumnType<T, string | undefined, string>
export type OperationState = 'INTENDED' | 'ASKED' | 'UNKNOWN' | 'WORKING' | 'DONE' | 'FAILED'
export type OperationError = 'quota' | 'refused' | 'failed' | 'busy' | 'gone' | 'unreachable'

interface OperationTable {
  id: string
  connection_id: string
  key: string
  target_kind: TargetKind
  target_external_id: string
  project_external_id: string | null
  action: Json<Action>
  state: OperationState
  facts: FilledJson<Facts>
  owner_type: string
  owner_id: string
  attempts: Generated<number>
  asked_at: Temporal.Instant | null
  leased_until: Temporal.Instant | null
  look_after: Temporal.Instant | null
  working_since: Temporal.Instant | null
  setbacks: Generated<number>
  settled_at: Temporal.Instant | null
  error_kind: OperationError | null
  last_error: string | null
  created_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    cloud_operation: OperationTable
  }
}
export type OperationRow = Selectable<OperationTable>

/** One thing to be done, by its own key: the same key written again is the same operation. */
export interface NewOperation {
  connectionId: string
  /** At most 100 characters; it also names the snapshot that the operation makes. */
  key: string
  target: { kind: TargetKind; externalId: string }
  action: Action
  ownerType: string
  ownerId: string
}

/** Writes the intent, or wakes one that failed. What is done or under way stays as it is. */
export async function writeOperation(db: Db, operation: NewOperation, now: Temporal.Instant): Promise<void> {
  const { target } = operation
  await sql`
    insert into cloud_operation (id, connection_id, key, target_kind, target_external_id, project_external_id, action, state, owner_type, owner_id, created_at)
    values (${newId()}, ${operation.connectionId}, ${operation.key}, ${target.kind}, ${target.externalId},
            ${await projectOf(db, operation.connectionId, target.externalId)},
            ${JSON.stringify(operation.action)}::jsonb, 'INTENDED', ${operation.ownerType}, ${operation.ownerId}, ${now})
    on conflict (key) do update set
      action = excluded.action, state = 'INTENDED', look_after = null, setbacks = 0, working_since = null, error_kind = null, last_error = null,
      settled_at = null, created_at = excluded.created_at
    where cloud_operation.state = 'FAILED'`.execute(db)
}

export const lockOperation = (db: Db, key: string): Promise<OperationRow | undefined> =>
  db.selectFrom('cloud_operation').selectAll().where('key', '=', key).forUpdate().executeTakeFirst()

/** In the order in which they were written. */
export const operationsOf = (db: Db, ownerId: string): Promise<OperationRow[]> =>
  db.selectFrom('cloud_operation').selectAll().where('owner_id', '=', ownerId).orderBy('created_at').orderBy('id').execute()

export const operationsByKey = async (db: Db, keys: readonly string[]): Promise<OperationRow[]> => {
  if (keys.length === 0) return []
  const rows = await db
    .selectFrom('cloud_operation')
    .selectAll()
    .where('key', 'in', [...keys])
    .execute()
  return keys.flatMap((key) => rows.find((row) => row.key === key) ?? [])
}

export async function updateOperation(db: Db, key: string, change: RowChange<'cloud_operation'>): Promise<void> {
  await db.updateTable('cloud_operation').set(change).where('key', '=', key).execute()
}

/** The cloud's id of the project in which a thing lies that the register knows, and null for anything else. */
export async function projectOf(db: Db, connectionId: string, externalId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    select project.external_id as id from cloud_resource thing join cloud_resource project on project.key = thing.want->>'project'
    where thing.connection_id = ${connectionId} and thing.external_id = ${externalId} and thing.kind <> 'quota' limit 1`.execute(db)
  return rows[0]?.id ?? null
}
