import { sha256 } from './sha256.ts'

/** Names a public key: the first 16 hexadecimal digits of the digest of its PEM. */
export const keyIdOf = (publicKey: string) => sha256(publicKey).slice(0, 16)

export type SignatureCheck = (statement: string, signature: string) => Promise<boolean>

/** @throws Error if the PEM holds no Ed25519 public key */
export async function openPublicKey(pem: string): Promise<SignatureCheck> {
  const der = bytesOf(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''))
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
