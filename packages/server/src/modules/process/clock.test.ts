import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../platform/actor.ts'
import { registerService } from './handlers.ts'
import { instanceHistory, instanceView } from './instances.queries.ts'
import { startProcess } from './instances.service.ts'
import { listInstances, previewMigration } from './operations.service.ts'
import { tasksFor } from './tasks.queries.ts'
import { completeTask } from './tasks.service.ts'
import { openWorld, type World } from './test/world.ts'
import { definition, end, flows, service, start, timerOn, user } from './test/xml.ts'
import { drainDueJobs, workDueJobs } from './worker.ts'

let w: World
let om: Actor
beforeAll(async () => {
  w = await openWorld()
  om = w.person('王运营', 'OPERATION_MANAGER')
})
afterAll(() => w.stop())

const OM = 'wf:candidateRoles="OPERATION_MANAGER"'
let matters = 0
const begin = (key: string) => {
  matters += 1
  return w.as(om, (ctx) => startProcess(ctx, { key, businessKey: `clock-${matters}`, title: `第 ${matters} 件` }))
}
const view = (instanceId: string) => w.as(null, (ctx) => instanceView(ctx, { instanceId }))
const taskOf = async (instanceId: string) => {
  const { items } = await w.as(om, (ctx) => tasksFor(ctx, { group: 'all', limit: 200 }))
  return items.find((one) => one.instanceId === instanceId)?.id ?? ''
}
const heard = (type: string, instanceId: string) => w.heard.filter((one) => one.type === type && one.event.instanceId === instanceId).length

describe('the clock jumps', () => {
  let notes = 0
  beforeAll(async () => {
    registerService({
      topic: 'clock.note',
      mode: 'tx',
      run: async () => {
        notes += 1
        return {}
      },
    })
    const limited = 'wf:candidateRoles="OPERATION_MANAGER" wf:due="PT10H"'
    const body =
      start() +
      user('a', limited) +
      timerOn('a', 'n', 'R/PT1H', false) +
      service('v', 'clock.note') +
      end('e2') +
      timerOn('a', 'late', 'P30D') +
      user('b', OM) +
      end('e3')
    await w.deploy('jumps', definition(body + end() + flows('s>a a>e n>v v>e2 late>b b>e3')))
  })

  test('forwards by days: each reminder once, an endless cycle once and then in its old rhythm', async () => {
    const { instanceId } = await begin('jumps')
    notes = 0
    w.advance('P3DT30M')
    await drainDueJobs(w.machine)
    expect(['task.reminder', 'task.overdue', 'task.escalated'].map((type) => heard(type, instanceId))).toEqual([1, 1, 1])
    expect(notes).toBe(1)
    await drainDueJobs(w.machine)
    w.advance('PT30M')
    await drainDueJobs(w.machine)
    expect(notes).toBe(2)
    expect((await view(instanceId)).active).toEqual(['a'])
    w.advance('P40D')
    await drainDueJobs(w.machine)
    expect((await view(instanceId)).active).toEqual(['b'])
  })

  test('backwards: nothing fires twice, the step can be done, the limit stays where it was', async () => {
    const { instanceId } = await begin('jumps')
    const before = w.heard.length
    w.advance('PT9H')
    await drainDueJobs(w.machine)
    expect(heard('task.reminder', instanceId)).toBe(1)
    const due = (await view(instanceId)).steps.find((step) => step.node === 'a')?.dueAt
    w.advance('-PT5H')
    await drainDueJobs(w.machine)
    w.advance('PT5H')
    await drainDueJobs(w.machine)
    expect(heard('task.reminder', instanceId)).toBe(1)
    expect((await view(instanceId)).steps.find((step) => step.node === 'a')?.dueAt).toBe(due)
    w.advance('-P2D')
    await w.as(om, async (ctx) => completeTask(ctx, { taskId: await taskOf(instanceId), data: {} }))
    const { items } = await w.as(null, (ctx) => instanceHistory(ctx, { instanceId, detail: 'all', withChildren: true, limit: 200 }))
    // the order of what happened is the sequence, whatever the clock said
    expect(new Set(items.map((event) => event.seq)).size).toBe(items.length)
    expect((await view(instanceId)).instance.status).toBe('COMPLETED')
    expect(w.heard.length).toBeGreaterThan(before)
    w.advance('P2D')
  })

  test('backwards during a lease: the result of the one who holds it counts, and nobody calls a second time', async () => {
    let calls = 0
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    registerService({
      topic: 'clock.slow',
      mode: 'outside',
      leaseSeconds: 60,
      plan: async () => '',
      async call() {
        calls += 1
        await held
        return 'done'
      },
      apply: async () => ({}),
    })
    await w.deploy('leased', definition(start() + service('o', 'clock.slow', 'outside') + user('a', OM) + end() + flows('s>o o>a a>e')))
    const { instanceId } = await begin('leased')
    const working = workDueJobs(w.machine)
    while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    w.advance('-PT2H')
    expect(await workDueJobs(w.machine)).toBe(0)
    release()
    await working
    expect([calls, (await view(instanceId)).active]).toEqual([1, ['a']])
    w.advance('PT2H')
  })
})

