import { spawn } from 'node:child_process'
import { cloudApi } from '@changbai/contract/cloud.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CloudWorld, oneServer, openCloudWorld } from '../src/modules/cloud/cloud.fixture.ts'
import { resourcesByKey } from '../src/modules/cloud/index.ts'
import { projectKey } from '../src/modules/provisioning/index.ts'
import { type OrderWorld, openOrderWorld, vmLine } from '../src/modules/provisioning/provisioning.fixture.ts'
import { imageName, password, secondsSince, settings, Witness } from './cloud.ts'
import { LossyProxy } from './lossy-proxy.ts'

const witness = new Witness()
const report = (line: string): void => console.log(`openstack: ${line}`)
const tag = Date.now().toString(36)
beforeAll(() => witness.signIn())

/** One server with what it needs, system disk on the host: that is what the development cloud can do. */
const wants = (name: string) =>
  oneServer(`${tag}-${name}`)
    .filter(({ want }) => want.kind !== 'volume' || want.image === null)
    .map(({ key, want }) => {
      if (want.kind === 'volume') return { key, want: { ...want, gib: 1, disk: null } }
      if (want.kind !== 'server') return { key, want }
      return { key, want: { ...want, vcpu: 1, memMiB: 512, rootGiB: 1, image: imageName, rootVolume: null } }
    })

describe('a whole work order', () => {
  let w: OrderWorld
  const watch = setInterval(() => w?.t.setNow(Temporal.Now.instant().round('millisecond')), 50)
  beforeAll(async () => {
    w = await openOrderWorld(Temporal.Now.instant().toString())
  })
  afterAll(async () => {
    clearInterval(watch)
    await w.t.stop()
  })

  test('a connection is proposed by one, approved by another, and looked at', async () => {
    const sa = await w.t.signedIn({ role: 'SYSTEM_ADMIN' })
    const se = await w.t.signedIn({ role: 'SECURITY_ADMIN' })
    const proposed = await sa.call(cloudApi.proposeConnection, {
      connection: { driver: 'openstack', name: '开发云', settings: settings(), secret: password() },
    })
    await se.call(cloudApi.decideConnection, { connectionId: proposed.id, approve: true })
    await w.t.runJobs()
    const { items } = await sa.call(cloudApi.connections, {})
    const found = items.find((one) => one.id === proposed.id)
    expect(found).toMatchObject({ status: 'ACTIVE', check: { ok: true } })
    expect(JSON.stringify(items)).not.toContain(password())
    const capacity = await w.people.om.call(cloudApi.capacity, {})
    expect(capacity.dimensions.find((one) => one.name === 'vcpu')?.total).toBeGreaterThan(0)
    report(`services ${found?.check?.services.map((one) => `${one.type} ${one.version ?? ''}`.trim()).join(', ')}`)
  })

  test('two servers, two volumes, a network and a public address exist afterwards, once', async () => {
    const from = performance.now()
    const [id = ''] = await w.approve([
      vmLine({ hostName: `cb-${tag}`, count: 2, vcpu: 1, memGiB: 1, image: imageName, rootGiB: 1, dataDisks: [{ gib: 1, type: 'SSD' }] }),
      {
        kind: 'NETWORK',
        zone: 'INTERNET',
        cidr: '10.66.0.0/24',
        publicAddresses: 1,
        mbps: 0,
        domain: '',
        icp: '',
        loadBalancer: false,
        rules: [{ src: '0.0.0.0/0', dst: '', proto: 'TCP', port: '443', purpose: '' }],
      },
    ])
    await w.act(id, 'verifyWorkOrder', w.people.om, 'ACCEPT')
    while ((await w.steps(id)).length === 0) {
      await w.pump()
      await new Promise((resolve) => setTimeout(resolve, 200))
      if (secondsSince(from) > 300) throw new Error(JSON.stringify((await w.order(id)).items.map((line) => [line.error, line.steps])))
    }
    const order = await w.order(id)
    expect(order.items.map((line) => [line.state, line.error])).toEqual([
      ['READY', null],
      ['READY', null],
    ])
    const [project] = await w.t.inTx((ctx) => resourcesByKey(ctx.db, [projectKey(w.applicationId)]))
    const projectId = project?.external_id ?? ''
    const servers = await witness.servers(projectId)
    expect(servers.map((one) => one.status)).toEqual(['ACTIVE', 'ACTIVE'])
    expect((await witness.volumes(projectId)).map((one) => one.status)).toEqual(['in-use', 'in-use'])
    expect(await witness.count('networks', projectId)).toBe(1)
    expect(await witness.count('floatingips', projectId)).toBe(1)
    report(
      `work order of 2 servers, 2 volumes, network, public address: ${secondsSince(from)} s, ${order.items.flatMap((line) => line.steps).length} steps`,
    )
    await w.passSelfCheck(id)
    await w.pump()
    expect((await w.order(id)).status).toBe('DELIVERED')
    report(`servers ${order.items[0]?.result.map((one) => `${one.name} ${one.addresses.join('/')}`).join(', ')}`)
  })
})

