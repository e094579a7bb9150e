import { z } from 'zod'
import { can, canAny, endpoint, instant, nothing, page, pageInput, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

/** INBOX is everybody's and cannot be switched off; WECOM, DINGTALK and FEISHU post into a group, not to one person. */
export const NoticeChannel = z.enum(['INBOX', 'EMAIL', 'SMS', 'PHONE', 'WECOM', 'DINGTALK', 'FEISHU'])
export type NoticeChannel = z.output<typeof NoticeChannel>
/** LOW: to be read some time; NORMAL; HIGH: a duty is at stake; CRITICAL: wakes people up and must be acknowledged. */
export const NoticeUrgency = z.enum(['LOW', 'NORMAL', 'HIGH', 'CRITICAL'])
export type NoticeUrgency = z.output<typeof NoticeUrgency>
/** What preferences and group bots are set by: the first word of the event. */
export const NoticeTopic = z.enum(['task', 'request', 'delivery', 'lease', 'incident', 'account', 'system'])
export type NoticeTopic = z.output<typeof NoticeTopic>
/** PENDING: queued; SENT: the other side took it; DELIVERED: it confirmed arrival; FAILED: tries used up; SKIPPED: no address, or switched off. */
export const DeliveryState = z.enum(['PENDING', 'SENT', 'DELIVERED', 'FAILED', 'SKIPPED'])

export const notificationProblems = {
  decided: problem('notification.decided', 409, { zh: '这份提交已经处理过', en: 'This proposal has been decided already' }),
  samePerson: problem('notification.same-person', 403, {
    zh: '提出人与批准人不能是同一人',
    en: 'The person who proposed it cannot approve it',
  }),
  notActive: problem('notification.not-active', 409, { zh: '这个通道还没有生效的设置', en: 'This channel has no settings in force' }),
  testFailed: problem('notification.test-failed', 422, { zh: '没有发出：{reason}', en: 'Not sent: {reason}' }),
  unknownPlaceholder: problem('notification.unknown-placeholder', 422, {
    zh: '模板用了这个事件没有的内容：{names}',
    en: 'The template uses what this event does not have: {names}',
  }),
  notRetryable: problem('notification.not-retryable', 409, {
    zh: '只有未送达的通知可以重发',
    en: 'Only a notice that failed can be sent again',
  }),
}

export const Notice = z.object({
  id: z.uuid(),
  /** e.g. `task.overdue`. */
  event: z.string(),
  topic: NoticeTopic,
  urgency: NoticeUrgency,
  title: z.string(),
  body: z.string(),
  /** Path in the web, e.g. `/tasks/…`; null when there is nowhere to go. */
  link: z.string().nullable(),
  createdAt: instant,
  readAt: instant.nullable(),
  needsAck: z.boolean(),
  ackAt: instant.nullable(),
})
export type Notice = z.output<typeof Notice>

export const Unread = z.object({ unread: z.int(), unacknowledged: z.int() })

export const NoticePreference = z.object({
  /** Language of what is sent outside the page. */
  locale: z.enum(['zh-CN', 'en-US']),
  /** For each topic the channels besides the inbox that the person wants; a topic left out uses the default. */
  channels: z.partialRecord(NoticeTopic, z.array(z.enum(['EMAIL', 'SMS', 'PHONE']))),
  /** Between these times of day (Asia/Shanghai) only CRITICAL leaves the inbox; null: no quiet hours. */
  quiet: z.object({ from: z.iso.time({ precision: -1 }), until: z.iso.time({ precision: -1 }) }).nullable(),
})
export type NoticePreference = z.output<typeof NoticePreference>

export const Delivery = z.object({
  id: z.uuid(),
  noticeId: z.uuid(),
  event: z.string(),
  /** The wording its kind has, with its places left open: whoever looks after channels does not read the matters. */
  kind: z.string(),
  channel: NoticeChannel,
  personId: z.uuid().nullable(),
  personName: z.string().nullable(),
  /** Masked: enough to recognise, not enough to use. */
  address: z.string().nullable(),
  state: DeliveryState,
  attempts: z.int(),
  createdAt: instant,
  sentAt: instant.nullable(),
  deliveredAt: instant.nullable(),
  ackAt: instant.nullable(),
  lastError: z.string().nullable(),
})

const smtp = z.object({
  channel: z.literal('EMAIL'),
  host: text(200, 1),
  port: z.int().min(1).max(65535),
  /** `implicit` speaks TLS from the first byte, `starttls` insists on the upgrade, `none` is for a relay on the same machine. */
  tls: z.enum(['implicit', 'starttls', 'none']),
  user: text(200).default(''),
  from: z.email().max(200),
  fromName: text(100).default(''),
})
const gateway = {
  url: z.url({ protocol: /^https?$/ }).max(500),
  method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
  /** Values may use {phone} {text} {id} {secret}. */
  headers: z.record(text(100, 1), text(500)).default({}),
  contentType: z.enum(['application/json', 'application/x-www-form-urlencoded']).default('application/json'),
  /** Body with {phone} {text} {id} {secret}; in JSON each is put in as part of a string, escaped. For GET it is appended as the query. */
  body: text(4000),
  /** A member of the JSON answer that must have this value, e.g. `code` = `0`; without it any 2xx answer counts. */
  success: z
    .object({ path: text(100, 1), value: text(100) })
    .nullable()
    .default(null),
  /**
   * How the gateway reports arrival to the channel's receipt address. `id` and `state` are members of a report; `id` holds the {id} that was
   * sent, or what stood at `sentId` in the answer to the sending. Reports may come one by one, as an array, or as an array in member `list`.
   */
  receipt: z
    .object({
      list: text(100).default(''),
      id: text(100, 1),
      sentId: text(100).default(''),
      state: text(100, 1),
      delivered: z.array(text(100, 1)).min(1).max(20),
      failed: z.array(text(100, 1)).max(50).default([]),
    })
    .nullable()
    .default(null),
}
const bot = {
  url: z.url({ protocol: /^https?$/ }).max(500),
  topics: z.array(NoticeTopic).min(1),
  minUrgency: NoticeUrgency.default('HIGH'),
}
export const channelSettings = z.discriminatedUnion('channel', [
  smtp,
  z.object({ channel: z.literal('SMS'), ...gateway }),
  z.object({ channel: z.literal('PHONE'), ...gateway }),
  z.object({ channel: z.literal('WECOM'), ...bot }),
  z.object({ channel: z.literal('DINGTALK'), ...bot }),
  z.object({ channel: z.literal('FEISHU'), ...bot }),
])
export type ChannelSettings = z.output<typeof channelSettings>

export const ProposalState = z.enum(['PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED'])
const person = z.object({ id: z.uuid().nullable(), name: z.string() })

export const Channel = z.object({
  id: z.uuid(),
  name: z.string(),
  state: ProposalState,
  settings: channelSettings,
  hasSecret: z.boolean(),
  /** Path at which the gateway reports arrival; null for a way that does not. Whoever knows it can report: give it to the gateway only. */
  receiptPath: z.string().nullable(),
  proposedBy: person,
  proposedAt: instant,
  decidedBy: person.nullable(),
  decidedAt: instant.nullable(),
  comment: z.string().nullable(),
})

export const Wording = z.object({ title: text(200, 1), body: text(2000) })
export const NoticeTemplate = z.object({
  id: z.uuid().nullable(),
  event: z.string(),
  version: z.int(),
  state: ProposalState,
  zh: Wording,
  en: Wording,
  /** What the wording may use as {name}. */
  placeholders: z.array(z.string()),
  proposedBy: person.nullable(),
  proposedAt: instant.nullable(),
  decidedBy: person.nullable(),
  decidedAt: instant.nullable(),
})

const ofNotice = z.object({ noticeId: z.uuid() })
const decision = { approve: z.boolean(), comment: text(500).default('') }
const settingsRights = (verb: 'C' | 'R' | 'A') => canAny(['settings.smtp', verb], ['settings.sms', verb], ['settings.webhook', verb])

export const notificationApi = {
  inbox: endpoint({
    method: 'GET',
    path: '/notifications',
    summary: '我的通知，新的在前',
    access: can('notification.inbox', 'r'),
    input: pageInput.extend({
      show: z.enum(['all', 'unread', 'unacknowledged']).default('all'),
      topic: NoticeTopic.optional(),
    }),
    reply: page(Notice),
  }),
  unread: endpoint({
    method: 'GET',
    path: '/notifications/unread',
    summary: '我的未读与待回执数',
    access: can('notification.inbox', 'r'),
    input: z.object({}),
    reply: Unread,
  }),
  /** Events `notice` (a Notice), `unread` (the counts) and `look-again` (the connection was interrupted: fetch anew). */
  stream: endpoint({
    method: 'GET',
    path: '/notifications/stream',
    summary: '新通知即时推送',
    access: can('notification.inbox', 'r'),
    input: z.object({}),
    reply: z.unknown(),
    kind: 'events',
  }),
  markRead: endpoint({
    method: 'POST',
    path: '/notifications/read',
    summary: '标为已读：指定的，或此刻之前的全部',
    access: can('notification.inbox', 'r'),
    input: z.object({ ids: z.array(z.uuid()).max(200).optional() }),
    reply: Unread,
  }),
  acknowledge: endpoint({
    method: 'POST',
    path: '/notifications/:noticeId/acknowledge',
    summary: '回执：我已知悉',
    access: can('notification.inbox', 'r'),
    input: ofNotice,
    reply: Notice,
  }),
  preference: endpoint({
    method: 'GET',
    path: '/notifications/preference',
    summary: '我的通知偏好',
    access: can('notification.inbox', 'r'),
    input: z.object({}),
    reply: NoticePreference,
  }),
  savePreference: endpoint({
    method: 'PUT',
    path: '/notifications/preference',
    summary: '保存通知偏好',
    access: can('notification.inbox', 'r'),
    input: NoticePreference,
    reply: NoticePreference,
  }),
  deliveries: endpoint({
    method: 'GET',
    path: '/notifications/deliveries',
    summary: '通知的送达记录',
    access: can('notification.delivery', 'R'),
    input: pageInput.extend({
      channel: NoticeChannel.optional(),
      state: DeliveryState.optional(),
      personId: z.uuid().optional(),
      event: text(100).optional(),
    }),
    reply: page(Delivery),
  }),
  retryDelivery: endpoint({
    method: 'POST',
    path: '/notifications/deliveries/:deliveryId/retry',
    summary: '重发未送达的通知',
    access: can('notification.delivery', 'X'),
    input: z.object({ deliveryId: z.uuid() }),
    reply: nothing,
    problems: [notificationProblems.notRetryable],
  }),
  /** Called by the gateway; the unguessable path is its right to. Unknown ids are passed over, a repeat changes nothing. */
  receipts: endpoint({
    method: 'POST',
    path: '/notifications/receipts/:channel/:token',
    summary: '短信、语音网关的送达回执',
    access: 'public',
    input: z.looseObject({ channel: z.enum(['SMS', 'PHONE']), token: z.string().max(100) }),
    reply: z.object({ code: z.literal(0), msg: z.literal('ok') }),
    problems: [commonProblems.notFound],
  }),
  channels: endpoint({
    method: 'GET',
    path: '/notifications/channels',
    summary: '通知通道设置；密钥不回显',
    access: settingsRights('R'),
    input: z.object({}),
    reply: z.object({ items: z.array(Channel) }),
  }),
  proposeChannel: endpoint({
    method: 'POST',
    path: '/notifications/channels',
    summary: '提出通道设置，另一人批准后生效',
    access: settingsRights('C'),
    /** `secret`: SMTP password, gateway secret or the bot's signing secret. Left out: the secret in force is kept. */
    input: z.object({ name: text(60, 1), settings: channelSettings, secret: z.string().max(500).optional() }),
    reply: Channel,
    problems: [commonProblems.forbidden],
  }),
  decideChannel: endpoint({
    method: 'POST',
    path: '/notifications/channels/:channelId/decide',
    summary: '批准或驳回通道设置',
    access: settingsRights('A'),
    input: z.object({ channelId: z.uuid(), ...decision }),
    reply: Channel,
    problems: [notificationProblems.decided, notificationProblems.samePerson],
  }),
  retireChannel: endpoint({
    method: 'POST',
    path: '/notifications/channels/:channelId/retire',
    summary: '停用通道',
    access: settingsRights('A'),
    input: z.object({ channelId: z.uuid() }),
    reply: Channel,
    problems: [notificationProblems.notActive],
  }),
  testChannel: endpoint({
    method: 'POST',
    path: '/notifications/channels/:channelId/test',
    summary: '经该通道试发一条；结果在送达记录中',
    access: settingsRights('C'),
    /** `to`: e-mail address or telephone number; not used by group bots. */
    input: z.object({ channelId: z.uuid(), to: text(200).default('') }),
    reply: z.object({ deliveryId: z.uuid() }),
    problems: [notificationProblems.notActive],
  }),
  templates: endpoint({
    method: 'GET',
    path: '/notifications/templates',
    summary: '通知模板：现行的与待批准的',
    access: can('notification.template', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(NoticeTemplate) }),
  }),
  proposeTemplate: endpoint({
    method: 'POST',
    path: '/notifications/templates',
    summary: '修改模板，另一人批准后生效',
    access: can('notification.template', 'C'),
    input: z.object({ event: text(100, 1), zh: Wording, en: Wording }),
    reply: NoticeTemplate,
    problems: [notificationProblems.unknownPlaceholder],
  }),
  decideTemplate: endpoint({
    method: 'POST',
    path: '/notifications/templates/:templateId/decide',
    summary: '批准或驳回模板修改',
    access: can('notification.template', 'A'),
    input: z.object({ templateId: z.uuid(), ...decision }),
    reply: NoticeTemplate,
    problems: [notificationProblems.decided, notificationProblems.samePerson],
  }),
}
