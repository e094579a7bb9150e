import { type Batch, batchStatement, GENESIS, linkStatement } from '@changbai/verify/ledger.domain.ts'
import { type Crypto, sha256Hex } from '../crypto.ts'
import type { Database, Db } from '../db.ts'
import type { Clock } from '../time.ts'
import { insertBatch, instantText, keepKey, lastBatch, rollOf, takePen, tryTakePen, unsealedFacts } from './ledger.store.ts'

export type Signer = Pick<Crypto, 'sign' | 'signatureAlgorithm' | 'publicKey' | 'digest' | 'digestAlgorithm'>

/** Facts in one batch: 500 make a signed row of 8 KB, which PostgreSQL still keeps in one compressed value. */
const BATCH_SIZE = 500

/** Names a public key: the first 16 hexadecimal digits of the digest of its PEM. */
export const keyIdOf = (publicKey: string) => sha256Hex(publicKey).slice(0, 16)

export const signText = (signer: Signer, statement: string) => signer.sign(Buffer.from(statement, 'utf8'))

/** Seals everything that has committed, batch by batch, each in a transaction of its own. Returns how many facts; 0 also when another process is at it. */
export async function sealAll(parts: { db: Database; clock: Clock; crypto: Signer }): Promise<number> {
  let sealed = 0
  for (;;) {
    const batch = await parts.db
      .transaction()
      .execute(async (db) => ((await tryTakePen(db)) ? sealBatch(db, parts.clock(), parts.crypto) : undefined))
    if (!batch) return sealed
    sealed += batch.lastPosition - batch.firstPosition + 1
  }
}

/** Seals, inside the caller's transaction, what has committed or is the caller's own. Waits for another process that is sealing. */
export async function sealHere(db: Db, now: Temporal.Instant, signer: Signer): Promise<void> {
  await takePen(db)
  while (await sealBatch(db, now, signer)) {
    // the next batch
  }
}

/** The pen must be held. Positions follow the chain's end, so a fact that commits late takes a later place and no gap is left for it. */
async function sealBatch(db: Db, now: Temporal.Instant, signer: Signer): Promise<Batch | undefined> {
  const facts = await unsealedFacts(db, BATCH_SIZE)
  if (facts.length === 0) return undefined
  const last = await lastBatch(db)
  const firstPosition = (last?.lastPosition ?? 0) + 1
  const previous = last?.head ?? GENESIS
  const head = facts.reduce((link, { digest }, index) => signer.digest(linkStatement(link, firstPosition + index, digest)), previous)
  const keyId = keyIdOf(signer.publicKey)
  const batch: Batch = {
    no: (last?.no ?? 0) + 1,
    firstPosition,
    lastPosition: firstPosition + facts.length - 1,
    previous,
    head,
    roll: rollOf(facts.map(({ digest }) => digest)),
    digestAlgorithm: signer.digestAlgorithm,
    sealedAt: instantText(now),
    keyId,
  }
  await keepKey(db, { keyId, algorithm: signer.signatureAlgorithm, publicKey: signer.publicKey }, now)
  const signed = { batch, signature: await signText(signer, batchStatement(batch)) }
  await insertBatch(
    db,
    signed,
    facts.map(({ fact }) => fact.id),
  )
  return batch
}
