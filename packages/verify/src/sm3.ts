// SM3 (GB/T 32905-2016), written out for the same reason as SHA-256: the verifier needs nothing but the language.

const INITIAL_STATE = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]

const rotate = (word: number, bits: number): number => {
  const by = bits % 32
  return by === 0 ? word | 0 : (word << by) | (word >>> (32 - by))
}
const p0 = (word: number): number => word ^ rotate(word, 9) ^ rotate(word, 17)
const p1 = (word: number): number => word ^ rotate(word, 15) ^ rotate(word, 23)

/** SM3 of a text in UTF-8, lower-case hexadecimal. */
export const sm3 = (text: string): string => sm3OfBytes(new TextEncoder().encode(text))

export function sm3OfBytes(message: Uint8Array): string {
  const padded = new Uint8Array(((message.length + 8) >> 6) * 64 + 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29))
  view.setUint32(padded.length - 4, (message.length << 3) >>> 0)
  const state = Int32Array.from(INITIAL_STATE)
  const schedule = new Int32Array(68)
  for (let offset = 0; offset < padded.length; offset += 64) mixBlock(state, schedule, view, offset)
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

function mixBlock(state: Int32Array, schedule: Int32Array, view: DataView, offset: number): void {
  const at = (index: number): number => schedule[index] as number
  for (let t = 0; t < 16; t++) schedule[t] = view.getInt32(offset + t * 4)
  for (let t = 16; t < 68; t++) schedule[t] = p1(at(t - 16) ^ at(t - 9) ^ rotate(at(t - 3), 15)) ^ rotate(at(t - 13), 7) ^ at(t - 6)
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let t = 0; t < 64; t++) {
    const constant = t < 16 ? 0x79cc4519 : 0x7a879d8a
    const ss1 = rotate((rotate(a, 12) + e + rotate(constant, t)) | 0, 7)
    const ss2 = ss1 ^ rotate(a, 12)
    const ff = t < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
    const gg = t < 16 ? e ^ f ^ g : (e & f) | (~e & g)
    const tt1 = (ff + d + ss2 + (at(t) ^ at(t + 4))) | 0
    const tt2 = (gg + h + ss1 + at(t)) | 0
    d = c
    c = rotate(b, 9)
    b = a
    a = tt1
    h = g
    g = rotate(f, 19)
    f = e
    e = p0(tt2)
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] = (state[index] as number) ^ word
}
