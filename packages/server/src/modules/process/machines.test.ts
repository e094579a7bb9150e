import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Actor } from '../../platform/actor.ts'
import { BpmnError } from './bpmn/engine/env.ts'
import { registerForm, registerService } from './handlers.ts'
import { correlateMessage, withdrawInstance } from './instances.service.ts'
import { listIncidents, retryIncident } from './operations.service.ts'
import { registerPorts } from './ports.ts'
import { completeTask } from './tasks.service.ts'
import { type Desk, openDesk, problemOf } from './test/desk.ts'
import type { World } from './test/world.ts'
import { definition, end, errorOn, flowIf, flows, service, start, timerOn, user, xor } from './test/xml.ts'
import { holdStart, recomputeDue } from './upkeep.ts'
import { drainDueJobs } from './worker.ts'

let d: Desk
let w: World
let om: Actor
let mm: Actor
let pm: Actor
beforeAll(async () => {
  d = await openDesk()
  ;({ w, om, mm, pm } = d)
})
afterAll(() => w.stop())
const begin: Desk['begin'] = (...all) => d.begin(...all)
const openTask: Desk['openTask'] = (...all) => d.openTask(...all)
const act: Desk['act'] = (...all) => d.act(...all)
const view: Desk['view'] = (instanceId) => d.view(instanceId)

const OM = 'wf:candidateRoles="OPERATION_MANAGER"'
const MM = 'wf:candidateRoles="MAINTENANCE_MANAGER"'

