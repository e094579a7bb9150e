import { type Column, copyNumber, newColumn, Reader, readColumn, Writer, writeColumn } from './column.domain.ts'

/** Chunks begin at multiples of this since 1970: at one sample in 15 s a chunk stays below the 2 kB that PostgreSQL keeps in the row. */
export const WINDOW_MS = 7_200_000
export const windowOf = (at: number): number => Math.floor(at / WINDOW_MS) * WINDOW_MS

/** Samples of one series in order of time, one an instant. */
export interface Points {
  length: number
  /** Milliseconds since 1970. */
  at: Float64Array
  value: Column
}
export const noPoints: Points = { length: 0, at: new Float64Array(0), value: newColumn(0) }

const SAMPLES_MAX = WINDOW_MS

export function encodeChunk(points: Points, windowAt: number): Buffer {
  const out = new Writer()
  out.varint(points.length)
  const offsets = newColumn(points.length)
  for (let i = 0; i < points.length; i++) offsets.values[i] = (points.at[i] as number) - windowAt
  writeColumn(out, offsets, points.length)
  writeColumn(out, points.value, points.length)
  return out.take()
}

/** @throws RangeError if the bytes are no chunk */
export function decodeChunk(bytes: Uint8Array, windowAt: number): Points {
  const input = new Reader(bytes)
  const length = input.varint()
  if (length > SAMPLES_MAX) throw new RangeError('a chunk longer than its window')
  const offsets = readColumn(input, length).values
  for (let i = 0; i < length; i++) offsets[i] = (offsets[i] as number) + windowAt
  return { length, at: offsets, value: readColumn(input, length) }
}

/** Samples in the order they came, of one series, any order of time, instants possibly twice. */
export interface Arrivals {
  at: Float64Array
  value: Column
  /** Positions in `at` and `value`, in order of arrival. */
  picks: readonly number[]
}

/** What is there and what came, in order of time; of two samples of one instant the one that came later stays. */
export function mergePoints(there: Points, came: Arrivals): Points {
  const { picks } = came
  let isOrdered = true
  for (let i = 1; i < picks.length && isOrdered; i++)
    isOrdered = (came.at[picks[i - 1] as number] as number) < (came.at[picks[i] as number] as number)
  // a stable sort keeps arrivals of one instant in their order
  const order = isOrdered ? picks : [...picks].sort((a, b) => (came.at[a] as number) - (came.at[b] as number))
  const merged: Points = {
    length: 0,
    at: new Float64Array(there.length + order.length),
    value: newColumn(there.length + order.length),
  }
  let i = 0
  let k = 0
  while (i < there.length || k < order.length) {
    const old = i < there.length ? (there.at[i] as number) : Number.POSITIVE_INFINITY
    const pick = order[k] as number
    const fresh = k < order.length ? (came.at[pick] as number) : Number.POSITIVE_INFINITY
    if (old < fresh) {
      merged.at[merged.length] = old
      copyNumber(there.value, i++, merged.value, merged.length++)
      continue
    }
    if (old === fresh) i += 1
    k += 1
    if (k < order.length && came.at[order[k] as number] === fresh) continue
    merged.at[merged.length] = fresh
    copyNumber(came.value, pick, merged.value, merged.length++)
  }
  return merged
}
