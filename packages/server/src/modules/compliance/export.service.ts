import type { complianceApi } from '@changbai/contract/compliance.ts'
import type { Input } from '@changbai/contract/endpoint.ts'
import { CLAUSE_FORMAT, type ClauseExportLine, manifestStatement } from '@changbai/verify/clause-export.domain.ts'
import { boardOf } from '@changbai/verify/clauses.domain.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { keyIdOf, signText } from '../../platform/ledger/seal.ts'
import type { Download } from '../../platform/mount.ts'
import { requirePlan } from '../plan/index.ts'
import { judge, spanNow } from './judge.ts'

type Api = typeof complianceApi

/**
 * Everything a month's board was computed from, in lines of JSON, signed at its end: whoever holds it computes every figure again with
 * `changbai verify`. Leaves a fact, because what is shown leaves the house.
 */
export async function exportMonth(ctx: Ctx, input: Input<Api['export']>): Promise<Download> {
  const plan = await requirePlan(ctx)
  const { month, span } = spanNow(ctx, input.month)
  const judged = await judge(ctx, plan, plan.document.clauses, month, span)
  const { crypto } = ctx
  const keyId = keyIdOf(crypto.publicKey)
  const body: ClauseExportLine[] = [
    {
      type: 'header',
      format: CLAUSE_FORMAT,
      month,
      asOf: ctx.now.toString(),
      planVersion: plan.version,
      keys: [{ keyId, algorithm: crypto.signatureAlgorithm, publicKey: crypto.publicKey }],
    },
    ...judged.map(({ clause, figure, obligations, withoutSource }) => ({
      type: 'clause' as const,
      id: clause.id,
      title: clause.title.zh,
      redLine: clause.redLine,
      withoutSource,
      figure,
      obligations,
    })),
  ]
  const text = body.map((line) => `${JSON.stringify(line)}\n`).join('')
  const board = boardOf(judged.map(({ clause, figure }) => ({ state: figure.state, redLine: clause.redLine })))
  const manifest = { type: 'manifest' as const, clauses: judged.length, board, digest: sha256Hex(text), keyId }
  const signed = { ...manifest, signature: await signText(crypto, manifestStatement(manifest)) }
  await ctx.record({ kind: 'clause-month.exported', subject: { type: 'clause-month', id: month }, data: { digest: manifest.digest } })
  return {
    name: `履约证据-${month}.ndjson`,
    mediaType: 'application/octet-stream',
    bytes: Buffer.from(`${text}${JSON.stringify(signed)}\n`, 'utf8'),
  }
}
