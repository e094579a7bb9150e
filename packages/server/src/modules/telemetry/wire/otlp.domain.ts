import { z } from 'zod'
import { columnOf, STALE_HIGH, STALE_LOW } from '../store/column.domain.ts'
import { Decoded, type LabelPairs } from './decoded.domain.ts'
import { Message } from './protobuf.domain.ts'

/** Shapes as OTLP's JSON has them; the protobuf form is read into the same. Numbers of 64 bits may be texts. */
const whole = z.union([z.number(), z.string().regex(/^-?\d{1,20}$/)]).transform(Number)
const nanos = z
  .union([z.number(), z.string().regex(/^\d{1,20}$/)])
  .transform((text) => Number(BigInt(Math.trunc(Number(text))) / 1_000_000n))
const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).transform(Number)
const AnyValue = z.object({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: whole.optional(),
  doubleValue: number.optional(),
})
const Attributes = z.array(z.object({ key: z.string(), value: AnyValue.optional() })).default([])
const point = { attributes: Attributes, timeUnixNano: nanos.default(0), flags: z.number().default(0) }
const NumberPoint = z.object({ ...point, asDouble: number.optional(), asInt: whole.optional() })
const HistogramPoint = z.object({
  ...point,
  count: whole.default(0),
  sum: number.optional(),
  bucketCounts: z.array(whole).default([]),
  explicitBounds: z.array(number).default([]),
})
const SummaryPoint = z.object({
  ...point,
  count: whole.default(0),
  sum: number.default(0),
  quantileValues: z.array(z.object({ quantile: number.default(0), value: number.default(0) })).default([]),
})
const temporality = z.union([z.number(), z.string()]).default(0)
const Metric = z.object({
  name: z.string().default(''),
  unit: z.string().default(''),
  gauge: z.object({ dataPoints: z.array(NumberPoint).default([]) }).optional(),
  sum: z
    .object({ dataPoints: z.array(NumberPoint).default([]), aggregationTemporality: temporality, isMonotonic: z.boolean().default(false) })
    .optional(),
  histogram: z.object({ dataPoints: z.array(HistogramPoint).default([]), aggregationTemporality: temporality }).optional(),
  exponentialHistogram: z.object({ dataPoints: z.array(z.unknown()).default([]) }).optional(),
  summary: z.object({ dataPoints: z.array(SummaryPoint).default([]) }).optional(),
})
const Request = z.object({
  resourceMetrics: z
    .array(
      z.object({
        resource: z.object({ attributes: Attributes }).default({ attributes: [] }),
        scopeMetrics: z.array(z.object({ metrics: z.array(Metric).default([]) })).default([]),
      }),
    )
    .default([]),
})
type MetricShape = z.output<typeof Metric>
type Attribute = z.output<typeof Attributes>

/** Which field of a message is what: a nested message, a list of them, or how its bytes are read. */
interface Shape {
  [field: number]: [
    name: string,
    kind: 'text' | 'uint' | 'bool' | 'double' | 'fixed' | 'signed' | 'doubles' | 'fixeds' | Shape,
    isList?: true,
  ]
}
const anyShape: Shape = { 1: ['stringValue', 'text'], 2: ['boolValue', 'bool'], 3: ['intValue', 'uint'], 4: ['doubleValue', 'double'] }
const attributeShape: Shape = { 1: ['key', 'text'], 2: ['value', anyShape] }
const numberShape: Shape = {
  3: ['timeUnixNano', 'fixed'],
  4: ['asDouble', 'double'],
  6: ['asInt', 'signed'],
  7: ['attributes', attributeShape, true],
  8: ['flags', 'uint'],
}
const histogramShape: Shape = {
  3: ['timeUnixNano', 'fixed'],
  4: ['count', 'fixed'],
  5: ['sum', 'double'],
  6: ['bucketCounts', 'fixeds'],
  7: ['explicitBounds', 'doubles'],
  9: ['attributes', attributeShape, true],
  10: ['flags', 'uint'],
}
const summaryShape: Shape = {
  3: ['timeUnixNano', 'fixed'],
  4: ['count', 'fixed'],
  5: ['sum', 'double'],
  6: ['quantileValues', { 1: ['quantile', 'double'], 2: ['value', 'double'] }, true],
  7: ['attributes', attributeShape, true],
  8: ['flags', 'uint'],
}
const metricShape: Shape = {
  1: ['name', 'text'],
  3: ['unit', 'text'],
  5: ['gauge', { 1: ['dataPoints', numberShape, true] }],
  7: ['sum', { 1: ['dataPoints', numberShape, true], 2: ['aggregationTemporality', 'uint'], 3: ['isMonotonic', 'bool'] }],
  9: ['histogram', { 1: ['dataPoints', histogramShape, true], 2: ['aggregationTemporality', 'uint'] }],
  10: ['exponentialHistogram', { 1: ['dataPoints', {}, true] }],
  11: ['summary', { 1: ['dataPoints', summaryShape, true] }],
}
const requestShape: Shape = {
  1: [
    'resourceMetrics',
    { 1: ['resource', { 1: ['attributes', attributeShape, true] }], 2: ['scopeMetrics', { 2: ['metrics', metricShape, true] }, true] },
    true,
  ],
}

