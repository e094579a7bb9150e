import type { DraftContent } from '@changbai/contract/forms.ts'
import { numberOf, rowsOf } from '@changbai/contract/gaps.ts'

/** A line and how much of it can be given now: machines of `vmItems` and `bmItems`, GiB of `storageItems`. */
export interface PartialQuantity {
  path: string
  quantity: number
}

const QUANTITY: Readonly<Record<string, string>> = { vmItems: 'count', bmItems: 'count', storageItems: 'gib' }

export type Split =
  | { ok: true; now: DraftContent; later: DraftContent }
  | { ok: false; reason: 'UNKNOWN_LINE' | 'NOT_LESS' | 'NOTHING_NOW' }

/**
 * Splits a form into what can be given now and what waits. Lines not named are given whole now; network and security lines stay with what
 * is given now. Every quantity of the two parts adds up to the original.
 */
export function splitForm(content: DraftContent, partial: readonly PartialQuantity[]): Split {
  const wanted = new Map(partial.map((one) => [one.path, one.quantity]))
  const now: DraftContent = { ...content }
  const later: DraftContent = { ...content, netItems: [], secItems: [] }
  let less = false
  let something = false
  let known = 0
  for (const [field, quantity] of Object.entries(QUANTITY)) {
    const lines = rowsOf(content, field)
    const given: Record<string, unknown>[] = []
    const waiting: Record<string, unknown>[] = []
    lines.forEach((line, index) => {
      const asked = numberOf(line[quantity]) ?? 0
      const named = wanted.get(`${field}.${index}`)
      if (named !== undefined) known += 1
      const part = Math.min(named ?? asked, asked)
      if (part < asked) less = true
      if (part > 0) {
        something = true
        given.push({ ...line, [quantity]: part })
      }
      if (asked - part > 0) waiting.push({ ...line, [quantity]: asked - part })
    })
    now[field] = given
    later[field] = waiting
  }
  if (known !== wanted.size) return { ok: false, reason: 'UNKNOWN_LINE' }
  if (!less) return { ok: false, reason: 'NOT_LESS' }
  if (!something) return { ok: false, reason: 'NOTHING_NOW' }
  return { ok: true, now, later }
}
