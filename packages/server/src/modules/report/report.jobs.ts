import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { daysOf, doneOf } from './deadlines.ts'
import { monthBefore } from './parts.ts'
import { tellReport } from './report.notices.ts'
import { openMonth } from './report.service.ts'
import { findReport } from './report.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'report.day': Record<string, never>
  }
}
const STEPS = { DRAFT: '编写提交', INTERNAL: '内审', PRESENT: '汇报' } as const

/** Opens the month that is over, and says on its day what is still to do. */
export async function reportDay(ctx: Ctx): Promise<void> {
  const month = monthBefore(ctx.now)
  await openMonth(ctx, month)
  const row = await findReport(ctx.db, month)
  if (!row) return
  const today = shanghaiDay(ctx.now)
  const done = (await doneOf(ctx, [row])).get(row.id)
  for (const { step, dueOn } of await daysOf(ctx, month))
    if (dueOn.equals(today) && !done?.[step])
      await tellReport(ctx, 'report.due', month, { step: STEPS[step], dueOn: dueOn.toString() }, `report.due:${month}:${step}`)
}

export const reportJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'report.day', handler: () => runtime().door.enter({ actor: systemActor('report') }, reportDay) }),
]
export const reportCron: CronLine[] = [cronLine({ job: 'report.day', cron: '30 8 * * *', payload: {}, clause: '5.7-1' })]
