import { canonicalJson, type Json } from './canonical.ts'

/** What one fact says, exactly as its digest covers it. Instants are ISO 8601 in UTC with three decimals. */
export interface Fact {
  readonly id: string
  readonly at: string
  readonly actorKind: string
  readonly actorPersonId: string | null
  readonly actorName: string
  readonly sessionId: string | null
  readonly address: string
  readonly kind: string
  readonly subjectType: string
  readonly subjectId: string
  readonly tenantId: string | null
  readonly before: Json
  readonly after: Json
  readonly data: Json
}

export interface Batch {
  readonly no: number
  readonly firstPosition: number
  readonly lastPosition: number
  readonly previous: string
  readonly head: string
  readonly roll: string
  readonly digestAlgorithm: string
  readonly sealedAt: string
  readonly keyId: string
}

export interface Manifest {
  readonly facts: number
  readonly batches: number
  readonly firstBatch: number
  readonly lastBatch: number
  readonly previous: string
  readonly head: string
  readonly lastPosition: number
  /** Where the whole chain ended when this was exported; later than `head` if only a span was asked for. */
  readonly endBatch: number
  readonly endHead: string
  readonly exportedAt: string
  readonly keyId: string
}

/** One line of an export each; a batch follows its facts, the manifest is last. */
export type HeaderLine = {
  readonly type: 'header'
  readonly format: string
  readonly exportedAt: string
  readonly keys: readonly { readonly keyId: string; readonly algorithm: string; readonly publicKey: string }[]
}
export type FactLine = {
  readonly type: 'fact'
  readonly position: number
  readonly digestAlgorithm: string
  readonly digest: string
  readonly fact: Fact
}
export type BatchLine = Batch & { readonly type: 'batch'; readonly signature: string }
export type ManifestLine = Manifest & { readonly type: 'manifest'; readonly signature: string }
export type ExportLine = HeaderLine | FactLine | BatchLine | ManifestLine

export const LEDGER_FORMAT = 'changbai-ledger/1'
/** The chain begins here. */
export const GENESIS = '0'.repeat(64)
/** Digits of each digest that a batch repeats under its signature, so that an altered row can be named. */
export const ROLL_DIGITS = 16

/** What the digest of a fact is taken of. Members are listed one by one: a stray column must not slip into old digests. */
export const factStatement = (fact: Fact) =>
  canonicalJson({
    id: fact.id,
    at: fact.at,
    actorKind: fact.actorKind,
    actorPersonId: fact.actorPersonId,
    actorName: fact.actorName,
    sessionId: fact.sessionId,
    address: fact.address,
    kind: fact.kind,
    subjectType: fact.subjectType,
    subjectId: fact.subjectId,
    tenantId: fact.tenantId,
    before: fact.before,
    after: fact.after,
    data: fact.data,
  })

/** What the next end of the chain is the digest of. */
export const linkStatement = (previous: string, position: number, factDigest: string) =>
  canonicalJson({ previous, position, fact: factDigest })

/** What a batch's signature signs. */
export const batchStatement = (batch: Batch) =>
  canonicalJson({
    format: LEDGER_FORMAT,
    what: 'batch',
    no: batch.no,
    firstPosition: batch.firstPosition,
    lastPosition: batch.lastPosition,
    previous: batch.previous,
    head: batch.head,
    roll: batch.roll,
    digestAlgorithm: batch.digestAlgorithm,
    sealedAt: batch.sealedAt,
    keyId: batch.keyId,
  })

/** What the signature at the end of an export signs: without it a shortened export would look whole. */
export const manifestStatement = (manifest: Manifest) =>
  canonicalJson({
    format: LEDGER_FORMAT,
    what: 'manifest',
    facts: manifest.facts,
    batches: manifest.batches,
    firstBatch: manifest.firstBatch,
    lastBatch: manifest.lastBatch,
    previous: manifest.previous,
    head: manifest.head,
    lastPosition: manifest.lastPosition,
    endBatch: manifest.endBatch,
    endHead: manifest.endHead,
    exportedAt: manifest.exportedAt,
    keyId: manifest.keyId,
  })
