import type { NoticeKind } from './notice.domain.ts'
import { orderKinds } from './order.kinds.ts'

const task = ['task', 'title', 'process', 'dueAt', 'percent', 'by', 'comment'] as const
const stop = ['title', 'process', 'by', 'reason', 'task', 'comment'] as const

/** What is said about tasks, processes and channels. Other modules add theirs by {@link registerNotices}. */
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
    event: 'task.returned',
    topic: 'task',
    urgency: 'HIGH',
    placeholders: task,
    zh: { title: '退回补正：{task}（{title}）', body: '{by} 退回“{title}”，请在“{task}”补正后再交，期限 {dueAt}。{comment}' },
    en: { title: 'Sent back: {task} ({title})', body: '{by} sent “{title}” back. Please correct it at “{task}”; due {dueAt}. {comment}' },
  },
  {
    event: 'instance.cancel-requested',
    topic: 'task',
    urgency: 'HIGH',
    placeholders: stop,
    zh: { title: '申请撤销，请答复：{title}', body: '{by} 申请撤销“{title}”（现在“{task}”）。原因：{reason}。请同意或不同意。' },
    en: {
      title: 'Cancellation asked for: {title}',
      body: '{by} asks to cancel “{title}” (now at “{task}”). Reason: {reason}. Please consent or refuse.',
    },
  },
  {
    event: 'instance.cancel-consented',
    topic: 'request',
    urgency: 'NORMAL',
    placeholders: stop,
    zh: { title: '已同意撤销：{title}', body: '{by} 同意撤销“{title}”，流程到此结束。意见：{comment}' },
    en: { title: 'Cancelled: {title}', body: '{by} consented to cancel “{title}”; it ends here. Remark: {comment}' },
  },
  {
    event: 'instance.cancel-refused',
    topic: 'request',
    urgency: 'NORMAL',
    placeholders: stop,
    zh: { title: '不同意撤销：{title}', body: '{by} 不同意撤销“{title}”，流程照常进行。意见：{comment}' },
    en: { title: 'Cancellation refused: {title}', body: '{by} refused to cancel “{title}”; it goes on. Remark: {comment}' },
  },
  {
    event: 'instance.stopped',
    topic: 'request',
    urgency: 'HIGH',
    placeholders: stop,
    zh: { title: '流程终止：{title}', body: '“{title}”的流程已被终止。原因：{reason}' },
    en: { title: 'Stopped: {title}', body: 'The process of “{title}” was stopped. Reason: {reason}' },
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
    event: 'system.test',
    topic: 'system',
    urgency: 'NORMAL',
    placeholders: ['by', 'channel'],
    zh: { title: '通道试发', body: '{by} 经“{channel}”试发。收到即表示通道可用。' },
    en: { title: 'Channel test', body: 'Sent by {by} through “{channel}”. If you read this, the channel works.' },
  },
]

const kinds = new Map<string, NoticeKind>([...builtIn, ...orderKinds].map((kind) => [kind.event, kind]))

/** Adds what a module tells people about; called once at start, again by tests. */
export function registerNotices(more: readonly NoticeKind[]): void {
  for (const kind of more) kinds.set(kind.event, kind)
}

/** @throws RangeError for an event nobody registered: a programming error */
/** Absent for an event of a former release. */
export const knownKind = (event: string): NoticeKind | undefined => kinds.get(event)
export function noticeKind(event: string): NoticeKind {
  const kind = knownKind(event)
  if (!kind) throw new RangeError(`no notice is registered for ${event}`)
  return kind
}
export const noticeKinds = (): NoticeKind[] => [...kinds.values()]
