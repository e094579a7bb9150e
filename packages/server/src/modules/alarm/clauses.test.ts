import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { startTestServer } from '../../../test/harness.ts'
import { newId } from '../../platform/ids.ts'
import { alarmClauses } from './alarm.clauses.ts'
import { keepReadings } from './evaluate.service.ts'
import { observe, type Seen } from './observe.service.ts'
import { policyFor } from './policy.ts'
import { forgetReadings } from './reading.store.ts'

const t = await startTestServer({ now: '2026-09-10T12:00' })
afterAll(() => t.stop())
const span = () => ({
  from: Temporal.Instant.from('2026-08-31T16:00:00Z'),
  to: Temporal.Instant.from('2026-09-30T16:00:00Z'),
  asOf: t.now(),
})
const read = async (of: string) => {
  const source = alarmClauses.find((one) => one.of === of)
  if (!source || source.meter === 'rhythm') throw new Error(of)
  return t.inTx((ctx) => source.read(ctx, span()))
}
const id = await t.inTx(async (ctx) => {
  const key = newId()
  await sql`insert into server (id, name, kind, env, state, vcpu, mem_gib, root_gib, created_at, updated_at)
    values (${key}, 'metal-1', 'baremetal', 'PROD', 'ACTIVE', 64, 256, 480, ${ctx.now}, ${ctx.now})`.execute(ctx.db)
  return key
})
const report = (...metrics: string[]) =>
  t.inTx((ctx) =>
    keepReadings(
      ctx,
      metrics.map((metric) => ({ metric, itemId: id, labels: {}, value: 1, at: t.now().epochMilliseconds })),
    ),
  )

describe('what is watched', () => {
  test.each([
    ['5.3-1', 'cpu-monitored', ['cpu.busy']],
    ['5.3-2', 'memory-monitored', ['memory.used']],
    ['5.3-3', 'disk-monitored', ['disk.used']],
    ['5.3-5', 'bmc-monitored', ['power.state', 'fan.state', 'temperature.inside']],
    ['5.3-6', 'disks-monitored', ['disk.failing']],
    ['5.3-7', 'cards-monitored', ['nic.down', 'raid.health']],
  ])('[%s] %s asks for all of %j', async (_, of, metrics) => {
    expect(await read(of)).toMatchObject([{ subject: { label: 'metal-1' }, kept: false }])
    for (const metric of metrics.slice(0, -1)) await report(metric)
    if (metrics.length > 1) expect(await read(of)).toMatchObject([{ kept: false }])
    await report(metrics.at(-1) as string)
    expect(await read(of)).toMatchObject([{ kept: true }])
  })
  test('[5.3-4] something that has a bound is reported', async () => expect(await read('thresholds-set')).toMatchObject([{ kept: true }]))
  test('[5.1-3] health and load are both known', async () => expect(await read('three-kinds-monitored')).toMatchObject([{ kept: true }]))
  test('what stopped being reported is not covered any more', async () => {
    t.advance('PT11M')
    expect(await read('cpu-monitored')).toMatchObject([{ kept: false }])
  })
})

test('[5.3-1] what was watched in a month that is over stays so: gaps count, and what came, went or fell silent since does not', async () => {
  const key = newId()
  const put = async (at: string) => {
    t.setNow(Temporal.Instant.from(at))
    await t.inTx((ctx) => keepReadings(ctx, [{ metric: 'cpu.busy', itemId: key, labels: {}, value: 1, at: ctx.now.epochMilliseconds }]))
  }
  const readAt = async (asOf: string) => {
    const source = alarmClauses.find(({ of }) => of === 'cpu-monitored')
    if (!source || source.meter === 'rhythm') throw new Error('cpu-monitored')
    const found = await t.inTx((ctx) => source.read(ctx, { ...span(), asOf: Temporal.Instant.from(asOf) }))
    return found.find(({ subject }) => subject.id === key)?.kept
  }
  await t.inTx((ctx) =>
    sql`insert into server (id, name, kind, env, state, vcpu, mem_gib, root_gib, created_at, updated_at)
      values (${key}, 'vm-past', 'vm', 'PROD', 'ACTIVE', 2, 4, 40, ${Temporal.Instant.from('2026-09-10T05:00:00Z')}, ${ctx.now})`.execute(
      ctx.db,
    ),
  )
  for (const at of ['2026-09-10T05:00:00Z', '2026-09-10T05:08:00Z', '2026-09-10T06:00:00Z', '2026-09-10T06:09:00Z']) await put(at)
  const known = ['2026-09-10T04:59:00Z', '2026-09-10T05:09:00Z', '2026-09-10T05:30:00Z', '2026-09-10T06:05:00Z']
  const answers = async () => Array.fromAsync(known, readAt)
  expect(await answers()).toEqual([undefined, true, false, true])
  t.setNow(Temporal.Instant.from('2026-09-20T00:00:00Z'))
  await t.inTx(async (ctx) => {
    await forgetReadings(ctx.db, ctx.now)
    await sql`update server set state = 'RETIRED', retired_at = ${ctx.now} where id = ${key}`.execute(ctx.db)
  })
  expect(await answers()).toEqual([undefined, true, false, true])
  t.setNow('2026-09-10T13:00')
})

