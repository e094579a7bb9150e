import { plainJson } from '@changbai/verify/canonical.ts'
import { type Fact, factStatement } from '@changbai/verify/ledger.domain.ts'
import type { Crypto } from '../crypto.ts'
import type { Db } from '../db.ts'
import { newId } from '../ids.ts'
import { type DigestedFact, insertFacts, instantText } from './ledger.store.ts'

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

type Digester = Pick<Crypto, 'digest' | 'digestAlgorithm'>

const toFact = (input: NewFact): Fact => ({
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
})
const digested = (crypto: Digester, fact: Fact): DigestedFact => ({
  fact,
  digestAlgorithm: crypto.digestAlgorithm,
  digest: crypto.digest(factStatement(fact)),
})

/** Adds one fact in the caller's transaction: rolled back with it, sealed soon after it commits. */
export const appendFact = async (db: Db, crypto: Digester, input: NewFact): Promise<void> => {
  await insertFacts(db, [digested(crypto, toFact(input))])
}

/** Facts of a command that runs, by its transaction: they are written together at its end. */
const held = new WeakMap<Db, DigestedFact[]>()
/** The fact is as it is now: what its parts become later does not reach it. */
export function holdFact(db: Db, crypto: Digester, input: NewFact): void {
  const facts = held.get(db) ?? []
  facts.push(digested(crypto, toFact(input)))
  held.set(db, facts)
}
export const factsHeld = (db: Db): number => held.get(db)?.length ?? 0
/** For whoever goes back to a savepoint: what was done since has not happened. */
export const dropFactsAfter = (db: Db, count: number): void => void held.get(db)?.splice(count)
/** Before the commit, and before the ledger is read in the same transaction. */
export async function writeHeldFacts(db: Db): Promise<void> {
  const facts = held.get(db)?.splice(0) ?? []
  for (let at = 0; at < facts.length; at += BATCH) await insertFacts(db, facts.slice(at, at + BATCH))
}
/** A statement has at most 65,535 parameters, and a fact 16. */
const BATCH = 500

const storable = (text: string) => String(plainJson(text))
/** PostgreSQL stores ids in lower case; the digest must be of what is stored. */
const lowerCase = (id: string | null) => id?.toLowerCase() ?? null
