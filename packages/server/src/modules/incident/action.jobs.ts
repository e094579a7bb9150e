import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { personNames } from '../identity/index.ts'
import { notify } from '../notification/index.ts'
import { AHEAD_DAYS, type Reminder, reminderOf } from './action.domain.ts'
import { openActionsUntil } from './history.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'incident.actions': Record<string, never>
  }
}

const audience = (kind: Reminder['kind'], ownerId: string) => [
  ...(kind === 'verify' ? [] : [{ personIds: [ownerId] }]),
  ...(kind === 'due' ? [] : [{ role: 'MAINTENANCE_MANAGER' as const }]),
]

/** Owners are reminded before the day; overdue ones every week, the leader from the second week on; what is done waits for no more than a week. @clause 5.8-5 */
export async function remindActions(ctx: Ctx): Promise<number> {
  const today = shanghaiDay(ctx.now)
  const open = await openActionsUntil(ctx.db, today.add({ days: AHEAD_DAYS }))
  const names = await personNames(
    ctx,
    open.map((row) => row.owner_id),
  )
  let told = 0
  for (const row of open) {
    const reminder = reminderOf({ state: row.state, dueOn: row.due_on, doneOn: row.done_at && shanghaiDay(row.done_at) }, today)
    if (!reminder) continue
    const { kind, days, turn } = reminder
    const noticeId = await notify(ctx, {
      event: `incident.action-${kind}`,
      to: [...audience(kind, row.owner_id), ...(kind === 'overdue' && turn > 0 ? [{ role: 'PROVIDER_LEADER' as const }] : [])],
      params: {
        number: row.number,
        title: row.title,
        severity: row.severity,
        action: row.description,
        owner: names.get(row.owner_id) ?? '',
        dueOn: row.due_on.toString(),
        days,
      },
      link: `/duty/incidents/${row.incident_id}`,
      tenantId: row.tenant_id,
      dedupKey: `incident.action-${kind}:${row.id}:${turn}`,
    })
    if (noticeId) told += 1
  }
  return told
}

export const incidentJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'incident.actions',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('incident') }, remindActions)
    },
  }),
]
export const incidentCron: readonly CronLine[] = [cronLine({ job: 'incident.actions', cron: '0 9 * * *', payload: {}, clause: '5.8-5' })]
