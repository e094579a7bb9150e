import { expect, test } from 'vitest'
import { startPulse } from './pulse.ts'

function machine() {
  let wall = 1_000_000
  let monotonic = 0
  let due = 100
  let ticked = (): void => {}
  const clock = {
    wallMs: () => wall,
    monotonicMs: () => monotonic,
    every(_ms: number, tick: () => void) {
      ticked = tick
      return () => {}
    },
  }
  return {
    pulse: startPulse(clock),
    /** The process runs: its timers are called when they are due. */
    run(ms: number) {
      for (const until = monotonic + ms; monotonic < until; ) {
        const step = Math.min(due, until) - monotonic
        monotonic += step
        wall += step
        if (monotonic >= due) {
          ticked()
          due = monotonic + 100
        }
      }
    },
    /** Time passes, nothing of the process runs. */
    hold(ms: number) {
      monotonic += ms
      wall += ms
    },
    setClock(ms: number) {
      wall += ms
    },
  }
}

test('a look during which all went well may accuse', () => {
  const { pulse, run } = machine()
  run(3_000)
  const begun = pulse.begin()
  run(5_000)
  expect(pulse.troubleSince(begun)).toBeNull()
})
test.each([
  ['just under a second is no trouble', 1_000, null],
  ['a second is', 1_100, 'this probe was held up for 1000 ms'],
  ['so are six', 6_000, 'this probe was held up for 5900 ms'],
] as const)('a process that got no processor: %s', (_, ms, trouble) => {
  const { pulse, run, hold } = machine()
  run(1_000)
  const begun = pulse.begin()
  hold(ms - (trouble === null ? 1 : 0))
  expect(pulse.troubleSince(begun)).toBe(trouble)
})
test('what was over before the look began does not excuse it', () => {
  const { pulse, run, hold } = machine()
  hold(8_000)
  run(200)
  const begun = pulse.begin()
  run(5_000)
  expect(pulse.troubleSince(begun)).toBeNull()
})
test.each([
  ['set ahead', 90_000],
  ['set back', -90_000],
])('a clock that is %s in the middle of a look', (_, ms) => {
  const { pulse, run, setClock } = machine()
  const begun = pulse.begin()
  run(500)
  setClock(ms)
  expect(pulse.troubleSince(begun)).toBe(`the clock of this probe went ${ms} ms apart from its time`)
})
