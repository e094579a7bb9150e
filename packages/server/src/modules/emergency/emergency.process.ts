import { emergencyForms } from '@changbai/contract/emergency.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { noteDrill } from '../duty/index.ts'
import { notify } from '../notification/index.ts'
import { registerForm, registerService, type TaskCall } from '../process/index.ts'
import { calledFor } from './emergency.domain.ts'
import { about } from './emergency.notices.ts'
import { actingIn, isDrill, tell } from './emergency.service.ts'
import { callsOf, type EmergencyRow, insertCalls, lockEmergency, updateEmergency } from './emergency.store.ts'

const rowOf = async (ctx: Ctx, id: string): Promise<EmergencyRow> => {
  const row = await lockEmergency(ctx.db, id)
  if (!row) throw new Error(`emergency ${id} is gone`)
  return row
}
const DUTIES = { commander: '指挥', operator: '处置', liaison: '联络', approver: '审定' } as const

/** Calls the list: one notice with a receipt to give; a drill tells those who take part and nobody else. */
async function callOut(ctx: Ctx, id: string) {
  const row = await rowOf(ctx, id)
  const acting = actingIn(row).map(([role, personId]) => ({ personId, duty: DUTIES[role] }))
  const people = calledFor(row.mode, row.plan.contacts, acting, row.plan.participants)
  const noticeId = await notify(ctx, {
    ...about(row, 'emergency.activated', { reason: row.reason }),
    to: { personIds: people.map((one) => one.personId) },
  })
  await insertCalls(
    ctx.db,
    people.map(({ personId, duty }, index) => ({
      emergency_id: row.id,
      person_id: personId,
      seq: index + 1,
      duty,
      notice_id: noticeId,
      sent_at: ctx.now,
    })),
  )
  await tell(ctx, row, 'CALLED', { text: String(people.length) })
  return {}
}
async function standDown(ctx: Ctx, id: string) {
  const row = await rowOf(ctx, id)
  await updateEmergency(ctx.db, row.id, { state: 'STOOD_DOWN', update_due_at: null })
  await tell(ctx, row, 'STOOD_DOWN')
  await ctx.publish('emergency.stood-down', { emergencyId: row.id })
  return {}
}
/** A drill that was carried through and approved counts for whoever took part. @clause 5.8-3 */
async function close(ctx: Ctx, id: string) {
  const row = await rowOf(ctx, id)
  await updateEmergency(ctx.db, row.id, { state: 'CLOSED', closed_at: ctx.now })
  const people = (await callsOf(ctx.db, row.id)).map((one) => one.person_id)
  if (isDrill(row)) await noteDrill(ctx, people, shanghaiDay(row.activated_at))
  await tell(ctx, row, 'CLOSED')
  return {}
}

async function step(ctx: Ctx, task: TaskCall, { checked, note }: { checked: string[]; note: string }): Promise<undefined> {
  await tell(ctx, await rowOf(ctx, task.businessKey), 'STEP', { node: task.node, text: note, checked })
}
async function verify(ctx: Ctx, task: TaskCall, { note }: { note: string }): Promise<undefined> {
  const row = await rowOf(ctx, task.businessKey)
  const restored = task.outcome === 'RESTORED'
  await updateEmergency(ctx.db, row.id, { restored_at: restored ? ctx.now : null })
  await tell(ctx, row, restored ? 'RESTORED' : 'NOT_RESTORED', { node: task.node, text: note })
}
async function summarise(
  ctx: Ctx,
  task: TaskCall,
  data: { summary: { result: string; findings: string; improvements: string } },
): Promise<undefined> {
  const row = await rowOf(ctx, task.businessKey)
  await updateEmergency(ctx.db, row.id, { summary: JSON.stringify(data.summary) })
  await tell(ctx, row, 'SUMMARISED', { node: task.node, text: data.summary.result })
}
async function approve(ctx: Ctx, task: TaskCall, { comment }: { comment: string }): Promise<undefined> {
  const kind = task.outcome === 'APPROVE' ? 'APPROVED' : 'RETURNED'
  await tell(ctx, await rowOf(ctx, task.businessKey), kind, { node: task.node, text: comment || (task.comment ?? '') })
}

export function registerEmergencyProcess(): void {
  registerForm({ key: 'emergency.step', schema: emergencyForms['emergency.step'], handler: step })
  registerForm({ key: 'emergency.verify', schema: emergencyForms['emergency.verify'], handler: verify })
  registerForm({ key: 'emergency.summary', schema: emergencyForms['emergency.summary'], handler: summarise })
  registerForm({ key: 'emergency.approve', schema: emergencyForms['emergency.approve'], handler: approve })
  registerService({ topic: 'emergency.call', mode: 'tx', run: (ctx, call) => callOut(ctx, call.businessKey) })
  registerService({ topic: 'emergency.standDown', mode: 'tx', run: (ctx, call) => standDown(ctx, call.businessKey) })
  registerService({ topic: 'emergency.close', mode: 'tx', run: (ctx, call) => close(ctx, call.businessKey) })
}
