import { processApi } from '@changbai/contract/process.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { newId } from '../../platform/ids.ts'

let t: TestServer
let om: Client
let stranger: Client

beforeAll(async () => {
  t = await startTestServer()
  om = await t.signedIn({ role: 'OPERATION_MANAGER' })
  stranger = await t.signedIn({ role: 'THIRD_PARTY' })
})
afterAll(() => t.stop())

describe('over HTTP', () => {
  test('an empty desk: no tasks, nothing counted, nothing waited for', async () => {
    expect(await om.call(processApi.tasks, {})).toEqual({ items: [], next: null })
    expect(await om.call(processApi.taskSummary, {})).toMatchObject({ overdue: 0, mine: 0, claimable: 0, waiting: 0, nextDueAt: null })
    expect(await om.call(processApi.waiting, {})).toEqual({ items: [], next: null })
    expect(await om.call(processApi.doneTasks, { q: "'; drop table wf_task; -- %_\\" })).toEqual({ items: [], next: null })
  })

  test('what does not exist, or is another bureau’s, answers 404; a cursor nobody gave 400; words for numbers 400', async () => {
    expect((await om.send(processApi.task, { taskId: newId() })).status).toBe(404)
    expect((await om.send(processApi.complete, { taskId: newId(), outcome: 'APPROVE' })).status).toBe(404)
    expect((await om.send(processApi.instance, { instanceId: newId() })).status).toBe(404)
    expect((await om.send(processApi.withdraw, { instanceId: newId(), reason: 'x' })).status).toBe(404)
    expect((await om.send(processApi.retry, { incidentId: newId(), comment: 'x' })).status).toBe(404)
    expect((await om.send(processApi.tasks, { after: 'bm9uc2Vuc2U' })).status).toBe(400)
    expect((await om.send(processApi.task, { taskId: 'not-an-id' })).status).toBe(400)
    expect((await om.send(processApi.tasks, { limit: 'many' as never })).status).toBe(400)
  })

  test('definitions are read and checked by who may, operated by fewer, proposed by one role', async () => {
    expect((await stranger.send(processApi.definitions, {})).status).toBe(403)
    expect((await stranger.send(processApi.operations, {})).status).toBe(403)
    expect((await stranger.send(processApi.propose, { key: 'x-y', xml: '<a/>', reason: 'x' })).status).toBe(403)
    const checked = await om.call(processApi.validate, { key: 'x-y', xml: '<a/>' })
    expect(checked).toMatchObject({ ok: false, findings: [{ element: null, level: 'error' }] })
    expect((await om.send(processApi.propose, { key: 'x-y', xml: '<a/>', reason: 'x' })).problem.type).toBe(
      'urn:changbai:problem:process.unsound',
    )
    expect((await om.call(processApi.operations, {})).items).toEqual([])
    expect((await om.call(processApi.incidents, {})).items).toEqual([])
    expect((await t.anonymous.send(processApi.tasks, {})).status).toBe(401)
  })
})
