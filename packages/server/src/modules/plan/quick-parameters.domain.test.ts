import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { spanOf } from './domain/span-of.ts'
import { readPlanFolder } from './offline.ts'
import { quickParameters } from './quick-parameters.ts'

const PLAN = resolve(import.meta.dirname, '../../../../../plan/jilin')
const folder = mkdtempSync(join(tmpdir(), 'quick-'))
afterAll(() => rmSync(folder, { recursive: true }))
const written = (text: string) => {
  writeFileSync(join(folder, 'plan.yaml'), text)
  return quickParameters(folder)
}

test('one by one they are what the whole reading gives', () => {
  const { plan } = readPlanFolder(PLAN)
  const quick = quickParameters(PLAN)
  expect(plan?.parameters.length).toBeGreaterThan(100)
  for (const { key, kind, value, unit } of plan?.parameters ?? []) {
    const found = quick?.(key)
    expect([key, found?.kind, found?.value, found?.unit]).toEqual([key, kind, value, unit])
  }
})
test('a name that is none, a plan that is not there, one of another style', () => {
  expect(quickParameters(PLAN)?.('reclaim.nothing')).toBeUndefined()
  expect(quickParameters(join(folder, 'nowhere'))).toBeNull()
  expect(written('parameters: [{ key: a.b, kind: TEXT, value: x }]\n')).toBeNull()
})
test('the last of the list ends where the list ends; comments and blank lines belong to it; what does not parse is nothing', () => {
  const quick = written(
    "parameters:\n  - key: a.one\n    kind: TEXT\n\n    # why\n    value: x\n  - key: 'a.two'\n    kind: NUMBER\n    value: [1\nclauses:\n  - id: '1'\n",
  )
  expect(quick?.('a.one')).toMatchObject({ kind: 'TEXT', value: 'x' })
  expect(quick?.('a.two')).toBeUndefined()
  expect(written("parameters:\n  - key: a.two\n    kind: NUMBER\n    value: 2\nclauses:\n  - id: '1'\n")?.('a.two')).toMatchObject({
    value: 2,
  })
})
test.each([
  ['DURATION', undefined, '2wd', '2wd'],
  ['NUMBER', 'wd', 7, '7wd'],
  ['NUMBER', 'bh', 2, '2bh'],
  ['NUMBER', 'day', 7, 'P7D'],
  ['NUMBER', 'percent', 7, undefined],
  ['TEXT', 'wd', '7', undefined],
])('%s in %s is a span', (kind, unit, value, span) => expect(spanOf({ kind, unit }, value)).toBe(span))

test('the shipped file is written in the style that is read quickly', () => {
  expect(readFileSync(join(PLAN, 'plan.yaml'), 'utf8')).toMatch(/^ {2}- key: calendar\.businessHours$/m)
})
