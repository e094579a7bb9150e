import type { PolicyValues } from '@changbai/contract/access.ts'
import { type Capability, ROLES, type Role, roleHolds } from '@changbai/contract/capability.ts'

/** Parameters of section 5.1 of the domain: five failures lock for 15 minutes, idle after 15, passwords of ten characters and 90 days. */
export type SignInPolicy = PolicyValues
/** An address is shared by a whole bureau: it locks after this many times the failures of one account. */
export const ADDRESS_FACTOR = 10

/** Longest a session lives whatever its use, hours. */
export const SESSION_HOURS = 12
export const PASSWORDS_REMEMBERED = 5
/** Longest delegation, days (separation of duties, rule 6). */
export const DELEGATION_DAYS_MAX = 15

const CLASSES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]

/** Long enough, of enough kinds of characters, and not made of the user name. */
export const isStrongPassword = (password: string, signIn: string, policy: SignInPolicy): boolean =>
  [...password].length >= policy.passwordMinLength &&
  CLASSES.filter((kind) => kind.test(password)).length >= policy.passwordClasses &&
  !(signIn.length >= 3 && password.toLowerCase().includes(signIn.toLowerCase()))

/** What a failed sign-in does to the count: every `failuresToLock`-th in a row locks. */
export function countFailure(before: { failures: number }, now: Temporal.Instant, policy: SignInPolicy) {
  const failures = before.failures + 1
  const locks = failures % policy.failuresToLock === 0
  return { failures, lockedUntil: locks ? now.add({ minutes: policy.lockMinutes }) : null }
}

const ADMINISTRATORS: readonly Role[] = ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN']
const isAdministrator = (role: Role): boolean => ADMINISTRATORS.includes(role)
const sideOf = (role: Role): 'PLATFORM' | 'CUSTOMER' | 'PROVIDER' | 'BUREAU' | 'THIRD' => {
  const { group } = ROLES[role]
  if (group === 'PLATFORM') return 'PLATFORM'
  if (group === 'CUSTOMER') return 'CUSTOMER'
  if (group === 'EXTERNAL') return 'THIRD'
  return group === 'APPLICATION' || group === 'TENANT' ? 'BUREAU' : 'PROVIDER'
}

/**
 * The role already held that forbids this one, or null. The three administrators exclude each other and every business role;
 * operator, customer, bureau and third party exclude each other, because one reviews what another asks for.
 */
export function incompatibleRole(wanted: Role, held: readonly Role[]): Role | null {
  return (
    held.find((role) => {
      if (role === wanted) return false
      if (isAdministrator(role) || isAdministrator(wanted)) return true
      return sideOf(role) !== sideOf(wanted)
    }) ?? null
  )
}

/** May a holder of these roles propose a grant of `wanted`? The matrix says under which capability. */
export function mayPropose(wanted: Role, held: readonly Role[]): boolean {
  const capability: Capability = ROLES[wanted].grantedUnder
  return held.some((role) => roleHolds(role, capability, 'C'))
}

/** The roles one may use upon a person: not those this very person has lent one, or a delegate could do for them what they may not. */
export const rolesUpon = (held: readonly { role: Role; lender_id: string | null }[], personId: string): Role[] =>
  held.filter((one) => one.lender_id !== personId).map((one) => one.role)

/** A grant of a bureau's role needs a bureau; others must not have one. */
export const scopeProblem = (role: Role, tenantId: string | null): 'needed' | 'refused' | null => {
  const needsTenant = ROLES[role].scope === 'TENANT'
  if (needsTenant && tenantId === null) return 'needed'
  return !needsTenant && tenantId !== null ? 'refused' : null
}

/** `2026Q3` */
export const quarterOf = (on: Temporal.PlainDate): string => `${on.year}Q${Math.ceil(on.month / 3)}`
