import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Actor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { ProblemError } from '../../platform/fail.ts'
import { BpmnError } from './bpmn/engine/env.ts'
import { compareVersions, decideProposal, proposeVersion } from './definitions.service.ts'
import { deployShipped } from './deploy.ts'
import { registerForm, registerService } from './handlers.ts'
import { instanceHistory, instanceView } from './instances.queries.ts'
import { answerCancel, correlateMessage, requestCancel, startProcess, withdrawInstance } from './instances.service.ts'
import { listIncidents, migrateInstances, previewMigration, retryIncident } from './operations.service.ts'
import { registerPorts } from './ports.ts'
import { summariseTasks, taskDetail, tasksFor, tasksOfOthers } from './tasks.queries.ts'
import { addSign, claimTask, completeTask, delegateTask, recallTask, returnTask, transferTask } from './tasks.service.ts'
import { openWorld, type World } from './test/world.ts'
import { and, definition, end, errorOn, flowIf, flows, service, start, timerOn, user, xor } from './test/xml.ts'
import { recomputeDue } from './upkeep.ts'
import { drainDueJobs } from './worker.ts'

let w: World
let om: Actor
let mm: Actor
let bm: Actor
let pm: Actor

beforeAll(async () => {
  w = await openWorld()
  om = w.person('王运营', 'OPERATION_MANAGER')
  mm = w.person('李运维', 'MAINTENANCE_MANAGER')
  bm = w.person('赵建设', 'BUILD_PROJECT_MANAGER')
  pm = w.person('钱项目', 'APP_PROJECT_MANAGER')
})
afterAll(() => w.stop())

let matters = 0
const begin = (key: string, actor: Actor = pm, vars: Record<string, unknown> = {}) => {
  matters += 1
  const businessKey = `matter-${matters}`
  return w.as(actor, async (ctx) => ({ businessKey, ...(await startProcess(ctx, { key, businessKey, title: `第 ${matters} 件`, vars })) }))
}
const openTask = async (actor: Actor, instanceId: string) => {
  const { items } = await w.as(actor, (ctx) => tasksFor(ctx, { group: 'all', limit: 200 }))
  const task = items.find((one) => one.instanceId === instanceId)
  if (!task) throw new Error(`${actor.name} has no task of ${instanceId}`)
  return task
}
const act = async (actor: Actor, instanceId: string, outcome?: string, data: Record<string, unknown> = {}) => {
  const task = await openTask(actor, instanceId)
  return w.as(actor, (ctx) => completeTask(ctx, { taskId: task.id, outcome, data }))
}
const problemOf = async (work: Promise<unknown>): Promise<ProblemError> => {
  try {
    await work
  } catch (error) {
    if (error instanceof ProblemError) return error
    throw error
  }
  throw new Error('no problem was raised')
}
/** The applicant asks to cancel: the ground of every open decision moved. */
const askToCancel = (ctx: Ctx, instanceId: string) => requestCancel(ctx, { instanceId, reason: '改主意' })
const view = (instanceId: string) => w.as(null, (ctx) => instanceView(ctx, { instanceId }))

const OM = 'wf:candidateRoles="OPERATION_MANAGER"'
const MM = 'wf:candidateRoles="MAINTENANCE_MANAGER"'
const BM = 'wf:candidateRoles="BUILD_PROJECT_MANAGER"'
const STARTER = 'wf:assignee="=starter"'

/** fill -> review || capacity -> approve -> end, the shape of the plan's reviews. */
const review = definition(
  start() +
    user('fill', STARTER) +
    and('fork') +
    user('tech', `${MM} wf:outcomes="APPROVE,REJECT" wf:returnTo="fill"`) +
    user('room', `${BM} wf:outcomes="APPROVE,REJECT" wf:returnTo="fill"`) +
    and('join') +
    user('final', `${OM} wf:outcomes="APPROVE,REJECT" wf:notBy="starter,tech"`) +
    xor('gate', 'gate_e') +
    end('e') +
    end('no') +
    flows('s>fill fill>fork fork>tech fork>room tech>join room>join join>final final>gate gate>e') +
    flowIf('gate', 'no', '=final.outcome = "REJECT"'),
)

