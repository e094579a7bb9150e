import { type Column, newColumn } from './column.domain.ts'

/** Accepted samples, in the order they came: what one write request put on disk before it was acknowledged. */
export interface Batch {
  length: number
  seriesId: Int32Array
  /** Milliseconds since 1970. */
  at: Float64Array
  value: Column
}

const VERSION = 1
const HEAD_BYTES = 16
const ONE_INSTANT = 1

/** 12 bytes a sample when all are of one instant, as a scrape is; 20 otherwise. */
export function encodeBatch(batch: Batch): Buffer {
  const { length } = batch
  let isOneInstant = true
  for (let i = 1; i < length && isOneInstant; i++) isOneInstant = batch.at[i] === batch.at[0]
  const instants = isOneInstant ? Math.min(length, 1) : length
  const out = Buffer.allocUnsafe(HEAD_BYTES + instants * 8 + length * 12)
  out.fill(0, 0, HEAD_BYTES)
  out[0] = VERSION
  out[1] = isOneInstant ? ONE_INSTANT : 0
  out.writeUInt32LE(length, 4)
  let at = HEAD_BYTES
  const put = (part: ArrayBufferView, bytes: number): void => {
    out.set(new Uint8Array(part.buffer, part.byteOffset, bytes), at)
    at += bytes
  }
  put(batch.at, instants * 8)
  put(batch.value.words, length * 8)
  put(batch.seriesId, length * 4)
  return out
}

/** @throws RangeError if the bytes are no batch */
export function decodeBatch(bytes: Buffer): Batch {
  if (bytes.length < HEAD_BYTES || bytes[0] !== VERSION) throw new RangeError('not a batch')
  const length = bytes.readUInt32LE(4)
  const isOneInstant = bytes[1] === ONE_INSTANT
  const instants = isOneInstant ? Math.min(length, 1) : length
  if (bytes.length !== HEAD_BYTES + instants * 8 + length * 12) throw new RangeError('a batch of another length')
  const batch: Batch = { length, seriesId: new Int32Array(length), at: new Float64Array(length), value: newColumn(length) }
  let at = HEAD_BYTES
  const get = (part: ArrayBufferView, size: number): void => {
    new Uint8Array(part.buffer, part.byteOffset, size).set(bytes.subarray(at, at + size))
    at += size
  }
  get(batch.at, instants * 8)
  if (isOneInstant) batch.at.fill(batch.at[0] ?? 0)
  get(batch.value.words, length * 8)
  get(batch.seriesId, length * 4)
  return batch
}
