import { expect, test } from 'vitest'
import { isTooDeep } from './json.ts'

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
test.each([
  ['as deep as may be', nested(100), false],
  ['a level deeper', nested(101), true],
  ['objects count as lists do', `${'{"a":['.repeat(51)}`, true],
  ['many beside each other are not deep', `[${nested(50).repeat(3)}]`, false],
  ['brackets in a text are text', JSON.stringify({ a: '['.repeat(500), b: `"${'{'.repeat(500)}\\` }), false],
])('%s', (_what, json, expected) => expect(isTooDeep(json)).toBe(expected))
