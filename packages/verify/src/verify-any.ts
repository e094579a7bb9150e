import { EXPORT_FORMAT } from './availability/export-lines.ts'
import { verifyAvailability } from './availability/verify-availability.ts'
import { CLAUSE_FORMAT } from './clause-export.domain.ts'
import { verifyClauses } from './verify-clauses.ts'
import { verifyExport } from './verify-export.ts'

/** All kinds of findings say it in both languages. */
export interface AnyReport {
  readonly ok: boolean
  readonly kind: 'ledger' | 'availability' | 'clauses'
  /** What was read, in a few words. */
  readonly summary: string
  readonly findings: readonly { readonly code: string; readonly zh: string; readonly en: string }[]
  /** The report of its kind, whole. */
  readonly report: object
}
export interface AnyOptions {
  readonly trustedKeys?: readonly string[]
  /** Ends of a chain kept from before: batch or entry number and digest. */
  readonly anchors?: readonly { readonly no: number; readonly head: string }[]
}

/** Recomputes an export of whichever kind its first line says. */
export async function verifyAny(lines: AsyncIterable<string> | Iterable<string>, options: AnyOptions = {}): Promise<AnyReport> {
  const iterator = Symbol.asyncIterator in lines ? lines[Symbol.asyncIterator]() : lines[Symbol.iterator]()
  const first = await iterator.next()
  const all = (async function* () {
    if (first.done) return
    yield first.value
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  })()
  const trusted = options.trustedKeys ? { trustedKeys: options.trustedKeys } : {}
  const anchors = options.anchors ?? []
  if (!first.done && first.value.includes(EXPORT_FORMAT)) {
    const report = await verifyAvailability(all, { ...trusted, anchors: anchors.map(({ no, head }) => ({ seq: no, head })) })
    const figures = report.recomputed?.figures
    const summary = `${report.application?.code ?? '?'} ${report.year ?? '?'}: ${report.entries} entries, ${figures ? `${figures.countedMs} ms, ${figures.availability}` : '?'}, key ${report.key ?? '?'}, head ${report.head}`
    return { ok: report.ok, kind: 'availability', summary, findings: report.findings, report }
  }
  if (!first.done && first.value.includes(CLAUSE_FORMAT)) {
    const report = await verifyClauses(all, options.trustedKeys)
    const summary = `${report.month ?? '?'}: ${report.clauses} clauses, ${report.obligations} obligations, key ${report.keys.join(' ')}`
    return { ok: report.ok, kind: 'clauses', summary, findings: report.findings, report }
  }
  const report = await verifyExport(all, { ...trusted, anchors: anchors.map(({ no, head }) => ({ batch: no, head })) })
  const summary = `${report.facts} facts, ${report.batches} batches, keys ${report.keys.join(' ')}`
  return { ok: report.ok, kind: 'ledger', summary, findings: report.findings, report }
}
