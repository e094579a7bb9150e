import type { SecurityService } from '@changbai/contract/provision-form.ts'
import type { CoverState, SecurityItem } from '@changbai/contract/security.ts'

/** What one application holds, as far as coverage cares: last day inclusive. */
export interface Holding {
  code: SecurityService
  beginsOn: string
  expiresOn: string
  endedOn: string | null
}

/** What a protection level demands, in the order of the catalogue. @clause 5.3-9 */
export const demandedAt = (catalogue: readonly SecurityItem[], level: number): SecurityService[] =>
  catalogue.filter((item) => item.levels.includes(level)).map((item) => item.code)

const inForce = (one: Holding, on: string): boolean =>
  one.beginsOn <= on && one.expiresOn >= on && (one.endedOn === null || one.endedOn > on)

/**
 * How one demanded service stands on a day: held, held but ending within the days given, run out (and not renewed), ordered, or missing.
 * The holding that lasts longest counts. Days are `YYYY-MM-DD`.
 */
export function coverOf(
  code: SecurityService,
  holdings: readonly Holding[],
  ordered: ReadonlySet<SecurityService>,
  on: string,
  soonOn: string,
): { code: SecurityService; state: CoverState; expiresOn: string | null } {
  const own = holdings.filter((one) => one.code === code).sort((a, b) => b.expiresOn.localeCompare(a.expiresOn))
  const held = own.find((one) => inForce(one, on))
  if (held) return { code, state: held.expiresOn <= soonOn ? 'EXPIRING' : 'HELD', expiresOn: held.expiresOn }
  if (ordered.has(code)) return { code, state: 'ORDERED', expiresOn: null }
  const past = own.find((one) => one.endedOn === null && one.expiresOn < on)
  return past ? { code, state: 'EXPIRED', expiresOn: past.expiresOn } : { code, state: 'MISSING', expiresOn: null }
}

export const isCovered = (demanded: readonly { state: CoverState }[]): boolean =>
  demanded.every(({ state }) => state === 'HELD' || state === 'EXPIRING')

/** Days before the end at which people are reminded, the longest first; null: not due, or said already. */
export function reminderNow(daysLeft: number, remindAt: readonly number[], remindedAt: number | null): number | null {
  const due = [...remindAt].sort((a, b) => a - b).find((days) => daysLeft <= days)
  return due !== undefined && daysLeft >= 0 && (remindedAt === null || due < remindedAt) ? due : null
}
