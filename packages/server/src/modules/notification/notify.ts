import type { Role } from '@changbai/contract/capability.ts'
import type { NoticePreference, NoticeUrgency } from '@changbai/contract/notification.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { NewRow } from '../../platform/db.ts'
import { notifyLive } from '../../platform/door.ts'
import { newId } from '../../platform/ids.ts'
import { maskEmail, maskPhone } from '../../platform/mask.ts'
import { findPerson, holdersOfEach, personLocales } from '../identity/index.ts'
import { channelsFor, fillWording, isAtLeast, leavesAt, type NoticeKind, type NoticeParams, type PersonalChannel } from './notice.domain.ts'
import { noticeKind } from './notice.kinds.ts'
import { insertDeliveries, insertNotice, insertRecipients } from './notice.store.ts'
import { activeChannels, activeTemplate, type ChannelRow, preferencesOf } from './setting.store.ts'

/** Persons, or whoever holds a role where the matter lies. */
export type Addressee = { personIds: readonly string[] } | { role: Role; tenantId?: string | null; applicationId?: string | null }

export interface NoticeInput {
  /** A registered event, e.g. `task.overdue`. */
  event: string
  to: Addressee | readonly Addressee[]
  /** Never told, even with the role. */
  except?: readonly string[]
  params?: NoticeParams
  /** Path in the web, e.g. `/tasks/…`. */
  link?: string | null
  /** Other than the event's own. */
  urgency?: NoticeUrgency
  tenantId?: string | null
  /** Group bots are left out: a drill reaches those who take part and nobody else. */
  onlyPeople?: boolean
  /** A notice with the same key was said already: nothing happens. */
  dedupKey?: string
}

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'notice.deliver': { deliveryId: string }
  }
}

/** The channel on which server processes tell each other of new notices. */
export const LIVE_NOTICE = 'notice'
export const LIVE_UNREAD = 'notice_unread'
export const LIVE_END = 'notice_end'
export const ADDRESS_PURPOSE = 'notification.address'

/**
 * Tells people something: at once in their inbox, and by the ways their preferences and the urgency ask for, sent later by jobs. All in the
 * caller's transaction: rolled back with it.
 * @returns the notice's id; null if it was said before or there is nobody to tell
 * @throws RangeError for an event nobody registered
 */
export async function notify(ctx: Ctx, input: NoticeInput): Promise<string | null> {
  const kind = noticeKind(input.event)
  const personIds = (await addressed(ctx, input.to)).filter((id) => !input.except?.includes(id))
  const settings = await activeChannels(ctx.db)
  const urgency = input.urgency ?? kind.urgency
  const bots = input.onlyPeople ? [] : settings.filter((row) => isForBot(row, kind, urgency))
  if (personIds.length === 0 && bots.length === 0) return null

  const noticeId = newId()
  const isNew = await insertNotice(ctx.db, await noticeRow(ctx, noticeId, kind, urgency, input))
  if (!isNew) return null
  if (personIds.length > 0) {
    await insertRecipients(
      ctx.db,
      personIds.map((personId) => ({
        id: newId(),
        notice_id: noticeId,
        person_id: personId,
        read_at: null,
        ack_at: null,
        created_at: ctx.now,
      })),
    )
    await notifyLive(ctx.db, LIVE_NOTICE, noticeId)
  }
  await planDeliveries(ctx, noticeId, kind, urgency, personIds, settings, bots)
  return noticeId
}

async function addressed(ctx: Ctx, to: NoticeInput['to']): Promise<string[]> {
  const all = new Set<string>()
  const asked = Array.isArray(to) ? (to as readonly Addressee[]) : [to as Addressee]
  const places = Map.groupBy(asked, (one) => ('personIds' in one ? '' : `${one.tenantId ?? ''} ${one.applicationId ?? ''}`))
  for (const group of places.values()) {
    const roles = group.flatMap((one) => ('role' in one ? [one] : []))
    const [place] = roles
    const found = place
      ? await holdersOfEach(
          ctx,
          roles.map(({ role }) => role),
          { tenantId: place.tenantId ?? null, applicationId: place.applicationId ?? null },
        )
      : undefined
    for (const one of group) for (const id of 'personIds' in one ? one.personIds : (found?.get(one.role) ?? [])) all.add(id)
  }
  return [...all]
}

