import { readFile } from 'node:fs/promises'
import { type DeviceConfig, openDevice } from '../platform/crypto-device.ts'
import { type CryptoProvider, type Suite, softwareProviders } from '../platform/crypto-provider.ts'
import { type Secrets, SecretsError } from '../platform/secrets.ts'

export interface CryptoConfig {
  suite: Suite
  device: { url: string; tokenFile: string } | null
}

/**
 * Who keeps the keys, the one that makes new ones first; the secret file stays behind a device, because it opens what was sealed before.
 * @throws SecretsError, DeviceDown
 */
export async function openProviders({ suite, device }: CryptoConfig, secrets: Secrets): Promise<CryptoProvider[]> {
  const software = softwareProviders(secrets, suite)
  if (!device) return software
  const token = await readFile(device.tokenFile, 'utf8').catch(() => {
    throw new SecretsError(`CRYPTO_DEVICE_TOKEN_FILE ${device.tokenFile} cannot be read`)
  })
  const config: DeviceConfig = { url: device.url, token: token.trim() }
  return [await openDevice(config), ...software]
}
