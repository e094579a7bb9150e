import { changeApi } from '@changbai/contract/change.ts'
import { cloudReadApi } from '@changbai/contract/cloud.read.ts'
import { cloudApi } from '@changbai/contract/cloud.ts'
import { driftApi } from '@changbai/contract/inventory.drift.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { processApi } from '@changbai/contract/process.ts'
import { reclaimApi } from '@changbai/contract/reclaim.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CloudWorld, oneServer, openCloudWorld } from '../src/modules/cloud/cloud.fixture.ts'
import {
  type Action,
  actProgress,
  makeAct,
  type OperationRow,
  operationsByKey,
  planNextAct,
  resourcesByKey,
  settleAct,
  type TargetKind,
  writeOperation,
} from '../src/modules/cloud/index.ts'
import { openTasksOf } from '../src/modules/process/index.ts'
import { type OrderWorld, openOrderWorld, vmLine } from '../src/modules/provisioning/provisioning.fixture.ts'
import type { Client } from '../test/harness.ts'
import { imageName, password, secondsSince, settings, Witness } from './cloud.ts'

// What is done to things that exist: every order the driver knows, then a change, a reading and a release by their processes.

const witness = new Witness()
const report = (line: string): void => console.log(`openstack: ${line}`)
const pause = (seconds: number) => new Promise((later) => setTimeout(later, seconds * 1000))
const tag = `op${Date.now().toString(36)}`
/** The sizes of the development cloud. */
const TINY = { vcpu: 1, memMiB: 512, flavor: null }
const SMALL = { vcpu: 1, memMiB: 2048, flavor: null }
let hypervisor: NodeJS.Timeout
beforeAll(async () => {
  await witness.signIn()
  let busy = false
  hypervisor = setInterval(() => {
    if (busy) return
    busy = true
    witness
      .uploadSnapshots()
      .catch((error: unknown) => report(`uploading a snapshot: ${String(error)}`))
      .finally(() => {
        busy = false
      })
  }, 1_000)
})
afterAll(() => clearInterval(hypervisor))

