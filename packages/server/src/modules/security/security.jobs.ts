import type { SecurityService } from '@changbai/contract/provision-form.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { soonDays } from './held.service.ts'
import { reminderNow } from './security.domain.ts'
import { expiringUntil, updateHeld } from './security.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'security.remind': Record<string, never>
  }
  interface Events {
    'security.expiring': {
      serviceId: string
      code: SecurityService
      applicationId: string
      applicationName: string
      tenantId: string
      expiresOn: string
      days: number
    }
  }
}

/** Reminds of services that end within the days of the plan, once for each of them. */
export async function remindSecurity(ctx: Ctx): Promise<void> {
  const today = shanghaiDay(ctx.now)
  const remindAt = ctx.plan.value<number[]>('security.remindDays')
  for (const row of await expiringUntil(ctx.db, today, today.add({ days: soonDays(ctx) }))) {
    const days = today.until(row.expires_on, { largestUnit: 'day' }).days
    const due = reminderNow(days, remindAt, row.reminded_days)
    if (due === null) continue
    await updateHeld(ctx.db, row.id, { reminded_days: due })
    await ctx.publish('security.expiring', {
      serviceId: row.id,
      code: row.code,
      applicationId: row.application_id,
      applicationName: row.application_name,
      tenantId: row.tenant_id,
      expiresOn: row.expires_on.toString(),
      days,
    })
  }
}
export const securityJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'security.remind', handler: () => runtime().door.enter({ actor: systemActor('security') }, remindSecurity) }),
]
export const securityCron: CronLine[] = [cronLine({ job: 'security.remind', cron: '40 8 * * *', payload: {}, clause: '5.3-9' })]
