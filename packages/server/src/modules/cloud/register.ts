import { openstackSettings, simulatorSettings } from '@changbai/contract/cloud.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { RowChange } from '../../platform/db.ts'
import { MAX_REBUILDS, MAX_SETBACKS, mayAsk, needsOf, pauseSeconds } from './cloud.domain.ts'
import { type ConnectionRow, connectionById, lockResource, type ResourceRow, resourcesByKey, updateResource } from './cloud.store.ts'
import type { Asking, Driver, Outcome, Want } from './driver.ts'
import { manualDriver } from './manual.ts'
import { openstackDriver } from './openstack/driver.ts'
import { simulateEnsure, simulateRemove } from './simulator/simulator.ts'

export const SECRET_PURPOSE = 'cloud.connection'
export const WANT_SECRET_PURPOSE = 'cloud.want'

/** One call as planned in a transaction: all it needs, so that it is made without the database. */
export interface PlannedCall {
  op: 'ensure' | 'remove'
  asking: Asking
  /** Only the answer to the latest attempt counts. */
  fence: number
  connection: LiveConnection
}

/** A connection ready for use: its secret is open, so it lives in memory only. */
export interface LiveConnection {
  id: string
  driver: ConnectionRow['driver']
  settings: Record<string, unknown>
  secret: string
}

/** Why nothing is asked now. */
export type Held = { held: 'busy' | 'later' | 'needs' | 'settled'; untilAt: Temporal.Instant | null }

const settleSecondsOf = (connection: ConnectionRow): number =>
  connection.driver === 'openstack' ? openstackSettings.parse(connection.settings).settleSeconds : 0
/** A call ends by its own limits well before its lease does. */
const leaseSecondsOf = (connection: ConnectionRow): number =>
  connection.driver === 'openstack' ? Math.ceil(openstackSettings.parse(connection.settings).callSeconds * 3) + 5 : 30
/** How long a thing may stay in building. @clause 4.3-1a */
const buildSecondsOf = (ctx: Ctx): number => Temporal.Duration.from(ctx.plan.duration('provisioning.buildTimeout')).total('seconds')

const sealedOf = (want: Want): string | null => (want.kind === 'user' || want.kind === 'server' ? want.sealed || null : null)

/**
 * Plans the next call for one resource and writes down that it is being made. The row is leased: one writer a key, in every process.
 * A crash after this leaves `asked_at`, and the next attempt looks before it asks.
 */
export async function planCall(ctx: Ctx, key: string, op: PlannedCall['op']): Promise<PlannedCall | Held> {
  const row = await lockResource(ctx.db, key)
  if (!row) throw new Error(`no intent with key ${key}`)
  const connection = await connectionById(ctx.db, row.connection_id)
  if (!connection) throw new Error(`resource ${key} names an unknown connection`)
  const removing = op === 'remove' || row.rebuilding
  if (removing ? row.state === 'ABSENT' : row.state === 'PRESENT' || row.state === 'FAILED') return { held: 'settled', untilAt: null }
  if (row.leased_until && Temporal.Instant.compare(row.leased_until, ctx.now) > 0) return { held: 'busy', untilAt: row.leased_until }
  if (row.look_after && Temporal.Instant.compare(row.look_after, ctx.now) > 0) return { held: 'later', untilAt: row.look_after }

  const { ids, complete } = await idsFor(ctx, row)
  if (!removing && !complete) return { held: 'needs', untilAt: null }
  const settle = settleSecondsOf(connection) + leaseSecondsOf(connection)
  const free = mayAsk({ askedAt: row.asked_at?.epochMilliseconds ?? null }, ctx.now.epochMilliseconds, settle)
  await updateResource(ctx.db, key, {
    state: removing ? 'REMOVING' : row.state === 'BUILDING' ? 'BUILDING' : 'ASKED',
    attempts: row.attempts + 1,
    leased_until: ctx.now.add({ seconds: leaseSecondsOf(connection) }),
    asked_at: free && !removing ? ctx.now : row.asked_at,
  })
  const sealed = sealedOf(row.want)
  return {
    op: removing ? 'remove' : 'ensure',
    fence: row.attempts + 1,
    asking: {
      key,
      want: row.want,
      externalId: row.external_id,
      mayAsk: free,
      ids,
      secret: sealed ? ctx.crypto.open(WANT_SECRET_PURPOSE, sealed) : null,
      at: ctx.now,
    },
    connection: openConnection(ctx, connection),
  }
}

export const openConnection = (ctx: Ctx, row: ConnectionRow): LiveConnection => ({
  id: row.id,
  driver: row.driver,
  settings: row.settings,
  secret: row.sealed_secret ? ctx.crypto.open(SECRET_PURPOSE, row.sealed_secret) : '',
})

/** The cloud's ids of all that the want names, and whether all of it is there. Removing needs only what is known. */
async function idsFor(ctx: Ctx, row: ResourceRow): Promise<{ ids: Record<string, string>; complete: boolean }> {
  const needs = needsOf(row.want)
  const rows = await resourcesByKey(ctx.db, needs)
  const ids: Record<string, string> = {}
  for (const one of rows) if (one.external_id) ids[one.key] = one.external_id
  return { ids, complete: needs.every((key) => rows.some((one) => one.key === key && one.state === 'PRESENT')) }
}

/** @param at the product's clock; the driver reads none */
export function driverOf(connection: LiveConnection, at: Temporal.Instant): Driver {
  if (connection.driver === 'openstack') return openstackDriver(openstackSettings.parse(connection.settings), connection.secret, at)
  return manualDriver
}

