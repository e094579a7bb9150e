import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Db } from '../../platform/db.ts'
import type { DueWork } from '../../platform/due.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { takeBatches, unfolded } from './batch.store.ts'
import {
  type ChunkRecord,
  chunksOfWindow,
  lockFolding,
  markRolled,
  noteWindows,
  readChunks,
  readRollups,
  saveChunks,
  saveRollups,
  windowDue,
} from './chunk.store.ts'
import { addPartition } from './partition.store.ts'
import { saveNewest } from './series.store.ts'
import { type Batch, decodeBatch } from './store/batch.domain.ts'
import { decodeChunk, encodeChunk, mergePoints, noPoints, type Points, WINDOW_MS, windowOf } from './store/chunk.domain.ts'
import { newColumn } from './store/column.domain.ts'
import { DAY_MS, decodeHours, decodeSlots, encodeHours, encodeSlots, FIVE_MS, HOUR_MS, histogramsOf, sumUp } from './store/rollup.domain.ts'

const entry = { actor: systemActor('telemetry') }
/** One fold holds at most about this many samples in memory: 20 MB, as much again while they are joined, and their positions. */
const FOLD_SAMPLES = 1_000_000
/**
 * Folding waits for this many samples or for this long: each fold writes every chunk it adds to anew, which is what folding costs and what it leaves
 * behind on the disk.
 */
const FOLD_FROM_SAMPLES = 1_000_000
const FOLD_AFTER_SECONDS = 300
/** A window is summed up this long after it ended; what comes later still sums its series up again. */
const ROLL_AFTER_MS = 600_000
/** Series merged or summed up between two looks at the rest of the program. */
const SLICE = 120

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** Partitions for these windows. */
export async function addPartitions(ctx: Ctx, windows: Iterable<number>): Promise<void> {
  const days = new Set([...windows].map(dayOf))
  for (const day of days) {
    const date = Temporal.PlainDate.from(day)
    const next = date.add({ days: 1 }).toString()
    await addPartition(ctx.db, 'telemetry_chunk', {
      table: `telemetry_chunk_${day.replaceAll('-', '')}`,
      from: `${day} 00:00:00+00`,
      to: `${next} 00:00:00+00`,
    })
    const month = date.with({ day: 1 })
    await addPartition(ctx.db, 'telemetry_rollup', {
      table: `telemetry_rollup_${month.toString().slice(0, 7).replace('-', '')}`,
      from: month.toString(),
      to: month.add({ months: 1 }).toString(),
    })
  }
}

/** Lets the rest of the program have a turn: whoever waits for an answer meanwhile must not notice a fold. */
const rest = (): Promise<void> => new Promise((done) => setImmediate(done))
const BATCHES_BETWEEN_RESTS = 20

/** All samples of several batches one behind the other, so that a position says which. */
async function joinBatches(taken: readonly { samples: number; payload: Buffer }[]): Promise<Batch> {
  const length = taken.reduce((sum, { samples }) => sum + samples, 0)
  const all: Batch = { length, seriesId: new Int32Array(length), at: new Float64Array(length), value: newColumn(length) }
  let at = 0
  for (const [index, { payload }] of taken.entries()) {
    if (index % BATCHES_BETWEEN_RESTS === BATCHES_BETWEEN_RESTS - 1) await rest()
    const batch = decodeBatch(payload)
    all.seriesId.set(batch.seriesId, at)
    all.at.set(batch.at, at)
    all.value.words.set(batch.value.words, 2 * at)
    at += batch.length
  }
  return all
}

/** Samples put in their place between two looks at the rest of the program. */
const GROUPED = 50_000

/** Positions of samples by window and series. */
async function group(all: Batch): Promise<Map<number, Map<number, number[]>>> {
  const windows = new Map<number, Map<number, number[]>>()
  let lastWindow = Number.NaN
  let bySeries = new Map<number, number[]>()
  for (let i = 0; i < all.length; i++) {
    if (i % GROUPED === GROUPED - 1) await rest()
    const window = windowOf(all.at[i] as number)
    if (window !== lastWindow) {
      lastWindow = window
      bySeries = windows.get(window) ?? new Map()
      windows.set(window, bySeries)
    }
    const id = all.seriesId[i] as number
    const picks = bySeries.get(id)
    if (picks) picks.push(i)
    else bySeries.set(id, [i])
  }
  return windows
}

/**
 * Moves the oldest batches into chunks, in one transaction: a sample is in a batch or in a chunk, never in neither. Doing it twice changes
 * nothing. @returns how many samples were moved; 0 also if another process is at it
 */