function readMessage(message: Message, shape: Shape): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  while (message.next()) {
    const known = shape[message.field]
    if (!known) {
      message.skip()
      continue
    }
    const [name, kind, isList] = known
    const value = readField(message, kind)
    if (Array.isArray(value)) found[name] = [...((found[name] as unknown[] | undefined) ?? []), ...value]
    else if (!isList) found[name] = value
    else if (Array.isArray(found[name])) found[name].push(value)
    else found[name] = [value]
  }
  return found
}

function readField(message: Message, kind: Shape[number][1]): unknown {
  if (typeof kind === 'object') return readMessage(message.inner(), kind)
  const { bytes } = message
  switch (kind) {
    case 'text':
      return message.text()
    case 'uint':
      return message.uint()
    case 'bool':
      return message.uint() !== 0
    case 'double':
      return jsonNumber(bytes.readDoubleLE(message.fixed8()))
    case 'fixed':
      return bytes.readBigUInt64LE(message.fixed8()).toString()
    case 'signed':
      return bytes.readBigInt64LE(message.fixed8()).toString()
    default: {
      if (message.wire !== 2)
        return [kind === 'doubles' ? bytes.readDoubleLE(message.fixed8()) : bytes.readBigUInt64LE(message.fixed8()).toString()]
      const packed = message.inner()
      const found: unknown[] = []
      packed.wire = 1
      while (packed.at < packed.end) {
        const at = packed.fixed8()
        found.push(kind === 'doubles' ? jsonNumber(bytes.readDoubleLE(at)) : bytes.readBigUInt64LE(at).toString())
      }
      return found
    }
  }
}
const jsonNumber = (value: number): number | string => (Number.isFinite(value) ? value : String(value))

export class OtlpError extends Error {}

/** @throws ProtobufError or OtlpError if the body is no ExportMetricsServiceRequest */
export const decodeOtlp = (bytes: Buffer): Decoded => convert(readMessage(new Message(bytes), requestShape))
export function decodeOtlpJson(text: string): Decoded {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new OtlpError('not JSON')
  }
  return convert(body)
}

function convert(body: unknown): Decoded {
  const parsed = Request.safeParse(body)
  if (!parsed.success) throw new OtlpError(parsed.error.issues[0]?.path.join('.') ?? 'unknown shape')
  const decoded = new Decoded(256)
  for (const { resource, scopeMetrics } of parsed.data.resourceMetrics) {
    const common = resourceLabels(resource.attributes)
    for (const { metrics } of scopeMetrics) for (const metric of metrics) addMetric(decoded, metric, common)
  }
  return decoded
}

const clean = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_:]/g, '_').replace(/^(?=\d)/, '_')
const textOf = (value: z.output<typeof AnyValue> | undefined): string =>
  String(value?.stringValue ?? value?.boolValue ?? value?.intValue ?? value?.doubleValue ?? '')

