import { describe, expect, test } from 'vitest'
import { startOf } from '../intake/incoming.domain.ts'
import type { Level } from '../rules/pack.domain.ts'
import type { Around, Given, Mute, Policy, Sight, Step, Watch } from './alarm.domain.ts'
import { closeFor } from './lifecycle.domain.ts'
import { decide, nextDue, turnsPercent } from './pipeline.domain.ts'

const S = 1000
const policy: Policy = {
  forMs: 60 * S,
  settleMs: 120 * S,
  missing: 'hold',
  quiet: 'over',
  incident: true,
  reopenMs: 600 * S,
  holdMs: 60 * S,
  escalation: [600 * S, 1800 * S],
}
const calm: Around = { roots: [], mutes: [], firedLastMinute: 0, stormFrom: 60 }

/** Plays sights and ticks, seconds from the start; gives what was said with its second, and how it stands in the end. */
function play(
  lines: readonly (readonly [second: number, seen: Level | 'good' | 'missing' | 'tick', around?: Partial<Around>])[],
  own: Partial<Policy> = {},
) {
  let watch: Watch | null = null
  const said: string[] = []
  const acts: string[] = []
  for (const [second, seen, around] of lines) {
    const at = second * S
    const sight: Sight | null =
      seen === 'tick' ? null : seen === 'missing' ? { at, level: null, missing: true } : { at, level: seen === 'good' ? null : seen }
    const given: Given = { now: at, sight, policy: { ...policy, ...own }, around: { ...calm, ...around } }
    const next: Step | null = decide(watch, given)
    watch = next?.watch ?? watch
    said.push(...(next?.said ?? []).map(({ reason }) => `${second} ${reason}`))
    acts.push(...(next?.acts ?? []).map((act) => `${second} ${act}`))
  }
  return { watch: watch as unknown as Watch, said, acts }
}

describe('lifecycle', () => {
  test('suspected until it has been bad long enough, counted from the first sight; told once', () => {
    const { said, acts, watch } = play([
      [0, 'III'],
      [30, 'III'],
      [61, 'tick'],
      [90, 'III'],
    ])
    expect(said).toEqual(['0 seen', '61 fired', '61 incident'])
    expect(acts).toEqual(['61 INCIDENT'])
    expect(watch).toMatchObject({ state: 'FIRING', firedAt: 60 * S, since: 0 })
  })
  test('good before that: nobody hears of it', () =>
    expect(
      play([
        [0, 'III'],
        [30, 'good'],
      ]),
    ).toMatchObject({ said: ['0 seen', '30 blip'], acts: [], watch: { closeReason: 'NEVER_FIRED' } }))
  test('without a wait it fires with the first sight', () =>
    expect(play([[0, 'II']], { forMs: 0 }).said).toEqual(['0 fired', '0 incident']))
  test('recovering until it has been good long enough; closed as of the first good sight', () => {
    const { said, watch, acts } = play(
      [
        [0, 'II'],
        [100, 'good'],
        [150, 'good'],
        [221, 'tick'],
      ],
      { forMs: 0 },
    )
    expect(said).toEqual(['0 fired', '0 incident', '100 good', '221 recovered', '221 recovery-told'])
    expect(acts).toEqual(['0 INCIDENT', '221 RECOVERED'])
    expect(watch).toMatchObject({ state: 'CLOSED', closedAt: 100 * S, closeReason: 'RECOVERED', timers: {} })
  })
  test('bad again meanwhile: it never was over', () =>
    expect(
      play(
        [
          [0, 'II'],
          [100, 'good'],
          [150, 'II'],
        ],
        { forMs: 0 },
      ),
    ).toMatchObject({ said: ['0 fired', '0 incident', '100 good', '150 relapsed'], watch: { state: 'FIRING', since: 0 } }))
  test('graver is news, milder is not', () => {
    const { said, watch } = play(
      [
        [0, 'III'],
        [10, 'II'],
        [20, 'III'],
        [30, 'II'],
      ],
      { forMs: 0 },
    )
    expect(said).toEqual(['0 fired', '0 incident', '10 level-raised', '10 incident', '20 level-lowered', '30 level-raised'])
    expect(watch).toMatchObject({ level: 'II', topLevel: 'II', toldLevel: 'II' })
  })
  test('back within the reopening time it is the same alarm, later a new one', () => {
    expect(
      play(
        [
          [0, 'II'],
          [100, 'good'],
          [221, 'tick'],
          [400, 'II'],
        ],
        { forMs: 0 },
      ),
    ).toMatchObject({ watch: { reopened: 1, state: 'FIRING', since: 400 * S } })
    expect(
      play(
        [
          [0, 'II'],
          [100, 'good'],
          [221, 'tick'],
          [701, 'II'],
        ],
        { forMs: 0 },
      ),
    ).toMatchObject({ watch: { reopened: 0, since: 701 * S } })
  })
  test('good that was never bad is nothing', () =>
    expect(
      play([
        [0, 'good'],
        [10, 'missing'],
      ]),
    ).toEqual({ watch: null, said: [], acts: [] }))
  test('what comes late changes nothing', () =>
    expect(
      play(
        [
          [100, 'II'],
          [50, 'good'],
        ],
        { forMs: 0 },
      ).watch.state,
    ).toBe('FIRING'))
  test('retired is neither recovered nor told', () => {
    const { watch } = play([[0, 'II']], { forMs: 0 })
    expect(closeFor(watch, 5 * S, 'RETIRED')).toMatchObject({
      watch: { state: 'CLOSED', closeReason: 'RETIRED' },
      said: [{ reason: 'retired' }],
      acts: [],
    })
  })
})

