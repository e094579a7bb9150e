import type { Cipher, CryptoProvider, SignatureAlgorithm } from './crypto-provider.ts'

export interface DeviceConfig {
  /** Where the device, or the small service in front of its PKCS#11 or SDF library, listens. */
  url: string
  token: string
}

/** The device or the way to it failed; what waits for it is tried again by who asked. */
export class DeviceDown extends Error {}

/** A device on the same network answers within milliseconds; a transaction may be waiting. */
const ANSWER_MILLISECONDS = 5_000

async function ask(config: DeviceConfig, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await fetch(new URL(path, `${config.url}/`), {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${config.token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
  }).catch((error: Error) => {
    throw new DeviceDown(`the crypto device does not answer: ${error.message}`)
  })
  if (!answer.ok) throw new DeviceDown(`the crypto device answered ${answer.status} to ${path}`)
  return (await answer.json()) as Record<string, unknown>
}

const textOf = (answer: Record<string, unknown>, field: string): string => {
  const value = answer[field]
  if (typeof value !== 'string' || value === '') throw new DeviceDown(`the crypto device answered without ${field}`)
  return value
}

/** A certified device behind the port that docs/crypto-device.md describes: its master and signing keys never leave it. @throws DeviceDown */
export async function openDevice(config: DeviceConfig): Promise<CryptoProvider> {
  const about = await ask(config, 'about')
  const cipher = textOf(about, 'cipher')
  const signatureAlgorithm = textOf(about, 'signature')
  if (cipher !== 'SM4-GCM' && cipher !== 'AES-256-GCM') throw new DeviceDown(`the crypto device offers ${cipher}, which is not known here`)
  if (signatureAlgorithm !== 'SM2' && signatureAlgorithm !== 'Ed25519')
    throw new DeviceDown(`the crypto device signs by ${signatureAlgorithm}, which is not known here`)
  return {
    name: `device:${textOf(about, 'serial')}`,
    cipher: cipher satisfies Cipher,
    signatureAlgorithm: signatureAlgorithm satisfies SignatureAlgorithm,
    publicKey: textOf(about, 'publicKey'),
    async newDataKey() {
      const made = await ask(config, 'data-keys', {})
      return { bare: Buffer.from(textOf(made, 'bare'), 'base64'), wrapped: textOf(made, 'wrapped') }
    },
    unwrap: async (wrapped) => Buffer.from(textOf(await ask(config, 'data-keys/unwrap', { wrapped }), 'bare'), 'base64'),
    sign: async (bytes) => textOf(await ask(config, 'signatures', { bytes: Buffer.from(bytes).toString('base64') }), 'signature'),
  }
}
