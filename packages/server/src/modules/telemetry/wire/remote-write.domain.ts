import { Decoded, type DecodedSeries, type LabelPairs } from './decoded.domain.ts'
import type { LabelBytes } from './label-cache.domain.ts'
import { Message, ProtobufError } from './protobuf.domain.ts'

/** A series of one sample takes about this many bytes; the guess only saves growing. */
const SERIES_BYTES = 100

/** value=1 fixed64, timestamp=2 int64, of the series that is added next. */
function readSample(sample: Message, decoded: Decoded): void {
  const { bytes } = sample
  let low = 0
  let high = 0
  let at = 0
  while (sample.next()) {
    if (sample.field === 1 && sample.wire === 1) {
      const from = sample.fixed8()
      low = bytes.readUInt32LE(from)
      high = bytes.readUInt32LE(from + 4)
    } else if (sample.field === 2 && sample.wire === 0) at = sample.uint()
    else sample.skip()
  }
  decoded.addSample(at, low, high)
}

/** A series as it lies in the request; its labels are read only if the key is not known. */
class SeriesV1 implements DecodedSeries {
  readonly key: string | LabelBytes
  private readonly bytes: Buffer
  private readonly from: number
  private readonly to: number
  constructor(key: string | LabelBytes, bytes: Buffer, from: number, to: number) {
    this.key = key
    this.bytes = bytes
    this.from = from
    this.to = to
  }
  readPairs(): LabelPairs {
    return readPairs(new Message(this.bytes, this.from, this.to))
  }
}

function readPairs(series: Message): LabelPairs {
  const pairs: LabelPairs = []
  while (series.next()) {
    if (series.field !== 1) {
      series.skip()
      continue
    }
    const label = series.inner()
    let name = ''
    let value = ''
    while (label.next()) {
      if (label.field === 1) name = label.text()
      else if (label.field === 2) value = label.text()
      else label.skip()
    }
    pairs.push([name, value])
  }
  return pairs
}

/**
 * Remote write 1.0, `prometheus.WriteRequest`: timeseries=1 {labels=1 {name=1, value=2}, samples=2, exemplars=3, histograms=4}, metadata=3.
 * @throws ProtobufError if the bytes are no such message
 */
export function decodeWriteV1(bytes: Buffer): Decoded {
  const decoded = new Decoded(Math.ceil(bytes.length / SERIES_BYTES))
  const request = new Message(bytes)
  const walk: Walk = {
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    series: new Message(bytes),
    sample: new Message(bytes),
    decoded,
  }
  while (request.next()) {
    if (request.field !== 1) {
      request.skip()
      continue
    }
    const to = request.span()
    readSeriesV1(walk, request.at, to)
    request.at = to
  }
  return decoded
}

/** What is used again for each series of a request. */
interface Walk {
  view: DataView
  series: Message
  sample: Message
  decoded: Decoded
}
function readSeriesV1({ view, series, sample, decoded }: Walk, from: number, to: number): void {
  const { bytes } = series.over(from, to)
  let histograms = 0
  let labelsFrom = from
  let labelsTo = from
  let areTogether = true
  for (let begin = from; series.next(); begin = series.at) {
    if (series.field === 1) {
      const end = series.span()
      if (labelsTo === from) labelsFrom = begin
      else if (begin !== labelsTo) areTogether = false
      labelsTo = end
      series.at = end
    } else if (series.field === 2) {
      const end = series.span()
      readSample(sample.over(series.at, end), decoded)
      series.at = end
    } else {
      if (series.field === 4) histograms += 1
      series.skip()
    }
  }
  // labels stand together in what every known sender writes: then their bytes are the key
  const key = areTogether ? { view, from: labelsFrom, to: labelsTo } : JSON.stringify(readPairs(new Message(bytes, from, to)))
  decoded.series.push(new SeriesV1(key, bytes, from, to))
  if (histograms > 0) decoded.reject('histogram', histograms, () => JSON.stringify(readPairs(new Message(bytes, from, to))))
}

/**
 * Remote write 2.0, `io.prometheus.write.v2.Request`: symbols=4, timeseries=5 {labels_refs=1, samples=2, histograms=3, exemplars=4, metadata=5}.
 * @throws ProtobufError if the bytes are no such message or the symbols do not begin with the empty one
 */
export function decodeWriteV2(bytes: Buffer): Decoded {
  const symbols: string[] = []
  const spans: number[] = []
  const request = new Message(bytes)
  while (request.next()) {
    // a NUL would make two series one key; what replaces it is refused as no text
    if (request.field === 4) symbols.push(request.text().replaceAll('\0', '\ufffd'))
    else if (request.field === 5) {
      const end = request.span()
      spans.push(request.at, end)
      request.at = end
    } else request.skip()
  }
  if (spans.length > 0 && symbols[0] !== '') throw new ProtobufError('the first symbol must be empty')
  const decoded = new Decoded(Math.ceil(bytes.length / 40))
  for (let i = 0; i < spans.length; i += 2) readSeriesV2(new Message(bytes, spans[i], spans[i + 1]), symbols, decoded)
  return decoded
}

function readSeriesV2(series: Message, symbols: readonly string[], decoded: Decoded): void {
  const { bytes } = series
  const refs: number[] = []
  const samples: number[] = []
  let histograms = 0
  while (series.next()) {
    if (series.field === 1 && series.wire === 2) {
      const packed = series.inner()
      while (packed.at < packed.end) refs.push(packed.uint())
    } else if (series.field === 1 && series.wire === 0) refs.push(series.uint())
    else if (series.field === 2) {
      const end = series.span()
      samples.push(series.at, end)
      series.at = end
    } else {
      if (series.field === 3) histograms += 1
      series.skip()
    }
  }
  const words = refs.map((ref) => symbols[ref])
  if (refs.length % 2 === 1 || words.includes(undefined)) {
    decoded.reject('malformed', Math.max(1, samples.length / 2 + histograms), () => `labels_refs ${refs.slice(0, 20).join(',')}`)
    return
  }
  const pairsOf = (): LabelPairs => {
    const pairs: LabelPairs = []
    for (let i = 0; i < words.length; i += 2) pairs.push([words[i] as string, words[i + 1] as string])
    return pairs
  }
  for (let i = 0; i < samples.length; i += 2) readSample(new Message(bytes, samples[i], samples[i + 1]), decoded)
  decoded.series.push({ key: `2${words.join('\0')}`, readPairs: pairsOf })
  if (histograms > 0) decoded.reject('histogram', histograms, () => JSON.stringify(pairsOf()))
}
