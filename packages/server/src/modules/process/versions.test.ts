import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareVersions, decideProposal, proposeVersion } from './definitions.service.ts'
import { deployShipped } from './deploy.ts'
import { migrateInstances, previewMigration } from './operations.service.ts'
import { summariseTasks, tasksFor, tasksOfOthers } from './tasks.queries.ts'
import { claimTask } from './tasks.service.ts'
import { type Desk, openDesk, problemOf } from './test/desk.ts'
import type { World } from './test/world.ts'
import { definition, end, flows, start, user } from './test/xml.ts'

let d: Desk
let w: World
beforeAll(async () => {
  d = await openDesk()
  w = d.w
})
afterAll(() => w.stop())
const begin: Desk['begin'] = (...all) => d.begin(...all)

const OM = 'wf:candidateRoles="OPERATION_MANAGER"'
const MM = 'wf:candidateRoles="MAINTENANCE_MANAGER"'

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
    expect((await d.view(instanceId)).instance.version).toBe(1)
    const blind = await w.as(null, (ctx) => previewMigration(ctx, { key: 'moving', toVersion: 2, map: {} }))
    expect(blind).toMatchObject({ movable: 0, left: 1, lines: [{ tokens: [{ node: 'a', ok: false }] }] })
    const moved = await w.as(null, (ctx) =>
      migrateInstances(ctx, { key: 'moving', toVersion: 2, map: { a: 'b' }, instanceIds: [instanceId], comment: '换人' }),
    )
    expect(moved).toMatchObject({ movable: 1, left: 0 })
    expect((await d.act(d.mm, instanceId)).instanceStatus).toBe('COMPLETED')
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
