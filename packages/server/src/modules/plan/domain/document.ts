import { Bilingual, Limit } from '@changbai/contract/calendar.ts'
import { roleCodes } from '@changbai/contract/capability.ts'
import { ItemGroup, RoundKind } from '@changbai/contract/inspection.ts'
import { ClauseMeter, Frequency, ParameterKind } from '@changbai/contract/plan.ts'
import { z } from 'zod'

const words = Bilingual.strict()
const id = z.string().min(1).max(80)
/** `{ S: '4.3-1, line 111' }`: one letter and where it stands. */
const ProvenanceLine = z
  .union([z.strictObject({ S: z.string().min(1) }), z.strictObject({ P: z.string().min(1) }), z.strictObject({ J: z.string().min(1) })])
  .transform((line) => {
    const [[kind, ref] = ['J', '']] = Object.entries(line)
    return { kind: kind as 'S' | 'P' | 'J', ref: String(ref) }
  })

const Role = z.strictObject({
  code: z.enum(roleCodes),
  zh: z.string(),
  en: z.string(),
  duty: words,
  provenance: z.array(ProvenanceLine).min(1),
})
const Named = z.strictObject({ id, zh: z.string(), en: z.string() })

const ParameterLine = z.strictObject({
  key: z.string().regex(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/, 'a key is written group.name'),
  group: id,
  title: words,
  kind: ParameterKind,
  value: z.json(),
  unit: z.string().min(1).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  provenance: z.array(ProvenanceLine).min(1),
  clauses: z.array(id).default([]),
  note: words.optional(),
})
export type ParameterLine = z.infer<typeof ParameterLine>

