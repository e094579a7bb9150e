import type { Capability } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type ChannelSettings, type notificationApi, notificationProblems } from '@changbai/contract/notification.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notifyLive } from '../../platform/door.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { isForbiddenAddress } from '../../platform/outbound.ts'
import { fillWording } from './notice.domain.ts'
import { noticeKind } from './notice.kinds.ts'
import { insertDeliveries, insertNotice, insertRecipients } from './notice.store.ts'
import { LIVE_NOTICE, personalDelivery } from './notify.ts'
import { receiptPath } from './receipt.service.ts'
import {
  activeChannels,
  type ChannelRow,
  findChannel,
  insertChannel,
  listChannels,
  lockChannel,
  replacedBy,
  updateChannel,
} from './setting.store.ts'
import { receiptOf } from './transport/receipt.ts'

type Api = typeof notificationApi
type ChannelReply = Reply<Api['proposeChannel']>

export const SECRET_PURPOSE = 'notification.channel'

/** Which row of the permission matrix a channel falls under (ruling 12). */
const rightOver: Record<ChannelSettings['channel'], Capability> = {
  EMAIL: 'settings.smtp',
  SMS: 'settings.sms',
  PHONE: 'settings.sms',
  WECOM: 'settings.webhook',
  DINGTALK: 'settings.webhook',
  FEISHU: 'settings.webhook',
}
function requireOver(ctx: Ctx, channel: ChannelSettings['channel'], verb: 'C' | 'A'): void {
  if (!actorCan(ctx.actor, rightOver[channel], verb)) fail(commonProblems.forbidden, { capability: rightOver[channel] })
}

const toChannel = (ctx: Ctx, row: ChannelRow): ChannelReply => ({
  id: row.id,
  name: row.name,
  state: row.state,
  settings: row.settings as ChannelSettings,
  hasSecret: row.secret_sealed !== null,
  receiptPath: (row.channel === 'SMS' || row.channel === 'PHONE') && receiptOf(row.settings) ? receiptPath(ctx, row.channel) : null,
  proposedBy: { id: row.proposed_by, name: row.proposed_by_name },
  proposedAt: row.proposed_at.toString(),
  decidedBy: row.decided_by_name === null ? null : { id: row.decided_by, name: row.decided_by_name },
  decidedAt: row.decided_at?.toString() ?? null,
  comment: row.comment,
})

export async function readChannels(ctx: Ctx): Promise<Reply<Api['channels']>> {
  return { items: (await listChannels(ctx.db)).map((row) => toChannel(ctx, row)) }
}

/** Proposes settings; they wait for a second person. A secret that is left out is taken over from those in force. */
export async function proposeChannel(ctx: Ctx, { name, settings, secret }: Input<Api['proposeChannel']>): Promise<ChannelReply> {
  requireOver(ctx, settings.channel, 'C')
  if ('url' in settings && isForbiddenAddress(settings.url)) {
    const message = {
      'zh-CN': '这个地址指向本机或云平台的元数据，平台不会调用；网关确在本机时，由部署人员在 OUTBOUND_ALLOW 中写明',
      'en-US':
        'This address leads to the machine itself or to what a cloud tells its servers and is not called; for a gateway on this machine, whoever runs it names the address in OUTBOUND_ALLOW',
    }[ctx.locale]
    fail(commonProblems.invalid, {}, [{ path: 'settings.url', code: 'custom', message }])
  }
  const row: ChannelRow = {
    id: newId(),
    channel: settings.channel,
    name,
    state: 'PROPOSED',
    settings,
    secret_sealed: null,
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
    comment: null,
  }
  const sealed = secret === undefined ? ((await replacedBy(ctx.db, row))?.secret_sealed ?? null) : ctx.crypto.seal(SECRET_PURPOSE, secret)
  await insertChannel(ctx.db, { ...row, secret_sealed: sealed })
  await ctx.record({
    kind: 'channel.proposed',
    subject: { type: 'notification-channel', id: row.id },
    after: { name, settings, secretChanged: secret !== undefined },
  })
  return toChannel(ctx, { ...row, secret_sealed: sealed })
}

