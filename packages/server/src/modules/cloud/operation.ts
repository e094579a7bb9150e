import { openstackSettings, simulatorSettings } from '@changbai/contract/cloud.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { RowChange } from '../../platform/db.ts'
import type { Acting, ActOutcome } from './action.ts'
import { MAX_SETBACKS, mayAsk, pauseSeconds } from './cloud.domain.ts'
import { type ConnectionRow, connectionById } from './cloud.store.ts'
import { lockOperation, type OperationRow, operationsByKey, updateOperation } from './operation.store.ts'
import { driverOf, type Held, type LiveConnection, openConnection } from './register.ts'
import { simulateAct } from './simulator/simulator-act.ts'

/** One step of an operation as planned in a transaction: all it needs, so that it is made without the database. */
export interface PlannedAct {
  acting: Acting
  /** Only the answer to the latest attempt counts. */
  fence: number
  connection: LiveConnection
}
export interface ActAnswer {
  act: PlannedAct
  outcome: ActOutcome | null
}

const leaseSecondsOf = (connection: ConnectionRow): number =>
  connection.driver === 'openstack' ? Math.ceil(openstackSettings.parse(connection.settings).callSeconds * 3) + 5 : 30
const settleSecondsOf = (connection: ConnectionRow): number =>
  connection.driver === 'openstack' ? openstackSettings.parse(connection.settings).settleSeconds : 0
/** How long a target may be at it: images and snapshots of large disks take their time. */
const workSecondsOf = (ctx: Ctx): number => Temporal.Duration.from(ctx.plan.duration('provisioning.operationTimeout')).total('seconds')

/** Plans the next step of one operation and writes down that it is being made. The row is leased: one writer a key, in every process. */
export async function planAct(ctx: Ctx, key: string): Promise<PlannedAct | Held> {
  const row = await lockOperation(ctx.db, key)
  if (!row) throw new Error(`no operation with key ${key}`)
  const connection = await connectionById(ctx.db, row.connection_id)
  if (!connection) throw new Error(`operation ${key} names an unknown connection`)
  if (row.state === 'DONE' || row.state === 'FAILED') return { held: 'settled', untilAt: null }
  if (row.leased_until && Temporal.Instant.compare(row.leased_until, ctx.now) > 0) return { held: 'busy', untilAt: row.leased_until }
  if (row.look_after && Temporal.Instant.compare(row.look_after, ctx.now) > 0) return { held: 'later', untilAt: row.look_after }
  const settle = settleSecondsOf(connection) + leaseSecondsOf(connection)
  const free = mayAsk({ askedAt: row.asked_at?.epochMilliseconds ?? null }, ctx.now.epochMilliseconds, settle)
  await updateOperation(ctx.db, key, {
    state: row.state === 'WORKING' ? 'WORKING' : 'ASKED',
    attempts: row.attempts + 1,
    leased_until: ctx.now.add({ seconds: leaseSecondsOf(connection) }),
    asked_at: free ? ctx.now : row.asked_at,
  })
  return {
    fence: row.attempts + 1,
    acting: {
      key,
      kind: row.target_kind,
      externalId: row.target_external_id,
      projectId: row.project_external_id,
      action: row.action,
      accepted: row.state === 'WORKING',
      mayAsk: free,
      intendedAt: row.created_at,
      at: ctx.now,
    },
    connection: openConnection(ctx, connection),
  }
}

/** Makes the step, without the database. The simulator is in the database, so its turn is in {@link settleAct}: null until then. */
export async function makeAct(act: PlannedAct, signal: AbortSignal): Promise<ActOutcome | null> {
  return act.connection.driver === 'simulator' ? null : driverOf(act.connection, act.acting.at).act(act.acting, signal)
}

/** Writes down what came of a step. An answer to an attempt that has been overtaken is dropped: the later attempt looks for itself. */
export async function settleAct(ctx: Ctx, { acting, fence, connection }: PlannedAct, answer: ActOutcome | null): Promise<OperationRow> {
  const row = await lockOperation(ctx.db, acting.key)
  if (!row) throw new Error(`no operation with key ${acting.key}`)
  if (row.attempts !== fence) return row
  const outcome =
    answer ?? (await simulateAct(ctx.db, { connectionId: connection.id, settings: simulatorSettings.parse(connection.settings) }, acting))
  await updateOperation(ctx.db, acting.key, { leased_until: null, ...changeFor(ctx, row, acting, outcome) })
  return (await lockOperation(ctx.db, acting.key)) as OperationRow
}

