import { openstackSettings } from '@changbai/contract/cloud.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CloudWorld, oneServer, openCloudWorld } from '../cloud.fixture.ts'
import { FakeOpenstack, type Fault } from './fake-openstack.fixture.ts'

let world: CloudWorld
beforeAll(async () => {
  world = await openCloudWorld()
})
afterAll(() => world.stop())

const settingsFor = (cloud: FakeOpenstack) =>
  openstackSettings.parse({
    authUrl: `${cloud.url}/v3`,
    userName: 'admin',
    projectName: 'admin',
    externalNetworkName: 'public',
    callSeconds: 0.2,
    settleSeconds: 75,
  })

/** How many of each there must be in the end: one, whatever happened on the way. */
const once = {
  projects: 1,
  users: 1,
  networks: 1,
  subnets: 1,
  routers: 1,
  security_groups: 1,
  volumes: 2,
  ports: 1,
  'os-server-groups': 1,
  servers: 1,
  floatingips: 1,
}
const counted = (cloud: FakeOpenstack) => Object.fromEntries(Object.keys(once).map((name) => [name, cloud.of(name).length]))

let run = 0
/** Builds one server with faults at these calls; what failed for a stated reason is asked for once more, as people do. */
async function build(faults: readonly (readonly [number, Fault])[], dieAt?: Parameters<CloudWorld['drive']>[2]) {
  const cloud = new FakeOpenstack()
  await cloud.start()
  try {
    for (const [call, fault] of faults) cloud.faults.set(call, fault)
    run += 1
    const wants = oneServer(`f${run}`)
    const keys = wants.map(({ key }) => key)
    const connectionId = await world.connect('openstack', settingsFor(cloud))
    await world.intend(connectionId, wants)
    let states = await world.drive(keys, 'ensure', dieAt)
    const stopped = states.includes('FAILED')
    if (stopped) {
      await world.intend(connectionId, wants)
      states = await world.drive(keys)
    }
    // a commit that came late must not have made a second one
    await cloud.settled()
    return { cloud, states, stopped, calls: [...cloud.calls], things: counted(cloud) }
  } finally {
    await cloud.stop()
  }
}

const everyCall = process.env.FAULTS === 'all'
/**
 * First occurrence of each kind of call: the same call on another volume takes the same way through the code. A lost read leaves no doubt
 * behind, so reads meet three faults only; `FAULTS=all` meets every single call with every fault.
 */
function placesFor(calls: readonly string[], fault: Fault): number[] {
  if (everyCall) return calls.map((_, index) => index + 1)
  const seen = new Map<string, number>()
  for (const [index, call] of calls.entries()) if (!seen.has(call)) seen.set(call, index + 1)
  const reads = [401, 500, 'hang'].includes(fault)
  const places = [...seen].filter(([call]) => reads || !call.startsWith('GET')).map(([, place]) => place)
  // the driver takes 413 like 403, and 503 like 429: a few calls show that
  return fault === 413 || fault === 503 ? places.filter((_, index) => index % 3 === 0) : places
}

describe('[4.3-0] the cloud answers wrongly at any call', () => {
  let calls: string[] = []
  beforeAll(async () => {
    const clean = await build([])
    expect(clean.states.every((state) => state === 'PRESENT')).toBe(true)
    expect(clean.things).toEqual(once)
    calls = clean.calls
  })

  const faults: Fault[] = [401, 403, 409, 413, 429, 500, 503, 'hang', 'hangAfter', 'late', 'reset', 'resetAfter']
  test.each(faults)(
    '%s: in the end everything is there, and nothing twice',
    { timeout: everyCall ? 1_800_000 : 180_000 },
    async (fault) => {
      for (const call of placesFor(calls, fault)) {
        const { states, things } = await build([[call, fault]])
        expect({ call: calls[call - 1], states: [...new Set(states)], things }).toEqual({
          call: calls[call - 1],
          states: ['PRESENT'],
          things: once,
        })
      }
    },
  )

  test('a refusal is told at once, a doubt is not', async () => {
    const post = calls.findIndex((call) => call.startsWith('POST') && call.endsWith('/servers')) + 1
    expect((await build([[post, 403]])).stopped).toBe(true)
    expect((await build([[post, 500]])).stopped).toBe(false)
  })
})

describe('the process dies between any two steps', () => {
  test('after restart everything ends as if nothing had happened', { timeout: 180_000 }, async () => {
    for (const death of ['afterPlan', 'afterCall'] as const) {
      for (let at = 1; at <= 14; at += 1) {
        const { states, things } = await build([], (step) => (step === at ? death : null))
        expect({ death, at, states: [...new Set(states)], things }).toEqual({ death, at, states: ['PRESENT'], things: once })
      }
    }
  })

  test('even when every first try dies', { timeout: 60_000 }, async () => {
    const { states, things } = await build([], (step) => (step % 2 === 1 && step < 60 ? 'afterCall' : null))
    expect([...new Set(states)]).toEqual(['PRESENT'])
    expect(things).toEqual(once)
  })
})

test('a public address that somebody else has is left to the cloud’s choice', async () => {
  const cloud = new FakeOpenstack()
  await cloud.start()
  cloud.foreign.add('203.0.113.10')
  const wants = oneServer('foreign').map((one) =>
    one.want.kind === 'address' ? { ...one, want: { ...one.want, address: '203.0.113.10' } } : one,
  )
  const connectionId = await world.connect('openstack', settingsFor(cloud))
  await world.intend(connectionId, wants)
  expect([...new Set(await world.drive(wants.map(({ key }) => key)))]).toEqual(['PRESENT'])
  expect(cloud.of('floatingips').map((one) => one.floating_ip_address)).not.toContain('203.0.113.10')
  await cloud.stop()
})

test('what was made is removed again, last first', async () => {
  const cloud = new FakeOpenstack()
  await cloud.start()
  const wants = oneServer('undo')
  const connectionId = await world.connect('openstack', settingsFor(cloud))
  await world.intend(connectionId, wants)
  const keys = wants.map(({ key }) => key)
  await world.drive(keys)
  expect([...new Set(await world.drive(keys, 'remove'))]).toEqual(['ABSENT'])
  expect(Object.values(counted(cloud)).every((count) => count === 0)).toBe(true)
  await cloud.stop()
})