export async function decideChannel(ctx: Ctx, { channelId, approve, comment }: Input<Api['decideChannel']>): Promise<ChannelReply> {
  const row = (await lockChannel(ctx.db, channelId)) ?? fail(commonProblems.notFound)
  requireOver(ctx, row.channel, 'A')
  if (row.state !== 'PROPOSED') fail(notificationProblems.decided)
  if (row.proposed_by === ctx.actor.personId) fail(notificationProblems.samePerson)
  const before = await replacedBy(ctx.db, row)
  if (approve && before) await updateChannel(ctx.db, before.id, { state: 'RETIRED' })
  const decision = {
    state: approve ? ('ACTIVE' as const) : ('REJECTED' as const),
    decided_by: ctx.actor.personId,
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
    comment,
  }
  await updateChannel(ctx.db, row.id, decision)
  await ctx.record({
    kind: approve ? 'channel.approved' : 'channel.rejected',
    subject: { type: 'notification-channel', id: row.id },
    before: before ? { id: before.id, settings: before.settings } : null,
    after: approve ? { settings: row.settings } : null,
    data: { comment },
  })
  return toChannel(ctx, { ...row, ...decision })
}

export async function retireChannel(ctx: Ctx, { channelId }: Input<Api['retireChannel']>): Promise<ChannelReply> {
  const row = (await lockChannel(ctx.db, channelId)) ?? fail(commonProblems.notFound)
  requireOver(ctx, row.channel, 'A')
  if (row.state !== 'ACTIVE') fail(notificationProblems.notActive)
  await updateChannel(ctx.db, row.id, { state: 'RETIRED' })
  await ctx.record({
    kind: 'channel.retired',
    subject: { type: 'notification-channel', id: row.id },
    before: { state: 'ACTIVE' },
    after: { state: 'RETIRED' },
  })
  return toChannel(ctx, { ...row, state: 'RETIRED' })
}

/** Sends a test to the asker through a channel in force; how it went stands in the delivery record. */
export async function testChannel(ctx: Ctx, { channelId, to }: Input<Api['testChannel']>): Promise<Reply<Api['testChannel']>> {
  const row = (await findChannel(ctx.db, channelId)) ?? fail(commonProblems.notFound)
  requireOver(ctx, row.channel, 'C')
  const inForce = await activeChannels(ctx.db)
  if (!inForce.some(({ id }) => id === row.id)) fail(notificationProblems.notActive)
  const personId = personOf(ctx.actor)
  const kind = noticeKind('system.test')
  const params = { by: ctx.actor.name, channel: row.name }
  const [zh, en] = [fillWording(kind.zh, params, 'zh-CN'), fillWording(kind.en, params, 'en-US')]
  const noticeId = newId()
  await insertNotice(ctx.db, {
    id: noticeId,
    event: kind.event,
    topic: kind.topic,
    urgency: kind.urgency,
    title_zh: zh.title,
    body_zh: zh.body,
    title_en: en.title,
    body_en: en.body,
    link: null,
    tenant_id: null,
    needs_ack: false,
    dedup_key: null,
    created_at: ctx.now,
  })
  await insertRecipients(ctx.db, [
    { id: newId(), notice_id: noticeId, person_id: personId, read_at: null, ack_at: null, created_at: ctx.now },
  ])
  await notifyLive(ctx.db, LIVE_NOTICE, noticeId)
  const isPersonal = row.channel === 'EMAIL' || row.channel === 'SMS' || row.channel === 'PHONE'
  const delivery = isPersonal
    ? await personalDelivery(ctx, noticeId, personId, row.channel as 'EMAIL', row.id, ctx.locale, to || undefined)
    : {
        ...(await personalDelivery(ctx, noticeId, personId, 'EMAIL', row.id, ctx.locale, row.name)),
        channel: row.channel,
        address_sealed: null,
        address_masked: row.name,
      }
  await insertDeliveries(ctx.db, [delivery])
  if (delivery.state === 'PENDING') await ctx.enqueue('notice.deliver', { deliveryId: delivery.id })
  await ctx.record({ kind: 'channel.tested', subject: { type: 'notification-channel', id: row.id }, data: { deliveryId: delivery.id } })
  return { deliveryId: delivery.id }
}
