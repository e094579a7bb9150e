import { z } from 'zod'
import { text } from './endpoint.ts'

/** Text in both languages of the product; what people typed is never translated. */
export const bilingual = z.object({ zh: z.string(), en: z.string() })
export type Bilingual = z.infer<typeof bilingual>

/** What a person reads about a field: label, unit, the format asked for. Carried by the schema itself (`.meta`). */
export interface FieldLabel {
  zh: string
  en: string
  /** Unit shown inside the field, e.g. `GiB`, `人`. */
  unit?: string
  /** The format, said as a demand: 「不少于 180 天（网络安全法）」. */
  hint?: Bilingual
  /** Computed on the server from other fields: shown, never typed. */
  computed?: true
  /** Long text: several lines. */
  long?: true
  /** Words for the codes of a choice. */
  choices?: Readonly<Record<string, Bilingual>>
}
export const field = <T extends z.ZodType>(schema: T, label: FieldLabel): T => schema.meta({ label }) as T
export const hint = (zh: string, en: string): Bilingual => ({ zh, en })

/** A field that holds files: the files hang on the form as attachments with `field` as their purpose. */
export interface FileField {
  section: string
  zh: string
  en: string
  /** `always`, or decided by the form's own rule (the gap list says when it is missing). */
  required: 'always' | 'sometimes' | 'never'
}

/** One part of a form: its heading and the fields (and file fields) below it. */
export interface FormSection {
  id: string
  zh: string
  en: string
  fields: readonly string[]
  /** Its fields are sub-sections of their own: `4.1`, `4.2` in the order of `fields`. */
  numbered?: true
}

/** Most lines one list of a form may hold; a longer list belongs in an attachment. */
export const LIST_MAX = 2000
/** Most characters of one long text. */
export const LONG_TEXT_MAX = 20_000
/** Largest form content as JSON, bytes. */
export const CONTENT_MAX_BYTES = 4 * 1024 * 1024

export const longText = (min = 1) => text(LONG_TEXT_MAX, min)
export const shortText = (min = 1) => text(200, min)
export const list = <T extends z.ZodType>(item: T) => z.array(item).max(LIST_MAX)
export const count = (min: number, max: number) => z.int().min(min).max(max)
/** A quantity of at most three decimals. */
export const amount = (min: number, max: number) => z.number().min(min).max(max)
