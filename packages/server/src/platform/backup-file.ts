import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type BackupSummary, backUp } from './backup.ts'
import { readFrames } from './backup-frames.ts'
import { partsSink, readParts, removeBegun } from './backup-parts.ts'
import { openSealed, sealStream } from './backup-seal.ts'
import type { Bucket } from './bucket.ts'
import type { Crypto } from './crypto.ts'

export interface WrittenBackup extends BackupSummary {
  sizeBytes: number
}

/** Writes an encrypted backup. Under another name until it is whole: a file with the right name is a whole backup. */
export async function writeSealedBackup(
  url: string,
  file: string,
  crypto: Pick<Crypto, 'derive'>,
  version: string,
  bucket: Bucket | null,
): Promise<WrittenBackup> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const part = `${file}.part`
  try {
    const seal = sealStream(crypto)
    const written = pipeline(seal, createWriteStream(part, { mode: 0o600, flush: true }))
    // told by the pipeline as well; here it must not end the process
    written.catch((error: Error) => seal.destroy(error))
    const summary = await backUp(url, seal, version, bucket)
    await written
    await rename(part, file)
    return { ...summary, sizeBytes: (await stat(file)).size }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** Where a backup in a bucket is named as a file would be. */
const IN_BUCKET = 's3:'
export const bucketName = (file: string): string | null => (file.startsWith(IN_BUCKET) ? file.slice(IN_BUCKET.length) : null)
export const inBucket = (name: string): string => `${IN_BUCKET}${name}`

/** Writes an encrypted backup into a bucket, part by part; it is one when its manifest is there. */
export async function writeBucketBackup(
  url: string,
  store: Bucket,
  name: string,
  crypto: Pick<Crypto, 'derive'>,
  version: string,
  bucket: Bucket | null,
): Promise<WrittenBackup> {
  const sink = partsSink(store, name)
  try {
    const seal = sealStream(crypto)
    const written = pipeline(seal, sink)
    written.catch((error: Error) => seal.destroy(error))
    const summary = await backUp(url, seal, version, bucket)
    await written
    return { ...summary, sizeBytes: sink.manifest().sizeBytes }
  } catch (error) {
    await removeBegun(store, name, sink.manifest().parts.length).catch(() => {})
    throw error
  }
}

/** What {@link restore} reads of a backup in a bucket. */
export const readBucketBackup = (store: Bucket, name: string, crypto: Pick<Crypto, 'derive'> | null): Readable =>
  Readable.from(
    (async function* () {
      yield* openSealed(readParts(store, name), crypto)
    })(),
  )

/** What {@link restore} reads: the plain stream of a backup file, encrypted or not. */
export const readBackupFile = (file: string, crypto: Pick<Crypto, 'derive'> | null): Readable =>
  Readable.from(
    (async function* () {
      // opened with the first read: a file that is not there fails whoever reads, not the process
      yield* openSealed(createReadStream(file), crypto)
    })(),
  )

/**
 * Reads a whole file without restoring it.
 * @returns the migrations it was taken at
 * @throws BackupError when it cannot be opened, is damaged or cut short
 */
export async function inspectBackup(file: string, crypto: Pick<Crypto, 'derive'> | null): Promise<string[]> {
  let migrations: string[] = []
  for await (const frame of readFrames(readBackupFile(file, crypto)))
    if (frame.kind === 'H' && frame.header.section === 'changbai')
      migrations = (frame.header.migrations as { name: string }[]).map(({ name }) => name)
  return migrations
}
