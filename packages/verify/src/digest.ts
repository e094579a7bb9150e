import { sha256 } from './sha256.ts'
import { sm3 } from './sm3.ts'

/** The algorithms a digest of the ledger may name; it stands beside every digest. */
export type DigestAlgorithm = 'SHA-256' | 'SM3'

/** @returns null for an algorithm this verifier does not know: nothing can be said of such a digest */
export function digestBy(algorithm: string, text: string): string | null {
  if (algorithm === 'SHA-256') return sha256(text)
  return algorithm === 'SM3' ? sm3(text) : null
}
