import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { partsSink, readParts, removeParts } from './backup-parts.ts'
import { type FakeBucket, startFakeBucket } from './bucket.fixture.ts'
import { type Bucket, openBucket } from './bucket.ts'

let fake: FakeBucket
let bucket: Bucket
beforeAll(async () => {
  fake = await startFakeBucket()
  bucket = openBucket(fake.config)
})
afterAll(() => fake.stop())

const MIB = 1024 * 1024
const put = async (bytes: Buffer, name: string) => {
  const sink = partsSink(bucket, name)
  await pipeline(
    Readable.from(
      (function* () {
        for (let at = 0; at < bytes.length; at += MIB) yield bytes.subarray(at, at + MIB)
      })(),
    ),
    sink,
  )
  return sink.manifest()
}
const read = (name: string) => buffer(readParts(bucket, name))

test.each([
  [0, 0],
  [1, 1],
  [16 * MIB, 1],
  [16 * MIB + 1, 2],
])('%i bytes are %i parts, and come back the same', async (size, parts) => {
  const bytes = randomBytes(size)
  expect((await put(bytes, 'backups/one')).parts).toHaveLength(parts)
  expect((await read('backups/one')).equals(bytes)).toBe(true)
  await removeParts(bucket, 'backups/one')
  expect(fake.objects.size).toBe(0)
})
test('without its manifest it is no backup', async () => {
  await put(randomBytes(100), 'backups/two')
  fake.objects.delete('backups/two/manifest.json')
  await expect(read('backups/two')).rejects.toMatchObject({ trouble: 'missing' })
  await removeParts(bucket, 'backups/two')
})
test('a part that was changed, lost or swapped is refused', async () => {
  await put(randomBytes(17 * MIB), 'backups/three')
  const kept = fake.objects.get('backups/three/00002') ?? Buffer.alloc(0)
  fake.objects.set('backups/three/00002', Buffer.concat([kept.subarray(1), Buffer.from('x')]))
  await expect(read('backups/three')).rejects.toMatchObject({ trouble: 'damaged' })
  fake.objects.delete('backups/three/00002')
  await expect(read('backups/three')).rejects.toMatchObject({ trouble: 'missing' })
  fake.objects.set('backups/three/manifest.json', Buffer.from('{"format":"other"}'))
  await expect(read('backups/three')).rejects.toThrow(/no manifest/)
})
test('a store that is full or away ends the writing', async () => {
  fake.fault = (method, key) => (method === 'PUT' && key.endsWith('00002') ? 507 : undefined)
  await expect(put(randomBytes(17 * MIB), 'backups/four')).rejects.toMatchObject({ trouble: 'unreachable' })
  expect(fake.objects.has('backups/four/manifest.json')).toBe(false)
  fake.fault = () => undefined
})
