import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stepNameEn } from '@changbai/contract/step-names.ts'
import { describe, expect, test } from 'vitest'

const folder = resolve(import.meta.dirname, '../../../plan/jilin/processes')
const namesIn = (xml: string): string[] =>
  [...xml.matchAll(/\sname="([^"]+)"/g)].flatMap(([, name]) => (name && /\p{Script=Han}/u.test(name) ? [name] : []))

describe('the names drawn in the shipped processes', () => {
  test.each(readdirSync(folder).filter((file) => file.endsWith('.bpmn')))('%s speaks English as well', (file) => {
    const unknown = namesIn(readFileSync(join(folder, file), 'utf8')).filter((name) => stepNameEn(name) === name)
    expect([...new Set(unknown)]).toEqual([])
  })
  test('a step an administrator has added is shown as drawn', () => expect(stepNameEn('现场踏勘')).toBe('现场踏勘'))
})
