import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Action, TargetKind } from './action.ts'
import { type CloudWorld, oneServer, openCloudWorld } from './cloud.fixture.ts'
import { resourcesByKey } from './cloud.store.ts'
import { type OperationRow, operationsByKey, writeOperation } from './operation.store.ts'
import { actProgress, makeAct, planNextAct, settleAct } from './operation.ts'
import { type FaultKind, insertFault } from './simulator/simulator.store.ts'

let world: CloudWorld
let cloud = ''
let run = 0
beforeAll(async () => {
  world = await openCloudWorld()
  cloud = await world.connect('simulator', {})
})
afterAll(() => world.stop())

/** A server with a data volume that stands. @returns the cloud's ids */
async function standing(): Promise<{ server: string; data: string; group: string }> {
  run += 1
  const wants = oneServer(`o${run}`)
  await world.intend(cloud, wants)
  await world.drive(wants.map(({ key }) => key))
  const rows = await world.run((ctx) => resourcesByKey(ctx.db, [`o${run}-v`, `o${run}-d1`, `o${run}-g`]))
  const id = (letter: string) => rows.find((row) => row.key === `o${run}-${letter}`)?.external_id ?? ''
  return { server: id('v'), data: id('d1'), group: id('g') }
}

let step = 0
/** Does these one after the other until nothing is left to do. @param dieAt forgets the answer of these steps, as a crash does */
async function doAll(wanted: readonly [TargetKind, string, Action][], dieAt: readonly number[] = []): Promise<OperationRow[]> {
  step += 1
  const keys = wanted.map((_, index) => `op-${step}-${index}`)
  await world.run(async (ctx) => {
    for (const [index, [kind, externalId, action]] of wanted.entries())
      await writeOperation(
        ctx.db,
        { connectionId: cloud, key: keys[index] as string, target: { kind, externalId }, action, ownerType: 'test', ownerId: 'test' },
        ctx.now,
      )
  })
  let made = 0
  for (let round = 0; round < 300; round += 1) {
    const { progress } = await world.run((ctx) => actProgress(ctx, keys))
    if (progress === 'done' || progress === 'failed') break
    const planned = await world.run((ctx) => planNextAct(ctx, keys))
    if (!planned) {
      world.advance(15)
      continue
    }
    made += 1
    const answer = await makeAct(planned, AbortSignal.timeout(5000))
    if (dieAt.includes(made)) world.advance(40)
    else await world.run((ctx) => settleAct(ctx, planned, answer))
  }
  return world.run((ctx) => operationsByKey(ctx.db, keys))
}
const inject = (fault: FaultKind, resource: 'server' | 'volume', times = 1) =>
  world.run((ctx) =>
    insertFault(ctx.db, { id: crypto.randomUUID(), connection_id: cloud, resource, fault, remaining: times, created_at: ctx.now }),
  )
const states = (rows: readonly OperationRow[]) => rows.map((row) => row.state)
const larger = { vcpu: 4, memMiB: 8192, flavor: null }
const asBuilt = { vcpu: 2, memMiB: 4096, flavor: null }

