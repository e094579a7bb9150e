import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type ledgerApi, ledgerProblems } from '@changbai/contract/ledger.ts'
import type { Batch } from '@changbai/verify/ledger.domain.ts'
import { LEDGER_FORMAT } from '@changbai/verify/ledger.domain.ts'
import { verifyExport } from '@changbai/verify/verify-export.ts'
import type { Ctx } from '../ctx.ts'
import { fail } from '../fail.ts'
import { pageOf, readCursor } from '../keyset.ts'
import { batchLines, type ExportPlan, planExport } from './export.ts'
import { allKeys, countUnsealed, lastBatch, latestBatches, listFacts, strayFacts } from './ledger.store.ts'
import { sealHere } from './seal.ts'

type Api = typeof ledgerApi

const instantOf = (text: string | undefined) => (text === undefined ? undefined : Temporal.Instant.from(text))

/** Reading the ledger is itself an act that leaves a fact. */
export async function searchFacts(ctx: Ctx, input: Input<Api['searchFacts']>): Promise<Reply<Api['searchFacts']>> {
  const { after, limit, ...filter } = input
  const cursor = readCursor(after)
  const rows = await listFacts(
    ctx.db,
    {
      kindPrefix: filter.kind,
      actorPersonId: filter.actorPersonId,
      subjectType: filter.subjectType,
      subjectId: filter.subjectId,
      tenantId: filter.tenantId,
      address: filter.address,
      from: instantOf(filter.from),
      until: instantOf(filter.until),
    },
    cursor && { at: Temporal.Instant.from(cursor[0]), id: cursor[1] },
    limit + 1,
  )
  await ctx.record({ kind: 'ledger.read', subject: { type: 'ledger', id: 'facts' }, data: { ...filter, after: after ?? null } })
  const { items, next } = pageOf(rows, limit, ({ fact }) => [fact.at, fact.id])
  return {
    items: items.map(({ fact, digest, digestAlgorithm, position, batchNo }) => ({
      ...fact,
      actorKind: fact.actorKind as 'person' | 'system' | 'anonymous',
      digest,
      digestAlgorithm,
      position,
      batchNo,
    })),
    next,
  }
}

const toBatchReply = ({ no, firstPosition, lastPosition, head, sealedAt, keyId }: Batch) => ({
  no,
  firstPosition,
  lastPosition,
  head,
  sealedAt,
  keyId,
})

export async function ledgerStatus(ctx: Ctx): Promise<Reply<Api['status']>> {
  const last = await lastBatch(ctx.db)
  const keys = await allKeys(ctx.db)
  return {
    last: last ? toBatchReply(last) : null,
    unsealed: await countUnsealed(ctx.db),
    keys: keys.map((key) => ({
      keyId: key.key_id,
      algorithm: key.algorithm,
      publicKey: key.public_key,
      firstUsedAt: key.first_used_at.toString(),
    })),
  }
}

export async function listBatches(ctx: Ctx, { after, limit }: Input<Api['batches']>): Promise<Reply<Api['batches']>> {
  const cursor = readCursor(after)
  const rows = await latestBatches(ctx.db, cursor ? Number(cursor[1]) : undefined, limit + 1)
  const { items, next } = pageOf(rows, limit, ({ no }) => ['', String(no)])
  return { items: items.map(toBatchReply), next }
}

/** Batches recomputed in one call, so that no call takes longer than a few seconds. */
const BATCHES_A_CALL = 200
/** Facts outside the chain named in one call. */
const STRAYS_NAMED = 50

/** Recomputes the chain as it stands in the database, with the very code that checks an export; one batch overlaps with the part before. */
export async function verifyLedger(ctx: Ctx, { firstBatch }: Input<Api['verify']>): Promise<Reply<Api['verify']>> {
  const end = await lastBatch(ctx.db)
  const lastHere = Math.min(end?.no ?? 0, firstBatch + BATCHES_A_CALL - 1)
  const { findings, ...report } = await verifyExport(storedLines(ctx, Math.max(1, firstBatch - 1), lastHere))
  // it reads the whole ledger: once, with the first part
  const strays = firstBatch === 1 ? await strayFacts(ctx.db, STRAYS_NAMED) : []
  await ctx.record({
    kind: 'ledger.verified',
    subject: { type: 'ledger', id: 'chain' },
    data: { firstBatch, lastBatch: lastHere, findings: findings.length, strays: strays.length },
  })
  // the store has no manifest line: its end is compared with what the auditor keeps
  const found = findings.filter(({ code }) => code !== 'no-manifest').map(({ line: _line, ...rest }) => rest)
  const unplaced = strays.map((factId) => ({
    code: 'fact-unplaced',
    batch: null,
    position: null,
    factId,
    zh: `记录 ${factId} 既未封存也不在待封存之列`,
    en: `fact ${factId} is neither sealed nor waiting to be`,
  }))
  return {
    ok: found.length + unplaced.length === 0,
    facts: report.facts,
    batches: report.batches,
    firstBatch: report.firstBatch,
    lastBatch: report.lastBatch,
    head: report.head,
    nextBatch: end && lastHere < end.no ? lastHere + 1 : null,
    findings: [...found, ...unplaced],
  }
}

async function* storedLines(ctx: Ctx, from: number, to: number): AsyncGenerator<string> {
  const keys = await allKeys(ctx.db)
  yield JSON.stringify({
    type: 'header',
    format: LEDGER_FORMAT,
    exportedAt: ctx.now.toString(),
    keys: keys.map((key) => ({ keyId: key.key_id, algorithm: key.algorithm, publicKey: key.public_key })),
  })
  for (let no = from; no <= to; no += 20) yield* await batchLines(ctx.db, no, Math.min(to, no + 19))
}

/** Seals what is there, plans the export and leaves the fact that it was taken. */
export async function exportLedger(ctx: Ctx, input: Input<Api['exportLedger']>): Promise<ExportPlan> {
  await sealHere(ctx.db, ctx.now, ctx.crypto)
  const span = { from: instantOf(input.from), until: instantOf(input.until) }
  const plan = (await planExport(ctx.db, ctx.now, ctx.crypto, span)) ?? fail(ledgerProblems.nothingSealed)
  const { facts, firstBatch, lastBatch: last, head } = plan.manifest
  await ctx.record({
    kind: 'ledger.exported',
    subject: { type: 'ledger', id: `${firstBatch}-${last}` },
    data: { ...input, facts, firstBatch, lastBatch: last, head },
  })
  return plan
}
