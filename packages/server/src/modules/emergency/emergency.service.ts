import {
  type EmergencyDetail,
  type EmergencySummary,
  type emergencyApi,
  emergencyProblems as problems,
} from '@changbai/contract/emergency.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { findPerson, holdersOf, personNames } from '../identity/index.ts'
import { reachIncident } from '../incident/index.ts'
import { proofOf } from '../notification/index.ts'
import { completeTask, openTasksOf, startProcess } from '../process/index.ts'
import { uncheckedItems, withinRto } from './emergency.domain.ts'
import {
  callsOf,
  type EmergencyRow,
  emergencyEvents,
  findEmergency,
  insertEmergency,
  insertEmergencyEvent,
  listEmergencies,
  lockEmergency,
  updateEmergency,
} from './emergency.store.ts'
import { lockPlan } from './plan.store.ts'

type Api = typeof emergencyApi
const KIND_OF: Record<string, 'STEP' | 'VERIFY' | 'SUMMARY' | 'APPROVE'> = {
  'emergency.step': 'STEP',
  'emergency.verify': 'VERIFY',
  'emergency.summary': 'SUMMARY',
  'emergency.approve': 'APPROVE',
}
export const isDrill = (row: Pick<EmergencyRow, 'mode'>): boolean => row.mode === 'DRILL'
/** A drill says so wherever its name is read. */
export const titleOf = (row: Pick<EmergencyRow, 'mode' | 'plan' | 'number'>): string =>
  `${isDrill(row) ? '【演练】' : ''}${row.number} ${row.plan.name}`

export async function tell(
  ctx: Ctx,
  row: Pick<EmergencyRow, 'id' | 'mode'>,
  kind: string,
  more: { node?: string; text?: string; checked?: string[] } = {},
) {
  const { node = null, text = '', checked = [] } = more
  const by = ctx.actor.kind === 'system' ? '' : ctx.actor.name
  await insertEmergencyEvent(ctx.db, {
    id: newId(),
    emergency_id: row.id,
    kind,
    node,
    at: ctx.now,
    by_name: by,
    text,
    checked: JSON.stringify(checked),
  })
  await ctx.record({
    kind: `emergency.${kind.toLowerCase()}`,
    subject: { type: 'emergency', id: row.id },
    data: { mode: row.mode, node, text, checked },
  })
}

const toSummary = (ctx: Ctx, row: EmergencyRow, names: Map<string, string>): EmergencySummary => ({
  id: row.id,
  number: row.number,
  mode: row.mode,
  planName: row.plan.name,
  reason: row.reason,
  state: row.state,
  commanderName: names.get(row.commander_id) ?? '',
  activatedAt: row.activated_at.toString(),
  restoredAt: row.restored_at?.toString() ?? null,
  rtoMinutes: row.plan.rtoMinutes,
  withinRto: withinRto(row.activated_at, row.restored_at, row.plan.rtoMinutes, ctx.now),
})
export const actingIn = (row: EmergencyRow) =>
  [
    ['commander', row.commander_id],
    ['operator', row.operator_id],
    ['liaison', row.liaison_id],
    ['approver', row.approver_id],
  ] as const

async function toDetail(ctx: Ctx, row: EmergencyRow): Promise<EmergencyDetail> {
  const calls = await callsOf(ctx.db, row.id)
  const acting = actingIn(row)
  const names = await personNames(ctx, [...new Set([...acting.map(([, id]) => id), ...calls.map((one) => one.person_id)])])
  const proof = new Map((await proofOf(ctx, [...new Set(calls.flatMap((one) => one.notice_id ?? []))])).map((one) => [one.personId, one]))
  const open = await openTasksOf(ctx, row.id)
  return {
    ...toSummary(ctx, row, names),
    planId: row.plan_id,
    incidentId: row.incident_id,
    activatedBy: row.activated_by,
    roles: acting.map(([role, personId]) => ({ role, personId, name: names.get(personId) ?? '' })),
    updateDueAt: row.update_due_at?.toString() ?? null,
    steps: open.map((task) => ({
      taskId: task.id,
      node: task.node,
      name: task.name,
      assigneeName: task.assignee?.name ?? '',
      mine: task.assignee?.personId === ctx.actor.personId,
      kind: KIND_OF[task.formKey ?? ''] ?? 'STEP',
      checklist: row.plan.checklists[task.node] ?? [],
    })),
    calls: calls.map((one) => ({
      personId: one.person_id,
      name: names.get(one.person_id) ?? '',
      duty: one.duty,
      sentAt: one.sent_at.toString(),
      channels: proof.get(one.person_id)?.channels ?? [],
      ackAt: proof.get(one.person_id)?.ackAt ?? null,
    })),
    events: (await emergencyEvents(ctx.db, row.id)).map((one) => ({
      id: one.id,
      kind: one.kind,
      node: one.node,
      at: one.at.toString(),
      byName: one.by_name,
      text: one.text,
      checked: one.checked,
    })),
    summary: row.summary,
    closedAt: row.closed_at?.toString() ?? null,
    instanceId: row.instance_id,
    mayReport: row.state === 'RUNNING' && acting.some(([, id]) => id === ctx.actor.personId),
  }
}
const known = async (ctx: Ctx, id: string, lock = false) =>
  (await (lock ? lockEmergency : findEmergency)(ctx.db, id)) ?? fail(commonProblems.notFound)
export const getEmergency = async (ctx: Ctx, { emergencyId }: Input<Api['get']>): Promise<Reply<Api['get']>> =>
  toDetail(ctx, await known(ctx, emergencyId))

