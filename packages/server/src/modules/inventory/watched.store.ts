import type { ComponentKind, ItemType } from '@changbai/contract/inventory.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../../platform/db.ts'

/** Something that monitoring may speak of. */
export interface WatchedItem {
  type: ItemType
  id: string
  name: string
  /** Of a server vm or baremetal, of a component its kind; an application is `application`. */
  kind: 'vm' | 'baremetal' | 'application' | 'other' | z.output<typeof ComponentKind>
  tenantId: string | null
  applicationId: string | null
  retired: boolean
}

const watched = sql`(
  select 'server' as type, id, name, kind, tenant_id as "tenantId", application_id as "applicationId", retired_at is not null as retired from server
  union all select 'component', id, name, kind, null, null, retired_at is not null from component
  union all select 'application', id, name, 'application', tenant_id, id, retired_at is not null from application
  union all select 'volume', id, name, 'other', tenant_id, application_id, retired_at is not null from volume
  union all select 'network', id, name, 'other', tenant_id, application_id, retired_at is not null from network) as w`

export async function watchedById(db: Db, ids: readonly string[]): Promise<WatchedItem[]> {
  const { rows } = await sql<WatchedItem>`select * from ${watched} where id = any (${[...ids]}::uuid[])`.execute(db)
  return rows
}
/** Live ones of these kinds in order of name, a row more than asked. */
export async function watchedOf(
  db: Db,
  kinds: readonly string[],
  after: readonly [name: string, id: string] | undefined,
  limit: number,
): Promise<WatchedItem[]> {
  const { rows } = await sql<WatchedItem>`
    select * from ${watched} where not retired and kind = any (${[...kinds]}::text[])
      and ${after ? sql`(name, id) > (${after[0]}, ${after[1]}::uuid)` : sql`true`}
    order by name, id limit ${limit + 1}`.execute(db)
  return rows
}

/** Servers and components of these kinds that stood in the register at an instant, by name, with when they came; at most `limit`. */
export async function watchedAt(
  db: Db,
  kinds: readonly string[],
  at: Temporal.Instant,
  limit: number,
): Promise<(WatchedItem & { createdAt: Temporal.Instant })[]> {
  const stood = sql`created_at <= ${at} and (retired_at is null or retired_at > ${at}) and kind = any (${[...kinds]}::text[])`
  const { rows } = await sql<WatchedItem & { createdAt: Temporal.Instant }>`
    select * from (
      select 'server' as type, id, name, kind, tenant_id as "tenantId", application_id as "applicationId", retired_at is not null as retired,
        created_at as "createdAt" from server where ${stood}
      union all select 'component', id, name, kind, null, null, retired_at is not null, created_at from component where ${stood}) as w
    order by name, id limit ${limit}`.execute(db)
  return rows
}

/** Live items at these addresses: their own, or that of the out-of-band management. */
export async function itemsAtAddresses(db: Db, addresses: readonly string[]): Promise<{ address: string; id: string }[]> {
  const asked = sql`any (${[...addresses]}::text[])`
  const { rows } = await sql<{ address: string; id: string }>`
    select a ->> 'address' as address, id from server, jsonb_array_elements(addresses) a where retired_at is null and a ->> 'address' = ${asked}
      and jsonb_path_query_array(addresses, '$[*].address') ?| ${[...addresses]}::text[]
    union all select bmc_address, id from server where retired_at is null and bmc_address = ${asked}
    union all select address, id from component where retired_at is null and address = ${asked}
    union all select address, id from network where retired_at is null and address = ${asked}`.execute(db)
  return rows
}
