import { roleCodes } from '@changbai/contract/capability.ts'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { type ClauseLine, flawsOfValue, PlanDocument } from './document.ts'
import { unmeasured } from './measures.ts'

/** One thing wrong with the plan, and exactly where. */
export interface PlanProblem {
  file: string
  /** From 1. */
  line: number
  field: string
  reason: string
}

type Path = readonly PropertyKey[]
interface Flaw {
  path: Path
  reason: string
}

export interface PlanReading {
  /** Only when nothing at all is wrong with it. */
  plan: PlanDocument | null
  /** What the file holds, right or wrong. */
  counts: { clauses: number; parameters: number }
  problems: PlanProblem[]
}

export const NOTHING_READ = { clauses: 0, parameters: 0 }
const lengthOf = (raw: unknown, list: string): number => {
  const value = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)[list] : undefined
  return Array.isArray(value) ? value.length : 0
}

/** @param how.measured a clause that nothing would ever judge is a problem too: of use to whoever writes a plan, too strict for one in force */
export function readPlan(text: string, file: string, how: { measured?: boolean } = {}): PlanReading {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  if (document.errors.length > 0) {
    return {
      plan: null,
      counts: NOTHING_READ,
      problems: document.errors.map((error) => ({ file, line: lineCounter.linePos(error.pos[0]).line, field: '', reason: error.message })),
    }
  }
  const raw: unknown = document.toJS()
  const counts = { clauses: lengthOf(raw, 'clauses'), parameters: lengthOf(raw, 'parameters') }

  /** The node at the path, or the nearest above it that exists. */
  const lineAt = (path: Path): number => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line
    }
    return 1
  }
  const problemAt = ({ path, reason }: Flaw): PlanProblem => ({ file, line: lineAt(path), field: fieldName(raw, path), reason })

  const result = PlanDocument.safeParse(raw)
  if (!result.success) {
    const flaws = result.error.issues.map((issue) => ({
      path: issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path,
      reason: issue.code === 'unrecognized_keys' ? `unknown field ${issue.keys.join(', ')}` : issue.message,
    }))
    return { plan: null, counts, problems: flaws.map(problemAt) }
  }
  const flaws = [
    ...flawsOfNames(result.data),
    ...flawsOfParameters(result.data),
    ...flawsOfClauses(result.data),
    ...(how.measured ? flawsOfMeasures(result.data) : []),
  ]
  const problems = flaws.map(problemAt).sort((a, b) => a.line - b.line)
  return { plan: problems.length === 0 ? result.data : null, counts, problems }
}

/** Where the entries of a plan file stand, by list and key; a list alone (`title`) by its name. */
export function linesOfPlan(text: string): (list: string, key: string, field?: string) => number | null {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const raw = (document.toJS() ?? {}) as Record<string, unknown>
  const places = new Map<string, number>()
  for (const [list, entries] of Object.entries(raw))
    if (Array.isArray(entries))
      for (const [index, entry] of entries.entries()) places.set(`${list} ${entry?.key ?? entry?.id ?? entry?.code}`, index)
  const lineAt = (path: Path): number | null => {
    const node = document.getIn(path, true)
    return isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : null
  }
  return (list, key, field) => {
    const index = places.get(`${list} ${key}`)
    if (index === undefined) return lineAt([list])
    return (field === undefined ? null : lineAt([list, index, field])) ?? lineAt([list, index])
  }
}

/** `parameters[12].value` tells nobody anything: entries are called by their key, id or code. */
function fieldName(raw: unknown, path: Path): string {
  let at: unknown = raw
  let name = ''
  for (const step of path) {
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined
    if (typeof step !== 'number') {
      name += name === '' ? String(step) : `.${String(step)}`
      continue
    }
    const entry = typeof at === 'object' && at !== null ? (at as Record<string, unknown>) : {}
    const called = entry.key ?? entry.id ?? entry.code
    name += typeof called === 'string' ? `[${called}]` : `[${step}]`
  }
  return name
}

function repeated(list: string, ids: readonly string[], member: string): Flaw[] {
  const seen = new Set<string>()
  return ids.flatMap((id, index) => {
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    return [{ path: [list, index, member], reason: `${id} is there already` }]
  })
}

