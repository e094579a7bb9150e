import { z } from 'zod'
import type { Bilingual, DraftContent, FieldLabel, FileField, FormSection, Gap, SectionProgress } from './forms.ts'

// What is missing in a draft, computed from the strict schema and the labels it carries. Pure: the server decides by it, the web may show it at once.

/** A form as data: strict schema of the finished content, sections in order, file fields. */
export interface FormShape {
  schema: z.ZodObject
  sections: readonly FormSection[]
  files: Readonly<Record<string, FileField>>
}

/** More gaps than this are not listed: nobody works through them, and the first ones are the ones to fix. */
export const GAPS_LISTED_MAX = 300

const unwrap = (schema: z.ZodType | undefined): z.ZodType | undefined =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrap(schema.unwrap() as z.ZodType) : schema

const childOf = (schema: z.ZodType | undefined, key: string): z.ZodType | undefined => {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject) return inner.shape[key] as z.ZodType | undefined
  if (inner instanceof z.ZodArray && /^\d+$/.test(key)) return inner.element as z.ZodType
  return undefined
}

const metaOf = (schema: z.ZodType | undefined): FieldLabel | undefined => (schema?.meta() as { label?: FieldLabel } | undefined)?.label

/** The schema and label of the field at `path`, e.g. `devices.2.vcpu`. */
export function fieldAt(shape: FormShape, path: string): { schema: z.ZodType | undefined; label: FieldLabel | undefined } {
  let schema: z.ZodType | undefined = shape.schema
  for (const key of path.split('.')) schema = childOf(schema, key)
  return { schema, label: metaOf(schema) }
}

/** How a field is called by people: 「设备清单第 3 行 vCPU」. */
export function nameOf(shape: FormShape, path: string): Bilingual {
  const file = shape.files[path]
  if (file) return { zh: file.zh, en: file.en }
  const zh: string[] = []
  const en: string[] = []
  let schema: z.ZodType | undefined = shape.schema
  for (const key of path.split('.')) {
    schema = childOf(schema, key)
    const label = metaOf(schema)
    if (/^\d+$/.test(key)) {
      zh.push(`第 ${Number(key) + 1} 行`)
      en.push(`line ${Number(key) + 1}`)
    } else {
      zh.push(label?.zh ?? key)
      en.push(label?.en ?? key)
    }
  }
  return { zh: zh.join(' '), en: en.join(', ') }
}

/** Section a field belongs to; sub-section (`4.3`) where sections are numbered. */
export function sectionOf(shape: FormShape, path: string): string {
  const field = path.split('.')[0] as string
  const section = shape.sections.find((one) => one.fields.includes(field))
  if (!section) return '0'
  return section.numbered ? `${section.id}.${section.fields.indexOf(field) + 1}` : section.id
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

export const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.values(value).every(isBlank))

/** Leaves out what a person has not filled in; rows of a list keep their places. */
export function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? compact(item) : item))
  if (!isObject(value)) return value
  const kept: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) if (!isBlank(inner)) kept[key] = compact(inner)
  return kept
}

export const valueAt = (content: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, key) => (at === null || at === undefined ? undefined : (at as Record<string, unknown>)[key]), content)

/** The rows of a list in a draft; anything that is not a row is left out. */
export const rowsOf = (content: DraftContent, field: string): Record<string, unknown>[] => {
  const value = content[field]
  return Array.isArray(value) ? value.filter(isObject) : []
}
/** A number as typed so far; null while it is none. */
export const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
export const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
export const groupOf = (content: DraftContent, field: string): Record<string, unknown> => {
  const value = content[field]
  return isObject(value) ? value : {}
}

export const missing = (shape: FormShape, path: string): Gap => {
  const name = nameOf(shape, path)
  const hint = shape.files[path] ? undefined : fieldAt(shape, path).label?.hint
  return {
    section: shape.files[path]?.section ?? sectionOf(shape, path),
    path,
    code: 'MISSING',
    message: { zh: `缺${name.zh}${hint ? `（${hint.zh}）` : ''}`, en: `${name.en} is missing${hint ? ` (${hint.en})` : ''}` },
  }
}

export const broken = (shape: FormShape, path: string, code: Gap['code'], zh: string, en: string): Gap => {
  const name = nameOf(shape, path)
  return { section: sectionOf(shape, path), path, code, message: { zh: `${name.zh}：${zh}`, en: `${name.en}: ${en}` } }
}

