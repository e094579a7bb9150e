import { createHash } from 'node:crypto'
import { plainJson } from '@changbai/verify/canonical.ts'
import { type Fact, factStatement } from '@changbai/verify/ledger.domain.ts'
import type { Db } from '../db.ts'
import { newId } from '../ids.ts'
import { insertFact, instantText } from './ledger.store.ts'

/** One thing done: who, when, from where, to what, before and after. */
export interface NewFact {
  at: Temporal.Instant
  actorKind: 'person' | 'system' | 'anonymous'
  actorPersonId: string | null
  actorName: string
  sessionId: string | null
  address: string
  kind: string
  subject: { type: string; id: string }
  tenantId?: string | null | undefined
  before?: unknown
  after?: unknown
  data?: unknown
}

export const digestOf = (statement: string) => createHash('sha256').update(statement).digest('hex')

/** Adds one fact in the caller's transaction: rolled back with it, sealed soon after it commits. Returns the fact's id. */
export async function appendFact(db: Db, input: NewFact): Promise<string> {
  const fact: Fact = {
    id: newId(),
    at: instantText(input.at),
    actorKind: input.actorKind,
    actorPersonId: lowerCase(input.actorPersonId),
    actorName: storable(input.actorName),
    sessionId: input.sessionId,
    address: input.address,
    kind: input.kind,
    subjectType: input.subject.type,
    subjectId: storable(input.subject.id),
    tenantId: lowerCase(input.tenantId),
    before: plainJson(input.before),
    after: plainJson(input.after),
    data: plainJson(input.data),
  }
  await insertFact(db, { fact, digestAlgorithm: 'SHA-256', digest: digestOf(factStatement(fact)) })
  return fact.id
}

const storable = (text: string) => String(plainJson(text))
/** PostgreSQL stores ids in lower case; the digest must be of what is stored. */
const lowerCase = (id: string | null | undefined) => id?.toLowerCase() ?? null
