import { describe, expect, test } from 'vitest'
import { Game } from '../../test/game.ts'
import { and, definition, end, errorOn, flowIf, flows, service, start, timerOn, user, xor } from '../../test/xml.ts'
import { completeTask } from '../engine/completing.ts'
import { BpmnError, Undecidable } from '../engine/env.ts'
import { returnTask } from '../engine/returning.ts'
import { deliverMessage, failService, fireTimer } from '../engine/signalling.ts'
import { compile } from '../model/compile.ts'
import type { Program } from '../program.ts'

async function program(key: string, body: string): Promise<Program> {
  const compiled = await compile(key, definition(body))
  if (!compiled.program) throw new Error(JSON.stringify(compiled.flaws))
  return compiled.program
}
async function begin(body: string, vars: Record<string, unknown> = {}): Promise<Game> {
  const game = new Game(await program('p', body))
  game.start('p', vars)
  return game
}
const complete = (game: Game, node: string, outcome: string | null = null, facts: Record<string, unknown> = {}) =>
  game.command((run) => completeTask(run, game.taskAt(node), { outcome, comment: null, facts }))
const fire = (game: Game, node: string) => {
  const job = game.state.jobs.find((one) => one.kind === 'timer' && one.node === node)
  if (!job) throw new Error(`no timer at ${node}`)
  game.command((run) => fireTimer(run, job.id))
}
const plain = (inner: string) => start() + inner + end()

describe('gateways', () => {
  test('an exclusive gateway takes the first flow that holds, in the order of the file, else the default', async () => {
    const body =
      plain(xor('x', 'x_c') + user('a') + user('b') + user('c')) +
      flows('s>x x>c a>e b>e c>e') +
      flowIf('x', 'a', '=n > 5') +
      flowIf('x', 'b', '=n > 3')
    for (const [n, node] of [
      [6, 'a'],
      [4, 'b'],
      [1, 'c'],
    ] as const)
      expect((await begin(body, { n })).marking).toEqual([node])
  })
  test.each([
    ['an unknown variable', {}],
    ['nothing', { n: null }],
  ])('%s is an error that names the flow', async (_, vars) => {
    const body = plain(xor('x', 'x_e') + user('a')) + flows('s>x x>e a>e') + flowIf('x', 'a', '=n > 5')
    const error = await begin(body, vars).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Undecidable)
    expect((error as Undecidable).element).toBe('x_a')
  })
  test('a join waits for all, fires once, and gives the forked token back', async () => {
    const game = await begin(
      plain(user('t') + and('f') + user('a') + user('b') + and('j') + user('c')) + flows('s>t t>f f>a f>b a>j b>j j>c c>e'),
    )
    const token = game.state.tokens[0]?.id
    complete(game, 't')
    complete(game, 'b')
    expect(game.marking).toEqual(['a', 'j'])
    complete(game, 'a')
    expect(game.marking).toEqual(['c'])
    expect(game.state.tokens[0]).toMatchObject({ id: token, lineage: [] })
    expect(game.entered('j')).toBe(1)
  })
  test('a join of some of the branches keeps the others apart', async () => {
    const game = await begin(
      plain(and('f') + user('a') + user('b') + user('c') + and('j1') + and('j2')) + flows('s>f f>a f>b f>c a>j1 b>j1 j1>j2 c>j2 j2>e'),
    )
    complete(game, 'a')
    complete(game, 'b')
    expect(game.marking).toEqual(['c', 'j2'])
    complete(game, 'c')
    expect(game.status).toBe('COMPLETED')
  })
  test('two firings of one side branch never meet in a join', async () => {
    const side = timerOn('t', 'b', 'R2/PT1H', false) + and('f') + user('l') + user('r') + and('j') + user('after') + end('e2')
    const game = await begin(plain(user('t') + side) + flows('s>t t>e b>f f>l f>r l>j r>j j>after after>e2'))
    fire(game, 'b')
    fire(game, 'b')
    const [firstLeft] = game.open.filter((task) => task.node === 'l')
    const lastRight = game.open.findLast((task) => task.node === 'r')
    for (const task of [firstLeft, lastRight])
      game.command((run) => completeTask(run, task?.id ?? '', { outcome: null, comment: null, facts: {} }))
    expect(game.entered('after')).toBe(0)
    complete(game, 'l')
    expect(game.entered('after')).toBe(1)
  })
})