describe('a matter goes its way', () => {
  beforeAll(() => w.deploy('review', review))

  test('fill, two reviews in parallel, approval; the history and the picture tell it', async () => {
    const { instanceId } = await begin('review')
    await act(pm, instanceId)
    await act(mm, instanceId, 'APPROVE')
    const half = await view(instanceId)
    expect(half.active).toEqual(['room'])
    expect(half.badges[0]).toMatchObject({ roles: ['BUILD_PROJECT_MANAGER'], count: 1 })
    expect(half.steps.find((step) => step.node === 'tech')).toMatchObject({
      state: 'PASSED',
      doneBy: { name: '李运维' },
      outcome: 'APPROVE',
    })
    await act(bm, instanceId, 'APPROVE')
    const last = await act(om, instanceId, 'APPROVE')
    expect(last.instanceStatus).toBe('COMPLETED')
    const done = await view(instanceId)
    expect(done.active).toEqual([])
    expect(done.passed).toEqual(['s', 'fill', 'fork', 'tech', 'room', 'join', 'final', 'gate', 'e'])
    expect(done.flows).not.toContain('gate_no')
    const { items } = await w.as(pm, (ctx) => instanceHistory(ctx, { instanceId, detail: 'people', withChildren: true, limit: 50 }))
    expect(items.map((event) => [event.kind, event.node, event.actor?.name])).toEqual([
      ['start', 's', '钱项目'],
      ['complete', 'fill', '钱项目'],
      ['complete', 'tech', '李运维'],
      ['complete', 'room', '赵建设'],
      ['complete', 'final', '王运营'],
      ['end', null, '王运营'],
    ])
    expect(w.heard.filter((one) => one.type === 'instance.ended').at(-1)?.event).toMatchObject({ instanceId, status: 'COMPLETED' })
  })

  test('an outcome the step does not have, and a step of somebody else, are refused by name', async () => {
    const { instanceId } = await begin('review')
    await act(pm, instanceId)
    const task = await openTask(mm, instanceId)
    const bad = await problemOf(w.as(mm, (ctx) => completeTask(ctx, { taskId: task.id, outcome: 'PERHAPS' })))
    expect(bad.kind.kind).toBe('process.bad-outcome')
    const foreign = await problemOf(w.as(om, (ctx) => completeTask(ctx, { taskId: task.id, outcome: 'APPROVE' })))
    expect(foreign.kind.kind).toBe('process.not-yours')
    expect(foreign.params.who).toBe('运维管理员')
  })

  test('four eyes: who reviewed does not approve', async () => {
    const both = w.person('两职', 'MAINTENANCE_MANAGER', 'OPERATION_MANAGER')
    const { instanceId } = await begin('review')
    await act(pm, instanceId)
    await act(both, instanceId, 'APPROVE')
    await act(bm, instanceId, 'APPROVE')
    const task = await openTask(both, instanceId)
    const refused = await problemOf(w.as(both, (ctx) => completeTask(ctx, { taskId: task.id, outcome: 'APPROVE' })))
    expect(refused.kind.kind).toBe('process.four-eyes')
    expect((await w.as(both, (ctx) => taskDetail(ctx, { taskId: task.id }))).may.complete).toBe(false)
  })

  test('a stale form is told so; a parallel review does not make it stale', async () => {
    const { instanceId } = await begin('review')
    await act(pm, instanceId)
    const task = await openTask(mm, instanceId)
    const { rev } = await w.as(mm, (ctx) => taskDetail(ctx, { taskId: task.id }))
    await act(bm, instanceId, 'APPROVE')
    await w.as(mm, (ctx) => claimTask(ctx, { taskId: task.id }))
    await w.as(pm, (ctx) => askToCancel(ctx, instanceId))
    const stale = await problemOf(w.as(mm, (ctx) => completeTask(ctx, { taskId: task.id, outcome: 'APPROVE', rev })))
    expect(stale.kind.kind).toBe('process.stale')
    const fresh = await w.as(mm, (ctx) => taskDetail(ctx, { taskId: task.id }))
    await w.as(mm, (ctx) => completeTask(ctx, { taskId: task.id, outcome: 'APPROVE', rev: fresh.rev }))
    const second = await begin('review')
    await act(pm, second.instanceId)
    const other = await openTask(mm, second.instanceId)
    const seen = await w.as(mm, (ctx) => taskDetail(ctx, { taskId: other.id }))
    await act(bm, second.instanceId, 'APPROVE')
    await w.as(mm, (ctx) => completeTask(ctx, { taskId: other.id, outcome: 'APPROVE', rev: seen.rev }))
    expect((await view(second.instanceId)).active).toEqual(['final'])
  })

  test('people of another bureau do not see it', async () => {
    const tenantId = '01900000-0000-7000-8000-000000000001'
    const other = '01900000-0000-7000-8000-000000000002'
    const stranger = w.person('外人', { role: 'APP_PROJECT_MANAGER', tenantId: other, applicationId: null })
    const colleague = w.person('同事', { role: 'APP_PROJECT_MANAGER', tenantId, applicationId: null })
    const { instanceId } = await w.as(pm, (ctx) => startProcess(ctx, { key: 'review', businessKey: 'b', title: 't', tenantId }))
    expect((await problemOf(w.as(stranger, (ctx) => instanceView(ctx, { instanceId })))).kind.kind).toBe('not-found')
    expect((await w.as(colleague, (ctx) => instanceView(ctx, { instanceId }))).instance.id).toBe(instanceId)
  })
})

