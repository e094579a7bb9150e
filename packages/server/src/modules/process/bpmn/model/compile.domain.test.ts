import { describe, expect, test } from 'vitest'
import { and, definition, end, errorOn, flowIf, flows, service, start, timerOn, user, xor } from '../../test/xml.ts'
import { compareDefinitions } from './compare.ts'
import { compile } from './compile.ts'

const errorsOf = async (xml: string, lookups = {}, options = {}) => {
  const { flaws } = await compile('p', xml, lookups, options)
  return flaws.filter((flaw) => flaw.level === 'error').map((flaw) => flaw.element)
}
const refused = async (body: string) => errorsOf(definition(body))
const plain = (inner: string) => start() + inner + end()
const message = `<messageEventDefinition messageRef="go"/>`

describe('the whitelist names the element', () => {
  test.each([
    ['a script task', plain('<scriptTask id="x"/>') + flows('s>x x>e'), 'x'],
    ['an inclusive gateway', plain('<inclusiveGateway id="x"/>') + flows('s>x x>e'), 'x'],
    ['an event-based gateway', plain('<eventBasedGateway id="x"/>') + flows('s>x x>e'), 'x'],
    [
      'a timer start',
      `<startEvent id="s"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></startEvent>${end()}${flows('s>e')}`,
      's',
    ],
    ['a message end', `${start()}<endEvent id="e">${message}</endEvent>${flows('s>e')}`, 'e'],
    [
      'a signal boundary',
      plain(`${user('a')}<boundaryEvent id="x" attachedToRef="a"><signalEventDefinition/></boundaryEvent>`) + flows('s>a a>e x>e'),
      'x',
    ],
    ['a throwing event', plain('<intermediateThrowEvent id="x"/>') + flows('s>x x>e'), 'x'],
    [
      'an event sub-process',
      plain(
        `${user('a')}<subProcess id="x" triggeredByEvent="true"><startEvent id="s1"/><endEvent id="e1"/>${flows('s1>e1')}</subProcess>`,
      ) + flows('s>a a>e'),
      'x',
    ],
    [
      'multi-instance on a service',
      plain(
        '<serviceTask id="x" wf:topic="t"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></serviceTask>',
      ) + flows('s>x x>e'),
      'x',
    ],
    ['a standard loop', plain(user('x', undefined, '<standardLoopCharacteristics/>')) + flows('s>x x>e'), 'x'],
    ['a second start', `${start()}${start('s2')}${end()}${flows('s>e s2>e')}`, 's2'],
    ['a data object', plain(`<dataObject id="x"/>${user('a')}`) + flows('s>a a>e'), 'x'],
    ['a call of nothing', plain('<callActivity id="x"/>') + flows('s>x x>e'), 'x'],
    ['an error end without code', `${start()}<endEvent id="e"><errorEventDefinition/></endEvent>${flows('s>e')}`, 'e'],
    ['an unknown role', plain(user('x', 'wf:candidateRoles="KING"')) + flows('s>x x>e'), 'x'],
    [
      'a flow out of the sub-process',
      plain(`<subProcess id="sub"><startEvent id="s1"/><task id="t1"/><endEvent id="e1"/>${flows('s1>t1 t1>e1')}</subProcess>`) +
        flows('s>sub sub>e t1>e'),
      't1_e',
    ],
  ])('%s', async (_, body, element) => {
    expect(await refused(body)).toContain(element)
  })

  test('lanes, pools, annotations, tasks and manual tasks are admitted', async () => {
    const lanes = '<laneSet id="ls"><lane id="l1" name="运营"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    const body =
      lanes + plain('<task id="a"/><manualTask id="b"/><textAnnotation id="n"><text>x</text></textAnnotation>') + flows('s>a a>b b>e')
    const { program } = await compile(
      'p',
      definition(body, '').replace('<process', '<collaboration id="c"><participant id="pool" processRef="p"/></collaboration><process'),
    )
    expect(program?.nodes.get('a')).toMatchObject({ kind: 'pass', lane: '运营' })
  })
})

