import { availabilityProblems } from '@changbai/contract/availability.shapes.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { STATUS_DAYS, type StatusPage, type StatusToken, type statusApi, statusProblems } from '@changbai/contract/status.ts'
import { instantOf } from '@changbai/verify/availability/moment.ts'
import { clipTo, type Span, totalMs, unionOf } from '@changbai/verify/availability/span.ts'
import { yearOf } from '@changbai/verify/availability/year.ts'
import { personOf, reaches, scopeOf } from '../../platform/actor.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import type { Exchange } from '../../platform/mount.ts'
import { findTenant, tenantNames } from '../identity/index.ts'
import { applicationsById } from '../inventory/index.ts'
import { readKept } from './chain.service.ts'
import { type Account, allAccounts } from './chain.store.ts'
import { downtimesBetween } from './downtime.store.ts'
import { bearerOf } from './probe.service.ts'
import { daysOf, type StatusFacts, stateOf } from './status.domain.ts'
import {
  allStatusTokens,
  insertStatusToken,
  type StatusTokenRow,
  statusTokenById,
  statusTokenBySecret,
  updateStatusToken,
} from './status.store.ts'

type Api = typeof statusApi
const byName = new Intl.Collator('zh-CN')
const OUTAGES_MAX = 50
const AHEAD = { hours: 24 * 60 }

interface Measured {
  id: string
  name: string
  account: Account
}

async function measuredOf(ctx: Ctx, tenantId: string): Promise<Measured[]> {
  const accounts = (await allAccounts(ctx.db)).filter(({ kept }) => kept.measured.length > 0)
  const applications = await applicationsById(
    ctx,
    accounts.map(({ applicationId }) => applicationId),
  )
  return accounts
    .flatMap((account) => {
      const found = applications.get(account.applicationId)
      return found && found.tenantId === tenantId && found.state !== 'RETIRED' ? [{ id: found.id, name: found.name, account }] : []
    })
    .sort((a, b) => byName.compare(a.name, b.name))
}

/** What a bureau's people and the public may know: names, times and lengths, of this bureau alone. @clause 7.1-II-2-1 */
async function pageOf(ctx: Ctx, tenantId: string): Promise<StatusPage> {
  const tenant = (await findTenant(ctx, tenantId)) ?? fail(commonProblems.notFound)
  const now = ctx.now.epochMilliseconds
  const windows = await downtimesBetween(ctx.db, ctx.now.subtract({ hours: 24 * STATUS_DAYS }), ctx.now.add(AHEAD))
  const recognised = windows.filter((row) => row.recognised === true && row.cancelled_at === null)
  const measured = await measuredOf(ctx, tenantId)
  const nameOf = new Map(measured.map(({ id, name }) => [id, name]))
  const plannedOf = (id: string): Span[] =>
    recognised
      .filter((row) => row.application_ids.includes(id))
      .map((row) => ({ from: row.planned_from.epochMilliseconds, to: row.planned_to.epochMilliseconds }))
  const read = measured.map(({ id, name, account }) => {
    const { kept } = account
    const facts: StatusFacts = { measured: kept.measured, outages: kept.outages, unknown: kept.unknown, planned: plannedOf(id) }
    return { name, facts, figure: readKept(kept, yearOf(now), now).statement.figures.availability }
  })
  return {
    bureau: tenant.name,
    at: ctx.now.toString(),
    applications: read.map(({ name, facts, figure }) => {
      const { state, since } = stateOf(facts, now)
      const isMeasured = state !== 'NOT_MEASURED'
      return {
        name,
        state,
        since: since === null ? null : instantOf(since),
        availability: isMeasured ? figure : null,
        days: daysOf(facts, now, STATUS_DAYS),
      }
    }),
    outages: outagesOf(read, now),
    planned: recognised
      .filter((row) => row.planned_to.epochMilliseconds > now && row.application_ids.some((id) => nameOf.has(id)))
      .sort((a, b) => Temporal.Instant.compare(a.planned_from, b.planned_from))
      .map((row) => ({
        // a window may name applications of other bureaus: those stay unnamed here
        applications: row.application_ids.flatMap((id) => nameOf.get(id) ?? []).sort(byName.compare),
        from: row.planned_from.toString(),
        to: row.planned_to.toString(),
        reason: row.reason,
        impact: row.application_ids.every((id) => nameOf.has(id)) ? row.impact : '',
      })),
  }
}

function outagesOf(read: readonly { name: string; facts: StatusFacts }[], now: number): StatusPage['outages'] {
  const since = { from: now - STATUS_DAYS * 86_400_000, to: now }
  return read
    .flatMap(({ name, facts }) =>
      unionOf(facts.outages)
        .filter(({ from, to }) => from < now && to > since.from)
        .map((span) => ({ name, span })),
    )
    .sort((a, b) => b.span.from - a.span.from)
    .slice(0, OUTAGES_MAX)
    .map(({ name, span }) => ({
      application: name,
      from: instantOf(span.from),
      to: span.to > now ? null : instantOf(span.to),
      downMs: totalMs(clipTo([span], { from: span.from, to: Math.min(span.to, now) })),
    }))
}

