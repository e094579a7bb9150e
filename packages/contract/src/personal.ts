import { z } from 'zod'
import { can, endpoint, instant, text } from './endpoint.ts'
import type { DataClass } from './exports.ts'
import { problem } from './problem.ts'

/** How a value of the class is shown to whoever needs it not: a number, a text that may hold some, the fields of a form by their names. */
export type MaskedAs = 'phone' | 'text' | 'form'
export interface PersonalMark {
  dataClass: DataClass
  maskedAs: MaskedAs
  /** A field beside it, true when the reader is whom it belongs to. */
  wholeIf?: string
}

/** Marks what a reply says of how somebody is reached. The door masks it by this mark; no service does. */
export const contactData = <T extends z.ZodType>(schema: T, maskedAs: MaskedAs, wholeIf?: string): T =>
  schema.meta({ dataClass: 'contact', maskedAs, ...(wholeIf && { wholeIf }) } satisfies PersonalMark) as T

export const RevealSubject = z.enum(['person', 'incident', 'call', 'registration', 'form', 'service-request', 'migration'])
export type RevealSubject = z.infer<typeof RevealSubject>

export const personalProblems = {
  nothing: problem('personal.nothing', 404, { zh: '这里没有联系方式', en: 'Nothing to be shown here' }),
}

export const personalApi = {
  /** Leaves a fact each time: who looked, at whose, why. What is shown is not kept in it. */
  reveal: endpoint({
    method: 'POST',
    path: '/personal/reveal',
    summary: '查看一处完整的联系方式（说明用途，留审计记录）',
    access: can('personal.contact', 'X'),
    input: z.object({
      subject: RevealSubject,
      id: z.uuid(),
      /** Where in what its page shows, e.g. `reporterPhone`, `content.contactPhone`. */
      field: z
        .string()
        .regex(/^[A-Za-z]+(\.[A-Za-z0-9]+){0,3}$/)
        .max(80),
      reason: text(200, 2),
    }),
    reply: z.object({ value: z.string(), at: instant }),
    problems: [personalProblems.nothing],
  }),
} as const
