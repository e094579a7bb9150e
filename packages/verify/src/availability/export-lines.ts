import { canonicalJson, type Json } from '../canonical.ts'
import type { Entry } from './chain.ts'
import type { Statement } from './statement.ts'

export const EXPORT_FORMAT = 'changbai-availability-export/1'

/** One application and contract year; a line each. All entries of the chain stand between header and claim. */
export interface HeaderLine {
  readonly type: 'header'
  readonly format: string
  readonly formula: string
  readonly application: { readonly id: string; readonly code: string; readonly name: string }
  readonly year: number
  readonly exportedAt: string
  readonly key: { readonly keyId: string; readonly publicKey: string }
}
export type EntryLine = Entry & { readonly type: 'entry' }
/** What the platform shows for this year, to be recomputed. */
export interface ClaimLine {
  readonly type: 'claim'
  readonly statement: Statement
}
export interface Manifest {
  readonly entries: number
  readonly head: string
  /** Until when observations are complete. */
  readonly observedUntil: number
  readonly application: string
  readonly year: number
  readonly exportedAt: string
  readonly keyId: string
}
export type ManifestLine = Manifest & { readonly type: 'manifest'; readonly signature: string }
export type ExportLine = HeaderLine | EntryLine | ClaimLine | ManifestLine

/** What the signature at the end of an export signs; it covers the claim, the chain by its head. */
export const exportStatement = (manifest: Manifest, claim: Statement): string =>
  canonicalJson({
    format: EXPORT_FORMAT,
    entries: manifest.entries,
    head: manifest.head,
    observedUntil: manifest.observedUntil,
    application: manifest.application,
    year: manifest.year,
    exportedAt: manifest.exportedAt,
    keyId: manifest.keyId,
    claim: claim as unknown as Json,
  })
