import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { keyIdOf } from '../signature.ts'
import { CHAIN_START, chainOn, type Entry, type NewEntry } from './chain.ts'
import { EXPORT_FORMAT, exportStatement } from './export-lines.ts'
import { FORMULA } from './figures.ts'
import { factsOf, foldChain, partsOf } from './fold.ts'
import { figuresOfMonth, stateOfYear } from './statement.ts'
import { judgeVotes, type Vote } from './sweep.ts'
import { verifyAvailability } from './verify-availability.ts'
import { monthSpan, yearSpan } from './year.ts'

const APP = '0198f0a0-0000-7000-8000-000000000001'
const year = yearSpan(2026)
const SECOND = 1000
const at = (seconds: number) => year.from + seconds * SECOND
const WRITTEN = '2026-02-01T00:00:00.000Z'

describe('k of n votes by sweep line', () => {
  const vote = (probe: string, from: number, to: number, isDown: boolean, fromLo = from): Vote => ({
    probe,
    from,
    to,
    isDown,
    fromLo,
    last: to - 1,
  })
  const quorum = [{ from: 0, voters: 3, agree: 2 }]
  const judge = (votes: Vote[], quorums = quorum) =>
    judgeVotes(votes, quorums, { from: 0, to: 100 }).map(({ state, from, to }) => `${state} ${from}-${to}`)
  const up = (probe: string) => vote(probe, 0, 100, false)

  test.each<[string, Vote[], string[]]>([
    ['all up', [up('a'), up('b'), up('c')], []],
    ['one down is not enough', [up('a'), up('b'), vote('c', 0, 100, true)], []],
    [
      'two down',
      [
        up('a'),
        vote('b', 10, 60, true),
        vote('b', 60, 100, false),
        vote('c', 20, 50, true),
        vote('c', 50, 100, false),
        vote('b', 0, 10, false),
        vote('c', 0, 20, false),
      ],
      ['DOWN 20-50'],
    ],
    ['one silent: two up are still enough', [up('a'), up('b')], []],
    ['two silent: nobody knows', [up('a')], ['UNKNOWN 0-100']],
    ['one up, one down, one silent', [up('a'), vote('b', 0, 100, true)], ['UNKNOWN 0-100']],
    ['nobody', [], ['UNKNOWN 0-100']],
    ['down, then silence', [vote('a', 0, 40, true), vote('b', 0, 30, true)], ['DOWN 0-30', 'UNKNOWN 30-100']],
  ])('%s', (_what, votes, pieces) => expect(judge(votes)).toEqual(pieces))
  test('a vote from before the stretch looked at gives no bound', () => {
    const down = [vote('a', 0, 50, true, -7), vote('b', 20, 50, true, 11)]
    expect(judgeVotes(down, quorum, { from: 20, to: 100 })[0]).toMatchObject({ from: 20, fromLo: 11 })
  })
  test('before any rule nothing is known; a later rule counts from its instant', () => {
    expect(judge([up('a')], [{ from: 40, voters: 1, agree: 1 }])).toEqual(['UNKNOWN 0-40'])
    expect(
      judge(
        [up('a'), vote('b', 0, 100, true)],
        [
          { from: 0, voters: 2, agree: 2 },
          { from: 50, voters: 2, agree: 1 },
        ],
      ),
    ).toEqual(['DOWN 50-100'])
  })
  test('the bounds are those of the votes that turned the scale', () => {
    const votes = [
      up('a'),
      vote('b', 0, 10, false),
      vote('b', 10, 60, true, 4),
      vote('c', 0, 20, false),
      vote('c', 20, 50, true, 13),
      vote('c', 50, 100, false),
    ]
    expect(judgeVotes(votes, quorum, { from: 0, to: 100 })).toMatchObject([{ from: 20, to: 50, fromLo: 13, toLo: 49 }])
  })
  test('the order in which votes arrive changes nothing, and a sweep agrees with asking at every instant', () => {
    const aVote = fc
      .record({ probe: fc.constantFrom('a', 'b', 'c'), from: fc.nat(30), length: fc.integer({ min: 1, max: 20 }), isDown: fc.boolean() })
      .map(({ probe, from, length, isDown }) => vote(probe, from, from + length, isDown))
    const withoutOverlap = (votes: Vote[]) =>
      votes.filter(
        (one, index) => !votes.slice(0, index).some((other) => other.probe === one.probe && other.from < one.to && one.from < other.to),
      )
    fc.assert(
      fc.property(
        fc
          .array(aVote, { maxLength: 15 })
          .map(withoutOverlap)
          .chain((votes) => fc.tuple(fc.constant(votes), fc.shuffledSubarray(votes, { minLength: votes.length }))),
        ([votes, shuffled]) => {
          const pieces = judgeVotes(votes, quorum, { from: 0, to: 60 })
          expect(judgeVotes(shuffled, quorum, { from: 0, to: 60 })).toEqual(pieces)
          for (let instant = 0; instant < 60; instant++) {
            const now = votes.filter(({ from, to }) => from <= instant && instant < to)
            const down = now.filter(({ isDown }) => isDown).length
            const expected = down >= 2 ? 'DOWN' : now.length - down > 1 ? 'UP' : 'UNKNOWN'
            expect(pieces.find(({ from, to }) => from <= instant && instant < to)?.state ?? 'UP').toBe(expected)
          }
        },
      ),
    )
  })
})

