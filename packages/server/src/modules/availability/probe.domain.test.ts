import { describe, expect, test } from 'vitest'
import { advanceRun, cutRun, type Result, type Run, voteOfRun } from './probe.domain.ts'

const policy = { validMs: 20, failuresToDown: 3, successesToUp: 2 }
const digest = (before: string, { at }: Result) => `${before}.${at}`
const letters = { u: 'UP', d: 'DOWN', a: 'ABSTAIN' } as const

/** One letter a result, ten apart; a dot is a result that never came. */
function play(text: string) {
  let run: Run | null = null
  const closed: string[] = []
  for (const [index, letter] of [...text].entries()) {
    if (letter === '.') continue
    const step: ReturnType<typeof advanceRun> = advanceRun(
      run,
      { at: index * 10, verdict: letters[letter as 'u'], detail: '', latencyMs: null },
      policy,
      digest,
    )
    run = step.run
    closed.push(...step.closed.map(({ state, from, to, fromLo }) => `${state} ${from}-${to} after ${fromLo}`))
  }
  return { closed, run: run as unknown as Run }
}

describe('results become runs', () => {
  test.each<[string, string, string[], Partial<Run>]>([
    ['up all along', 'uuuu', [], { state: 'UP', from: 0, last: 30 }],
    ['two failures are not enough', 'uudd', [], { state: 'UP', from: 0, last: 10 }],
    ['one success among failures', 'uudduddu', [], { state: 'UP', from: 0, last: 70 }],
    ['the third failure makes it down from the first', 'uuddd', ['UP 0-20 after 0'], { state: 'DOWN', from: 20, fromLo: 10, last: 40 }],
    ['one success does not end it', 'uudddud', ['UP 0-20 after 0'], { state: 'DOWN', from: 20, last: 60 }],
    [
      'the second success ends it at the first',
      'uudddduu',
      ['UP 0-20 after 0', 'DOWN 20-60 after 10'],
      { state: 'UP', from: 60, fromLo: 50 },
    ],
    ['an abstention counts at once', 'uua', ['UP 0-20 after 0'], { state: 'ABSTAIN', from: 20 }],
    ['back from abstention', 'uuau', ['UP 0-20 after 0', 'ABSTAIN 20-30 after 10'], { state: 'UP', from: 30 }],
    ['one result missing is bridged', 'uu.u', [], { state: 'UP', from: 0, last: 30 }],
    ['silence ends it when its last result is no longer valid', 'uu...u', ['UP 0-30 after 0'], { state: 'UP', from: 50 }],
    ['failing from the first look', 'ddd', [], { state: 'DOWN', from: 0 }],
    ['failing twice, then up', 'ddu', [], { state: 'UP', from: 20 }],
    ['failures wait while nothing is known', 'dd', [], { state: 'NONE' }],
  ])('%s: %s', (_what, text, closed, run) => {
    const played = play(text)
    expect(played.closed).toEqual(closed)
    expect(played.run).toMatchObject(run)
  })
  test('the same result twice, or an older one, is not taken', () => {
    const { run } = play('uuu')
    for (const at of [20, 5]) {
      const step = advanceRun(run, { at, verdict: 'DOWN', detail: '', latencyMs: null }, policy, digest)
      expect(step).toMatchObject({ taken: false, closed: [] })
      expect(step.run).toBe(run)
    }
  })
  test('an unfinished run votes while its last result is valid, and not at all while nothing is known', () => {
    expect(voteOfRun('p', play('uu').run, 20)).toMatchObject({ isDown: false, from: 0, to: 30 })
    expect(voteOfRun('p', play('uudd').run, 20)).toMatchObject({ isDown: false, to: 50 })
    expect(voteOfRun('p', play('dd').run, 20)).toBeNull()
    expect(voteOfRun('p', play('uua').run, 20)).toBeNull()
  })
  test('a cut gives the part before it and goes on with the rest', () => {
    const { run } = play('uuuuu')
    expect(cutRun(run, 30)).toMatchObject({ closed: [{ state: 'UP', from: 0, to: 30 }], run: { from: 30, last: 40 } })
    expect(cutRun(run, 50).closed).toEqual([])
    expect(cutRun(run, 0).closed).toEqual([])
  })
})
