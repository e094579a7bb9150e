import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export interface ReclaimableRow {
  type: 'server' | 'volume'
  id: string
  name: string
  kind: string
  tenantId: string | null
  applicationId: string | null
  env: string
  state: string
  vcpu: number
  memGiB: number
  /** System disk of a server, size of a volume. */
  gib: number
  poolId: string | null
  since: Temporal.Instant
  serverId: string | null
  serverName: string | null
  /** Since when a volume hangs on no server; null while it does. */
  detachedSince: Temporal.Instant | null
  connectionId: string | null
  externalId: string | null
  sourceType: string | null
  sourceId: string | null
}

/** Servers in use that belong to an application, and block volumes; all of them, or those with these ids. */
export async function reclaimableRows(db: Db, ids?: readonly string[]): Promise<ReclaimableRow[]> {
  const only = (column: string) => (ids === undefined ? sql`true` : sql`${sql.raw(column)} = any (${[...ids]}::uuid[])`)
  const { rows } = await sql<ReclaimableRow>`
    select 'server' as type, s.id, s.name, s.kind, s.tenant_id as "tenantId", s.application_id as "applicationId", s.env, s.state, s.vcpu,
      s.mem_gib as "memGiB", s.root_gib as gib, s.pool_id as "poolId", coalesce(s.delivered_at, s.created_at) as since, null::uuid as "serverId",
      null::text as "serverName", null::timestamptz as "detachedSince", s.connection_id as "connectionId", s.external_id as "externalId",
      s.source_type as "sourceType", s.source_id as "sourceId"
    from server s where s.retired_at is null and s.application_id is not null and s.state <> 'BUILDING' and ${only('s.id')}
    union all
    select 'volume', v.id, v.name, v.kind, v.tenant_id, v.application_id, v.env, v.state, 0, 0, v.gib, v.pool_id, v.created_at, v.server_id, h.name,
      case when v.server_id is null then coalesce((
        select max(c.at) from item_change c where c.item_id = v.id and c.before ? 'serverId'), v.created_at) end,
      v.connection_id, v.external_id, v.source_type, v.source_id
    from volume v left join server h on h.id = v.server_id
    where v.retired_at is null and v.application_id is not null and v.state <> 'BUILDING' and ${only('v.id')}`.execute(db)
  return rows
}

export async function flavorSizes(db: Db): Promise<{ vcpu: number; memGiB: number }[]> {
  const { rows } = await sql<{ vcpu: number; memGiB: number }>`
    select distinct vcpu, mem_gib as "memGiB" from flavor where state = 'ACTIVE' and retired_at is null`.execute(db)
  return rows
}

/** Live items that hang on a server. */
export async function hangingOn(db: Db, serverId: string): Promise<{ type: 'volume' | 'network'; id: string }[]> {
  const { rows } = await sql<{ type: 'volume' | 'network'; id: string }>`
    select 'volume' as type, id from volume where server_id = ${serverId} and retired_at is null
    union all select 'network', id from network where server_id = ${serverId} and retired_at is null order by id`.execute(db)
  return rows
}
