import type { Ctx } from '../../platform/ctx.ts'
import {
  type Action,
  actProgress,
  connectionById,
  keysWithServer,
  makeAct,
  makeCall,
  type OperationRow,
  operationsByKey,
  type PlannedAct,
  type PlannedCall,
  planCall,
  planNextAct,
  resourceByExternalId,
  resourcesByKey,
  settleAct,
  settleCall,
  type TargetKind,
  writeOperation,
} from '../cloud/index.ts'
import type { Reclaimable } from '../inventory/index.ts'
import { BpmnError, LookAgain } from '../process/index.ts'

/** Things done in the cloud one after the other: operations on what exists, then what the register takes down. */
export interface Wish {
  operations: { suffix: string; target: { kind: TargetKind; externalId: string }; action: Action }[]
  /** Keys of the register to be removed, in this order. */
  remove: string[]
}
/** One step of it, ready to be made without the database; `manual`: people have to do it, and why. */
export interface Step {
  keys: string[]
  remove: string[]
  act: PlannedAct | null
  call: PlannedCall | null
  manual: string | null
}
export interface Answered {
  step: Step
  act: Awaited<ReturnType<typeof makeAct>>
  call: Awaited<ReturnType<typeof makeCall>>
}
/** Under a lease shorter than the engine's: see the cloud's own call limits. */
export const LEASE_SECONDS = 150
const LOOK_SECONDS = 3

const byHand = (reason: string): Step => ({ keys: [], remove: [], act: null, call: null, manual: reason })

/** Where a thing stands in a cloud a program may act on; null: people do it. */
export async function placeOfThing(
  ctx: Ctx,
  item: Reclaimable,
): Promise<{ connectionId: string; externalId: string; driver: string } | null> {
  if (item.kind === 'baremetal' || !item.connectionId || !item.externalId) return null
  const connection = await connectionById(ctx.db, item.connectionId)
  if (!connection || connection.driver === 'manual') return null
  return { connectionId: item.connectionId, externalId: item.externalId, driver: connection.driver }
}

/** What goes with a thing when it is deleted, and where it counts. A system disk stays as long as the backup that hangs on it. */
export async function removalOf(
  ctx: Ctx,
  connectionId: string,
  externalId: string,
): Promise<{ keys: string[]; rootVolume: string | null; projectId: string | null }> {
  const row = await resourceByExternalId(ctx.db, connectionId, externalId)
  if (!row) return { keys: [], rootVolume: null, projectId: null }
  const [project] = 'project' in row.want ? await resourcesByKey(ctx.db, [row.want.project]) : []
  return {
    keys: await keysWithServer(ctx.db, row),
    rootVolume: row.want.kind === 'server' ? row.want.rootVolume : null,
    projectId: project?.external_id ?? null,
  }
}

/**
 * The next step of a wish. The intent of each operation is written before the cloud is asked; one that failed before stays failed and becomes work
 * for people.
 */
export async function planStep(
  ctx: Ctx,
  owner: { id: string },
  connectionId: string | null,
  wish: Wish | null,
  manual = '',
): Promise<Step> {
  if (!connectionId || !wish) return byHand(manual)
  const keys = wish.operations.map(({ suffix }) => `rc-${owner.id}-${suffix}`)
  const known = new Set((await operationsByKey(ctx.db, keys)).map((row) => row.key))
  for (const [index, { target, action }] of wish.operations.entries()) {
    const key = keys[index] as string
    if (!known.has(key))
      await writeOperation(ctx.db, { connectionId, key, target, action, ownerType: 'reclaim', ownerId: owner.id }, ctx.now)
  }
  const { progress, failed } = await actProgress(ctx, keys)
  if (progress === 'failed') return byHand(reasonOf(failed))
  const step: Step = { keys, remove: wish.remove, act: null, call: null, manual: null }
  if (progress !== 'done') return { ...step, act: await planNextAct(ctx, keys) }
  for (const row of await inOrder(ctx, wish.remove)) {
    if (row.state === 'ABSENT') continue
    const planned = await planCall(ctx, row.key, 'remove')
    return { ...step, call: 'asking' in planned ? planned : null }
  }
  return step
}

const inOrder = async (ctx: Ctx, keys: readonly string[]) => {
  const rows = await resourcesByKey(ctx.db, keys)
  return keys.flatMap((key) => rows.find((row) => row.key === key) ?? [])
}
const reasonOf = (failed: OperationRow | null): string => failed?.last_error ?? failed?.error_kind ?? 'failed'

/** Between the transactions. @throws BpmnError where people have to do it: it leaves by the step's error event */
export async function makeStep(step: Step, signal: AbortSignal): Promise<Answered> {
  if (step.manual !== null) throw new BpmnError('MANUAL', step.manual)
  return { step, act: step.act ? await makeAct(step.act, signal) : null, call: step.call ? await makeCall(step.call, signal) : null }
}

/** Writes down what the cloud said. @returns the operations when all is done, or when to look again */
export async function settleStep(ctx: Ctx, { step, act, call }: Answered): Promise<OperationRow[] | LookAgain> {
  if (step.act) await settleAct(ctx, step.act, act)
  if (step.call) await settleCall(ctx, step.call, call)
  const { progress } = await actProgress(ctx, step.keys)
  if (progress === 'wait') return new LookAgain(LOOK_SECONDS)
  // one that failed for good is told people by the next turn
  if (progress !== 'done') return new LookAgain(0)
  const open = (await inOrder(ctx, step.remove)).filter((row) => row.state !== 'ABSENT')
  if (open.length === 0) return operationsByKey(ctx.db, step.keys)
  const [next] = open
  const waits = [next?.leased_until, next?.look_after].some((at) => at && Temporal.Instant.compare(at, ctx.now) > 0)
  return new LookAgain(waits ? LOOK_SECONDS : 0)
}
