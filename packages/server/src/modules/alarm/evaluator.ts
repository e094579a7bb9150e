import type { AlarmLevel } from '@changbai/contract/alarm.shapes.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { type Accepted, onAccepted } from '../telemetry/index.ts'
import { type Judged, keepReadings, type Reading, takeJudged } from './evaluate.service.ts'
import { openMeasured } from './evaluate.store.ts'
import { partOf } from './intake.service.ts'
import { type MetricRule, rulesInForce } from './rule.service.ts'
import { levelAt, measure, reachMs, type Series } from './rules/measure.domain.ts'
import type { Metric } from './rules/pack.domain.ts'
import { beat } from './self.service.ts'

/** Rules and open alarms are read anew this often; a change of a rule is in force after it. */
const FRESH_MS = 5_000
/** What stays bad is said again this often: the alarm knows that it is still heard of. */
const AGAIN_MS = 60_000
/** Readings are written down this often. */
const READING_MS = 120_000
/** That it judged is said this often. */
const BEAT_MS = 30_000
/** Series whose rules are evaluated in one process; those beyond it are left to the engine's own rule files. */
const SERIES_MAX = 200_000

interface Kept {
  series: Series & { points: [number, number][] }
  reachMs: number
}
/** Everything one object says for one metric. */
interface Cell {
  metric: Metric
  itemId: string | null
  series: Map<number, Kept>
  /** When each part was last told to be bad, and how bad. */
  told: Map<string, { at: number; level: AlarmLevel | null }>
  readAt: number
}

/**
 * The embedded evaluator: hears every accepted sample, keeps the short window its rules look at, and tells what crosses a bound. Nothing here is needed
 * by another process or after a restart: alarms and their timers are rows, and a window fills again within minutes.
 */
export class Evaluator {
  private readonly runtime: Runtime
  private rules: MetricRule[] = []
  private byMetric = new Map<string, (MetricRule & { parts: readonly string[] })[]>()
  private byName = new Map<string, { metric: Metric; reachMs: number }[]>()
  private open: ReadonlySet<string> = new Set()
  private freshUntil = 0
  private beatAfter = 0
  private readonly cells = new Map<string, Cell>()
  private readonly cellsOf = new Map<number, Cell[]>()
  private readonly ignored = new Set<number>()
  private waiting: Accepted[] = []
  private running: Promise<void> | null = null
  private readonly unhear: () => void
  /** Samples that came while too many series were kept already. */
  passedOver = 0

  constructor(runtime: Runtime) {
    this.runtime = runtime
    this.unhear = onAccepted((accepted) => {
      this.waiting.push(accepted)
      this.running ??= this.work().finally(() => {
        this.running = null
      })
    })
  }
  /** Everything heard so far is decided: for tests and for an orderly end. */
  async settle(): Promise<void> {
    while (this.running) await this.running
  }
  async stop(): Promise<void> {
    this.unhear()
    await this.settle()
  }

  private async work(): Promise<void> {
    // the sender gets its answer first
    await new Promise((done) => setImmediate(done))
    while (this.waiting.length > 0) {
      const batch = this.waiting
      this.waiting = []
      try {
        await this.refresh()
        await this.judge(this.take(batch))
        await this.sayAlive()
      } catch (error) {
        this.runtime.log.error({ err: error }, 'samples were not judged; the next ones will be')
        this.freshUntil = 0
      }
    }
  }

  private async sayAlive(): Promise<void> {
    const now = this.runtime.door.clock().epochMilliseconds
    if (now < this.beatAfter) return
    this.beatAfter = now + BEAT_MS
    await this.runtime.door.enter({ actor: systemActor('alarm') }, (ctx) => beat(ctx, 'evaluator', '告警判定', 180))
  }

  private async refresh(): Promise<void> {
    const now = performance.now()
    if (now < this.freshUntil) return
    const { rules, open } = await this.runtime.door.enter({ actor: systemActor('alarm'), readOnly: true }, async (ctx) => ({
      rules: (await rulesInForce(ctx)).metric,
      open: await openMeasured(ctx.db),
    }))
    this.open = open
    this.freshUntil = now + FRESH_MS
    if (rules === this.rules) return
    this.rules = rules
    this.byMetric = Map.groupBy(
      rules.map((one) => ({ ...one, parts: one.metric.sources.flatMap(({ by }) => by) })),
      ({ metric }) => metric.id,
    )
    this.byName = new Map()
    for (const metric of new Map(rules.map(({ metric: one }) => [one.id, one])).values())
      for (const source of metric.sources)
        for (const reading of source.per ? [source, source.per] : [source]) {
          const there = this.byName.get(reading.name) ?? []
          const same = there.find((one) => one.metric.id === metric.id)
          if (same) same.reachMs = Math.max(same.reachMs, reachMs(reading))
          else there.push({ metric, reachMs: reachMs(reading) })
          this.byName.set(reading.name, there)
        }
    this.cells.clear()
    this.cellsOf.clear()
    this.ignored.clear()
  }

