import { canonicalJson, plainJson } from './canonical.ts'
import type { BoardFigure, ClauseFigure, Obligation } from './clauses.domain.ts'

export const CLAUSE_FORMAT = 'changbai-clauses/1'

export interface ClauseHeader {
  readonly type: 'header'
  readonly format: string
  /** `2026-05`, Asia/Shanghai. */
  readonly month: string
  /** The instant up to which facts were known. */
  readonly asOf: string
  readonly planVersion: number
  readonly keys: readonly { readonly keyId: string; readonly algorithm: string; readonly publicKey: string }[]
}
export interface ClauseLine {
  readonly type: 'clause'
  readonly id: string
  readonly title: string
  readonly redLine: boolean
  readonly withoutSource: boolean
  readonly figure: ClauseFigure
  readonly obligations: readonly Obligation[]
}
/** Last of all. `digest` is SHA-256 over every line before it, each with its line feed. */
export interface ClauseManifest {
  readonly type: 'manifest'
  readonly clauses: number
  readonly board: BoardFigure
  readonly digest: string
  readonly keyId: string
  readonly signature: string
}
export type ClauseExportLine = ClauseHeader | ClauseLine

/** What the signature of the manifest is over. */
export const manifestStatement = ({ clauses, board, digest, keyId }: Omit<ClauseManifest, 'signature' | 'type'>): string =>
  `${CLAUSE_FORMAT}\n${canonicalJson(plainJson({ clauses, board, digest, keyId }))}`
