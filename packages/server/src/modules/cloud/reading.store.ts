import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { ReadThing } from './reading.ts'

/** What the register says of things read: made by us under this very id, and whether it is doing something with it now. */
export async function registeredOf(
  db: Db,
  connectionId: string,
  things: readonly ReadThing[],
): Promise<ReadonlyMap<string, { present: boolean; moving: boolean }>> {
  const { rows } = await sql<{ external_id: string; state: string }>`
    select external_id, state from cloud_resource
    where connection_id = ${connectionId} and external_id = any (${things.map(({ externalId }) => externalId)}::text[]) and kind <> 'quota'`.execute(
    db,
  )
  return new Map(
    rows.map(({ external_id, state }) => [
      external_id,
      { present: state === 'PRESENT', moving: ['INTENDED', 'ASKED', 'UNKNOWN', 'BUILDING', 'REMOVING'].includes(state) },
    ]),
  )
}

/** What each project was promised at least, by the cloud's id of the project; limits below were lowered by somebody. */
export async function promisedQuotas(db: Db, connectionId: string): Promise<ReadonlyMap<string, Record<string, number>>> {
  const { rows } = await sql<{ project: string; instances: number; vcpu: number; mem: number; volumes: number; gib: number }>`
    select p.external_id as project, max((q.want->'atLeast'->>'instances')::int) as instances, max((q.want->'atLeast'->>'cores')::int) as vcpu,
      max((q.want->'atLeast'->>'ramMiB')::int) as mem, max((q.want->'atLeast'->>'volumes')::int) as volumes, max((q.want->'atLeast'->>'volumeGiB')::int) as gib
    from cloud_resource q join cloud_resource p on p.key = q.want->>'project' and p.external_id is not null
    where q.connection_id = ${connectionId} and q.kind = 'quota' and q.state = 'PRESENT' group by 1`.execute(db)
  return new Map(
    rows.map(({ project, instances, vcpu, mem, volumes, gib }) => [project, { instances, vcpu, memMiB: mem, volumes, volumeGiB: gib }]),
  )
}

/** Orders that are being carried out, or were a moment ago: the record follows as soon as the change has been verified. */
export async function orderedOf(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
  since: Temporal.Instant,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select target_external_id as id from cloud_operation where connection_id = ${connectionId} and target_external_id = any (${[...externalIds]}::text[])
      and (state not in ('DONE', 'FAILED') or settled_at > ${since})`.execute(db)
  return new Set(rows.map((row) => row.id))
}
