import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type provisioningApi, provisioningProblems } from '@changbai/contract/provisioning.ts'
import { personOf, requireScope } from '../../platform/actor.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { type ResourceRow, resourcesByKey, WANT_SECRET_PURPOSE } from '../cloud/index.ts'
import { collect, credentialsOf, endLink, lockLink, makeCollectable, replaceLink, saveCredential } from './credential.store.ts'
import { note } from './journal.ts'
import { type LineRow, lockOrder, type OrderRow, orderById, stepsOf } from './provisioning.store.ts'

const PURPOSE = 'provisioning.credential'
/** A link lives a day: as long as the credentials may stay uncollected before a reminder. */
const LINK_HOURS = 24

/** Takes over the accounts the driver made: one a server and the application's account at the cloud. */
async function takeOver(ctx: Ctx, order: OrderRow, line: LineRow, rows: readonly ResourceRow[]): Promise<void> {
  for (const row of rows) {
    const { want } = row
    if ((want.kind !== 'server' && want.kind !== 'user') || want.sealed === '') continue
    // the account at the cloud belongs to the application: only the order that made it hands it over
    if (row.owner_type === 'application' && row.settled_at && Temporal.Instant.compare(row.settled_at, order.received_at) < 0) continue
    await saveCredential(ctx.db, {
      id: newId(),
      work_order_id: order.id,
      line_id: line.id,
      label: row.name,
      address: row.facts.addresses?.split(',')[0] ?? null,
      user_name: want.kind === 'server' ? want.account : want.name,
      sealed: ctx.crypto.seal(PURPOSE, ctx.crypto.open(WANT_SECRET_PURPOSE, want.sealed)),
    })
  }
}

/** An account people made by hand; encrypted before it is stored. */
export async function keepAccount(
  ctx: Ctx,
  order: OrderRow,
  lineId: string,
  label: string,
  address: string | null,
  account: { user: string; password: string },
): Promise<void> {
  await saveCredential(ctx.db, {
    id: newId(),
    work_order_id: order.id,
    line_id: lineId,
    label,
    address,
    user_name: account.user,
    sealed: ctx.crypto.seal(PURPOSE, account.password),
  })
}

async function issueLink(ctx: Ctx, orderId: string): Promise<{ token: string; endsAt: Temporal.Instant }> {
  const token = newToken()
  const endsAt = ctx.now.add({ hours: LINK_HOURS })
  await replaceLink(ctx.db, { token_sha256: sha256Hex(token), work_order_id: orderId, ends_at: endsAt, created_at: ctx.now }, ctx.now)
  return { token, endsAt }
}

/** Makes the credentials of these lines collectable and opens a first link. @returns when that link ends, null without credentials */
export async function releaseCredentials(ctx: Ctx, order: OrderRow, lines: readonly LineRow[]): Promise<Temporal.Instant | null> {
  const steps = await stepsOf(
    ctx.db,
    lines.map((line) => line.id),
  )
  const rows = await resourcesByKey(ctx.db, [...new Set(steps.map((step) => step.resource_key))])
  const seen = new Set<string>()
  for (const line of lines) {
    const keys = steps.filter((step) => step.line_id === line.id && !seen.has(step.resource_key)).map((step) => step.resource_key)
    for (const key of keys) seen.add(key)
    await takeOver(
      ctx,
      order,
      line,
      rows.filter((row) => keys.includes(row.key)),
    )
  }
  const ready = await makeCollectable(
    ctx.db,
    order.id,
    lines.map((line) => line.id),
    ctx.now,
  )
  return ready > 0 ? (await issueLink(ctx, order.id)).endsAt : null
}

/** @throws commonProblems.notFound for another bureau, @throws commonProblems.forbidden unless project manager of the application */
function requireEntitled(ctx: Ctx, order: OrderRow): void {
  requireScope(ctx.actor, 'credential.view', 'X', { tenantId: order.tenant_id, applicationId: order.application_id })
}

export async function newCredentialLink(
  ctx: Ctx,
  { workOrderId }: Input<typeof provisioningApi.newCredentialLink>,
): Promise<Reply<typeof provisioningApi.newCredentialLink>> {
  const order = (await lockOrder(ctx.db, workOrderId)) ?? fail(commonProblems.notFound)
  requireEntitled(ctx, order)
  const all = await credentialsOf(ctx.db, order.id)
  const waiting = all.filter((row) => row.ready_at !== null && row.collected_at === null)
  const [collected] = all.filter((row) => row.collected_at !== null)
  if (waiting.length === 0 && collected)
    fail(provisioningProblems.alreadyCollected, { name: collected.collected_by_name ?? '', at: collected.collected_at?.toString() ?? '' })
  if (waiting.length === 0) fail(provisioningProblems.wrongState)
  const { token, endsAt } = await issueLink(ctx, order.id)
  await note(ctx, order, 'credential-link', { zh: '取得凭据领取链接', en: 'Got a link to collect the credentials' })
  return { token, endsAt: endsAt.toString(), credentials: waiting.length }
}

/** Shows the secrets once, to an entitled person, and wipes them in the same transaction. The fact says who and when, never what. */
export async function collectCredentials(
  ctx: Ctx,
  { token }: Input<typeof provisioningApi.collectCredentials>,
): Promise<Reply<typeof provisioningApi.collectCredentials>> {
  const link = await lockLink(ctx.db, sha256Hex(token))
  const order = link ? await orderById(ctx.db, link.work_order_id) : undefined
  if (!link || !order) return fail(provisioningProblems.notCollectable)
  requireEntitled(ctx, order)
  if (link.ended_at !== null || Temporal.Instant.compare(link.ends_at, ctx.now) <= 0) fail(provisioningProblems.notCollectable)
  const rows = await collect(ctx.db, order.id, { id: personOf(ctx.actor), name: ctx.actor.name }, ctx.now)
  await endLink(ctx.db, link.token_sha256, ctx.now)
  if (rows.length === 0) fail(provisioningProblems.notCollectable)
  await note(
    ctx,
    order,
    'credentials-collected',
    { zh: `领取了 ${rows.length} 份凭据`, en: `Collected ${rows.length} credentials` },
    {
      data: { labels: rows.map((row) => row.label) },
    },
  )
  return {
    workOrderId: order.id,
    workOrderNo: order.no,
    items: rows.map((row) => ({
      label: row.label,
      address: row.address,
      user: row.user_name,
      password: row.sealed === null ? '' : ctx.crypto.open(PURPOSE, row.sealed),
      note: ctx.locale === 'en-US' ? 'Must be changed at the first sign-in' : '首次登录须修改密码',
    })),
  }
}
