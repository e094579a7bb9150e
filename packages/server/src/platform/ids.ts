import { randomBytes } from 'node:crypto'

/** Random bytes are asked of the system for 256 ids at once: a call for each cost more than all else an id takes. */
const ID_BYTES = 16
let pool = Buffer.alloc(0)
let taken = 0
function takeRandom(): Buffer {
  if (taken === pool.length) {
    pool = randomBytes(256 * ID_BYTES)
    taken = 0
  }
  taken += ID_BYTES
  return pool.subarray(taken - ID_BYTES, taken)
}

let lastMilliseconds = 0
let sequence = 0

/** The millisecond and the 12 bits behind it: each call of this process gets a higher pair than the one before, whatever the clock does. */
function nextMoment(random: number): [milliseconds: number, sequence: number] {
  const now = Date.now()
  if (now > lastMilliseconds) {
    lastMilliseconds = now
    // room for at least 2,048 more in this millisecond
    sequence = random & 0x7ff
  } else if (sequence < 0xfff) sequence += 1
  else {
    lastMilliseconds += 1
    sequence = 0
  }
  return [lastMilliseconds, sequence]
}

/**
 * A UUID version 7: the first 48 bits are the millisecond, so index pages fill in order. Ids made without a millisecond sort as they were made in
 * this process, those of one millisecond too: the ledger seals the facts of a command in their order.
 */
export function newId(epochMilliseconds?: number): string {
  const bytes = takeRandom()
  const random = bytes.readUInt16BE(6) & 0xfff
  const [milliseconds, low] = epochMilliseconds === undefined ? nextMoment(random) : [epochMilliseconds, random]
  bytes.writeUIntBE(milliseconds, 0, 6)
  bytes.writeUInt16BE(0x7000 | low, 6)
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
