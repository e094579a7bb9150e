import { sql } from 'kysely'
import type { Db, Row } from '../../platform/db.ts'
import type { ConnectionRow } from './cloud.store.ts'
import type { Verdict } from './stray.domain.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    cloud_stray: {
      connection_id: string
      external_id: string
      kind: 'server' | 'volume'
      key: string
      verdict: Verdict
      first_seen_at: Temporal.Instant
      last_seen_at: Temporal.Instant
      gone_at: Temporal.Instant | null
      removed_by_us: boolean
      last_error: string | null
    }
  }
}
export type StrayRow = Row<'cloud_stray'>

/** Connections under which something was ever made. */
export const usedConnections = (db: Db): Promise<ConnectionRow[]> =>
  db
    .selectFrom('cloud_connection')
    .selectAll()
    .where('driver', '=', 'openstack')
    .where((where) =>
      where.exists(where.selectFrom('cloud_resource').select('id').whereRef('cloud_resource.connection_id', '=', 'cloud_connection.id')),
    )
    .execute()

/** The cloud's ids of the projects made under a connection. */
export const projectsOf = async (db: Db, connectionId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('cloud_resource')
    .select('external_id')
    .where('connection_id', '=', connectionId)
    .where('kind', '=', 'project')
    .where('external_id', 'is not', null)
    .execute()
  return rows.flatMap((row) => row.external_id ?? [])
}

export const openStrays = (db: Db, connectionId?: string): Promise<StrayRow[]> => {
  let select = db.selectFrom('cloud_stray').selectAll().where('gone_at', 'is', null)
  if (connectionId) select = select.where('connection_id', '=', connectionId)
  return select.orderBy('first_seen_at', 'desc').orderBy('external_id').limit(500).execute()
}

/** Seen again, or for the first time. @returns true when it is new */
export async function sawStray(
  db: Db,
  stray: Pick<StrayRow, 'connection_id' | 'external_id' | 'kind' | 'key' | 'verdict'>,
  now: Temporal.Instant,
): Promise<boolean> {
  const { rows } = await sql<{ is_new: boolean }>`
    insert into cloud_stray (connection_id, external_id, kind, key, verdict, first_seen_at, last_seen_at)
    values (${stray.connection_id}, ${stray.external_id}, ${stray.kind}, ${stray.key}, ${stray.verdict}, ${now}, ${now})
    on conflict (connection_id, external_id) do update
      set last_seen_at = excluded.last_seen_at, verdict = excluded.verdict, gone_at = null
    returning (first_seen_at = last_seen_at) as is_new`.execute(db)
  return rows[0]?.is_new ?? false
}

export const strayGone = async (
  db: Db,
  stray: Pick<StrayRow, 'connection_id' | 'external_id'>,
  byUs: boolean,
  now: Temporal.Instant,
): Promise<void> => {
  await db
    .updateTable('cloud_stray')
    .set({ gone_at: now, removed_by_us: byUs, last_error: null })
    .where('connection_id', '=', stray.connection_id)
    .where('external_id', '=', stray.external_id)
    .execute()
}

export const strayStayed = async (db: Db, stray: Pick<StrayRow, 'connection_id' | 'external_id'>, error: string): Promise<void> => {
  await db
    .updateTable('cloud_stray')
    .set({ last_error: error.slice(0, 500) })
    .where('connection_id', '=', stray.connection_id)
    .where('external_id', '=', stray.external_id)
    .execute()
}
