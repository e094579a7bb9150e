import type { Application, Server } from '@changbai/contract/inventory.ts'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { changeItem, lockForChange, type Via, withNames } from './item.service.ts'
import { findBySource, findByText, findItem, findItems, listItems } from './items.store.ts'
import { kinds } from './kinds.store.ts'
import type { Source } from './resource.service.ts'

/** For other modules: no permission is asked, the caller has decided; undefined if there is none. */
export const findApplication = async (ctx: Ctx, id: string) =>
  (await findItem(ctx.db, kinds.application, id)) as unknown as Application | undefined

export const findApplicationByCode = async (ctx: Ctx, code: string) =>
  (await findByText(ctx.db, kinds.application, 'code', code)) as unknown as Application | undefined

/** Names and bureaus of applications, to show beside one's own rows. */
export async function applicationsById(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Application>> {
  const items = ids.length === 0 ? [] : await findItems(ctx.db, kinds.application, [...new Set(ids)])
  return new Map(items.map((item) => [item.id, item as unknown as Application]))
}

/** Applications in use that the actor may read, by name; at most 500, for pickers and for names to compare. */
export async function myApplications(ctx: Ctx, tenantId?: string): Promise<Application[]> {
  const scope = scopeOf(ctx.actor, 'application.read', 'R', 'r')
  const rows = await listItems(ctx.db, kinds.application, { equals: tenantId ? { tenantId } : {}, scope }, undefined, 500)
  return (await withNames(
    ctx,
    rows.map(({ item }) => item),
  )) as unknown as Application[]
}

export const maySeeApplication = (ctx: Ctx, application: Pick<Application, 'id' | 'tenantId'>) =>
  reaches(scopeOf(ctx.actor, 'application.read', 'R', 'r'), { tenantId: application.tenantId, applicationId: application.id })

/** What an application runs on, by name. */
export async function serversOf(ctx: Ctx, applicationId: string): Promise<Server[]> {
  const rows = await listItems(ctx.db, kinds.server, { equals: { applicationId }, scope: { all: true } }, undefined, 1000)
  return rows.map(({ item }) => item as unknown as Server)
}

export const serverBySource = async (ctx: Ctx, source: Source) =>
  (await findBySource(ctx.db, kinds.server, source)) as unknown as Server | undefined

/** Procedures move an application on: admitted, in trial, online. */
export async function changeApplication(
  ctx: Ctx,
  id: string,
  change: Partial<Pick<Application, 'state' | 'admissionNo' | 'mlpsLevel' | 'goLiveOn' | 'projectManagerId' | 'measurement'>>,
  via: Via,
): Promise<Application> {
  const item = await lockForChange(ctx, 'application', id, undefined, null)
  return (await changeItem(ctx, 'application', item, change, via)) as unknown as Application
}

/** Every application whose measurement is stated; whether it is confirmed is for the caller. @clause 7.1-I-4 */
export async function measuredApplications(ctx: Ctx): Promise<Application[]> {
  const rows = await listItems(ctx.db, kinds.application, { equals: {}, scope: { all: true }, retired: true }, undefined, 10_000)
  return rows.flatMap(({ item }) => (item.measurement ? [item as unknown as Application] : []))
}