describe('verbs', () => {
  test('退回 from one of two parallel reviews reopens fill, cancels the sibling, and comes straight back to both', async () => {
    const { instanceId } = await begin('review')
    await act(pm, instanceId)
    await act(mm, instanceId, 'APPROVE')
    const task = await openTask(bm, instanceId)
    const detail = await w.as(bm, (ctx) => taskDetail(ctx, { taskId: task.id }))
    expect(detail.returnTo.map((one) => one.node)).toEqual(['fill'])
    await w.as(bm, (ctx) => returnTask(ctx, { taskId: task.id, toNode: 'fill', reasons: [{ field: 'totals', text: '合计不符' }] }))
    const back = await openTask(pm, instanceId)
    expect(back).toMatchObject({ node: 'fill', assignee: { name: '钱项目' } })
    expect((await w.as(pm, (ctx) => taskDetail(ctx, { taskId: back.id }))).returned).toMatchObject({
      by: { name: '赵建设' },
      reasons: [{ text: '合计不符' }],
    })
    await act(pm, instanceId)
    const again = await openTask(mm, instanceId)
    expect((await w.as(mm, (ctx) => taskDetail(ctx, { taskId: again.id }))).earlier).toMatchObject({ outcome: 'APPROVE' })
    await act(mm, instanceId, 'APPROVE')
    await act(bm, instanceId, 'APPROVE')
    expect((await act(om, instanceId, 'APPROVE')).instanceStatus).toBe('COMPLETED')
    expect((await view(instanceId)).returns).toMatchObject([{ from: 'room', to: 'fill' }])
  })

  test('收回 while nobody acted; afterwards it names who did', async () => {
    const { instanceId } = await begin('review')
    const fill = await openTask(pm, instanceId)
    await w.as(pm, (ctx) => completeTask(ctx, { taskId: fill.id }))
    await w.as(pm, (ctx) => recallTask(ctx, { taskId: fill.id }))
    expect((await view(instanceId)).active).toEqual(['fill'])
    const second = await openTask(pm, instanceId)
    await w.as(pm, (ctx) => completeTask(ctx, { taskId: second.id }))
    await act(mm, instanceId, 'APPROVE')
    const refused = await problemOf(w.as(pm, (ctx) => recallTask(ctx, { taskId: second.id })))
    expect(refused.kind.kind).toBe('process.no-recall')
    expect(refused.params).toMatchObject({ by: '李运维' })
  })

  test('撤回 before the first review, 撤销 with the consent of the handler', async () => {
    const early = await begin('review')
    await act(pm, early.instanceId)
    expect((await w.as(pm, (ctx) => withdrawInstance(ctx, { instanceId: early.instanceId, reason: '重写' }))).status).toBe('CANCELLED')
    const late = await begin('review')
    await act(pm, late.instanceId)
    await act(mm, late.instanceId, 'APPROVE')
    const refused = await problemOf(w.as(pm, (ctx) => withdrawInstance(ctx, { instanceId: late.instanceId, reason: '重写' })))
    expect(refused.kind.kind).toBe('process.no-withdraw')
    await w.as(pm, (ctx) => requestCancel(ctx, { instanceId: late.instanceId, reason: '项目取消' }))
    expect((await problemOf(w.as(pm, (ctx) => answerCancel(ctx, { instanceId: late.instanceId, consent: true })))).kind.kind).toBe(
      'process.not-yours',
    )
    const ended = await w.as(bm, (ctx) => answerCancel(ctx, { instanceId: late.instanceId, consent: true }))
    expect(ended.status).toBe('CANCELLED')
    expect((await view(late.instanceId)).active).toEqual([])
  })

  test('转办, 委派, 加签 before, beside and after', async () => {
    await w.deploy('one', definition(start() + user('a', OM) + end() + flows('s>a a>e')))
    const helper = w.person('孙协办', 'OPERATION_TECHNICIAN')
    const { instanceId } = await begin('one')
    const task = await openTask(om, instanceId)
    await w.as(om, (ctx) => claimTask(ctx, { taskId: task.id }))
    await w.as(om, (ctx) => delegateTask(ctx, { taskId: task.id, toPersonId: helper.personId ?? '', comment: '请先看' }))
    const blocked = await problemOf(w.as(om, (ctx) => completeTask(ctx, { taskId: task.id })))
    expect(blocked.kind.kind).toBe('process.task-blocked')
    expect(blocked.params.waitingFor).toBe('孙协办')
    await act(helper, instanceId)
    await w.as(om, (ctx) => addSign(ctx, { taskId: task.id, personIds: [helper.personId ?? ''], when: 'PARALLEL', comment: '会看' }))
    await w.as(om, (ctx) => addSign(ctx, { taskId: task.id, personIds: [mm.personId ?? ''], when: 'AFTER', comment: '再看' }))
    expect((await act(om, instanceId)).instanceStatus).toBe('RUNNING')
    await act(helper, instanceId)
    expect((await view(instanceId)).badges[0]?.waitingFor).toEqual([{ personId: mm.personId, name: '李运维' }])
    expect((await act(mm, instanceId)).instanceStatus).toBe('COMPLETED')

    const second = await begin('one')
    const given = await openTask(om, second.instanceId)
    await w.as(om, (ctx) => transferTask(ctx, { taskId: given.id, toPersonId: helper.personId ?? '', comment: '出差' }))
    expect((await problemOf(w.as(om, (ctx) => completeTask(ctx, { taskId: given.id })))).kind.kind).toBe('process.not-yours')
    expect((await act(helper, second.instanceId)).instanceStatus).toBe('COMPLETED')
  })

  test('会签 ends by its condition', async () => {
    const many = `<multiInstanceLoopCharacteristics wf:collection="=people" wf:elementVariable="one"><completionCondition>=votes.YES &gt;= 2</completionCondition></multiInstanceLoopCharacteristics>`
    await w.deploy('many', definition(start() + user('a', 'wf:assignee="=one" wf:outcomes="YES,NO"', many) + end() + flows('s>a a>e')))
    const { instanceId } = await begin('many', pm, { people: [om.personId, mm.personId, bm.personId] })
    await act(om, instanceId, 'YES')
    expect((await view(instanceId)).badges[0]?.count).toBe(2)
    expect((await act(bm, instanceId, 'YES')).instanceStatus).toBe('COMPLETED')
  })
})

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

