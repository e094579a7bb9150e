import { REPORT_AUTHORS } from '@changbai/contract/report.words.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type Addressee, type NoticeKind, notify, registerNotices } from '../notification/index.ts'

const kind = (
  event: string,
  urgency: NoticeKind['urgency'],
  placeholders: readonly string[],
  zh: [string, string],
  en: [string, string],
): NoticeKind => ({
  event,
  topic: 'task',
  urgency,
  placeholders: ['month', ...placeholders],
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
const authors: readonly Addressee[] = REPORT_AUTHORS.map((role) => ({ role }))
const approvers: readonly Addressee[] = authors.filter((one) => 'role' in one && one.role !== 'MAINTENANCE_ENGINEER')
const customer: readonly Addressee[] = [{ role: 'CUSTOMER_OM_MANAGER' }, { role: 'CUSTOMER_LEADER' }]
const lead: readonly Addressee[] = [{ role: 'OPERATION_MANAGER' }]

const told: Readonly<Record<string, { to: readonly Addressee[]; kind: NoticeKind }>> = {
  'report.opened': {
    to: authors,
    kind: kind(
      'report.opened',
      'NORMAL',
      ['dueOn'],
      ['请编写 {month} 月报', '{month} 的月报已按记录生成初稿，请各方写评述并签名，{dueOn} 前提交内审。'],
      [
        'Write the report of {month}',
        'The report of {month} is drawn up from the records. Each party comments and signs; it is handed in by {dueOn}.',
      ],
    ),
  },
  'report.submitted': {
    to: approvers,
    kind: kind(
      'report.submitted',
      'HIGH',
      ['dueOn', 'by'],
      ['请内审 {month} 月报', '{by} 提交了 {month} 月报，请四组在 {dueOn} 前各签一次。'],
      ['Approve the report of {month}', '{by} handed in the report of {month}; each of the four groups signs by {dueOn}.'],
    ),
  },
  'report.returned': {
    to: authors,
    kind: kind(
      'report.returned',
      'HIGH',
      ['by', 'comment'],
      ['{month} 月报退回修改', '{by} 退回了 {month} 月报：{comment}'],
      ['The report of {month} was returned', '{by} returned the report of {month}: {comment}'],
    ),
  },
  'report.approved': {
    to: [...lead, ...customer],
    kind: kind(
      'report.approved',
      'NORMAL',
      ['dueOn'],
      ['{month} 月报已定稿', '{month} 月报四组已签，数字与文字已固定，汇报日 {dueOn}。'],
      ['The report of {month} is final', 'All four groups signed the report of {month}; it stands as it is. To be presented on {dueOn}.'],
    ),
  },
  'report.presented': {
    to: customer,
    kind: kind(
      'report.presented',
      'NORMAL',
      ['by'],
      ['请确认已听取 {month} 月报', '{by} 登记了 {month} 月报的汇报，请确认听取并填写意见。'],
      ['Confirm that you heard the report of {month}', '{by} recorded the presentation of {month}; please confirm and comment.'],
    ),
  },
  'report.corrected': {
    to: customer,
    kind: kind(
      'report.corrected',
      'NORMAL',
      ['by', 'comment'],
      ['{month} 月报有勘误', '{by} 提出勘误：{comment}。原文不动，请认可。'],
      ['An erratum to the report of {month}', '{by} adds an erratum: {comment}. The text stays; please agree.'],
    ),
  },
  'report.due': {
    to: lead,
    kind: kind(
      'report.due',
      'HIGH',
      ['step', 'dueOn'],
      ['{month} 月报：{step}今天到期', '{month} 月报的{step}截止 {dueOn}，还没有完成。'],
      ['Report of {month}: {step} due today', '{step} of the report of {month} is due on {dueOn} and not done.'],
    ),
  },
}
export const registerReportNotices = (): void => registerNotices(Object.values(told).map((one) => one.kind))

export async function tellReport(ctx: Ctx, event: string, month: string, params: Record<string, string>, dedupKey?: string): Promise<void> {
  await notify(ctx, {
    event,
    to: told[event]?.to ?? [],
    except: ctx.actor.personId ? [ctx.actor.personId] : [],
    params: { month, ...params },
    link: `/proof/reports/${month}`,
    ...(dedupKey ? { dedupKey } : {}),
  })
}
