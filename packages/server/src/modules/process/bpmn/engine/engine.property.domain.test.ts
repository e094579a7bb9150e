import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Game, replay } from '../../test/game.ts'
import { type Block, blocks, writeModel } from '../../test/models.ts'
import { compile } from '../model/compile.ts'
import { nodeOf, type Program } from '../program.ts'
import { completeTask } from './completing.ts'
import { Refusal } from './env.ts'
import { recallTask, returnTargets, returnTask } from './returning.ts'
import { fireReminder, fireTimer } from './signalling.ts'

interface Move {
  kind: 'complete' | 'complete' | 'advance' | 'return' | 'recall'
  choice: number
  fact: number
}
const moves = fc.array(
  fc.record<Move>({
    kind: fc.constantFrom('complete', 'complete', 'complete', 'advance', 'return', 'recall'),
    choice: fc.nat(30),
    fact: fc.nat(8),
  }),
  { maxLength: 25 },
)

/** Some facts for the conditions of the model: which way an XOR takes, whether a loop goes round again. */
const factsFor = (vars: Record<string, unknown>, fact: number): Record<string, unknown> =>
  Object.fromEntries(Object.keys(vars).map((name, at) => [name, name.startsWith('pick') ? (fact + at) % 3 : (fact + at) % 4 === 0]))

function advance(game: Game, hours: number): void {
  const until = game.now.add({ hours })
  for (let fired = 0; fired < 200; fired += 1) {
    const due = game.state.jobs
      .filter((job) => Temporal.Instant.compare(job.dueAt, until) <= 0)
      .toSorted((one, other) => Temporal.Instant.compare(one.dueAt, other.dueAt) || one.id.localeCompare(other.id))[0]
    if (!due) break
    if (Temporal.Instant.compare(due.dueAt, game.now) > 0) game.now = due.dueAt
    game.command((run) => void (due.kind === 'reminder' ? fireReminder(run, due.id) : fireTimer(run, due.id)))
  }
  game.now = until
}

function play(game: Game, vars: Record<string, unknown>, { kind, choice, fact }: Move): void {
  const pick = <T>(list: readonly T[]): T | undefined => list[choice % Math.max(1, list.length)]
  if (kind === 'advance') {
    advance(game, (choice % 4) + 1)
    return
  }
  if (kind === 'recall') {
    const done = pick(game.state.tasks.filter((task) => task.status === 'DONE'))
    if (!done) return
    const from = game.events.findLastIndex((event) => event.kind === 'complete' && event.taskId === done.id)
    try {
      game.command((run) => recallTask(run, done.id, game.events.slice(from + 1), null))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
    return
  }
  const task = pick(game.open)
  if (!task) return
  game.command((run) => {
    const target = kind === 'return' ? pick(returnTargets(run, run.tasks.get(task.id) ?? task)) : undefined
    if (target) returnTask(run, task.id, { toNode: target.node, reasons: [], comment: null })
    else completeTask(run, task.id, { outcome: 'DONE', comment: null, facts: factsFor(vars, fact) })
  })
}

/** What must hold between any two commands. */
function checkInvariants(game: Game, program: Program): void {
  const { tokens, tasks, jobs, waits, instances } = game.state
  const running = instances.some((one) => one.status === 'RUNNING')
  expect(tokens.length > 0, 'a running instance has a token, an ended one has none').toBe(running)
  expect(new Map(tokens.map((token) => [token.id, token.node])), 'the history tells the same tokens').toEqual(replay(game.events))
  const ids = new Set(tokens.map((token) => token.id))
  for (const row of [...jobs, ...waits, ...game.open]) expect(ids.has(row.tokenId), `${row.node} hangs on a live token`).toBe(true)
  for (const token of tokens) {
    const node = nodeOf(program, token.node)
    if (token.state === 'scope') expect(tokens.some((one) => one.parent === token.id)).toBe(true)
    else if (token.state === 'join') expect(node.kind).toBe('and')
    else
      expect(
        tasks.some((task) => task.tokenId === token.id && task.status === 'OPEN'),
        `somebody can go on at ${token.node}`,
      ).toBe(true)
  }
  for (const node of program.nodes.values()) {
    if (node.kind !== 'and' || node.in.length < 2) continue
    const here = tokens.filter((token) => token.node === node.id && token.state === 'join')
    const flowsHere = here.map((token) => `${token.parent} ${token.strand} ${token.via}`)
    expect(new Set(flowsHere).size, 'no second token on one flow of a join').toBe(flowsHere.length)
  }
}

/** Leaves every loop and takes the first way of every choice until the instance ends. */
function finish(game: Game, vars: Record<string, unknown>): void {
  for (let step = 0; step < 300 && game.status === 'RUNNING'; step += 1) {
    const [task] = game.open
    if (!task) break
    game.command((run) => completeTask(run, task.id, { outcome: 'DONE', comment: null, facts: vars }))
  }
}

const compiled = async (block: Block): Promise<{ program: Program; vars: Record<string, unknown> }> => {
  const { xml, vars } = writeModel(block)
  const { program, flaws } = await compile('p', xml)
  if (!program) throw new Error(`a structured model was refused: ${JSON.stringify(flaws)}`)
  return { program, vars }
}

const user = { kind: 'user' } as const
const step = (kind: Move['kind'], choice = 0): Move => ({ kind, choice, fact: 0 })
/** A reminder's side path that outlived the join of its branch: nobody can go back before that join, by return or by recall. */
const joinedBefore: [Block, Move[]][] = [
  [
    { kind: 'and', parts: [{ kind: 'seq', parts: [user, user] }, user, { kind: 'reminded', inner: user }] },
    [step('complete'), step('complete', 2), step('complete'), step('advance', 29), step('complete'), step('return')],
  ],
  [
    { kind: 'and', parts: [user, { kind: 'reminded', inner: user }, user] },
    [step('complete'), step('advance', 21), step('complete'), step('complete'), step('recall', 10)],
  ],
]

test('random sound models under random commands: no token is lost, the history replays, every instance can end', async () => {
  await fc.assert(
    fc.asyncProperty(blocks, moves, async (block, script) => {
      const { program, vars } = await compiled(block)
      const game = new Game(program)
      game.start('p', vars)
      checkInvariants(game, program)
      for (const move of script) {
        if (game.status !== 'RUNNING') break
        play(game, vars, move)
        checkInvariants(game, program)
      }
      finish(game, vars)
      expect(game.status).toBe('COMPLETED')
      checkInvariants(game, program)
    }),
    { numRuns: 400, examples: joinedBefore },
  )
}, 60_000)

test('a join fires once per round: as often as each of its flows was walked', async () => {
  await fc.assert(
    fc.asyncProperty(blocks, fc.array(fc.nat(30), { maxLength: 30 }), async (block, choices) => {
      const { program, vars } = await compiled(block)
      const game = new Game(program)
      game.start('p', vars)
      for (const choice of choices) if (game.status === 'RUNNING') play(game, vars, { kind: 'complete', choice, fact: choice })
      finish(game, vars)
      for (const node of program.nodes.values()) {
        if (node.kind !== 'and' || node.in.length < 2) continue
        for (const flow of node.in) {
          const walked = game.events.filter((event) => event.kind === 'flow' && event.flow === flow).length
          expect(game.entered(node.id)).toBe(walked)
        }
      }
    }),
    { numRuns: 300 },
  )
}, 60_000)
