import type { Endpoint } from '@changbai/contract/endpoint.ts'
import type { PersonalMark } from '@changbai/contract/personal.ts'
import type { z } from 'zod'
import { type Actor, actorCan } from './actor.ts'
import { maskDeep, maskPhone, maskText } from './mask.ts'

type Masker = (value: unknown) => unknown
interface Def {
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  innerType?: z.ZodType
  options?: readonly z.ZodType[]
  out?: z.ZodType
  valueType?: z.ZodType
}

const AS: Readonly<Record<PersonalMark['maskedAs'], Masker>> = {
  phone: (value) => (typeof value === 'string' && /\d/.test(value) ? maskPhone(value) : value),
  text: (value) => (typeof value === 'string' ? maskText(value) : value),
  form: (value) => maskDeep(value),
}
const isMark = (meta: object | undefined): meta is PersonalMark => meta !== undefined && 'maskedAs' in meta
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The mark of a field, also behind `nullable` and `optional`. */
function markOf(schema: z.ZodType): PersonalMark | null {
  const meta = schema.meta()
  if (isMark(meta)) return meta
  const { innerType } = schema._zod.def as Def
  return innerType ? markOf(innerType) : null
}

function ofObject(shape: Record<string, z.ZodType>, inside: readonly z.ZodType[]): Masker | null {
  const fields = Object.entries(shape).flatMap(([name, schema]) => {
    const mask = maskerOf(schema, inside)
    return mask ? [{ name, mask, wholeIf: markOf(schema)?.wholeIf }] : []
  })
  if (fields.length === 0) return null
  return (value) => {
    if (!isRecord(value)) return value
    const shown = { ...value }
    for (const { name, mask, wholeIf } of fields) if (!wholeIf || value[wholeIf] !== true) shown[name] = mask(value[name])
    return shown
  }
}

/** What masks the marked fields of a value of this shape; null: there are none. */
export function maskerOf(schema: z.ZodType, inside: readonly z.ZodType[] = []): Masker | null {
  const meta = schema.meta()
  if (isMark(meta)) return AS[meta.maskedAs]
  if (inside.includes(schema)) return null
  const deeper = [...inside, schema]
  const { shape, element, innerType, options, out, valueType } = schema._zod.def as Def
  if (shape) return ofObject(shape, deeper)
  const each = element && maskerOf(element, deeper)
  if (each) return (value) => (Array.isArray(value) ? value.map(each) : value)
  const values = valueType && maskerOf(valueType, deeper)
  if (values)
    return (value) => (isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, values(one)])) : value)
  const next = innerType ?? out
  if (next) return maskerOf(next, deeper)
  const choices = (options ?? []).map((one) => maskerOf(one, deeper)).filter((one) => one !== null)
  return choices.length === 0 ? null : (value) => choices.reduce((shown, mask) => mask(shown), value)
}

/** The desk and whoever is on duty have to telephone; everybody else recognises a number, and looks it up by saying why. */
export const seesContacts = (actor: Actor): boolean => actorCan(actor, 'personal.contact', 'R')

const maskers = new WeakMap<Endpoint, Masker | false>()
/** A reply as this caller may see it. The one place where what a page shows of how somebody is reached is masked. */
export function shownTo<T>(e: Endpoint, actor: Actor, reply: T): T {
  let mask = maskers.get(e)
  if (mask === undefined) {
    mask = maskerOf(e.reply) ?? false
    maskers.set(e, mask)
  }
  return mask === false || seesContacts(actor) ? reply : (mask(reply) as T)
}
