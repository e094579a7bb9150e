import { openstackSettings } from '@changbai/contract/cloud.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../../platform/log.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { type CloudWorld, oneServer, openCloudWorld } from './cloud.fixture.ts'
import { FakeOpenstack } from './openstack/fake-openstack.fixture.ts'
import { mayRemove, verdictOn } from './stray.domain.ts'
import { findStrays } from './stray.jobs.ts'
import { openStrays } from './stray.store.ts'

describe('what is in the cloud under a key of ours', () => {
  const found = { key: 'k', externalId: 'x' }
  test.each([
    ['the register has no such key', undefined, 'UNKNOWN'],
    ['the very thing that is registered', { key: 'k', state: 'PRESENT' as const, externalId: 'x' }, null],
    ['another than the registered one', { key: 'k', state: 'PRESENT' as const, externalId: 'y' }, 'DUPLICATE'],
    ['it was removed, a late commit brought it back', { key: 'k', state: 'ABSENT' as const, externalId: null }, 'REMOVED'],
    ['it is being asked for', { key: 'k', state: 'ASKED' as const, externalId: null }, null],
    ['it is being taken down', { key: 'k', state: 'REMOVING' as const, externalId: 'y' }, null],
  ])('%s', (_, registered, verdict) => expect(verdictOn(found, registered)).toBe(verdict))

  test.each([
    ['REMOVED', 900, true],
    ['REMOVED', 899, false],
    ['DUPLICATE', 9_000, false],
    ['UNKNOWN', 9_000, false],
  ] as const)('%s, seen for %i s: may be taken down %s', (verdict, seen, may) => expect(mayRemove(verdict, seen, 900)).toBe(may))
})

describe('looking for strays', () => {
  let world: CloudWorld
  let cloud: FakeOpenstack
  let connectionId = ''
  const runtime = () => ({ door: world.door, log: createLog('silent') }) as Runtime
  const look = async () => {
    await findStrays(runtime(), AbortSignal.timeout(30_000))
    return (await world.run((ctx) => openStrays(ctx.db, connectionId))).map((one) => `${one.kind} ${one.key} ${one.verdict}`).sort()
  }
  const server = (key: string, project: string) => ({
    id: crypto.randomUUID(),
    collection: 'servers',
    project,
    createdAt: 1,
    created: '1',
    status: 'ACTIVE',
    tags: [key],
    metadata: { 'changbai-key': key },
  })

  beforeAll(async () => {
    world = await openCloudWorld()
    cloud = new FakeOpenstack()
    await cloud.start()
    connectionId = await world.connect(
      'openstack',
      openstackSettings.parse({ authUrl: `${cloud.url}/v3`, userName: 'admin', projectName: 'admin', externalNetworkName: 'public' }),
    )
    const wants = oneServer('one')
    await world.intend(connectionId, wants)
    await world.drive(wants.map(({ key }) => key))
  })
  afterAll(async () => {
    await cloud.stop()
    await world.stop()
  })

  test('where all is as registered nothing is found', async () => expect(await look()).toEqual([]))

  test('what was removed and came back is told of first and taken down later; what nobody knows stays', async () => {
    await world.drive(['one-h', 'one-v'], 'remove')
    const [project] = cloud.of('projects')
    cloud.things.push(server('one-v', project?.id ?? ''), server('somebody', project?.id ?? ''))
    expect(await look()).toEqual(['server one-v REMOVED', 'server somebody UNKNOWN'])
    world.advance(60)
    await look()
    expect(cloud.of('servers')).toHaveLength(2)
    world.advance(900)
    expect(await look()).toEqual(['server somebody UNKNOWN'])
    expect(cloud.of('servers').map((one) => one.tags)).toEqual([['somebody']])
    expect(await world.states(['one-v'])).toEqual(['ABSENT'])
  })

  test('what people took away themselves is no stray any more', async () => {
    cloud.things.splice(
      cloud.things.findIndex((thing) => thing.collection === 'servers'),
      1,
    )
    expect(await look()).toEqual([])
  })
})