export async function listBureaus(ctx: Ctx): Promise<Reply<Api['bureaus']>> {
  const scope = scopeOf(ctx.actor, 'monitor.read', 'R', 'r')
  const accounts = (await allAccounts(ctx.db)).filter(({ kept }) => kept.measured.length > 0)
  const applications = await applicationsById(
    ctx,
    accounts.map(({ applicationId }) => applicationId),
  )
  const ids = [...applications.values()].filter(({ tenantId }) => reaches(scope, { tenantId })).map(({ tenantId }) => tenantId)
  const names = await tenantNames(ctx, [...new Set(ids)])
  return {
    items: [...names].map(([tenantId, name]) => ({ tenantId, name })).sort((a, b) => byName.compare(a.name, b.name)),
  }
}

/** @throws commonProblems.notFound for another bureau's page too */
export async function readStatus(ctx: Ctx, { tenantId }: Input<Api['page']>): Promise<StatusPage> {
  if (!reaches(scopeOf(ctx.actor, 'monitor.read', 'R', 'r'), { tenantId })) fail(commonProblems.notFound)
  return pageOf(ctx, tenantId)
}

const SEEN_SECONDS = 60
/** The bureau a token opens; used now. In a transaction of its own, because the page is only read. */
export async function enterStatus(ctx: Ctx, exchange: Exchange): Promise<string> {
  const row = await statusTokenBySecret(ctx.db, sha256Hex(bearerOf(exchange)))
  if (row?.state !== 'ACTIVE') fail(statusProblems.tokenRefused)
  if (!row.last_used_at || Temporal.Instant.compare(row.last_used_at.add({ seconds: SEEN_SECONDS }), ctx.now) <= 0)
    await updateStatusToken(ctx.db, row.id, { last_used_at: ctx.now })
  return row.tenant_id
}
export const openStatus = (ctx: Ctx, tenantId: string): Promise<StatusPage> => pageOf(ctx, tenantId)

const toToken = (row: StatusTokenRow, tenantName: string): StatusToken => ({
  id: row.id,
  tenantId: row.tenant_id,
  tenantName,
  name: row.name,
  state: row.state,
  createdBy: row.created_by,
  createdAt: row.created_at.toString(),
  decidedBy: row.decided_by,
  lastUsedAt: row.last_used_at?.toString() ?? null,
})
export async function listStatusTokens(ctx: Ctx): Promise<Reply<Api['tokens']>> {
  const rows = await allStatusTokens(ctx.db)
  const names = await tenantNames(ctx, [...new Set(rows.map((row) => row.tenant_id))])
  return { items: rows.map((row) => toToken(row, names.get(row.tenant_id) ?? '')) }
}

/** The token is shown this once; only its digest is kept. It opens nothing until the security administrator approves. */
export async function createStatusToken(ctx: Ctx, { tenantId, name }: Input<Api['createToken']>): Promise<Reply<Api['createToken']>> {
  const tenant = (await findTenant(ctx, tenantId)) ?? fail(commonProblems.notFound)
  const token = `cbt_${newToken()}`
  const row: StatusTokenRow = {
    id: newId(),
    tenant_id: tenantId,
    name,
    token_sha256: sha256Hex(token),
    state: 'PENDING',
    created_by: ctx.actor.name,
    created_by_person_id: personOf(ctx.actor),
    created_at: ctx.now,
    decided_by: null,
    decided_at: null,
    last_used_at: null,
  }
  await insertStatusToken(ctx.db, row)
  await ctx.record({ kind: 'status-token.created', subject: { type: 'status-token', id: row.id }, tenantId, data: { name } })
  return { item: toToken(row, tenant.name), token }
}

export async function decideStatusToken(ctx: Ctx, { tokenId, approve }: Input<Api['decideToken']>): Promise<Reply<Api['decideToken']>> {
  const row = (await statusTokenById(ctx.db, tokenId)) ?? fail(commonProblems.notFound)
  if (approve && row.created_by_person_id === ctx.actor.personId) fail(availabilityProblems.samePerson)
  const change = { state: approve ? ('ACTIVE' as const) : ('REVOKED' as const), decided_by: ctx.actor.name, decided_at: ctx.now }
  await updateStatusToken(ctx.db, tokenId, change)
  await ctx.record({
    kind: approve ? 'status-token.approved' : 'status-token.revoked',
    subject: { type: 'status-token', id: tokenId },
    tenantId: row.tenant_id,
    before: { state: row.state },
  })
  return toToken({ ...row, ...change }, (await findTenant(ctx, row.tenant_id))?.name ?? '')
}
