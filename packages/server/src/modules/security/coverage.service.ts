import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { SecurityCover, SecurityItem, securityApi } from '@changbai/contract/security.ts'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { tenantNames } from '../identity/index.ts'
import { type ProtectedApplication, protectedApplications } from '../inventory/index.ts'
import { soonDays } from './held.service.ts'
import { securityCatalogue } from './order.service.ts'
import { coverOf, demandedAt, type Holding, isCovered } from './security.domain.ts'
import { type HeldRow, heldOf, openOrdersOf } from './security.store.ts'

const holdingOf = (row: HeldRow): Holding => ({
  code: row.code,
  beginsOn: row.begins_on.toString(),
  expiresOn: row.expires_on.toString(),
  endedOn: row.ended_at ? shanghaiDay(row.ended_at).toString() : null,
})

/** How applications stand on a day to what their level demands; orders count as such only while they are open now. */
export async function coverAt(
  ctx: Ctx,
  applications: readonly ProtectedApplication[],
  catalogue: readonly SecurityItem[],
  on: Temporal.PlainDate,
) {
  const ids = applications.map(({ id }) => id)
  const held = Map.groupBy(await heldOf(ctx.db, ids), (row) => row.application_id)
  const ordered = Map.groupBy(await openOrdersOf(ctx.db, ids), (row) => row.application_id)
  const soon = on.add({ days: soonDays(ctx) }).toString()
  return applications.map((application) => {
    const holdings = (held.get(application.id) ?? []).map(holdingOf)
    const orders = new Set((ordered.get(application.id) ?? []).map((row) => row.code))
    const demanded = demandedAt(catalogue, application.level).map((code) => coverOf(code, holdings, orders, on.toString(), soon))
    return { application, demanded, covered: isCovered(demanded) }
  })
}

/** Applications by name with what each holds, is waiting for and lacks. @clause 5.3-9 */
export async function listCoverage(ctx: Ctx, { after, limit, lacking, q }: Input<Api['coverage']>): Promise<Reply<Api['coverage']>> {
  const scope = scopeOf(ctx.actor, 'security.service.read', 'R', 'r')
  const reached = (await protectedApplications(ctx, ctx.now)).filter((one) =>
    reaches(scope, { tenantId: one.tenantId, applicationId: one.id }),
  )
  const all = await coverAt(ctx, reached, securityCatalogue(ctx), shanghaiDay(ctx.now))
  const word = q?.trim().toLowerCase()
  const cursor = readCursor(after)
  const shown = all
    .filter(({ application, covered }) => (!lacking || !covered) && (!word || application.name.toLowerCase().includes(word)))
    .filter(({ application }) => !cursor || application.name > cursor[0] || (application.name === cursor[0] && application.id > cursor[1]))
    .slice(0, limit + 1)
  const { items, next } = pageOf(shown, limit, ({ application }) => [application.name, application.id])
  const tenants = await tenantNames(ctx, [...new Set(items.map(({ application }) => application.tenantId))])
  return {
    items: items.map(
      ({ application, demanded, covered }): SecurityCover => ({
        applicationId: application.id,
        applicationName: application.name,
        tenantName: tenants.get(application.tenantId) ?? null,
        level: application.level,
        demanded,
        covered,
      }),
    ),
    next,
    covered: all.filter((one) => one.covered).length,
    due: all.length,
  }
}
type Api = typeof securityApi
