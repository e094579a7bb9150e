import { AdmissionContent, admissionFiles, admissionSections } from '@changbai/contract/admission.ts'
import { CatalogContent, catalogFiles, catalogSections } from '@changbai/contract/catalog.ts'
import type { Bilingual, FieldLabel, FileField, FormKind, FormSection } from '@changbai/contract/forms.ts'
import { ProvisionContent, provisionFiles, provisionSections } from '@changbai/contract/provision-form.ts'
import { z } from 'zod'

/** A form as the contract states it: what may be typed, in which order, under which words. */
export interface FormShape {
  schema: z.ZodObject
  sections: readonly FormSection[]
  files: Readonly<Record<string, FileField>>
}

export const formShapes: Record<FormKind, FormShape> = {
  ADMISSION: { schema: AdmissionContent, sections: admissionSections, files: admissionFiles },
  CATALOG: { schema: CatalogContent, sections: catalogSections, files: catalogFiles },
  PROVISION_FORM: { schema: ProvisionContent, sections: provisionSections, files: provisionFiles },
}

export type Control = 'text' | 'long' | 'number' | 'flag' | 'day' | 'choice' | 'choices' | 'group' | 'list' | 'fixed'

/** One field as a page draws it; groups and lists carry their own fields. */
export interface FieldView {
  name: string
  control: Control
  label: FieldLabel
  optional: boolean
  /** Codes of a choice, in order. */
  codes: readonly string[]
  /** Decimals allowed: 0 for whole numbers. */
  decimals: number
  fields: readonly FieldView[]
}

const labelOf = (schema: z.ZodType): FieldLabel | undefined => (schema.meta() as { label?: FieldLabel } | undefined)?.label

const unwrap = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrap(schema.unwrap() as z.ZodType) : schema

function controlOf(schema: z.ZodType, label: FieldLabel): Pick<FieldView, 'control' | 'codes' | 'decimals' | 'fields'> {
  const plain = { codes: [], decimals: 0, fields: [] }
  if (schema instanceof z.ZodObject) return { ...plain, control: 'group', fields: fieldsOf(schema) }
  if (schema instanceof z.ZodArray) {
    const element = unwrap(schema.element as z.ZodType)
    if (element instanceof z.ZodObject) return { ...plain, control: 'list', fields: fieldsOf(element) }
    return { ...plain, control: 'choices', codes: element instanceof z.ZodEnum ? (element.options as string[]) : [] }
  }
  if (schema instanceof z.ZodEnum) return { ...plain, control: 'choice', codes: schema.options as string[] }
  if (schema instanceof z.ZodBoolean || schema instanceof z.ZodLiteral) return { ...plain, control: 'flag' }
  if (schema instanceof z.ZodNumber) return { ...plain, control: 'number', decimals: schema.format?.includes('int') ? 0 : 3 }
  if (schema instanceof z.ZodISODate) return { ...plain, control: 'day' }
  return { ...plain, control: label.long ? 'long' : 'text' }
}

/** The fields of an object schema, as its labels say; an unlabelled one is not shown to people. */
export function fieldsOf(schema: z.ZodObject): FieldView[] {
  return Object.entries(schema.shape).flatMap(([name, outer]) => {
    const inner = unwrap(outer as z.ZodType)
    const label = labelOf(outer as z.ZodType) ?? labelOf(inner)
    if (!label) return []
    const view = controlOf(inner, label)
    const control = label.computed ? ('fixed' as const) : view.control
    return [{ name, label, optional: (outer as z.ZodType) instanceof z.ZodOptional, ...view, control }]
  })
}

const cache = new Map<FormKind, Map<string, FieldView>>()
/** The fields of a form by name. */
export function fieldMap(kind: FormKind): Map<string, FieldView> {
  let map = cache.get(kind)
  if (!map) {
    map = new Map(fieldsOf(formShapes[kind].schema).map((view) => [view.name, view]))
    cache.set(kind, map)
  }
  return map
}

/** The words of a code: the label's own, or the code itself (`RAID10`, `TCP`). */
export const wordsOf = (label: FieldLabel, code: string): Bilingual => label.choices?.[code] ?? { zh: code, en: code }

export const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
