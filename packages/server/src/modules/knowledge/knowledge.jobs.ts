import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { notify, registerNotices } from '../notification/index.ts'
import { articlesDueBy } from './knowledge.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'knowledge.remind': Record<string, never>
  }
}

export const registerKnowledgeNotices = (): void =>
  registerNotices([
    {
      event: 'knowledge.review-due',
      topic: 'system',
      urgency: 'NORMAL',
      placeholders: ['number', 'title', 'reviewOn'],
      zh: { title: '请复审知识：{title}', body: '{number}“{title}”应在 {reviewOn} 复审：仍然正确就确认，过时的请改写或停用。' },
      en: {
        title: 'Please review: {title}',
        body: '{number} “{title}” was to be reviewed on {reviewOn}: confirm it, rewrite it or retire it.',
      },
    },
  ])

/** The author hears on the day of review, and the operation manager with them; once for each day that was set. */
export async function remindOfReviews(ctx: Ctx): Promise<number> {
  const due = await articlesDueBy(ctx.db, shanghaiDay(ctx.now))
  for (const row of due)
    await notify(ctx, {
      event: 'knowledge.review-due',
      to: [{ personIds: [row.author_id] }, { role: 'OPERATION_MANAGER' }],
      params: { number: row.number, title: row.title, reviewOn: row.review_on?.toString() ?? '' },
      link: `/duty/knowledge/${row.id}`,
      dedupKey: `knowledge.review-due:${row.id}:${row.review_on?.toString() ?? ''}`,
    })
  return due.length
}
export const knowledgeJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'knowledge.remind',
    handler: async () => void (await runtime().door.enter({ actor: systemActor('knowledge') }, remindOfReviews)),
  }),
]
export const knowledgeCron: CronLine[] = [cronLine({ job: 'knowledge.remind', cron: '40 8 * * *', payload: {} })]
