import { sha256 } from './sha256.ts'
import { sm2Holds, sm2PointOf } from './sm2.ts'

/** Names a public key: the first 16 hexadecimal digits of the digest of its PEM. */
export const keyIdOf = (publicKey: string) => sha256(publicKey).slice(0, 16)

export type SignatureCheck = (statement: string, signature: string) => Promise<boolean>

/** What a ledger may be signed by; which one, the key itself says. */
export const SIGNATURES = ['Ed25519', 'SM2']

/** @throws Error if the PEM holds neither an Ed25519 nor an SM2 public key */
export async function openPublicKey(pem: string): Promise<SignatureCheck> {
  const der = bytesOf(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''))
  const point = sm2PointOf(der)
  if (point) {
    return async (statement, signature) => {
      try {
        const bytes = bytesOf(signature)
        return btoa(String.fromCharCode(...bytes)) === signature && sm2Holds(point, new TextEncoder().encode(statement), bytes)
      } catch {
        return false
      }
    }
  }
  const key = await crypto.subtle.importKey('spki', der, { name: 'Ed25519' }, false, ['verify'])
  return async (statement, signature) => {
    try {
      // base64 can spell the same bytes in several ways: only the usual one counts, or a changed letter would go unseen
      if (btoa(String.fromCharCode(...bytesOf(signature))) !== signature) return false
      return await crypto.subtle.verify('Ed25519', key, bytesOf(signature), new TextEncoder().encode(statement))
    } catch {
      return false
    }
  }
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
