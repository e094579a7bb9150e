import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { compareOne, readingToJoin } from '../inventory/index.ts'
import { activeConnection } from './cloud.store.ts'
import { type NotifiedThing, notifiedThings } from './notification.domain.ts'
import { readOneOfOpenstack } from './openstack/driver.ts'
import { keptOf } from './reading.jobs.ts'
import type { ReadThing } from './reading.ts'
import { openConnection } from './register.ts'
import { readOneSimulated } from './simulator/simulator-read.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'cloud.readOne': NotifiedThing
  }
}
const entry = { actor: systemActor('cloud') }
const CALL_MILLISECONDS = 60_000

/**
 * A notification says that something may have happened to one thing: that one thing is read again, soon. Told of the same thing several times before
 * it is read, it is read once. @returns how many things will be read
 */
export async function takeNotifications(ctx: Ctx, body: unknown): Promise<number> {
  const things = notifiedThings(body)
  const row = things.length > 0 ? await activeConnection(ctx.db) : undefined
  if (!row || row.driver === 'manual') return 0
  for (const thing of things) await ctx.enqueue('cloud.readOne', thing, { key: `${thing.kind}:${thing.externalId}` })
  return things.length
}

/**
 * Reads one thing of the cloud in force and compares it with the records, as a whole reading would. A cloud that was never read as a whole is left
 * to that first reading.
 */
export async function readOne({ door }: Runtime, { kind, externalId }: NotifiedThing, signal: AbortSignal): Promise<void> {
  const opened = await door.enter(entry, async (ctx) => {
    const row = await activeConnection(ctx.db)
    if (!row || row.driver === 'manual') return null
    const reading = await readingToJoin(ctx, row.id)
    if (!reading) {
      await ctx.enqueue('cloud.readAll', { cause: 'DEMAND' })
      return null
    }
    const simulated = row.driver === 'simulator' ? await readOneSimulated(ctx.db, row.id, kind, externalId, ctx.now) : undefined
    return { reading: { ...reading, startedAt: ctx.now }, connection: openConnection(ctx, row), simulated }
  })
  if (!opened) return
  const { reading, connection } = opened
  const thing: ReadThing | null =
    opened.simulated !== undefined
      ? opened.simulated
      : await readOneOfOpenstack(
          connection.settings,
          connection.secret,
          reading.startedAt,
          { kind, externalId },
          AbortSignal.any([signal, AbortSignal.timeout(CALL_MILLISECONDS)]),
        )
  await door.enter(entry, async (ctx) => {
    const [kept] = thing ? await keptOf(ctx, connection.id, kind, [thing]) : []
    await compareOne(ctx, reading, kind, externalId, kept ?? null)
  })
}
