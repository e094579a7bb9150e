import { isRole, ROLES } from '@changbai/contract/capability.ts'
import { type Language, language } from './text.ts'

/** A role in words; a code this page does not know yet is shown as it is. */
export const roleName = (code: string, lang: Language = language()): string =>
  isRole(code) ? (lang === 'en-US' ? ROLES[code].en : ROLES[code].zh) : code
export const roleOptions = (lang: Language = language()): (readonly [string, string])[] =>
  Object.keys(ROLES).map((code) => [code, roleName(code, lang)] as const)
