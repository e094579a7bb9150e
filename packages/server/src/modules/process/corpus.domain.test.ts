import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDefinition, playDefinition, readPlayScript } from './offline.ts'

// Files as other modellers write them: no layout, none of our attributes, their own namespaces.

const FOLDER = resolve(import.meta.dirname, 'test/data')
const fileOf = (key: string): string => join(FOLDER, `${key}.bpmn`)
const lookups = (key: string) => ({
  key,
  language: 'en-US' as const,
  called: (other: string) => (existsSync(fileOf(other)) ? readFileSync(fileOf(other), 'utf8') : null),
})
const play = (key: string, script: unknown = []) => playDefinition(readFileSync(fileOf(key), 'utf8'), readPlayScript(script), lookups(key))
const done = (...ids: string[]) => ids.map((complete) => ({ complete }))

describe('sound files play', () => {
  // key, script, trace, state, waiting
  test.each([
    ['tasks-only', [], 'Start Draft Post End', 'completed', []],
    ['approval', [], 'Start Fill', 'waiting', ['Fill']],
    [
      'approval',
      [{ complete: 'Fill' }, { complete: 'Approve', data: { approved: true } }],
      'Start Fill Approve Granted End',
      'completed',
      [],
    ],
    [
      'approval',
      [{ complete: 'Fill' }, { complete: 'Approve', data: { approved: false, final: false } }],
      'Start Fill Approve Granted Fill',
      'waiting',
      ['Fill'],
    ],
    [
      'approval',
      [
        { complete: 'Fill', data: { final: true } },
        { complete: 'Approve', data: { approved: false } },
      ],
      'Start Fill Approve Granted Refused',
      'completed',
      [],
    ],
    ['outcome', [{ complete: 'Review', outcome: 'AGREE' }], 'Start Again Review Which End', 'completed', []],
    ['outcome', [{ complete: 'Review', outcome: 'REFUSE' }], 'Start Again Review Which Refused', 'completed', []],
    [
      'outcome',
      [{ complete: 'Review', outcome: 'ASK' }, { complete: 'Answer' }, { complete: 'Review', outcome: 'AGREE' }],
      'Start Again Review Which Answer Again Review Which End',
      'completed',
      [],
    ],
    ['parallel', [], 'Start Fork Left Right', 'waiting', ['Left', 'Right']],
    ['parallel', done('Right'), 'Start Fork Left Right', 'waiting', ['Left']],
    ['parallel', done('Right', 'Left'), 'Start Fork Left Right Join After End', 'completed', []],
    ['timer', [{ advance: 'PT1H59M59S' }], 'Start Wait', 'waiting', ['Wait']],
    ['timer', [{ advance: 'PT1H' }, { advance: 'PT1H' }], 'Start Wait End', 'completed', []],
    ['escalation', [{ advance: 'PT2H' }, { complete: 'Chief' }], 'Start Handle Late Chief Merge End', 'completed', []],
    ['escalation', [{ advance: 'PT1H' }, { complete: 'Handle' }, { advance: 'P9D' }], 'Start Handle Merge End', 'completed', []],
    ['reminder', [{ advance: 'P1D' }, { complete: 'Handle' }], 'Start Handle Nag Mail Mailed Nag Mail Mailed End', 'completed', []],
    [
      'sub-process-error',
      [{ complete: 'Test', data: { broken: true } }],
      'Start Check InStart Test Passed Failed OnError Repair',
      'waiting',
      ['Repair'],
    ],
    [
      'sub-process-error',
      [{ complete: 'Test', data: { broken: false } }],
      'Start Check InStart Test Passed InEnd Merge End',
      'completed',
      [],
    ],
    ['caller', done('Left', 'Right', 'Close'), 'Start Call Start Fork Left Right Join After End Close End', 'completed', []],
    [
      'countersign',
      [
        { complete: 'Sign', outcome: 'YES' },
        { complete: 'Sign', outcome: 'NO' },
      ],
      'Start Sign End',
      'completed',
      [],
    ],
    [
      'countersign',
      [
        { complete: 'Sign', outcome: 'YES' },
        { complete: 'Sign', outcome: 'YES' },
      ],
      'Start Sign',
      'waiting',
      ['Sign'],
    ],
    ['message', [{ message: 'paid' }], 'Start Receive Again', 'waiting', ['Again']],
    ['message', [{ message: 'paid', key: 'anything' }, { message: 'paid' }], 'Start Receive Again End', 'completed', []],
    ['message', [{ message: 'unpaid' }], 'Start Receive', 'waiting', ['Receive']],
    ['message-boundary', [{ message: 'paid' }], 'Start Work Stop Stopped', 'completed', []],
    ['terminate', done('Short'), 'Start Fork Long Short Kill', 'terminated', []],
    ['terminate', done('Long'), 'Start Fork Long Short End', 'waiting', ['Short']],
    ['service-error', [], 'Start Build End', 'completed', []],
    ['service-error', [{ fail: 'Build', error: 'NO_CAPACITY' }], 'Start Build Full ByHand', 'waiting', ['ByHand']],
    ['service-error', [{ fail: 'Build', error: 'ELSE' }], 'Start Build', 'incident', ['Build']],
    ['camunda-platform', done('Activity_approve'), 'StartEvent_1 Activity_approve Activity_pay EndEvent_1', 'completed', []],
    ['zeebe', [{ start: { risk: 'low' } }, { complete: 'score', data: { points: 700 } }], 'begin score enough granted', 'completed', []],
    ['zeebe', [{ start: { risk: 'low' } }, { complete: 'score', data: { points: 500 } }], 'begin score enough declined', 'completed', []],
    ['flowable', done('sid-2', 'sid-4', 'sid-5'), 'sid-1 sid-2 sid-3 sid-4 sid-5 sid-6 sid-7', 'completed', []],
    ['pool-and-lanes', done('write', 'sign'), 's write sign e', 'completed', []],
    ['nested', done('Deep'), 'Start Outer OutStart Inner InStart Deep InEnd OutEnd End', 'completed', []],
    ['nested', [{ advance: 'P3D' }], 'Start Outer OutStart Inner InStart Deep TooLong GivenUp', 'completed', []],
  ])('%s %j', async (key, script, trace, state, waiting) => {
    expect(await play(key, script)).toEqual({ trace: trace.split(' '), state, waiting })
  })

  test.each([
    ['a condition without a value', 'zeebe', [{ complete: 'score' }], 'incident', { element: 'yes' }],
    [
      'a condition that is neither true nor false',
      'approval',
      [{ complete: 'Fill' }, { complete: 'Approve', data: { approved: 'yes' } }],
      'incident',
      { element: 'Flow_Granted_End' },
    ],
    ['an outcome the step does not have', 'outcome', [{ complete: 'Review', outcome: 'MAYBE' }], 'waiting', { element: 'Review' }],
    ['a step that is not open', 'parallel', done('After'), 'waiting', { element: 'After' }],
    ['a step that is done', 'parallel', done('Left', 'Left'), 'waiting', { element: 'Left' }],
  ])('%s is said', async (_, key, script, state, problem) => {
    expect(await play(key, script)).toMatchObject({ state, problem })
  })

  test('a picture is asked for by the check, not by the play', async () => {
    const checked = async (key: string) => checkDefinition(readFileSync(fileOf(key), 'utf8'), lookups(key))
    expect(await checked('camunda-platform')).toMatchObject({ ok: true })
    const bare = await checked('tasks-only')
    expect(bare.findings.map(({ element }) => element)).toEqual([
      'Start',
      'Draft',
      'Post',
      'End',
      'Flow_Start_Draft',
      'Flow_Draft_Post',
      'Flow_Post_End',
    ])
  })
})

