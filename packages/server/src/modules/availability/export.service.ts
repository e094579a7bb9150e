import type { Application } from '@changbai/contract/inventory.ts'
import { EXPORT_FORMAT, type ExportLine, exportStatement, type Manifest } from '@changbai/verify/availability/export-lines.ts'
import { FORMULA } from '@changbai/verify/availability/figures.ts'
import { foldChain } from '@changbai/verify/availability/fold.ts'
import { stateOfYear } from '@changbai/verify/availability/statement.ts'
import { keyIdOf } from '@changbai/verify/signature.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { chainOf, instantText } from './chain.store.ts'
import { cutRuns } from './judge.service.ts'

/** The whole chain of an application with what is claimed for a year, signed; `changbai verify` recomputes it without us. @clause 7.1-II-2-1 */
export async function exportYear(ctx: Ctx, application: Application, year: number): Promise<Download> {
  const observedUntil = await cutRuns(ctx, application.id)
  const entries = await chainOf(ctx.db, application.id)
  const head = entries.at(-1)?.digest ?? '0'.repeat(64)
  const statement = stateOfYear(foldChain(entries), year, ctx.now.epochMilliseconds)
  const exportedAt = instantText(ctx.now)
  const { publicKey } = ctx.crypto
  const keyId = keyIdOf(publicKey)
  const manifest: Manifest = { entries: entries.length, head, observedUntil, application: application.id, year, exportedAt, keyId }
  const lines: ExportLine[] = [
    {
      type: 'header',
      format: EXPORT_FORMAT,
      formula: FORMULA,
      application: { id: application.id, code: application.code, name: application.name },
      year,
      exportedAt,
      key: { keyId, publicKey },
    },
    ...entries.map((entry) => ({ type: 'entry' as const, ...entry })),
    { type: 'claim', statement },
    { type: 'manifest', ...manifest, signature: await ctx.crypto.sign(Buffer.from(exportStatement(manifest, statement), 'utf8')) },
  ]
  await ctx.record({
    kind: 'availability.exported',
    subject: { type: 'application', id: application.id },
    tenantId: application.tenantId,
    data: { year, entries: entries.length, head },
  })
  return {
    name: `availability-${application.code}-${year}.ndjson`,
    mediaType: 'application/x-ndjson',
    bytes: Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`, 'utf8'),
  }
}
