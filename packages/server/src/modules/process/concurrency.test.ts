import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../platform/actor.ts'
import { ProblemError } from '../../platform/fail.ts'
import { registerService } from './handlers.ts'
import { instanceView } from './instances.queries.ts'
import { correlateMessage, startProcess } from './instances.service.ts'
import { tasksFor } from './tasks.queries.ts'
import { claimTask, completeTask } from './tasks.service.ts'
import { openWorld, type World } from './test/world.ts'
import { and, definition, end, flows, service, start, user } from './test/xml.ts'
import { drainDueJobs, workDueJobs } from './worker.ts'

let w: World
let starter: Actor

beforeAll(async () => {
  w = await openWorld({ poolSize: 26 })
  starter = w.person('发起', 'APP_PROJECT_MANAGER')
})
afterAll(() => w.stop())

const OM = 'wf:candidateRoles="OPERATION_MANAGER"'
const begin = (key: string, businessKey: string) => w.as(starter, (ctx) => startProcess(ctx, { key, businessKey, title: businessKey }))
const myTasks = (actor: Actor) => w.as(actor, async (ctx) => (await tasksFor(ctx, { group: 'all', limit: 200 })).items)
const settled = async (work: Promise<unknown>[]) => {
  const results = await Promise.allSettled(work)
  const failures = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  return { won: results.length - failures.length, failures }
}

test('of twenty who claim one task exactly one wins; the others are told who', async () => {
  await w.deploy('claim', definition(start() + user('a', OM) + end() + flows('s>a a>e')))
  await begin('claim', 'claim-1')
  const people = Array.from({ length: 20 }, (_, n) => w.person(`人${n}`, 'OPERATION_MANAGER'))
  const [task] = await myTasks(people[0] as Actor)
  const { won, failures } = await settled(people.map((one) => w.as(one, (ctx) => claimTask(ctx, { taskId: task?.id ?? '' }))))
  expect(won).toBe(1)
  const winner = (
    await Promise.all(
      people.map(async (one) =>
        (await w.as(one, (ctx) => tasksFor(ctx, { group: 'mine', limit: 9 }))).items.length > 0 ? one.name : null,
      ),
    )
  ).find(Boolean)
  for (const failure of failures) {
    expect(failure).toBeInstanceOf(ProblemError)
    expect((failure as ProblemError).kind.kind).toBe('process.claimed')
    expect((failure as ProblemError).params.by).toBe(winner)
  }
})

test('of twenty who complete one task exactly one wins; the others are told who, when and how', async () => {
  await w.deploy('race', definition(start() + user('a', `${OM} wf:outcomes="YES,NO"`) + end() + flows('s>a a>e')))
  const { instanceId } = await begin('race', 'race-1')
  const people = Array.from({ length: 20 }, (_, n) => w.person(`员${n}`, 'OPERATION_MANAGER'))
  const task = (await myTasks(people[0] as Actor)).find((one) => one.instanceId === instanceId)
  const { won, failures } = await settled(
    people.map((one) => w.as(one, (ctx) => completeTask(ctx, { taskId: task?.id ?? '', outcome: 'YES' }))),
  )
  expect(won).toBe(1)
  for (const failure of failures) {
    expect((failure as ProblemError).kind).toMatchObject({ kind: 'process.task-gone', status: 409 })
    expect((failure as ProblemError).params).toMatchObject({ by: expect.stringMatching(/^员\d+$/), outcome: 'YES', at: w.now().toString() })
  }
})

test('both branches of 150 instances completed at the same time: every join fires exactly once', async () => {
  const left = w.person('左', 'MAINTENANCE_MANAGER')
  const right = w.person('右', 'BUILD_PROJECT_MANAGER')
  const body =
    start() +
    and('f') +
    user('l', 'wf:candidateRoles="MAINTENANCE_MANAGER"') +
    user('r', 'wf:candidateRoles="BUILD_PROJECT_MANAGER"') +
    and('j') +
    user('after', OM) +
    end()
  await w.deploy('joins', definition(body + flows('s>f f>l f>r l>j r>j j>after after>e')))
  for (let n = 0; n < 150; n += 1) await begin('joins', `join-${n}`)
  const [lefts, rights] = [await myTasks(left), await myTasks(right)]
  expect([lefts.length, rights.length]).toEqual([150, 150])
  // twelve pairs in flight: more would wait for a connection, not for each other
  const pairs = lefts.map((task) => [task.id, rights.find((one) => one.instanceId === task.instanceId)?.id ?? ''] as const)
  const lane = async (): Promise<void> => {
    for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
      const [mine, other] = pair
      await Promise.all([
        w.as(left, (ctx) => completeTask(ctx, { taskId: mine })),
        w.as(right, (ctx) => completeTask(ctx, { taskId: other })),
      ])
    }
  }
  await Promise.all(Array.from({ length: 12 }, lane))
  const om = w.person('后', 'OPERATION_MANAGER')
  const after = (await myTasks(om)).filter((task) => task.processKey === 'joins')
  expect(after).toHaveLength(150)
  expect(new Set(after.map((task) => task.instanceId)).size).toBe(150)
}, 120_000)