describe('expressions', () => {
  const choice = (condition: string) => plain(xor('x', 'x_e') + user('a')) + flows('s>x x>e a>e') + flowIf('x', 'a', condition)
  test.each([
    ['without =', 'amount > 1'],
    ['empty', '='],
    ['that does not parse', '=amount >'],
    ['with some', '=some x in list satisfies x > 1'],
    ['with every', '=every x in list satisfies x > 1'],
    ['with for', '=(for x in list return x) = [1]'],
    ['with a function', '=count(list) > 1'],
  ])('a condition %s is refused on its flow', async (_, condition) => {
    expect(await refused(choice(condition))).toEqual(['x_a'])
  })
  test('not() is bounded and stays', async () => expect(await refused(choice('=not(done)'))).toEqual([]))

  test.each([
    [
      'an exclusive split without default',
      plain(xor('x') + user('a')) + flows('s>x a>e') + flowIf('x', 'a', '=y') + flowIf('x', 'e', '=z'),
      'x',
    ],
    ['a default with a condition', plain(xor('x', 'x_a') + user('a')) + flows('s>x a>e x>e') + flowIf('x', 'a', '=y'), 'x_a'],
    ['a second flow without a condition', plain(xor('x', 'x_a') + user('a')) + flows('s>x a>e x>e x>a'), 'x_e'],
    ['a condition out of a task', plain(user('a')) + flows('s>a') + flowIf('a', 'e', '=y'), 'a_e'],
  ])('%s', async (_, body, element) => {
    expect(await refused(body)).toContain(element)
  })
})

describe('times', () => {
  const due = (text: string) => refused(plain(user('a', `wf:candidateRoles="OPERATION_MANAGER" wf:due="${text}"`)) + flows('s>a a>e'))
  test.each(['2wd', '16bh', 'PT24H', 'P3D', 'param:x.y', '=limit'])('%s is a limit', async (text) => expect(await due(text)).toEqual([]))
  test.each(['2 days', '0wd', '-PT1H', 'wd', 'P'])('%s is none', async (text) => expect(await due(text)).toEqual(['a']))
  test('natural days on the working calendar are refused (ruling 13)', async () => {
    const body = (text: string) =>
      plain(user('a') + timerOn('a', 'b', text, true, 'wf:calendar="work"') + end('e2')) + flows('s>a a>e b>e2')
    expect(await refused(body('P2D'))).toEqual(['b'])
    expect(await refused(body('2wd'))).toEqual([])
  })
  test('a cycle only where it does not interrupt', async () => {
    const body = (interrupting: boolean) => plain(user('a') + timerOn('a', 'b', 'R3/P7D', interrupting) + end('e2')) + flows('s>a a>e b>e2')
    expect(await refused(body(true))).toEqual(['b'])
    expect(await refused(body(false))).toEqual([])
  })
})