describe('a long history', () => {
  test('the picture is counted in the database: five thousand rounds are one row an element', async () => {
    await w.deploy('long', definition(start() + user('a', OM) + end() + flows('s>a a>e')))
    const { instanceId } = await begin('long')
    await w.door.db.transaction().execute((db) =>
      sql`insert into wf_event (instance_id, seq, root_id, at, kind, node, flow, lineage, data)
        select ${instanceId}, 1000 + n, ${instanceId}, ${w.now()}::timestamptz + n * interval '1 second',
          (array['leave', 'flow', 'enter'])[1 + n % 3], 'a', case when n % 3 = 1 then 's_a' end, '{}', '{}' from generate_series(0, 14999) n`.execute(
        db,
      ),
    )
    const seen = await view(instanceId)
    expect(seen.loops).toEqual([{ node: 'a', times: 5001 }])
    expect([seen.active, seen.passed, seen.flows]).toEqual([['a'], ['s'], ['s_a']])
    expect(seen.steps.find((step) => step.node === 'a')).toMatchObject({ state: 'ACTIVE', times: 5001, leftAt: null })
    const page = await w.as(null, (ctx) => instanceHistory(ctx, { instanceId, detail: 'people', withChildren: true, limit: 50 }))
    expect(page.items.map((event) => event.kind)).toEqual(['start'])
    const plan = await w.door.db
      .transaction()
      .execute((db) =>
        sql<{ 'QUERY PLAN': string }>`explain select node from wf_event where instance_id = ${instanceId} and kind = 'enter'`.execute(db),
      )
    expect(plan.rows.map((row) => row['QUERY PLAN']).join()).toContain('wf_event_pkey')
  })
})

test('a dry run of a migration says token by token what would happen, and changes nothing', async () => {
  await w.deploy('moving', definition(start() + user('a', OM) + user('b', OM) + end() + flows('s>a a>b b>e')))
  const first = await begin('moving')
  const second = await begin('moving')
  await w.as(om, async (ctx) => completeTask(ctx, { taskId: await taskOf(second.instanceId), data: {} }))
  const toVersion = await w.deploy(
    'moving',
    definition(start() + user('a', OM) + service('c', 'clock.note') + end() + flows('s>a a>c c>e')),
  )
  const before = await w.as(om, (ctx) => listInstances(ctx, { processKey: 'moving', limit: 50 }))
  const plan = await w.as(om, (ctx) => previewMigration(ctx, { key: 'moving', toVersion, map: {} }))
  expect([plan.movable, plan.left]).toEqual([1, 1])
  const lines = new Map(plan.lines.map((line) => [line.instanceId, line]))
  expect(lines.get(first.instanceId)).toMatchObject({ ok: true, tokens: [{ node: 'a', to: 'a', ok: true }] })
  expect(lines.get(second.instanceId)).toMatchObject({ ok: false, tokens: [{ node: 'b', ok: false }] })
  expect(lines.get(second.instanceId)?.tokens[0]?.reason).toBeTruthy()
  expect(await w.as(om, (ctx) => listInstances(ctx, { processKey: 'moving', limit: 50 }))).toEqual(before)
  // given a place by hand, a step of another kind still does not fit
  const mapped = await w.as(om, (ctx) => previewMigration(ctx, { key: 'moving', toVersion, map: { b: 'c' } }))
  expect([mapped.movable, mapped.left]).toEqual([1, 1])
  const fitting = await w.as(om, (ctx) => previewMigration(ctx, { key: 'moving', toVersion, map: { b: 'a' } }))
  expect(fitting.movable).toBe(2)
})
