import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnOf } from '../store/column.domain.ts'
import { encodeWriteV1 } from './encode.domain.ts'
import { decodeOtlp, decodeOtlpJson, OtlpError } from './otlp.domain.ts'
import { ProtobufError } from './protobuf.domain.ts'
import { decodeWriteV1, decodeWriteV2 } from './remote-write.domain.ts'
import { packSnappy, SnappyError, unpackSnappy } from './snappy.domain.ts'

const LIMIT = 1 << 20

const known = (run: () => unknown): boolean => {
  try {
    run()
    return true
  } catch (error) {
    if (error instanceof ProtobufError || error instanceof SnappyError || error instanceof OtlpError || error instanceof RangeError)
      return false
    throw error
  }
}

/** A good request, some of whose bytes were changed, cut off or doubled. */
const request = encodeWriteV1({
  length: 20,
  series: Array.from({ length: 20 }, (_, i) => ({ name: 'cpu', labels: { instance: `host-${i}`, zone: 'a' } })),
  at: Float64Array.from({ length: 20 }, (_, i) => 1_780_000_000_000 + i),
  value: columnOf(Array.from({ length: 20 }, (_, i) => i / 3)),
})
const damaged = fc
  .record({
    changes: fc.array(fc.tuple(fc.nat(request.length - 1), fc.nat(255)), { maxLength: 6 }),
    cut: fc.nat(request.length),
    twice: fc.boolean(),
  })
  .map(({ changes, cut, twice }) => {
    const bytes = Buffer.from(request)
    for (const [at, value] of changes) bytes[at] = value
    const part = bytes.subarray(0, cut % 3 === 0 ? cut : bytes.length)
    return twice ? Buffer.concat([part, part]) : part
  })

describe('what arrives malformed', () => {
  test('is refused by its own error, whatever the bytes, and asks for no more memory than the limit', () => {
    const before = process.memoryUsage().rss
    let refused = 0
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        const input = Buffer.from(bytes)
        if (!known(() => unpackSnappy(input, LIMIT))) refused += 1
        for (const decode of [decodeWriteV1, decodeWriteV2, decodeOtlp]) if (!known(() => decode(input))) refused += 1
        known(() => decodeOtlpJson(input.toString('latin1')))
      }),
      { seed: 41, numRuns: 3_000 },
    )
    expect(refused).toBeGreaterThan(6_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024)
  })
  test('a damaged request gives what can be read or its own error', () => {
    let read = 0
    fc.assert(
      fc.property(damaged, (bytes) => {
        const run = (): void => {
          const decoded = decodeWriteV1(unpackSnappy(packSnappy(bytes), LIMIT))
          expect(decoded.length).toBeLessThanOrEqual(bytes.length / 2)
          for (const series of decoded.series) series.readPairs()
        }
        if (known(run)) read += 1
        known(() => decodeWriteV2(bytes))
        known(() => decodeOtlp(bytes))
      }),
      { seed: 42, numRuns: 3_000 },
    )
    expect(read).toBeGreaterThan(300)
    expect(read).toBeLessThan(2_900)
  })
  test('a damaged block of snappy is refused or unpacked, never read past its end', () => {
    const packed = packSnappy(request)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(packed)
        for (const [at, value] of changes) bytes[at] = value
        known(() => unpackSnappy(bytes, LIMIT))
      }),
      { seed: 43, numRuns: 3_000 },
    )
  })
  test.each([
    ['says it holds 4 GB', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0])],
    ['says it holds more than its content can reach', Buffer.from([0x80, 0x80, 0x10, 0, 0x61])],
    ['copies from before its beginning', Buffer.from([8, 0, 0x61, 0x0d, 9])],
    ['ends early', Buffer.from([8, 0x1c, 0x61])],
  ])('a block that %s is refused', (_, bytes) => expect(() => unpackSnappy(bytes, LIMIT)).toThrow(SnappyError))
})

describe('snappy', () => {
  test('unpacks literals and copies of every kind', () => {
    // 'abcd', a copy of 4 bytes from 4 back, then of 6 bytes from 2 back that reads what it writes, then with two and four bytes of offset
    const block = Buffer.from([22, 0x0c, 0x61, 0x62, 0x63, 0x64, 0x01, 4, 0x09, 2, 0x0e, 4, 0, 0x0f, 8, 0, 0, 0])
    expect(unpackSnappy(block, LIMIT).toString()).toBe('abcdabcdcdcdcdcdcdcdcd')
  })
  test('what is packed is unpacked', () => {
    for (const size of [0, 1, 60, 61, 65_536, 65_537, 200_000]) {
      const bytes = Buffer.alloc(size, 'abc')
      expect(unpackSnappy(packSnappy(bytes), LIMIT).equals(bytes)).toBe(true)
    }
  })
})
