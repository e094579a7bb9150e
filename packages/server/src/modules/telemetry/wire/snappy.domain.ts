/** The block format only; the framed one is another thing and forbidden for remote write. */
export class SnappyError extends Error {}

const broken = (why: string): never => {
  throw new SnappyError(`snappy: ${why}`)
}

/**
 * @param limit bytes that are unpacked at most; memory for more is never asked for
 * @throws SnappyError if the bytes are no block or say they hold more than the limit
 */
export function unpackSnappy(input: Buffer, limit: number): Buffer {
  let at = 0
  let size = 0
  for (let shift = 0; ; shift += 7) {
    const byte = input[at++]
    if (byte === undefined || shift > 28) return broken('no length')
    size += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  if (size > limit) broken(`${size} bytes are more than ${limit}`)
  // 64 bytes come of one copy of 3: what claims more than that lies about its size
  if (size > 64 * input.length) broken('a length its content cannot reach')
  const output = Buffer.allocUnsafe(size)
  let end = 0
  while (at < input.length) {
    const tag = input[at++] as number
    if ((tag & 3) === 0) {
      let length = (tag >> 2) + 1
      if (length > 60) {
        const bytes = length - 60
        if (at + bytes > input.length) broken('a literal ends early')
        length = input.readUIntLE(at, bytes) + 1
        at += bytes
      }
      if (at + length > input.length || end + length > size) broken('a literal ends early')
      if (length < 24) for (let i = 0; i < length; i++) output[end + i] = input[at + i] as number
      else input.copy(output, end, at, at + length)
      at += length
      end += length
      continue
    }
    let length: number
    let offset: number
    if ((tag & 3) === 1) {
      length = ((tag >> 2) & 7) + 4
      offset = ((tag >> 5) << 8) | (input[at] ?? broken('a copy ends early'))
      at += 1
    } else {
      const bytes = (tag & 3) === 2 ? 2 : 4
      if (at + bytes > input.length) broken('a copy ends early')
      length = (tag >> 2) + 1
      offset = input.readUIntLE(at, bytes)
      at += bytes
    }
    if (offset === 0 || offset > end || end + length > size) broken('a copy from outside')
    // bytes may be copied that this very copy writes, so not by blocks
    const from = end - offset
    for (let i = 0; i < length; i++) output[end + i] = output[from + i] as number
    end += length
  }
  if (end !== size) broken('shorter than it says')
  return output
}

/** A valid block that packs nothing: for what is re-encoded because part of it was refused, which is rare. */
export function packSnappy(bytes: Buffer): Buffer {
  const head: number[] = []
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    head.push(rest > 127 ? (rest % 128) | 0x80 : rest)
    if (rest <= 127) break
  }
  const parts: Uint8Array[] = [Buffer.from(head)]
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536)
    const size = part.length - 1
    parts.push(Buffer.from([61 << 2, size & 0xff, size >> 8]), part)
  }
  return Buffer.concat(parts)
}
