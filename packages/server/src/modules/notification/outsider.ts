import type { Ctx, Locale } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { maskEmail } from '../../platform/mask.ts'
import { fillWording, type NoticeKind, type NoticeParams } from './notice.domain.ts'
import { noticeKind } from './notice.kinds.ts'
import { insertDeliveries, insertNotice } from './notice.store.ts'
import { ADDRESS_PURPOSE } from './notify.ts'
import { activeChannels, activeTemplate } from './setting.store.ts'

/** A link in a mail that is itself a secret is sealed until it is sent. */
export const LINK_PURPOSE = 'notification.link'

/**
 * A mail to somebody who has no inbox here yet: an applicant, a person without a password.
 * @param mail.secretPath a path that is a secret (an entry link): it stands in no notice, only in the mail
 * @returns false when there is no way to send mail, so that the caller can offer another way
 */
export async function mailOutsider(
  ctx: Ctx,
  mail: { event: string; email: string; locale: Locale; params: NoticeParams; secretPath?: string | null },
): Promise<boolean> {
  const channel = (await activeChannels(ctx.db)).find((row) => row.channel === 'EMAIL')
  if (!channel) return false
  const kind = noticeKind(mail.event)
  const template = await activeTemplate(ctx.db, kind.event)
  const zh = fillWording((template?.zh as NoticeKind['zh'] | undefined) ?? kind.zh, mail.params, 'zh-CN')
  const en = fillWording((template?.en as NoticeKind['en'] | undefined) ?? kind.en, mail.params, 'en-US')
  const [noticeId, id] = [newId(), newId()]
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
  await insertDeliveries(ctx.db, [
    {
      id,
      notice_id: noticeId,
      channel: 'EMAIL',
      person_id: null,
      channel_id: channel.id,
      locale: mail.locale,
      address_sealed: ctx.crypto.seal(ADDRESS_PURPOSE, mail.email),
      address_masked: maskEmail(mail.email),
      link_sealed: mail.secretPath ? ctx.crypto.seal(LINK_PURPOSE, mail.secretPath) : null,
      state: 'PENDING',
      attempts: 0,
      created_at: ctx.now,
      sent_at: null,
      delivered_at: null,
      last_error: null,
    },
  ])
  await ctx.enqueue('notice.deliver', { deliveryId: id })
  return true
}
