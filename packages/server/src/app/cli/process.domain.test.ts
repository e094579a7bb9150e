import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { UsageError } from './command.ts'
import { command } from './process.ts'

const SHIPPED = resolve(import.meta.dirname, '../../../../../plan/jilin/processes')
const shipped = (key: string): string => join(SHIPPED, `${key}.bpmn`)
const folder = mkdtempSync(join(tmpdir(), 'play-'))
afterAll(() => rmSync(folder, { recursive: true }))

let said = ''
beforeEach(() => {
  said = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  return () => vi.restoreAllMocks()
})

const run = async (...args: string[]) => {
  said = ''
  const code = await command.run(args)
  return { code, text: said.trim() }
}
let scripts = 0
const play = async (key: string, script?: unknown) => {
  if (script === undefined) return JSON.parse((await run('play', shipped(key))).text)
  scripts += 1
  const file = join(folder, `script-${scripts}.json`)
  writeFileSync(file, JSON.stringify(script))
  const { code, text } = await run('play', shipped(key), '--script', file, '--lang', 'en')
  return { code, ...JSON.parse(text) }
}
/** `fill:SUBMIT` completes the step with the outcome. */
const steps = (text: string, facts: Record<string, unknown> = {}) =>
  text
    .trim()
    .split(/\s+/)
    .map((step, at) => {
      const [complete, outcome] = step.split(':')
      return { complete, ...(outcome && { outcome }), ...(at === 0 && { data: facts }) }
    })

test('every shipped file is sound and drawn, and plays from a plain start to its first task', async () => {
  const files = readdirSync(SHIPPED).filter((name) => name.endsWith('.bpmn'))
  expect(files.length).toBeGreaterThanOrEqual(3)
  for (const name of files) {
    expect([name, await run('check', join(SHIPPED, name))]).toEqual([name, { code: 0, text: 'ok' }])
    const { code, text } = await run('play', join(SHIPPED, name))
    const played = JSON.parse(text)
    expect([name, code, played.state]).toEqual([name, 0, 'waiting'])
    expect(played.waiting.length).toBeGreaterThan(0)
  }
  expect((await play('admission')).waiting).toEqual(['prepareAdmission'])
  expect((await play('resource-request')).waiting).toEqual(['prepareCatalog'])
  expect((await play('provisioning')).waiting).toEqual(['verifyWorkOrder'])
})

describe('each end of an admission is reached by completing steps', () => {
  // what the services would find out: the last day and the reminder before it
  const facts = {
    outOfScope: false,
    capacity: 'ENOUGH',
    needsLeader: false,
    remindAt: '2026-06-04T01:00:00Z',
    validUntilAt: '2026-07-04T01:00:00Z',
  }
  const handIn = 'prepareAdmission:SUBMIT tenantSign:APPROVE'
  const reviewed = `${handIn} formalReview:APPROVE technicalReview:APPROVE capacityReview:APPROVE`
  const granted = steps(`${reviewed} customerReview:APPROVE`, facts)

  test.each([
    ['endOutOfScope', steps(handIn, { ...facts, outOfScope: true })],
    ['endRejected', steps(`${reviewed} customerReview:REJECT`, facts)],
    ['endRejected', steps(`${reviewed} customerReview:APPROVE leaderApprove:REJECT`, { ...facts, needsLeader: true })],
    ['endRejected', steps(`${reviewed} fulfilBuildDemand:CANNOT customerReview:REJECT`, { ...facts, capacity: 'INSUFFICIENT' })],
    ['endCorrectionExpired', [...steps(`${handIn} formalReview:RETURN`, facts), { advance: 'P30D' }]],
    ['endExpired', [...granted, { advance: 'P181D' }]],
    ['endApproved', [...granted, { message: 'admission.used' }]],
  ])('%s', async (end, script) => {
    const { trace, ...rest } = await play('admission', script)
    expect(rest).toEqual({ code: 0, state: 'completed', waiting: [] })
    expect(trace.at(-1)).toBe(end)
  })

  test('refused by the bureau it goes back to be filled in; with the leader it waits for the first request', async () => {
    expect((await play('admission', steps('prepareAdmission:SUBMIT tenantSign:REJECT', facts))).waiting).toEqual(['prepareAdmission'])
    const script = steps(`${reviewed} customerReview:APPROVE leaderApprove:APPROVE`, { ...facts, needsLeader: true })
    expect((await play('admission', script)).waiting).toEqual(['awaitFirstRequest'])
    expect((await play('admission', [...script, { advance: 'P151D' }])).trace.slice(-3)).toEqual([
      'admissionReminderTimer',
      'remindExpiry',
      'endReminded',
    ])
  })
})