const flawsOfNames = (plan: PlanDocument): Flaw[] => [
  ...repeated(
    'chapters',
    plan.chapters.map((one) => one.id),
    'id',
  ),
  ...repeated(
    'groups',
    plan.groups.map((one) => one.id),
    'id',
  ),
  ...repeated(
    'roles',
    plan.roles.map((one) => one.code),
    'code',
  ),
  ...repeated(
    'parameters',
    plan.parameters.map((one) => one.key),
    'key',
  ),
  ...repeated(
    'clauses',
    plan.clauses.map((one) => one.id),
    'id',
  ),
  ...roleCodes
    .filter((code) => plan.roles.every((role) => role.code !== code))
    .map((code) => ({ path: ['roles'], reason: `role ${code} is missing` })),
]

function flawsOfParameters(plan: PlanDocument): Flaw[] {
  const groups = new Set(plan.groups.map((one) => one.id))
  const clauses = new Set(plan.clauses.map((one) => one.id))
  return plan.parameters.flatMap((parameter, index) => {
    const at = ['parameters', index]
    const { group, key, kind, unit, min, max } = parameter
    return [
      ...(groups.has(group) ? [] : [{ path: [...at, 'group'], reason: `no group ${group}` }]),
      ...(key.startsWith(`${group}.`) ? [] : [{ path: [...at, 'key'], reason: `the key does not begin with its group ${group}` }]),
      ...(kind === 'NUMBER' && unit === undefined ? [{ path: at, reason: 'a number needs its unit' }] : []),
      ...(kind === 'NUMBER' && (min === undefined || max === undefined)
        ? [{ path: at, reason: 'a number needs its bounds, min and max' }]
        : []),
      ...(min !== undefined && max !== undefined && min > max ? [{ path: [...at, 'min'], reason: `min ${min} is above max ${max}` }] : []),
      ...parameter.clauses.flatMap((id, i) => (clauses.has(id) ? [] : [{ path: [...at, 'clauses', i], reason: `no clause ${id}` }])),
      ...flawsOfValue(parameter, parameter.value).map((flaw) => ({ path: [...at, 'value', ...flaw.path], reason: flaw.reason })),
    ]
  })
}

function flawsOfClauses(plan: PlanDocument): Flaw[] {
  const keys = new Set(plan.parameters.map((one) => one.key))
  const chapters = new Set(plan.chapters.map((one) => one.id))
  const noKey = (path: Path, key: string): Flaw[] => (keys.has(key) ? [] : [{ path, reason: `no parameter ${key}` }])
  return plan.clauses.flatMap((clause, index) => {
    const at = ['clauses', index]
    return [
      ...(chapters.has(clause.chapter) ? [] : [{ path: [...at, 'chapter'], reason: `no chapter ${clause.chapter}` }]),
      ...(clause.deadline === undefined ? [] : noKey([...at, 'deadline'], clause.deadline)),
      ...clause.parameters.flatMap((key, i) => noKey([...at, 'parameters', i], key)),
      ...flawsOfMeter(clause, at),
      ...(typeof clause.times === 'string' ? noKey([...at, 'times'], clause.times) : []),
    ]
  })
}

function flawsOfMeasures(plan: PlanDocument): Flaw[] {
  return plan.clauses.flatMap((clause, index) => {
    const found = clause.meter === undefined && clause.of !== undefined ? null : unmeasured(clause)
    return found ? [{ path: ['clauses', index, found.field], reason: found.reason }] : []
  })
}

function flawsOfMeter({ meter, of, times, per }: ClauseLine, at: Path): Flaw[] {
  const rhythmic = meter === 'rhythm'
  return [
    ...(meter !== undefined && of === undefined ? [{ path: [...at, 'meter'], reason: 'a meter needs `of`: what it measures' }] : []),
    ...(meter === undefined && of !== undefined ? [{ path: [...at, 'of'], reason: '`of` needs a meter' }] : []),
    ...(rhythmic && (times === undefined || per === undefined)
      ? [{ path: [...at, 'meter'], reason: 'a rhythm needs `times` and `per`' }]
      : []),
    ...(!rhythmic && (times !== undefined || per !== undefined)
      ? [{ path: [...at, times === undefined ? 'per' : 'times'], reason: 'only a rhythm has `times` and `per`' }]
      : []),
  ]
}
