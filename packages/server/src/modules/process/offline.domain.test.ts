import { describe, expect, test } from 'vitest'
import { checkDefinition, PlayScriptError, playDefinition, readPlayScript } from './offline.ts'
import { and, definition, end, errorOn, flowIf, flows, service, start, timerOn, user, xor } from './test/xml.ts'

const play = (body: string, script: unknown = [], others: Record<string, string> = {}) =>
  playDefinition(definition(body), readPlayScript(script), {
    key: 'p',
    language: 'en-US',
    called: (key) => (others[key] ? definition(others[key]) : null),
  })

describe('process play', () => {
  test('a rejection loop over a parallel review: the join fires once per round', async () => {
    const body =
      start() +
      '<task id="t"/>' +
      xor('m') +
      and('f') +
      user('a') +
      user('b') +
      and('j') +
      xor('x', 'x_e') +
      end() +
      flows('s>t t>m m>f f>a f>b a>j b>j j>x x>e') +
      flowIf('x', 'm', '=again')
    const script = [
      { complete: 'a' },
      { complete: 'b', data: { again: true } },
      { complete: 'b' },
      { complete: 'a', data: { again: false } },
    ]
    expect(await play(body, script)).toEqual({
      trace: ['s', 't', 'm', 'f', 'a', 'b', 'j', 'x', 'm', 'f', 'a', 'b', 'j', 'x', 'e'],
      state: 'completed',
      waiting: [],
    })
  })
  test('a service fails as the script says, now or later; without a boundary it is an incident', async () => {
    const body =
      start() + user('u') + service('v', 't') + errorOn('v', 'b') + user('fix') + end() + end('e2') + flows('s>u u>v v>e b>fix fix>e2')
    const after = await play(body, [{ complete: 'u' }, { fail: 'v', error: 'NO_CAPACITY' }])
    expect(after).toEqual({ trace: ['s', 'u', 'v', 'b', 'fix'], state: 'waiting', waiting: ['fix'] })
    expect(await play(body, [{ fail: 'v', error: 'NO_CAPACITY' }, { complete: 'u' }])).toEqual(after)
    expect(await play(body, [{ complete: 'u' }, { fail: 'v', error: 'OTHER' }])).toMatchObject({ state: 'incident', waiting: ['v'] })
    expect(await play(body, [{ complete: 'u' }])).toMatchObject({ state: 'completed' })
  })
  test('time passes only when told: cycles, working days, messages kept until somebody waits', async () => {
    const wait = '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="go"/></intermediateCatchEvent>'
    const body =
      start() +
      user('a') +
      timerOn('a', 'r', 'R2/PT1H', false) +
      service('n', 't') +
      end('e0') +
      timerOn('a', 'i', '2wd') +
      wait +
      end() +
      flows('s>a a>e r>n n>e0 i>m m>e')
    expect(await play(body, [{ advance: 'PT59M' }])).toMatchObject({ trace: ['s', 'a'], waiting: ['a'] })
    expect(await play(body, [{ message: 'go', key: 'play' }, { advance: 'P3D' }])).toEqual({
      trace: ['s', 'a', 'r', 'n', 'e0', 'r', 'n', 'e0', 'i', 'm', 'e'],
      state: 'completed',
      waiting: [],
    })
    expect(await play(body, [{ message: 'go', key: 'another' }, { advance: 'P3D' }])).toMatchObject({ state: 'waiting', waiting: ['m'] })
  })
  test('called processes are played too; a terminate end says so; RETURN goes to where the step returns', async () => {
    const called = start() + user('inside') + end() + flows('s>inside inside>e')
    const body =
      start() + '<callActivity id="c" calledElement="q"/>' + '<endEvent id="t"><terminateEventDefinition/></endEvent>' + flows('s>c c>t')
    expect(await play(body, [], { q: called })).toEqual({ trace: ['s', 'c', 's', 'inside'], state: 'waiting', waiting: ['inside'] })
    expect(await play(body, [{ complete: 'inside' }], { q: called })).toMatchObject({ state: 'terminated', waiting: [] })
    expect(await play(body)).toMatchObject({ findings: [{ element: 'c' }] })
    const back = start() + user('fill') + user('review', 'wf:returnTo="fill"') + end() + flows('s>fill fill>review review>e')
    expect(await play(back, [{ complete: 'fill' }, { complete: 'review', outcome: 'RETURN' }])).toMatchObject({ waiting: ['fill'] })
  })
  test('an error end that no boundary takes is an incident, also in a called process', async () => {
    const failing = `${start()}<endEvent id="x"><errorEventDefinition errorRef="noCapacity"/></endEvent>${flows('s>x')}`
    expect(await play(failing)).toMatchObject({ trace: ['s', 'x'], state: 'incident', waiting: [] })
    const calling = `${start()}<callActivity id="c" calledElement="q"/>${end()}${flows('s>c c>e')}`
    expect(await play(calling, [], { q: failing })).toMatchObject({ state: 'incident' })
  })
  test('what cannot be followed is said: a step nobody waits at, a condition without a value', async () => {
    const body = start() + user('a') + xor('x', 'x_e') + user('b') + end() + flows('s>a a>x x>e b>e') + flowIf('x', 'b', '=unknown')
    expect(await play(body, [{ complete: 'b' }])).toMatchObject({ trace: ['s', 'a'], problem: { element: 'b' } })
    expect(await play(body, [{ complete: 'a' }])).toMatchObject({ state: 'incident', problem: { element: 'x_b' } })
    expect(await play(body, [{ start: { unknown: true } }, { complete: 'a' }])).toMatchObject({ waiting: ['b'] })
  })
  test.each([
    ['no list', {}],
    ['no step', [3]],
    ['two verbs', [{ complete: 'a', advance: 'PT1H' }]],
    ['an unknown verb', [{ jump: 'a' }]],
    ['a number for a name', [{ complete: 4 }]],
    ['no duration', [{ advance: 'soon' }]],
    ['data that is no object', [{ complete: 'a', data: [1] }]],
  ])('a script with %s is refused', (_, script) => {
    expect(() => readPlayScript(script)).toThrow(PlayScriptError)
  })
})

describe('process check', () => {
  test('names what is wrong first, and asks for the picture when nothing else is', async () => {
    const sound = definition(start() + user('a') + end() + flows('s>a a>e'))
    const { ok, findings } = await checkDefinition(sound, { key: 'p', language: 'en-US' })
    expect(ok).toBe(false)
    expect(findings.find((finding) => finding.level === 'error')).toMatchObject({
      element: 's',
      reason: 'the diagram has no shape for this element',
    })
    const call = definition(start() + '<callActivity id="c" calledElement="q"/>' + end() + flows('s>c c>e'))
    expect((await checkDefinition(call, { key: 'p', called: () => null })).findings[0]).toMatchObject({ element: 'c', level: 'error' })
  })
})
