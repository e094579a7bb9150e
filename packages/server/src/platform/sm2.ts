import { createECDH, createPublicKey, randomBytes } from 'node:crypto'
import { inverse, SM2_ORDER, sm2Digest, sm2PointOf } from '@changbai/verify/sm2.ts'

const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex')
const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const mod = (value: bigint): bigint => ((value % SM2_ORDER) + SM2_ORDER) % SM2_ORDER

/** k·G by OpenSSL, which takes the same time for every k. */
function pointOf(scalar: bigint): Buffer {
  const curve = createECDH('SM2')
  curve.setPrivateKey(bytesOf(scalar))
  return curve.getPublicKey()
}

/**
 * Signs by SM2 (GB/T 32918.2) with a key made of 32 secret bytes. OpenSSL 3 in Node has the curve but signs by ECDSA with it, so the last step of
 * the signature stands here; what is secret is multiplied by OpenSSL.
 */
export function openSm2(secret: Uint8Array): { publicKey: string; sign(message: Uint8Array): Buffer } {
  // 1..n-2, as the standard asks
  const key = (numberOf(secret) % (SM2_ORDER - 2n)) + 1n
  const der = Buffer.concat([SPKI_HEAD, pointOf(key)])
  const point = sm2PointOf(der)
  if (!point) throw new Error('the curve SM2 is not what it should be')
  return {
    publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' }) as string,
    sign(message) {
      const e = sm2Digest(point, message)
      for (;;) {
        // 48 bytes over a 32-byte order: no number is likelier than another by more than 2^-128
        const k = (numberOf(randomBytes(48)) % (SM2_ORDER - 1n)) + 1n
        const r = mod(e + numberOf(pointOf(k).subarray(1, 33)))
        if (r === 0n || r + k === SM2_ORDER) continue
        const s = mod(inverse(1n + key, SM2_ORDER) * (k - r * key))
        if (s !== 0n) return Buffer.concat([bytesOf(r), bytesOf(s)])
      }
    },
  }
}
