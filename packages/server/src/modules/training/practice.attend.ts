import type { Ctx } from '../../platform/ctx.ts'
import { judge, type PracticeFact } from './practice.domain.ts'
import * as store from './practice.store.ts'

/** Making or emptying a sandbox takes seconds; whoever died over it is taken over from after this. */
const HOLD_SECONDS = 90

/** Runs somebody has to look after: to be prepared, under way, to be emptied. */
export const runsToAttend = (ctx: Ctx): Promise<store.RunRow[]> => store.activeRuns(ctx.db)

/** The run that lets a person into the practice world: their own, or one they joined. */
export const activeRunOf = async (ctx: Ctx, personId: string): Promise<boolean> =>
  ((await store.openRunOf(ctx.db, personId)) ?? (await store.joinedRunOf(ctx.db, personId)))?.state === 'RUNNING'

/** Takes a run for making or emptying its sandbox. @returns null where another process has it, or it has moved on */
export async function holdRun(ctx: Ctx, seen: store.RunRow): Promise<store.RunRow | null> {
  const row = await store.lockRun(ctx.db, seen.id)
  if (!row || row.state !== seen.state || row.attempt !== seen.attempt) return null
  if (row.held_until && Temporal.Instant.compare(row.held_until, ctx.now) > 0) return null
  return store.updateRun(ctx.db, row.id, { held_until: ctx.now.add({ seconds: HOLD_SECONDS }) })
}

/** The clock of the score begins here. A sandbox nobody waits for any more is left over. */
export async function sandboxReady(ctx: Ctx, seen: store.RunRow, sandbox: store.Sandbox): Promise<void> {
  const row = await store.lockRun(ctx.db, seen.id)
  if (!row) return
  if (row.state !== 'PREPARING' || row.attempt !== seen.attempt) {
    await store.updateRun(ctx.db, row.id, { left_over: JSON.stringify([...row.left_over, sandbox]) })
    return
  }
  await store.updateRun(ctx.db, row.id, {
    state: 'RUNNING',
    sandbox: JSON.stringify(sandbox),
    ready_at: ctx.now,
    held_until: null,
  })
}

export async function sandboxLost(ctx: Ctx, seen: store.RunRow, because: string): Promise<void> {
  const row = await store.lockRun(ctx.db, seen.id)
  if (!row || row.attempt !== seen.attempt || (row.state !== 'PREPARING' && row.state !== 'RUNNING')) return
  await store.updateRun(ctx.db, row.id, { state: 'LOST', lost_because: because.slice(0, 500), held_until: null })
  await ctx.record({
    kind: 'practice.lost',
    subject: { type: 'practice', id: row.id },
    tenantId: row.bureau_id,
    data: { because: because.slice(0, 500) },
  })
}

/** Nothing is left of the sandboxes that were there when the run was held. */
export async function sandboxCleared(ctx: Ctx, seen: store.RunRow): Promise<void> {
  const row = await store.lockRun(ctx.db, seen.id)
  if (!row) return
  const gone = new Set(seen.left_over.map(({ tenantId }) => tenantId))
  await store.updateRun(ctx.db, row.id, {
    left_over: JSON.stringify(row.left_over.filter(({ tenantId }) => !gone.has(tenantId))),
    held_until: null,
    ...(row.state === 'CLEARING' ? { state: 'DONE' as const, sandbox: JSON.stringify(null) } : {}),
  })
}

/** Writes down how far a run is, from all facts of its sandbox; nothing is written where nothing has moved. */
export async function noteProgress(ctx: Ctx, seen: store.RunRow, facts: readonly PracticeFact[]): Promise<void> {
  const row = await store.lockRun(ctx.db, seen.id)
  if (row?.state !== 'RUNNING' || row.attempt !== seen.attempt) return
  // a step is judged by its paper as it was handed in: what is corrected later is the next step's merit
  const progress = judge(row.scenario, facts, row.hints).map(
    (now) => row.progress.find(({ key, doneAt }) => key === now.key && doneAt) ?? now,
  )
  if (JSON.stringify(progress) !== JSON.stringify(row.progress))
    await store.updateRun(ctx.db, row.id, { progress: JSON.stringify(progress) })
}
