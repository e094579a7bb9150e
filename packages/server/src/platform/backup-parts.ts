import { createHash } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { BackupError } from './backup-frames.ts'
import { type Bucket, BucketError, sha256Of } from './bucket.ts'

/**
 * A backup in a bucket: parts of 16 MiB under `<name>/00001 …`, each read back when it was put, then `<name>/manifest.json`, which makes it whole.
 * The parts one after the other are the file a folder would hold. No part of it is ever on our own disk.
 */
const PART_BYTES = 16 * 1024 * 1024
const FORMAT = 'changbai-backup-parts-1'
/** At 16 MiB each a backup of 16 TB; more is a broken manifest. */
const PARTS_MAX = 1_000_000

const Manifest = z.object({
  format: z.literal(FORMAT),
  sizeBytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  parts: z.array(z.object({ bytes: z.number().int().min(1).max(PART_BYTES), sha256: z.string().regex(/^[0-9a-f]{64}$/) })).max(PARTS_MAX),
})
type Manifest = z.infer<typeof Manifest>

const partKey = (name: string, n: number): string => `${name}/${String(n + 1).padStart(5, '0')}`
const manifestKey = (name: string): string => `${name}/manifest.json`

/** Takes what flows into it to the bucket; ends when the manifest is there. */
export function partsSink(bucket: Bucket, name: string): Writable & { manifest(): Manifest } {
  const whole = createHash('sha256')
  const manifest: Manifest = { format: FORMAT, sizeBytes: 0, sha256: '', parts: [] }
  let held: Buffer[] = []
  let heldBytes = 0
  const put = async (bytes: Buffer): Promise<void> => {
    const sha256 = sha256Of(bytes)
    await bucket.put(partKey(name, manifest.parts.length), bytes, sha256)
    whole.update(bytes)
    manifest.parts.push({ bytes: bytes.length, sha256 })
    manifest.sizeBytes += bytes.length
  }
  const putFull = async (): Promise<void> => {
    if (heldBytes < PART_BYTES) return
    const all = Buffer.concat(held)
    let from = 0
    for (; all.length - from >= PART_BYTES; from += PART_BYTES) await put(all.subarray(from, from + PART_BYTES))
    held = [all.subarray(from)]
    heldBytes = all.length - from
  }
  const finish = async (): Promise<void> => {
    if (heldBytes > 0) await put(Buffer.concat(held))
    manifest.sha256 = whole.digest('hex')
    const bytes = Buffer.from(JSON.stringify(manifest))
    await bucket.put(manifestKey(name), bytes, sha256Of(bytes))
  }
  const told = (work: Promise<void>, done: (error?: Error | null) => void): void => void work.then(() => done(), done)
  const sink = new Writable({
    write(piece: Buffer, _encoding, done) {
      held.push(piece)
      heldBytes += piece.length
      told(putFull(), done)
    },
    final: (done) => told(finish(), done),
  })
  return Object.assign(sink, { manifest: () => manifest })
}

async function readManifest(bucket: Bucket, name: string): Promise<Manifest> {
  const bytes = await bucket.look(manifestKey(name))
  const parsed = Manifest.safeParse(JSON.parse(bytes.toString('utf8')))
  if (!parsed.success) throw new BackupError(`${manifestKey(name)} is no manifest of a backup`)
  return parsed.data
}

/** The file that the parts are. @throws BucketError `missing` without a manifest: such a backup was never whole */
export const readParts = (bucket: Bucket, name: string): Readable =>
  Readable.from(
    (async function* () {
      const { parts } = await readManifest(bucket, name)
      for (const [n, { sha256 }] of parts.entries()) yield await bucket.get(partKey(name, n), sha256)
    })(),
  )

/** The manifest first: what is left of one that was interrupted is no backup. Without a manifest, the parts there are. */
export async function removeParts(bucket: Bucket, name: string): Promise<void> {
  const known = await readManifest(bucket, name).catch((error: unknown) => {
    if (error instanceof BucketError && error.trouble === 'missing') return null
    throw error
  })
  await bucket.remove(manifestKey(name))
  if (known) for (const n of known.parts.keys()) await bucket.remove(partKey(name, n))
}
/** After a backup that failed: so many parts may be there. */
export async function removeBegun(bucket: Bucket, name: string, parts: number): Promise<void> {
  for (let n = 0; n <= parts; n++) await bucket.remove(partKey(name, n))
}
