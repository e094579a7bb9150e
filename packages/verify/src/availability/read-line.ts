import type { ExportLine } from './export-lines.ts'

type Shape = { readonly [name: string]: Kind }
type Kind = 'text' | 'text?' | 'whole' | 'whole?' | 'flag' | Shape | readonly Shape[]

const bounds = { from: 'whole', to: 'whole?', fromLo: 'whole', toLo: 'whole?' } as const
const figures = { countedMs: 'whole', unknownMs: 'whole', plannedMs: 'whole', withPlannedMs: 'whole' } as const
const bodies: Readonly<Record<string, Shape>> = {
  measured: { from: 'whole', to: 'whole?' },
  policy: { from: 'whole', voters: 'whole', agree: 'whole', validMs: 'whole', failuresToDown: 'whole', successesToUp: 'whole' },
  observation: {
    probe: 'text',
    state: 'text',
    from: 'whole',
    to: 'whole',
    fromLo: 'whole',
    last: 'whole',
    results: 'whole',
    evidence: 'text',
  },
  stretch: { id: 'text', state: 'text', source: 'text', domain: 'text?', note: 'text', ...bounds },
  'stretch-change': { id: 'text', reason: 'text', ...bounds },
  ruling: { target: 'text', decision: 'text', from: 'whole', to: 'whole', domain: 'text?', reason: 'text', role: 'text' },
  dispute: { target: 'text', reason: 'text' },
  window: { id: 'text', reason: 'text', from: 'whole', to: 'whole', impact: 'text', rollback: 'text' },
  'window-noticed': { id: 'text', noticedAt: 'whole', proof: 'text' },
  'window-decided': { id: 'text', recognised: 'flag', comment: 'text' },
  'window-actual': { id: 'text', from: 'whole', to: 'whole' },
  'window-cancelled': { id: 'text', reason: 'text' },
  confirmation: { month: 'text', seal: 'whole', party: 'text', result: 'text', comment: 'text' },
}
const entry = { type: 'text', seq: 'whole', at: 'text', kind: 'text', by: 'text', previous: 'text', digest: 'text' } as const
const lines: Readonly<Record<string, Shape>> = {
  header: {
    type: 'text',
    format: 'text',
    formula: 'text',
    application: { id: 'text', code: 'text', name: 'text' },
    year: 'whole',
    exportedAt: 'text',
    key: { keyId: 'text', publicKey: 'text' },
  },
  claim: {
    type: 'text',
    statement: {
      year: 'whole',
      asOf: 'whole',
      figures: { ...figures, budgetLeftMs: 'whole', availability: 'text', met: 'flag' },
      confirmedMs: 'whole',
      uncertaintyMs: 'whole',
      measuredMs: 'whole',
      knownMs: 'whole',
      months: [{ month: 'text', ...figures }],
    },
  },
  manifest: {
    type: 'text',
    entries: 'whole',
    head: 'text',
    observedUntil: 'whole',
    application: 'text',
    year: 'whole',
    exportedAt: 'text',
    keyId: 'text',
    signature: 'text',
  },
}

/** One line of an export, or why it is none. A member too many is refused: it would stand outside every digest. */
export function readLine(text: string): ExportLine | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'not JSON'
  }
  if (!isRecord(value)) return 'not an object'
  const shape = shapeOf(value)
  if (typeof shape === 'string') return shape
  return wrong(value, shape, '') ?? (value as unknown as ExportLine)
}

function shapeOf(value: Record<string, unknown>): Shape | string {
  if (value.type !== 'entry')
    return typeof value.type === 'string' && Object.hasOwn(lines, value.type)
      ? (lines[value.type] as Shape)
      : `type ${JSON.stringify(value.type)}`
  const { kind, body } = value
  const line: Shape = Object.hasOwn(value, 'algorithm') ? { ...entry, algorithm: 'text' } : entry
  if (kind === 'seal') {
    const isAmendment = isRecord(body) && body.old !== null
    const seal: Shape = { month: 'text', figures, amends: 'whole?', old: isAmendment ? figures : 'text?', reason: 'text' }
    return { ...line, body: seal }
  }
  const shape = typeof kind === 'string' && Object.hasOwn(bodies, kind) ? bodies[kind] : undefined
  return shape ? { ...line, body: shape } : `kind ${JSON.stringify(kind)}`
}

function wrong(value: unknown, kind: Kind, place: string): string | undefined {
  if (typeof kind === 'string') return isOf(value, kind) ? undefined : `${place}: not ${kind}`
  if (isList(kind)) {
    if (!Array.isArray(value)) return `${place}: not a list`
    return value.map((item, index) => wrong(item, kind[0] as Shape, `${place}[${index}]`)).find((one) => one !== undefined)
  }
  if (!isRecord(value)) return `${place}: not an object`
  const stray = Object.keys(value).find((name) => !Object.hasOwn(kind, name))
  if (stray !== undefined) return `unknown member ${place}${place && '.'}${stray}`
  return Object.entries(kind)
    .map(([name, one]) => wrong(value[name], one, place === '' ? name : `${place}.${name}`))
    .find((one) => one !== undefined)
}

function isOf(value: unknown, kind: 'text' | 'text?' | 'whole' | 'whole?' | 'flag'): boolean {
  if (value === null) return kind === 'text?' || kind === 'whole?'
  if (kind === 'flag') return typeof value === 'boolean'
  return kind.startsWith('text') ? typeof value === 'string' : Number.isSafeInteger(value)
}

const isList = (kind: Kind): kind is readonly Shape[] => Array.isArray(kind)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
