import { sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'

/** A server, volume or network that somebody held for part of a span, with its amounts as they are now. */
export interface HeldItem {
  id: string
  type: 'server' | 'volume' | 'network'
  kind: string
  name: string
  tenantId: string | null
  applicationId: string | null
  heldFrom: Temporal.Instant
  heldUntil: Temporal.Instant | null
  vcpu: number
  memGiB: number
  /** System disk of a server, size of a volume. */
  gib: number
  tier: 'SSD' | 'SAS' | 'SATA' | null
  bandwidthMbps: number
}
/** What a change of an amount had before. */
export interface HeldChange {
  itemId: string
  at: Temporal.Instant
  before: Partial<Record<'vcpu' | 'memGiB' | 'rootGiB' | 'gib' | 'tier' | 'bandwidthMbps', unknown>>
}

/** Held within a span by those in scope, and every later change of an amount, the newest first: what it was at any instant follows backwards. */
export async function heldDuring(
  ctx: Ctx,
  from: Temporal.Instant,
  to: Temporal.Instant,
  scope: Scope,
): Promise<{ items: HeldItem[]; changes: HeldChange[] }> {
  const reach = scope.all
    ? sql`true`
    : sql`(tenant_id = any (${scope.tenantIds}::uuid[]) or application_id = any (${scope.applicationIds}::uuid[]))`
  const { rows: items } = await sql<HeldItem>`
    select * from (
      select id, 'server' as type, kind, name, tenant_id as "tenantId", application_id as "applicationId", coalesce(delivered_at, created_at) as "heldFrom",
        retired_at as "heldUntil", vcpu, mem_gib as "memGiB", root_gib as gib, null::text as tier, 0 as "bandwidthMbps"
      from server where state <> 'BUILDING' and ${reach}
      union all
      select id, 'volume', kind, name, tenant_id, application_id, created_at, retired_at, 0, 0, gib, tier, 0 from volume where state <> 'BUILDING' and ${reach}
      union all
      select id, 'network', kind, name, tenant_id, application_id, created_at, retired_at, 0, 0, 0, null, coalesce(bandwidth_mbps, 0)
      from network where kind in ('NETWORK', 'PUBLIC_ADDRESS') and state <> 'BUILDING' and ${reach}
    ) held where "heldFrom" < ${to} and ("heldUntil" is null or "heldUntil" > ${from}) order by type, name, id`.execute(ctx.db)
  const { rows: changes } = await sql<HeldChange>`
    select item_id as "itemId", at, before from item_change
    where item_id = any (${items.map(({ id }) => id)}::uuid[]) and at > ${from} and before ?| array['vcpu', 'memGiB', 'rootGiB', 'gib', 'tier', 'bandwidthMbps']
    order by item_id, id desc`.execute(ctx.db)
  return { items, changes }
}

export interface Lease {
  kind: 'server' | 'volume' | 'network'
  id: string
  name: string
  on: Temporal.PlainDate
}
/** What an application holds whose lease has a last day, the next to end first; at most 500. */
export async function leasesOf(ctx: Ctx, applicationId: string): Promise<Lease[]> {
  const { rows } = await sql<Lease>`
    select 'server' as kind, id, name, usage_until as "on" from server where application_id = ${applicationId} and retired_at is null and usage_until is not null
    union all select 'volume', id, name, usage_until from volume where application_id = ${applicationId} and retired_at is null and usage_until is not null
    union all select 'network', id, name, usage_until from network where application_id = ${applicationId} and retired_at is null and usage_until is not null
    order by 4, 3 limit 500`.execute(ctx.db)
  return rows
}

export interface ProtectedApplication {
  id: string
  tenantId: string
  name: string
  level: number
}
/** Production applications that served at an instant, by name: those whose protection level obliges. One that is being prepared owes nothing yet. */
export async function protectedApplications(ctx: Ctx, at: Temporal.Instant): Promise<ProtectedApplication[]> {
  const { rows } = await sql<ProtectedApplication>`
    select id, tenant_id as "tenantId", name, mlps_level as level from application
    where env = 'PROD' and state <> 'PREPARING' and created_at <= ${at} and (retired_at is null or retired_at > ${at})`.execute(ctx.db)
  return rows.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
}

export interface ImageServer {
  id: string
  name: string
  tenantId: string | null
  applicationId: string | null
  applicationName: string
}
/**
 * Servers in use that were made from an image, by name; at most 5,000. What a work order or an import brought names its system in words: the image's
 * name, its id in the cloud, or system and version; where several images are that, the one that comes last by architecture (x86_64).
 */
export async function serversOfImage(ctx: Ctx, imageId: string): Promise<ImageServer[]> {
  const { rows } = await sql<ImageServer>`
    select s.id, s.name, s.tenant_id as "tenantId", s.application_id as "applicationId", coalesce(a.name, '') as "applicationName"
    from image i join server s on s.image_id = i.id or (s.image_id is null and s.os <> ''
      and lower(s.os) in (lower(i.name), lower(i.external_id), lower(i.os || ' ' || i.version))
      and not exists (select from image o where o.retired_at is null and o.id <> i.id and (o.arch, o.id) > (i.arch, i.id)
        and lower(s.os) = lower(o.os || ' ' || o.version)))
    left join application a on a.id = s.application_id
    where i.id = ${imageId} and s.retired_at is null and s.state <> 'BUILDING' order by s.name, s.id limit 5000`.execute(ctx.db)
  return rows
}
