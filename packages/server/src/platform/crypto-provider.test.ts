import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { openPublicKey } from '@changbai/verify/signature.ts'
import { sm2Holds, sm2PointOf } from '@changbai/verify/sm2.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DeviceConfig, DeviceDown, openDevice } from './crypto-device.ts'
import { type CryptoProvider, decrypt, encrypt, KEY_BYTES, softwareProvider } from './crypto-provider.ts'

// made by sm-crypto 0.5 (MIT)
const VECTOR = {
  key: '3059301306072a8648ce3d020106082a811ccf5501822d03420004aa9b2b7959cb28246eb94e4ecc7491e49dac6c62683b944b5d5b122d265ac3d99cdf09a07c01e5e179c15f739ae9920dc95e2761f25c2559991f149075b6a296',
  signature:
    '16429cba8b459fef4f50992f2782059b4a65650ca0842b64e8bb8dca87e134cbe8930f72947251b4ae3cda5fb22c1425b7e2dcfcf7733453a6924e5d34a71a15',
}

const secrets = { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) }
const device: DeviceConfig = { url: '', token: 'only-for-this-test' }
let double: ReturnType<typeof spawn>

beforeAll(async () => {
  double = spawn(process.execPath, [resolve(import.meta.dirname, '../../test/crypto-device.ts'), device.token], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((done) =>
    double.stdout?.on('data', (text: Buffer) => done(/listening (\d+)/.exec(text.toString())?.[1] ?? '')),
  )
  device.url = `http://127.0.0.1:${port}`
})
afterAll(() => {
  double.kill()
})

const kinds: [string, string, () => Promise<CryptoProvider>][] = [
  ['software', 'Ed25519', async () => softwareProvider(secrets)],
  ['software-sm', 'SM2', async () => softwareProvider(secrets, 'SM')],
  ['device:DOUBLE-1', 'SM2', () => openDevice(device)],
]
describe.each(kinds)('whoever keeps the keys does the same: %s', (name, algorithm, open) => {
  test('a data key comes back from its wrapping, and a changed one does not', async () => {
    const provider = await open()
    const { bare, wrapped } = await provider.newDataKey()
    expect(provider.name).toBe(name)
    expect(bare).toHaveLength(KEY_BYTES[provider.cipher])
    expect(wrapped).not.toContain(bare.toString('base64url'))
    expect(await provider.unwrap(wrapped)).toEqual(bare)
    await expect(provider.unwrap(`${wrapped.startsWith('A') ? 'B' : 'A'}${wrapped.slice(1)}`)).rejects.toThrow()
    expect((await provider.newDataKey()).wrapped).not.toBe(wrapped)
  })
  test('the outside verifier accepts its signature, and no other text or key', async () => {
    const provider = await open()
    expect(provider.signatureAlgorithm).toBe(algorithm)
    const signature = await provider.sign(Buffer.from('台账'))
    const check = await openPublicKey(provider.publicKey)
    expect(await check('台账', signature)).toBe(true)
    expect(await check('台帐', signature)).toBe(false)
    const stranger = softwareProvider({ ...secrets, signing: Buffer.alloc(32, 9) }, algorithm === 'SM2' ? 'SM' : 'INTERNATIONAL')
    expect(await (await openPublicKey(stranger.publicKey))('台账', signature)).toBe(false)
  })
  test('what it encrypts is bound to its place', async () => {
    const { cipher, newDataKey } = await open()
    const { bare } = await newDataKey()
    const text = encrypt(cipher, bare, Buffer.from('13812345678'), 'person.phone')
    expect(decrypt(cipher, bare, text, 'person.phone').toString()).toBe('13812345678')
    expect(() => decrypt(cipher, bare, text, 'incident.reporter_phone')).toThrow()
  })
})

test('a device that is not there, refuses or knows other algorithms is told as such', async () => {
  await expect(openDevice({ ...device, token: 'wrong' })).rejects.toThrow(DeviceDown)
  await expect(openDevice({ url: 'http://127.0.0.1:1', token: '' })).rejects.toThrow(DeviceDown)
  await expect((await openDevice(device)).unwrap('AAAA')).rejects.toThrow(DeviceDown)
})

test('SM2 as others make it: key and signature by an independent implementation', () => {
  const point = sm2PointOf(Buffer.from(VECTOR.key, 'hex'))
  const message = new TextEncoder().encode('长白 statement')
  const signature = Buffer.from(VECTOR.signature, 'hex')
  if (!point) throw new Error('no key')
  expect(sm2Holds(point, message, signature)).toBe(true)
  expect(sm2Holds(point, new TextEncoder().encode('长白 statemenT'), signature)).toBe(false)
  const changed = Buffer.from(signature)
  changed[63] = (changed[63] ?? 0) ^ 1
  expect(sm2Holds(point, message, changed)).toBe(false)
  expect(sm2Holds(point, message, Buffer.alloc(64))).toBe(false)
  const off = Buffer.from(VECTOR.key, 'hex')
  off[90] = (off[90] ?? 0) ^ 1
  expect(() => sm2PointOf(off)).toThrow('no point')
})