type Issue = z.core.$ZodIssue
const limitsOf = (issue: Issue): [string, string] => {
  if (issue.code === 'too_small') return [`不小于 ${issue.minimum}`, `at least ${issue.minimum}`]
  if (issue.code === 'too_big') return [`不大于 ${issue.maximum}`, `at most ${issue.maximum}`]
  if (issue.code === 'invalid_type')
    return issue.expected === 'number' || issue.expected === 'int' ? ['须填数字', 'a number is needed'] : ['须重填', 'needs another value']
  if (issue.code === 'invalid_value') return ['须从所列中选一项', 'choose one of those listed']
  return ['格式不对', 'not in the expected format']
}

function gapOf(shape: FormShape, issue: Issue, content: unknown): Gap {
  const path = issue.path.map(String).join('.')
  const value = valueAt(content, path)
  if (value === undefined || (issue.code === 'too_small' && Array.isArray(value))) return missing(shape, path)
  const isText = typeof value === 'string'
  if (issue.code === 'too_big' && isText)
    return broken(shape, path, 'TOO_LONG', `不超过 ${issue.maximum} 字`, `at most ${issue.maximum} characters`)
  if (issue.code === 'too_big' && Array.isArray(value))
    return broken(shape, path, 'TOO_LONG', `不超过 ${issue.maximum} 行`, `at most ${issue.maximum} lines`)
  const hint = fieldAt(shape, path).label?.hint
  const [zh, en] = hint ? [hint.zh, hint.en] : limitsOf(issue)
  const code =
    issue.code === 'invalid_value'
      ? 'UNKNOWN_CHOICE'
      : (issue.code === 'too_small' || issue.code === 'too_big') && !isText
        ? 'RANGE'
        : 'FORMAT'
  return broken(shape, path, code, zh, en)
}

/** Everything the strict schema finds wrong or absent, and the file fields that are always required. */
export function schemaGaps(shape: FormShape, content: DraftContent, files: ReadonlySet<string>): Gap[] {
  const filled = compact(content)
  const result = shape.schema.safeParse(filled)
  const gaps = result.success ? [] : result.error.issues.map((issue) => gapOf(shape, issue, filled))
  for (const [field, file] of Object.entries(shape.files))
    if (file.required === 'always' && !files.has(field)) gaps.push(missing(shape, field))
  return gaps
}

/** In the order of the form, one a field (the first thing wrong), at most {@link GAPS_LISTED_MAX}. */
export function arrangeGaps(shape: FormShape, gaps: readonly Gap[]): Gap[] {
  const order = new Map(shape.sections.flatMap((section) => section.fields).map((field, index) => [field, index]))
  const seen = new Set<string>()
  return gaps
    .filter((gap) => !seen.has(gap.path) && seen.add(gap.path))
    .map((gap, index) => ({ gap, index, at: order.get(gap.path.split('.')[0] as string) ?? 0 }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .slice(0, GAPS_LISTED_MAX)
    .map(({ gap }) => gap)
}

/** The countable entries of a field: a group counts each of its fields, everything else counts once. */
const entriesOf = (shape: FormShape, field: string): string[] => {
  const inner = unwrap(shape.schema.shape[field] as z.ZodType | undefined)
  return inner instanceof z.ZodObject ? Object.keys(inner.shape).map((key) => `${field}.${key}`) : [field]
}

const isRequired = (shape: FormShape, entry: string): boolean =>
  shape.files[entry] ? shape.files[entry].required === 'always' : !(fieldAt(shape, entry).schema instanceof z.ZodOptional)

/** Filled and required entries of each section, for the list at the left of a form. */
export function progressOf(
  shape: FormShape,
  content: DraftContent,
  files: ReadonlySet<string>,
  gaps: readonly Gap[],
  notApplicable: ReadonlySet<string> = new Set(),
): SectionProgress[] {
  const blocked = (entry: string) =>
    gaps.some((gap) => gap.path === entry || gap.path.startsWith(`${entry}.`) || entry.startsWith(`${gap.path}.`))
  return shape.sections.map((section) => {
    const title = { zh: section.zh, en: section.en }
    if (notApplicable.has(section.id)) return { id: section.id, title, filled: 0, of: 0, state: 'NOT_APPLICABLE' as const, gaps: 0 }
    const entries = section.fields.flatMap((field) => entriesOf(shape, field))
    const has = (entry: string) => (shape.files[entry] ? files.has(entry) : !isBlank(valueAt(content, entry)))
    const counted = entries.filter((entry) => has(entry) || isRequired(shape, entry) || blocked(entry))
    const open = gaps.filter((gap) => gap.section === section.id || gap.section.startsWith(`${section.id}.`)).length
    const touched = entries.some(has)
    return {
      id: section.id,
      title,
      filled: counted.filter((entry) => (has(entry) || !isRequired(shape, entry)) && !blocked(entry)).length,
      of: counted.length,
      state: open === 0 ? ('DONE' as const) : touched ? ('GAPS' as const) : ('EMPTY' as const),
      gaps: open,
    }
  })
}
