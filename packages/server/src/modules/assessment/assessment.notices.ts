import type { Ctx } from '../../platform/ctx.ts'
import { type Addressee, notify, registerNotices } from '../notification/index.ts'

const about = { topic: 'task', urgency: 'NORMAL' } as const
export const registerAssessmentNotices = (): void =>
  registerNotices([
    {
      ...about,
      event: 'assessment.opened',
      placeholders: ['quarter', 'dueOn'],
      zh: { title: '请编制 {quarter} 系统评估', body: '{quarter} 的数字已按记录算好，请写结论与问题，{dueOn} 前发布。' },
      en: { title: 'Assess {quarter}', body: 'The figures of {quarter} are counted; conclude, list the issues, and publish by {dueOn}.' },
    },
    {
      ...about,
      event: 'assessment.published',
      placeholders: ['quarter', 'by'],
      zh: { title: '{quarter} 系统评估已发布', body: '{by} 发布了 {quarter} 的系统评估。' },
      en: { title: 'Assessment of {quarter} published', body: '{by} published the assessment of {quarter}.' },
    },
    {
      ...about,
      event: 'optimisation.review',
      placeholders: ['issue', 'by'],
      zh: { title: '请评审优化方案：{issue}', body: '{by} 提出了优化方案，请评审：{issue}' },
      en: { title: 'Review a plan: {issue}', body: '{by} proposes how to improve: {issue}' },
    },
    {
      ...about,
      event: 'optimisation.reviewed',
      placeholders: ['issue', 'by', 'result'],
      zh: { title: '优化方案评审：{result}', body: '{by} 评审了“{issue}”的优化方案：{result}。' },
      en: { title: 'Plan reviewed: {result}', body: '{by} reviewed the plan for “{issue}”: {result}.' },
    },
    {
      ...about,
      urgency: 'HIGH',
      event: 'optimisation.untracked',
      placeholders: ['issue', 'month'],
      zh: { title: '本月还没有跟踪：{issue}', body: '“{issue}”的优化方案 {month} 还没有跟踪记录。' },
      en: { title: 'Not tracked this month: {issue}', body: 'The plan for “{issue}” has no track in {month}.' },
    },
  ])

export async function tellAssessment(
  ctx: Ctx,
  event: string,
  row: { id: string; quarter: string },
  params: Record<string, string>,
): Promise<void> {
  const to: Addressee[] =
    event === 'assessment.opened' ? [{ role: 'MAINTENANCE_MANAGER' }] : [{ role: 'CUSTOMER_OM_MANAGER' }, { role: 'OPERATION_MANAGER' }]
  await notify(ctx, {
    event,
    to,
    except: ctx.actor.personId ? [ctx.actor.personId] : [],
    params: { quarter: row.quarter, by: ctx.actor.name, ...params },
    link: `/proof/assessments/${row.id}`,
  })
}
export async function tellPlan(
  ctx: Ctx,
  event: string,
  plan: { id: string; issue: string },
  to: readonly Addressee[],
  params: Record<string, string> = {},
  dedupKey?: string,
): Promise<void> {
  await notify(ctx, {
    event,
    to,
    params: { issue: plan.issue, by: ctx.actor.name, ...params },
    link: `/proof/optimisations/${plan.id}`,
    ...(dedupKey ? { dedupKey } : {}),
  })
}
