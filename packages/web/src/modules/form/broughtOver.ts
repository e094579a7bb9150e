import type { DraftContent, FormKind } from '@changbai/contract/forms.ts'
import { fieldMap, isBlank } from './fields.ts'

/** What names the application or is issued to it: never taken from another one. */
const OWN = new Set(['appName', 'appCode', 'title', 'mlpsFilingNo'])

/** A number we may not see whole is nobody's to hand in. */
const isMasked = (value: unknown): boolean => typeof value === 'string' && value.includes('****')

/** The fields worth bringing over: what is blank here, is not the application's own, is not computed and is no day that has passed. */
export function broughtOver(kind: FormKind, from: DraftContent, to: DraftContent, on: string): DraftContent {
  const fields = fieldMap(kind)
  return Object.fromEntries(
    Object.entries(from).filter(([name, value]) => {
      const field = fields.get(name)
      if (!field || field.control === 'fixed' || OWN.has(name) || isBlank(value) || isMasked(value) || !isBlank(to[name])) return false
      return !(field.control === 'day' && typeof value === 'string' && value < on)
    }),
  )
}
