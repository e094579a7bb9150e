import {
  type Bound,
  graver,
  type Level,
  type Metric,
  OBJECT_LABELS,
  type Pack,
  type Reading,
  type Rule,
  type Source,
  secondsOf,
} from './pack.domain.ts'
import { readSelector } from './selector.domain.ts'

/** As a rule file of Prometheus and vmalert has it; JSON is YAML, so it may be written either way. */
export interface RuleFile {
  groups: { name: string; interval: string; rules: PromRule[] }[]
}
export interface PromRule {
  alert: string
  expr: string
  for: string
  keep_firing_for?: string
  labels: Record<string, string>
  annotations: Record<string, string>
}

/** 90 s are `90s`, 5 minutes `5m`. */
export function promSpan(text: string): string {
  const seconds = secondsOf(text)
  if (seconds % 86_400 === 0 && seconds > 0) return `${seconds / 86_400}d`
  if (seconds % 3_600 === 0 && seconds > 0) return `${seconds / 3_600}h`
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60}m` : `${seconds}s`
}

const quoted = (text: string): string => JSON.stringify(text)
function selectorOf({ name, match }: Reading): string {
  const all = Object.entries(match).map(([label, written]) => {
    const { op, text } = readSelector(written)
    return `${label}${op}${quoted(text)}`
  })
  return all.length === 0 ? name : `${name}{${all.join(',')}}`
}
function readOf(reading: Reading): string {
  const selector = selectorOf(reading)
  const window = `${selector}[${promSpan(reading.over ?? 'PT5M')}]`
  if (reading.read === 'rate') return `rate(${window})`
  if (reading.read === 'increase') return `increase(${window})`
  if (reading.read === 'avg') return `avg_over_time(${window})`
  return reading.read === 'until' ? `(${selector} - time())` : selector
}
const labelsOf = (source: Source): string => [...OBJECT_LABELS, ...source.by].join(', ')
const folded = (reading: Reading, labels: string): string => `${reading.fold} by (${labels}) (${readOf(reading)})`

function sourceExpression(source: Source): string {
  const labels = labelsOf(source)
  let expr = folded(source, labels)
  // division by nothing gives no value
  if (source.per) expr = `${expr} / (${folded(source.per, labels)} != 0)`
  if (source.scale !== 1) expr = `(${expr}) * ${source.scale}`
  if (source.add !== 0) expr = `${source.scale === 1 && !source.per ? expr : `(${expr})`} + ${source.add}`
  return expr
}

/** The value of a metric: the sources one after the other, each only for what those before do not tell. */
export const metricExpression = ({ sources }: Metric): string =>
  sources.length === 1 && sources[0] ? sourceExpression(sources[0]) : sources.map((source) => `(${sourceExpression(source)})`).join(' or ')

const comparison = ({ above, below, equals, differs }: Bound): string => {
  if (above !== undefined) return `> ${above}`
  if (below !== undefined) return `< ${below}`
  return equals !== undefined ? `== ${equals}` : `!= ${differs}`
}

export const alertName = (rule: string): string => `changbai_${rule.replaceAll(/[.-]/g, '_')}`

/** Everything an alert says of itself besides what was measured; the intake finds the rule again by `changbai_rule`. */
const labelsFor = (pack: Pack, rule: Rule, metric: Metric, level: Level): Record<string, string> => ({
  changbai_rule: rule.id,
  changbai_pack: pack.pack,
  level,
  topic: metric.topic,
  ...(metric.clause ? { clause: metric.clause } : {}),
  ...(rule.cause ? { cause: rule.cause } : {}),
})
const annotationsFor = (rule: Rule, metric: Metric): Record<string, string> => ({
  summary: `${rule.title.zh} / ${rule.title.en}`,
  description: rule.hint.zh,
  value: '{{ $value }}',
  unit: metric.unit,
})

/**
 * A bound as an alert. Where readings stop while it fires, Prometheus alone would call it resolved; what `hold` adds keeps it firing as long as
 * nothing at all is measured.
 */
function boundRule(pack: Pack, rule: Rule, metric: Metric, bound: Bound): PromRule {
  const value = metricExpression(metric)
  const alert = alertName(rule.id)
  const crossed = `(${value}) ${comparison(bound)}`
  const by = [...OBJECT_LABELS, ...new Set(metric.sources.flatMap((source) => source.by))].join(', ')
  const held = `max by (${by}) (ALERTS{alertname=${quoted(alert)},level=${quoted(bound.level)},alertstate="firing"}) unless on (${by}) (${value})`
  return {
    alert,
    expr: rule.missing === 'recover' ? crossed : `(${crossed}) or (${held})`,
    for: promSpan(rule.for),
    ...(secondsOf(rule.settle) > 0 ? { keep_firing_for: promSpan(rule.settle) } : {}),
    labels: labelsFor(pack, rule, metric, bound.level),
    annotations: annotationsFor(rule, metric),
  }
}

/** Told within the last day, and silent now: an alarm of its own. */
function missingRule(pack: Pack, rule: Rule, metric: Metric): PromRule[] {
  if (rule.missing !== 'hold') return []
  const perSource = metric.sources.map((source) => {
    const { name, match } = source
    const seen = selectorOf({ ...source, name, match })
    const labels = labelsOf(source)
    return `(max by (${labels}) (present_over_time(${seen}[1d])) unless max by (${labels}) (present_over_time(${seen}[${promSpan(rule.missingAfter)}])))`
  })
  return [
    {
      alert: `${alertName(rule.id)}_missing`,
      expr: perSource.join(' or '),
      for: '0s',
      labels: { ...labelsFor(pack, rule, metric, rule.missingLevel), changbai_missing: 'true' },
      annotations: { ...annotationsFor(rule, metric), summary: `无数据：${rule.title.zh} / no data: ${rule.title.en}` },
    },
  ]
}

/** Rule files for Prometheus 2.42 and vmalert, a group for each pack. */
export function compilePack(pack: Pack, metrics: ReadonlyMap<string, Metric>): RuleFile {
  const rules = pack.rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => {
      const metric = metrics.get(rule.metric)
      if (!metric) return []
      const gravestFirst = [...rule.levels].sort((a, b) => (graver(a.level, b.level) ? -1 : 1))
      return [...gravestFirst.map((bound) => boundRule(pack, rule, metric, bound)), ...missingRule(pack, rule, metric)]
    })
  return { groups: [{ name: `changbai-${pack.pack}`, interval: '15s', rules }] }
}
