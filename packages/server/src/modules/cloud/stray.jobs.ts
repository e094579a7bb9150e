import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { type ConnectionRow, lockResource, resourcesByKey, updateResource } from './cloud.store.ts'
import type { Found } from './driver.ts'
import { driverOf, type LiveConnection, makeCall, openConnection, planCall, settleCall } from './register.ts'
import { mayRemove, verdictOn } from './stray.domain.ts'
import { openStrays, projectsOf, type StrayRow, sawStray, strayGone, strayStayed, usedConnections } from './stray.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'cloud.findStrays': Record<string, never>
  }
  interface Events {
    /** New ones only: who is told once is not told every hour. */
    'cloud.strays-found': {
      connectionId: string
      cloud: string
      strays: readonly { kind: string; key: string; externalId: string; verdict: string }[]
    }
  }
}

const entry = { actor: systemActor('cloud') }
/** Reading all projects of a cloud. */
const LOOK_MILLISECONDS = 120_000

interface Place {
  row: ConnectionRow
  connection: LiveConnection
  projectIds: string[]
  at: Temporal.Instant
}

/**
 * Looks through every cloud we made something in for servers and volumes that carry our key and should not be there. First they are told of;
 * at a later look those that the register says were removed are taken down. What it does not know, or holds twice, is for people.
 */
export async function findStrays(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const { door, log } = runtime
  const places = await door.enter({ ...entry, readOnly: true }, async (ctx) => {
    const found: Place[] = []
    for (const row of await usedConnections(ctx.db))
      found.push({ row, connection: openConnection(ctx, row), projectIds: await projectsOf(ctx.db, row.id), at: ctx.now })
    return found
  })
  for (const place of places) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MILLISECONDS)])
      const found = await driverOf(place.connection, place.at).list(place.projectIds, limit)
      const removable = await door.enter(entry, (ctx) => judge(ctx, place, found))
      for (const stray of removable) await removeStray(runtime, stray, signal)
    } catch (error) {
      // a cloud that does not answer is looked at again at the next turn, and its own check says so
      log.warn({ err: error, connection: place.row.name }, 'strays could not be looked for')
    }
  }
}

/** Writes down what was seen. @returns those that may be taken down now */
async function judge(ctx: Ctx, { row }: Place, found: readonly Found[]): Promise<StrayRow[]> {
  const registered = new Map((await resourcesByKey(ctx.db, [...new Set(found.map((one) => one.key))])).map((one) => [one.key, one]))
  const before = await openStrays(ctx.db, row.id)
  const told: { kind: string; key: string; externalId: string; verdict: string }[] = []
  for (const { key, externalId, kind } of found) {
    const known = registered.get(key)
    const verdict = verdictOn({ key, externalId }, known && { key, state: known.state, externalId: known.external_id })
    if (verdict === null || (kind !== 'server' && kind !== 'volume')) continue
    if (await sawStray(ctx.db, { connection_id: row.id, external_id: externalId, kind, key, verdict }, ctx.now))
      told.push({ kind, key, externalId, verdict })
  }
  for (const stray of before)
    if (!found.some((one) => one.externalId === stray.external_id)) await strayGone(ctx.db, stray, stray.removed_by_us, ctx.now)
  if (told.length > 0) {
    await ctx.record({ kind: 'cloud-strays.found', subject: { type: 'cloud-connection', id: row.id }, after: { strays: told } })
    await ctx.publish('cloud.strays-found', { connectionId: row.id, cloud: row.name, strays: told })
  }
  const graceSeconds = Temporal.Duration.from(ctx.plan.duration('provisioning.strayGrace')).total('seconds')
  return (await openStrays(ctx.db, row.id)).filter((stray) => {
    const state = registered.get(stray.key)?.state
    const seen = ctx.now.since(stray.first_seen_at).total('seconds')
    return state === 'REMOVING' ? stray.verdict === 'REMOVED' : state === 'ABSENT' && mayRemove(stray.verdict, seen, graceSeconds)
  })
}

/** By the register's own way: leased, so that nobody asks for the thing meanwhile. What is still going down is gone at the next look. */
async function removeStray({ door }: Runtime, stray: StrayRow, signal: AbortSignal): Promise<void> {
  const call = await door.enter(entry, async (ctx) => {
    const row = await lockResource(ctx.db, stray.key)
    if (row?.state !== 'ABSENT' && row?.state !== 'REMOVING') return null
    await updateResource(ctx.db, stray.key, { state: 'REMOVING', external_id: stray.external_id })
    return planCall(ctx, stray.key, 'remove')
  })
  if (!call || !('asking' in call)) return
  const outcome = await makeCall(call, signal)
  await door.enter(entry, async (ctx) => {
    const row = await settleCall(ctx, call, outcome)
    const subject = { type: 'cloud-connection', id: stray.connection_id }
    if (row.state === 'ABSENT') {
      await strayGone(ctx.db, stray, true, ctx.now)
      await ctx.record({
        kind: 'cloud-stray.removed',
        subject,
        before: { kind: stray.kind, key: stray.key, externalId: stray.external_id },
      })
    } else if (outcome && outcome.is !== 'building' && 'message' in outcome) await strayStayed(ctx.db, stray, outcome.message)
  })
}
