import type { ChangedAttr, ChangedKind } from '@changbai/contract/change.shapes.ts'
import type { Bilingual } from '@changbai/contract/form-words.ts'
import type { ColumnType } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

type Json<T> = ColumnType<T, string, string>
interface StandardTable {
  id: string
  key: string
  version: number
  name: Json<Bilingual>
  ci_kind: ChangedKind
  attr: ChangedAttr
  max_days: number | null
  downtime: boolean
  steps: Json<{ action: string; owner: string; minutes: number }[]>
  rollback_plan: string
  verify_plan: string
  state: 'PROPOSED' | 'ACTIVE' | 'REJECTED' | 'RETIRED'
  proposed_by: string | null
  proposed_by_name: string
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
}
interface FreezeTable {
  id: string
  name: string
  reason: string
  frozen_from: Temporal.Instant
  frozen_to: Temporal.Instant
  state: 'PROPOSED' | 'ACTIVE' | 'REJECTED' | 'LIFTED'
  proposed_by: string | null
  proposed_by_name: string
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    standard_change: StandardTable
    change_freeze: FreezeTable
  }
}
export type StandardRow = Row<'standard_change'>
export type FreezeRow = Row<'change_freeze'>

/** All versions, those in force first; at most 500. */
export const standards = (db: Db): Promise<StandardRow[]> =>
  db.selectFrom('standard_change').selectAll().orderBy('key').orderBy('version', 'desc').limit(500).execute()
export const standardInForce = (db: Db, key: string): Promise<StandardRow | undefined> =>
  db.selectFrom('standard_change').selectAll().where('key', '=', key).where('state', '=', 'ACTIVE').executeTakeFirst()
export const standardById = (db: Db, id: string): Promise<StandardRow | undefined> =>
  db.selectFrom('standard_change').selectAll().where('id', '=', id).executeTakeFirst()
export const lockStandard = (db: Db, id: string): Promise<StandardRow | undefined> =>
  db.selectFrom('standard_change').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const lastVersion = async (db: Db, key: string): Promise<number> => {
  const row = await db
    .selectFrom('standard_change')
    .select('version')
    .where('key', '=', key)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.version ?? 0
}
export const insertStandard = (db: Db, row: NewRow<'standard_change'>) => db.insertInto('standard_change').values(row).execute()
export const updateStandard = (db: Db, id: string, change: RowChange<'standard_change'>) =>
  db.updateTable('standard_change').set(change).where('id', '=', id).execute()
export const retireStandard = (db: Db, key: string) =>
  db.updateTable('standard_change').set({ state: 'RETIRED' }).where('key', '=', key).where('state', '=', 'ACTIVE').execute()

/** The latest first; at most 200. */
export const freezes = (db: Db): Promise<FreezeRow[]> =>
  db.selectFrom('change_freeze').selectAll().orderBy('frozen_from', 'desc').orderBy('id').limit(200).execute()
/** In force and reaching into a span. Served by change_freeze_span. */
export const freezesBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<FreezeRow[]> =>
  db
    .selectFrom('change_freeze')
    .selectAll()
    .where('state', '=', 'ACTIVE')
    .where('frozen_from', '<', to)
    .where('frozen_to', '>', from)
    .orderBy('frozen_from')
    .limit(100)
    .execute()
export const lockFreeze = (db: Db, id: string): Promise<FreezeRow | undefined> =>
  db.selectFrom('change_freeze').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const insertFreeze = (db: Db, row: NewRow<'change_freeze'>) => db.insertInto('change_freeze').values(row).execute()
export const updateFreeze = (db: Db, id: string, change: RowChange<'change_freeze'>) =>
  db.updateTable('change_freeze').set(change).where('id', '=', id).execute()
