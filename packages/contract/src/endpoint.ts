import { z } from 'zod'
import type { Capability, Verb } from './capability.ts'
import type { ProblemKind } from './problem.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may call: everybody, everybody signed in, or holders of a capability of the permission matrix. */
export type Access = 'public' | 'signed-in' | AnyOf

/** One capability and verb is enough of those listed; the service still decides by bureau and application. */
export interface AnyOf {
  readonly anyOf: readonly { readonly capability: Capability; readonly verb: Verb }[]
}

export const can = (capability: Capability, verb: Verb): AnyOf => ({ anyOf: [{ capability, verb }] })
export const canAny = (...pairs: readonly (readonly [Capability, Verb])[]): AnyOf => ({
  anyOf: pairs.map(([capability, verb]) => ({ capability, verb })),
})

/** One thing that can be said over the wire. Path parameters (`:id`) are members of `input`. */
export interface Endpoint<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  readonly method: Method
  /** Path below `/api`, e.g. `/requests/:requestId/submit`. */
  readonly path: string
  readonly summary: string
  readonly access: Access
  readonly input: In
  readonly reply: Out
  readonly problems: readonly ProblemKind[]
  /** `file`: a multipart upload, its fields are the input. `download`: the reply is a stream of bytes. `events`: server-sent events. */
  readonly kind: 'json' | 'file' | 'download' | 'events'
  /** Taken even while the product is read-only: signing in and out, and what upkeep itself needs. */
  readonly whileReadOnly?: boolean
}

export const endpoint = <In extends z.ZodType, Out extends z.ZodType>(
  e: Omit<Endpoint<In, Out>, 'problems' | 'kind'> & Partial<Pick<Endpoint, 'problems' | 'kind'>>,
): Endpoint<In, Out> => ({ problems: [], kind: 'json', ...e })

export type Input<E extends Endpoint> = z.output<E['input']>
export type InputSent<E extends Endpoint> = z.input<E['input']>
export type Reply<E extends Endpoint> = z.input<E['reply']>
export type ReplyReceived<E extends Endpoint> = z.output<E['reply']>

/** An instant on the wire: ISO 8601 in UTC with milliseconds at most. */
export const instant = z.iso.datetime({ offset: true })
/** A day in Asia/Shanghai, `YYYY-MM-DD`. */
export const day = z.iso.date()
/** Text as people type it: trimmed, no control characters, bounded. */
export const text = (max: number, min = 0) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the purpose; PostgreSQL cannot store NUL
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/)

/** Keyset paging: `after` is the opaque end of the page before. */
export const pageInput = z.object({
  after: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int().optional() })
/** A reply without content. */
export const nothing = z.object({})