describe('lists', () => {
  test('my tasks by urgency with keyset pages, filters and counts; what others do for me', async () => {
    await w.deploy('due1', definition(start() + user('a', 'wf:candidateRoles="SERVICE_DESK" wf:due="PT2H"') + end() + flows('s>a a>e')))
    await w.deploy('due2', definition(start() + user('a', 'wf:candidateRoles="SERVICE_DESK" wf:due="PT1H"') + end() + flows('s>a a>e')))
    await w.deploy('due3', definition(start() + user('a', 'wf:candidateRoles="SERVICE_DESK"') + end() + flows('s>a a>e')))
    const desk = w.person('坐席', 'SERVICE_DESK')
    const applicant = w.person('申请人', 'APP_PROJECT_MANAGER')
    for (const key of ['due3', 'due1', 'due2', 'due1']) await begin(key, applicant)
    const first = await w.as(desk, (ctx) => tasksFor(ctx, { group: 'all', limit: 3 }))
    expect(first.items.map((task) => task.processKey)).toEqual(['due2', 'due1', 'due1'])
    const rest = await w.as(desk, (ctx) => tasksFor(ctx, { group: 'all', limit: 3, after: first.next ?? undefined }))
    expect(rest.items.map((task) => task.processKey)).toEqual(['due3'])
    expect(rest.next).toBeNull()
    const only = await w.as(desk, (ctx) => tasksFor(ctx, { group: 'claimable', limit: 9, processKey: 'due1' }))
    expect(only.items).toHaveLength(2)
    await w.as(desk, (ctx) => claimTask(ctx, { taskId: first.items[0]?.id ?? '' }))
    expect((await w.as(desk, (ctx) => tasksFor(ctx, { group: 'mine', limit: 9 }))).items.map((task) => task.processKey)).toEqual(['due2'])
    const counts = await w.as(desk, (ctx) => summariseTasks(ctx))
    expect(counts).toMatchObject({ mine: 1, claimable: 3, none: 1, overdue: 0 })
    expect((await w.as(applicant, (ctx) => tasksOfOthers(ctx, { limit: 9 }))).items).toHaveLength(4)
    expect((await w.as(desk, (ctx) => tasksFor(ctx, { group: 'all', limit: 9, q: '没有这件' }))).items).toEqual([])
  })
})