export async function listEmergencyPage(ctx: Ctx, { mode, state, planId, after, limit }: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const rows = await listEmergencies(ctx.db, { mode, state, planId }, readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  const names = await personNames(ctx, [...new Set(items.map((row) => row.commander_id))])
  return { items: items.map((row) => toSummary(ctx, row, names)), next }
}

/** Sets a plan going: the same runbook in earnest and as a drill; what differs is who is told, and that a drill says so everywhere. */
export async function activatePlan(ctx: Ctx, input: Input<Api['activate']>): Promise<Reply<Api['activate']>> {
  const plan = (await lockPlan(ctx.db, input.planId)) ?? fail(commonProblems.notFound)
  if (plan.state !== 'APPROVED') fail(problems.notApproved)
  if (input.incidentId) await reachIncident(ctx, input.incidentId)
  const { commanderId, operatorId, liaisonId, approverId, mode } = input
  const leaders = await holdersOf(ctx, 'PROVIDER_LEADER')
  if (approverId === commanderId || !leaders.includes(approverId)) fail(problems.roles)
  for (const id of [commanderId, operatorId, liaisonId]) if (!(await findPerson(ctx, id))?.active) fail(problems.roles)
  const id = newId()
  const number = await nextNumber(ctx.db, mode === 'DRILL' ? 'YL' : 'YJ', shanghaiDay(ctx.now))
  const then = {
    name: plan.name,
    version: plan.version,
    rtoMinutes: plan.rto_minutes,
    processKey: plan.process_key,
    contacts: plan.contacts,
    checklists: plan.checklists,
    participants: input.participantIds,
  }
  await insertEmergency(ctx.db, {
    id,
    number,
    mode,
    plan_id: plan.id,
    plan: JSON.stringify(then),
    reason: input.reason,
    incident_id: input.incidentId,
    state: 'RUNNING',
    commander_id: commanderId,
    operator_id: operatorId,
    liaison_id: liaisonId,
    approver_id: approverId,
    activated_by: ctx.actor.name,
    activated_at: ctx.now,
    update_due_at: ctx.now.add({ minutes: ctx.plan.number('emergency.updateMinutes') }),
    restored_at: null,
    summary: null,
    closed_at: null,
    instance_id: null,
  })
  await tell(ctx, { id, mode }, 'ACTIVATED', { text: input.reason })
  const { instanceId } = await startProcess(ctx, {
    key: plan.process_key,
    businessKey: id,
    title: titleOf({ mode, plan: then, number }),
    vars: { commander: commanderId, operator: operatorId, liaison: liaisonId, approver: approverId },
  })
  await updateEmergency(ctx.db, id, { instance_id: instanceId })
  return toDetail(ctx, await known(ctx, id))
}

/** Completes a step whose task hangs on this emergency; the engine decides whether the caller may. */
async function complete(ctx: Ctx, emergencyId: string, taskId: string, kind: string, outcome: string, data: object, comment?: string) {
  await known(ctx, emergencyId)
  const task = (await openTasksOf(ctx, emergencyId)).find((one) => one.id === taskId) ?? fail(problems.wrongStep)
  if (KIND_OF[task.formKey ?? ''] !== kind) fail(problems.wrongStep)
  await completeTask(ctx, { taskId, outcome, data: { ...data }, comment })
  return toDetail(ctx, await known(ctx, emergencyId))
}
export async function doStep(ctx: Ctx, { emergencyId, taskId, checked, note }: Input<Api['step']>): Promise<Reply<Api['step']>> {
  const row = await known(ctx, emergencyId)
  const task = (await openTasksOf(ctx, emergencyId)).find((one) => one.id === taskId) ?? fail(problems.wrongStep)
  const left = uncheckedItems(row.plan.checklists[task.node] ?? [], checked, note)
  if (left.length > 0) fail(problems.unchecked, { count: left.length })
  return complete(ctx, emergencyId, taskId, 'STEP', 'DONE', { checked, note })
}
export const verifyStep = (ctx: Ctx, { emergencyId, taskId, restored, note }: Input<Api['verify']>): Promise<Reply<Api['verify']>> =>
  complete(ctx, emergencyId, taskId, 'VERIFY', restored ? 'RESTORED' : 'NOT_RESTORED', { note }, note)
export const summarise = (ctx: Ctx, { emergencyId, taskId, summary }: Input<Api['summarise']>): Promise<Reply<Api['summarise']>> =>
  complete(ctx, emergencyId, taskId, 'SUMMARY', 'SUBMIT', { summary })
export const approveSummary = (ctx: Ctx, input: Input<Api['approve']>): Promise<Reply<Api['approve']>> =>
  complete(ctx, input.emergencyId, input.taskId, 'APPROVE', input.approve ? 'APPROVE' : 'REJECT', { comment: input.comment }, input.comment)

/** How it stands; the next word is owed after the same while. */
export async function reportProgress(ctx: Ctx, { emergencyId, text }: Input<Api['report']>): Promise<Reply<Api['report']>> {
  const row = await known(ctx, emergencyId, true)
  if (row.state !== 'RUNNING') fail(problems.ended)
  if (!actingIn(row).some(([, id]) => id === personOf(ctx.actor))) fail(commonProblems.forbidden)
  await updateEmergency(ctx.db, row.id, { update_due_at: ctx.now.add({ minutes: ctx.plan.number('emergency.updateMinutes') }) })
  await tell(ctx, row, 'REPORTED', { text })
  await ctx.publish('emergency.reported', { emergencyId, text })
  return toDetail(ctx, await known(ctx, emergencyId))
}
