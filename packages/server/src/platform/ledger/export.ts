import { type BatchLine, type ExportLine, LEDGER_FORMAT, type ManifestLine, manifestStatement } from '@changbai/verify/ledger.domain.ts'
import type { Database, Db } from '../db.ts'
import { allKeys, batchesBetween, batchRange, factsOfBatch, instantText, lastBatch, type SignedBatch } from './ledger.store.ts'
import { keyIdOf, type Signer, signText } from './seal.ts'

/** Batches read in one go; each is at most 500 facts. */
const BATCHES_AT_ONCE = 20

export interface ExportPlan {
  header: ExportLine
  first: number
  last: number
  manifest: ManifestLine
}

/** Decides, in the caller's transaction, what an export holds, and signs its end. Batches never change, so they may be read later. */
export async function planExport(
  db: Db,
  now: Temporal.Instant,
  signer: Signer,
  span: { from?: Temporal.Instant | undefined; until?: Temporal.Instant | undefined },
): Promise<ExportPlan | undefined> {
  const range = await batchRange(db, span.from, span.until)
  const end = await lastBatch(db)
  if (!range || !end) return undefined
  const [first] = await batchesBetween(db, range.first, range.first, 1)
  const [last] = await batchesBetween(db, range.last, range.last, 1)
  if (!first || !last) return undefined
  const exportedAt = instantText(now)
  const manifest = {
    facts: last.batch.lastPosition - first.batch.firstPosition + 1,
    batches: last.batch.no - first.batch.no + 1,
    firstBatch: first.batch.no,
    lastBatch: last.batch.no,
    previous: first.batch.previous,
    head: last.batch.head,
    lastPosition: last.batch.lastPosition,
    endBatch: end.no,
    endHead: end.head,
    exportedAt,
    keyId: keyIdOf(signer.publicKey),
  }
  const keys = await allKeys(db)
  return {
    header: {
      type: 'header',
      format: LEDGER_FORMAT,
      exportedAt,
      keys: keys.map((key) => ({ keyId: key.key_id, algorithm: key.algorithm, publicKey: key.public_key })),
    },
    first: range.first,
    last: range.last,
    manifest: { type: 'manifest', ...manifest, signature: await signText(signer, manifestStatement(manifest)) },
  }
}

/** The lines of a planned export, read batch by batch so that its size does not matter. */
export async function* exportLines(database: Database, plan: ExportPlan): AsyncGenerator<string> {
  yield JSON.stringify(plan.header)
  for (let from = plan.first; from <= plan.last; from += BATCHES_AT_ONCE) {
    yield* await database
      .transaction()
      .setAccessMode('read only')
      .execute((db) => batchLines(db, from, Math.min(plan.last, from + BATCHES_AT_ONCE - 1)))
  }
  yield JSON.stringify(plan.manifest)
}

export async function batchLines(db: Db, from: number, to: number): Promise<string[]> {
  const lines: string[] = []
  for (const signed of await batchesBetween(db, from, to, BATCHES_AT_ONCE)) {
    for (const { position, digestAlgorithm, digest, fact } of await factsOfBatch(db, signed.batch.no))
      lines.push(JSON.stringify({ type: 'fact', position, digestAlgorithm, digest, fact }))
    lines.push(JSON.stringify(batchLine(signed)))
  }
  return lines
}

const batchLine = ({ batch, signature }: SignedBatch): BatchLine => ({ type: 'batch', ...batch, signature })