test('a worker that dies with its lease: another takes over after it, the late result is refused, the effect is one', async () => {
  const waiting: (() => void)[] = []
  const applied: string[] = []
  const keys: string[] = []
  let calls = 0
  registerService({
    topic: 'race.slow',
    mode: 'outside',
    leaseSeconds: 60,
    plan: async (_, call) => call.businessKey,
    async call(_: string, key) {
      calls += 1
      const mine = calls
      keys.push(key)
      if (mine === 1) await new Promise<void>((resolve) => waiting.push(resolve))
      return `try ${mine}`
    },
    apply: async (_, __, result: string) => {
      applied.push(result)
      return { result }
    },
  })
  await w.deploy('slow', definition(start() + service('o', 'race.slow', 'outside') + user('a', OM) + end() + flows('s>o o>a a>e')))
  const { instanceId } = await begin('slow', 'slow-1')
  const first = workDueJobs(w.machine)
  while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await workDueJobs(w.machine)).toBe(0)
  w.advance('PT61S')
  await drainDueJobs(w.machine)
  expect(applied).toEqual(['try 2'])
  waiting[0]?.()
  await first
  expect(applied).toEqual(['try 2'])
  expect(new Set(keys).size).toBe(1)
  expect((await w.as(null, (ctx) => instanceView(ctx, { instanceId }))).active).toEqual(['a'])
})

test('a worker killed between lease and result: after the lease another finishes, with the same idempotency key', async () => {
  const made = new Map<string, number>()
  registerService({
    topic: 'race.killed',
    mode: 'outside',
    leaseSeconds: 60,
    plan: async (_, call) => call.businessKey,
    call: async (_: string, key) => {
      made.set(key, (made.get(key) ?? 0) + 1)
      return key
    },
    apply: async () => ({}),
  })
  await w.deploy('killed', definition(start() + service('o', 'race.killed', 'outside') + user('a', OM) + end() + flows('s>o o>a a>e')))
  const { instanceId } = await begin('killed', 'killed-1')
  const script = fileURLToPath(new URL('test/doomed-worker.ts', import.meta.url))
  const child = spawn(process.execPath, [script, w.databaseUrl, w.now().toString()], { stdio: ['ignore', 'pipe', 'inherit'] })
  const called = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString()))
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
  })
  child.kill('SIGKILL')
  expect(await drainDueJobs(w.machine)).toBe(0)
  w.advance('PT61S')
  await drainDueJobs(w.machine)
  expect([...made]).toEqual([[called.trim().replace('called ', ''), 1]])
  expect((await w.as(null, (ctx) => instanceView(ctx, { instanceId }))).active).toEqual(['a'])
})

test('four workers on forty due timers: each fires once', async () => {
  const timer = `<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>`
  let fired = 0
  registerService({
    topic: 'race.count',
    mode: 'tx',
    run: async () => {
      fired += 1
      return {}
    },
  })
  await w.deploy('timers', definition(start() + timer + service('n', 'race.count') + end() + flows('s>t t>n n>e')))
  const ids: string[] = []
  for (let n = 0; n < 40; n += 1) ids.push((await begin('timers', `timer-${n}`)).instanceId)
  w.advance('PT2H')
  await Promise.all(Array.from({ length: 4 }, () => drainDueJobs(w.machine)))
  const views = await Promise.all(ids.map((instanceId) => w.as(null, (ctx) => instanceView(ctx, { instanceId }))))
  expect(views.every((view) => view.instance.status === 'COMPLETED')).toBe(true)
  expect(fired).toBe(40)
})

test('a message and the wait for it at the same instant do not miss each other', async () => {
  const wait = `<receiveTask id="m" messageRef="go"/>`
  await w.deploy('meet', definition(start() + user('a', OM) + wait + user('b', OM) + end() + flows('s>a a>m m>b b>e')))
  const om = w.person('会', 'OPERATION_MANAGER')
  const ids: string[] = []
  for (let n = 0; n < 20; n += 1) ids.push((await begin('meet', `meet-${n}`)).instanceId)
  const tasks = (await myTasks(om)).filter((task) => task.processKey === 'meet')
  const { failures } = await settled(
    tasks.flatMap((task) => [
      w.as(om, (ctx) => completeTask(ctx, { taskId: task.id })),
      w.as(null, (ctx) => correlateMessage(ctx, { name: 'go', key: task.businessKey })),
    ]),
  )
  expect(failures).toEqual([])
  const views = await Promise.all(ids.map((instanceId) => w.as(null, (ctx) => instanceView(ctx, { instanceId }))))
  expect(views.map((view) => view.active)).toEqual(ids.map(() => ['b']))
})