describe('ends', () => {
  test('an instance ends when its last token does', async () => {
    const game = await begin(plain(and('f') + user('a') + user('b') + end('e2')) + flows('s>f f>a f>b a>e b>e2'))
    complete(game, 'a')
    expect(game.status).toBe('RUNNING')
    complete(game, 'b')
    expect(game.status).toBe('COMPLETED')
    expect(game.state.tokens).toEqual([])
  })
  test('a terminate end ends everything', async () => {
    const game = await begin(
      start() +
        and('f') +
        user('a') +
        user('b') +
        end() +
        '<endEvent id="t"><terminateEventDefinition/></endEvent>' +
        flows('s>f f>a f>b a>e b>t'),
    )
    complete(game, 'b')
    expect(game.status).toBe('TERMINATED')
    expect(game.open).toEqual([])
  })
  test('an error end goes to the innermost matching boundary, else the instance fails', async () => {
    const inner = `<subProcess id="sub"><startEvent id="s1"/>${user('a')}<endEvent id="x"><errorEventDefinition errorRef="noCapacity"/></endEvent>${flows('s1>a a>x')}</subProcess>`
    const caught = await begin(plain(inner + errorOn('sub', 'b') + user('fix')) + flows('s>sub sub>e b>fix fix>e'))
    complete(caught, 'a')
    expect(caught.marking).toEqual(['fix'])
    const loose = await begin(plain(inner) + flows('s>sub sub>e'))
    complete(loose, 'a')
    expect(loose.status).toBe('FAILED')
  })
})

describe('events', () => {
  test('an interrupting timer cancels the step, a plain one goes on beside it', async () => {
    const body =
      plain(user('a') + timerOn('a', 'i', 'PT2H') + timerOn('a', 'n', 'PT1H', false) + user('late') + user('note') + end('e2')) +
      flows('s>a a>e i>late late>e n>note note>e2')
    const game = await begin(body)
    fire(game, 'n')
    expect(game.marking).toEqual(['a', 'note'])
    fire(game, 'i')
    expect(game.marking).toEqual(['late', 'note'])
    expect(game.state.jobs).toEqual([])
    expect(game.state.tasks.find((task) => task.node === 'a')?.status).toBe('CANCELLED')
  })
  test('a cycle fires as often as it says, and not after its step', async () => {
    const body = plain(user('a') + timerOn('a', 'n', 'R3/PT1H', false) + service('v', 't') + end('e2')) + flows('s>a a>e n>v v>e2')
    const game = await begin(body)
    for (let n = 0; n < 3; n += 1) fire(game, 'n')
    expect(game.entered('v')).toBe(3)
    expect(game.state.jobs).toEqual([])
    const short = await begin(body)
    fire(short, 'n')
    complete(short, 'a')
    expect(short.state.jobs).toEqual([])
  })
  test('a message finds its wait by key and brings facts', async () => {
    const body =
      plain(`<receiveTask id="m" messageRef="go"/>${xor('x', 'x_e')}${user('a')}`) + flows('s>m m>x x>e a>e') + flowIf('x', 'a', '=yes')
    const game = await begin(body)
    const [wait] = game.state.waits
    expect(wait).toMatchObject({ name: 'go', key: 'b' })
    game.command((run) => deliverMessage(run, wait?.id ?? '', { yes: true }))
    expect(game.marking).toEqual(['a'])
  })
  test('a boundary for returns is armed by a return only', async () => {
    const body =
      plain(user('a') + timerOn('a', 'gone', 'PT10H', true, 'wf:armed="returned"') + user('b') + end('e2')) + flows('s>a a>b b>e gone>e2')
    const game = await begin(body)
    expect(game.state.jobs).toEqual([])
    complete(game, 'a')
    game.command((run) => returnTask(run, game.taskAt('b'), { toNode: 'a', mode: 'REDO', reasons: [], comment: null }))
    expect(game.state.jobs.map((job) => job.node)).toEqual(['gone'])
    complete(game, 'a')
    expect(game.state.jobs).toEqual([])
  })
})

