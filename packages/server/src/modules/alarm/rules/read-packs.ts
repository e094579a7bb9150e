import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { failingVector } from './measure.domain.ts'
import { type Metric, OBJECT_LABELS, Pack, type Reading, secondsOf } from './pack.domain.ts'
import { readSelector } from './selector.domain.ts'

/** One thing wrong with a pack, and exactly where. */
export interface PackProblem {
  file: string
  /** From 1. */
  line: number
  field: string
  reason: string
}
export interface PackFile {
  file: string
  pack: Pack
}
interface Reads {
  packs: PackFile[]
  problems: PackProblem[]
}
type Path = readonly PropertyKey[]
interface Flaw {
  path: Path
  reason: string
}

/** Every `*.yaml` of a folder, or of the folder `rules` in it when it is a plan's. A folder without packs is a problem like any other. */
export function readPacks(folder: string): Reads {
  const nested = join(folder, 'rules')
  const at = statSync(nested, { throwIfNoEntry: false })?.isDirectory() ? nested : folder
  let names: string[]
  try {
    names = readdirSync(at)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
  } catch (error) {
    return { packs: [], problems: [{ file: at, line: 1, field: '', reason: (error as Error).message }] }
  }
  if (names.length === 0) return { packs: [], problems: [{ file: at, line: 1, field: '', reason: 'no *.yaml in the folder' }] }
  const reads = names.map((name) => readPack(readFileSync(join(at, name), 'utf8'), join(at, name)))
  const packs = reads.flatMap((one) => (one.read ? [one.read] : []))
  const known = new Map<string, Metric>(packs.flatMap(({ pack }) => pack.metrics.map((metric) => [metric.id, metric] as const)))
  const problems = reads.flatMap((one) => one.problems)
  // with a pack that cannot be read, half of the names would look unknown
  if (problems.length === 0) {
    const seen = new Map<string, string>()
    for (const one of reads) problems.push(...one.problemsOf(flawsOf((one.read as PackFile).pack, known, seen, one.file)))
  }
  return { packs: problems.length === 0 ? packs : [], problems }
}

export function readPack(text: string, file: string) {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [broken] = document.errors
  if (broken) {
    const problem = { file, line: lines.linePos(broken.pos[0]).line, field: '', reason: broken.message }
    return { file, read: null, problems: [problem], problemsOf: () => [] }
  }
  const raw: unknown = document.toJS()
  const problemsOf = (flaws: readonly Flaw[]): PackProblem[] =>
    flaws
      .map(({ path, reason }) => ({ file, line: lineAt(document, lines, path), field: fieldOf(raw, path), reason }))
      .sort((a, b) => a.line - b.line)
  const parsed = Pack.safeParse(raw)
  if (parsed.success) return { file, read: { file, pack: parsed.data }, problems: [], problemsOf }
  const flaws = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? { path: [...issue.path, issue.keys[0] ?? ''], reason: `unknown field ${issue.keys.join(', ')}` }
      : { path: issue.path, reason: issue.message },
  )
  return { file, read: null, problems: problemsOf(flaws), problemsOf }
}

/** The node at the path, or the nearest above it that exists. */
function lineAt(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

/** `rules[12].metric` tells nobody anything: entries are called by their id. */
function fieldOf(raw: unknown, path: Path): string {
  let at: unknown = raw
  let name = ''
  path.forEach((step, index) => {
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined
    const entry = typeof at === 'object' && at !== null ? (at as Record<string, unknown>) : {}
    const called = path[index - 1] === 'levels' ? entry.level : entry.id
    if (typeof step === 'number') name += `[${typeof called === 'string' ? called : step}]`
    else name += name === '' ? String(step) : `.${String(step)}`
  })
  return name
}

/** What no shape tells: names that must be known and unique, windows, patterns, and the test vectors. */
function flawsOf(pack: Pack, known: ReadonlyMap<string, Metric>, seen: Map<string, string>, file: string): Flaw[] {
  const flaws: Flaw[] = []
  const once = (kind: string, name: string, path: Path): void => {
    const before = seen.get(`${kind} ${name}`)
    if (before) flaws.push({ path, reason: `${name} is there already, in ${before}` })
    else seen.set(`${kind} ${name}`, file)
  }
  once('pack', pack.pack, ['pack'])
  pack.metrics.forEach((metric, m) => {
    once('metric', metric.id, ['metrics', m, 'id'])
    metric.sources.forEach((source, s) => {
      const at = ['metrics', m, 'sources', s]
      flaws.push(...flawsOfReading(source, at), ...(source.per ? flawsOfReading(source.per, [...at, 'per']) : []))
      for (const label of source.by)
        if (OBJECT_LABELS.some((own) => own === label)) flaws.push({ path: [...at, 'by'], reason: `${label} is always kept` })
    })
  })
  pack.rules.forEach((rule, r) => {
    const at = ['rules', r]
    once('rule', rule.id, [...at, 'id'])
    const metric = known.get(rule.metric)
    if (!metric) {
      flaws.push({ path: [...at, 'metric'], reason: `no metric ${rule.metric}` })
      return
    }
    const repeated = rule.levels.findIndex(({ level }, index) => rule.levels.some((other, i) => i < index && other.level === level))
    if (repeated >= 0) flaws.push({ path: [...at, 'levels', repeated, 'level'], reason: 'the level is there already' })
    if (secondsOf(rule.missingAfter) < 30)
      flaws.push({ path: [...at, 'missingAfter'], reason: 'less than 30 s is less than one collection' })
    rule.tests.forEach((vector, t) => {
      const wrong = failingVector(rule, metric, vector)
      if (wrong) flaws.push({ path: [...at, 'tests', t], reason: wrong })
    })
  })
  pack.events.forEach((event, e) => {
    once('rule', event.id, ['events', e, 'id'])
    flaws.push(...flawsOfMatch(event.match, ['events', e, 'match']))
  })
  return flaws
}

const WINDOWED = new Set(['rate', 'increase', 'avg'])
function flawsOfReading({ read, over, match }: Reading, at: Path): Flaw[] {
  const windowed = WINDOWED.has(read)
  return [
    ...(windowed && over === undefined ? [{ path: [...at, 'read'], reason: `${read} needs over: how far back it looks` }] : []),
    ...(!windowed && over !== undefined ? [{ path: [...at, 'over'], reason: `${read} looks at no window` }] : []),
    ...(over !== undefined && secondsOf(over) < 30
      ? [{ path: [...at, 'over'], reason: 'a window under 30 s holds no two collections' }]
      : []),
    ...flawsOfMatch(match, [...at, 'match']),
  ]
}
const flawsOfMatch = (match: Readonly<Record<string, string>>, at: Path): Flaw[] =>
  Object.entries(match).flatMap(([label, text]) => {
    try {
      readSelector(text)
      return []
    } catch (error) {
      return [{ path: [...at, label], reason: (error as Error).message }]
    }
  })
