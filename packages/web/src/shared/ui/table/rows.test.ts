import { describe, expect, test } from 'vitest'
import { countChanges } from './changes.ts'

const row = (id: string, more: object = {}) => ({ id, name: id, ...more })
const key = (one: { id: string }) => one.id

describe('what changed while a list was read', () => {
  test.each([
    ['nothing', [row('a'), row('b')], [row('a'), row('b')], 0],
    ['another order alone', [row('a'), row('b')], [row('b'), row('a')], 0],
    [
      'shares that grow by themselves',
      [row('a', { step: { usedRatio: 0.1, left: null } })],
      [row('a', { step: { usedRatio: 0.9, left: 1 } })],
      0,
    ],
    ['one row', [row('a'), row('b')], [row('a', { name: 'x' }), row('b')], 1],
    ['a new row on a full page pushes one out', [row('a'), row('b')], [row('n'), row('a')], 1],
    ['a row gone', [row('a'), row('b')], [row('a')], 1],
    ['the first row', [], [row('a')], 1],
  ])('%s', (_, shown, now, expected) => expect(countChanges(shown, now, key)).toBe(expected))
})