const ClauseLine = z.strictObject({
  id,
  alias: id.optional(),
  chapter: id,
  title: words,
  obligors: z.array(z.enum([...roleCodes, 'PROVIDER'] as const)).min(1),
  trigger: words,
  frequency: Frequency,
  /** Key of the parameter that is its limit. */
  deadline: id.optional(),
  evidence: words,
  /** `R` is the common formula of most clauses. */
  formula: z.union([z.literal('R'), words]),
  redLine: z.boolean().default(false),
  parameters: z.array(id).default([]),
  readings: z.array(id).default([]),
  /** How it is measured, once per kind of promise; `of` names what a module records. */
  meter: ClauseMeter.optional(),
  of: id.optional(),
  /** Of a rhythm: how often in each stretch, as a number or the key of a parameter. */
  times: z.union([z.int().min(1).max(100), id]).optional(),
  per: z.enum(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR']).optional(),
})
export type ClauseLine = z.infer<typeof ClauseLine>

export const PlanDocument = z.strictObject({
  title: words,
  scope: words,
  chapters: z.array(Named).min(1),
  groups: z.array(Named).min(1),
  roles: z.array(Role).min(1),
  parameters: z.array(ParameterLine).min(1),
  clauses: z.array(ClauseLine).min(1),
})
export type PlanDocument = z.infer<typeof PlanDocument>

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time is written 08:30')
const span = z.tuple([clockTime, clockTime]).refine(([from, to]) => from < to, 'a span runs forwards')
const inOrder = (spans: readonly (readonly [string, string])[]): boolean =>
  spans.every(([from], index) => index === 0 || (spans[index - 1]?.[1] ?? '') <= from)
const spans = z.array(span).min(1).refine(inOrder, 'spans stand in order and do not overlap')
const minutes = z.int().min(1).max(14_400)
export const SeverityClock = z.strictObject({
  severity: z.enum(['I', 'II', 'III', 'IV']),
  zh: z.string(),
  en: z.string(),
  responseMinutes: minutes,
  planMinutes: minutes,
  resolveMinutes: minutes,
})
export type SeverityClock = z.infer<typeof SeverityClock>
const bound = z.number().min(0).optional()
const condition = z
  .strictObject({ metric: id, atMost: bound, below: bound, above: bound })
  .refine(
    ({ atMost, below, above }) => [atMost, below, above].filter((one) => one !== undefined).length === 1,
    'exactly one of atMost, below, above',
  )

/** Structured parameters the code reads; any other structure is free. */
const structures: Record<string, z.ZodType> = {
  'calendar.businessHours': spans,
  'calendar.hotlineHours': spans,
  'inspection.facilityWindows': spans,
  'inspection.tenantUntil': z.array(clockTime).min(1),
  'inspection.items': z
    .array(
      z.strictObject({
        kind: RoundKind,
        group: ItemGroup,
        code: z.string().regex(/^[a-z][A-Za-z.]*$/, 'a code is written led.server'),
        zh: z.string(),
        en: z.string(),
        unit: z.string().min(1).optional(),
        okFrom: z.number().optional(),
        okTo: z.number().optional(),
        hint: words.optional(),
      }),
    )
    .min(1)
    .refine((items) => new Set(items.map((item) => item.code)).size === items.length, 'a code stands once'),
  'downtime.window': z.tuple([clockTime, clockTime]),
  'provisioning.leaseRemindDays': z.array(z.int().min(1).max(365)).min(1),
  'reclaim.tenantReminders': z.array(z.int().min(1).max(60)).min(1),
  'compliance.redLines': z.array(id).min(1),
  'monitoring.escalation': z
    .array(z.strictObject({ afterMinutes: minutes, roles: z.array(z.enum(roleCodes)).min(1) }))
    .refine(
      (all) => all.every((one, index) => index === 0 || one.afterMinutes > (all[index - 1]?.afterMinutes ?? 0)),
      'steps stand in order',
    ),
  'incident.severityClocks': z
    .array(SeverityClock)
    .length(4)
    .refine((clocks) => ['I', 'II', 'III', 'IV'].every((name, index) => clocks[index]?.severity === name), 'the four severities in order'),
  'reclaim.peak': z.strictObject({
    averageMinutes: z.int().min(1).max(60),
    statistic: z.literal('MAX'),
    coveragePercent: z.number().min(1).max(100),
    excludeApprovedWindows: z.boolean(),
  }),
  'reclaim.rules': z
    .array(
      z.strictObject({
        rule: id,
        subject: z.enum(['SERVER', 'CLUSTER', 'VOLUME']),
        days: z.int().min(1).max(365),
        all: z.array(condition).min(1),
        proposal: z.enum(['RELEASE', 'RIGHT_SIZE', 'CLUSTER_SHRINK', 'SHRINK', 'TIER_DOWN']),
      }),
    )
    .min(1),
}

const shapeOf: Record<ParameterKind, (key: string) => z.ZodType> = {
  NUMBER: () => z.number(),
  TEXT: () => z.string().min(1).max(500),
  FLAG: () => z.boolean(),
  DURATION: () => Limit,
  STRUCTURE: (key) => structures[key] ?? z.union([z.array(z.json()), z.record(z.string(), z.json())]),
}

export interface ValueFlaw {
  path: readonly PropertyKey[]
  reason: string
}

/** What is wrong with a value of this parameter; empty when nothing is. */
export function flawsOfValue(parameter: Pick<ParameterLine, 'key' | 'kind' | 'min' | 'max' | 'unit'>, value: unknown): ValueFlaw[] {
  const result = shapeOf[parameter.kind](parameter.key).safeParse(value)
  if (!result.success) return result.error.issues.map((issue) => ({ path: issue.path, reason: issue.message }))
  if (typeof value !== 'number') return []
  const unit = parameter.unit ? ` ${parameter.unit}` : ''
  if (parameter.min !== undefined && value < parameter.min)
    return [{ path: [], reason: `${value} is below the least, ${parameter.min}${unit}` }]
  if (parameter.max !== undefined && value > parameter.max)
    return [{ path: [], reason: `${value} is above the most, ${parameter.max}${unit}` }]
  return []
}
