/** Packs by snappy's block format as senders do: matches of four bytes and more are found by a table of hashes. For measurements only. */
export function compressSnappy(input: Buffer): Buffer {
  const output = Buffer.allocUnsafe(32 + input.length + Math.floor(input.length / 6))
  let end = 0
  for (let rest = input.length; ; rest = Math.floor(rest / 128)) {
    output[end++] = rest > 127 ? (rest % 128) | 0x80 : rest
    if (rest <= 127) break
  }
  const literal = (from: number, to: number): void => {
    for (let at = from; at < to; at += 65_536) {
      const length = Math.min(65_536, to - at)
      if (length <= 60) output[end++] = (length - 1) << 2
      else {
        output[end++] = 61 << 2
        end = output.writeUInt16LE(length - 1, end)
      }
      end += input.copy(output, end, at, at + length)
    }
  }
  const table = new Int32Array(1 << 14).fill(-1)
  let literalFrom = 0
  let at = 0
  while (at + 4 <= input.length) {
    const word = input.readUInt32LE(at)
    const hash = Math.imul(word, 0x1e35a7bd) >>> 18
    const there = table[hash] as number
    table[hash] = at
    if (there < 0 || at - there > 65_535 || input.readUInt32LE(there) !== word) {
      at += 1
      continue
    }
    literal(literalFrom, at)
    let length = 4
    while (at + length < input.length && input[there + length] === input[at + length]) length += 1
    const offset = at - there
    for (let left = length; left > 0; ) {
      const part = Math.min(64, left)
      output[end++] = ((part - 1) << 2) | 2
      end = output.writeUInt16LE(offset, end)
      left -= part
    }
    at += length
    literalFrom = at
  }
  literal(literalFrom, input.length)
  return Buffer.from(output.subarray(0, end))
}
