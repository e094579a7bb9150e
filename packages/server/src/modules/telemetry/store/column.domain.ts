/**
 * A column of numbers in few bytes. Numbers that are decimals of up to nine places become integers and then differences (or differences of
 * differences, whichever is shorter) in variable length, runs of zero counted; all others keep their bits, XORed with their predecessor.
 * Bits survive: a stale marker is a NaN of its own bits and must not pass through a Number.
 */
export interface Column {
  /** The numbers; a view of the same memory as `words`. */
  values: Float64Array
  /** Low and high word of each number. */
  words: Uint32Array
}

/** A stale marker: the series has ended. Low and high word. */
export const STALE_LOW = 0x00000002
export const STALE_HIGH = 0x7ff00000

export function newColumn(length: number): Column {
  const memory = new ArrayBuffer(length * 8)
  return { values: new Float64Array(memory), words: new Uint32Array(memory) }
}
export function copyNumber(from: Column, index: number, to: Column, at: number): void {
  to.words[2 * at] = from.words[2 * index] as number
  to.words[2 * at + 1] = from.words[2 * index + 1] as number
}
export const isStale = ({ words }: Column, index: number): boolean => words[2 * index] === STALE_LOW && words[2 * index + 1] === STALE_HIGH

const PLACES_MAX = 9
/** Differences of differences then still fit 2^53 after zigzag. */
const INTEGER_MAX = 2 ** 50
const XOR = 0x80
const SECOND_ORDER = 0x40
const POWERS = Array.from({ length: PLACES_MAX + 1 }, (_, places) => 10 ** places)

/** Bytes that grow as they are written. */
export class Writer {
  bytes = Buffer.allocUnsafe(512)
  length = 0
  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }
  byte(value: number): void {
    this.room(1)
    this.bytes[this.length++] = value
  }
  /** An integer of 0 to 2^53. */
  varint(value: number): void {
    this.room(8)
    let rest = value
    while (rest >= 0x80000000) {
      this.bytes[this.length++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 0x80
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }
  blob(part: Uint8Array): void {
    this.room(part.length)
    this.bytes.set(part, this.length)
    this.length += part.length
  }
  /** What was written, in memory of its own. */
  take(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length))
  }
}

/** @throws RangeError if more is read than is there */
export class Reader {
  readonly bytes: Uint8Array
  at: number
  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.at = at
  }
  byte(): number {
    const value = this.bytes[this.at++]
    if (value === undefined) throw new RangeError('a column ends early')
    return value
  }
  varint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
      if (factor > 2 ** 56) throw new RangeError('a number of a column is too long')
    }
  }
}

const zigzag = (value: number): number => (value >= 0 ? 2 * value : -2 * value - 1)
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)

/** The fewest decimal places that say every number exactly; -1 if none do. */
function placesOf(values: Float64Array, length: number): number {
  let places = 0
  for (let i = 0; i < length; i++) {
    const value = values[i] as number
    for (;;) {
      const scaled = Math.round(value * (POWERS[places] as number))
      if (scaled / (POWERS[places] as number) === value && Math.abs(scaled) < INTEGER_MAX && !Object.is(value, -0)) break
      places += 1
      if (places > PLACES_MAX) return -1
    }
  }
  // a place more must not have cost an earlier number its exactness
  const factor = POWERS[places] as number
  for (let i = 0; i < length; i++) {
    const scaled = Math.round((values[i] as number) * factor)
    if (scaled / factor !== values[i] || Math.abs(scaled) >= INTEGER_MAX) return -1
  }
  return places
}

const widthOf = (value: number): number => (value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : value < 268_435_456 ? 4 : 6)

export function writeColumn(out: Writer, column: Column, length: number): void {
  const places = placesOf(column.values, length)
  if (places < 0) {
    writeBits(out, column, length)
    return
  }
  const factor = POWERS[places] as number
  const first = new Float64Array(length)
  const second = new Float64Array(length)
  let before = 0
  let difference = 0
  let widthFirst = 0
  let widthSecond = 0
  for (let i = 0; i < length; i++) {
    const scaled = Math.round((column.values[i] as number) * factor)
    const step = scaled - before
    first[i] = zigzag(step)
    second[i] = zigzag(step - difference)
    if (first[i] !== 0 || first[i - 1] !== 0) widthFirst += widthOf(first[i] as number)
    if (second[i] !== 0 || second[i - 1] !== 0) widthSecond += widthOf(second[i] as number)
    before = scaled
    difference = step
  }
  const isSecond = widthSecond < widthFirst
  out.byte(places | (isSecond ? SECOND_ORDER : 0))
  const steps = isSecond ? second : first
  for (let i = 0; i < length; i++) {
    const step = steps[i] as number
    out.varint(step)
    if (step !== 0) continue
    let run = 0
    while (i + 1 < length && steps[i + 1] === 0) {
      i += 1
      run += 1
    }
    out.varint(run)
  }
}

function writeBits(out: Writer, { words }: Column, length: number): void {
  out.byte(XOR)
  const scratch = new Uint8Array(8)
  const pair = new Uint32Array(scratch.buffer)
  let low = 0
  let high = 0
  for (let i = 0; i < length; i++) {
    pair[0] = (words[2 * i] as number) ^ low
    pair[1] = (words[2 * i + 1] as number) ^ high
    low = words[2 * i] as number
    high = words[2 * i + 1] as number
    let from = 0
    let to = 8
    while (from < 8 && scratch[from] === 0) from += 1
    while (to > from && scratch[to - 1] === 0) to -= 1
    out.byte((from << 4) | (to - from))
    for (let k = from; k < to; k++) out.byte(scratch[k] as number)
  }
}

/** @throws RangeError if the bytes are not a column of this length */
export function readColumn(input: Reader, length: number): Column {
  const column = newColumn(length)
  const mode = input.byte()
  if (mode === XOR) {
    readBits(input, column, length)
    return column
  }
  const factor = POWERS[mode & 0x0f]
  if (factor === undefined) throw new RangeError('a column of an unknown kind')
  const isSecond = (mode & SECOND_ORDER) !== 0
  let scaled = 0
  let difference = 0
  let run = 0
  for (let i = 0; i < length; i++) {
    let step = 0
    if (run > 0) run -= 1
    else {
      step = unzigzag(input.varint())
      if (step === 0) run = input.varint()
    }
    difference = isSecond ? difference + step : step
    scaled += difference
    column.values[i] = scaled / factor
  }
  return column
}

function readBits(input: Reader, { words }: Column, length: number): void {
  const scratch = new Uint8Array(8)
  const pair = new Uint32Array(scratch.buffer)
  let low = 0
  let high = 0
  for (let i = 0; i < length; i++) {
    const control = input.byte()
    const from = control >> 4
    const to = from + (control & 0x0f)
    if (to > 8) throw new RangeError('a number of a column is too long')
    scratch.fill(0)
    for (let k = from; k < to; k++) scratch[k] = input.byte()
    low = (low ^ (pair[0] as number)) >>> 0
    high = (high ^ (pair[1] as number)) >>> 0
    words[2 * i] = low
    words[2 * i + 1] = high
  }
}

/** A column of numbers that carry no bits of meaning besides their value. */
export function columnOf(numbers: ArrayLike<number>): Column {
  const column = newColumn(numbers.length)
  column.values.set(numbers)
  return column
}
