import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Notice, notificationApi } from '@changbai/contract/notification.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx, Locale } from '../../platform/ctx.ts'
import { notifyLive } from '../../platform/door.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { personLocales, savePersonLocale } from '../identity/index.ts'
import { countUnread, findInboxNotice, type InboxRow, listInbox, markAcknowledged, markRead } from './notice.store.ts'
import { LIVE_UNREAD } from './notify.ts'
import { preferencesOf, savePreference } from './setting.store.ts'

type Api = typeof notificationApi

export const toNotice = (row: InboxRow, locale: Locale): Notice => ({
  id: row.id,
  event: row.event,
  topic: row.topic,
  urgency: row.urgency,
  title: locale === 'en-US' ? row.title_en : row.title_zh,
  body: locale === 'en-US' ? row.body_en : row.body_zh,
  link: row.link,
  createdAt: row.created_at.toString(),
  readAt: row.read_at?.toString() ?? null,
  needsAck: row.needs_ack,
  ackAt: row.ack_at?.toString() ?? null,
})

export async function myInbox(ctx: Ctx, { after, limit, show, topic }: Input<Api['inbox']>): Promise<Reply<Api['inbox']>> {
  const filter = { unread: show === 'unread', unacknowledged: show === 'unacknowledged', topic }
  const rows = await listInbox(ctx.db, personOf(ctx.actor), filter, readCursor(after)?.[1], limit + 1)
  const { items, next } = pageOf(rows, limit, (row) => ['', row.recipient_id])
  return { items: items.map((row) => toNotice(row, ctx.locale)), next }
}

export const myUnread = (ctx: Ctx): Promise<Reply<Api['unread']>> => countUnread(ctx.db, personOf(ctx.actor))

export async function readNotices(ctx: Ctx, { ids }: Input<Api['markRead']>): Promise<Reply<Api['markRead']>> {
  const personId = personOf(ctx.actor)
  await markRead(ctx.db, personId, ids, ctx.now)
  await notifyLive(ctx.db, LIVE_UNREAD, personId)
  return countUnread(ctx.db, personId)
}

/** A receipt is given once; asking again shows when. */
export async function acknowledgeNotice(ctx: Ctx, { noticeId }: Input<Api['acknowledge']>): Promise<Reply<Api['acknowledge']>> {
  const personId = personOf(ctx.actor)
  const isFirst = await markAcknowledged(ctx.db, personId, noticeId, ctx.now)
  const row = (await findInboxNotice(ctx.db, personId, noticeId)) ?? fail(commonProblems.notFound)
  if (isFirst) {
    await ctx.record({
      kind: 'notice.acknowledged',
      subject: { type: 'notice', id: noticeId },
      tenantId: row.tenant_id,
      data: { event: row.event },
    })
    await notifyLive(ctx.db, LIVE_UNREAD, personId)
  }
  return toNotice(row, ctx.locale)
}

export async function myPreference(ctx: Ctx): Promise<Reply<Api['preference']>> {
  const personId = personOf(ctx.actor)
  const kept = (await preferencesOf(ctx.db, [personId])).get(personId) ?? fail(commonProblems.notFound)
  return { ...kept, locale: (await personLocales(ctx, [personId])).get(personId) ?? kept.locale }
}

export async function saveMyPreference(ctx: Ctx, preference: Input<Api['savePreference']>): Promise<Reply<Api['savePreference']>> {
  const personId = personOf(ctx.actor)
  const before = await myPreference(ctx)
  await savePreference(ctx.db, personId, preference, ctx.now)
  await savePersonLocale(ctx, personId, preference.locale)
  await ctx.record({ kind: 'notice-preference.saved', subject: { type: 'person', id: personId }, before, after: preference })
  return preference
}
