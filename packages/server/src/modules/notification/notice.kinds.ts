import type { NoticeKind } from './notice.domain.ts'

const task = ['task', 'title', 'process', 'dueAt', 'percent', 'by', 'comment'] as const
const order = [
  'no',
  'application',
  'bureau',
  'reason',
  'dueAt',
  'deliveredAt',
  'linkEndsAt',
  'title',
  'usageUntil',
  'daysLeft',
  'count',
] as const

/** What is said about tasks, work orders, leases and channels. Other modules add theirs by {@link registerNotices}. */
const builtIn: readonly NoticeKind[] = [
  {
    event: 'task.created',
    topic: 'task',
    urgency: 'NORMAL',
    placeholders: task,
    zh: { title: '待办：{task}（{title}）', body: '“{title}”到了你这里：{task}。请在 {dueAt} 前办结。' },
    en: { title: 'To do: {task} ({title})', body: '“{title}” has reached you: {task}. Due {dueAt}.' },
  },
  {
    event: 'task.assigned',
    topic: 'task',
    urgency: 'NORMAL',
    placeholders: task,
    zh: { title: '转给你：{task}（{title}）', body: '“{title}”的“{task}”现在由你办理。请在 {dueAt} 前办结。意见：{comment}' },
    en: { title: 'Passed to you: {task} ({title})', body: '“{task}” of “{title}” is now yours. Due {dueAt}. Remark: {comment}' },
  },
  {
    event: 'task.urged',
    topic: 'task',
    urgency: 'HIGH',
    placeholders: task,
    zh: { title: '催办：{task}（{title}）', body: '{by} 请你尽快办理“{title}”的“{task}”，期限 {dueAt}。{comment}' },
    en: { title: 'Please hurry: {task} ({title})', body: '{by} asks you to act on “{task}” of “{title}” soon; due {dueAt}. {comment}' },
  },
  {
    event: 'task.reminder',
    topic: 'task',
    urgency: 'HIGH',
    placeholders: task,
    zh: { title: '快到期：{task}（{title}）', body: '“{title}”的“{task}”已用去时限的 {percent}%，请在 {dueAt} 前办结。' },
    en: { title: 'Due soon: {task} ({title})', body: '{percent} % of the limit of “{task}” of “{title}” is used. Due {dueAt}.' },
  },
  {
    event: 'task.overdue',
    topic: 'task',
    urgency: 'HIGH',
    placeholders: task,
    zh: { title: '已超时：{task}（{title}）', body: '“{title}”的“{task}”应在 {dueAt} 前办结，现已超时。' },
    en: { title: 'Overdue: {task} ({title})', body: '“{task}” of “{title}” was due {dueAt} and is overdue.' },
  },
  {
    event: 'task.escalated',
    topic: 'task',
    urgency: 'HIGH',
    placeholders: task,
    needsAck: true,
    zh: {
      title: '超时升级：{task}（{title}）',
      body: '“{title}”的“{task}”应在 {dueAt} 前办结，已用去时限的 {percent}%，现升级给你。请回执。',
    },
    en: {
      title: 'Escalated: {task} ({title})',
      body: '“{task}” of “{title}” was due {dueAt}; {percent} % of its limit is used. It is escalated to you. Please acknowledge.',
    },
  },
  {
    event: 'process.incident',
    topic: 'system',
    urgency: 'HIGH',
    placeholders: ['title', 'process', 'node', 'error'],
    zh: { title: '流程停在异常：{title}', body: '“{title}”在“{node}”停下：{error}' },
    en: { title: 'Process stopped: {title}', body: '“{title}” stopped at “{node}”: {error}' },
  },
  {
    event: 'work-order.dispatched',
    topic: 'delivery',
    urgency: 'HIGH',
    placeholders: order,
    zh: { title: '新工单 {no}：{application}', body: '工单 {no} 已派达，时限自此起算，请在 {dueAt} 前交付。' },
    en: {
      title: 'New work order {no}: {application}',
      body: 'Work order {no} has been dispatched; the clock is running. Deliver by {dueAt}.',
    },
  },
  {
    event: 'work-order.ready',
    topic: 'delivery',
    urgency: 'HIGH',
    placeholders: order,
    // clause 4.3-1d asks for a receipt
    needsAck: true,
    zh: {
      title: '资源已到位：{application}（{no}）',
      body: '“{application}”申请的资源已到位，账号可以领取，领取链接在 {linkEndsAt} 前有效。请回执。',
    },
    en: {
      title: 'Resources ready: {application} ({no})',
      body: 'The resources for “{application}” are ready and the credentials can be collected until {linkEndsAt}. Please acknowledge.',
    },
  },
  {
    event: 'work-order.returned',
    topic: 'delivery',
    urgency: 'HIGH',
    placeholders: order,
    zh: { title: '工单退回：{no}', body: '工单 {no} 需要补充信息：{reason}。时限继续计算。' },
    en: { title: 'Work order returned: {no}', body: 'Work order {no} needs more information: {reason}. The clock goes on.' },
  },
  {
    event: 'work-order.credentials-waiting',
    topic: 'delivery',
    urgency: 'HIGH',
    placeholders: order,
    zh: { title: '账号待领取：{application}（{no}）', body: '“{application}”的账号交付后超过 24 小时未领取。' },
    en: {
      title: 'Credentials not collected: {application} ({no})',
      body: 'The credentials of “{application}” have waited for more than 24 hours.',
    },
  },
  {
    event: 'work-order.acceptance-late',
    topic: 'delivery',
    urgency: 'HIGH',
    placeholders: order,
    zh: { title: '待验收：{application}（{no}）', body: '“{application}”的资源已交付，验收已逾期。' },
    en: {
      title: 'Acceptance overdue: {application} ({no})',
      body: 'The resources of “{application}” were delivered; acceptance is overdue.',
    },
  },
  {
    event: 'work-order.shared',
    topic: 'delivery',
    urgency: 'NORMAL',
    placeholders: order,
    zh: { title: '资料待签收：{application}（{no}）', body: '“{application}”的申请表、能力目录和资源清单已共享给你，请签收。' },
    en: {
      title: 'Papers to acknowledge: {application} ({no})',
      body: 'The form, catalogue and resource list of “{application}” are shared with you; please acknowledge.',
    },
  },
  {
    event: 'work-order.objected',
    topic: 'delivery',
    urgency: 'HIGH',
    placeholders: order,
    zh: { title: '验收有异议：{application}（{no}）', body: '使用方对工单 {no} 的交付提出 {count} 处异议，请整改。' },
    en: { title: 'Objections: {application} ({no})', body: 'The bureau has {count} objections to the delivery of work order {no}.' },
  },
  {
    event: 'work-order.cancelled',
    topic: 'delivery',
    urgency: 'NORMAL',
    placeholders: order,
    zh: { title: '工单取消：{no}', body: '工单 {no} 已取消：{reason}' },
    en: { title: 'Work order cancelled: {no}', body: 'Work order {no} was cancelled: {reason}' },
  },
  {
    event: 'lease.expiring',
    topic: 'lease',
    urgency: 'NORMAL',
    placeholders: order,
    zh: {
      title: '{daysLeft} 天后到期：{title}（{application}）',
      body: '“{application}”的 {title} 使用期限到 {usageUntil}，需要继续使用请办理续期。',
    },
    en: {
      title: 'Ends in {daysLeft} days: {title} ({application})',
      body: 'The use of {title} of “{application}” ends on {usageUntil}. Renew it if it is still needed.',
    },
  },
  {
    event: 'lease.expired',
    topic: 'lease',
    urgency: 'HIGH',
    placeholders: order,
    zh: { title: '已到期：{title}（{application}）', body: '“{application}”的 {title} 使用期限 {usageUntil} 已过。' },
    en: { title: 'Ended: {title} ({application})', body: 'The use of {title} of “{application}” ended on {usageUntil}.' },
  },
  {
    event: 'system.test',
    topic: 'system',
    urgency: 'NORMAL',
    placeholders: ['by', 'channel'],
    zh: { title: '通道试发', body: '{by} 经“{channel}”试发。收到即表示通道可用。' },
    en: { title: 'Channel test', body: 'Sent by {by} through “{channel}”. If you read this, the channel works.' },
  },
]

const kinds = new Map<string, NoticeKind>(builtIn.map((kind) => [kind.event, kind]))

/** Adds what a module tells people about; called once at start, again by tests. */
export function registerNotices(more: readonly NoticeKind[]): void {
  for (const kind of more) kinds.set(kind.event, kind)
}

/** @throws RangeError for an event nobody registered: a programming error */
export function noticeKind(event: string): NoticeKind {
  const kind = kinds.get(event)
  if (!kind) throw new RangeError(`no notice is registered for ${event}`)
  return kind
}
export const noticeKinds = (): NoticeKind[] => [...kinds.values()]
