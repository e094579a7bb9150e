import { openstackSettings, simulatorSettings } from '@changbai/contract/cloud.ts'
import type { Drift } from '@changbai/contract/inventory.drift.ts'
import { stateOf } from '@changbai/verify/clauses.domain.ts'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { createLog } from '../../platform/log.ts'
import type { Runtime } from '../../platform/runtime.ts'
import {
  addApplication,
  decideDrift,
  inventoryClauses,
  openDrifts,
  recordServer,
  recordVolume,
  serverBySource,
} from '../inventory/index.ts'
import { type CloudWorld, oneServer, openCloudWorld } from './cloud.fixture.ts'
import { readOne } from './notified.jobs.ts'
import { FakeOpenstack } from './openstack/fake-openstack.fixture.ts'
import { readCloud } from './reading.jobs.ts'
import { insertThing } from './simulator/simulator.store.ts'
import { tamper } from './simulator/simulator-read.store.ts'

let world: CloudWorld
let applicationId = ''
const tenantId = newId()
beforeAll(async () => {
  world = await openCloudWorld()
  applicationId = (
    await world.run((ctx) => addApplication(ctx, { tenantId, name: '门户', code: 'portal', mlpsLevel: 2, state: 'ONLINE' }, 'DEMO'))
  ).id
})
afterAll(() => world.stop())

const runtime = () => ({ door: world.door, log: createLog('silent') }) as Runtime
const told = ({ verdict, kind, name, differences }: Drift) =>
  [verdict, kind, name, ...differences.map((d) => `${d.field} ${d.here}>${d.there}`)].join(' ')
/** Reads once, a minute after the last change, and tells what is open. */
async function read(connectionId: string): Promise<string[]> {
  world.advance(60)
  expect(await readCloud(runtime(), { cause: 'DEMAND', connectionId }, AbortSignal.timeout(30_000))).not.toBeNull()
  return (await world.run((ctx) => openDrifts(ctx, connectionId, 100))).map(told).sort()
}
const reading = async (connectionId: string) => {
  const { rows } = await world.run((ctx) =>
    sql<{ status: string; requests: number; counts: Record<string, number>; error: string | null }>`
      select status, requests, counts, error from cloud_reading where connection_id = ${connectionId} order by started_at desc limit 1`.execute(
      ctx.db,
    ),
  )
  return rows[0]
}
const idOf = async (connectionId: string, name: string) =>
  (await world.run((ctx) => openDrifts(ctx, connectionId, 100))).find((one) => one.name === name)?.id ?? ''
const decide = (id: string, decision: Drift['decision'] & string, more = {}) =>
  world.run((ctx) => decideDrift(ctx, { id, decision: decision as 'ADOPT', comment: '核对', reference: '', ...more }))

