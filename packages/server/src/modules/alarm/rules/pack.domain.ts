import { OutageDomain } from '@changbai/contract/availability.shapes.ts'
import { Bilingual } from '@changbai/contract/calendar.ts'
import { z } from 'zod'

/**
 * The neutral form of a rule pack. A metric is one thing to know of an object, read from whatever exporter tells it; a rule is a bound on a metric; an
 * event rule gives a level to what a device reports by itself. Both the embedded evaluator and the PromQL files are made from it, so it holds
 * nothing that only one of them can do: a reading is folded, divided by another, scaled and shifted, and then compared with constants.
 */
const words = Bilingual.strict()
const id = z.string().regex(/^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/, 'a name is written cpu.busy or cpu-busy')
const clauseId = z.string().regex(/^\d+(?:\.\d+)*(?:-[0-9A-Za-z()]+)*$/, "a clause is written '5.3-1'")
const metricName = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, 'not the name of a series')
const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'not the name of a label')
/** Whole seconds, minutes, hours or days: what PromQL can write too. */
const span = z.string().regex(/^(?:P[1-9]\d*D|PT(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)$/, 'a length of time is written PT5M, PT90S or P14D')

export const levels = ['I', 'II', 'III', 'IV'] as const
export const Level = z.enum(levels)
export type Level = z.infer<typeof Level>

/** What a rule looks at; the coverage page asks each object of a class for its metrics. */
export const objectClasses = [
  'vm',
  'baremetal',
  'network-device',
  'storage-array',
  'tape-library',
  'application',
  'uplink',
  'facility',
  'source',
] as const
export const ObjectClass = z.enum(objectClasses)
export type ObjectClass = z.infer<typeof ObjectClass>

/** What the plan lists in 5.2 and 5.3, for coverage by clause. */
export const topics = [
  'reach',
  'device-load',
  'device-log',
  'policy',
  'bandwidth',
  'attack',
  'cpu',
  'memory',
  'disk-use',
  'performance',
  'power-fan-temperature',
  'disk-health',
  'nic-raid',
  'storage-hardware',
  'certificate',
  'collection',
] as const
export const Topic = z.enum(topics)
export type Topic = z.infer<typeof Topic>

/** `a` is exactly that, `!a` anything else, `~a|b` a pattern that must match whole, `!~a|b` one that must not. */
const match = z.record(labelName, z.string().max(300)).default({})
const reads = ['last', 'rate', 'increase', 'avg', 'until'] as const
const folds = ['sum', 'avg', 'max', 'min', 'count'] as const

const reading = {
  name: metricName,
  match,
  /** `last` value, `rate` per second or `increase` of a counter, `avg` of a while, `until`: seconds from now to the instant it names. */
  read: z.enum(reads).default('last'),
  /** How far back `rate`, `increase` and `avg` look. */
  over: span.optional(),
  fold: z.enum(folds).default('max'),
}
export const Reading = z.strictObject(reading)
export type Reading = z.infer<typeof Reading>

export const Source = z.strictObject({
  ...reading,
  /** Who tells it: the exporter's usual name. */
  exporter: z.string().min(1).max(40),
  /** Labels that tell several of the kind on one object apart, e.g. `device`. */
  by: z.array(labelName).max(4).default([]),
  /** What it is divided by, folded over the same labels. Where that is 0 there is no value. */
  per: Reading.optional(),
  scale: z.number().default(1),
  add: z.number().default(0),
})
export type Source = z.infer<typeof Source>

export const Metric = z.strictObject({
  id,
  title: words,
  unit: z.string().max(20).default(''),
  topic: Topic,
  clause: clauseId.optional(),
  /** Objects that must report it; the rest may. */
  expects: z.array(ObjectClass).default([]),
  /** In order: where several tell the same of one object, the first is believed. */
  sources: z.array(Source).min(1),
})
export type Metric = z.infer<typeof Metric>

const bounds = { above: z.number().optional(), below: z.number().optional(), equals: z.number().optional(), differs: z.number().optional() }
const oneBound = (given: Record<string, unknown>): boolean =>
  ['above', 'below', 'equals', 'differs'].filter((name) => given[name] !== undefined).length === 1
export const Bound = z.strictObject({ level: Level, ...bounds }).refine(oneBound, 'exactly one of above, below, equals, differs')
export type Bound = z.infer<typeof Bound>

/** Whose outage it is when an application is down by it, in the words of 7.1. */
const CauseDomain = OutageDomain

/** Readings a minute apart, oldest first, `_` where there is none; and what must come of them at the last. */
export const TestVector = z.strictObject({
  series: z.record(z.string().min(1), z.string().min(1)),
  value: z.number().optional(),
  level: z.union([Level, z.literal('none')]),
})
export type TestVector = z.infer<typeof TestVector>

export const Rule = z.strictObject({
  id,
  title: words,
  metric: id,
  /** Gravest first is not required: the gravest bound that is crossed gives the level. */
  levels: z.array(Bound).min(1).max(4),
  /** How long a bound must be crossed. */
  for: span.default('PT0S'),
  /** How long it must be good again before the alarm is closed. */
  settle: span.default('PT2M'),
  /** Nothing heard: `hold` keeps the alarm as it is and raises one of its own, `recover` takes it as good, `ignore` keeps and says nothing. */
  missing: z.enum(['hold', 'recover', 'ignore']).default('hold'),
  missingAfter: span.default('PT5M'),
  missingLevel: Level.default('III'),
  cause: CauseDomain.optional(),
  /** While it fires the object is as good as gone: alarms of what needs it point here, and applications that cannot do without are down. */
  lost: z.boolean().default(false),
  /** Opens an incident; a level IV rule usually does not. */
  incident: z.boolean().default(true),
  hint: words,
  enabled: z.boolean().default(true),
  tests: z.array(TestVector).default([]),
})
export type Rule = z.infer<typeof Rule>

/** What a device or sensor says by itself. Matched against the fields of the event, as labels are. */
export const eventSources = ['suricata', 'fastnetmon', 'redfish', 'alertmanager'] as const
export const EventRule = z.strictObject({
  id,
  title: words,
  source: z.enum(eventSources),
  match,
  level: Level,
  topic: Topic,
  clause: clauseId.optional(),
  cause: CauseDomain.optional(),
  /** An event without an end is over after this long without another. */
  quietAfter: span.default('PT15M'),
  incident: z.boolean().default(true),
  hint: words,
})
export type EventRule = z.infer<typeof EventRule>

export const Pack = z.strictObject({
  pack: id,
  title: words,
  metrics: z.array(Metric).default([]),
  rules: z.array(Rule).default([]),
  events: z.array(EventRule).default([]),
})
export type Pack = z.infer<typeof Pack>

/** Labels that say whose reading it is: the inventory's own id where discovery gave it, else the address. */
export const OBJECT_LABELS = ['ci_id', 'instance'] as const

/** Seconds of a length of time as packs write it. */
export function secondsOf(text: string): number {
  const [, days, hours, minutes, seconds] = /^P(?:(\d+)D|T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)$/.exec(text) ?? []
  return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
}

/** I is the gravest. */
export const graver = (a: Level, b: Level): boolean => levels.indexOf(a) < levels.indexOf(b)
export const gravest = (found: readonly Level[]): Level | null => levels.find((level) => found.includes(level)) ?? null
