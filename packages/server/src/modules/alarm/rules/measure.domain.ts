import {
  type Bound,
  gravest,
  type Level,
  type Metric,
  OBJECT_LABELS,
  type Reading,
  type Rule,
  type Source,
  secondsOf,
  type TestVector,
} from './pack.domain.ts'
import { type Labels, labelFilter } from './selector.domain.ts'

/** One series of a window: oldest first, instants in milliseconds. A stale marker is a NaN. */
export interface Series {
  name: string
  labels: Labels
  points: readonly (readonly [at: number, value: number])[]
}
/** What a metric comes to for one object, or one part of it. */
export interface Measured {
  /** Labels that say what was measured: the object's and the source's own. */
  labels: Labels
  value: number
  /** When the newest sample it was made from was taken, ms. */
  at: number
}

/** As Prometheus: an instant reading looks no further back. */
export const LOOK_BACK_MS = 300_000
/** How far back samples are needed to read it. */
export const reachMs = ({ over }: Reading): number => (over === undefined ? LOOK_BACK_MS : secondsOf(over) * 1000)

interface Read {
  value: number
  at: number
}

/** @returns null where there is nothing to read: too few points, none that is fresh, or the series has ended */
export function readSeries(points: Series['points'], { read, over }: Reading, now: number): Read | null {
  const from = now - (over === undefined ? LOOK_BACK_MS : secondsOf(over) * 1000)
  const window = points.filter(([at]) => at > from && at <= now)
  const last = window.at(-1)
  if (!last) return null
  if (read === 'last' || read === 'until') {
    if (Number.isNaN(last[1])) return null
    return { value: read === 'last' ? last[1] : last[1] - now / 1000, at: last[0] }
  }
  const real = window.filter(([, value]) => !Number.isNaN(value))
  const newest = real.at(-1)
  if (!newest) return null
  if (read === 'avg') return { value: real.reduce((sum, [, value]) => sum + value, 0) / real.length, at: newest[0] }
  const first = real[0] as readonly [number, number]
  if (newest[0] === first[0]) return null
  // a counter that went down began anew at nothing
  const grown = real.reduce((sum, [, value], index) => {
    const before = index === 0 ? value : (real[index - 1] as readonly [number, number])[1]
    return sum + (value >= before ? value - before : value)
  }, 0)
  // growth is what was seen to grow: Prometheus stretches it to the ends of the window and says 1.1 where one thing happened
  return { value: read === 'rate' ? grown / ((newest[0] - first[0]) / 1000) : grown, at: newest[0] }
}

const folding: Record<Reading['fold'], (values: readonly number[]) => number> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  count: (values) => values.length,
}

const keptLabels = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(names.flatMap((name) => (labels[name] ? [[name, labels[name]]] : [])))
/** Same labels, same text. */
export const labelKey = (labels: Labels): string => JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))

function foldReading(reading: Reading, by: readonly string[], series: readonly Series[], now: number): Map<string, Measured> {
  const fits = labelFilter(reading.match)
  const groups = new Map<string, { labels: Labels; values: number[]; at: number }>()
  for (const one of series) {
    if (one.name !== reading.name || !fits(one.labels)) continue
    const read = readSeries(one.points, reading, now)
    if (!read) continue
    const labels = keptLabels(one.labels, by)
    const key = labelKey(labels)
    const group = groups.get(key) ?? { labels, values: [], at: read.at }
    group.values.push(read.value)
    group.at = Math.max(group.at, read.at)
    groups.set(key, group)
  }
  return new Map([...groups].map(([key, { labels, values, at }]) => [key, { labels, value: folding[reading.fold](values), at }]))
}

function measureSource(source: Source, series: readonly Series[], now: number): Map<string, Measured> {
  const by = [...OBJECT_LABELS, ...source.by]
  const read = foldReading(source, by, series, now)
  const per = source.per ? foldReading(source.per, by, series, now) : null
  const measured = new Map<string, Measured>()
  for (const [key, { labels, value, at }] of read) {
    const divisor = per ? per.get(key)?.value : 1
    if (divisor === undefined || divisor === 0) continue
    measured.set(key, { labels, value: (value / divisor) * source.scale + source.add, at })
  }
  return measured
}

/** What the metric comes to now, for every object of these series; the first source that tells it is believed. */
export function measure({ sources }: Metric, series: readonly Series[], now: number): Measured[] {
  const all = new Map<string, Measured>()
  for (const source of sources) for (const [key, one] of measureSource(source, series, now)) if (!all.has(key)) all.set(key, one)
  return [...all.values()]
}

export const crosses = ({ above, below, equals, differs }: Bound, value: number): boolean =>
  (above !== undefined && value > above) ||
  (below !== undefined && value < below) ||
  (equals !== undefined && value === equals) ||
  (differs !== undefined && value !== differs)

/** The gravest level whose bound the value crosses. */
export const levelAt = (rule: Pick<Rule, 'levels'>, value: number): Level | null =>
  gravest(rule.levels.filter((bound) => crosses(bound, value)).map(({ level }) => level))

const MINUTE = 60_000
/** `name{a="b",c="d"}`, as PromQL writes a series. @throws SyntaxError */
export function readSeriesName(text: string): { name: string; labels: Record<string, string> } {
  const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?$/s.exec(text.trim())
  if (!found) throw new SyntaxError(`${text} is no series: name{label="value"}`)
  const labels: Record<string, string> = {}
  for (const part of (found[2] ?? '').matchAll(/\s*([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)/gy))
    labels[part[1] as string] = part[2] as string
  if ((found[2] ?? '') !== '' && Object.keys(labels).length === 0) throw new SyntaxError(`${text} is no series: name{label="value"}`)
  return { name: found[1] as string, labels }
}
const numberOf = (text: string): number => {
  const value = Number(text)
  if (Number.isNaN(value)) throw new SyntaxError(`${text} is no number`)
  return value
}
/** Series of a test vector: values a minute apart, the last at `now`. @throws SyntaxError */
export function vectorSeries({ series }: TestVector): { series: Series[]; now: number } {
  const rows = Object.entries(series).map(([text, values]) => ({ ...readSeriesName(text), values: values.trim().split(/\s+/) }))
  const minutes = Math.max(...rows.map(({ values }) => values.length))
  const now = 1_000_000 * MINUTE
  return {
    now,
    series: rows.map(({ name, labels, values }) => ({
      name,
      labels,
      points: values.flatMap((value, index) => {
        const at = now - (minutes - 1 - index) * MINUTE
        return value === '_' ? [] : [[at, numberOf(value)] as const]
      }),
    })),
  }
}

/** @returns what is wrong with the rule or its vector, null when the vector holds; values agree to a millionth */
export function failingVector(rule: Rule, metric: Metric, vector: TestVector): string | null {
  let found: Measured[]
  try {
    const { series, now } = vectorSeries(vector)
    found = measure(metric, series, now)
  } catch (error) {
    return (error as Error).message
  }
  const worst = gravest(found.flatMap(({ value }) => levelAt(rule, value) ?? []))
  if (vector.value !== undefined) {
    const near = found.some(
      ({ value }) => Math.abs(value - (vector.value as number)) <= 1e-6 * Math.max(1, Math.abs(vector.value as number)),
    )
    if (!near) return `comes to ${found.length === 0 ? 'nothing' : found.map(({ value }) => value).join(', ')}, not ${vector.value}`
  }
  if ((worst ?? 'none') !== vector.level) return `comes to level ${worst ?? 'none'}, not ${vector.level}`
  return null
}
