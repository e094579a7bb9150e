import type { PatchBaseline, PatchResult, PatchRoundState } from '@changbai/contract/patch.ts'
import { type ColumnType, type Generated, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

type Json<T> = ColumnType<T, string, string>
declare module '../../platform/db.ts' {
  interface Tables {
    patch_baseline: {
      id: string
      image_id: string
      image_name: string
      version: number
      severity: PatchBaseline['severity']
      summary: string
      packages: Json<PatchBaseline['packages']>
      published_at: Temporal.Instant
      published_by_name: string
      retired_at: Temporal.Instant | null
    }
    patch_round: {
      id: string
      number: string
      title: string
      state: PatchRoundState
      baseline_id: string
      window_from: Temporal.Instant
      window_to: Temporal.Instant
      restart: boolean
      rollback_plan: string
      due_at: Temporal.Instant
      provisional: boolean
      planned_by_name: string
      created_at: Temporal.Instant
      started_at: Temporal.Instant | null
      closed_at: Temporal.Instant | null
      cancel_reason: Generated<string>
    }
    patch_target: {
      id: string
      round_id: string
      server_id: string
      server_name: string
      tenant_id: string | null
      application_id: string | null
      application_name: string
      result: PatchResult
      note: Generated<string>
      at: Temporal.Instant | null
      by_name: string | null
    }
  }
}
export type BaselineRow = Row<'patch_baseline'>
export type RoundRow = Row<'patch_round'>
export type TargetRow = Row<'patch_target'>

export const baselines = (db: Db, filter: { imageId?: string | undefined; all?: boolean | undefined }): Promise<BaselineRow[]> => {
  let query = db.selectFrom('patch_baseline').selectAll()
  if (filter.imageId) query = query.where('image_id', '=', filter.imageId)
  if (!filter.all) query = query.where('retired_at', 'is', null)
  return query.orderBy('image_name').orderBy('version', 'desc').limit(500).execute()
}
export const findBaseline = (db: Db, id: string): Promise<BaselineRow | undefined> =>
  db.selectFrom('patch_baseline').selectAll().where('id', '=', id).executeTakeFirst()
/** The one in force until now, which is over. */
export const retireBaseline = (db: Db, imageId: string, at: Temporal.Instant): Promise<BaselineRow | undefined> =>
  db
    .updateTable('patch_baseline')
    .set({ retired_at: at })
    .where('image_id', '=', imageId)
    .where('retired_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
export const lastBaselineVersion = async (db: Db, imageId: string): Promise<number> =>
  (
    await db
      .selectFrom('patch_baseline')
      .select('version')
      .where('image_id', '=', imageId)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst()
  )?.version ?? 0
export const insertBaseline = async (db: Db, row: NewRow<'patch_baseline'>): Promise<void> => {
  await db.insertInto('patch_baseline').values(row).execute()
}

/** Of these servers: which stand at a baseline (or a later one of its image), which are on a round that is not over. */
export async function standingOf(
  db: Db,
  baseline: BaselineRow,
  serverIds: readonly string[],
): Promise<{ patched: Set<string>; planned: Set<string> }> {
  const { rows } = await sql<{ server_id: string; patched: boolean; planned: boolean }>`
    select t.server_id, bool_or(t.result = 'DONE' and b.version >= ${baseline.version}) as patched,
      bool_or(t.result = 'PENDING' and r.state in ('PLANNED', 'RUNNING')) as planned
    from patch_target t join patch_round r on r.id = t.round_id join patch_baseline b on b.id = r.baseline_id
    where t.server_id = any (${[...serverIds]}::uuid[]) and b.image_id = ${baseline.image_id} group by t.server_id`.execute(db)
  return {
    patched: new Set(rows.filter((row) => row.patched).map((row) => row.server_id)),
    planned: new Set(rows.filter((row) => row.planned).map((row) => row.server_id)),
  }
}

export const insertRound = async (db: Db, row: NewRow<'patch_round'>): Promise<void> => {
  await db.insertInto('patch_round').values(row).execute()
}
export const findRound = (db: Db, id: string): Promise<RoundRow | undefined> =>
  db.selectFrom('patch_round').selectAll().where('id', '=', id).executeTakeFirst()
export const lockRound = (db: Db, id: string): Promise<RoundRow | undefined> =>
  db.selectFrom('patch_round').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateRound = (db: Db, id: string, change: RowChange<'patch_round'>): Promise<RoundRow> =>
  db.updateTable('patch_round').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

const touches = (scope: Scope) =>
  scope.all
    ? sql<boolean>`true`
    : sql<boolean>`exists (select 1 from patch_target t where t.round_id = patch_round.id
        and (t.tenant_id = any (${scope.tenantIds}::uuid[]) or t.application_id = any (${scope.applicationIds}::uuid[])))`
/** Newest first, a row more than asked; a bureau finds those that touch its servers. */
export function roundPage(
  db: Db,
  filter: { state?: PatchRoundState | undefined; open?: boolean | undefined },
  scope: Scope,
  after: Cursor | undefined,
  limit: number,
): Promise<RoundRow[]> {
  let query = db.selectFrom('patch_round').selectAll().where(touches(scope))
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.open) query = query.where('state', 'in', ['PLANNED', 'RUNNING'])
  if (after) query = query.where('id', '<', after[1])
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}
/** Not called off, with a window that reaches into a span; at most 500. */
export const roundsBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<RoundRow[]> =>
  db
    .selectFrom('patch_round')
    .selectAll()
    .where('state', '<>', 'CANCELLED')
    .where('window_from', '<', to)
    .where('window_to', '>', from)
    .orderBy('window_from')
    .limit(500)
    .execute()

export const insertTargets = async (db: Db, rows: readonly NewRow<'patch_target'>[]): Promise<void> => {
  await db
    .insertInto('patch_target')
    .values([...rows])
    .execute()
}
export const targetsOf = (db: Db, roundIds: readonly string[]): Promise<TargetRow[]> =>
  roundIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('patch_target').selectAll().where('round_id', 'in', roundIds).orderBy('server_name').orderBy('id').execute()
export async function writeResults(
  db: Db,
  roundId: string,
  targetIds: readonly string[],
  change: Pick<TargetRow, 'result' | 'note' | 'at' | 'by_name'>,
): Promise<number> {
  const done = await db
    .updateTable('patch_target')
    .set(change)
    .where('round_id', '=', roundId)
    .where('id', 'in', [...targetIds])
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}
/** Every server of rounds whose results fell due in a span. */
export async function targetsDue(db: Db, from: Temporal.Instant, to: Temporal.Instant) {
  return db
    .selectFrom('patch_target as t')
    .innerJoin('patch_round as r', 'r.id', 't.round_id')
    .select([
      't.id',
      't.server_name',
      't.tenant_id',
      't.application_id',
      't.result',
      't.at',
      'r.id as round_id',
      'r.number',
      'r.due_at',
      'r.created_at',
      'r.provisional',
      'r.state',
    ])
    .where('r.due_at', '>=', from)
    .where('r.due_at', '<', to)
    .orderBy('r.due_at')
    .orderBy('t.id')
    .limit(20_000)
    .execute()
}
