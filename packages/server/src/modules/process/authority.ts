import { ROLES } from '@changbai/contract/capability.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { processProblems } from '@changbai/contract/process.ts'
import { type Actor, actorCan, reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import type { Run } from './bpmn/engine/run.ts'
import type { InstanceRow, TaskRow } from './bpmn/engine/state.ts'
import type { Program } from './bpmn/program.ts'
import { accessOf } from './handlers.ts'

interface Place {
  tenantId: string | null
  applicationId: string | null
}

const grantsFor = (actor: Actor, roles: readonly string[], { tenantId, applicationId }: Place): Actor['grants'] =>
  actor.grants.filter(
    (grant) =>
      roles.includes(grant.role) &&
      (grant.tenantId === null || grant.tenantId === tenantId) &&
      (grant.applicationId === null || applicationId === null || grant.applicationId === applicationId),
  )

/** Does one of the actor's grants carry one of these roles here? A role without bureau reaches everywhere. */
export const holdsRole = (actor: Actor, roles: readonly string[], place: Place): boolean => grantsFor(actor, roles, place).length > 0

/** On whose behalf the actor acts where only a lent role allows it; null where an own role does. */
export function lenderFor(actor: Actor, roles: readonly string[], place: Place): { personId: string; name: string } | null {
  const grants = grantsFor(actor, roles, place)
  return grants.every((grant) => grant.lentBy) ? (grants[0]?.lentBy ?? null) : null
}

export const mayAct = (actor: Actor, task: Pick<TaskRow, 'assignee' | 'roles'>, place: Place): boolean =>
  actor.kind === 'system' ||
  (actor.personId !== null && (task.assignee === null ? holdsRole(actor, task.roles, place) : task.assignee === actor.personId))

/** Who the step belongs to, in words of the reader's language. */
export function doersOf(
  ctx: Pick<Ctx, 'locale'>,
  task: { assignee: string | null; roles: readonly string[] },
  assigneeName: string | null,
): string {
  if (task.assignee !== null) return assigneeName ?? task.assignee
  const table: Readonly<Record<string, { zh: string; en: string }>> = ROLES
  return task.roles
    .map((role) => (ctx.locale === 'en-US' ? table[role]?.en : table[role]?.zh) ?? role)
    .join(ctx.locale === 'en-US' ? ', ' : '、')
}

/** The step of `notBy` that this person did, if any: nobody reviews their own work (section 2.3). */
export function doneBefore(
  program: Program,
  tasks: Iterable<TaskRow>,
  instance: Pick<InstanceRow, 'starter'>,
  node: string,
  personId: string | null,
): string | null {
  const step = program.nodes.get(node)
  if (step?.kind !== 'user' || personId === null) return null
  if (step.notBy.includes('starter') && instance.starter === personId) return 'starter'
  for (const task of tasks) {
    if (task.status === 'DONE' && !task.superseded && task.doneBy === personId && step.notBy.includes(task.node)) {
      return program.nodes.get(task.node)?.name ?? task.node
    }
  }
  return null
}

/** @throws notYours, fourEyes; notFound to those who may not even see it */
export function requireDoer(ctx: Ctx, run: Run, task: TaskRow, assigneeName: string | null): void {
  const { actor } = ctx
  if (actor.kind === 'system') return
  const instance = run.instanceOf(task)
  if (!mayAct(actor, task, instance)) {
    const isPart = instance.starter === actor.personId || [...run.tasks.values()].some((one) => one.doneBy === actor.personId)
    // another bureau must not learn that the task exists, let alone whose it is
    if (!isPart && !reaches(scopeOf(actor, 'process.instance.read', 'R', 'r'), instance)) fail(commonProblems.notFound)
    fail(processProblems.notYours, { who: doersOf(ctx, task, assigneeName) })
  }
  const step = doneBefore(run.programOf(task), run.tasks.values(), instance, task.node, actor.personId)
  if (step !== null && task.kind !== 'ADDED') fail(processProblems.fourEyes, { step })
}

/** Participants, holders of the read right for its bureau, and whoever the module behind the business object lets see it. */
export async function maySeeInstance(
  ctx: Ctx,
  instance: Place & { processKey: string; businessKey: string; starter: string | null },
  tasks: Iterable<Pick<TaskRow, 'assignee' | 'doneBy' | 'roles'>>,
): Promise<boolean> {
  const { actor } = ctx
  if (actor.kind === 'system') return true
  if (actor.personId === null) return false
  if (instance.starter === actor.personId) return true
  for (const task of tasks) {
    if (task.assignee === actor.personId || task.doneBy === actor.personId || holdsRole(actor, task.roles, instance)) return true
  }
  const rule = accessOf(instance.processKey)
  if (rule) return rule(ctx, instance.businessKey)
  return actorCan(actor, 'process.instance.read', 'r') && reaches(scopeOf(actor, 'process.instance.read', 'R', 'r'), instance)
}