describe('soundness names the join that fails', () => {
  const pair = user('a') + user('b')
  test.each([
    ['parallel into an exclusive merge', plain(and('f') + pair + xor('m')) + flows('s>f f>a f>b a>m b>m m>e'), 'm'],
    ['choice into a parallel join', plain(xor('f', 'f_a') + pair + and('j')) + flows('s>f f>a a>j b>j j>e') + flowIf('f', 'b', '=y'), 'j'],
    ['parallel into a task', plain(and('f') + pair + user('m')) + flows('s>f f>a f>b a>m b>m m>e'), 'm'],
    [
      'two flows merged straight into a fork',
      plain(user('t') + and('f') + pair + and('j') + xor('x', 'x_e')) + flows('s>t t>f f>a f>b a>j b>j j>x x>e') + flowIf('x', 'f', '=y'),
      'f',
    ],
    [
      'a way out of one branch only',
      plain(and('f') + pair + xor('x', 'x_j') + and('j') + end('e2')) + flows('s>f f>a f>b a>x x>j b>j j>e') + flowIf('x', 'e2', '=y'),
      'j',
    ],
    [
      'a loop that splits before the merge it came from',
      plain(xor('m') + and('f') + pair + xor('x', 'x_j') + and('j')) + flows('s>m m>f f>a f>b a>x x>j b>j j>e') + flowIf('x', 'm', '=y'),
      'm',
    ],
    [
      'a side branch that comes back',
      plain(user('a') + timerOn('a', 'b', 'PT1H', false) + user('c') + xor('m')) + flows('s>a a>m b>c c>m m>e'),
      'm',
    ],
    [
      'a join fed by a side branch',
      plain(user('a') + timerOn('a', 'b', 'PT1H', false) + user('c') + and('j')) + flows('s>a a>j b>c c>j j>e'),
      'j',
    ],
    [
      'inside a sub-process',
      plain(
        `<subProcess id="sub"><startEvent id="s1"/>${and('f')}${pair}${xor('m')}<endEvent id="e1"/>${flows('s1>f f>a f>b a>m b>m m>e1')}</subProcess>`,
      ) + flows('s>sub sub>e'),
      'm',
    ],
    ['a step nothing leads to', plain(user('a') + user('b') + user('c')) + flows('s>a a>e b>c c>b'), 'b'],
    [
      'a loop without a way out',
      plain(user('a') + user('b') + xor('x', 'x_e') + user('y')) +
        flows('s>x x>e a>b b>a y>e') +
        flowIf('x', 'a', '=k') +
        flowIf('x', 'y', '=l'),
      'a',
    ],
    [
      'a dead end',
      plain(user('a') + xor('x', 'x_e') + user('b')) + flows('s>x x>e a>e') + flowIf('x', 'a', '=k') + flowIf('x', 'b', '=l'),
      'b',
    ],
  ])('%s', async (_, body, element) => {
    expect(await refused(body)).toEqual([element])
  })

  test.each([
    [
      'a rejection loop over a fork and its join',
      plain(xor('m') + user('t') + and('f') + pair + and('j') + xor('x', 'x_e')) +
        flows('s>m m>t t>f f>a f>b a>j b>j j>x x>e') +
        flowIf('x', 'm', '=y'),
    ],
    ['branches that end on their own', plain(and('f') + pair + end('e2')) + flows('s>f f>a f>b a>e b>e2')],
    [
      'a reminder that ends on its own',
      plain(user('a') + timerOn('a', 'b', 'R/PT1H', false) + service('n', 't') + end('e2')) + flows('s>a a>e b>n n>e2'),
    ],
    ['an escalation', plain(user('a') + timerOn('a', 'b', 'PT1H') + user('c') + xor('m')) + flows('s>a a>m b>c c>m m>e')],
    [
      'an error boundary on a sub-process',
      plain(
        `<subProcess id="sub"><startEvent id="s1"/>${service('v', 't')}<endEvent id="e1"/>${flows('s1>v v>e1')}</subProcess>${errorOn('sub', 'b')}${end('e2')}`,
      ) + flows('s>sub sub>e b>e2'),
    ],
    ['a partial join', plain(and('f') + pair + user('c') + and('j1') + and('j2')) + flows('s>f f>a f>b f>c a>j1 b>j1 j1>j2 c>j2 j2>e')],
    [
      'a terminate end in one of two branches',
      plain(and('f') + pair + xor('x', 'x_j') + and('j') + '<endEvent id="t"><terminateEventDefinition/></endEvent>') +
        flows('s>f f>a f>b a>x x>j b>j j>e') +
        flowIf('x', 't', '=y'),
    ],
  ])('%s is sound', async (_, body) => {
    expect(await refused(body)).toEqual([])
  })

  test('ten parallel choices are proven in time', async () => {
    const branches = Array.from(
      { length: 10 },
      (_, n) => `${xor(`x${n}`, `x${n}_a${n}`)}${user(`a${n}`)}${user(`b${n}`)}${xor(`m${n}`)}`,
    ).join('')
    const ways = Array.from(
      { length: 10 },
      (_, n) => flows(`f>x${n} x${n}>a${n} a${n}>m${n} b${n}>m${n} m${n}>j`) + flowIf(`x${n}`, `b${n}`, '=y'),
    ).join('')
    expect(await refused(plain(and('f') + branches + and('j')) + flows('s>f j>e') + ways)).toEqual([])
  }, 10_000)
})