describe('the simulated cloud', () => {
  let cloud = ''
  const there: Record<string, string> = {}
  const place = (name: string, kind: 'server' | 'volume', size: { vcpu?: number; mem_mib?: number; disk_gib?: number }) =>
    world.run(async (ctx) => {
      there[name] = newId()
      await insertThing(ctx.db, {
        connection_id: cloud,
        key: name,
        external_id: there[name],
        kind,
        ready_at: ctx.now,
        fate: 'ok',
        message: '',
        facts: JSON.stringify({ name }),
        created_at: ctx.now,
        vcpu: 0,
        mem_mib: 0,
        disk_gib: 0,
        public_addresses: 0,
        ...size,
      })
    })
  const placed = (name: string) => ({
    source: { type: 'test', id: name },
    tenantId,
    applicationId,
    name,
    connectionId: cloud,
    externalId: there[name] ?? '',
  })

  beforeAll(async () => {
    cloud = await world.connect('simulator', simulatorSettings.parse({}))
    for (const name of ['web', 'db', 'gone']) {
      await place(name, 'server', { vcpu: 4, mem_mib: 8192 })
      await world.run((ctx) => recordServer(ctx, { ...placed(name), kind: 'vm', vcpu: 4, memGiB: 8 }))
    }
    await place('disk', 'volume', { disk_gib: 100 })
    await world.run((ctx) => recordVolume(ctx, { ...placed('disk'), kind: 'block', gib: 100 }))
  })

  test('where all is alike there is no drift; asking twice is one reading at a time', async () => {
    expect(await read(cloud)).toEqual([])
    expect(await reading(cloud)).toMatchObject({ status: 'DONE', counts: { server: 3, volume: 1 }, error: null })
  })

  test('a server resized, one deleted, one made by hand, a volume extended behind our back', async () => {
    await world.run(async ({ db, now }) => {
      await tamper(db, cloud, { do: 'resize', externalId: there.web ?? '', vcpu: 8, memGiB: 16 }, now)
      await tamper(db, cloud, { do: 'delete', externalId: there.gone ?? '' }, now)
      await tamper(db, cloud, { do: 'stop', externalId: there.db ?? '' }, now)
      await tamper(db, cloud, { do: 'resize', externalId: there.disk ?? '', gib: 200 }, now)
      await tamper(db, cloud, { do: 'create', name: 'by-hand', vcpu: 2, memGiB: 4 }, now)
    })
    expect(await read(cloud)).toEqual([
      'DIFFERS server db state ACTIVE>STOPPED',
      'DIFFERS server web vcpu 4>8 memMiB 8192>16384',
      'DIFFERS volume disk gib 100>200',
      'MISSING server gone',
      'UNRECORDED server by-hand',
    ])
  })

  test('a second reading finds the same rows, not new ones', async () => {
    const before = await world.run((ctx) => openDrifts(ctx, cloud, 100))
    await read(cloud)
    const after = await world.run((ctx) => openDrifts(ctx, cloud, 100))
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    expect(after[0]?.lastSeenAt).not.toBe(before[0]?.lastSeenAt)
  })

  test('correct: the record follows; adopt: it is entered with its bureau; both are over', async () => {
    expect(await decide(await idOf(cloud, 'web'), 'CORRECT')).toMatchObject({ status: 'SETTLED', decision: 'CORRECT' })
    const web = await world.run((ctx) => serverBySource(ctx, { type: 'test', id: 'web' }))
    expect(web).toMatchObject({ vcpu: 8, memGiB: 16 })
    const adopted = await decide(await idOf(cloud, 'by-hand'), 'ADOPT', { applicationId })
    expect(adopted.itemId).not.toBeNull()
    await decide(await idOf(cloud, 'gone'), 'REPORT')
    expect(await read(cloud)).toEqual(['DIFFERS server db state ACTIVE>STOPPED', 'DIFFERS volume disk gib 100>200', 'MISSING server gone'])
  })

  test('a reported one waits for its explanation, and is corrected then', async () => {
    const id = await idOf(cloud, 'gone')
    const [row] = (await world.run((ctx) => openDrifts(ctx, cloud, 100))).filter((one) => one.id === id)
    expect(row).toMatchObject({ status: 'REPORTED', proposals: ['CORRECT', 'CHANGE', 'KEEP'] })
    await decide(id, 'CORRECT')
    expect(await world.run((ctx) => serverBySource(ctx, { type: 'test', id: 'gone' }))).toMatchObject({ state: 'RETIRED' })
    await expect(decide(id, 'CORRECT')).rejects.toThrow()
  })

  test('kept: quiet until it changes again; what disappears by itself is cleared', async () => {
    await decide(await idOf(cloud, 'disk'), 'KEEP')
    expect(await read(cloud)).toEqual(['DIFFERS server db state ACTIVE>STOPPED'])
    await world.run(async ({ db, now }) => {
      await tamper(db, cloud, { do: 'resize', externalId: there.disk ?? '', gib: 300 }, now)
      await sql`update sim_thing set state = '{}' where external_id = ${there.db ?? ''}`.execute(db)
    })
    expect(await read(cloud)).toEqual(['DIFFERS volume disk gib 100>300'])
  })

  test('a thing changed here since the reading began, or moving there, is left for the next reading', async () => {
    await world.run(({ db }) =>
      sql`update sim_thing set doing = '{"task":"resizing","untilAt":"2030-01-01T00:00:00Z","becomes":{}}', vcpu = 32 where external_id = ${there.web ?? ''}`.execute(
        db,
      ),
    )
    expect(await read(cloud)).toEqual(['DIFFERS volume disk gib 100>300'])
    await world.run(({ db }) => sql`update sim_thing set doing = null where external_id = ${there.web ?? ''}`.execute(db))
    expect(await read(cloud)).toContain('DIFFERS server web vcpu 8>32')
  })

  test('a notification: the one thing is read, the message is not believed; gone is told at once, alike again ends the difference', async () => {
    const openNow = async () => (await world.run((ctx) => openDrifts(ctx, cloud, 100))).map(told).sort()
    const notified = async (name: string) => {
      world.advance(60)
      await world.run((ctx) =>
        sql`update cloud_connection set status = case when id = ${cloud} then 'ACTIVE' else 'RETIRED' end where status = 'ACTIVE' or id = ${cloud}`.execute(
          ctx.db,
        ),
      )
      await readOne(runtime(), { kind: 'server', externalId: there[name] ?? '' }, AbortSignal.timeout(10_000))
      return openNow()
    }
    const before = await openNow()
    await place('told', 'server', { vcpu: 4, mem_mib: 8192 })
    await world.run((ctx) => recordServer(ctx, { ...placed('told'), kind: 'vm', vcpu: 4, memGiB: 8 }))
    expect(await notified('told')).toEqual(before)
    await world.run(({ db, now }) => tamper(db, cloud, { do: 'resize', externalId: there.told ?? '', vcpu: 6 }, now))
    expect((await notified('told')).filter((one) => !before.includes(one))).toEqual(['DIFFERS server told vcpu 4>6'])
    await world.run(({ db, now }) => tamper(db, cloud, { do: 'resize', externalId: there.told ?? '', vcpu: 4 }, now))
    expect(await notified('told')).toEqual(before)
    await world.run(({ db, now }) => tamper(db, cloud, { do: 'delete', externalId: there.told ?? '' }, now))
    expect((await notified('told')).filter((one) => !before.includes(one))).toEqual(['MISSING server told'])
    // a whole reading afterwards finds the same
    expect((await read(cloud)).filter((one) => one.includes('told'))).toEqual(['MISSING server told'])
  })

  test('[3.1] everything there matches what is recorded, or is named with its difference; unread for a day it is without data', async () => {
    const source = inventoryClauses.find((one) => one.of === 'reconciled')
    if (!source || source.meter === 'rhythm') throw new Error('no source')
    const judged = async () => {
      const asOf = await world.run(async (ctx) => ctx.now)
      const span = { from: asOf.subtract({ hours: 720 }), to: asOf.add({ hours: 1 }), asOf }
      const own = (await world.run((ctx) => source.read(ctx, span))).filter((one) => one.id.includes(cloud))
      return Object.fromEntries([...Map.groupBy(own, (one) => stateOf(one, asOf.toString()))].map(([state, of]) => [state, of.length]))
    }
    const open = (await world.run((ctx) => openDrifts(ctx, cloud, 100))).filter(({ kind }) => kind !== 'quota').length
    const now = await judged()
    expect(now.BREACHED).toBe(open)
    expect(now.MET).toBeGreaterThan(0)
    world.advance(25 * 3600)
    expect(await judged()).toEqual({ MISSING: 1 })
  })

  test('what one may not decide is refused', async () => {
    await expect(decide(await idOf(cloud, 'disk'), 'ADOPT', { applicationId })).rejects.toThrow()
  })
})