/** Makes the call, without the database. The simulator is in the database, so its turn is in {@link settleCall}: null until then. */
export async function makeCall(call: PlannedCall, signal: AbortSignal): Promise<Outcome | null> {
  if (call.connection.driver === 'simulator') return null
  const driver = driverOf(call.connection, call.asking.at)
  return call.op === 'ensure' ? driver.ensure(call.asking, signal) : driver.remove(call.asking, signal)
}

/**
 * Writes down what came of a call. An answer to an attempt that has been overtaken is dropped: the later attempt looks for itself.
 * @returns the resource as it now stands
 */
export async function settleCall(ctx: Ctx, call: PlannedCall, answer: Outcome | null): Promise<ResourceRow> {
  const { key } = call.asking
  const row = await lockResource(ctx.db, key)
  if (!row) throw new Error(`no intent with key ${key}`)
  if (row.attempts !== call.fence) return row
  const outcome = answer ?? (await simulate(ctx, call))
  const change = await changeFor(ctx, row, call, outcome)
  await updateResource(ctx.db, key, { leased_until: null, ...change })
  return (await lockResource(ctx.db, key)) as ResourceRow
}

async function simulate(ctx: Ctx, call: PlannedCall): Promise<Outcome> {
  const cloud = { connectionId: call.connection.id, settings: simulatorSettings.parse(call.connection.settings) }
  return call.op === 'ensure' ? simulateEnsure(ctx.db, cloud, call.asking) : simulateRemove(ctx.db, cloud, call.asking)
}

type Change = RowChange<'cloud_resource'>

async function changeFor(ctx: Ctx, row: ResourceRow, call: PlannedCall, outcome: Outcome): Promise<Change> {
  const later = (seconds: number) => ctx.now.add({ milliseconds: Math.round(seconds * 1000) })
  const asksAgain: Change = row.rebuilding || call.op === 'remove' ? { state: 'REMOVING' } : { state: 'UNKNOWN' }
  switch (outcome.is) {
    case 'present':
      return {
        state: 'PRESENT',
        external_id: outcome.externalId,
        facts: JSON.stringify(outcome.facts),
        adopted: row.adopted || outcome.adopted,
        asked_at: null,
        look_after: null,
        building_since: null,
        setbacks: 0,
        settled_at: ctx.now,
        error_kind: null,
        last_error: null,
      }
    case 'building':
      return building(ctx, row, call, outcome)
    case 'absent':
      return {
        // a thing that is to be made again starts over; otherwise it is gone
        state: row.rebuilding ? 'INTENDED' : 'ABSENT',
        rebuilding: false,
        external_id: null,
        facts: '{}',
        asked_at: null,
        look_after: null,
        building_since: null,
        setbacks: 0,
        settled_at: ctx.now,
      }
    case 'failed':
      return failed(row, outcome.externalId, outcome.message, outcome.again)
    case 'quota':
    case 'refused':
      return call.op === 'remove'
        ? { ...setback(row, later, outcome.message), ...asksAgain }
        : {
            state: 'FAILED',
            ...unasked(call),
            error_kind: outcome.is,
            last_error: outcome.message,
            settled_at: ctx.now,
          }
    case 'throttled':
      return { ...setback(row, later, outcome.message), ...asksAgain, ...unasked(call), look_after: later(outcome.afterSeconds) }
    case 'unreachable':
      return { ...setback(row, later, outcome.message), ...asksAgain, ...unasked(call), ...givenUp(row) }
    case 'unknown':
      return { ...setback(row, later, outcome.message), ...asksAgain, ...givenUp(row) }
  }
}

/** Nothing was sent by this attempt: it leaves no doubt behind. A doubt left by an earlier one stays. */
const unasked = (call: PlannedCall): Change => (call.asking.mayAsk ? { asked_at: null } : {})

const setback = (row: ResourceRow, later: (seconds: number) => Temporal.Instant, message: string): Change => ({
  setbacks: row.setbacks + 1,
  look_after: later(pauseSeconds(row.setbacks + 1)),
  last_error: message,
})

const givenUp = (row: ResourceRow): Change => (row.setbacks + 1 >= MAX_SETBACKS ? { state: 'FAILED', error_kind: 'unreachable' } : {})

function building(ctx: Ctx, row: ResourceRow, call: PlannedCall, outcome: Outcome & { is: 'building' }): Change {
  const since = row.building_since ?? ctx.now
  const removing = call.op === 'remove'
  if (!removing && ctx.now.since(since).total('seconds') > buildSecondsOf(ctx))
    return failed(row, outcome.externalId, `not ready within ${buildSecondsOf(ctx)} s (${outcome.detail})`, true)
  return {
    state: removing ? 'REMOVING' : 'BUILDING',
    external_id: outcome.externalId,
    adopted: row.adopted || (!removing && outcome.adopted),
    asked_at: null,
    building_since: since,
    look_after: ctx.now.add({ seconds: 2 }),
  }
}

function failed(row: ResourceRow, externalId: string, message: string, again: boolean): Change {
  const rebuild = again && row.rebuilds < MAX_REBUILDS
  return {
    state: rebuild ? 'REMOVING' : 'FAILED',
    rebuilding: rebuild,
    rebuilds: rebuild ? row.rebuilds + 1 : row.rebuilds,
    external_id: externalId,
    asked_at: null,
    building_since: null,
    error_kind: 'failed',
    last_error: message,
  }
}
