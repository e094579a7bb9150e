import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { BackupError } from './backup-frames.ts'
import type { Crypto } from './crypto.ts'

/**
 * An encrypted backup: a line that names the format, 32 bytes of salt, then pieces of at most 1 MiB, each AES-256-GCM under a key of this file
 * alone. The nonce counts the pieces and its first byte marks the last one, so that pieces cannot be left out, moved or cut off at the end.
 */
const MAGIC = Buffer.from('changbai-sealed-1\n')
const SALT_BYTES = 32
const PIECE_BYTES = 1024 * 1024
const TAG_BYTES = 16

type Keys = Pick<Crypto, 'derive'>
const keyOf = (crypto: Keys, salt: Buffer): Buffer => Buffer.from(hkdfSync('sha256', crypto.derive('backup'), salt, 'changbai backup', 32))

function nonceOf(piece: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce[0] = isLast ? 1 : 0
  nonce.writeUInt32BE(piece, 8)
  return nonce
}

/** Encrypts whatever flows through it. */
export function sealStream(crypto: Keys): Transform {
  const salt = randomBytes(SALT_BYTES)
  const key = keyOf(crypto, salt)
  let held: Buffer = Buffer.alloc(0)
  let piece = 0
  let hasBegun = false
  const seal = (bytes: Buffer, isLast: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(piece, isLast))
    piece += 1
    const body = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    const head = Buffer.alloc(4)
    head.writeUInt32BE(body.length)
    return Buffer.concat([head, body])
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!hasBegun) this.push(Buffer.concat([MAGIC, salt]))
      hasBegun = true
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      // one piece is always held back: only the end knows which is the last
      while (held.length > PIECE_BYTES) {
        this.push(seal(held.subarray(0, PIECE_BYTES), false))
        held = held.subarray(PIECE_BYTES)
      }
      done()
    },
    flush(done) {
      if (!hasBegun) this.push(Buffer.concat([MAGIC, salt]))
      this.push(seal(held, true))
      done()
    },
  })
}

const damaged = () => new BackupError('the backup cannot be opened: it is damaged, cut short, or was sealed with another SECRET_FILE')

function openPiece(key: Buffer, piece: number, body: Buffer): { bytes: Buffer; isLast: boolean } {
  for (const isLast of [false, true]) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(piece, isLast))
    decipher.setAuthTag(body.subarray(-TAG_BYTES))
    const bytes = decipher.update(body.subarray(0, -TAG_BYTES))
    try {
      decipher.final()
      return { bytes, isLast }
    } catch {
      // another place in the file, another key, or not the last piece
    }
  }
  throw damaged()
}

/**
 * Gives the plain backup of a file that may be encrypted; one that is not passes as it is.
 * @throws BackupError when it cannot be opened with these keys
 */
export async function* openSealed(input: Readable, crypto: Keys | null): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0)
  let key: Buffer | null = null
  let isPlain = false
  let piece = 0
  let ended = false
  for await (const chunk of input as AsyncIterable<Buffer>) {
    if (isPlain) {
      yield chunk
      continue
    }
    held = Buffer.concat([held, chunk])
    if (!key) {
      if (!held.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, held.length))) {
        isPlain = true
        yield held
        continue
      }
      if (held.length < MAGIC.length + SALT_BYTES) continue
      if (!crypto) throw new BackupError('this backup is encrypted: the SECRET_FILE of the time of the backup is needed')
      key = keyOf(crypto, held.subarray(MAGIC.length, MAGIC.length + SALT_BYTES))
      held = held.subarray(MAGIC.length + SALT_BYTES)
    }
    while (held.length >= 4 && !ended) {
      const length = held.readUInt32BE(0)
      if (length < TAG_BYTES || length > PIECE_BYTES + TAG_BYTES) throw damaged()
      if (held.length < 4 + length) break
      const opened = openPiece(key, piece, held.subarray(4, 4 + length))
      piece += 1
      ended = opened.isLast
      held = held.subarray(4 + length)
      if (opened.bytes.length > 0) yield opened.bytes
    }
  }
  if (isPlain) return
  if (!ended || held.length > 0) throw damaged()
}