describe('orders to things that exist, on the simulated cloud', () => {
  test('a server is backed up, stopped, resized, confirmed and started', async () => {
    const { server } = await standing()
    const rows = await doAll([
      ['server', server, { do: 'snapshot' }],
      ['server', server, { do: 'stop' }],
      ['server', server, { do: 'resize', ...larger }],
      ['server', server, { do: 'confirmResize', ...larger }],
      ['server', server, { do: 'start' }],
    ])
    expect(states(rows)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE'])
    expect(rows[0]?.facts.snapshotId).toBeTruthy()
    expect(rows[2]?.facts.status).toBe('VERIFY_RESIZE')
    expect(rows[4]?.facts).toMatchObject({ status: 'ACTIVE', size: '4C8192M' })
  })

  test('a resize left in VERIFY_RESIZE by a crash is found done, then confirmed', async () => {
    const { server } = await standing()
    // the process dies after the order was sent, and once more while it is looked at
    const [resize, confirm] = await doAll(
      [
        ['server', server, { do: 'resize', ...larger }],
        ['server', server, { do: 'confirmResize', ...larger }],
      ],
      [2, 3],
    )
    expect(resize).toMatchObject({ state: 'DONE', facts: { status: 'VERIFY_RESIZE', size: '4C8192M' } })
    expect(confirm).toMatchObject({ state: 'DONE', facts: { status: 'ACTIVE', size: '4C8192M' } })
  })

  test.each([
    ['from VERIFY_RESIZE it is reverted', [['server', 'resize']]],
    [
      'after it was confirmed it is resized back',
      [
        ['server', 'resize'],
        ['server', 'confirmResize'],
      ],
    ],
  ] as const)('going back: %s', async (_, before) => {
    const { server } = await standing()
    const rows = await doAll([
      ...before.map(([kind, what]): [TargetKind, string, Action] => [kind, server, { do: what, ...larger }]),
      ['server', server, { do: 'restoreSize', ...asBuilt }],
    ])
    expect(rows.at(-1)).toMatchObject({ state: 'DONE', facts: { status: 'ACTIVE', size: '2C4096M' } })
  })

  test('a cloud without room takes the resize back, and says so', async () => {
    const { server } = await standing()
    await inject('noValidHost', 'server')
    const [row] = await doAll([['server', server, { do: 'resize', ...larger }]])
    expect(row).toMatchObject({ state: 'FAILED', error_kind: 'failed' })
    expect(row?.last_error).toMatch(/No valid host/)
  })

  test('a snapshot that fails stops everything after it', async () => {
    const { server } = await standing()
    await inject('actFails', 'server')
    const rows = await doAll([
      ['server', server, { do: 'snapshot' }],
      ['server', server, { do: 'resize', ...larger }],
    ])
    expect(states(rows)).toEqual(['FAILED', 'INTENDED'])
  })

  test('a busy volume is asked again later and then grows; one that is never free is given up by name', async () => {
    const { data } = await standing()
    await inject('busy', 'volume', 3)
    const [grown] = await doAll([['volume', data, { do: 'extend', gib: 60 }]])
    expect(grown).toMatchObject({ state: 'DONE', facts: { gib: '60' } })
    await inject('busy', 'volume', 1000)
    const [never] = await doAll([['volume', data, { do: 'extend', gib: 80 }]])
    expect(never).toMatchObject({ state: 'FAILED', error_kind: 'busy' })
    await world.run((ctx) => ctx.db.deleteFrom('sim_fault').execute())
  })

  test('a server deleted behind our back ends the work as gone; deleting it then is done', async () => {
    const { server } = await standing()
    await inject('vanish', 'server')
    const rows = await doAll([
      ['server', server, { do: 'stop' }],
      ['server', server, { do: 'resize', ...larger }],
    ])
    expect(rows[0]).toMatchObject({ state: 'FAILED', error_kind: 'gone' })
    expect((await doAll([['server', server, { do: 'delete' }]]))[0]?.state).toBe('DONE')
  })

  test('an answer that never came is found out by looking', async () => {
    const { server, data } = await standing()
    await inject('timeoutAfterCommit', 'server')
    expect((await doAll([['server', server, { do: 'reboot' }]]))[0]?.state).toBe('DONE')
    await inject('timeoutAfterCommit', 'volume')
    expect((await doAll([['volume', data, { do: 'snapshot' }]]))[0]?.state).toBe('DONE')
  })

  test('a volume is detached, backed up, deleted; the server is deleted', async () => {
    const { server, data } = await standing()
    const rows = await doAll([
      ['volume', data, { do: 'detach', server }],
      ['volume', data, { do: 'snapshot' }],
      ['volume', data, { do: 'delete' }],
      ['server', server, { do: 'delete' }],
    ])
    expect(states(rows)).toEqual(['DONE', 'DONE', 'DONE', 'DONE'])
    expect((await doAll([['volume', data, { do: 'extend', gib: 99 }]]))[0]?.error_kind).toBe('gone')
  })

  test('the old policy is kept, and put back', async () => {
    const { group } = await standing()
    const https = { direction: 'ingress', protocol: 'tcp', fromPort: 443, toPort: 443, remote: '10.0.0.0/8' } as const
    const rows = await doAll([
      ['securityGroup', group, { do: 'setRules', rules: [https] }],
      ['securityGroup', group, { do: 'readRules' }],
      ['securityGroup', group, { do: 'setRules', rules: [] }],
    ])
    expect(JSON.parse(rows[1]?.facts.before ?? '')).toEqual([https])
    expect(JSON.parse(rows[2]?.facts.before ?? '')).toEqual([https])
  })
})