describe('each end of a request is reached by completing steps', () => {
  const facts = { capacity: 'ENOUGH', needsLeader: false }
  const handIn = 'prepareCatalog:SUBMIT fillProvisionForm:SUBMIT tenantSign:APPROVE'
  const reviewed = `${handIn} preReview:APPROVE capacityReview:APPROVE technicalReview:APPROVE`

  test.each([
    ['end', steps(`${reviewed} customerApprove:APPROVE`, facts)],
    ['end', steps(`${reviewed} customerApprove:APPROVE leaderApprove:APPROVE`, { ...facts, needsLeader: true })],
    ['end', steps(`${reviewed} confirmSplit:APPROVE customerApprove:APPROVE`, { ...facts, capacity: 'PARTIAL' })],
    ['end', steps(`${reviewed} confirmSplit:REJECT fulfilBuildDemand:READY customerApprove:APPROVE`, { ...facts, capacity: 'PARTIAL' })],
    ['end', steps(`${reviewed} fulfilBuildDemand:READY customerApprove:APPROVE`, { ...facts, capacity: 'WAIT' })],
    ['end', [{ start: { isRemainder: true } }, ...steps('fulfilBuildDemand:READY customerApprove:APPROVE', facts)]],
    ['endRejected', steps(`${reviewed} customerApprove:REJECT`, facts)],
    ['endRejected', steps(`${reviewed} customerApprove:APPROVE leaderApprove:REJECT`, { ...facts, needsLeader: true })],
    ['endExpired', [...steps(`${handIn} preReview:RETURN`, facts), { advance: 'P30D' }]],
  ])('%s', async (end, script) => {
    const { trace, ...rest } = await play('resource-request', script)
    expect(rest).toEqual({ code: 0, state: 'completed', waiting: [] })
    expect(trace.at(-1)).toBe(end)
  })

  test('a return and a second round: both reviews are done again, the join fires once a round', async () => {
    const script = steps(
      `${handIn} preReview:APPROVE technicalReview:RETURN fillProvisionForm:SUBMIT technicalReview:APPROVE capacityReview:APPROVE customerApprove:APPROVE`,
      facts,
    )
    const { trace, state, problem } = await play('resource-request', script)
    expect([state, problem]).toEqual(['completed', undefined])
    expect(trace.filter((id: string) => id === 'reviewJoin')).toHaveLength(1)
  })
})

test('a work order is cancelled by the bureau’s answer', async () => {
  const { state, trace } = await play('provisioning', steps('verifyWorkOrder:RETURN clarifyWorkOrder:CANCEL'))
  expect([state, trace.at(-1)]).toEqual(['completed', 'endCancelled'])
})

describe('wrong use', () => {
  test.each([
    ['no verb', []],
    ['an unknown verb', ['draw', 'x.bpmn']],
    ['no file', ['check']],
    ['a file that is not there', ['check', 'nowhere.bpmn']],
    ['a play of two', ['play', 'a.bpmn', 'b.bpmn']],
    ['an unknown language', ['check', 'x.bpmn', '--lang', 'fr']],
  ])('%s', async (_, args) => {
    await expect(command.run(args)).rejects.toThrow(UsageError)
  })

  test.each([
    ['no JSON', '{'],
    ['no list', '{}'],
    ['an unknown verb', '[{"jump":"a"}]'],
  ])('a script with %s', async (_, text) => {
    const file = join(folder, 'wrong.json')
    writeFileSync(file, text)
    await expect(command.run(['play', shipped('admission'), '--script', file])).rejects.toThrow(UsageError)
  })
})
