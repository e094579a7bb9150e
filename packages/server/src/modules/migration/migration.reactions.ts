import type { MigrationStatus } from '@changbai/contract/migration.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import { closeStep, openStep, returnSteps } from '../admission/index.ts'
import { personNames } from '../identity/index.ts'
import { correlateMessage } from '../process/index.ts'
import { ENDED, lockMigration, type MigrationRow, updateMigration } from './migration.store.ts'

const BY_NODE: Readonly<Record<string, MigrationStatus>> = {
  acceptMigration: 'SUBMITTED',
  surveySystem: 'UNDER_REVIEW',
  reviewPlan: 'PENDING_APPROVAL',
  prepareTarget: 'APPROVED',
  rehearse: 'APPROVED',
  cutover: 'FULFILLING',
  verifyBusiness: 'DELIVERED',
}
const rowFor = async (ctx: Ctx, told: { processKey: string; businessKey: string }): Promise<MigrationRow | undefined> =>
  told.processKey === 'migration-support' ? lockMigration(ctx.db, told.businessKey) : undefined

async function stepOpened(ctx: Ctx, task: Events['task.created']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row || task.kind === 'ADDED') return
  const names = task.assignee ? await personNames(ctx, [task.assignee]) : new Map<string, string>()
  const steps = openStep(row.steps, {
    taskId: task.taskId,
    node: task.node,
    name: task.name,
    assigneeName: task.assignee ? (names.get(task.assignee) ?? null) : null,
    candidateRoles: task.roles,
    since: ctx.now.toString(),
    dueAt: task.dueAt?.toString() ?? null,
  })
  const status = task.node === 'applyMigration' ? (row.returned ? 'RETURNED' : 'DRAFT') : (BY_NODE[task.node] ?? row.status)
  await updateMigration(ctx.db, row.id, { status, steps: JSON.stringify(steps) }, ctx.now)
}
async function stepDone(ctx: Ctx, task: Events['task.completed']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (row) await updateMigration(ctx.db, row.id, { steps: JSON.stringify(closeStep(row.steps, task.taskId)) }, ctx.now)
}
async function stepReturned(ctx: Ctx, task: Events['task.returned']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row) return
  const comment = [task.comment ?? '', ...task.reasons.map((one) => one.text)].filter(Boolean).join('；')
  const one = { node: task.node, result: 'RETURN', comment, facts: {}, byName: ctx.actor.name, at: ctx.now.toString() }
  const back = task.toNode === 'applyMigration'
  await updateMigration(
    ctx.db,
    row.id,
    {
      reviewed: true,
      returned: back,
      ...(back ? { status: 'RETURNED' as const } : {}),
      steps: JSON.stringify(returnSteps(row.steps, task.toNode)),
      conclusions: JSON.stringify([...row.conclusions, one]),
    },
    ctx.now,
  )
}
/** Ended from outside: before it was accepted that is a withdrawal. A step the clock ended leaves no step behind. */
async function instanceEnded(ctx: Ctx, instance: Events['instance.ended']): Promise<void> {
  const row = await rowFor(ctx, instance)
  if (!row) return
  const stopped = instance.status !== 'COMPLETED' && !ENDED.includes(row.status)
  const status = stopped ? (row.reviewed ? 'CANCELLED' : 'WITHDRAWN') : row.status
  await updateMigration(ctx.db, row.id, { status, steps: '[]', ...(stopped ? { closed_at: ctx.now } : {}) }, ctx.now)
}
async function downtimeDecided(ctx: Ctx, told: Events['downtime.decided']): Promise<void> {
  if (told.source?.type !== 'migration') return
  const [id = ''] = told.source.id.split('/')
  const payload = { recognisedByCustomer: told.recognised }
  await correlateMessage(ctx, { name: 'migration.downtime-decided', key: id, payload, dedupId: told.downtimeId })
}
export const migrationReactions = { stepOpened, stepDone, stepReturned, instanceEnded, downtimeDecided }