describe('services and scopes', () => {
  test('a business error without a boundary rests as an incident that can be retried', async () => {
    const game = await begin(plain('<serviceTask id="v" wf:topic="t" wf:mode="outside"/>') + flows('s>v v>e'))
    const [job] = game.state.jobs
    game.command((run) => failService(run, job?.tokenId ?? '', new BpmnError('FULL'), run.jobs.get(job?.id ?? '') ?? null))
    expect(game.state.tokens[0]?.state).toBe('incident')
    expect(game.state.jobs[0]).toMatchObject({ dead: true, lastError: 'FULL: FULL' })
  })
  test('a boundary on a sub-process kills everything inside', async () => {
    const inner = `<subProcess id="sub"><startEvent id="s1"/>${and('f')}${user('a')}${user('b')}${and('j')}<endEvent id="e1"/>${flows('s1>f f>a f>b a>j b>j j>e1')}</subProcess>`
    const game = await begin(plain(inner + timerOn('sub', 'i', 'PT1H') + user('late')) + flows('s>sub sub>e i>late late>e'))
    complete(game, 'a')
    fire(game, 'i')
    expect(game.marking).toEqual(['late'])
  })
  test('a called process ends with its facts; an error of it reaches the caller', async () => {
    const called =
      start() +
      user('in1') +
      xor('x', 'x_e') +
      end() +
      '<endEvent id="bad"><errorEventDefinition errorRef="noCapacity"/></endEvent>' +
      flows('s>in1 in1>x x>e') +
      flowIf('x', 'bad', '=full')
    const caller = plain(`<callActivity id="c" calledElement="q"/>${errorOn('c', 'b')}${user('fix')}`) + flows('s>c c>e b>fix fix>e')
    for (const [full, end] of [
      [false, 'COMPLETED'],
      [true, 'RUNNING'],
    ] as const) {
      const game = new Game(await program('p', caller), await program('q', called))
      game.start('p')
      complete(game, 'in1', null, { full })
      expect(game.status).toBe(end)
      expect(game.marking).toEqual(full ? ['fix'] : [])
      expect(game.state.instances.find((one) => one.id !== 'root')?.status).toBe(full ? 'FAILED' : 'COMPLETED')
    }
  })
})

describe('countersignature', () => {
  const voices = (attributes: string, condition = '') =>
    plain(
      user(
        'a',
        'wf:candidateRoles="OPERATION_MANAGER" wf:outcomes="YES,NO"',
        `<multiInstanceLoopCharacteristics ${attributes}>${condition && `<completionCondition>${condition}</completionCondition>`}</multiInstanceLoopCharacteristics>`,
      ) + user('b'),
    ) + flows('s>a a>b b>e')
  test('all must speak', async () => {
    const game = await begin(voices('wf:collection="=list"'), { list: [1, 2, 3] })
    expect(game.open).toHaveLength(3)
    for (let n = 0; n < 3; n += 1) complete(game, 'a', 'YES')
    expect(game.marking).toEqual(['b'])
    expect(game.state.instances[0]?.vars.a).toMatchObject({ votes: { YES: 3, NO: 0 } })
  })
  test('one after the other, and ended by a single no', async () => {
    const game = await begin(voices('isSequential="true" wf:collection="=list"', '=votes.NO &gt; 0'), { list: [1, 2, 3] })
    expect(game.open).toHaveLength(1)
    complete(game, 'a', 'YES')
    expect(game.open).toHaveLength(1)
    complete(game, 'a', 'NO')
    expect(game.marking).toEqual(['b'])
  })
  test('an empty list passes, no list is an error', async () => {
    expect((await begin(voices('wf:collection="=list"'), { list: [] })).marking).toEqual(['b'])
    await expect(begin(voices('wf:collection="=list"'), { list: 3 })).rejects.toThrow(Undecidable)
  })
  test('a second round counts only its own votes', async () => {
    const body =
      plain(
        xor('m') +
          user(
            'a',
            'wf:candidateRoles="OPERATION_MANAGER" wf:outcomes="YES,NO"',
            '<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>',
          ) +
          xor('x', 'x_e'),
      ) +
      flows('s>m m>a a>x x>e') +
      flowIf('x', 'm', '=a.votes.NO > 0')
    const game = await begin(body)
    complete(game, 'a', 'NO')
    complete(game, 'a', 'NO')
    expect(game.open).toHaveLength(2)
    complete(game, 'a', 'YES')
    complete(game, 'a', 'YES')
    expect(game.status).toBe('COMPLETED')
  })
})

test('a loop without human or timer is stopped and named', async () => {
  const body = plain(xor('m') + '<task id="t"/>' + xor('x', 'x_e')) + flows('s>m m>t t>x x>e') + flowIf('x', 'm', '=true')
  const error = await begin(body).catch((caught: unknown) => caught)
  expect((error as Undecidable).en).toContain('500 steps')
})
