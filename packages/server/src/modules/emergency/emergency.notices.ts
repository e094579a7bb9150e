import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Reaction } from '../../platform/door.ts'
import type { DueWork } from '../../platform/due.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import { actingIn, isDrill } from './emergency.service.ts'
import { callsOf, type EmergencyRow, findEmergency, lockDueUpdates, updateEmergency } from './emergency.store.ts'
import { plansDueBy } from './plan.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    'emergency.reported': { emergencyId: string; text: string }
    'emergency.stood-down': { emergencyId: string }
  }
  interface Jobs {
    'emergency.review': Record<string, never>
  }
}

type Words = readonly [title: string, body: string]
const kind = (event: string, urgency: NoticeKind['urgency'], zh: Words, en: Words, more: string[] = []): NoticeKind => ({
  event,
  topic: 'incident',
  urgency,
  placeholders: ['number', 'plan', ...more],
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
/** The same words in earnest and in a drill, which says so in title and body and has no urgency that would wake anybody. */
const both = (event: string, urgency: NoticeKind['urgency'], zh: Words, en: Words, more: string[] = []): NoticeKind[] => [
  kind(event, urgency, zh, en, more),
  {
    ...kind(`${event}-drill`, 'LOW', [`【演练】${zh[0]}`, `【演练】${zh[1]}`], [`[DRILL] ${en[0]}`, `[DRILL] ${en[1]}`], more),
    needsAck: event === 'emergency.activated',
  },
]
export const registerEmergencyNotices = (): void =>
  registerNotices([
    ...both(
      'emergency.activated',
      'CRITICAL',
      ['启动应急预案：{plan}', '{number}：{reason}。请立即到位并回执。'],
      ['Emergency: {plan}', '{number}: {reason}. Please take your place and acknowledge.'],
      ['reason'],
    ),
    ...both(
      'emergency.reported',
      'HIGH',
      ['应急进展：{plan}', '{number}：{text}'],
      ['How it stands: {plan}', '{number}: {text}'],
      ['text'],
    ),
    ...both(
      'emergency.stood-down',
      'HIGH',
      ['应急解除：{plan}', '{number} 已恢复，应急解除。'],
      ['Stood down: {plan}', '{number} is restored; the emergency is over.'],
    ),
    ...both(
      'emergency.update-due',
      'NORMAL',
      ['请通报进展：{plan}', '{number} 又到通报时间，请通报处置进展。'],
      ['Please report: {plan}', '{number}: a word on how it stands is due.'],
    ),
    kind(
      'emergency.plan-review',
      'NORMAL',
      ['请复审应急预案：{plan}', '{number}“{plan}”应在 {reviewOn} 复审：修订或由领导再次批准。'],
      ['Please review: {plan}', '{number} “{plan}” was to be reviewed on {reviewOn}: change it, or have it approved again.'],
      ['reviewOn'],
    ),
  ])

/** What is said of one of them: as a drill in the words of drills, to people only. */
export const about = (row: EmergencyRow, event: string, params: Record<string, string> = {}) => ({
  event: isDrill(row) ? `${event}-drill` : event,
  params: { number: row.number, plan: row.plan.name, ...params },
  link: `/duty/emergencies/${row.id}`,
  onlyPeople: isDrill(row),
})
const calledPeople = async (ctx: Ctx, row: EmergencyRow) => ({ personIds: (await callsOf(ctx.db, row.id)).map((one) => one.person_id) })

export const tellReported: Reaction<'emergency.reported'> = async (ctx, { emergencyId, text }) => {
  const row = await findEmergency(ctx.db, emergencyId)
  if (row) await notify(ctx, { ...about(row, 'emergency.reported', { text }), to: await calledPeople(ctx, row) })
}
export const tellStoodDown: Reaction<'emergency.stood-down'> = async (ctx, { emergencyId }) => {
  const row = await findEmergency(ctx.db, emergencyId)
  if (row) await notify(ctx, { ...about(row, 'emergency.stood-down'), to: await calledPeople(ctx, row) })
}

const BATCH = 20
/** Liaison and commander are reminded of the word that is owed, and again after the same while. */
export async function remindOfUpdates(ctx: Ctx): Promise<number> {
  const due = await lockDueUpdates(ctx.db, ctx.now, BATCH)
  for (const row of due) {
    await updateEmergency(ctx.db, row.id, { update_due_at: ctx.now.add({ minutes: ctx.plan.number('emergency.updateMinutes') }) })
    const personIds = actingIn(row).flatMap(([role, id]) => (role === 'liaison' || role === 'commander' ? [id] : []))
    await notify(ctx, { ...about(row, 'emergency.update-due'), to: { personIds } })
  }
  return due.length
}
export const dueEmergencyUpdates: DueWork = {
  name: 'emergency.updates',
  run: ({ door }) => door.enter({ actor: systemActor('emergency') }, remindOfUpdates),
}

/** On the day of review, once. @clause 5.8-3 */
export async function remindOfPlans(ctx: Ctx): Promise<number> {
  const due = await plansDueBy(ctx.db, shanghaiDay(ctx.now))
  for (const row of due)
    await notify(ctx, {
      event: 'emergency.plan-review',
      to: [{ role: 'MAINTENANCE_MANAGER' }, { role: 'PROVIDER_LEADER' }],
      params: { number: row.number, plan: row.name, reviewOn: row.review_on?.toString() ?? '' },
      link: `/duty/emergencies/plans/${row.id}`,
      dedupKey: `emergency.plan-review:${row.id}:${row.review_on?.toString() ?? ''}`,
    })
  return due.length
}
export const emergencyJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'emergency.review',
    handler: async () => void (await runtime().door.enter({ actor: systemActor('emergency') }, remindOfPlans)),
  }),
]
export const emergencyCron: CronLine[] = [cronLine({ job: 'emergency.review', cron: '45 8 * * *', payload: {}, clause: '5.8-3' })]