type Change = RowChange<'cloud_operation'>
/** A server that is stopped or resized is looked at again after this long, seconds. */
const LOOK_SECONDS = 2

function changeFor(ctx: Ctx, row: OperationRow, acting: Acting, outcome: ActOutcome): Change {
  const later = (seconds: number) => ctx.now.add({ milliseconds: Math.round(seconds * 1000) })
  const ended = (kind: NonNullable<OperationRow['error_kind']>, message: string): Change => ({
    state: 'FAILED',
    error_kind: kind,
    last_error: message.slice(0, 1000),
    asked_at: null,
    working_since: null,
    settled_at: ctx.now,
  })
  // nothing was sent by this attempt: it leaves no doubt behind, a doubt left by an earlier one stays
  const unasked: Change = acting.mayAsk ? { asked_at: null } : {}
  const setback = (message: string, kind: 'busy' | 'unreachable'): Change =>
    row.setbacks + 1 >= MAX_SETBACKS
      ? ended(kind, message)
      : {
          state: row.state === 'WORKING' ? 'WORKING' : 'UNKNOWN',
          setbacks: row.setbacks + 1,
          look_after: later(pauseSeconds(row.setbacks + 1)),
          last_error: message.slice(0, 1000),
        }
  switch (outcome.is) {
    case 'done':
      return {
        state: 'DONE',
        facts: JSON.stringify(outcome.facts),
        asked_at: null,
        look_after: null,
        working_since: null,
        setbacks: 0,
        settled_at: ctx.now,
        error_kind: null,
        last_error: null,
      }
    case 'working': {
      const since = row.working_since ?? ctx.now
      const limit = workSecondsOf(ctx)
      if (ctx.now.since(since).total('seconds') > limit) return ended('failed', `not done within ${limit} s (${outcome.detail})`)
      return { state: 'WORKING', working_since: since, asked_at: null, look_after: later(LOOK_SECONDS), last_error: null }
    }
    case 'gone':
    case 'failed':
    case 'quota':
      return ended(outcome.is, outcome.message)
    case 'refused':
      return ended('refused', outcome.message)
    case 'busy':
      return { ...setback(outcome.message, 'busy'), ...unasked }
    case 'throttled':
      return { ...setback(outcome.message, 'unreachable'), ...unasked, look_after: later(outcome.afterSeconds) }
    case 'unreachable':
      return { ...setback(outcome.message, 'unreachable'), ...unasked }
    case 'unknown':
      return setback(outcome.message, 'unreachable')
  }
}

/** How far a list of operations is that are done one after the other; the first that fails ends it. */
export interface ActProgress {
  progress: 'more' | 'wait' | 'done' | 'failed'
  failed: OperationRow | null
}

/** The next step of operations done in this order: a later one is not begun before those before it are done. */
export async function planNextAct(ctx: Ctx, keys: readonly string[]): Promise<PlannedAct | null> {
  for (const row of await operationsByKey(ctx.db, keys)) {
    if (row.state === 'DONE') continue
    if (row.state === 'FAILED') return null
    const planned = await planAct(ctx, row.key)
    return 'acting' in planned ? planned : null
  }
  return null
}

export async function actProgress(ctx: Ctx, keys: readonly string[]): Promise<ActProgress> {
  const rows = await operationsByKey(ctx.db, keys)
  const failed = rows.find((row) => row.state === 'FAILED') ?? null
  if (failed) return { progress: 'failed', failed }
  const next = rows.find((row) => row.state !== 'DONE')
  if (!next) return { progress: 'done', failed: null }
  const waits = [next.leased_until, next.look_after].some((at) => at !== null && Temporal.Instant.compare(at, ctx.now) > 0)
  return { progress: waits ? 'wait' : 'more', failed: null }
}
