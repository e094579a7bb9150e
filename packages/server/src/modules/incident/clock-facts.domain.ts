import { type Severity, severities } from '@changbai/contract/incident.shapes.ts'
import { z } from 'zod'
import { type ClockFact, clockFactKinds } from './clocks.domain.ts'

export interface ClockFacts {
  level: Severity
  facts: ClockFact[]
}
/** What is wrong with a document of facts, one line a flaw: `facts[2].at: ...`. */
export class ClockFactsError extends RangeError {
  readonly flaws: readonly string[]
  constructor(flaws: readonly string[]) {
    super(flaws.join('\n'))
    this.flaws = flaws
  }
}

const levelWord = z.enum(severities, `must be one of ${severities.join(', ')}`)
const text = z.string('must be an instant, written as text')
const common = { at: text }
const plainKinds = clockFactKinds.filter((kind) => kind !== 'level' && kind !== 'scheduled')
const Fact = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ ...common, kind: z.enum(plainKinds) }),
    z.strictObject({ ...common, kind: z.literal('level'), level: levelWord }),
    z.strictObject({ ...common, kind: z.literal('scheduled'), for: text }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? `must be one of ${clockFactKinds.join(', ')}` : undefined) },
)
const Document = z.strictObject({ level: levelWord, facts: z.array(Fact, 'must be a list') })

const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`)).join('') || 'document'

/**
 * Reads a document of facts as the command line takes it.
 * @param parseInstant throws RangeError; an instant without a zone is Asia/Shanghai
 * @throws ClockFactsError naming every field that is wrong
 */
export function readClockFacts(document: unknown, parseInstant: (text: string) => Temporal.Instant): ClockFacts {
  const read = Document.safeParse(document)
  if (!read.success) {
    throw new ClockFactsError(
      read.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => `${pathOf([...issue.path, key])}: is not known here`)
          : [`${pathOf(issue.path)}: ${issue.message}`],
      ),
    )
  }
  const flaws: string[] = []
  const instantAt = (field: string, written: string): Temporal.Instant | undefined => {
    try {
      return parseInstant(written)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      flaws.push(`${field}: ${error.message}`)
      return undefined
    }
  }
  const facts = read.data.facts.flatMap((fact, index): ClockFact[] => {
    const at = instantAt(`facts[${index}].at`, fact.at)
    const booked = fact.kind === 'scheduled' ? instantAt(`facts[${index}].for`, fact.for) : undefined
    if (!at || (fact.kind === 'scheduled' && !booked)) return []
    return [{ at, kind: fact.kind, ...(fact.kind === 'level' ? { level: fact.level } : {}), ...(booked ? { for: booked } : {}) }]
  })
  if (flaws.length > 0) throw new ClockFactsError(flaws)
  if (!facts.some((fact) => fact.kind === 'alarm' || fact.kind === 'reported')) {
    throw new ClockFactsError(['facts: neither an alarm nor a report is among them, so the clocks have no start'])
  }
  return { level: read.data.level, facts }
}
