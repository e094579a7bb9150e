import { simulatorSettings } from '@changbai/contract/cloud.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type CloudWorld, oneServer, openCloudWorld } from './cloud.fixture.ts'
import { resourcesByKey } from './cloud.store.ts'
import { insertFault } from './simulator/simulator.store.ts'

let world: CloudWorld
beforeAll(async () => {
  world = await openCloudWorld()
})
afterAll(() => world.stop())

/** A simulated cloud without delays, in which the server meets one fault so often. */
async function build(tag: string, remaining: number): Promise<{ state: string; rebuilds: number; error: string | null; seconds: number }> {
  const none = { from: 0, to: 0 }
  const connectionId = await world.connect('simulator', simulatorSettings.parse({ serverSeconds: none, volumeSeconds: none }))
  await world.run((ctx) =>
    insertFault(ctx.db, {
      id: newId(),
      connection_id: connectionId,
      resource: 'server',
      fault: 'stuckBuild',
      remaining,
      created_at: ctx.now,
    }),
  )
  const wants = oneServer(tag)
  await world.intend(connectionId, wants)
  const from = await world.run(async (ctx) => ctx.now)
  await world.drive(wants.map(({ key }) => key))
  const to = await world.run(async (ctx) => ctx.now)
  const [row] = await world.run((ctx) => resourcesByKey(ctx.db, [`${tag}-v`]))
  return { state: row?.state ?? '', rebuilds: row?.rebuilds ?? 0, error: row?.last_error ?? null, seconds: to.since(from).total('seconds') }
}

test('a server that never gets ready is made anew when the plan’s time-out has passed', async () => {
  const built = await build('stuck', 1)
  expect(built).toMatchObject({ state: 'PRESENT', rebuilds: 1 })
  expect(built.seconds).toBeGreaterThan(180)
  expect(built.seconds).toBeLessThan(400)
})

test('after the second time it is for people, in words', async () => {
  const built = await build('hopeless', 9)
  expect(built).toMatchObject({ state: 'FAILED', rebuilds: 2 })
  expect(built.error).toContain('not ready within 180 s')
})
