import type { RoundKind } from '@changbai/contract/inspection.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { notify, registerNotices } from '../notification/index.ts'
import { missedWindows } from './inspection.service.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'inspection.watch': Record<string, never>
  }
}

const WORDS: Record<RoundKind, { zh: string; role: 'MAINTENANCE_ENGINEER' | 'MAINTENANCE_MANAGER' | 'OPERATION_MANAGER' }> = {
  FACILITY: { zh: '机房巡检', role: 'MAINTENANCE_ENGINEER' },
  PLATFORM: { zh: '云平台巡检', role: 'MAINTENANCE_MANAGER' },
  TENANT_SERVICE: { zh: '租户业务检测', role: 'OPERATION_MANAGER' },
}

export const registerInspectionNotices = (): void =>
  registerNotices([
    {
      event: 'inspection.missed',
      topic: 'task',
      urgency: 'NORMAL',
      placeholders: ['kind', 'until'],
      zh: {
        title: '{kind}漏检，时段止于 {until}',
        body: '这个时段没有一次有效的{kind}。请查明原因；手机上还没有补传的记录，联网后会标明补传时刻。',
      },
      en: {
        title: 'A round was missed: {kind}, until {until}',
        body: 'No round of this stretch counts. A round still on a phone comes in later and is marked so.',
      },
    },
  ])

/** Each window that ended within the last hour and was not walked is told of once, to who owes it and to the maintenance manager. */
export async function watchRounds(ctx: Ctx): Promise<void> {
  for (const { kind, key, dueAt } of await missedWindows(ctx, ctx.now.subtract({ hours: 1 }))) {
    const { zh, role } = WORDS[kind]
    await notify(ctx, {
      event: 'inspection.missed',
      to: [{ role }, ...(role === 'MAINTENANCE_MANAGER' ? [] : [{ role: 'MAINTENANCE_MANAGER' as const }])],
      params: { kind: zh, until: dueAt.toZonedDateTimeISO(SHANGHAI).toPlainTime().toString({ smallestUnit: 'minute' }) },
      link: '/duty/rounds',
      dedupKey: `inspection.missed:${shanghaiDay(dueAt.subtract({ milliseconds: 1 }))}:${key}`,
    })
  }
}

export const inspectionJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'inspection.watch',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('inspection') }, watchRounds)
    },
  }),
]
export const inspectionCron: readonly CronLine[] = [cronLine({ job: 'inspection.watch', cron: '5 * * * *', payload: {} })]