describe('machines', () => {
  test('a form writes facts, a tx service decides, an unknown variable rolls everything back', async () => {
    registerForm({ key: 'test.form', schema: z.object({ amount: z.number() }), handler: async (_, __, data) => ({ amount: data.amount }) })
    registerService({ topic: 'test.double', mode: 'tx', run: async (_, call) => ({ twice: Number(call.vars.amount) * 2 }) })
    const xml = definition(
      start() +
        user('a', `${OM} wf:formKey="test.form"`) +
        service('d', 'test.double') +
        xor('x', 'x_e') +
        user('big', MM) +
        end() +
        flows('s>a a>d d>x x>e big>e') +
        flowIf('x', 'big', '=twice > 10'),
    )
    await w.deploy('form', xml)
    const { instanceId } = await begin('form')
    const task = await openTask(om, instanceId)
    const bad = await problemOf(w.as(om, (ctx) => completeTask(ctx, { taskId: task.id, data: { amount: 'viel' } })))
    expect(bad.kind.kind).toBe('process.bad-data')
    expect(bad.errors?.[0]?.path).toBe('amount')
    await act(om, instanceId, undefined, { amount: 6 })
    expect((await view(instanceId)).active).toEqual(['big'])

    await w.deploy(
      'unknown',
      definition(
        start() + user('a', OM) + xor('x', 'x_e') + user('b', OM) + end() + flows('s>a a>x x>e b>e') + flowIf('x', 'b', '=nowhere'),
      ),
    )
    const lost = await begin('unknown')
    const stuck = await openTask(om, lost.instanceId)
    const undecided = await problemOf(w.as(om, (ctx) => completeTask(ctx, { taskId: stuck.id })))
    expect(undecided.kind.kind).toBe('process.cannot-decide')
    expect(undecided.params.element).toBe('x_b')
    expect((await view(lost.instanceId)).active).toEqual(['a'])
  })

  test('an outside service: tried again, then an incident, then retried by a person', async () => {
    let fails = 8
    const keys = new Set<string>()
    registerService({
      topic: 'test.outside',
      mode: 'outside',
      plan: async (_, call) => call.businessKey,
      call: async (input: string, key) => {
        keys.add(key)
        if (fails > 0) {
          fails -= 1
          throw new Error('502')
        }
        return `made ${input}`
      },
      apply: async (_, __, made: string) => ({ made }),
    })
    await w.deploy('outside', definition(start() + service('o', 'test.outside', 'outside') + user('a', OM) + end() + flows('s>o o>a a>e')))
    const { instanceId } = await begin('outside')
    for (let hour = 0; hour < 10; hour += 1) {
      await drainDueJobs(w.machine)
      w.advance('PT1H')
    }
    const { items } = await w.as(null, (ctx) => listIncidents(ctx, { limit: 50 }))
    const incident = items.find((one) => one.instanceId === instanceId)
    expect(incident).toMatchObject({ node: 'o', error: '502', attempts: 8 })
    expect((await view(instanceId)).failed).toEqual(['o'])
    await w.as(null, (ctx) => retryIncident(ctx, { incidentId: incident?.id ?? '', comment: '网络已恢复' }))
    await drainDueJobs(w.machine)
    expect((await view(instanceId)).active).toEqual(['a'])
    expect(keys.size).toBe(1)
  })

  test('a business error takes its boundary; without one it waits for a person', async () => {
    registerService({
      topic: 'test.full',
      mode: 'tx',
      run: async () => {
        throw new BpmnError('NO_CAPACITY')
      },
    })
    await w.deploy(
      'full',
      definition(
        start() + service('v', 'test.full') + errorOn('v', 'be') + user('fix', OM) + end() + end('e2') + flows('s>v v>e be>fix fix>e2'),
      ),
    )
    expect((await view((await begin('full')).instanceId)).active).toEqual(['fix'])
    await w.deploy('fuller', definition(start() + service('v', 'test.full') + end() + flows('s>v v>e')))
    const { instanceId } = await begin('fuller')
    expect((await view(instanceId)).failed).toEqual(['v'])
    registerService({ topic: 'test.full', mode: 'tx', run: async () => ({}) })
    const { items } = await w.as(null, (ctx) => listIncidents(ctx, { limit: 50 }))
    await w.as(null, (ctx) =>
      retryIncident(ctx, { incidentId: items.find((one) => one.instanceId === instanceId)?.id ?? '', comment: '扩容' }),
    )
    await drainDueJobs(w.machine)
    expect((await view(instanceId)).instance.status).toBe('COMPLETED')
  })

  test('a message that was early is delivered when somebody waits; a repeat is not', async () => {
    const wait = `<intermediateCatchEvent id="m"><messageEventDefinition messageRef="go"/></intermediateCatchEvent>`
    await w.deploy('message', definition(start() + user('a', OM) + wait + user('b', OM) + end() + flows('s>a a>m m>b b>e')))
    const { instanceId, businessKey } = await begin('message')
    const send = () =>
      w.as(null, (ctx) => correlateMessage(ctx, { name: 'go', key: businessKey, payload: { said: 1 }, dedupId: `x-${businessKey}` }))
    expect(await send()).toBe('kept')
    expect(await send()).toBe('repeated')
    await act(om, instanceId)
    expect((await view(instanceId)).active).toEqual(['b'])
    const other = await begin('message')
    await act(om, other.instanceId)
    expect((await view(other.instanceId)).badges[0]?.machine).toBe('go')
    expect(await w.as(null, (ctx) => correlateMessage(ctx, { name: 'go', key: other.businessKey }))).toBe('delivered')
    expect((await view(other.instanceId)).active).toEqual(['b'])
  })

  test('reminders at 80, 100 and 150 % fire once each; an interrupting timer takes over', async () => {
    await w.deploy(
      'timed',
      definition(
        start() +
          user('a', `${OM} wf:due="PT10H"`) +
          timerOn('a', 'r', 'R2/PT3H', false) +
          service('n', 'test.note') +
          end('e0') +
          timerOn('a', 'i', 'PT20H') +
          user('late', MM) +
          end() +
          flows('s>a a>e r>n n>e0 i>late late>e'),
      ),
    )
    let notes = 0
    registerService({
      topic: 'test.note',
      mode: 'tx',
      run: async () => {
        notes += 1
        return {}
      },
    })
    const { instanceId } = await begin('timed')
    const heard = (type: string) => w.heard.filter((one) => one.type === type && one.event.instanceId === instanceId).length
    const step = async (duration: string) => {
      w.advance(duration)
      await drainDueJobs(w.machine)
    }
    await step('PT7H59M')
    expect([heard('task.reminder'), notes]).toEqual([0, 2])
    await step('PT1M')
    await step('PT1H')
    expect([heard('task.reminder'), heard('task.overdue')]).toEqual([1, 0])
    await step('PT1H')
    await step('PT5H')
    expect([heard('task.overdue'), heard('task.escalated'), notes]).toEqual([1, 1, 2])
    const task = await openTask(om, instanceId)
    expect(task.usedRatio).toBe(1.5)
    await step('PT5H')
    expect((await view(instanceId)).active).toEqual(['late'])
    await act(mm, instanceId)
    expect((await view(instanceId)).instance.status).toBe('COMPLETED')
  })

  test('a call activity is an instance of its own; its facts come back, cancelling the caller ends it', async () => {
    await w.deploy('inner', definition(start() + user('inside', OM) + end() + flows('s>inside inside>e')))
    await w.deploy(
      'outer',
      definition(
        start() +
          `<callActivity id="c" calledElement="inner"/>` +
          xor('x', 'x_e') +
          user('more', OM) +
          end() +
          flows('s>c c>x x>e more>e') +
          flowIf('x', 'more', '=inside.outcome = "MORE"'),
      ),
    )
    const { instanceId } = await begin('outer')
    const outer = await view(instanceId)
    expect(outer.active).toEqual(['c'])
    const child = outer.children[0]
    expect(child).toMatchObject({ processKey: 'inner', node: 'c', parentId: instanceId })
    const task = await openTask(om, child?.id ?? '')
    await w.as(om, (ctx) => completeTask(ctx, { taskId: task.id, outcome: 'MORE' }))
    expect((await view(instanceId)).active).toEqual(['more'])
    const second = await begin('outer')
    await w.as(pm, (ctx) => withdrawInstance(ctx, { instanceId: second.instanceId, reason: '不要了' }))
    expect((await view(second.instanceId)).children[0]?.status).toBe('CANCELLED')
  })
})

