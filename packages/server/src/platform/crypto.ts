import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  randomBytes,
  sign,
  timingSafeEqual,
} from 'node:crypto'
import type { DigestAlgorithm } from '@changbai/verify/digest.ts'
import type { Secrets } from './secrets.ts'

/**
 * The one place that touches keys, so that a certified device (SM2/SM3/SM4) can take over behind the same face.
 * Digests carry their algorithm; sealed texts carry a version and are bound to a purpose.
 */
export interface Crypto {
  /** Encrypts for one purpose (AES-256-GCM); only the same purpose opens it again. */
  seal(purpose: string, plain: string): string
  /** @throws Error if the text was sealed for another purpose, by another key, or changed */
  open(purpose: string, sealed: string): string
  /** Ed25519 signature over the bytes, base64. */
  sign(bytes: Uint8Array): string
  /** SPKI in PEM: what a verifier needs and all it may have. */
  publicKey: string
  /** A key for one purpose, 32 bytes. */
  derive(purpose: string): Buffer
  /** What new digests of the ledger are made with; old ones keep the algorithm that stands beside them (ruling 10). */
  digestAlgorithm: DigestAlgorithm
  /** Digest of a text in UTF-8 by that algorithm, lower-case hexadecimal. */
  digest(text: string): string
}

const NODE_NAMES: Readonly<Record<DigestAlgorithm, string>> = { 'SHA-256': 'sha256', SM3: 'sm3' }

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

export function createCrypto(secrets: Secrets, digestAlgorithm: DigestAlgorithm = 'SHA-256'): Crypto {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secrets.encryption, 'changbai', purpose, 32))
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, secrets.signing]), format: 'der', type: 'pkcs8' })
  return {
    derive,
    digestAlgorithm,
    digest: (text) => createHash(NODE_NAMES[digestAlgorithm]).update(text, 'utf8').digest('hex'),
    seal(purpose, plain) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', derive(purpose), iv)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(purpose, sealed) {
      if (!sealed.startsWith('v1.')) throw new Error('unknown seal version')
      const bytes = Buffer.from(sealed.slice(3), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', derive(purpose), bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
    sign: (bytes) => sign(null, bytes, privateKey).toString('base64'),
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string,
  }
}

export const sha256Hex = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** A bearer secret to hand out once; only its digest is stored. */
export const newToken = (): string => randomBytes(32).toString('base64url')

export const sameSecret = (a: string, b: string): boolean => {
  const [left, right] = [createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest()]
  return timingSafeEqual(left, right)
}
