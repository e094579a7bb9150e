import { chainOn, type NewEntry } from '@changbai/verify/availability/chain.ts'
import { foldChain } from '@changbai/verify/availability/fold.ts'
import { unionOf } from '@changbai/verify/availability/span.ts'
import { judgeVotes, type Vote } from '@changbai/verify/availability/sweep.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reconcile } from './judge.domain.ts'

const quorum = [{ from: 0, voters: 2, agree: 1 }]
const vote = (probe: string, from: number, to: number, isDown: boolean): Vote => ({ probe, from, to, isDown, fromLo: from, last: to - 1 })

/** Judges step by step with what has become known, as the server does, and reads the stretches that result. */
function judgeInSteps(steps: readonly { votes: readonly Vote[]; now: number; since: number }[]) {
  let written: NewEntry[] = []
  let ids = 0
  for (const { votes, now, since } of steps) {
    const { stretches } = foldChain(chainOn('a', { seq: 0, head: '' }, '', '', written))
    const reaching = stretches.filter(({ to }) => to === null || to >= since)
    const within = { from: Math.max(0, Math.min(since, ...reaching.map(({ from }) => from))), to: now }
    const known = stretches.filter(({ from, to }) => (to ?? Infinity) >= within.from && from <= within.to && to !== from)
    written = [...written, ...reconcile(judgeVotes(votes, quorum, within), known, within, () => `s${ids++}`)]
  }
  const { stretches } = foldChain(chainOn('a', { seq: 0, head: '' }, '', '', written))
  const last = steps.at(-1)?.now ?? 0
  const of = (state: string) => unionOf(stretches.filter((one) => one.state === state).map(({ from, to }) => ({ from, to: to ?? last })))
  return { down: of('DOWN'), unknown: of('UNKNOWN'), written }
}

test('an outage keeps its id while it goes on and when it ends', () => {
  const up = vote('a', 0, 10, false)
  const { written, down } = judgeInSteps([
    { votes: [up, vote('a', 10, 30, true)], now: 30, since: 0 },
    { votes: [up, vote('a', 10, 50, true)], now: 50, since: 30 },
    { votes: [up, vote('a', 10, 60, true), vote('a', 60, 80, false), vote('b', 60, 80, false)], now: 80, since: 50 },
  ])
  expect(down).toEqual([{ from: 10, to: 60 }])
  expect(written.filter(({ kind }) => kind === 'stretch').map(({ body }) => (body as { id: string; state: string }).state)).toEqual([
    'UNKNOWN',
    'DOWN',
  ])
})
test('results that arrive late undo the silence', () => {
  const both = (to: number) => [vote('a', 0, to, false), vote('b', 0, to, false)]
  const { unknown } = judgeInSteps([
    { votes: both(20), now: 60, since: 0 },
    { votes: both(60), now: 60, since: 20 },
  ])
  expect(unknown).toEqual([])
})
test('in whatever steps it becomes known, the end is what one sweep says', () => {
  const aVote = fc
    .record({ probe: fc.constantFrom('a', 'b'), from: fc.nat(80), length: fc.integer({ min: 1, max: 30 }), isDown: fc.boolean() })
    .map(({ probe, from, length, isDown }) => vote(probe, from, from + length, isDown))
  const apart = (votes: Vote[]) =>
    votes.filter(
      (one, index) => !votes.slice(0, index).some((other) => other.probe === one.probe && other.from < one.to && one.from < other.to),
    )
  fc.assert(
    fc.property(
      fc.array(aVote, { minLength: 1, maxLength: 12 }).map(apart),
      fc.array(fc.integer({ min: 1, max: 119 }), { maxLength: 5 }),
      (votes, cuts) => {
        const nows = [...new Set(cuts), 120].sort((a, b) => a - b)
        // by each instant the votes that began before it are known, in the order they were drawn
        const steps = nows.map((now, index) => {
          const before = nows[index - 1] ?? 0
          const known = votes.filter(({ from }) => from < now)
          const fresh = known.filter(({ to }) => to > before)
          return { votes: known, now, since: Math.min(before, ...fresh.map(({ from }) => from)) }
        })
        const judged = judgeVotes(votes, quorum, { from: 0, to: 120 })
        const result = judgeInSteps(steps)
        expect(result.down).toEqual(unionOf(judged.filter(({ state }) => state === 'DOWN')))
        expect(result.unknown).toEqual(unionOf(judged.filter(({ state }) => state === 'UNKNOWN')))
      },
    ),
  )
})
