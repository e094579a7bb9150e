import { assessmentApi } from '@changbai/contract/assessment.ts'
import { complianceApi } from '@changbai/contract/compliance.ts'
import { reportApi } from '@changbai/contract/report.ts'
import { REPORT_AUTHORS, REPORT_GROUPS } from '@changbai/contract/report.words.ts'
import type { Steps } from '../agenda.ts'
import { dayOf, type Scene, type Staff } from '../staff.ts'
import type { Caller } from '../stage.ts'

const authorsOf = ({
  operation,
  maintenance,
  engineers,
  owners,
  construction,
}: Staff): Record<(typeof REPORT_AUTHORS)[number], Caller> => ({
  OPERATION_MANAGER: operation,
  MAINTENANCE_MANAGER: maintenance,
  MAINTENANCE_ENGINEER: engineers[0] as Caller,
  APP_PROJECT_MANAGER: (owners.find(({ manager }) => manager.name === '杨帆') ?? owners[0])?.manager as Caller,
  BUILD_PROJECT_MANAGER: construction,
})
const words: Readonly<
  Record<
    (typeof REPORT_AUTHORS)[number],
    readonly [section: 'overview' | 'incidents' | 'inspections' | 'requests' | 'resources', text: string]
  >
> = {
  OPERATION_MANAGER: ['overview', '本月总体平稳，各项承诺的履行情况见附表；未达项已列出原因与补救。'],
  MAINTENANCE_MANAGER: ['incidents', '故障以应用报错为主，处置时限均在承诺之内；同类原因已登记为问题跟踪。'],
  MAINTENANCE_ENGINEER: ['inspections', '机房、平台巡检按时段完成，未见越限读数。'],
  APP_PROJECT_MANAGER: ['requests', '申请与变更办理顺畅，扩容需求集中在季末。'],
  BUILD_PROJECT_MANAGER: ['resources', '资源池余量充足，存储增长与上月持平。'],
}

/** Frozen on the first day of the next, by the operation manager. */
export async function freezeMonth({ staff }: Scene, month: string): Promise<void> {
  await staff.operation.call(complianceApi.freeze, { month })
}

/** Written by five parties, signed and handed in. */
export async function* writeReport({ staff }: Scene, month: string): Steps {
  const authors = authorsOf(staff)
  await staff.operation.call(reportApi.open, { month })
  yield 60
  for (const author of REPORT_AUTHORS) {
    const [section, text] = words[author]
    await authors[author].call(reportApi.comment, { month, section, author, baseRev: 0, text })
    await authors[author].call(reportApi.sign, { month, author })
    yield 45
  }
  await staff.operation.call(reportApi.submit, { month })
}

/** The four groups approve; with the last signature its figures are frozen. */
export async function* approveReport({ staff }: Scene, month: string): Steps {
  const authors = authorsOf(staff)
  for (const [group, author] of Object.entries(REPORT_GROUPS) as [keyof typeof REPORT_GROUPS, (typeof REPORT_AUTHORS)[number]][]) {
    await authors[author].call(reportApi.approve, { month, group, result: 'APPROVE', comment: '' })
    yield 20
  }
}

/** Presented to the customer's manager and leader, who say that they heard it. */
export async function* presentReport({ stage, staff }: Scene, month: string): Steps {
  await staff.operation.call(reportApi.present, { month, at: stage.now().toString(), place: '省电子政务办会议室', feedback: '' })
  yield 60
  await staff.customer.call(reportApi.receive, { month, feedback: '继续关注存储余量' })
  await staff.customerLeader.call(reportApi.receive, { month, feedback: '' })
}

/** The quarter that is over: concluded, what needs improving named, published; its plan proposed and reviewed. */
export async function* assessQuarter({ stage, staff }: Scene, quarter: string): Steps {
  const { maintenance, customer, construction } = staff
  const { id: assessmentId } = await maintenance.call(assessmentApi.open, { quarter })
  yield 50
  await maintenance.call(assessmentApi.conclude, { assessmentId, conclusion: '运行平稳；存储池使用率上升较快，建议年内扩容' })
  const { issueLines } = await maintenance.call(assessmentApi.addIssue, {
    assessmentId,
    text: '存储余量偏紧',
    severity: 'HIGH',
    basis: '池使用率高于同期，按趋势明年一季度触及 75%',
    needImprove: true,
  })
  yield 60
  await maintenance.call(assessmentApi.publish, { assessmentId })
  const issueId = issueLines.at(-1)?.id ?? ''
  yield 60
  const { id: planId } = await maintenance.call(assessmentApi.propose, {
    issueId,
    kind: 'PLATFORM',
    goal: { metric: '存储池使用率', baseline: '72%', target: '≤ 60%' },
    measures: '扩容两台存储节点，冷数据迁往归档池',
    milestones: [
      { name: '到货', dueOn: dayOf(stage.now()).add({ days: 60 }).toString(), ownerName: construction.name },
      { name: '上线', dueOn: dayOf(stage.now()).add({ days: 85 }).toString(), ownerName: construction.name },
    ],
  })
  yield 45
  await customer.call(assessmentApi.review, { planId, result: 'PASS', attendees: '韩雪峰、赵立新、孙浩' })
}

/** Each month a word on every plan that is under way. */
export async function trackPlans({ staff }: Scene): Promise<void> {
  const { items } = await staff.maintenance.call(assessmentApi.plans, {})
  for (const { id: planId, status, progress } of items)
    if (status === 'ACTIVE')
      await staff.maintenance.call(assessmentApi.track, {
        planId,
        progress: Math.min(90, progress + 30),
        deviation: '',
        adjustment: '按计划进行',
      })
}
