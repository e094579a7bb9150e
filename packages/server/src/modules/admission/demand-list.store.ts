import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

/** More that are not met is a problem of another kind. */
const LIMIT = 200

export interface OpenDemand {
  id: string
  matterId: string
  shortage: Record<string, number>
  status: 'OPEN' | 'READY'
  readyOn: Temporal.PlainDate | null
  since: Temporal.Instant
}

/** Demands for capacity of one kind of matter that are not given up, newest first. */
export async function openDemands(db: Db, type: 'admission' | 'request'): Promise<OpenDemand[]> {
  const { rows } = await sql<OpenDemand>`
    select id, matter_id as "matterId", shortage, status, ready_on as "readyOn", created_at as since from build_demand
    where matter_type = ${type} and status <> 'CANNOT' order by created_at desc limit ${LIMIT}`.execute(db)
  return rows
}

/** Numbers and names of admissions that are still under way; of others nobody waits any more. */
export async function waitingAdmissions(db: Db, ids: readonly string[]): Promise<Map<string, { number: string; title: string }>> {
  const { rows } = await sql<{ id: string; number: string; title: string }>`
    select id, number, app_name as title from admission where id = any (${[...ids]}::uuid[]) and status = 'WAITLISTED'`.execute(db)
  return new Map(rows.map(({ id, number, title }) => [id, { number, title }]))
}
