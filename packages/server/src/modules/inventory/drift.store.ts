import type { DriftDecision, DriftDifference, DriftStatus, DriftVerdict, ObservedKind } from '@changbai/contract/inventory.drift.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db, Row, RowChange } from '../../platform/db.ts'
import { newId } from '../../platform/ids.ts'
import type { Cursor } from '../../platform/keyset.ts'

type Json<T> = ColumnType<T, string, string>
declare module '../../platform/db.ts' {
  interface Tables {
    drift: {
      id: string
      connection_id: string
      kind: ObservedKind
      external_id: string
      verdict: DriftVerdict
      name: string
      project_id: string
      item_id: string | null
      tenant_id: string | null
      differences: Json<DriftDifference[]>
      first_seen_at: Temporal.Instant
      last_seen_at: Temporal.Instant
      reading_id: string
      status: DriftStatus
      decision: DriftDecision | null
      decided_by: string | null
      decided_by_name: string | null
      decided_at: Temporal.Instant | null
      comment: string | null
      reference: string
      change_id: string | null
      ended_at: Temporal.Instant | null
    }
  }
}
export type DriftRow = Row<'drift'>

export interface FoundDrift {
  kind: ObservedKind
  externalId: string
  verdict: DriftVerdict
  name: string
  projectId: string
  itemId: string | null
  tenantId: string | null
  differences: DriftDifference[]
}

/**
 * Writes down what one page of a reading found. A live difference stays the same row; when it is another than the one that was decided, it is
 * open again.
 * @returns how many are new or open again
 */
export async function keepDrifts(
  db: Db,
  reading: { id: string; connectionId: string },
  found: readonly FoundDrift[],
  now: Temporal.Instant,
): Promise<number> {
  if (found.length === 0) return 0
  const rows = found.map((one) => ({
    id: newId(),
    kind: one.kind,
    external_id: one.externalId,
    verdict: one.verdict,
    name: one.name,
    project_id: one.projectId,
    item_id: one.itemId,
    tenant_id: one.tenantId,
    differences: one.differences,
  }))
  const { rows: kept } = await sql<{ fresh: boolean }>`
    insert into drift as d (id, connection_id, kind, external_id, verdict, name, project_id, item_id, tenant_id, differences, first_seen_at, last_seen_at, reading_id, status)
    select r.id, ${reading.connectionId}, r.kind, r.external_id, r.verdict, r.name, r.project_id, r.item_id, r.tenant_id, r.differences, ${now}, ${now}, ${reading.id}, 'OPEN'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) r (id uuid, kind text, external_id text, verdict text, name text, project_id text, item_id uuid, tenant_id uuid, differences jsonb)
    on conflict (connection_id, kind, external_id) where ended_at is null do update set
      last_seen_at = excluded.last_seen_at, reading_id = excluded.reading_id, name = excluded.name, project_id = excluded.project_id,
      item_id = excluded.item_id, tenant_id = excluded.tenant_id, verdict = excluded.verdict, differences = excluded.differences,
      status = case when d.verdict = excluded.verdict and d.differences = excluded.differences then d.status else 'OPEN' end
    returning (first_seen_at = last_seen_at) as fresh`.execute(db)
  return kept.filter((row) => row.fresh).length
}

/** Live differences of these kinds that this reading did not find: they have gone by themselves, or what was decided has come about. */
export async function endDrifts(
  db: Db,
  reading: { id: string; connectionId: string },
  kinds: readonly ObservedKind[],
  now: Temporal.Instant,
): Promise<number> {
  const { numAffectedRows } = await sql`
    update drift set ended_at = ${now}, status = case status when 'OPEN' then 'CLEARED' else status end
    where connection_id = ${reading.connectionId} and ended_at is null and reading_id <> ${reading.id} and kind = any (${[...kinds]}::text[])`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0)
}

/** Differences of things that were met again and are alike now. */
export async function endAlike(
  db: Db,
  connectionId: string,
  kind: ObservedKind,
  externalIds: readonly string[],
  now: Temporal.Instant,
): Promise<void> {
  await sql`
    update drift set ended_at = ${now}, status = case status when 'OPEN' then 'CLEARED' else status end
    where connection_id = ${connectionId} and ended_at is null and kind = ${kind} and external_id = any (${[...externalIds]}::text[])`.execute(
    db,
  )
}

export const lockDrift = (db: Db, id: string): Promise<DriftRow | undefined> =>
  db.selectFrom('drift').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const findDrift = (db: Db, id: string): Promise<DriftRow | undefined> =>
  db.selectFrom('drift').selectAll().where('id', '=', id).executeTakeFirst()
export async function updateDrift(db: Db, id: string, change: RowChange<'drift'>): Promise<void> {
  await db.updateTable('drift').set(change).where('id', '=', id).execute()
}

export interface DriftQuery {
  statuses: readonly string[]
  kind?: ObservedKind | undefined
  verdict?: DriftVerdict | undefined
  q?: string | undefined
  connectionId?: string | undefined
}

/** Newest first; one more than asked for tells that there is a next page. Served by drift_page and drift_open. */
export function driftPage(db: Db, query: DriftQuery, after: Cursor | undefined, limit: number): Promise<DriftRow[]> {
  let select = db
    .selectFrom('drift')
    .selectAll()
    .where('status', 'in', query.statuses.length > 0 ? ([...query.statuses] as DriftStatus[]) : ['OPEN'])
  if (query.kind) select = select.where('kind', '=', query.kind)
  if (query.verdict) select = select.where('verdict', '=', query.verdict)
  if (query.connectionId) select = select.where('connection_id', '=', query.connectionId)
  if (query.q) {
    const like = `%${query.q.replaceAll(/[\\%_]/g, '\\$&')}%`
    select = select.where((where) => where.or([where('name', 'ilike', like), where('external_id', 'ilike', like)]))
  }
  if (after) select = select.where(sql<boolean>`(first_seen_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return select.orderBy('first_seen_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}