/** As Prometheus does: job is the service, instance its id; our own label of the object is kept. */
function resourceLabels(attributes: Attribute): LabelPairs {
  const of = new Map(attributes.map(({ key, value }) => [key, textOf(value)]))
  const namespace = of.get('service.namespace')
  const service = of.get('service.name') ?? ''
  const pairs: [string, string][] = [
    ['job', namespace ? `${namespace}/${service}` : service],
    ['instance', of.get('service.instance.id') ?? of.get('host.name') ?? ''],
    ['ci_id', of.get('ci_id') ?? of.get('ci.id') ?? ''],
  ]
  return pairs.filter(([, value]) => value !== '')
}

const UNITS: Record<string, string> = {
  s: 'seconds',
  ms: 'milliseconds',
  By: 'bytes',
  '%': 'percent',
  Cel: 'celsius',
  W: 'watts',
  Hz: 'hertz',
  V: 'volts',
}

/** The name as Prometheus translates it: unit and, for a growing sum, `_total` at its end. */
function nameOf({ name, unit, gauge, sum }: MetricShape): string {
  let found = clean(name)
  const word = unit === '1' && gauge ? 'ratio' : UNITS[unit]
  if (word && !found.endsWith(`_${word}`) && !found.includes(`_${word}_`)) found = `${found}_${word}`
  if (sum?.isMonotonic && !found.endsWith('_total')) found = `${found}_total`
  return found
}

const isDelta = (temporality: number | string): boolean => temporality === 1 || temporality === 'AGGREGATION_TEMPORALITY_DELTA'

function addMetric(decoded: Decoded, metric: MetricShape, common: LabelPairs): void {
  const name = nameOf(metric)
  const add = (at: number, isMissing: boolean, value: number, suffix: string, labels: LabelPairs): void => {
    const pairs: LabelPairs = [['__name__', `${name}${suffix}`], ...common, ...labels]
    const { words } = columnOf([value])
    if (isMissing) decoded.addSample(at, STALE_LOW, STALE_HIGH)
    else decoded.addSample(at, words[0] as number, words[1] as number)
    decoded.series.push({ key: JSON.stringify(pairs), readPairs: () => pairs })
  }
  const labelsOf = (attributes: Attribute): LabelPairs => attributes.map(({ key, value }) => [clean(key), textOf(value)] as const)
  const isMissing = (flags: number): boolean => (flags & 1) === 1

  if (metric.sum && isDelta(metric.sum.aggregationTemporality)) decoded.reject('delta', metric.sum.dataPoints.length, () => name)
  else
    for (const { attributes, timeUnixNano, flags, asDouble, asInt } of (metric.gauge ?? metric.sum)?.dataPoints ?? [])
      add(timeUnixNano, isMissing(flags), asDouble ?? asInt ?? Number.NaN, '', labelsOf(attributes))

  if (metric.histogram && isDelta(metric.histogram.aggregationTemporality))
    decoded.reject('delta', metric.histogram.dataPoints.length, () => name)
  else
    for (const { attributes, timeUnixNano: at, flags, count, sum, bucketCounts, explicitBounds } of metric.histogram?.dataPoints ?? []) {
      const labels = labelsOf(attributes)
      let below = 0
      for (const [i, inBucket] of bucketCounts.entries()) {
        below += inBucket
        const bound = explicitBounds[i]
        add(at, isMissing(flags), below, '_bucket', [...labels, ['le', bound === undefined ? '+Inf' : String(bound)]])
      }
      add(at, isMissing(flags), count, '_count', labels)
      if (sum !== undefined) add(at, isMissing(flags), sum, '_sum', labels)
    }
  for (const { attributes, timeUnixNano: at, flags, count, sum, quantileValues } of metric.summary?.dataPoints ?? []) {
    const labels = labelsOf(attributes)
    for (const { quantile, value } of quantileValues) add(at, isMissing(flags), value, '', [...labels, ['quantile', String(quantile)]])
    add(at, isMissing(flags), count, '_count', labels)
    add(at, isMissing(flags), sum, '_sum', labels)
  }
  const exponential = metric.exponentialHistogram?.dataPoints.length ?? 0
  if (exponential > 0) decoded.reject('histogram', exponential, () => name)
}
