import { createHash } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'

/**
 * How a backup lies in its file: gzip of frames. A frame is a kind (1 byte), a length (4 bytes, big-endian) and as many bytes.
 * `H` begins a section (JSON), `D` is a piece of its data, `E` ends the file and carries the SHA-256 of everything before it.
 */
export type Frame = { kind: 'H'; header: Record<string, unknown> } | { kind: 'D'; bytes: Buffer } | { kind: 'E'; sha256: string }

/** A piece of COPY data is some 64 KB; anything far beyond is not our file. */
const FRAME_BYTES_MAX = 64 * 1024 * 1024

export class BackupError extends Error {}

const frameHead = (kind: string, length: number): Buffer => {
  const head = Buffer.alloc(5)
  head.write(kind, 0, 'latin1')
  head.writeUInt32BE(length, 1)
  return head
}

export interface FrameWriter {
  header(header: Record<string, unknown>): Promise<void>
  data(bytes: Buffer): Promise<void>
  /** Writes the closing frame and waits until the file has everything. @returns the digest */
  close(): Promise<string>
}

export function writeFrames(output: Writable): FrameWriter {
  const zip = createGzip({ level: 6 })
  zip.pipe(output)
  const written = finished(output)
  // whoever closes is told; until then a failure is kept
  written.catch(() => {})
  const digest = createHash('sha256')
  const put = async (kind: string, body: Buffer): Promise<void> => {
    const head = frameHead(kind, body.length)
    if (kind !== 'E') digest.update(head).update(body)
    zip.write(head)
    if (output.errored) throw output.errored
    if (!zip.write(body)) await Promise.race([new Promise((resolve) => zip.once('drain', resolve)), written])
  }
  return {
    header: (header) => put('H', Buffer.from(JSON.stringify(header))),
    data: (bytes) => put('D', bytes),
    async close() {
      const sha256 = digest.digest('hex')
      await put('E', Buffer.from(sha256))
      zip.end()
      await written
      return sha256
    },
  }
}

/** @throws BackupError when the file is not a backup, cut short, or changed */
export async function* readFrames(input: Readable): AsyncGenerator<Frame> {
  const unzip = createGunzip()
  input.once('error', (error) => unzip.destroy(error))
  input.pipe(unzip)
  const digest = createHash('sha256')
  let rest: Buffer = Buffer.alloc(0)
  let ended = false
  try {
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      while (rest.length >= 5) {
        const kind = String.fromCharCode(rest[0] as number)
        const length = rest.readUInt32BE(1)
        if (!'HDE'.includes(kind) || length > FRAME_BYTES_MAX || ended) throw new BackupError('this file is not a backup of Changbai')
        if (rest.length < 5 + length) break
        const body = rest.subarray(5, 5 + length)
        if (kind !== 'E') digest.update(rest.subarray(0, 5 + length))
        rest = rest.subarray(5 + length)
        if (kind === 'H') yield { kind, header: JSON.parse(body.toString()) as Record<string, unknown> }
        else if (kind === 'D') yield { kind, bytes: body }
        else {
          ended = true
          const sha256 = digest.digest('hex')
          if (body.toString() !== sha256) throw new BackupError('the backup was changed or damaged: its digest does not match')
          yield { kind: 'E', sha256 }
        }
      }
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code.startsWith('Z_')) throw new BackupError('this file is not a backup of Changbai, or it is damaged')
    throw error
  }
  if (!ended) throw new BackupError('the backup is cut short')
}
