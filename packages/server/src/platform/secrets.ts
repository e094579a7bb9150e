import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The two secrets everything else is derived from; 32 bytes each. */
export interface Secrets {
  encryption: Buffer
  signing: Buffer
}

export class SecretsError extends Error {}

/**
 * Reads the secret file, making it (mode 0600) when `create` is set and it does not exist.
 * @throws SecretsError if it is missing and must not be made, or is damaged
 */
export async function loadSecrets(file: string, create: boolean): Promise<Secrets> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    if (!create) throw new SecretsError(`SECRET_FILE ${file} does not exist; with DATABASE_URL every process needs the same secret file`)
    text = JSON.stringify({ version: 1, encryption: randomBytes(32).toString('base64'), signing: randomBytes(32).toString('base64') })
    await mkdir(dirname(file), { recursive: true })
    // 'wx': when two processes start at once the first one's file counts
    await writeFile(file, text, { mode: 0o600, flag: 'wx' }).catch(async (raced: NodeJS.ErrnoException) => {
      if (raced.code !== 'EEXIST') throw raced
      text = await readFile(file, 'utf8')
    })
  }
  try {
    const { encryption, signing } = JSON.parse(text) as { encryption: string; signing: string }
    const secrets = { encryption: Buffer.from(encryption, 'base64'), signing: Buffer.from(signing, 'base64') }
    if (secrets.encryption.length !== 32 || secrets.signing.length !== 32) throw new Error('length')
    return secrets
  } catch {
    throw new SecretsError(`SECRET_FILE ${file} is damaged: it must hold two base64 keys of 32 bytes, "encryption" and "signing"`)
  }
}