describe('an OpenStack', () => {
  let fake: FakeOpenstack
  let cloud = ''
  const server = (n: number, more = {}) => ({
    id: `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`,
    collection: 'servers',
    project: 'p',
    createdAt: n,
    name: `vm-${n}`,
    tenant_id: 'p',
    status: 'ACTIVE',
    flavor: { vcpus: 2, ram: 4096 },
    addresses: { net: [{ addr: `10.1.0.${n}`, 'OS-EXT-IPS:type': 'fixed' }] },
    metadata: {},
    ...more,
  })
  const record = (n: number, more = {}) =>
    world.run((ctx) =>
      recordServer(ctx, {
        source: { type: 'test', id: `vm-${n}` },
        tenantId,
        applicationId,
        kind: 'vm',
        name: `vm-${n}`,
        vcpu: 2,
        memGiB: 4,
        addresses: [{ address: `10.1.0.${n}`, zone: '', public: false }],
        connectionId: cloud,
        externalId: server(n).id,
        ...more,
      }),
    )

  beforeAll(async () => {
    fake = new FakeOpenstack()
    await fake.start()
    cloud = await world.connect(
      'openstack',
      openstackSettings.parse({ authUrl: `${fake.url}/v3`, userName: 'admin', projectName: 'admin', callSeconds: 0.5 }),
    )
    fake.things.push(...Array.from({ length: 25 }, (_, n) => server(n)))
    for (let n = 0; n < 25; n++) await record(n)
  })
  afterEach(() => fake.faults.clear())
  afterAll(() => fake.stop())
  const calls = () => fake.calls.splice(0).filter((call) => call.startsWith('GET'))

  test('is read page by page with markers, in a bounded number of requests', async () => {
    fake.pageSize = 10
    calls()
    expect(await read(cloud)).toEqual([])
    expect(calls().filter((call) => call.endsWith('/servers/detail'))).toHaveLength(3)
    expect(await reading(cloud)).toMatchObject({ status: 'DONE', counts: { server: 25 } })
    fake.pageSize = 1_000
    await read(cloud)
    expect(calls().filter((call) => call.endsWith('/servers/detail'))).toHaveLength(1)
  })

  test('shows what was renamed, moved, resized, stopped, lost and made', async () => {
    Object.assign(fake.of('servers')[0] ?? {}, { name: 'renamed', addresses: { net: [{ addr: '10.1.0.99', 'OS-EXT-IPS:type': 'fixed' }] } })
    Object.assign(fake.of('servers')[1] ?? {}, { flavor: { vcpus: 4, ram: 8192 }, status: 'SHUTOFF' })
    Object.assign(fake.of('servers')[2] ?? {}, { flavor: { vcpus: 8, ram: 8192 }, status: 'VERIFY_RESIZE' })
    fake.things.splice(
      fake.things.findIndex((one) => one.name === 'vm-3'),
      1,
    )
    fake.things.push(server(77))
    expect(await read(cloud)).toEqual([
      'DIFFERS server vm-0 name vm-0>renamed addresses 10.1.0.0>10.1.0.99',
      'DIFFERS server vm-1 state ACTIVE>STOPPED vcpu 2>4 memMiB 4096>8192',
      'MISSING server vm-3',
      'UNRECORDED server vm-77',
    ])
  })

  test('an answer lost on the way: nothing is said to be missing, and what was found stays', async () => {
    fake.pageSize = 10
    const before = await read(cloud)
    calls()
    // the second page of servers never comes; a read is tried three times
    for (const call of [2, 3, 4]) fake.faults.set(fake.calls.length + call, 500)
    const after = await read(cloud)
    expect(after).toEqual(before)
    expect(await reading(cloud)).toMatchObject({ status: 'FAILED' })
    fake.pageSize = 1_000
  })

  test('what the register made is no drift before it is recorded; its system disk never is', async () => {
    const wants = oneServer('reg')
    await world.intend(cloud, wants)
    await world.drive(wants.map(({ key }) => key))
    // the fake keeps what it was asked for; Nova would tell these as well
    const made = fake.of('servers').find((one) => one.name === 'vm')
    Object.assign(made ?? {}, { status: 'ACTIVE', tenant_id: made?.project, flavor: { vcpus: 2, ram: 4096 } })
    const before = (await world.run((ctx) => openDrifts(ctx, cloud, 100))).map(told).sort()
    const quota = 'DIFFERS quota reg-project instances 2>1 memMiB 8192>512 volumeGiB 100>1 volumes 4>1'
    const after = await read(cloud)
    expect(after.filter((one) => !before.includes(one)).map((one) => one.split(' ').sort().join(' '))).toEqual([
      quota.split(' ').sort().join(' '),
    ])
    // what somebody raises again is alike
    await world.run((ctx) =>
      sql`update cloud_resource set want = jsonb_set(want, '{atLeast}', '{"instances":1,"cores":1,"ramMiB":1,"volumes":1,"volumeGiB":1}') where key = 'reg-q'`.execute(
        ctx.db,
      ),
    )
    expect(await read(cloud)).toEqual(before)
  })
})