describe('silence', () => {
  test('holds: it fires on, and says since when nothing was heard', () => {
    const { watch, said } = play(
      [
        [0, 'II'],
        [300, 'missing'],
        [600, 'missing'],
        [9000, 'tick', { roots: [] }],
      ],
      { forMs: 0, escalation: [] },
    )
    expect(said).toEqual(['0 fired', '0 incident', '300 held'])
    expect(watch).toMatchObject({ state: 'FIRING', missingAt: 300 * S })
  })
  test('ends with the next sight', () =>
    expect(
      play(
        [
          [0, 'II'],
          [300, 'missing'],
          [310, 'II'],
        ],
        { forMs: 0 },
      ),
    ).toMatchObject({ said: ['0 fired', '0 incident', '300 held', '310 data-back'], watch: { missingAt: null } }))
  test('what was recovering does not close by silence', () =>
    expect(
      play(
        [
          [0, 'II'],
          [100, 'good'],
          [150, 'missing'],
          [900, 'tick'],
          [910, 'good'],
          [1031, 'tick'],
        ],
        { forMs: 0, escalation: [] },
      ).said.slice(2),
    ).toEqual(['100 good', '150 held', '910 data-back', '1031 recovered', '1031 recovery-told']))
  test('what was suspected does not fire by silence', () =>
    expect(
      play([
        [0, 'II'],
        [30, 'missing'],
        [90, 'tick'],
        [100, 'II'],
        [161, 'tick'],
      ]).said,
    ).toEqual(['0 seen', '30 held', '100 data-back', '100 seen', '161 fired', '161 incident']))
  test('a rule may take it as good', () =>
    expect(
      play(
        [
          [0, 'II'],
          [300, 'missing'],
          [421, 'tick'],
        ],
        { forMs: 0, missing: 'recover' },
      ).watch.closeReason,
    ).toBe('RECOVERED'))
  test('an event is over after a quiet while; a sender that promised to repeat is missing', () => {
    const seen = (quiet: Policy['quiet']) => {
      const given: Given = { now: 0, sight: { at: 0, level: 'II', quietAt: 900 * S }, policy: { ...policy, forMs: 0, quiet }, around: calm }
      const first = decide(null, given) as Step
      return decide(first.watch, { ...given, now: 901 * S, sight: null })?.watch
    }
    expect(seen('over')).toMatchObject({ state: 'CLOSED', closedAt: 900 * S })
    expect(seen('missing')).toMatchObject({ state: 'FIRING', missingAt: 900 * S })
  })
})

describe('flapping', () => {
  test.each([
    ['0'.repeat(20), 0],
    ['1'.repeat(20), 97.5],
    ['10'.repeat(10), 48],
    ['1', 5.75],
  ])('%s is %d %%', (turns, percent) => expect(turnsPercent(turns)).toBeCloseTo(percent, 0))
  test('one word at the start, one at the end, none between', () => {
    const turning = Array.from({ length: 12 }, (_, i) => [i * 10, i % 2 === 0 ? 'II' : 'good'] as const)
    const calming = Array.from({ length: 20 }, (_, i) => [200 + i * 10, 'II'] as const)
    const { acts, said } = play([...turning, ...calming], { forMs: 0 })
    expect(acts).toEqual(['0 INCIDENT', expect.stringMatching(/ FLAPPING$/), expect.stringMatching(/ FLAPPING$/)])
    expect(said.filter((line) => line.includes('flapping'))).toHaveLength(2)
  })
})

describe('topology', () => {
  const root = { id: 'r', label: '交换机', suspected: false }
  test('what follows from another is not told, and points at it; told when that is over', () => {
    const { said, acts } = play(
      [
        [0, 'II', { roots: [root] }],
        [30, 'tick', { roots: [root] }],
        [60, 'tick'],
      ],
      { forMs: 0 },
    )
    expect(said).toEqual(['0 fired', '0 inhibited', '0 not-told-inhibited', '60 released', '60 incident'])
    expect(acts).toEqual(['60 INCIDENT'])
  })
  test('waits for one that is suspected, a minute at most', () => {
    const suspect = { ...root, suspected: true }
    expect(
      play(
        [
          [0, 'II', { roots: [suspect] }],
          [30, 'tick', { roots: [root] }],
        ],
        { forMs: 0 },
      ).said,
    ).toEqual(['0 fired', '0 waits-for-root', '30 inhibited', '30 not-told-inhibited'])
    expect(
      play(
        [
          [0, 'II', { roots: [suspect] }],
          [61, 'tick', { roots: [suspect] }],
        ],
        { forMs: 0 },
      ).said,
    ).toEqual(['0 fired', '0 waits-for-root', '61 incident'])
    expect(
      play(
        [
          [0, 'II', { roots: [suspect] }],
          [20, 'tick'],
        ],
        { forMs: 0 },
      ).acts,
    ).toEqual(['20 INCIDENT'])
  })
})

