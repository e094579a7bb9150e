import { deflateSync } from 'node:zlib'

/** Curves of a report as a picture: Word shows PNG everywhere, so one is painted here, without any library. */
export interface Curve {
  points: readonly { atMs: number; value: number }[]
  /** Whether it is drawn as the greatest (dark) or the mean (light). */
  tone: 'peak' | 'mean'
}
export interface ChartOrder {
  curves: readonly Curve[]
  fromMs: number
  toMs: number
  /** A line across, e.g. the rule's threshold. */
  bound: number | null
}

const WIDTH = 1360
const HEIGHT = 400
const PLOT = { left: 124, right: 20, top: 20, bottom: 56 }
/** Painted twice as large and averaged down: smooth lines. */
const SCALE = 2

type Colour = readonly [number, number, number]
const INK: Colour = [70, 78, 86]
const GRID: Colour = [222, 226, 230]
const TONES: Record<Curve['tone'], Colour> = { peak: [22, 93, 144], mean: [150, 190, 214] }
const BOUND: Colour = [180, 60, 50]

/** Five by seven dots a sign: numbers and days need no more. */
const SIGNS: Record<string, readonly string[]> = {
  '0': ['01110', '10001', '10011', '10101', '11001', '10001', '01110'],
  '1': ['00100', '01100', '00100', '00100', '00100', '00100', '01110'],
  '2': ['01110', '10001', '00001', '00110', '01000', '10000', '11111'],
  '3': ['11111', '00010', '00100', '00010', '00001', '10001', '01110'],
  '4': ['00010', '00110', '01010', '10010', '11111', '00010', '00010'],
  '5': ['11111', '10000', '11110', '00001', '00001', '10001', '01110'],
  '6': ['00110', '01000', '10000', '11110', '10001', '10001', '01110'],
  '7': ['11111', '00001', '00010', '00100', '01000', '01000', '01000'],
  '8': ['01110', '10001', '10001', '01110', '10001', '10001', '01110'],
  '9': ['01110', '10001', '10001', '01111', '00001', '00010', '01100'],
  '.': ['00000', '00000', '00000', '00000', '00000', '01100', '01100'],
  '-': ['00000', '00000', '00000', '11111', '00000', '00000', '00000'],
  K: ['10001', '10010', '10100', '11000', '10100', '10010', '10001'],
  M: ['10001', '11011', '10101', '10101', '10001', '10001', '10001'],
  G: ['01110', '10001', '10000', '10111', '10001', '10001', '01110'],
}
const DOT = 3

class Canvas {
  readonly width = WIDTH * SCALE
  readonly height = HEIGHT * SCALE
  readonly data = new Uint8Array(WIDTH * SCALE * HEIGHT * SCALE * 3).fill(255)

  dot(x: number, y: number, [r, g, b]: Colour): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return
    const at = (y * this.width + x) * 3
    this.data[at] = r
    this.data[at + 1] = g
    this.data[at + 2] = b
  }
  box(x: number, y: number, width: number, height: number, colour: Colour): void {
    for (let row = Math.round(y); row < Math.round(y + height); row += 1)
      for (let column = Math.round(x); column < Math.round(x + width); column += 1) this.dot(column, row, colour)
  }
  line(x0: number, y0: number, x1: number, y1: number, colour: Colour, thick: number): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))))
    for (let step = 0; step <= steps; step += 1) {
      const [x, y] = [x0 + ((x1 - x0) * step) / steps, y0 + ((y1 - y0) * step) / steps]
      this.box(x - thick / 2, y - thick / 2, thick, thick, colour)
    }
  }
  /** @param right where the text ends, or begins with `from` */
  text(words: string, x: number, y: number, from: 'start' | 'middle' | 'end'): void {
    const advance = 6 * DOT * SCALE
    const whole = words.length * advance
    let left = from === 'start' ? x : from === 'end' ? x - whole : x - whole / 2
    for (const sign of words) {
      for (const [row, bits] of (SIGNS[sign] ?? []).entries())
        for (const [column, bit] of [...bits].entries())
          if (bit === '1') this.box(left + column * DOT * SCALE, y + row * DOT * SCALE, DOT * SCALE, DOT * SCALE, INK)
      left += advance
    }
  }
  /** Averages the blocks of pixels down to the final size. */
  shrunk(): Buffer {
    const out = Buffer.alloc(HEIGHT * (WIDTH * 3 + 1))
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1)
        for (let channel = 0; channel < 3; channel += 1) {
          let sum = 0
          for (let dy = 0; dy < SCALE; dy += 1)
            for (let dx = 0; dx < SCALE; dx += 1) sum += this.data[((y * SCALE + dy) * this.width + x * SCALE + dx) * 3 + channel] as number
          out[y * (WIDTH * 3 + 1) + 1 + x * 3 + channel] = Math.round(sum / (SCALE * SCALE))
        }
    }
    return out
  }
}

