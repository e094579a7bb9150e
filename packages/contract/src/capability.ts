/**
 * Who may do what: the roles of the service plan and the capability matrix, as data. The server's door decides by it, the web hides by it, the
 * walk test derives its expectations from it. Finer rules (the applicant never approves, one bureau never sees another) are the services' own.
 */

import { type Role, roleCodes } from './capability.roles.ts'
import { matrix, type Verb, verbs } from './capability.rows.ts'

export * from './capability.roles.ts'
export { type Verb, verbs } from './capability.rows.ts'

export type Capability = keyof typeof matrix
export const capabilities = Object.keys(matrix) as Capability[]
export const isCapability = (name: string): name is Capability => Object.hasOwn(matrix, name)

/** Reading everywhere includes reading one's own scope; never the other way round. */
const verbsOf = (letters: string): readonly Verb[] =>
  verbs.filter((verb) => letters.includes(verb) || (verb === 'r' && letters.includes('R')))

/** capability -> role -> verbs; a role that is absent may do nothing with it. */
export const capabilityMatrix: Readonly<Record<Capability, Readonly<Partial<Record<Role, readonly Verb[]>>>>> = Object.fromEntries(
  capabilities.map((capability) => [
    capability,
    Object.fromEntries(Object.entries(matrix[capability]).map(([role, letters]) => [role, verbsOf(letters)])),
  ]),
) as Record<Capability, Partial<Record<Role, readonly Verb[]>>>

export const roleHolds = (role: Role, capability: Capability, verb: Verb): boolean =>
  capabilityMatrix[capability][role]?.includes(verb) ?? false

/** The roles that hold the verb, in the order of the plan. */
export const rolesWith = (capability: Capability, verb: Verb): Role[] => roleCodes.filter((role) => roleHolds(role, capability, verb))

/** 'request.submit:C' and so on: all that a set of roles may do, for the web to hide what it need not show. */
export const capabilityWords = (roles: Iterable<Role>): string[] => {
  const words = new Set<string>()
  for (const role of roles) {
    for (const capability of capabilities)
      for (const verb of verbs) if (roleHolds(role, capability, verb)) words.add(`${capability}:${verb}`)
  }
  return [...words].sort()
}
