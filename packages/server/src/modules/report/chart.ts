import { crc32, deflateSync } from 'node:zlib'
import type { ReportChart } from '@changbai/contract/report.shapes.ts'

// Charts as PNG without a drawing library: bars, lines, a grid and ASCII labels from a 5x7 font. Every word processor shows PNG; titles and legends
// stand as text under the picture, in the document's own Chinese font.

/** Pixels; printed at half of it, so that lines stay fine. */
export const CHART = { width: 1200, height: 480 }
const PLOT = { left: 110, right: 24, top: 24, bottom: 56 }
type Rgb = readonly [number, number, number]
const INK: Rgb = [60, 68, 78]
const GRID: Rgb = [221, 226, 231]
/** In the order of the series; also printable in grey. */
export const SERIES_COLOURS: readonly Rgb[] = [
  [31, 94, 140],
  [226, 140, 51],
  [87, 150, 92],
  [176, 66, 66],
  [120, 98, 160],
  [90, 90, 90],
]
export const COLOUR_NAMES = ['蓝', '橙', '绿', '红', '紫', '灰'] as const

/** Five columns of seven rows a sign, a bit a dot, lowest bit on top. */
const FONT: Readonly<Record<string, readonly number[]>> = {
  '0': [62, 81, 73, 69, 62],
  '1': [0, 66, 127, 64, 0],
  '2': [66, 97, 81, 73, 70],
  '3': [33, 65, 69, 75, 49],
  '4': [24, 20, 18, 127, 16],
  '5': [39, 69, 69, 69, 57],
  '6': [60, 74, 73, 73, 48],
  '7': [1, 113, 9, 5, 3],
  '8': [54, 73, 73, 73, 54],
  '9': [6, 73, 73, 41, 30],
  '-': [8, 8, 8, 8, 8],
  '.': [0, 96, 96, 0, 0],
  '%': [35, 19, 8, 100, 98],
  '/': [32, 16, 8, 4, 2],
  ':': [0, 54, 54, 0, 0],
  k: [127, 16, 40, 68, 0],
  M: [127, 2, 12, 2, 127],
  I: [0, 65, 127, 65, 0],
  V: [31, 32, 64, 32, 31],
}
const DOT = 3

class Canvas {
  readonly pixels = new Uint8Array(CHART.width * CHART.height * 3).fill(255)
  dot(x: number, y: number, colour: Rgb): void {
    if (x < 0 || y < 0 || x >= CHART.width || y >= CHART.height) return
    this.pixels.set(colour, (Math.round(y) * CHART.width + Math.round(x)) * 3)
  }
  box(x: number, y: number, width: number, height: number, colour: Rgb): void {
    for (let row = Math.round(y); row < Math.round(y + height); row += 1)
      for (let column = Math.round(x); column < Math.round(x + width); column += 1) this.dot(column, row, colour)
  }
  line(x1: number, y1: number, x2: number, y2: number, colour: Rgb, thick = 4): void {
    const steps = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1)))
    for (let n = 0; n <= steps; n += 1)
      this.box(x1 + ((x2 - x1) * n) / steps - thick / 2, y1 + ((y2 - y1) * n) / steps - thick / 2, thick, thick, colour)
  }
  text(text: string, x: number, y: number): void {
    for (const [at, sign] of [...text].entries())
      for (const [column, bits] of (FONT[sign] ?? [0, 0, 0, 0, 0]).entries())
        for (let row = 0; row < 7; row += 1) if (bits & (1 << row)) this.box(x + (at * 6 + column) * DOT, y + row * DOT, DOT, DOT, INK)
  }
}
const widthOf = (text: string): number => [...text].length * 6 * DOT

/** A round number at or above the highest value. */
export function ceilingOf(highest: number): number {
  if (highest <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(highest))
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= highest) ?? 10 * power
}
const shortOf = (value: number): string =>
  value >= 1e6 ? `${+(value / 1e6).toFixed(1)}M` : value >= 1e4 ? `${+(value / 1e3).toFixed(1)}k` : String(+value.toFixed(2))

/** The picture of a chart. Values below nothing do not occur in a report and are drawn as nothing. */
export function drawChart(chart: ReportChart): Buffer {
  const canvas = new Canvas()
  const width = CHART.width - PLOT.left - PLOT.right
  const height = CHART.height - PLOT.top - PLOT.bottom
  const top = ceilingOf(Math.max(0, ...chart.series.flatMap(({ values }) => values.map((value) => value ?? 0))))
  const yOf = (value: number): number => PLOT.top + height - (Math.max(0, value) / top) * height
  for (let n = 0; n <= 4; n += 1) {
    const value = (top * n) / 4
    canvas.box(PLOT.left, yOf(value), width, n === 0 ? 2 : 1, n === 0 ? INK : GRID)
    canvas.text(shortOf(value), PLOT.left - 12 - widthOf(shortOf(value)), yOf(value) - 10)
  }
  const slot = width / Math.max(1, chart.labels.length)
  const every = Math.ceil((Math.max(1, ...chart.labels.map(widthOf)) + 12) / slot)
  for (const [at, label] of chart.labels.entries())
    if (at % every === 0) canvas.text(label, PLOT.left + slot * (at + 0.5) - widthOf(label) / 2, CHART.height - PLOT.bottom + 16)
  for (const [index, { values }] of chart.series.entries()) {
    const colour = SERIES_COLOURS[index % SERIES_COLOURS.length] as Rgb
    let before: [number, number] | null = null
    for (const [at, value] of values.entries()) {
      if (value === null) {
        before = null
        continue
      }
      if (chart.kind === 'bar') {
        const bar = Math.max(2, (slot * 0.7) / chart.series.length)
        canvas.box(PLOT.left + slot * (at + 0.15) + bar * index, yOf(value), bar - 1, PLOT.top + height - yOf(value), colour)
      } else {
        const here: [number, number] = [PLOT.left + slot * (at + 0.5), yOf(value)]
        canvas.box(here[0] - 5, here[1] - 5, 10, 10, colour)
        if (before) canvas.line(before[0], before[1], here[0], here[1], colour)
        before = here
      }
    }
  }
  return pngOf(canvas.pixels)
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function pngOf(pixels: Uint8Array): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(CHART.width, 0)
  head.writeUInt32BE(CHART.height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const line = CHART.width * 3
  const rows = Buffer.alloc((line + 1) * CHART.height)
  for (let row = 0; row < CHART.height; row += 1) rows.set(pixels.subarray(row * line, (row + 1) * line), row * (line + 1) + 1)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
