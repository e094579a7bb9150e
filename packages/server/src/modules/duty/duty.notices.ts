import { type NoticeKind, registerNotices } from '../notification/index.ts'

const kind = (
  event: string,
  urgency: NoticeKind['urgency'],
  placeholders: readonly string[],
  zh: [string, string],
  en: [string, string],
): NoticeKind => ({
  event,
  topic: 'incident',
  urgency,
  placeholders,
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
const swap = ['by', 'startsAt', 'endsAt', 'reason'] as const

const kinds: readonly NoticeKind[] = [
  kind(
    'duty.page',
    'CRITICAL',
    ['title'],
    ['呼叫：{title}', '请立即应答并处理：{title}。无人应答将呼叫下一人。'],
    ['Page: {title}', 'Please answer at once: {title}. If nobody answers, the next person is reached.'],
  ),
  kind(
    'duty.page-exhausted',
    'CRITICAL',
    ['title'],
    ['无人应答：{title}', '值班人员、运维管理员与主管领导均未应答：{title}。请立即处理。'],
    ['Nobody answered: {title}', 'Nobody on duty, no manager and no leader has answered: {title}. Please act at once.'],
  ),
  kind(
    'duty.swap-asked',
    'HIGH',
    swap,
    ['{by} 请你顶班', '{startsAt} 至 {endsAt}。原因：{reason}。同意后生效。'],
    ['{by} asks you to take a shift', '{startsAt} to {endsAt}. Reason: {reason}. It takes effect when you agree.'],
  ),
  kind('duty.swap-agreed', 'NORMAL', ['by'], ['换班已同意', '{by} 已同意顶班。'], ['Swap agreed', '{by} takes the shift.']),
  kind(
    'duty.swap-refused',
    'HIGH',
    ['by'],
    ['换班未同意', '{by} 不能顶班，请另请他人。'],
    ['Swap refused', '{by} cannot take the shift; ask somebody else.'],
  ),
  kind(
    'duty.handed-over',
    'HIGH',
    ['by'],
    ['请签收交接', '{by} 写好了交接，请阅读并签收。'],
    ['A hand-over for you', '{by} has written a hand-over; please read and sign.'],
  ),
  kind(
    'duty.published',
    'NORMAL',
    ['fromOn', 'toOn'],
    ['值班表已发布', '{fromOn} 至 {toOn} 的值班表中有你，请查看。'],
    ['Roster published', 'You stand on the roster of {fromOn} to {toOn}; please look it up.'],
  ),
  kind(
    'duty.uncovered',
    'HIGH',
    ['line', 'lineEn', 'from'],
    ['值班将出现空档：{line}', '{line} 自 {from} 起没有已发布的值班表，请排班。'],
    ['A gap in duty ahead: {lineEn}', '{lineEn} has no published roster from {from} on. Please plan it.'],
  ),
]
export const registerDutyNotices = (): void => registerNotices(kinds)
