import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LabelCache } from './label-cache.domain.ts'

const labelsOf = (text: Uint8Array, before = 3) => {
  const bytes = new Uint8Array(before + text.length + 5).fill(7)
  bytes.set(text, before)
  return { view: new DataView(bytes.buffer), from: before, to: before + text.length }
}

test('what was added is found wherever it lies in a request, and nothing else is', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.uint8Array({ maxLength: 20 }), { selector: (bytes) => bytes.join(), minLength: 1, maxLength: 60 }),
      fc.nat(9),
      (all, before) => {
        const cache = new LabelCache<number>(100)
        const added = all.slice(0, Math.ceil(all.length / 2))
        for (const [index, bytes] of added.entries()) cache.add(labelsOf(bytes), index)
        expect(all.map((bytes) => cache.get(labelsOf(bytes, before)))).toEqual(all.map((_, index) => added[index] && index))
      },
    ),
    { numRuns: 100 },
  )
})
test('it holds no more than it may', () => {
  const cache = new LabelCache<number>(2)
  for (const n of [1, 2, 3]) cache.add(labelsOf(Uint8Array.of(n)), n)
  expect([1, 2, 3].map((n) => cache.get(labelsOf(Uint8Array.of(n))))).toEqual([undefined, undefined, 3])
})
