import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { SecurityService } from '@changbai/contract/provision-form.ts'
import { type SecurityHeld, type securityApi, securityProblems } from '@changbai/contract/security.ts'
import { requireScope, type Scope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { tenantNames } from '../identity/index.ts'
import { findApplication } from '../inventory/index.ts'
import { checkExpiry } from './order.service.ts'
import { type HeldRow, heldBetween, heldOf, heldPage, insertHeld, lockHeld, updateHeld } from './security.store.ts'

type Api = typeof securityApi

/** Days before its end from which a service counts as ending. */
export const soonDays = (ctx: Ctx): number => Math.max(...ctx.plan.value<number[]>('security.remindDays'))

async function toHeld(ctx: Ctx, rows: readonly HeldRow[]): Promise<SecurityHeld[]> {
  const tenants = await tenantNames(ctx, [...new Set(rows.map((row) => row.tenant_id))])
  const today = shanghaiDay(ctx.now)
  const soon = today.add({ days: soonDays(ctx) })
  const before = (a: Temporal.PlainDate, b: Temporal.PlainDate) => Temporal.PlainDate.compare(a, b) < 0
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    state: row.ended_at ? 'ENDED' : before(row.expires_on, today) ? 'EXPIRED' : before(soon, row.expires_on) ? 'HELD' : 'EXPIRING',
    applicationId: row.application_id,
    applicationName: row.application_name,
    tenantName: tenants.get(row.tenant_id) ?? null,
    product: row.product,
    ownerName: row.owner_name,
    scope: row.scope,
    beginsOn: row.begins_on.toString(),
    expiresOn: row.expires_on.toString(),
    source: row.source,
    sourceNumber: row.source_number,
  }))
}

export async function listHeld(ctx: Ctx, { after, limit, ...filter }: Input<Api['held']>): Promise<Reply<Api['held']>> {
  const rows = await heldPage(ctx.db, filter, scopeOf(ctx.actor, 'security.service.read', 'R', 'r'), readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => [row.expires_on.toString(), row.id])
  return { items: await toHeld(ctx, items), next }
}

export interface NewHeld {
  code: SecurityService
  application: { id: string; name: string; tenantId: string }
  product: string
  ownerName: string
  scope: string
  beginsOn: Temporal.PlainDate
  expiresOn: Temporal.PlainDate
  source: HeldRow['source']
  sourceId: string
  sourceNumber: string
}
/** Enters a service that is there now. The same delivery entered again changes nothing. */
export async function addHeld(ctx: Ctx, held: NewHeld): Promise<HeldRow | undefined> {
  const row = await insertHeld(ctx.db, {
    id: newId(),
    code: held.code,
    tenant_id: held.application.tenantId,
    application_id: held.application.id,
    application_name: held.application.name,
    product: held.product,
    owner_name: held.ownerName,
    scope: held.scope,
    begins_on: held.beginsOn,
    expires_on: held.expiresOn,
    source: held.source,
    source_id: held.sourceId,
    source_number: held.sourceNumber,
    created_at: ctx.now,
    created_by_name: ctx.actor.name,
    ended_at: null,
    reminded_days: null,
  })
  if (row)
    await ctx.record({
      kind: 'security-service.held',
      subject: { type: 'security-service', id: row.id },
      tenantId: row.tenant_id,
      after: { code: row.code, application: row.application_name, product: row.product, expiresOn: row.expires_on.toString() },
      data: { source: held.source, number: held.sourceNumber },
    })
  return row
}

/** What was there before this register, entered by hand. */
export async function recordHeld(ctx: Ctx, input: Input<Api['record']>): Promise<SecurityHeld> {
  const application = (await findApplication(ctx, input.applicationId)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'security.service.record', 'C', { tenantId: application.tenantId, applicationId: application.id })
  const expiresOn = checkExpiry(ctx, input.expiresOn)
  const beginsOn = Temporal.PlainDate.from(input.beginsOn)
  if (Temporal.PlainDate.compare(beginsOn, expiresOn) > 0) fail(securityProblems.badExpiry)
  const { code, product, ownerName, scope } = input
  const row = await addHeld(ctx, {
    code,
    application,
    product,
    ownerName,
    scope,
    beginsOn,
    expiresOn,
    source: 'RECORD',
    sourceId: newId(),
    sourceNumber: '',
  })
  return (await toHeld(ctx, row ? [row] : []))[0] ?? fail(commonProblems.stale)
}

export async function endHeld(ctx: Ctx, { serviceId, reason }: Input<Api['end']>): Promise<SecurityHeld> {
  const row = (await lockHeld(ctx.db, serviceId)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'security.service.record', 'C', { tenantId: row.tenant_id, applicationId: row.application_id })
  if (row.ended_at) fail(securityProblems.ended)
  const ended = await updateHeld(ctx.db, row.id, { ended_at: ctx.now, end_reason: reason })
  await ctx.record({
    kind: 'security-service.ended',
    subject: { type: 'security-service', id: row.id },
    tenantId: row.tenant_id,
    data: { code: row.code, application: row.application_name, reason },
  })
  return (await toHeld(ctx, [ended]))[0] as SecurityHeld
}

/** For what a month weighs: who held a service, from when to when, in milliseconds. The last day is whole. */
export async function securityHeldDuring(ctx: Ctx, from: Temporal.Instant, to: Temporal.Instant, scope: Scope) {
  const startOf = (on: Temporal.PlainDate) => on.toZonedDateTime(SHANGHAI).epochMilliseconds
  return (await heldBetween(ctx.db, shanghaiDay(from), shanghaiDay(to), scope))
    .map((row) => ({
      tenantId: row.tenant_id,
      applicationId: row.application_id,
      fromMs: Math.max(from.epochMilliseconds, startOf(row.begins_on)),
      untilMs: Math.min(
        to.epochMilliseconds,
        startOf(row.expires_on.add({ days: 1 })),
        row.ended_at?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
      ),
    }))
    .filter((one) => one.untilMs > one.fromMs)
}

/** What an application holds that ends some day; no permission is asked, the caller has decided. */
export async function securityExpiries(ctx: Ctx, applicationId: string): Promise<{ id: string; name: string; on: string; to: string }[]> {
  return (await heldOf(ctx.db, [applicationId]))
    .filter((row) => row.ended_at === null)
    .map((row) => ({ id: row.id, name: row.product, on: row.expires_on.toString(), to: `/cloud/security?applicationId=${applicationId}` }))
}