describe('orders to things that exist', () => {
  let world: CloudWorld
  let cloud = ''
  const ids = { server: '', volume: '', group: '', project: '' }
  let run = 0
  beforeAll(async () => {
    world = await openCloudWorld({ real: true })
    cloud = await world.connect('openstack', settings(), password())
    const wants = oneServer(tag)
      .filter(({ want }) => want.kind !== 'volume' || want.image === null)
      .map(({ key, want }) => {
        if (want.kind === 'volume') return { key, want: { ...want, gib: 1, disk: null } }
        if (want.kind !== 'server') return { key, want }
        return { key, want: { ...want, vcpu: 1, memMiB: 512, rootGiB: 1, image: imageName, rootVolume: null } }
      })
    const keys = wants.map(({ key }) => key)
    await world.intend(cloud, wants)
    await world.drive(keys)
    const rows = await world.run((ctx) => resourcesByKey(ctx.db, keys))
    expect(rows.filter((row) => row.state !== 'PRESENT').map((row) => [row.key, row.state, row.last_error])).toEqual([])
    const idOf = (letter: string) => rows.find((row) => row.key === `${tag}-${letter}`)?.external_id ?? ''
    Object.assign(ids, { server: idOf('v'), volume: idOf('d1'), group: idOf('g'), project: idOf('p') })
  }, 300_000)
  afterAll(async () => {
    await world.drive(
      oneServer(tag).flatMap(({ key, want }) => (want.kind === 'volume' && want.image !== null ? [] : [key])),
      'remove',
    )
    await world.stop()
  }, 300_000)

  /** Gives these orders one after the other and waits for what the cloud makes of each. @param forgets the answer of the first order, as a crash does */
  async function doAll(wanted: readonly [TargetKind, string, Action][], forgets = false): Promise<OperationRow[]> {
    run += 1
    const keys = wanted.map((_, index) => `${tag}-act-${run}-${index}`)
    await world.run(async (ctx) => {
      for (const [index, [kind, externalId, action]] of wanted.entries())
        await writeOperation(
          ctx.db,
          { connectionId: cloud, key: keys[index] as string, target: { kind, externalId }, action, ownerType: 'test', ownerId: tag },
          ctx.now,
        )
    })
    const from = performance.now()
    let forgotten = false
    while (secondsSince(from) < 240) {
      const { progress } = await world.run((ctx) => actProgress(ctx, keys))
      if (progress === 'done' || progress === 'failed') break
      const planned = await world.run((ctx) => planNextAct(ctx, keys))
      if (!planned) {
        await pause(0.5)
        continue
      }
      const answer = await makeAct(planned, AbortSignal.timeout(60_000))
      if (forgets && !forgotten) forgotten = true
      else await world.run((ctx) => settleAct(ctx, planned, answer))
    }
    const rows = await world.run((ctx) => operationsByKey(ctx.db, keys))
    const ordered = keys.flatMap((key) => rows.find((row) => row.key === key) ?? [])
    report(
      `${wanted.map(([, , action]) => action.do).join(', ')}: ${ordered.map((row) => `${row.state}${row.last_error ? ` (${row.last_error})` : ''}`).join(', ')} after ${secondsSince(from)} s`,
    )
    return ordered
  }
  const done = (rows: readonly OperationRow[]) =>
    expect(rows.map((row) => [row.action.do, row.state, row.last_error])).toEqual(rows.map((row) => [row.action.do, 'DONE', null]))

  test('power: off, on, and once more', async () => {
    done(await doAll([['server', ids.server, { do: 'stop' }]]))
    expect((await witness.server(ids.server)).status).toBe('SHUTOFF')
    done(
      await doAll([
        ['server', ids.server, { do: 'start' }],
        ['server', ids.server, { do: 'reboot' }],
      ]),
    )
    expect((await witness.server(ids.server)).status).toBe('ACTIVE')
  })

  test('a resize waits in VERIFY_RESIZE, is found there after a crash, and is confirmed', async () => {
    done(await doAll([['server', ids.server, { do: 'resize', ...SMALL }]], true))
    expect((await witness.server(ids.server)).status).toBe('VERIFY_RESIZE')
    done(await doAll([['server', ids.server, { do: 'confirmResize', ...SMALL }]]))
    expect(await witness.server(ids.server)).toMatchObject({ status: 'ACTIVE', vcpus: 1, ram: 2048 })
  })

  test('a resize that is not wanted goes back, before and after it was confirmed', async () => {
    const larger = { vcpu: 2, memMiB: 4096, flavor: null }
    const rows = await doAll([
      ['server', ids.server, { do: 'resize', ...larger }],
      ['server', ids.server, { do: 'restoreSize', ...SMALL }],
    ])
    done(rows)
    expect(await witness.server(ids.server)).toMatchObject({ status: 'ACTIVE', ram: 2048 })
    done(
      await doAll([
        ['server', ids.server, { do: 'resize', ...larger }],
        ['server', ids.server, { do: 'confirmResize', ...larger }],
      ]),
    )
    // a system disk on the host cannot shrink: back to a smaller one is refused in words, and the server stays as it is
    const [back] = await doAll([['server', ids.server, { do: 'restoreSize', ...TINY }]])
    report(`back below its disk: ${back?.state} ${back?.last_error ?? ''}`)
    expect(back).toMatchObject({ state: 'FAILED', error_kind: 'refused' })
    expect(await witness.server(ids.server)).toMatchObject({ status: 'ACTIVE', ram: 4096 })
  })

  test('a snapshot of the server, a rebuild from its image, the snapshot gone again', async () => {
    const [snapshot] = await doAll([['server', ids.server, { do: 'snapshot' }]])
    const image = snapshot?.facts.snapshotId ?? ''
    expect([snapshot?.state, image !== '']).toEqual(['DONE', true])
    expect(await witness.imageStatus(image)).toBe('active')
    done(await doAll([['server', ids.server, { do: 'rebuild', image: imageName }]]))
    expect((await witness.server(ids.server)).status).toBe('ACTIVE')
    done(await doAll([['image', image, { do: 'delete' }]]))
    expect(await witness.imageStatus(image)).toBe('')
  })

  test('a volume is detached, grows, has its snapshot and comes back to its server', async () => {
    done(
      await doAll([
        ['volume', ids.volume, { do: 'detach', server: ids.server }],
        ['volume', ids.volume, { do: 'extend', gib: 2 }],
      ]),
    )
    expect((await witness.volume(ids.volume)).size).toBe(2)
    const [snapshot] = await doAll([['volume', ids.volume, { do: 'snapshot' }]])
    expect(snapshot?.state).toBe('DONE')
    done(
      await doAll([
        ['volumeSnapshot', snapshot?.facts.snapshotId ?? '', { do: 'delete' }],
        ['volume', ids.volume, { do: 'attach', server: ids.server }],
      ]),
    )
    expect((await witness.volume(ids.volume)).status).toBe('in-use')
  })

  test('port rules: the old policy is kept, the new one is in force, the old one is put back', async () => {
    const ssh = { direction: 'ingress', protocol: 'tcp', fromPort: 22, toPort: 22, remote: '10.0.0.0/8' } as const
    const [old] = await doAll([['securityGroup', ids.group, { do: 'readRules' }]])
    const before = JSON.parse(old?.facts.before ?? 'null')
    expect(before).toMatchObject([{ fromPort: 443, toPort: 443 }])
    done(await doAll([['securityGroup', ids.group, { do: 'setRules', rules: [ssh] }]]))
    expect(await witness.ingressPorts(ids.group)).toEqual([22])
    done(await doAll([['securityGroup', ids.group, { do: 'setRules', rules: before }]]))
    expect(await witness.ingressPorts(ids.group)).toEqual([443])
  })

  test('limits of a project are read, set and put back', async () => {
    const [old] = await doAll([['project', ids.project, { do: 'readQuota' }]])
    const before = JSON.parse(old?.facts.before ?? '{}')
    expect(before.cores).toBeGreaterThan(0)
    done(await doAll([['project', ids.project, { do: 'setQuota', limits: { cores: 33 } }]]))
    const [now] = await doAll([['project', ids.project, { do: 'readQuota' }]])
    expect(JSON.parse(now?.facts.before ?? '{}')).toMatchObject({ cores: 33, ramMiB: before.ramMiB })
    done(await doAll([['project', ids.project, { do: 'setQuota', limits: { cores: before.cores } }]]))
  })

  test('what is gone is told as gone', async () => {
    const [row] = await doAll([['server', crypto.randomUUID(), { do: 'stop' }]])
    expect(row).toMatchObject({ state: 'FAILED', error_kind: 'gone' })
  })
})

