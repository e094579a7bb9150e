import type { Points } from './chunk.domain.ts'
import { columnOf, Reader, readColumn, Writer, writeColumn } from './column.domain.ts'
import { addToHistogram, type Histogram, readHistogram, writeHistogram } from './histogram.domain.ts'

export const FIVE_MS = 300_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** What one slot of time comes to. Stale markers and numbers that are not finite are left out. */
export interface Slot {
  count: number
  sum: number
  min: number
  max: number
  first: number
  last: number
  /** Sum of the steps up between neighbouring samples; after a reset of a counter its new value. */
  increase: number
}
export type Slots = Map<number, Slot>

const FIELDS = ['count', 'sum', 'min', 'max', 'first', 'last', 'increase'] as const

/** A counter that falls was reset: what it shows now it has gained since. */
export const increaseBetween = (before: number, after: number): number => (after >= before ? after - before : after)

/** Sums of decimals without the dust of binary fractions, so that they stay short when stored. */
const tidy = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(14)))

/** Sums points up by slots of `size`, numbered from `origin`. */
export function sumUp(points: Points, origin: number, size: number): Slots {
  const slots: Slots = new Map()
  let slot: Slot | undefined
  let number = -1
  for (let i = 0; i < points.length; i++) {
    const value = points.value.values[i] as number
    if (!Number.isFinite(value)) continue
    const mine = Math.floor(((points.at[i] as number) - origin) / size)
    if (mine !== number || !slot) {
      number = mine
      slot = { count: 1, sum: value, min: value, max: value, first: value, last: value, increase: 0 }
      slots.set(mine, slot)
      continue
    }
    slot.count += 1
    slot.sum += value
    if (value < slot.min) slot.min = value
    if (value > slot.max) slot.max = value
    slot.increase += increaseBetween(slot.last, value)
    slot.last = value
  }
  for (const one of slots.values()) {
    one.sum = tidy(one.sum)
    one.increase = tidy(one.increase)
  }
  return slots
}

export function histogramsOf(points: Points, origin: number, size: number): Map<number, Histogram> {
  const found = new Map<number, Histogram>()
  for (let i = 0; i < points.length; i++) {
    const value = points.value.values[i] as number
    if (!Number.isFinite(value)) continue
    const slot = Math.floor(((points.at[i] as number) - origin) / size)
    let histogram = found.get(slot)
    if (!histogram) {
      histogram = new Map()
      found.set(slot, histogram)
    }
    addToHistogram(histogram, value)
  }
  return found
}

export function encodeSlots(slots: Slots): Buffer {
  const out = new Writer()
  writeSlots(out, slots)
  return out.take()
}
export const decodeSlots = (bytes: Uint8Array): Slots => readSlots(new Reader(bytes))

export interface Hours {
  slots: Slots
  histograms: Map<number, Histogram>
}

export function encodeHours({ slots, histograms }: Hours): Buffer {
  const out = new Writer()
  writeSlots(out, slots)
  for (const number of [...slots.keys()].sort((a, b) => a - b)) writeHistogram(out, histograms.get(number) ?? new Map())
  return out.take()
}
export function decodeHours(bytes: Uint8Array): Hours {
  const input = new Reader(bytes)
  const slots = readSlots(input)
  return { slots, histograms: new Map([...slots.keys()].map((number) => [number, readHistogram(input)])) }
}

function writeSlots(out: Writer, slots: Slots): void {
  const numbers = [...slots.keys()].sort((a, b) => a - b)
  out.varint(numbers.length)
  writeColumn(out, columnOf(numbers), numbers.length)
  for (const field of FIELDS) writeColumn(out, columnOf(numbers.map((number) => (slots.get(number) as Slot)[field])), numbers.length)
}

function readSlots(input: Reader): Slots {
  const length = input.varint()
  if (length > DAY_MS / FIVE_MS) throw new RangeError('more slots than a day has')
  const numbers = readColumn(input, length).values
  const columns = FIELDS.map(() => readColumn(input, length).values)
  const slots: Slots = new Map()
  for (let i = 0; i < length; i++) {
    const [count, sum, min, max, first, last, increase] = columns.map((column) => column[i] as number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    slots.set(numbers[i] as number, { count, sum, min, max, first, last, increase })
  }
  return slots
}
