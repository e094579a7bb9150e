import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { crosses, labelKey, levelAt, measure, readSeries, type Series } from './measure.domain.ts'
import { type Metric, Metric as MetricShape, Rule as RuleShape, secondsOf } from './pack.domain.ts'
import { compilePack, metricExpression, promSpan } from './promql.domain.ts'
import { readPacks } from './read-packs.ts'
import { labelFilter, readSelector } from './selector.domain.ts'

const PLAN = resolve(import.meta.dirname, '../../../../../../plan/jilin')
const scratch = mkdtempSync(join(tmpdir(), 'packs-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const metric = (source: object): Metric =>
  MetricShape.parse({ id: 'm', title: { zh: '量', en: 'metric' }, topic: 'cpu', sources: [{ exporter: 'node', name: 'm', ...source }] })
const NOW = 600_000
const series = (name: string, labels: Record<string, string>, ...points: [number, number][]): Series => ({ name, labels, points })

describe('selectors are those of PromQL', () => {
  test.each([
    ['a', 'a', true],
    ['a', 'ab', false],
    ['!a', 'b', true],
    ['!a', 'a', false],
    ['~a|b', 'b', true],
    ['~a|b', 'ab', false],
    ['!~tmpfs|fuse.*', 'fuse.x', false],
    ['!~tmpfs|fuse.*', 'xfs', true],
    ['!', '', false],
  ])('%s and %s', (written, value, fits) => expect(readSelector(written).fits(value)).toBe(fits))
  test('a label that is not there is the empty text', () => {
    expect(labelFilter({ device: '!lo' })({})).toBe(true)
    expect(labelFilter({ device: 'lo' })({})).toBe(false)
  })
})

describe('readings', () => {
  test.each<[string, object, [number, number][], number | null]>([
    [
      'the newest value',
      {},
      [
        [590_000, 1],
        [599_000, 7],
      ],
      7,
    ],
    ['none older than five minutes', {}, [[299_000, 7]], null],
    ['none from the future', {}, [[600_001, 7]], null],
    [
      'a series that has ended says nothing',
      {},
      [
        [590_000, 7],
        [599_000, Number.NaN],
      ],
      null,
    ],
    [
      'rate per second',
      { read: 'rate', over: 'PT5M' },
      [
        [480_000, 10],
        [540_000, 70],
        [600_000, 130],
      ],
      1,
    ],
    [
      'a counter that began anew',
      { read: 'rate', over: 'PT5M' },
      [
        [480_000, 100],
        [540_000, 130],
        [600_000, 30],
      ],
      0.5,
    ],
    ['one sample is no rate', { read: 'rate', over: 'PT5M' }, [[600_000, 10]], null],
    [
      'what grew',
      { read: 'increase', over: 'PT5M' },
      [
        [480_000, 4],
        [600_000, 5],
      ],
      1,
    ],
    [
      'a mean',
      { read: 'avg', over: 'PT5M' },
      [
        [480_000, 4],
        [600_000, 6],
      ],
      5,
    ],
    ['until an instant', { read: 'until' }, [[600_000, 86_400 + 600]], 86_400],
  ])('%s', (_, reading, points, value) => {
    const source = metric(reading).sources[0] as Metric['sources'][number]
    expect(readSeries(points, source, NOW)?.value ?? null).toBe(value)
  })
  test('folded over what is left of the labels, then divided, scaled and shifted', () => {
    const used = metric({ fold: 'sum', by: ['disk'], per: { name: 'all', fold: 'sum' }, scale: -100, add: 100 })
    const found = measure(
      used,
      [
        series('m', { instance: 'a', disk: '1', part: 'x' }, [NOW, 10]),
        series('m', { instance: 'a', disk: '1', part: 'y' }, [NOW, 15]),
        series('m', { instance: 'a', disk: '2' }, [NOW, 1]),
        series('all', { instance: 'a', disk: '1' }, [NOW, 100]),
        series('all', { instance: 'a', disk: '2' }, [NOW, 0]),
      ],
      NOW,
    )
    expect(found).toEqual([{ labels: { instance: 'a', disk: '1' }, value: 75, at: NOW }])
  })
  test('the first source that tells it is believed', () => {
    const two = { ...metric({}), sources: [...metric({}).sources, ...metric({ name: 'other' }).sources] }
    const found = measure(
      two,
      [
        series('other', { instance: 'a' }, [NOW, 9]),
        series('m', { instance: 'a' }, [NOW, 3]),
        series('other', { instance: 'b' }, [NOW, 4]),
      ],
      NOW,
    )
    expect(found.map(({ labels, value }) => [labels.instance, value])).toEqual([
      ['a', 3],
      ['b', 4],
    ])
  })
  test('labels in any order are the same thing', () => expect(labelKey({ b: '1', a: '2' })).toBe(labelKey({ a: '2', b: '1' })))
})

describe('levels', () => {
  const rule = RuleShape.parse({
    id: 'r',
    title: { zh: '规则', en: 'rule' },
    metric: 'm',
    hint: { zh: '', en: '' },
    levels: [
      { level: 'III', above: 80 },
      { level: 'II', above: 95 },
    ],
  })
  test.each([
    [80, null],
    [80.1, 'III'],
    [95, 'III'],
    [96, 'II'],
  ])('%d comes to %s', (value, level) => expect(levelAt(rule, value)).toBe(level))
  test.each<[object, number, boolean]>([
    [{ below: 1 }, 0, true],
    [{ below: 1 }, 1, false],
    [{ equals: 6 }, 6, true],
    [{ differs: 0 }, 0, false],
    [{ differs: 0 }, 2, true],
  ])('%j at %d', (bound, value, crossed) => expect(crosses({ level: 'I', ...bound }, value)).toBe(crossed))
})

describe('PromQL', () => {
  test.each([
    ['PT90S', '90s'],
    ['PT5M', '5m'],
    ['PT2H', '2h'],
    ['P14D', '14d'],
    ['PT0S', '0s'],
    ['PT1H30M', '90m'],
  ])('%s is %s', (iso, prom) => expect(promSpan(iso)).toBe(prom))
  test.each<[string, object, string]>([
    ['a gauge', {}, 'max by (ci_id, instance) (m)'],
    ['matchers', { match: { mode: 'idle', fs: '!~a|b' } }, 'max by (ci_id, instance) (m{mode="idle",fs!~"a|b"})'],
    [
      'a share',
      { per: { name: 'all' }, scale: -100, add: 100 },
      '((max by (ci_id, instance) (m) / (max by (ci_id, instance) (all) != 0)) * -100) + 100',
    ],
    ['a rate', { read: 'rate', over: 'PT5M', fold: 'sum', by: ['device'] }, 'sum by (ci_id, instance, device) (rate(m[5m]))'],
    ['an instant to come', { read: 'until' }, 'max by (ci_id, instance) ((m - time()))'],
  ])('%s', (_, source, expression) => expect(metricExpression(metric(source))).toBe(expression))
  test('an alert holds while nothing is measured, unless the rule takes silence as good', () => {
    const base = { id: 'r', title: { zh: '规则', en: 'rule' }, metric: 'm', hint: { zh: '', en: '' }, levels: [{ level: 'II', above: 1 }] }
    const compile = (missing: string) => {
      const rule = RuleShape.parse({ ...base, missing })
      return (
        compilePack({ pack: 'p', title: rule.title, metrics: [], rules: [rule], events: [] }, new Map([['m', metric({})]])).groups[0]
          ?.rules ?? []
      )
    }
    expect(compile('recover').map(({ expr }) => expr)).toEqual(['(max by (ci_id, instance) (m)) > 1'])
    expect(compile('hold').map(({ alert }) => alert)).toEqual(['changbai_r', 'changbai_r_missing'])
    expect(compile('ignore')[0]?.expr).toContain(
      'or (max by (ci_id, instance) (ALERTS{alertname="changbai_r",level="II",alertstate="firing"}) unless',
    )
  })
})

describe('packs', () => {
  test('those that are shipped are right, and hold what 5.2 and 5.3 list', () => {
    const { packs, problems } = readPacks(PLAN)
    expect(problems).toEqual([])
    const metrics = packs.flatMap(({ pack }) => pack.metrics)
    const topics = new Set(metrics.map(({ topic }) => topic))
    for (const topic of [
      'reach',
      'device-load',
      'policy',
      'bandwidth',
      'attack',
      'cpu',
      'memory',
      'disk-use',
      'performance',
      'power-fan-temperature',
      'disk-health',
      'nic-raid',
      'storage-hardware',
    ] as const)
      expect(topics).toContain(topic)
    const judged = new Set(packs.flatMap(({ pack }) => pack.rules.map((rule) => rule.metric)))
    expect(metrics.filter(({ id }) => !judged.has(id)).map(({ id }) => id)).toEqual([])
  })

  const head = 'pack: p\ntitle: { zh: 包, en: pack }\n'
  const one = `${head}metrics:\n  - id: a.b\n    title: { zh: 量, en: metric }\n    topic: cpu\n    sources:\n      - { exporter: node, name: m }\n`
  const ruled = (more: string) =>
    `${one}rules:\n  - id: r\n    title: { zh: 规, en: rule }\n    metric: a.b\n    levels: [{ level: II, above: 1 }]\n    hint: { zh: 示, en: hint }\n${more}`
  test.each([
    ['a metric nobody knows', ruled('').replace('metric: a.b', 'metric: a.c'), '12 rules[r].metric no metric a.c'],
    ['a word that is none', one.replace('topic: cpu', 'topic: cpu\n    topik: cpu'), '7 metrics[a.b].topik unknown field topik'],
    [
      'two bounds at once',
      ruled('').replace('above: 1', 'above: 1, below: 3'),
      '13 rules[r].levels[II] exactly one of above, below, equals, differs',
    ],
    [
      'a level twice',
      ruled('').replace('[{ level: II, above: 1 }]', '[{ level: II, above: 1 }, { level: II, above: 2 }]'),
      '13 rules[r].levels[II].level the level is there already',
    ],
    [
      'a rate without a window',
      one.replace('name: m', 'name: m, read: rate'),
      '8 metrics[a.b].sources[0].read rate needs over: how far back it looks',
    ],
    [
      'a pattern that is none',
      one.replace('name: m', "name: m, match: { x: '~(' }"),
      '8 metrics[a.b].sources[0].match.x "(" is no pattern',
    ],
    ['a length that is none', ruled('    for: 5m\n'), '15 rules[r].for a length of time is written PT5M, PT90S or P14D'],
    [
      'a vector that fails',
      ruled("    tests:\n      - { series: { 'm{instance=\"a\"}': '5' }, level: none }\n"),
      '16 rules[r].tests[0] comes to level II, not none',
    ],
    [
      'a value that differs',
      ruled("    tests:\n      - { series: { 'm{instance=\"a\"}': '5' }, value: 4, level: II }\n"),
      '16 rules[r].tests[0] comes to 5, not 4',
    ],
    ['no YAML', `${head}metrics: [`, '3  Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ])('%s is told by line and field', (_, text, told) => {
    writeFileSync(join(scratch, 'p.yaml'), text)
    const { problems } = readPacks(scratch)
    expect(problems.map(({ line, field, reason }) => `${line} ${field} ${reason}`)[0]).toBe(told)
  })
  test('no rules, no packs', () => expect(readPacks(join(scratch, 'nowhere')).problems[0]?.reason).toContain('ENOENT'))
  test('lengths in seconds', () => expect([secondsOf('PT1H30M'), secondsOf('P2D'), secondsOf('PT45S')]).toEqual([5400, 172_800, 45]))
})