describe('versions', () => {
  test('running matters keep theirs; migration says why a token has no place, then moves', async () => {
    const one = definition(start() + user('a', OM) + end() + flows('s>a a>e'))
    const renamed = definition(start() + user('b', MM) + end() + flows('s>b b>e'))
    expect(await w.deploy('moving', one)).toBe(1)
    expect(await w.deploy('moving', one)).toBe(1)
    const { instanceId } = await begin('moving')
    expect(await w.deploy('moving', renamed)).toBe(2)
    expect((await view(instanceId)).instance.version).toBe(1)
    const blind = await w.as(null, (ctx) => previewMigration(ctx, { key: 'moving', toVersion: 2, map: {} }))
    expect(blind).toMatchObject({ movable: 0, left: 1, lines: [{ tokens: [{ node: 'a', ok: false }] }] })
    const moved = await w.as(null, (ctx) =>
      migrateInstances(ctx, { key: 'moving', toVersion: 2, map: { a: 'b' }, instanceIds: [instanceId], comment: '换人' }),
    )
    expect(moved).toMatchObject({ movable: 1, left: 0 })
    expect((await act(mm, instanceId)).instanceStatus).toBe('COMPLETED')
  })
})

test('shipped files are deployed once, and do not push aside what people deployed since', async () => {
  const drawn = (xml: string) => {
    const shapes = ['s', 'a', 'e'].map(
      (id) => `<di:BPMNShape bpmnElement="${id}"><dc:Bounds x="0" y="0" width="10" height="10"/></di:BPMNShape>`,
    )
    const edges = ['s_a', 'a_e'].map(
      (id) => `<di:BPMNEdge bpmnElement="${id}"><dd:waypoint x="0" y="0"/><dd:waypoint x="9" y="0"/></di:BPMNEdge>`,
    )
    const plane = `<di:BPMNDiagram id="d"><di:BPMNPlane id="pl" bpmnElement="p">${shapes.join('')}${edges.join('')}</di:BPMNPlane></di:BPMNDiagram>`
    const spaces =
      'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI"'
    return xml.replace('<definitions ', `<definitions ${spaces} `).replace('</definitions>', `${plane}</definitions>`)
  }
  const file = (due: string) => ({
    key: 'ship',
    xml: drawn(definition(start() + user('a', `${OM} wf:due="${due}"`) + end() + flows('s>a a>e'))),
  })
  const ship = (due: string) => w.as(null, (ctx) => deployShipped(ctx, [file(due)]))
  expect(await ship('1wd')).toEqual(['ship@1'])
  expect(await ship('1wd')).toEqual([])
  const editor = w.person('编者', 'OPERATION_MANAGER')
  const second = w.person('复核', 'MAINTENANCE_MANAGER')
  const proposed = await w.as(editor, (ctx) => proposeVersion(ctx, { key: 'ship', xml: file('2wd').xml, reason: '放宽' }))
  expect((await problemOf(w.as(editor, (ctx) => decideProposal(ctx, { proposalId: proposed.id, approve: true })))).kind.kind).toBe(
    'process.self-approval',
  )
  expect(await w.as(second, (ctx) => decideProposal(ctx, { proposalId: proposed.id, approve: true }))).toMatchObject({
    state: 'APPROVED',
    version: 2,
  })
  expect((await problemOf(w.as(second, (ctx) => decideProposal(ctx, { proposalId: proposed.id, approve: false })))).kind.kind).toBe(
    'process.proposal-decided',
  )
  expect(await ship('1wd')).toEqual([])
  expect(await w.as(null, (ctx) => compareVersions(ctx, { key: 'ship', from: 1, to: '2' }))).toMatchObject({
    changes: [{ element: 'a', kind: 'CHANGED', attributes: [{ name: 'wf:due', from: '1wd', to: '2wd' }] }],
  })
  expect(await ship('3wd')).toEqual(['ship@3'])
  const unsound = file('1wd').xml.replace('OPERATION_MANAGER', 'KING')
  const refused = await problemOf(w.as(editor, (ctx) => proposeVersion(ctx, { key: 'ship', xml: unsound, reason: 'x' })))
  expect(refused.kind.kind).toBe('process.unsound')
  expect(refused.params.findings).toMatchObject([{ element: 'a', level: 'error' }])
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