describe('a storm', () => {
  test('is one matter', () =>
    expect(play([[0, 'IV', { firedLastMinute: 60 }]], { forMs: 0, incident: false })).toMatchObject({
      said: ['0 fired', '0 storm', '0 incident'],
      watch: { storm: true },
    }))
  test('begins at the limit', () => expect(play([[0, 'IV', { firedLastMinute: 59 }]], { forMs: 0 }).said).toEqual(['0 fired', '0 digest']))
})

describe('maintenance and silences', () => {
  const mute: Mute = { kind: 'MAINTENANCE', id: 'w', label: '升级', until: 600 * S }
  test('nobody is told, the alarm goes on, recovers and closes all the same', () => {
    const mutes = [mute]
    const { said, acts } = play(
      [
        [0, 'II', { mutes }],
        [50, 'II', { mutes }],
        [100, 'good', { mutes }],
        [221, 'tick', { mutes }],
      ],
      { forMs: 0 },
    )
    expect(said).toEqual(['0 fired', '0 maintenance', '0 not-told-muted', '100 good', '221 recovered'])
    expect(acts).toEqual([])
  })
  test('still firing when the window ends: told at once', () => {
    const { acts, watch } = play(
      [
        [0, 'II', { mutes: [mute] }],
        [600, 'tick'],
      ],
      { forMs: 0 },
    )
    expect(acts).toEqual(['600 INCIDENT'])
    expect(watch.muted).toBeNull()
  })
  test('a timer waits for the end of the window', () =>
    expect(nextDue(play([[0, 'II', { mutes: [mute] }]], { forMs: 0 }).watch)).toBe(600 * S))
})

describe('escalation', () => {
  test('to ever more people until somebody acknowledges; timers are in the alarm', () => {
    const { acts, said } = play(
      [
        [0, 'II'],
        [600, 'tick'],
        [1799, 'tick'],
        [1800, 'tick'],
        [9000, 'tick'],
      ],
      { forMs: 0 },
    )
    expect(acts).toEqual(['0 INCIDENT', '600 ESCALATE', '1800 ESCALATE'])
    expect(said.slice(2)).toEqual(['600 escalated', '1800 escalated'])
  })
  test('none for what goes into a digest', () =>
    expect(
      play(
        [
          [0, 'IV'],
          [600, 'tick'],
        ],
        { forMs: 0 },
      ).acts,
    ).toEqual([]))
  test('stops when acknowledged', () => {
    const { watch } = play([[0, 'II']], { forMs: 0 })
    expect(decide({ ...watch, acked: true }, { now: 600 * S, sight: null, policy, around: calm })).toMatchObject({
      acts: [],
      watch: { timers: {} },
    })
  })
})

describe('since when', () => {
  const seen = (sight: { since?: number; at: number }) =>
    decide(null, { now: 1000 * S, sight: { level: 'III', ...sight }, policy: { ...policy, forMs: 0 }, around: calm })?.watch
  test('a sender who says that it began earlier is believed; it fires when it was heard of', () =>
    expect(seen({ at: 1000 * S, since: 940 * S })).toMatchObject({ since: 940 * S, firedAt: 1000 * S, lastAt: 1000 * S }))
  test('nothing begins after it was heard of', () =>
    expect(seen({ at: 1000 * S, since: 1090 * S })).toMatchObject({ since: 1000 * S, firedAt: 1000 * S }))
  test.each([
    ['a group that waited half a minute', '2026-09-18T02:00:00Z', '2026-09-18T01:59:30Z', true],
    ['an hour ago still', '2026-09-18T02:00:00Z', '2026-09-18T01:00:00Z', true],
    ['longer ago: it is only told now', '2026-09-18T02:00:00Z', '2026-09-18T00:59:59Z', false],
    ['ahead of us: a clock that is wrong', '2026-09-18T02:00:00Z', '2026-09-18T02:00:01Z', false],
    ['the zero instant', '2026-09-18T02:00:00Z', '0001-01-01T00:00:00Z', false],
    ['no instant', '2026-09-18T02:00:00Z', 'yesterday', false],
  ])('a start that is sane: %s', (_, now, said, believed) =>
    expect(startOf(said, Date.parse(now))).toBe(believed ? Date.parse(said) : null),
  )
})
