import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  randomBytes,
  sign,
} from 'node:crypto'
import type { Secrets } from './secrets.ts'
import { openSm2 } from './sm2.ts'

export type Cipher = 'AES-256-GCM' | 'SM4-GCM'
export type Suite = 'INTERNATIONAL' | 'SM'
export type SignatureAlgorithm = 'Ed25519' | 'SM2'
export const KEY_BYTES: Readonly<Record<Cipher, number>> = { 'AES-256-GCM': 32, 'SM4-GCM': 16 }
// OpenSSL knows SM4-GCM; the types of Node do not yet
const NODE_NAMES: Readonly<Record<Cipher, CipherGCMTypes>> = {
  'AES-256-GCM': 'aes-256-gcm',
  'SM4-GCM': 'sm4-gcm' as string as CipherGCMTypes,
}

/**
 * Who keeps the master key and the signing key. Data keys are made by it and kept wrapped in the database; bare they stand only in the memory of a
 * server process. A certified device takes over behind this face; each provider passes the same tests.
 */
export interface CryptoProvider {
  /** Stands beside every data key: another provider cannot open it. */
  readonly name: string
  readonly cipher: Cipher
  readonly signatureAlgorithm: SignatureAlgorithm
  /** SPKI in PEM: what a verifier needs and all it may have. */
  readonly publicKey: string
  newDataKey(): Promise<{ bare: Buffer; wrapped: string }>
  /** @throws Error if it was wrapped by another master key, or changed */
  unwrap(wrapped: string): Promise<Buffer>
  /** Base64; of SM2: r and s, 32 bytes each. */
  sign(bytes: Uint8Array): Promise<string>
}

/** Iv, tag and body, in base64url. */
export function encrypt(cipher: Cipher, key: Uint8Array, bytes: Uint8Array, bound: string): string {
  const iv = randomBytes(12)
  const to = createCipheriv(NODE_NAMES[cipher], key, iv)
  to.setAAD(Buffer.from(bound, 'utf8'))
  const body = Buffer.concat([to.update(bytes), to.final()])
  return Buffer.concat([iv, to.getAuthTag(), body]).toString('base64url')
}

/** @throws Error if the key or what it was bound to is another, or a bit has changed */
export function decrypt(cipher: Cipher, key: Uint8Array, text: string, bound: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  const from = createDecipheriv(NODE_NAMES[cipher], key, bytes.subarray(0, 12), { authTagLength: 16 })
  from.setAAD(Buffer.from(bound, 'utf8'))
  from.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([from.update(bytes.subarray(28)), from.final()])
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

function ed25519Of(secret: Buffer): Pick<CryptoProvider, 'publicKey' | 'sign'> {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, secret]), format: 'der', type: 'pkcs8' })
  return {
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string,
    sign: async (bytes) => sign(null, bytes, privateKey).toString('base64'),
  }
}
function sm2Of(secret: Buffer): Pick<CryptoProvider, 'publicKey' | 'sign'> {
  const key = openSm2(secret)
  return { publicKey: key.publicKey, sign: async (bytes) => key.sign(bytes).toString('base64') }
}

/** Both suites of the secret file, the one in use first; the other opens what was sealed before it was changed. */
export const softwareProviders = (secrets: Secrets, suite: Suite = 'INTERNATIONAL'): CryptoProvider[] =>
  (suite === 'SM' ? (['SM', 'INTERNATIONAL'] as const) : (['INTERNATIONAL', 'SM'] as const)).map((one) => softwareProvider(secrets, one))

/** Keys of the secret file. `SM`: SM4-GCM and SM2 by the same file; good for self-tests, no evidence for an assessment of cryptography. */
export function softwareProvider(secrets: Secrets, suite: Suite = 'INTERNATIONAL'): CryptoProvider {
  const [name, cipher, hash] =
    suite === 'SM' ? (['software-sm', 'SM4-GCM', 'sm3'] as const) : (['software', 'AES-256-GCM', 'sha256'] as const)
  const master = Buffer.from(hkdfSync(hash, secrets.encryption, 'changbai', `data-keys ${suite}`, KEY_BYTES[cipher]))
  let made: Pick<CryptoProvider, 'publicKey' | 'sign'> | undefined
  // made when first asked for: a provider that only opens old keys never signs
  const signer = (): Pick<CryptoProvider, 'publicKey' | 'sign'> => {
    made ??= suite === 'SM' ? sm2Of(secrets.signing) : ed25519Of(secrets.signing)
    return made
  }
  return {
    name,
    cipher,
    signatureAlgorithm: suite === 'SM' ? 'SM2' : 'Ed25519',
    get publicKey() {
      return signer().publicKey
    },
    sign: (bytes) => signer().sign(bytes),
    async newDataKey() {
      const bare = randomBytes(KEY_BYTES[cipher])
      return { bare, wrapped: encrypt(cipher, master, bare, 'data-key') }
    },
    unwrap: async (wrapped) => decrypt(cipher, master, wrapped, 'data-key'),
  }
}
