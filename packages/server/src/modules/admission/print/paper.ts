import type { DraftContent, FieldLabel, Totals } from '@changbai/contract/forms.ts'
import { totalsLabels } from '@changbai/contract/forms.ts'
import { type FormShape, fieldAt, isBlank } from '@changbai/contract/gaps.ts'
import { z } from 'zod'
import { showValue } from '../domain/compare.ts'
import type { KeptAttachment } from '../form.store.ts'
import { type Block, type Column, gap, gridOf, headingOf, noteOf, type Pair, pairsOf, subHeadingOf, textOf } from './word.ts'

const NUMERALS = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'] as const
export const numeral = (index: number): string => NUMERALS[index] ?? String(index)

const inner = (schema: z.ZodType | undefined): z.ZodType | undefined =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? inner(schema.unwrap() as z.ZodType) : schema
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const labelOf = (schema: z.ZodType | undefined): FieldLabel | undefined => (schema?.meta() as { label?: FieldLabel } | undefined)?.label
const shown = (value: unknown, label: FieldLabel | undefined): string => (isBlank(value) ? '—' : (showValue(value, label) ?? '—'))

/** Columns and lines of a list; nested lists (disks, rules) are told in one cell. */
function listTable(element: z.ZodObject, rows: readonly unknown[], words: Words): { columns: Column[]; lines: string[][] } {
  const keys = Object.keys(element.shape)
  const used = keys.filter(
    (key) => rows.some((row) => isObject(row) && !isBlank(row[key])) || !(element.shape[key] instanceof z.ZodOptional),
  )
  const columns = used.map((key): Column => {
    const schema = element.shape[key] as z.ZodType
    const label = labelOf(schema)
    const kind = inner(schema)
    const unit = label?.unit && kind instanceof z.ZodNumber ? `（${label.unit}）` : ''
    const narrow = kind instanceof z.ZodNumber || kind instanceof z.ZodBoolean
    const holdsRows = kind instanceof z.ZodArray && inner(kind.element as z.ZodType) instanceof z.ZodObject
    return { title: `${label?.zh ?? key}${unit}`, share: narrow ? 11 : holdsRows ? 28 : 16, figures: kind instanceof z.ZodNumber }
  })
  const lines = rows.map((row) =>
    used.map((key) => {
      const schema = element.shape[key] as z.ZodType
      const value = isObject(row) ? row[key] : undefined
      const word = words[key]?.[String(value)]
      if (word) return word
      const label = labelOf(schema)
      if (Array.isArray(value) && value.some(isObject)) return value.map((one) => nested(schema, one)).join('\n')
      return shown(value, typeof value === 'number' && label ? { ...label, unit: '' } : label)
    }),
  )
  return { columns, lines }
}

const nested = (list: z.ZodType, value: unknown): string => {
  const array = inner(list)
  const element = array instanceof z.ZodArray ? inner(array.element as z.ZodType) : undefined
  if (!isObject(value) || !(element instanceof z.ZodObject)) return shown(value, undefined)
  return Object.entries(element.shape)
    .filter(([key]) => !isBlank(value[key]))
    .map(([key, schema]) => shown(value[key], labelOf(schema as z.ZodType)))
    .join(' ')
}

/** Words for ids by field, e.g. the name of an image. */
export type Words = Readonly<Record<string, Readonly<Record<string, string>>>>

interface PartOptions {
  words?: Words
  skip?: ReadonlySet<string>
  files: readonly KeptAttachment[]
  /** Heading above: a field of the same name needs none of its own. */
  under?: string
}

/** One section of a form: short fields in pairs, long ones as prose, groups and lists as tables. */
export function sectionBlocks(
  shape: FormShape,
  fields: readonly string[],
  content: DraftContent,
  { words = {}, skip = new Set(), files, under }: PartOptions,
): Block[] {
  const blocks: Block[] = []
  let pairs: Pair[] = []
  const below = (title: string): Block[] => (title === under ? [] : [subHeadingOf(title)])
  const flush = () => {
    if (pairs.length > 0) blocks.push(pairsOf(pairs), gap())
    pairs = []
  }
  for (const field of fields) {
    if (skip.has(field)) continue
    const file = shape.files[field]
    if (file) {
      const names = files.filter((one) => one.field === field).map((one) => one.name)
      pairs.push({ label: file.zh, value: names.length > 0 ? `${names.join('、')}（见附件）` : '—', wide: true })
      continue
    }
    const { schema, label } = fieldAt(shape, field)
    const kind = inner(schema)
    const value = content[field]
    const title = label?.zh ?? field
    if (label?.long) {
      flush()
      blocks.push(...below(title), ...textOf(shown(value, label)), gap())
    } else if (kind instanceof z.ZodObject) {
      flush()
      blocks.push(...below(title), pairsOf(groupPairs(kind, value)), gap())
    } else if (kind instanceof z.ZodArray && inner(kind.element as z.ZodType) instanceof z.ZodObject) {
      flush()
      blocks.push(...below(title))
      const rows = Array.isArray(value) ? value : []
      if (rows.length === 0) blocks.push(noteOf('　　无。'))
      else {
        const { columns, lines } = listTable(inner(kind.element as z.ZodType) as z.ZodObject, rows, words)
        blocks.push(gridOf(columns, lines), gap())
      }
    } else pairs.push({ label: title, value: words[field]?.[String(value)] ?? shown(value, label) })
  }
  flush()
  return blocks
}

const groupPairs = (group: z.ZodObject, value: unknown): Pair[] =>
  Object.entries(group.shape).map(([key, schema]) => {
    const label = labelOf(schema as z.ZodType)
    return { label: label?.zh ?? key, value: shown(isObject(value) ? value[key] : undefined, label) }
  })

/** 「一、系统介绍」 and its content, for each section in turn. */
export function sectionsOf(shape: FormShape, content: DraftContent, options: PartOptions & { leaveOut?: ReadonlySet<string> }): Block[] {
  return shape.sections
    .filter((section) => !options.leaveOut?.has(section.id))
    .flatMap((section, index) => [
      headingOf(`${numeral(index + 1)}、${section.zh}`),
      ...sectionBlocks(shape, section.fields, content, { ...options, under: section.zh }),
    ])
}

export const totalsPairs = (totals: Totals): Pair[] =>
  (Object.keys(totalsLabels) as (keyof Totals)[]).map((key) => ({
    label: totalsLabels[key].zh,
    value: `${totals[key].toLocaleString('en-US')} ${totalsLabels[key].unit ?? ''}`,
  }))

/** List of what is enclosed, with the digest by which each file can be recognised. */
export const enclosuresOf = (files: readonly KeptAttachment[]): Block[] =>
  files.length === 0
    ? []
    : [
        gridOf(
          [
            { title: '附件', share: 34 },
            { title: '大小', share: 14, figures: true },
            { title: '摘要（SHA-256 前 16 位）', share: 30 },
          ],
          files.map((file) => [
            file.name,
            `${Math.max(1, Math.round(file.sizeBytes / 1024)).toLocaleString('en-US')} KB`,
            file.digest.value.slice(0, 16),
          ]),
        ),
        gap(),
      ]