async function noticeRow(ctx: Ctx, id: string, kind: NoticeKind, urgency: NoticeUrgency, input: NoticeInput): Promise<NewRow<'notice'>> {
  const template = await activeTemplate(ctx.db, kind.event)
  const params = input.params ?? {}
  const zh = fillWording((template?.zh as NoticeKind['zh'] | undefined) ?? kind.zh, params, 'zh-CN')
  const en = fillWording((template?.en as NoticeKind['en'] | undefined) ?? kind.en, params, 'en-US')
  return {
    id,
    event: kind.event,
    topic: kind.topic,
    urgency,
    title_zh: zh.title,
    body_zh: zh.body,
    title_en: en.title,
    body_en: en.body,
    link: input.link ?? null,
    tenant_id: input.tenantId ?? null,
    needs_ack: kind.needsAck === true || urgency === 'CRITICAL',
    dedup_key: input.dedupKey ?? null,
    created_at: ctx.now,
  }
}

const isForBot = ({ settings, state }: ChannelRow, kind: NoticeKind, urgency: NoticeUrgency): boolean =>
  state === 'ACTIVE' &&
  typeof settings !== 'string' &&
  'topics' in settings &&
  settings.topics.includes(kind.topic) &&
  isAtLeast(urgency, settings.minUrgency)

async function planDeliveries(
  ctx: Ctx,
  noticeId: string,
  kind: NoticeKind,
  urgency: NoticeUrgency,
  personIds: readonly string[],
  settings: readonly ChannelRow[],
  bots: readonly ChannelRow[],
): Promise<void> {
  const rows: { row: NewRow<'notice_delivery'>; at: Temporal.Instant }[] = bots.map((bot) => ({
    row: botDelivery(ctx, noticeId, bot),
    at: ctx.now,
  }))
  const preferences = await preferencesOf(ctx.db, personIds)
  const locales = await personLocales(ctx, personIds)
  for (const [personId, preference] of preferences) {
    for (const channel of channelsFor(kind.topic, urgency, preference)) {
      const setting = settings.find((row) => row.channel === channel)
      // a way that is not set up is nobody's failure: there is nothing to record
      if (!setting) continue
      rows.push({
        row: await personalDelivery(ctx, noticeId, personId, channel, setting.id, locales.get(personId) ?? preference.locale),
        at: leavesAt(ctx.now, urgency, preference.quiet),
      })
    }
  }
  if (rows.length === 0) return
  await insertDeliveries(
    ctx.db,
    rows.map(({ row }) => row),
  )
  for (const { row, at } of rows)
    if (row.state === 'PENDING')
      await ctx.enqueue('notice.deliver', { deliveryId: row.id }, Temporal.Instant.compare(at, ctx.now) > 0 ? { startAfter: at } : {})
}

const emptyDelivery = {
  attempts: 0,
  sent_at: null,
  delivered_at: null,
  last_error: null,
  sent_reference: null,
  address_sealed: null,
  address_masked: null,
}

const botDelivery = (ctx: Ctx, noticeId: string, bot: ChannelRow): NewRow<'notice_delivery'> => ({
  ...emptyDelivery,
  id: newId(),
  notice_id: noticeId,
  channel: bot.channel,
  person_id: null,
  channel_id: bot.id,
  locale: 'zh-CN',
  address_masked: bot.name,
  state: 'PENDING',
  created_at: ctx.now,
})

export async function personalDelivery(
  ctx: Ctx,
  noticeId: string,
  personId: string,
  channel: PersonalChannel,
  channelId: string,
  locale: NoticePreference['locale'],
  address?: string,
): Promise<NewRow<'notice_delivery'>> {
  const person = address ? undefined : await findPerson(ctx, personId)
  const to = address ?? (channel === 'EMAIL' ? person?.email : person?.phone)
  return {
    ...emptyDelivery,
    id: newId(),
    notice_id: noticeId,
    channel,
    person_id: personId,
    channel_id: channelId,
    locale,
    address_sealed: to ? ctx.crypto.seal(ADDRESS_PURPOSE, to) : null,
    address_masked: to ? (channel === 'EMAIL' ? maskEmail(to) : maskPhone(to)) : null,
    state: to ? 'PENDING' : 'SKIPPED',
    last_error: to ? null : 'no address',
    created_at: ctx.now,
  }
}
