import { createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { DigestAlgorithm } from '@changbai/verify/digest.ts'
import { type CryptoProvider, type SignatureAlgorithm, softwareProvider } from './crypto-provider.ts'
import { fixedRing, type KeyRing } from './key-ring.ts'
import type { Secrets } from './secrets.ts'

/**
 * What a command may do with keys. Who keeps them is a {@link CryptoProvider}: the secret file, or a certified device (SM2/SM3/SM4).
 * Digests carry their algorithm; sealed texts carry a version and the name of their key, and are bound to a purpose.
 */
export interface Crypto {
  /** Encrypts for one purpose with the newest data key; only the same purpose opens it again. */
  seal(purpose: string, plain: string): string
  /** @throws Error if the text was sealed for another purpose, by another key, or changed */
  open(purpose: string, sealed: string): string
  /** Signature over the bytes, base64; by a device it is a call to it. */
  sign(bytes: Uint8Array): Promise<string>
  signatureAlgorithm: SignatureAlgorithm
  /** SPKI in PEM: what a verifier needs and all it may have. */
  publicKey: string
  /** The data keys of the database; fixed ones where there is none. */
  ring: KeyRing
  /** A key for one purpose, 32 bytes. */
  derive(purpose: string): Buffer
  /** What new digests of the ledger are made with; old ones keep the algorithm that stands beside them (ruling 10). */
  digestAlgorithm: DigestAlgorithm
  /** Digest of a text in UTF-8 by that algorithm, lower-case hexadecimal. */
  digest(text: string): string
}

const NODE_NAMES: Readonly<Record<DigestAlgorithm, string>> = { 'SHA-256': 'sha256', SM3: 'sm3' }

export interface CryptoParts {
  digest?: DigestAlgorithm | undefined
  provider?: CryptoProvider | undefined
  ring?: KeyRing
}

export function createCrypto(secrets: Secrets, parts: CryptoParts = {}): Crypto {
  const { digest: digestAlgorithm = 'SHA-256', provider = softwareProvider(secrets) } = parts
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secrets.encryption, 'changbai', purpose, 32))
  const ring = parts.ring ?? fixedRing((purpose) => derive(`ring ${purpose}`))
  return {
    derive,
    ring,
    digestAlgorithm,
    digest: (text) => createHash(NODE_NAMES[digestAlgorithm]).update(text, 'utf8').digest('hex'),
    seal(purpose, plain) {
      const { keyId, text } = ring.seal(`purpose ${purpose}`, plain)
      return `v2.${keyId}.${text}`
    },
    open(purpose, sealed) {
      const [version, one = '', two = ''] = sealed.split('.')
      if (version === 'v2') return ring.open(`purpose ${purpose}`, one, two)
      // as it was written before data keys had names, by one key derived from the secret file
      if (version !== 'v1') throw new Error('unknown seal version')
      const bytes = Buffer.from(one, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', derive(purpose), bytes.subarray(0, 12), { authTagLength: 16 })
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
    sign: (bytes) => provider.sign(bytes),
    signatureAlgorithm: provider.signatureAlgorithm,
    publicKey: provider.publicKey,
  }
}

export const sha256Hex = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** A bearer secret to hand out once; only its digest is stored. */
export const newToken = (): string => randomBytes(32).toString('base64url')

export const sameSecret = (a: string, b: string): boolean => {
  const [left, right] = [createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest()]
  return timingSafeEqual(left, right)
}