describe('one server through the register', () => {
  let world: CloudWorld
  beforeAll(async () => {
    world = await openCloudWorld({ real: true })
  })
  afterAll(() => world.stop())

  const idOf = async (key: string): Promise<string> => (await world.run((ctx) => resourcesByKey(ctx.db, [key])))[0]?.external_id ?? ''
  /** All there; otherwise what the cloud said. */
  const expectAll = async (keys: readonly string[]): Promise<void> => {
    const rows = await world.run((ctx) => resourcesByKey(ctx.db, keys))
    expect(rows.filter((row) => row.state !== 'PRESENT').map((row) => [row.key, row.state, row.error_kind, row.last_error])).toEqual([])
  }
  const undo = async (keys: readonly string[], projectId: string): Promise<void> => {
    await world.drive(keys, 'remove')
    const rows = await world.run((ctx) => resourcesByKey(ctx.db, keys))
    expect(rows.filter((row) => row.state !== 'ABSENT').map((row) => [row.key, row.state, row.setbacks, row.last_error])).toEqual([])
    expect([await witness.servers(projectId), await witness.volumes(projectId), await witness.count('ports', projectId)]).toEqual([
      [],
      [],
      0,
    ])
  }

  test('answers lost after the work was done are adopted; what was made is undone again', async () => {
    const proxy = new LossyProxy(settings().authUrl)
    await proxy.start()
    try {
      for (const ending of ['/networks', '/ports', '/volumes', '/servers', '/floatingips', '/projects']) proxy.lose.set(ending, 1)
      const connectionId = await world.connect(
        'openstack',
        {
          ...settings({ callSeconds: 12, settleSeconds: 3 }),
          authUrl: `${proxy.url}/identity`,
        },
        password(),
      )
      const list = wants('lost')
      const keys = list.map(({ key }) => key)
      await world.intend(connectionId, list)
      const from = performance.now()
      await world.drive(keys)
      await expectAll(keys)
      const projectId = await idOf(`${tag}-lost-p`)
      expect((await witness.servers(projectId)).map((one) => one.status)).toEqual(['ACTIVE'])
      expect(await witness.volumes(projectId)).toHaveLength(1)
      expect([
        await witness.count('networks', projectId),
        await witness.count('ports', projectId),
        await witness.count('floatingips', projectId),
      ]).toEqual([1, 1, 1])
      const adopted = (await world.run((ctx) => resourcesByKey(ctx.db, keys))).filter((row) => row.adopted).map((row) => row.kind)
      expect(adopted).toEqual(expect.arrayContaining(['network', 'port', 'volume', 'server', 'address', 'project']))
      report(`${proxy.lost} answers lost, adopted ${adopted.join(' ')}: ${secondsSince(from)} s`)
      await undo(keys, projectId)
      report(`compensation of ${keys.length} things done`)
    } finally {
      await proxy.stop()
    }
  })

  test('killed with SIGKILL again and again, nothing exists twice', async () => {
    const connectionId = await world.connect('openstack', settings({ callSeconds: 6, settleSeconds: 2 }), password())
    const list = wants('kill')
    const keys = list.map(({ key }) => key)
    await world.intend(connectionId, list)
    const from = performance.now()
    let kills = 0
    for (let done = false; !done; ) {
      const child = spawn(process.execPath, [new URL('driver-child.ts', import.meta.url).pathname, world.url, ...keys], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      // somewhere in its second to fourth step, another instant each time
      const steps = 1 + (kills % 3)
      let seen = 0
      child.stdout.on('data', (text: Buffer) => {
        seen += text.toString().split('\n').length - 1
        if (seen >= steps && kills < 5) setTimeout(() => child.kill('SIGKILL'), Math.random() * 600)
      })
      const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
      done = code === 0
      if (!done) kills += 1
      if (kills > 40) throw new Error('it never gets done')
    }
    const projectId = await idOf(`${tag}-kill-p`)
    expect((await witness.servers(projectId)).map((one) => one.status)).toEqual(['ACTIVE'])
    expect(await witness.volumes(projectId)).toHaveLength(1)
    expect([
      await witness.count('networks', projectId),
      await witness.count('ports', projectId),
      await witness.count('routers', projectId),
    ]).toEqual([1, 1, 1])
    report(`${kills} kills, one server: ${secondsSince(from)} s`)
    await undo(keys, projectId)
  })

  test('over quota and an impossible flavour are refusals in words', async () => {
    const connectionId = await world.connect('openstack', settings(), password())
    const list = wants('quota').filter(({ want }) => want.kind !== 'quota')
    const project = list[0]
    await world.intend(connectionId, project ? [project] : [])
    await world.drive([`${tag}-quota-p`])
    const big = list.map(({ key, want }) => (want.kind === 'volume' ? { key, want: { ...want, gib: 100_000 } } : { key, want }))
    await world.intend(connectionId, big)
    const keys = big.map(({ key }) => key)
    const states = await world.drive(keys)
    expect(states[keys.indexOf(`${tag}-quota-d1`)]).toBe('FAILED')
    const [row] = await world.run((ctx) => resourcesByKey(ctx.db, [`${tag}-quota-d1`]))
    expect(row).toMatchObject({ error_kind: 'quota' })
    report(`quota: ${row?.last_error}`)
    await undo(keys, await idOf(`${tag}-quota-p`))
  })
})
