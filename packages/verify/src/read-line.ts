import type { ExportLine } from './ledger.domain.ts'

type Kind = 'string' | 'number' | 'text-or-null' | 'json' | 'fact' | 'keys'

const shapes: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  header: { format: 'string', exportedAt: 'string', keys: 'keys' },
  fact: { position: 'number', digestAlgorithm: 'string', digest: 'string', fact: 'fact' },
  batch: {
    no: 'number',
    firstPosition: 'number',
    lastPosition: 'number',
    previous: 'string',
    head: 'string',
    roll: 'string',
    digestAlgorithm: 'string',
    sealedAt: 'string',
    keyId: 'string',
    signature: 'string',
  },
  manifest: {
    facts: 'number',
    batches: 'number',
    firstBatch: 'number',
    lastBatch: 'number',
    previous: 'string',
    head: 'string',
    lastPosition: 'number',
    endBatch: 'number',
    endHead: 'string',
    exportedAt: 'string',
    keyId: 'string',
    signature: 'string',
  },
}
const factShape: Readonly<Record<string, Kind>> = {
  id: 'string',
  at: 'string',
  actorKind: 'string',
  actorPersonId: 'text-or-null',
  actorName: 'string',
  sessionId: 'text-or-null',
  address: 'string',
  kind: 'string',
  subjectType: 'string',
  subjectId: 'string',
  tenantId: 'text-or-null',
  before: 'json',
  after: 'json',
  data: 'json',
}
const keyShape: Readonly<Record<string, Kind>> = { keyId: 'string', algorithm: 'string', publicKey: 'string' }

/** One line of an export, or why it is none. A member too many is refused: it would stand outside every signature. */
export function readLine(text: string): ExportLine | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'not JSON'
  }
  if (!isRecord(value)) return 'not an object'
  const { type, ...members } = value
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined
  if (!shape) return `type ${JSON.stringify(type)}`
  return wrongMember(members, shape) ?? (value as ExportLine)
}

function wrongMember(record: Record<string, unknown>, shape: Readonly<Record<string, Kind>>): string | undefined {
  const stray = Object.keys(record).find((name) => !Object.hasOwn(shape, name))
  if (stray !== undefined) return `unknown member ${stray}`
  for (const [name, kind] of Object.entries(shape)) {
    const wrong = wrongValue(record[name], kind)
    if (wrong) return `${name}: ${wrong}`
  }
  return undefined
}

function wrongValue(value: unknown, kind: Kind): string | undefined {
  if (value === undefined) return 'missing'
  if (kind === 'json') return undefined
  if (kind === 'fact') return isRecord(value) ? wrongMember(value, factShape) : 'not an object'
  if (kind === 'keys')
    return Array.isArray(value) && value.every((key) => isRecord(key) && !wrongMember(key, keyShape)) ? undefined : 'not a list of keys'
  if (kind === 'number') return Number.isSafeInteger(value) ? undefined : 'not a whole number'
  return typeof value === 'string' || (kind === 'text-or-null' && value === null) ? undefined : 'not a text'
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