test('a changed calendar moves open limits and their reminders', async () => {
  await w.deploy('limit', definition(start() + user('a', `${OM} wf:due="param:test.limit"`) + end() + flows('s>a a>e')))
  const { instanceId } = await begin('limit')
  const before = await openTask(om, instanceId)
  const slower = (from: Temporal.Instant) => from.add({ hours: 24 * 9 })
  registerPorts({ workClock: async () => ({ addTime: slower }), personNames: async () => new Map(), openPerson: async () => null })
  expect(await recomputeDue(w.machine)).toBeGreaterThan(0)
  const after = await openTask(om, instanceId)
  expect(after.dueAt).toBe(slower(Temporal.Instant.from(before.fromAt)).toString())
})

test('a named start that stood still makes limits from it longer, those of open steps and of later ones; natural time and other starts stay', async () => {
  const day = (from: Temporal.Instant, limit: string) => from.add({ hours: 24 * Number.parseInt(limit, 10) })
  registerPorts({ workClock: async () => ({ addTime: day }), personNames: async () => new Map(), openPerson: async () => null })
  const from = 'wf:dueFrom="receivedAt"'
  await w.deploy(
    'held',
    definition(
      start() +
        user('a', `${OM} ${from} wf:due="2wd"`) +
        user('b', `${OM} ${from} wf:due="3wd"`) +
        user('c', `${OM} ${from} wf:due="P1D"`) +
        user('d', `${OM} wf:due="1wd"`) +
        end() +
        flows('s>a a>b b>c c>d d>e'),
    ),
  )
  const { instanceId } = await begin('held', om, { receivedAt: '2026-09-01T00:00:00Z' })
  await w.as(om, (ctx) => holdStart(ctx, { instanceId, start: 'receivedAt', workdays: 4 }))
  await w.as(om, (ctx) => holdStart(ctx, { instanceId, start: 'receivedAt', workdays: 1 }))
  const dues: (string | null)[] = []
  for (const _ of 'abcd') {
    const task = await openTask(om, instanceId)
    dues.push(
      task.node === 'd'
        ? Temporal.Instant.from(task.fromAt)
            .until(task.dueAt ?? '')
            .toString()
        : task.dueAt,
    )
    await w.as(om, (ctx) => completeTask(ctx, { taskId: task.id, outcome: 'DONE' }))
  }
  expect(dues).toEqual(['2026-09-08T00:00:00Z', '2026-09-09T00:00:00Z', '2026-09-02T00:00:00Z', 'PT86400S'])
})
