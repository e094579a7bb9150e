import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/db.ts'
import { batchesWithin, readBatches } from './batch.store.ts'
import { readChunks } from './chunk.store.ts'
import { type Batch, decodeBatch } from './store/batch.domain.ts'
import { decodeChunk, mergePoints, noPoints, type Points, windowOf } from './store/chunk.domain.ts'

type Reading = Kysely<Tables>

/** Batches do not change, so what was decoded serves the next question, too; at most this many samples, 20 bytes each. */
const CACHED_SAMPLES_MAX = 2_000_000
const cache = new Map<string, Batch>()
let cachedSamples = 0

function remember(key: string, batch: Batch): void {
  cache.set(key, batch)
  cachedSamples += batch.length
  for (const [oldest, { length }] of cache) {
    if (cachedSamples <= CACHED_SAMPLES_MAX) break
    cache.delete(oldest)
    cachedSamples -= length
  }
}

/** Samples that are durable and not folded yet. */
async function unfoldedSamples(db: Reading, fromMs: number, toMs: number): Promise<Batch[]> {
  const seqs = await batchesWithin(db, fromMs, toMs)
  if (seqs.length === 0) return []
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db)
  const keyOf = (seq: number): string => `${rows[0]?.name}:${seq}`
  const found = new Map(seqs.flatMap((seq) => [[seq, cache.get(keyOf(seq))] as const]))
  const missing = seqs.filter((seq) => !found.get(seq))
  for (let from = 0; from < missing.length; from += 200) {
    for (const { seq, payload } of await readBatches(db, missing.slice(from, from + 200))) {
      const batch = decodeBatch(payload)
      found.set(seq, batch)
      remember(keyOf(seq), batch)
    }
  }
  return seqs.flatMap((seq) => found.get(seq) ?? [])
}

/**
 * Samples of each series in order of time, of whole windows that `isWanted` and within the span. What is not folded is read first: a fold that
 * commits in between is then seen twice, never not at all.
 */
export async function readPoints(
  db: Reading,
  seriesIds: readonly number[],
  fromMs: number,
  toMs: number,
  isWanted: (windowMs: number) => boolean = () => true,
): Promise<Map<number, Points[]>> {
  const fresh = await unfoldedSamples(db, fromMs, toMs)
  const wanted = new Set(seriesIds)
  const picks = new Map<number, Map<number, { batch: Batch; at: number[] }[]>>()
  for (const batch of fresh) {
    for (let i = 0; i < batch.length; i++) {
      const id = batch.seriesId[i] as number
      if (!wanted.has(id)) continue
      const at = batch.at[i] as number
      const window = windowOf(at)
      if (at < fromMs || at >= toMs || !isWanted(window)) continue
      let windows = picks.get(id)
      if (!windows) {
        windows = new Map()
        picks.set(id, windows)
      }
      const parts = windows.get(window) ?? []
      if (parts.length === 0) windows.set(window, parts)
      if (parts.at(-1)?.batch !== batch) parts.push({ batch, at: [] })
      parts.at(-1)?.at.push(i)
    }
  }
  const found = new Map<number, Map<number, Points>>()
  const put = (id: number, window: number, points: Points): void => {
    const windows = found.get(id) ?? new Map<number, Points>()
    windows.set(window, points)
    found.set(id, windows)
  }
  for (const { seriesId, windowMs, data } of await readChunks(db, seriesIds, windowOf(fromMs), toMs))
    if (isWanted(windowMs)) put(seriesId, windowMs, decodeChunk(data, windowMs))
  for (const [id, windows] of picks) {
    for (const [window, parts] of windows) {
      let points = found.get(id)?.get(window) ?? noPoints
      for (const { batch, at } of parts) points = mergePoints(points, { at: batch.at, value: batch.value, picks: at })
      put(id, window, points)
    }
  }
  return new Map(
    [...found].map(([id, windows]) => [id, [...windows].sort(([a], [b]) => a - b).map(([, points]) => clip(points, fromMs, toMs))]),
  )
}

function clip(points: Points, fromMs: number, toMs: number): Points {
  let from = 0
  let to = points.length
  while (from < to && (points.at[from] as number) < fromMs) from += 1
  while (to > from && (points.at[to - 1] as number) >= toMs) to -= 1
  if (to - from === points.length) return points
  return {
    length: to - from,
    at: points.at.subarray(from, to),
    value: { values: points.value.values.subarray(from, to), words: points.value.words.subarray(2 * from, 2 * to) },
  }
}
