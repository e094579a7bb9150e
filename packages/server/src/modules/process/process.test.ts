import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { instanceHistory, instanceView } from './instances.queries.ts'
import { answerCancel, requestCancel, startProcess, withdrawInstance } from './instances.service.ts'
import { taskDetail } from './tasks.queries.ts'
import { addSign, claimTask, completeTask, delegateTask, recallTask, returnTask, transferTask } from './tasks.service.ts'
import { type Desk, openDesk, problemOf } from './test/desk.ts'
import type { World } from './test/world.ts'
import { and, definition, end, flowIf, flows, start, user, xor } from './test/xml.ts'

let d: Desk
let w: World
let om: Actor
let mm: Actor
let bm: Actor
let pm: Actor
beforeAll(async () => {
  d = await openDesk()
  ;({ w, om, mm, bm, pm } = d)
})
afterAll(() => w.stop())
const begin: Desk['begin'] = (...all) => d.begin(...all)
const openTask: Desk['openTask'] = (...all) => d.openTask(...all)
const act: Desk['act'] = (...all) => d.act(...all)
const view: Desk['view'] = (instanceId) => d.view(instanceId)

/** The applicant asks to cancel: the ground of every open decision moved. */
const askToCancel = (ctx: Ctx, instanceId: string) => requestCancel(ctx, { instanceId, reason: '改主意' })

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

  test('a step done with a lent role says on whose behalf, in its fact and in the history; done with an own role it does not', async () => {
    await w.deploy('lent', definition(start() + user('a', OM) + end() + flows('s>a a>e')))
    const lentBy = { personId: om.personId ?? '', name: om.name }
    const delegate = w.person('周代办', { role: 'OPERATION_MANAGER', tenantId: null, applicationId: null, lentBy })
    const said = async (who: Actor) => {
      const { instanceId } = await begin('lent')
      const task = await openTask(who, instanceId)
      await act(who, instanceId)
      const { items } = await w.as(om, (ctx) => instanceHistory(ctx, { instanceId, detail: 'people', withChildren: true, limit: 50 }))
      const fact = await w.as(om, (ctx) =>
        ctx.db
          .selectFrom('ledger_fact')
          .select('data')
          .where('subject_id', '=', task.id)
          .where('kind', '=', 'task.completed')
          .executeTakeFirstOrThrow(),
      )
      return [items.find((event) => event.kind === 'complete')?.data.onBehalfOf, (fact.data as { onBehalfOf?: unknown }).onBehalfOf]
    }
    expect(await said(delegate)).toEqual([om.name, lentBy])
    expect(await said(om)).toEqual([undefined, undefined])
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
