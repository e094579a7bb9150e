import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type ChannelSettings, type notificationApi, notificationProblems } from '@changbai/contract/notification.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { personNames } from '../identity/index.ts'
import { SECRET_PURPOSE } from './channel.service.ts'
import { openTitle } from './notice.domain.ts'
import { knownKind } from './notice.kinds.ts'
import { countUndelivered, isUnreached, listDeliveries, lockDelivery, updateDelivery } from './notice.store.ts'
import { ADDRESS_PURPOSE } from './notify.ts'
import { LINK_PURPOSE } from './outsider.ts'
import { activeChannels } from './setting.store.ts'
import type { Sent } from './transport/send.ts'
import type { Message } from './transport/transport.ts'

type Api = typeof notificationApi

declare module '../../platform/ctx.ts' {
  interface Events {
    /** No way to the people of a critical notice works just now; each is tried again, but whoever waits for an answer need not. */
    'notice.unreached': { noticeId: string; event: string; dedupKey: string | null }
  }
}

/** What a job needs to send, read in a transaction of its own before the sending. */
export interface Dispatch {
  settings: ChannelSettings
  secret: string
  message: Message
}

/**
 * Counts a try and prepares the message; undefined if it is settled already or there is no way to send it any more.
 * @param publicUrl without a slash at the end; links are made absolute with it
 */
export async function prepareDelivery(ctx: Ctx, deliveryId: string, publicUrl: string): Promise<Dispatch | undefined> {
  const row = await lockDelivery(ctx.db, deliveryId)
  if (row?.state !== 'PENDING') return undefined
  const channels = await activeChannels(ctx.db)
  // a channel may have been replaced since: a group bot by its own id, the others by their kind
  const channel =
    channels.find(({ id }) => id === row.channel_id) ?? (row.person_id ? channels.find((one) => one.channel === row.channel) : undefined)
  if (!channel) {
    await updateDelivery(ctx.db, deliveryId, { state: 'FAILED', last_error: 'the channel is no longer in force' })
    return undefined
  }
  await updateDelivery(ctx.db, deliveryId, { attempts: row.attempts + 1 })
  const isEnglish = row.locale === 'en-US'
  const path = row.link_sealed ? ctx.crypto.open(LINK_PURPOSE, row.link_sealed) : row.link
  return {
    settings: channel.settings as ChannelSettings,
    secret: channel.secret_sealed ? ctx.crypto.open(SECRET_PURPOSE, channel.secret_sealed) : '',
    message: {
      id: deliveryId,
      to: row.address_sealed ? ctx.crypto.open(ADDRESS_PURPOSE, row.address_sealed) : '',
      title: isEnglish ? row.title_en : row.title_zh,
      body: isEnglish ? row.body_en : row.body_zh,
      link: path ? `${publicUrl}${path}` : null,
    },
  }
}

/** Writes down how a try ended; the last failed try settles it. */
export async function settleDelivery(
  ctx: Ctx,
  deliveryId: string,
  outcome: { sent: Sent } | { sent: null; error: string; isLast: boolean },
): Promise<void> {
  const row = await lockDelivery(ctx.db, deliveryId)
  if (!row) return
  if (outcome.sent) {
    const { arrived, reference } = outcome.sent
    await updateDelivery(ctx.db, deliveryId, { sent_at: ctx.now, last_error: null, sent_reference: reference, link_sealed: null })
    // a receipt may have been faster
    if (row.state !== 'PENDING') return
    await updateDelivery(ctx.db, deliveryId, arrived ? { state: 'DELIVERED', delivered_at: ctx.now } : { state: 'SENT' })
  } else if (row.state === 'PENDING') {
    await updateDelivery(ctx.db, deliveryId, {
      ...(outcome.isLast ? { state: 'FAILED' as const } : {}),
      last_error: outcome.error.slice(0, 500),
    })
    const { notice_id: noticeId, event, dedup_key: dedupKey } = row
    if (row.urgency === 'CRITICAL' && (await isUnreached(ctx.db, noticeId)))
      await ctx.publish('notice.unreached', { noticeId, event, dedupKey })
  }
}

/** Notices made since then that did not go out, and since when the oldest that still may waits; for whoever watches the platform itself. */
export const undelivered = (ctx: Ctx, since: Temporal.Instant): Promise<{ count: number; oldestAt: Temporal.Instant | null }> =>
  countUndelivered(ctx.db, since)

const kindOf = (event: string, locale: Ctx['locale']): string => {
  const kind = knownKind(event)
  return kind ? openTitle(kind, locale) : event
}

export async function readDeliveries(ctx: Ctx, { after, limit, ...filter }: Input<Api['deliveries']>): Promise<Reply<Api['deliveries']>> {
  const rows = await listDeliveries(ctx.db, filter, readCursor(after)?.[1], limit + 1)
  const { items, next } = pageOf(rows, limit, ({ id }) => ['', id])
  const names = await personNames(
    ctx,
    items.flatMap(({ person_id }) => person_id ?? []),
  )
  return {
    items: items.map((row) => ({
      id: row.id,
      noticeId: row.notice_id,
      event: row.event,
      kind: kindOf(row.event, ctx.locale),
      channel: row.channel,
      personId: row.person_id,
      personName: row.person_id ? (names.get(row.person_id) ?? null) : null,
      address: row.address_masked,
      state: row.state,
      attempts: row.attempts,
      createdAt: row.created_at.toString(),
      sentAt: row.sent_at?.toString() ?? null,
      deliveredAt: row.delivered_at?.toString() ?? null,
      ackAt: row.ack_at?.toString() ?? null,
      lastError: row.last_error,
    })),
    next,
  }
}

export async function retryDelivery(ctx: Ctx, { deliveryId }: Input<Api['retryDelivery']>): Promise<Reply<Api['retryDelivery']>> {
  const row = (await lockDelivery(ctx.db, deliveryId)) ?? fail(commonProblems.notFound)
  if (row.state !== 'FAILED') fail(notificationProblems.notRetryable)
  await updateDelivery(ctx.db, deliveryId, { state: 'PENDING' })
  await ctx.enqueue('notice.deliver', { deliveryId })
  await ctx.record({
    kind: 'notice.resent',
    subject: { type: 'notice-delivery', id: deliveryId },
    data: { event: row.event, channel: row.channel },
  })
  return {}
}