const stretch = (
  id: string,
  from: number,
  to: number | null,
  more: Partial<Extract<NewEntry, { kind: 'stretch' }>['body']> = {},
): NewEntry => ({
  kind: 'stretch',
  body: {
    id,
    state: 'DOWN',
    source: 'MANUAL',
    domain: null,
    note: '',
    from: at(from),
    to: to === null ? null : at(to),
    fromLo: at(from),
    toLo: to === null ? null : at(to),
    ...more,
  },
})
const ruling = (
  target: string,
  decision: 'PROVIDER' | 'NON_PROVIDER' | 'PLANNED' | 'NOT_DOWN' | 'PENDING',
  from: number,
  to: number,
): NewEntry => ({
  kind: 'ruling',
  body: { target, decision, from: at(from), to: at(to), domain: null, reason: '查明', role: 'CUSTOMER_OM_MANAGER' },
})
const measured: NewEntry = { kind: 'measured', body: { from: at(0), to: null } }
const chain = (...added: NewEntry[]) => chainOn(APP, CHAIN_START, WRITTEN, '周敏', added)
const counted = (entries: readonly Entry[], asOf = at(100_000)) => stateOfYear(foldChain(entries), 2026, asOf).figures.countedMs / SECOND

describe('a chain', () => {
  test.each<[string, NewEntry[], number]>([
    ['undecided counts', [measured, stretch('o', 10, 70)], 60],
    ['ruled otherwise in part', [measured, stretch('o', 10, 70), ruling('o', 'NON_PROVIDER', 10, 40)], 30],
    ['a later ruling holds', [measured, stretch('o', 10, 70), ruling('o', 'NON_PROVIDER', 10, 70), ruling('o', 'PROVIDER', 20, 30)], 10],
    ['never was', [measured, stretch('o', 10, 70), ruling('o', 'NOT_DOWN', 10, 70)], 0],
    ['recognised afterwards as planned', [measured, stretch('o', 10, 70), ruling('o', 'PLANNED', 10, 70)], 0],
    ['unknown is apart', [measured, stretch('g', 10, 70, { state: 'UNKNOWN' })], 0],
    ['unknown, ruled down', [measured, stretch('g', 10, 70, { state: 'UNKNOWN' }), ruling('g', 'PROVIDER', 10, 20)], 10],
    ['what lies before the measurement does not count', [{ kind: 'measured', body: { from: at(50), to: null } }, stretch('o', 10, 70)], 20],
    ['nor after it', [{ ...measured, body: { from: at(0), to: at(30) } } as NewEntry, stretch('o', 10, 70)], 20],
    ['still down', [measured, stretch('o', 99_990, null)], 10],
    [
      'bounds known better',
      [
        measured,
        stretch('o', 10, 70),
        { kind: 'stretch-change', body: { id: 'o', from: at(10), to: at(30), fromLo: at(5), toLo: at(29), reason: '' } },
      ],
      20,
    ],
  ])('%s', (_what, entries, seconds) => expect(counted(chain(...entries))).toBe(seconds))

  test.each<[string, string, number, boolean, number]>([
    ['in time', 'MAINTENANCE', at(4_000_000), true, 0],
    ['reason is none of the three', 'REPAIR', at(4_000_000), true, 60],
    ['not recognised', 'UPGRADE', at(4_000_000), false, 60],
    ['recognised after it began', 'UPGRADE', at(1_000_000), true, 60],
  ])('planned downtime: %s', (_what, reason, start, recognised, seconds) => {
    const from = start
    const to = start + 60 * SECOND
    const window: NewEntry[] = [
      { kind: 'window', body: { id: 'w', reason, from, to, impact: '', rollback: '' } },
      { kind: 'window-noticed', body: { id: 'w', noticedAt: at(500), proof: '' } },
      { kind: 'window-decided', body: { id: 'w', recognised, comment: '' } },
    ]
    const down = stretch('o', 0, 0, { from, to, fromLo: from, toLo: to })
    expect(counted(chain(measured, ...window, down), year.to)).toBe(seconds)
  })
  test('parts of a stretch cover it exactly', () => {
    const { stretches } = foldChain(
      chain(measured, stretch('o', 10, 70), ruling('o', 'NON_PROVIDER', 0, 20), ruling('o', 'PROVIDER', 60, 99)),
    )
    expect(
      partsOf(stretches[0] as never, 0).map(({ from, to, decision }) => [(from - at(0)) / SECOND, (to - at(0)) / SECOND, decision]),
    ).toEqual([
      [10, 20, 'NON_PROVIDER'],
      [20, 60, 'PENDING'],
      [60, 70, 'PROVIDER'],
    ])
  })
  test('an outage over the end of the year is split there', () => {
    const entries = chain(
      { kind: 'measured', body: { from: at(0), to: null } },
      stretch('o', 0, 0, { from: year.to - 5000, to: year.to + 7000, fromLo: year.to - 5000, toLo: year.to + 7000 }),
    )
    const later = year.to + 90_000
    expect(stateOfYear(foldChain(entries), 2026, later).figures.countedMs).toBe(5000)
    expect(stateOfYear(foldChain(entries), 2027, later).figures.countedMs).toBe(7000)
    expect(factsOf(foldChain(entries), later).outages).toHaveLength(1)
  })
})

