import { randomBytes } from 'node:crypto'

/** A UUID version 7: the first 48 bits are the millisecond, so ids sort by creation and index pages fill in order. */
export function newId(epochMilliseconds = Date.now()): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(epochMilliseconds, 0, 6)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
