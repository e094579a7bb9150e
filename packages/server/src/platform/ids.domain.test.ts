import { expect, test } from 'vitest'
import { newId } from './ids.ts'

test('ids of one process sort as they were made, within a millisecond too, and are of version 7', () => {
  const made = Array.from({ length: 20_000 }, () => newId())
  expect(made.toSorted()).toEqual(made)
  expect(new Set(made).size).toBe(made.length)
  for (const id of made.slice(0, 100)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