describe('an export', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
  const january = monthSpan('2026-01') as { from: number; to: number }
  let entries: Entry[]
  let text: string[]

  /** The whole export of a chain, signed by a key. */
  const write = (chained: readonly Entry[], key = privateKey, publicPem = pem): string[] => {
    const statement = stateOfYear(foldChain(chained), 2026, at(3_000_000))
    const header = {
      type: 'header',
      format: EXPORT_FORMAT,
      formula: FORMULA,
      application: { id: APP, code: 'oa', name: '办公' },
      year: 2026,
      exportedAt: WRITTEN,
      key: { keyId: keyIdOf(publicPem), publicKey: publicPem },
    }
    const manifest = {
      entries: chained.length,
      head: chained.at(-1)?.digest ?? '',
      observedUntil: at(1000),
      application: APP,
      year: 2026,
      exportedAt: WRITTEN,
      keyId: keyIdOf(publicPem),
    }
    const signature = sign(null, Buffer.from(exportStatement(manifest, statement)), key).toString('base64')
    return [
      header,
      ...chained.map((entry) => ({ type: 'entry', ...entry })),
      { type: 'claim', statement },
      { type: 'manifest', ...manifest, signature },
    ].map((line) => JSON.stringify(line))
  }
  const codes = async (lines: readonly string[], options = {}) =>
    (await verifyAvailability(lines, options)).findings.map(({ code }) => code)

  beforeAll(() => {
    const observation = (probe: string, state: 'UP' | 'DOWN', from: number, to: number): NewEntry => ({
      kind: 'observation',
      body: { probe, state, from: at(from), to: at(to), fromLo: at(Math.max(0, from - 10)), last: at(to) - 1, results: 9, evidence: 'x' },
    })
    const before = chain(
      measured,
      { kind: 'policy', body: { from: at(0), voters: 1, agree: 1, validMs: 20_000, failuresToDown: 3, successesToUp: 2 } },
      observation('a', 'UP', 0, 100),
      observation('a', 'DOWN', 100, 160),
      observation('a', 'UP', 160, 1000),
      stretch('o', 100, 160, { source: 'PROBE', fromLo: at(90) }),
      ruling('o', 'NON_PROVIDER', 100, 110),
    )
    const figures = figuresOfMonth(foldChain(before), january, january.to)
    const end = { seq: before.length, head: before.at(-1)?.digest ?? '' }
    entries = [
      ...before,
      ...chainOn(APP, end, WRITTEN, '周敏', [{ kind: 'seal', body: { month: '2026-01', figures, amends: null, old: null, reason: '' } }]),
    ]
    text = write(entries)
  })

  test('is confirmed, every figure recomputed', async () => {
    const report = await verifyAvailability(text)
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({
      ok: true,
      entries: 8,
      year: 2026,
      recomputed: { figures: { countedMs: 50_000 }, uncertaintyMs: 10_001 - 1 },
    })
  })

  /** The forger changes one body and computes every digest after it anew; only the key is missing. */
  const forge = (kind: Entry['kind'], change: (body: Record<string, unknown>) => object) => {
    let end = CHAIN_START
    return entries.map((entry) => {
      const body = entry.kind === kind ? change(entry.body as unknown as Record<string, unknown>) : entry.body
      const [made] = chainOn(APP, end, entry.at, entry.by, [{ kind: entry.kind, body } as NewEntry]) as [Entry]
      end = { seq: made.seq, head: made.digest }
      return made
    })
  }
  const oneSecondLess = (body: Record<string, unknown>) => ({ ...body, to: (body.to as number) - 1000 })

  test('a forged second is found in the row', async () => {
    const changed = text.map((line) => line.replace(`"to":${at(160)},"fromLo"`, `"to":${at(159)},"fromLo"`))
    expect(changed).not.toEqual(text)
    const found = await codes(changed)
    expect(found).toContain('entry-altered')
  })
  test('a forged second with all digests made anew contradicts the signature, the seal and the observations', async () => {
    const other = generateKeyPairSync('ed25519')
    const forged = forge('stretch', oneSecondLess)
    const kept = write(forged, other.privateKey, pem)
    expect(await codes(kept)).toEqual(expect.arrayContaining(['manifest-signature', 'seal-differs', 'down-differs']))
    const ownKey = other.publicKey.export({ type: 'spki', format: 'pem' }) as string
    const replaced = write(forged, other.privateKey, ownKey)
    expect(await codes(replaced, { trustedKeys: [keyIdOf(pem)] })).toContain('untrusted-key')
    expect(await codes(replaced, { anchors: [{ seq: 8, head: entries.at(-1)?.digest ?? '' }] })).toContain('anchor-differs')
  })
  test('a forged claim names the figure', async () => {
    const claimed = text.map((line) =>
      line.replace(
        '"countedMs":50000,"unknownMs":0,"plannedMs":0,"withPlannedMs":50000,"budgetLeftMs"',
        '"countedMs":49000,"unknownMs":0,"plannedMs":0,"withPlannedMs":50000,"budgetLeftMs"',
      ),
    )
    const report = await verifyAvailability(claimed)
    expect(report.findings.map(({ en }) => en)).toContain('figures.countedMs 49000 ≠ 50000')
    expect(report.findings.map(({ code }) => code)).toContain('manifest-signature')
  })
  test.each<[string, (lines: string[]) => string[], string]>([
    ['cut short', (lines) => lines.slice(0, -1), 'no-manifest'],
    ['an entry left out', (lines) => lines.filter((line) => !line.includes('"seq":5,')), 'entry-missing'],
    ['an entry twice', (lines) => lines.flatMap((line) => (line.includes('"seq":5,') ? [line, line] : [line])), 'entry-order'],
    ['no header', (lines) => lines.slice(1), 'no-header'],
    ['a member more', (lines) => lines.map((line) => line.replace('"reason":"查明"', '"reason":"查明","by":"x"')), 'unreadable'],
    ['something behind the end', (lines) => [...lines, lines[1] as string], 'after-manifest'],
    ['empty', () => [], 'empty'],
    [
      'other digits of the signature',
      (lines) => lines.map((line) => line.replace('"signature":"', '"signature":"A')),
      'manifest-signature',
    ],
    [
      'another year',
      (lines) => lines.map((line) => line.replace('"year":2026,"exportedAt"', '"year":2027,"exportedAt"')),
      'figure-differs',
    ],
  ])('%s', async (_what, change, code) => expect(await codes(change(text))).toContain(code))

  describe('digests by SM3', () => {
    /** The first entries as they were, from the ruling on by SM3: the setting was changed in between. */
    const mixed = (): Entry[] => {
      let end = CHAIN_START
      return entries.map((entry, index) => {
        const added = [{ kind: entry.kind, body: entry.body } as NewEntry]
        const [made] = chainOn(APP, end, entry.at, entry.by, added, index < 6 ? 'SHA-256' : 'SM3') as [Entry]
        end = { seq: made.seq, head: made.digest }
        return made
      })
    }
    test('a chain may change its algorithm; every entry is checked by its own', async () => {
      const lines = write(mixed())
      expect(lines.filter((line) => line.includes('"algorithm":"SM3"'))).toHaveLength(2)
      expect(await verifyAvailability(lines)).toMatchObject({ ok: true, findings: [], recomputed: { figures: { countedMs: 50_000 } } })
    })
    test.each<[string, (line: string) => string]>([
      ['another body', (line) => line.replace('"reason":"查明"', '"reason":"改了"')],
      ['the algorithm left out', (line) => line.replace(',"algorithm":"SM3"', '')],
      ['the other algorithm', (line) => line.replace('"algorithm":"SM3"', '"algorithm":"SHA-256"')],
      ['one that nobody knows', (line) => line.replace('"algorithm":"SM3"', '"algorithm":"MD5"')],
    ])('%s is found in the row', async (_, change) => {
      const lines = write(mixed())
      const changed = lines.map((line) => (line.includes('"kind":"ruling"') ? change(line) : line))
      expect(changed).not.toEqual(lines)
      expect(await codes(changed)).toContain('entry-altered')
    })
  })

  test('ten thousand outages and a thousand rulings', () => {
    const many = chain(
      measured,
      ...Array.from({ length: 10_000 }, (_, n) => stretch(`o${n}`, n * 300, n * 300 + 100)),
      ...Array.from({ length: 1000 }, (_, n) => ruling(`o${n * 10}`, 'NON_PROVIDER', n * 3000, n * 3000 + 50)),
    )
    expect(counted(many, year.to)).toBe(1_000_000 - 50_000)
  })
})