describe('what is wrong is named', () => {
  const refused: readonly (readonly [key: string, element: string | null, reason: RegExp])[] = [
    ['bad-dead-end', 'B', /nothing follows/],
    ['bad-unreachable', 'Lost', /no flow leads/],
    ['bad-no-default', 'Which', /default flow/],
    ['bad-join-starves', 'Join', /wait for ever/],
    ['bad-loop', 'A', /no end can be reached/],
    ['bad-no-end', 'A', /no end can be reached/],
    ['bad-two-tokens', 'Merge', /without being joined/],
    ['bad-script-task', 'Run', /ScriptTask/],
    ['bad-inclusive', 'Any', /InclusiveGateway/],
    ['bad-event-gateway', 'First', /EventBasedGateway/],
    ['bad-feel', 'Flow_Which_A', /cannot be read: amount >/],
    ['bad-juel', 'Flow_Which_A', /begins with "="/],
    ['bad-duration', 'Late', /not a duration: 2 hours/],
    ['bad-cycle', 'Late', /cycle/],
    ['bad-duplicate-id', 'A', /more than once/],
    ['bad-missing-called', 'Call', /not found: nowhere/],
    ['bad-message', 'Receive', /no message is named/],
    ['bad-two-starts', 'Other', /more than one start/],
    ['bad-no-start', 'Process_1', /no start event/],
    ['bad-dangling-flow', 'Flow_A_Nowhere', /Nowhere/],
    ['bad-escalation-end', 'End', /EscalationEventDefinition/],
    ['bad-signal', 'Shout', /IntermediateThrowEvent/],
    ['bad-event-sub-process', 'Whenever', /event sub-process/],
    ['bad-many-services', 'Each', /multi-instance/],
    ['bad-standard-loop', 'Loop', /standard loops/],
    ['bad-timer-start', 'Start', /TimerEventDefinition/],
    ['bad-crossing-flow', 'Flow_Inside_B', /border of a sub-process/],
    ['bad-ad-hoc', 'Free', /AdHocSubProcess/],
    ['bad-compensation', 'Undo', /CompensateEventDefinition/],
    ['bad-two-processes', 'Process_2', /one process only/],
    ['bad-free-boundary', 'Loose', /which step/],
    ['bad-xml', null, /not readable XML/],
    ['bad-doctype', null, /DOCTYPE/],
    ['bad-not-bpmn', null, /not readable XML/],
    ['bad-empty', null, /not readable XML/],
  ]
  test.each(refused)('%s', async (key, element, reason) => {
    const { ok, findings } = await checkDefinition(readFileSync(fileOf(key), 'utf8'), lookups(key))
    const [first] = findings.filter((one) => one.level === 'error')
    expect(ok).toBe(false)
    expect(first?.element).toBe(element)
    expect(first?.reason).toMatch(reason)
    // what is refused is not played either, for the same reason
    const played = await play(key)
    expect('findings' in played && played.findings[0]).toMatchObject({ element, level: 'error' })
  })

  test('every file of the folder is tried', () => {
    const bad = readdirSync(FOLDER).filter((name) => name.startsWith('bad-'))
    expect(bad.map((name) => name.replace('.bpmn', '')).sort()).toEqual(refused.map(([key]) => key).sort())
  })
})
