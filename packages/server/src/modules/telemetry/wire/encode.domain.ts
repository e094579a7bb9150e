import type { Labels } from '../series.domain.ts'
import { type Column, Writer } from '../store/column.domain.ts'

export interface Encodable {
  length: number
  series: readonly { name: string; labels: Labels }[]
  at: Float64Array
  value: Column
}

const field = (out: Writer, key: number, bytes: Uint8Array): void => {
  out.byte(key)
  out.varint(bytes.length)
  out.blob(bytes)
}

/** `prometheus.WriteRequest` of remote write 1.0, a series a sample. */
export function encodeWriteV1({ length, series, at, value }: Encodable): Buffer {
  const out = new Writer()
  for (let i = 0; i < length; i++) {
    const { name, labels } = series[i] as { name: string; labels: Labels }
    const one = new Writer()
    const all: [string, string][] = [['__name__', name], ...Object.entries(labels)]
    for (const [label, text] of all.sort(([a], [b]) => (a < b ? -1 : 1))) {
      const pair = new Writer()
      field(pair, 0x0a, Buffer.from(label))
      field(pair, 0x12, Buffer.from(text))
      field(one, 0x0a, pair.take())
    }
    const sample = new Writer()
    sample.byte(0x09)
    sample.blob(new Uint8Array(value.words.buffer, value.words.byteOffset + 8 * i, 8))
    sample.byte(0x10)
    sample.varint(at[i] as number)
    field(one, 0x12, sample.take())
    field(out, 0x0a, one.take())
  }
  return out.take()
}