describe('networks and what reaches over them', () => {
  test.each<[string, string, 'SWITCH' | 'LINE' | 'vm', string[]]>([
    ['5.2-0', 'network-monitored', 'SWITCH', ['device.reachable', 'device.cpu', 'device.memory', 'link.in', 'link.out']],
    ['5.2-1', 'connectivity-probed', 'vm', ['reach.inside']],
    ['5.2-1', 'connectivity-probed', 'LINE', ['reach.outside']],
    ['5.2-3', 'device-load-monitored', 'SWITCH', ['device.cpu', 'device.memory']],
    ['5.2-6', 'bandwidth-monitored', 'LINE', ['link.in', 'link.out']],
  ])('[%s] %s of a %s asks for all of %j', async (clause, of, kind, metrics) => {
    const name = `${kind}-${clause}`
    const key = newId()
    await t.inTx((ctx) =>
      kind === 'vm'
        ? sql`insert into server (id, name, kind, env, state, vcpu, mem_gib, root_gib, created_at, updated_at)
            values (${key}, ${name}, 'vm', 'PROD', 'ACTIVE', 2, 4, 40, ${ctx.now}, ${ctx.now})`.execute(ctx.db)
        : sql`insert into component (id, kind, name, state, created_at, updated_at)
            values (${key}, ${kind}, ${name}, 'ACTIVE', ${ctx.now}, ${ctx.now})`.execute(ctx.db),
    )
    const isKept = async () => (await read(of)).find(({ subject }) => subject.id === key)?.kept
    expect(await isKept()).toBe(false)
    for (const metric of metrics) {
      expect(await isKept(), `before ${metric}`).toBe(false)
      await t.inTx((ctx) => keepReadings(ctx, [{ metric, itemId: key, labels: {}, value: 1, at: t.now().epochMilliseconds }]))
    }
    expect(await isKept()).toBe(true)
  })
})

describe('what was made of alarms', () => {
  const seen = (topic: string, level: 'II' | null, minutes: number): Promise<unknown> => {
    t.setNow(Temporal.Instant.from('2026-09-12T02:00:00Z').add({ minutes }))
    return t.inTx((ctx) =>
      observe(ctx, [
        {
          identity: `test:${topic}`,
          sight: { at: ctx.now.epochMilliseconds, level },
          value: null,
          about: {
            ruleId: null,
            source: 'PLATFORM',
            sourceId: null,
            title: { zh: topic, en: topic },
            hint: null,
            topic,
            clause: null,
            cause: null,
            lost: false,
            unit: '',
            labels: {},
            object: null,
            objectName: topic,
          },
          policy: policyFor(ctx, { for: 'PT0S', settle: 'PT0S', missing: 'hold' }, true),
        } satisfies Seen,
      ]),
    )
  }
  test.each([
    ['5.2-7', 'ddos-alarm', 'attack', null],
    ['5.3-8', 'storage-alarm', 'storage-hardware', true],
  ])('[%s] %s is over within the six hours of its level, with what was opened for it', async (_, of, topic, kept) => {
    await seen(topic, 'II', 0)
    expect(await read(of)).toMatchObject([{ startedAt: '2026-09-12T02:00:00Z', dueAt: '2026-09-12T08:00:00Z', doneAt: null, kept }])
    await seen(topic, null, 300)
    expect(await read(of)).toMatchObject([{ doneAt: '2026-09-12T07:00:00Z' }])
  })
})
