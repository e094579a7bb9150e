import { simulatorSettings } from '@changbai/contract/cloud.ts'
import { systemActor } from '../../platform/actor.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { activeConnection, type CheckResult, connectionById, updateConnection } from './cloud.store.ts'
import type { CloudView } from './driver.ts'
import { readOne } from './notified.jobs.ts'
import { readCloud } from './reading.jobs.ts'
import { driverOf, openConnection } from './register.ts'
import { simulateLook } from './simulator/simulator.ts'
import { findStrays } from './stray.jobs.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'cloud.lookAtActive': Record<string, never>
  }
}

const entry = { actor: systemActor('cloud') }

/** Reads services, capacity, images and flavours of a cloud and keeps them; what stands in the way is kept too, in words. */
export async function lookAtCloud(runtime: Runtime, connectionId: string, signal: AbortSignal): Promise<void> {
  const { door } = runtime
  const opened = await door.enter({ ...entry, readOnly: true }, async (ctx) => {
    const row = await connectionById(ctx.db, connectionId)
    return row ? { connection: openConnection(ctx, row), at: ctx.now } : null
  })
  if (!opened) return
  const { connection, at } = opened
  let view: CloudView | null = null
  const problems: string[] = []
  try {
    view =
      connection.driver === 'simulator'
        ? await door.enter({ ...entry, readOnly: true }, (ctx) =>
            simulateLook(ctx.db, { connectionId, settings: simulatorSettings.parse(connection.settings) }),
          )
        : await driverOf(connection, at).look(AbortSignal.any([signal, AbortSignal.timeout(120_000)]))
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
  }
  await door.enter(entry, async (ctx) => {
    const check: CheckResult = { at: ctx.now.toString(), ok: view !== null, services: view?.services ?? [], problems }
    await updateConnection(ctx.db, connectionId, {
      check_result: JSON.stringify(check),
      ...(view
        ? {
            capacity: JSON.stringify(view.capacity),
            images: JSON.stringify(view.images),
            flavors: JSON.stringify(view.flavors),
            viewed_at: ctx.now,
          }
        : {}),
    })
  })
}

export const cloudJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'cloud.look',
    keyed: true,
    retries: 2,
    handler: ({ connectionId }, { signal }) => lookAtCloud(runtime(), connectionId, signal),
  }),
  jobKind({
    name: 'cloud.lookAtActive',
    retries: 0,
    handler: async (_payload, { signal }) => {
      const id = await runtime().door.enter({ ...entry, readOnly: true }, async (ctx) => (await activeConnection(ctx.db))?.id)
      if (id) await lookAtCloud(runtime(), id, signal)
    },
  }),
  jobKind({
    name: 'cloud.readAll',
    retries: 1,
    handler: async (payload, { signal }) => void (await readCloud(runtime(), payload, signal)),
  }),
  jobKind({ name: 'cloud.readOne', keyed: true, retries: 3, handler: (thing, { signal }) => readOne(runtime(), thing, signal) }),
  jobKind({ name: 'cloud.findStrays', retries: 0, handler: (_payload, { signal }) => findStrays(runtime(), signal) }),
]

/** Capacity, images and flavours are at most ten minutes old; strays are looked for and the whole cloud is read once an hour. */
export const cloudCron: CronLine[] = [
  cronLine({ job: 'cloud.lookAtActive', cron: '*/10 * * * *', payload: {} }),
  cronLine({ job: 'cloud.readAll', cron: '40 * * * *', payload: { cause: 'SCHEDULE' } }),
  cronLine({ job: 'cloud.findStrays', cron: '25 * * * *', payload: {} }),
]
