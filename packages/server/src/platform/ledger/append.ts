import { plainJson } from '@changbai/verify/canonical.ts'
import { type Fact, factStatement } from '@changbai/verify/ledger.domain.ts'
import type { Crypto } from '../crypto.ts'
import type { Db } from '../db.ts'
import { newId } from '../ids.ts'
import { insertFact, instantText } from './ledger.store.ts'

/** One thing done: who, when, from where, to what, before and after. */
export interface NewFact {
  at: Temporal.Instant
  actorKind: 'person' | 'system' | 'anonymous'
  actorId: string | null
  actorName: string
  sessionId?: string | null
  address: string
  kind: string
  subjectType: string
  subjectId: string
  tenantId: string | null
  before?: unknown
  after?: unknown
  data?: unknown
}

/** Adds one fact in the caller's transaction: rolled back with it, sealed soon after it commits. */
export async function appendFact(db: Db, crypto: Pick<Crypto, 'digest' | 'digestAlgorithm'>, input: NewFact): Promise<void> {
  const fact: Fact = {
    id: newId(),
    at: instantText(input.at),
    actorKind: input.actorKind,
    actorPersonId: lowerCase(input.actorId),
    actorName: storable(input.actorName),
    sessionId: input.sessionId ?? null,
    address: input.address,
    kind: input.kind,
    subjectType: input.subjectType,
    subjectId: storable(input.subjectId),
    tenantId: lowerCase(input.tenantId),
    before: plainJson(input.before),
    after: plainJson(input.after),
    data: plainJson(input.data),
  }
  await insertFact(db, { fact, digestAlgorithm: crypto.digestAlgorithm, digest: crypto.digest(factStatement(fact)) })
}

const storable = (text: string) => String(plainJson(text))
/** PostgreSQL stores ids in lower case; the digest must be of what is stored. */
const lowerCase = (id: string | null) => id?.toLowerCase() ?? null
