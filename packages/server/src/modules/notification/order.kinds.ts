import type { NoticeKind } from './notice.domain.ts'

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

/** What is said about work orders and leases. */
export const orderKinds: readonly NoticeKind[] = [
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
    event: 'work-order.hold-proposed',
    topic: 'delivery',
    urgency: 'HIGH',
    placeholders: order,
    zh: {
      title: '提请中止计时：{no}（{application}）',
      body: '工单 {no} 缺少应用方信息，提请中止计时：{reason}。请认可或不认可；答复前时限继续计算。',
    },
    en: {
      title: 'Suspension proposed: {no} ({application})',
      body: 'Work order {no} lacks information of the applicant: {reason}. Please consent or refuse; until then the clock goes on.',
    },
  },
  {
    event: 'work-order.accepted',
    topic: 'delivery',
    urgency: 'LOW',
    placeholders: order,
    zh: { title: '验收通过：{application}（{no}）', body: '应用方已验收工单 {no} 的交付。' },
    en: { title: 'Accepted: {application} ({no})', body: 'The applicant has accepted the delivery of work order {no}.' },
  },
  {
    event: 'work-order.accepted-by-default',
    topic: 'delivery',
    urgency: 'NORMAL',
    placeholders: order,
    zh: { title: '默认验收：{application}（{no}）', body: '应用方逾期未验收，经甲方同意，工单 {no} 按默认验收处理。' },
    en: {
      title: 'Accepted by default: {application} ({no})',
      body: 'The applicant did not answer in time; with the customer’s consent work order {no} counts as accepted.',
    },
  },
  {
    event: 'work-order.launch-confirmed',
    topic: 'delivery',
    urgency: 'NORMAL',
    placeholders: order,
    zh: { title: '启动测试三方已确认：{application}（{no}）', body: '“{application}”的《启动测试确认单》三方均已签署，转入试运行。' },
    en: {
      title: 'Start-up test confirmed: {application} ({no})',
      body: 'All three parties signed the start-up test of “{application}”; the trial run begins.',
    },
  },
  {
    event: 'work-order.closed',
    topic: 'delivery',
    urgency: 'LOW',
    placeholders: order,
    zh: { title: '工单归档：{no}（{application}）', body: '工单 {no} 已归档备案，“{application}”转入正式服务。' },
    en: { title: 'Archived: {no} ({application})', body: 'Work order {no} is archived; “{application}” is in regular service.' },
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
]
