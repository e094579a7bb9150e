import type { Component, Server } from '@changbai/contract/inventory.ts'
import type { Scope } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { findItem, listItems } from './items.store.ts'
import { kinds } from './kinds.store.ts'

const MOST = 20_000

/** Servers in use, by name: what monitoring expects to hear of. At most 20,000. */
export async function monitoredServers(ctx: Ctx, scope: Scope = { all: true }): Promise<Server[]> {
  const rows = await listItems(ctx.db, kinds.server, { equals: {}, scope }, undefined, MOST)
  return rows.map(({ item }) => item as unknown as Server)
}

/** Switches, firewalls, storage and so on in use that have an address, by name. */
export async function monitoredComponents(ctx: Ctx): Promise<(Component & { address: string })[]> {
  const rows = await listItems(ctx.db, kinds.component, { equals: {}, scope: { all: true } }, undefined, MOST)
  return rows.flatMap(({ item }) => {
    const component = item as unknown as Component
    return component.address ? [{ ...component, address: component.address }] : []
  })
}

/** What curves are drawn of. A component belongs to no bureau. */
export interface Monitored {
  id: string
  type: string
  name: string
  tenantId: string | null
  applicationId: string | null
}

/** For other modules: no permission is asked, the caller has decided; undefined if there is none. */
export async function findMonitored(ctx: Ctx, id: string): Promise<Monitored | undefined> {
  const server = (await findItem(ctx.db, kinds.server, id)) as unknown as Server | undefined
  if (server) return { id, type: server.kind, name: server.name, tenantId: server.tenantId, applicationId: server.applicationId }
  const component = (await findItem(ctx.db, kinds.component, id)) as unknown as Component | undefined
  return component && { id, type: component.kind, name: component.name, tenantId: null, applicationId: null }
}