export async function foldOnce(ctx: Ctx): Promise<number> {
  if (!(await lockFolding(ctx.db))) return 0
  const taken = await takeBatches(ctx.db, FOLD_SAMPLES)
  if (taken.length === 0) return 0
  const all = await joinBatches(taken)
  const windows = await group(all)
  await addPartitions(ctx, windows.keys())
  const rolled = await noteWindows(ctx.db, [...windows.keys()])
  const newest = new Map<number, number>()
  for (const [windowMs, bySeries] of windows) {
    const ids = [...bySeries.keys()].sort((a, b) => a - b)
    for (let from = 0; from < ids.length; from += SLICE) {
      const slice = ids.slice(from, from + SLICE)
      const there = new Map<number, Points>()
      for (const chunk of await readChunks(ctx.db, slice, windowMs, windowMs + 1))
        there.set(chunk.seriesId, decodeChunk(chunk.data, windowMs))
      const merged = slice.map((seriesId) => {
        const picks = bySeries.get(seriesId) as number[]
        const points = mergePoints(there.get(seriesId) ?? noPoints, { at: all.at, value: all.value, picks })
        newest.set(seriesId, Math.max(newest.get(seriesId) ?? 0, points.at[points.length - 1] as number))
        return { seriesId, windowMs, points }
      })
      await saveChunks(
        ctx.db,
        merged.map(({ seriesId, points }) => ({ seriesId, windowMs, samples: points.length, data: encodeChunk(points, windowMs) })),
      )
      if (rolled.has(windowMs)) await rollUp(ctx.db, windowMs, merged)
    }
  }
  await saveNewest(ctx.db, [...newest.keys()], [...newest.values()])
  return all.length
}

/** Writes the slots of one window into the day of each series, over what stood there. */
async function rollUp(db: Db, windowMs: number, series: readonly { seriesId: number; points: Points }[]): Promise<void> {
  const dayMs = Math.floor(windowMs / DAY_MS) * DAY_MS
  const day = dayOf(dayMs)
  const before = new Map(
    (
      await readRollups(
        db,
        series.map(({ seriesId }) => seriesId),
        day,
        day,
        'both',
      )
    ).map((row) => [row.seriesId, row]),
  )
  const rows = series.map(({ seriesId, points }) => {
    const old = before.get(seriesId)
    const five = old ? decodeSlots(old.five) : new Map()
    const hours = old ? decodeHours(old.hour) : { slots: new Map(), histograms: new Map() }
    for (const [slots, size] of [
      [five, FIVE_MS],
      [hours.slots, HOUR_MS],
    ] as const)
      for (let at = windowMs; at < windowMs + WINDOW_MS; at += size) slots.delete((at - dayMs) / size)
    for (const [number, slot] of sumUp(points, dayMs, FIVE_MS)) five.set(number, slot)
    for (const [number, slot] of sumUp(points, dayMs, HOUR_MS)) hours.slots.set(number, slot)
    for (const [number, histogram] of histogramsOf(points, dayMs, HOUR_MS)) hours.histograms.set(number, histogram)
    return { seriesId, day, five: encodeSlots(five), hour: encodeHours(hours) }
  })
  await saveRollups(db, rows)
}

/** Sums up the oldest window that has ended. @returns how many windows were done, 0 or 1 */
export async function rollOnce(ctx: Ctx): Promise<number> {
  if (!(await lockFolding(ctx.db))) return 0
  const windowMs = await windowDue(ctx.db, ctx.now.epochMilliseconds - WINDOW_MS - ROLL_AFTER_MS)
  if (windowMs === null) return 0
  for (let after = 0; ; ) {
    const chunks: ChunkRecord[] = await chunksOfWindow(ctx.db, windowMs, after, SLICE)
    if (chunks.length === 0) break
    await rollUp(
      ctx.db,
      windowMs,
      chunks.map(({ seriesId, data }) => ({ seriesId, points: decodeChunk(data, windowMs) })),
    )
    after = (chunks.at(-1) as ChunkRecord).seriesId
  }
  await markRolled(ctx.db, windowMs, ctx.now)
  return 1
}

/** Folds all that waits and sums up all that has ended, now: for commands, tests and measurements. */
export async function foldAll(runtime: Runtime): Promise<void> {
  while ((await runtime.door.enter(entry, foldOnce)) > 0);
  while ((await runtime.door.enter(entry, rollOnce)) > 0);
}

/** A look is two small queries; it need not be each second. */
const LOOK_MS = 5_000
let lookAt = 0

export const dueFolds: DueWork = {
  name: 'telemetry.fold',
  async run({ door }) {
    if (performance.now() < lookAt) return 0
    lookAt = performance.now() + LOOK_MS
    const waiting = await unfolded(door.db)
    const age = waiting.oldestReceivedAt ? door.clock().since(waiting.oldestReceivedAt).total('seconds') : 0
    if (waiting.samples < FOLD_FROM_SAMPLES && age < FOLD_AFTER_SECONDS) return door.enter(entry, rollOnce)
    const folded = await door.enter(entry, foldOnce)
    // more may wait: look again at once
    if (folded > 0) lookAt = 0
    return folded
  },
}