/** The next round number above: 1, 2, 5 times a power of ten. */
export function niceTop(most: number): number {
  if (most <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  const found = [1, 2, 2.5, 5, 10].find((step) => step * power >= most * 1.02) ?? 10
  return found * power
}
export const shortNumber = (value: number): string => {
  const [unit, divisor] = value >= 1e9 ? ['G', 1e9] : value >= 1e6 ? ['M', 1e6] : value >= 1e4 ? ['K', 1e3] : ['', 1]
  return `${Number((value / divisor).toPrecision(3))}${unit}`
}

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})
const crcOf = (bytes: Buffer): number => {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 255] as number) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  const tail = Buffer.alloc(4)
  tail.writeUInt32BE(crcOf(named))
  return Buffer.concat([head, named, tail])
}
function pngOf(rows: Buffer): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(WIDTH, 0)
  head.writeUInt32BE(HEIGHT, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000
const LABELS = 8

/** A gap in the measurements is a gap in the line. */
export function paintChart({ curves, fromMs, toMs, bound }: ChartOrder): { png: Buffer; width: number; height: number } {
  const canvas = new Canvas()
  const most = Math.max(bound ?? 0, ...curves.flatMap((curve) => curve.points.map((point) => point.value)))
  // flat next to nothing is drawn at the foot, not stretched to the full height
  const top = Math.max(0.1, niceTop(most))
  const [left, right] = [PLOT.left * SCALE, (WIDTH - PLOT.right) * SCALE]
  const [upper, lower] = [PLOT.top * SCALE, (HEIGHT - PLOT.bottom) * SCALE]
  const xOf = (ms: number): number => left + ((ms - fromMs) / Math.max(1, toMs - fromMs)) * (right - left)
  const yOf = (value: number): number => lower - (Math.min(value, top) / top) * (lower - upper)

  for (let line = 0; line <= 4; line += 1) {
    const value = (top * line) / 4
    const y = yOf(value)
    canvas.line(left, y, right, y, GRID, line === 0 ? 3 : 2)
    canvas.text(shortNumber(value), left - 10 * SCALE, y - 3.5 * DOT * SCALE, 'end')
  }
  const days = Math.max(1, Math.round((toMs - fromMs) / DAY_MS))
  const every = Math.max(1, Math.ceil(days / LABELS))
  for (let day = 0; day < days; day += every) {
    const ms = fromMs + day * DAY_MS
    canvas.line(xOf(ms), lower, xOf(ms), lower + 5 * SCALE, INK, 2)
    canvas.text(new Date(ms + SHANGHAI_MS).toISOString().slice(5, 10), xOf(ms), lower + 14 * SCALE, 'start')
  }
  if (bound !== null) canvas.line(left, yOf(bound), right, yOf(bound), BOUND, 3)
  for (const tone of ['mean', 'peak'] as const) {
    for (const curve of curves.filter((one) => one.tone === tone)) {
      const gaps = curve.points.slice(1).map((point, index) => point.atMs - (curve.points[index]?.atMs ?? 0))
      const usual = gaps.length > 0 ? Math.min(...gaps) : DAY_MS
      for (const [index, point] of curve.points.entries()) {
        const before = curve.points[index - 1]
        if (!before || point.atMs - before.atMs > usual * 2.5) canvas.box(xOf(point.atMs) - 2, yOf(point.value) - 2, 4, 4, TONES[tone])
        else canvas.line(xOf(before.atMs), yOf(before.value), xOf(point.atMs), yOf(point.value), TONES[tone], 3)
      }
    }
  }
  return { png: pngOf(canvas.shrunk()), width: WIDTH, height: HEIGHT }
}
