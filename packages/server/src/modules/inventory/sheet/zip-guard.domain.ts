import { inflateRawSync } from 'node:zlib'

const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const LOCAL_SIGNATURE = 0x04034b50
const END_SIZE = 22
const COMMENT_MAX = 65_535
const ENTRIES_MAX = 2_000
const STORED = 0
const DEFLATED = 8

export type ZipVerdict = 'FINE' | 'NOT_ZIP' | 'BOMB'

/**
 * Inflates every entry against one budget before any library sees the file. The sizes a zip declares are claims, so they are not believed; entries
 * that share the same bytes each count in full.
 * @param limitBytes what all entries together may expand to
 */
export function judgeZip(bytes: Buffer, limitBytes: number): ZipVerdict {
  const end = endOfDirectory(bytes)
  if (end === undefined) return 'NOT_ZIP'
  const count = bytes.readUInt16LE(end + 10)
  if (count > ENTRIES_MAX) return 'BOMB'
  let budget = limitBytes
  let at = bytes.readUInt32LE(end + 16)
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) return 'NOT_ZIP'
    const packed = packedBytes(bytes, at)
    if (!packed) return 'NOT_ZIP'
    const size = expandedSize(packed.method, packed.data, budget)
    if (typeof size === 'string') return size
    budget -= size
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return 'FINE'
}

function endOfDirectory(bytes: Buffer): number | undefined {
  for (let at = bytes.length - END_SIZE; at >= Math.max(0, bytes.length - END_SIZE - COMMENT_MAX); at--)
    if (bytes.readUInt32LE(at) === END_SIGNATURE) return at
  return undefined
}

function packedBytes(bytes: Buffer, at: number): { method: number; data: Buffer } | undefined {
  const method = bytes.readUInt16LE(at + 10)
  const size = bytes.readUInt32LE(at + 20)
  const local = bytes.readUInt32LE(at + 42)
  if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== LOCAL_SIGNATURE) return undefined
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  return start + size > bytes.length ? undefined : { method, data: bytes.subarray(start, start + size) }
}

function expandedSize(method: number, data: Buffer, budget: number): number | ZipVerdict {
  if (method === STORED) return data.length > budget ? 'BOMB' : data.length
  if (method !== DEFLATED) return 'NOT_ZIP'
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, budget) }).length
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'BOMB' : 'NOT_ZIP'
  }
}