  /** Puts samples where they belong. @returns what has to be judged */
  private take(batch: readonly Accepted[]): Set<Cell> {
    const dirty = new Set<Cell>()
    for (const { length, series, at, value } of batch) {
      for (let i = 0; i < length; i++) {
        const one = series[i] as Accepted['series'][number]
        if (this.ignored.has(one.id)) continue
        const cells = this.cellsOf.get(one.id) ?? this.place(one)
        const instant = at[i] as number
        for (const cell of cells) {
          const kept = cell.series.get(one.id) as Kept
          keepPoint(kept.series.points, instant, value.values[i] as number, kept.reachMs)
          dirty.add(cell)
        }
      }
    }
    return dirty
  }
  private place(one: Accepted['series'][number]): Cell[] {
    const wanted = this.byName.get(one.name)
    if (!wanted) {
      this.ignored.add(one.id)
      return []
    }
    if (this.cellsOf.size >= SERIES_MAX) {
      this.passedOver += 1
      return []
    }
    const cells = wanted.map(({ metric, reachMs: reach }) => {
      const object = one.itemId ?? one.labels.instance ?? ''
      const key = `${metric.id} ${object}`
      const cell = this.cells.get(key) ?? { metric, itemId: one.itemId, series: new Map<number, Kept>(), told: new Map(), readAt: 0 }
      this.cells.set(key, cell)
      cell.series.set(one.id, { series: { name: one.name, labels: one.labels, points: [] }, reachMs: reach })
      return cell
    })
    this.cellsOf.set(one.id, cells)
    return cells
  }

  private async judge(dirty: ReadonlySet<Cell>): Promise<void> {
    const now = this.runtime.door.clock().epochMilliseconds
    const judged: Judged[] = []
    const readings: Reading[] = []
    for (const cell of dirty) {
      const series = [...cell.series.values()].map((kept) => kept.series)
      const measured = measure(cell.metric, series, now)
      const [any] = measured
      if (any && now - cell.readAt >= READING_MS) {
        readings.push({ metric: cell.metric.id, itemId: cell.itemId, labels: any.labels, value: any.value, at: any.at })
        cell.readAt = now
      }
      for (const rule of this.byMetric.get(cell.metric.id) ?? [])
        for (const one of measured) {
          const level = levelAt(rule.rule, one.value)
          const part = partOf(one.labels, rule.parts)
          const key = `rule:${rule.rule.id}|${cell.itemId ?? one.labels.instance ?? ''}|${part}`
          const told = cell.told.get(key)
          if (level === null && !this.open.has(key) && (told?.level ?? null) === null) continue
          if (told?.level === level && now - told.at < AGAIN_MS) continue
          cell.told.set(key, { at: now, level })
          judged.push({ rule, itemId: cell.itemId, labels: one.labels, value: one.value, at: Math.min(one.at, now), level })
        }
    }
    if (judged.length === 0 && readings.length === 0) return
    await this.runtime.door.enter({ actor: systemActor('alarm') }, async (ctx) => {
      if (readings.length > 0) await keepReadings(ctx, readings)
      if (judged.length > 0) await takeJudged(ctx, judged)
    })
    if (judged.length > 0) this.freshUntil = Math.min(this.freshUntil, performance.now() + 500)
  }
}

/** In order of time, one an instant, no older than what is looked at. */
function keepPoint(points: [number, number][], at: number, value: number, reach: number): void {
  const last = points.at(-1)
  if (!last || at > last[0]) points.push([at, value])
  else {
    const index = points.findIndex(([there]) => there >= at)
    if (points[index]?.[0] === at) (points[index] as [number, number])[1] = value
    else points.splice(index, 0, [at, value])
  }
  const newest = (points.at(-1) as [number, number])[0]
  // one more than the window, so that a window always has its beginning
  let drop = 0
  while (drop + 1 < points.length && (points[drop + 1] as [number, number])[0] <= newest - reach) drop += 1
  if (drop > 0) points.splice(0, drop)
}
