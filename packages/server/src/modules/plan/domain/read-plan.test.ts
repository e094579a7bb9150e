import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPlan } from './read-plan.ts'
import { spanOf } from './span-of.ts'

const ROOT = resolve(import.meta.dirname, '../../../../../..')
const FILE = resolve(ROOT, 'plan/jilin/plan.yaml')
const source = readFileSync(FILE, 'utf8')
const lineOf = (text: string) => source.slice(0, source.indexOf(text)).split('\n').length

describe('the Jilin plan', () => {
  const { plan, problems } = readPlan(source, 'plan.yaml')

  test('nothing is wrong with it', () => {
    expect(problems).toEqual([])
    expect(plan?.clauses.length).toBe(96)
  })
  test('what the plan itself says is not our judgement', () => {
    const value = (key: string) => plan?.parameters.find((one) => one.key === key)
    expect(value('provisioning.vmWorkdays')).toMatchObject({ value: 2, provenance: [{ kind: 'S', ref: '4.3-1, line 111' }] })
    expect(value('provisioning.baremetalWorkdays')).toMatchObject({ value: 7, unit: 'wd' })
    expect(value('availability.budgetSeconds')?.value).toBe(31_536)
    expect(value('incident.severityClocks')?.value).toMatchObject([
      { severity: 'I', responseMinutes: 10, planMinutes: 30, resolveMinutes: 180 },
      { severity: 'II', responseMinutes: 10, planMinutes: 30, resolveMinutes: 360 },
      { severity: 'III', responseMinutes: 10, planMinutes: 30, resolveMinutes: 720 },
      { severity: 'IV', responseMinutes: 10, planMinutes: 120, resolveMinutes: 1440 },
    ])
  })
  test('red lines are the key clauses and no others', () => {
    const red = plan?.clauses.filter((one) => one.redLine).map((one) => one.id)
    const isKey = (id: string) => /^(4\.3-1|5\.4-|5\.7-|5\.10\.1-\(3\)|7\.1-)/.test(id)
    expect(red).toEqual(plan?.clauses.map((one) => one.id).filter(isKey))
    expect(plan?.clauses.filter((one) => one.alias).map((one) => `${one.id} ${one.alias}`)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `5.8-${n} 6.1-${n}`),
    )
  })
  test('every parameter the program asks for is there, of the kind it asks for', () => {
    const kindOf = new Map(plan?.parameters.map((one) => [one.key, one.kind]))
    // a number of days serves as a limit as well as a duration does
    const isLimit = new Set(plan?.parameters.filter((one) => spanOf(one, one.value) !== undefined).map((one) => one.key))
    const wanted = { number: 'NUMBER', text: 'TEXT', flag: 'FLAG', duration: 'DURATION' } as const
    const missing: string[] = []
    for (const file of globSync('packages/server/src/**/*.ts', { cwd: ROOT })) {
      if (file.endsWith('.test.ts')) continue
      for (const [, kind, key] of readFileSync(resolve(ROOT, file), 'utf8').matchAll(/plan\.(number|text|flag|duration)\('([\w.]+)'\)/g)) {
        if (kindOf.get(key ?? '') !== wanted[kind as keyof typeof wanted]) missing.push(`${file}: ${key} as ${kind}`)
      }
    }
    for (const file of globSync('plan/jilin/processes/*.bpmn', { cwd: ROOT })) {
      for (const [, key] of readFileSync(resolve(ROOT, file), 'utf8').matchAll(/param:([\w.]+)/g)) {
        if (!isLimit.has(key ?? '')) missing.push(`${file}: ${key}`)
      }
    }
    expect(missing).toEqual([])
  })
})

describe('a flaw is told by file, line, field and reason', () => {
  const flawed = (from: string, to: string) => {
    expect(source).toContain(from)
    return readPlan(source.replace(from, to), 'plan.yaml').problems
  }
  test.each([
    [
      'a number out of bounds',
      '    value: 2\n    unit: wd',
      '    value: 31\n    unit: wd',
      'parameters[provisioning.vmWorkdays].value',
      '31 is above the most, 30 wd',
    ],
    [
      'a duration of the wrong form',
      'value: 10wd',
      'value: P2W',
      'parameters[workflow.correction].value',
      'such as 2wd, 2bh, PT24H or P30D',
    ],
    [
      'an unknown parameter',
      'deadline: provisioning.vmWorkdays',
      'deadline: provisioning.vm',
      'clauses[4.3-1a].deadline',
      'no parameter provisioning.vm',
    ],
    [
      'an unknown clause',
      "clauses: ['4.3-1b']",
      "clauses: ['4.3-9']",
      'parameters[provisioning.baremetalWorkdays].clauses[0]',
      'no clause 4.3-9',
    ],
    ['a clause twice', "- id: '4.3-1b'", "- id: '4.3-1a'", 'clauses[4.3-1a].id', '4.3-1a is there already'],
    [
      'spans that overlap',
      "['13:00', '17:30']",
      "['11:00', '17:30']",
      'parameters[calendar.businessHours].value',
      'spans stand in order and do not overlap',
    ],
  ])('%s', (_, from, to, field, reason) => {
    expect(flawed(from, to)).toContainEqual(expect.objectContaining({ file: 'plan.yaml', field, reason }))
  })
  test('the line is the line', () => {
    expect(flawed('deadline: provisioning.vmWorkdays', 'deadline: nowhere.atAll')[0]?.line).toBe(
      lineOf('deadline: provisioning.vmWorkdays'),
    )
  })
  test('a field that does not exist', () => {
    const [problem] = flawed('    frequency: PER_EVENT\n', '    frequency: PER_EVENT\n    colour: red\n')
    expect(problem).toMatchObject({ reason: 'unknown field colour' })
    expect(problem?.field).toMatch(/^clauses\[.+\]\.colour$/)
  })
  test('a file that is no YAML', () => {
    expect(readPlan('title: { zh: 甲\nscope: [', 'plan.yaml').problems[0]).toMatchObject({ file: 'plan.yaml', field: '' })
    expect(readPlan('', 'plan.yaml').plan).toBeNull()
  })
})