describe('files', () => {
  test.each([
    ['nothing', ''],
    ['broken XML', '<definitions'],
    [
      'a document type with an entity',
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${definition(plain(user('a')) + flows('s>a a>e'))}`,
    ],
    ['another language', '<html/>'],
    ['no process', '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'],
  ])('%s is a finding, not a crash', async (_, xml) => {
    expect(await errorsOf(xml)).toEqual([null])
  })
  test('a flow to nowhere is named', async () => {
    const xml = definition(`${start()}<sequenceFlow id="lost" sourceRef="s" targetRef="nowhere"/>`)
    expect(await errorsOf(xml)).toContain('lost')
  })
  test('our namespace may have any prefix', async () => {
    const xml = definition(plain(user('a', 'wf:outcomes="YES"')) + flows('s>a a>e'))
      .replaceAll('wf:', 'x:')
      .replace('xmlns:wf', 'xmlns:x')
    expect((await compile('p', xml)).program?.nodes.get('a')).toMatchObject({ outcomes: ['YES'] })
  })
  test('deployment demands a picture of every node and flow', async () => {
    const xml = definition(plain(user('a')) + flows('s>a a>e'))
    expect(await errorsOf(xml, {}, { layout: true })).toEqual(['s', 'a', 'e', 's_a', 'a_e'])
  })
  test('a result that a step never offers is a finding where it is asked for, at deployment', async () => {
    const body = (word: string, offered = 'APPROVE,REJECT', more = '') =>
      plain(user('a', `wf:candidateRoles="OPERATION_MANAGER" wf:outcomes="${offered}" ${more}`) + xor('x', 'x_e') + end('no')) +
      flows('s>a a>x x>e') +
      flowIf('x', 'no', `=a.outcome = "${word}"`)
    const first = async (xml: string) => (await compile('p', definition(xml), {}, { layout: true })).flaws[0]
    expect(await first(body('REJEKT'))).toMatchObject({ element: 'x_no', en: 'a has no outcome "REJEKT", only APPROVE, REJECT' })
    // without it the first thing missing is the picture
    expect(await first(body('REJECT'))).toMatchObject({ element: 's' })
    expect(await first(body('RETURN', 'APPROVE', 'wf:returnTo="a"'))).toMatchObject({ element: 's' })
    // a version that is in force already goes on being read
    expect((await compile('p', definition(body('REJEKT')))).program).not.toBeNull()
  })
  test('what is named must exist', async () => {
    const body =
      plain(user('a', 'wf:formKey="f" wf:due="param:none"') + service('v', 't') + '<callActivity id="c" calledElement="other"/>') +
      flows('s>a a>v v>c c>e')
    const lookups = { strict: true, form: () => false, topic: () => undefined, parameter: () => undefined, calledProcess: () => false }
    expect((await errorsOf(definition(body), lookups)).toSorted()).toEqual(['a', 'a', 'a', 'c', 'v'])
  })
})

test('two versions are compared element by element', async () => {
  const from = definition(plain(user('a', 'wf:due="2wd"') + user('b')) + flows('s>a a>b b>e'))
  const to = definition(plain(user('a', 'wf:due="3wd"') + user('c')) + flows('s>a a>c c>e'))
  const changes = await compareDefinitions(from, to)
  expect(changes.map((change) => [change.kind, change.element]).toSorted()).toEqual(
    [
      ['ADDED', 'a_c'],
      ['ADDED', 'c'],
      ['ADDED', 'c_e'],
      ['CHANGED', 'a'],
      ['REMOVED', 'a_b'],
      ['REMOVED', 'b'],
      ['REMOVED', 'b_e'],
    ].toSorted(),
  )
  expect(changes.find((change) => change.element === 'a')?.attributes).toEqual([{ name: 'wf:due', from: '2wd', to: '3wd' }])
})