describe('by their processes', () => {
  let w: OrderWorld
  let second: Client
  let build: Client
  let aheadMs = 0
  const watch = setInterval(() => w?.t.setNow(Temporal.Now.instant().add({ milliseconds: aheadMs }).round('millisecond')), 50)
  const steps = (id: string) => w.t.inTx(async (ctx) => (await openTasksOf(ctx, id)).map((task) => task.node))
  async function act(id: string, node: string, who: Client, outcome: string, data: Record<string, unknown> = {}): Promise<void> {
    const from = performance.now()
    for (;;) {
      const task = (await w.t.inTx((ctx) => openTasksOf(ctx, id))).find((one) => one.node === node)
      if (task) return void (await who.call(processApi.complete, { taskId: task.id, outcome, data }))
      if (secondsSince(from) > 240) throw new Error(`${node} is not open; open are ${await steps(id)}`)
      await w.pump()
      await pause(0.3)
    }
  }
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    const from = performance.now()
    while (!(await holds())) {
      if (secondsSince(from) > 240) throw new Error(`${what}: not after 240 s`)
      await w.pump()
      await pause(0.3)
    }
  }
  let server = { id: '', externalId: '' }

  beforeAll(async () => {
    w = await openOrderWorld(Temporal.Now.instant().toString())
    second = await w.t.signedIn({ role: 'OPERATION_MANAGER', name: '林晓东' })
    build = await w.t.signedIn({ role: 'BUILD_PROJECT_MANAGER', name: '孙浩' })
    const sa = await w.t.signedIn({ role: 'SYSTEM_ADMIN' })
    const se = await w.t.signedIn({ role: 'SECURITY_ADMIN' })
    const connection = { driver: 'openstack' as const, name: '开发云', settings: settings(), secret: password() }
    const { id } = await sa.call(cloudApi.proposeConnection, { connection })
    await se.call(cloudApi.decideConnection, { connectionId: id, approve: true })
    await w.t.runJobs()
    const [orderId = ''] = await w.approve([
      vmLine({ hostName: tag, count: 2, vcpu: 1, memGiB: 1, image: imageName, rootGiB: 1, dataDisks: [] }),
    ])
    await w.act(orderId, 'verifyWorkOrder', w.people.om, 'ACCEPT')
    await until('the servers are made', async () => (await w.steps(orderId)).includes('selfCheck'))
    await w.passSelfCheck(orderId)
    await w.pump()
    const { items } = await w.people.om.call(inventoryApi.listServers, { q: tag })
    const first = items.find((one) => one.name.endsWith('01')) ?? items[0]
    server = { id: first?.id ?? '', externalId: first?.externalId ?? '' }
    expect(items.map((one) => one.state)).toEqual(['ACTIVE', 'ACTIVE'])
  }, 400_000)
  afterAll(async () => {
    clearInterval(watch)
    await w.t.stop()
  })

  test('a change: snapshot, resize in Nova, verified by the application side, confirmed, recorded', async () => {
    const { pm, om, mm } = w.people
    const begun = await pm.call(changeApi.start, { ciIds: [server.id] })
    const saved = await pm.call(changeApi.save, {
      changeId: begun.id,
      rev: begun.rev,
      form: {
        ...begun.form,
        title: '应用节点扩容',
        items: [
          { ciId: server.id, attr: 'vcpu', to: '2' },
          { ciId: server.id, attr: 'memGiB', to: '4' },
        ],
        reason: 'GROWTH',
        reasonText: '业务增长',
        forecastRef: 'SQ-20260918-0001',
        windowFrom: w.t.now().toString(),
        windowTo: w.t.now().add({ hours: 4 }).toString(),
        steps: [{ action: '调整规格', owner: '徐然', minutes: 20 }],
        rollbackPlan: '恢复原规格',
        verifyPlan: '打开首页',
      },
    })
    expect((await pm.call(changeApi.submit, { changeId: begun.id, rev: saved.rev })).category).toBe('MAJOR')
    await act(begun.id, 'acceptChange', om, 'ACCEPT')
    await act(begun.id, 'assessImpact', mm, 'SUPPORT', { risk: 'M', impact: '重启一次' })
    await act(begun.id, 'assessCapacity', build, 'SUPPORT')
    await act(begun.id, 'reviewMeeting', second, 'PASSED', { minutes: '同意' })
    await act(begun.id, 'approveMajor', w.people.cm, 'APPROVE')
    await until('it is verified', async () => {
      const open = await steps(begun.id)
      if (open.includes('handleFailure') || open.includes('backupByHand'))
        throw new Error(JSON.stringify((await om.call(changeApi.get, { changeId: begun.id })).operations))
      return open.includes('verifyChange')
    })
    expect(await witness.server(server.externalId)).toMatchObject({ status: 'VERIFY_RESIZE', vcpus: 2, ram: 4096 })
    await act(begun.id, 'verifyChange', pm, 'PASSED')
    await act(begun.id, 'closeChange', om, 'DONE')
    expect(await om.call(changeApi.get, { changeId: begun.id })).toMatchObject({ status: 'CLOSED', outcome: 'SUCCESS' })
    expect(await witness.server(server.externalId)).toMatchObject({ status: 'ACTIVE', vcpus: 2, ram: 4096 })
    expect(await om.call(inventoryApi.getServer, { id: server.id })).toMatchObject({ vcpu: 2, memGiB: 4 })
  })

  test('a reading: what somebody stopped and what somebody deleted behind our back is named', async () => {
    const { items } = await w.people.om.call(inventoryApi.listServers, { q: tag })
    const other = items.find((one) => one.id !== server.id)
    await witness.act(server.externalId, { 'os-stop': null })
    await witness.deleteServer(other?.externalId ?? '')
    await until('nova has done it', async () => {
      const [stopped, gone] = [await witness.server(server.externalId), await witness.server(other?.externalId ?? '')]
      return stopped.status === 'SHUTOFF' && gone.status === ''
    })
    // for ten minutes after an order of ours a server that differs is taken for one whose record is on its way
    aheadMs = 11 * 60_000
    await pause(0.2)
    const from = performance.now()
    const verdicts = async () => {
      await w.people.ia.call(cloudReadApi.readNow, {})
      await w.t.runJobs()
      const [reading] = (await w.people.om.call(driftApi.readings, { limit: 1 })).items
      const found = (await w.people.om.call(driftApi.drifts, { q: tag, limit: 50 })).items
      const told = found.map((one) => `${one.name} ${one.verdict}`).sort()
      report(
        `reading of the whole cloud: ${reading?.status} ${reading?.error ?? ''} after ${secondsSince(from)} s, found ${told.join(', ')}`,
      )
      return told
    }
    // a service that is too busy to answer ends a reading early; the next one goes on
    const wanted = [`${other?.name} MISSING`, `${items.find((one) => one.id === server.id)?.name} DIFFERS`].sort()
    await until('both are told', async () => JSON.stringify(await verdicts()) === JSON.stringify(wanted))
    await witness.act(server.externalId, { 'os-start': null })
    await until('it runs again', async () => (await witness.server(server.externalId)).status === 'ACTIVE')
  })

  test('a release: imaged, signed, stopped, cooled down for seven days, and gone from Nova', async () => {
    const { pm, om, ot } = w.people
    const { id } = await pm.call(reclaimApi.start, { subject: 'SERVER', itemId: server.id, source: 'OWNER', reason: '业务已迁走' })
    await act(id, 'buildAnalysisReport', ot, 'SUBMIT', {
      gapReason: '业务已迁至新系统',
      recommendation: 'RELEASE',
      recommendationText: '经应用方确认后释放',
    })
    await act(id, 'assessReport', om, 'RELEASE')
    await act(id, 'tenantConfirm', pm, 'CONFIRM')
    await act(id, 'declareData', pm, 'AGREE', { declaration: 'BACKED_UP' })
    await until('it cools down', async () => (await om.call(reclaimApi.get, { caseId: id })).parts[0]?.state === 'COOLING')
    expect((await witness.server(server.externalId)).status).toBe('SHUTOFF')
    const [part] = (await om.call(reclaimApi.get, { caseId: id })).parts
    expect(part?.backup?.by).not.toBe('徐然')
    aheadMs = (7 * 24 + 1) * 3_600_000
    await pause(0.2)
    await until('it is released', async () => (await om.call(reclaimApi.get, { caseId: id })).status === 'CLOSED')
    const closed = await om.call(reclaimApi.get, { caseId: id })
    expect(closed).toMatchObject({ outcome: 'RELEASED', saving: { vcpu: 2, memGiB: 4 } })
    expect(closed.parts[0]?.proof).not.toBeNull()
    expect((await witness.server(server.externalId)).status).toBe('')
    report(`released: backup ${closed.parts[0]?.backup?.ref}, proof ${closed.parts[0]?.proof?.digest.slice(0, 16)}`)
  })
})
