import { type Capability, capabilityMatrix, type Role, type Verb } from '@changbai/contract/capability.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { fail } from './fail.ts'

/** A role held now; without bureau it reaches everywhere, without application all of its bureau. */
export interface Grant {
  role: Role
  tenantId: string | null
  applicationId: string | null
  /** Whose role it is while it is lent; absent on one's own. */
  lentBy?: { personId: string; name: string }
}

/** Who acts. Resolved by the door; a service never asks who somebody says they are. */
export interface Actor {
  kind: 'person' | 'system' | 'anonymous'
  personId: string | null
  name: string
  grants: readonly Grant[]
  /** Network address the request came from; empty for the system. */
  address: string
  sessionId: string | null
}

/** What a row must lie in for the actor to reach it. */
export type Scope = { all: true } | { all: false; tenantIds: string[]; applicationIds: string[] }

export const anonymous = (address: string): Actor => ({ kind: 'anonymous', personId: null, name: '', grants: [], address, sessionId: null })
export const systemActor = (name: string): Actor => ({ kind: 'system', personId: null, name, grants: [], address: '', sessionId: null })

const grantsWith = (actor: Actor, capability: Capability, verb: Verb): Grant[] =>
  actor.grants.filter((grant) => (capabilityMatrix[capability] as Partial<Record<Role, readonly Verb[]>>)[grant.role]?.includes(verb))

/** Does any role of the actor carry this right at all? Which rows it reaches is for {@link scopeOf}. The system may do everything. */
export const actorCan = (actor: Actor, capability: Capability, verb: Verb): boolean =>
  actor.kind === 'system' || grantsWith(actor, capability, verb).length > 0

/** The rows a right reaches: everywhere, or the bureaus and applications of the grants that carry it. */
export function scopeOf(actor: Actor, capability: Capability, ...verbs: Verb[]): Scope {
  if (actor.kind === 'system') return { all: true }
  const grants = verbs.flatMap((verb) => grantsWith(actor, capability, verb))
  if (grants.some((grant) => grant.tenantId === null && grant.applicationId === null)) return { all: true }
  return {
    all: false,
    tenantIds: [...new Set(grants.flatMap((grant) => (grant.applicationId === null && grant.tenantId ? [grant.tenantId] : [])))],
    applicationIds: [...new Set(grants.flatMap((grant) => (grant.applicationId ? [grant.applicationId] : [])))],
  }
}

export interface Placed {
  tenantId: string | null
  applicationId?: string | null
}

export const reaches = (scope: Scope, row: Placed): boolean =>
  scope.all ||
  (row.tenantId !== null && scope.tenantIds.includes(row.tenantId)) ||
  (row.applicationId != null && scope.applicationIds.includes(row.applicationId))

/** A row of another bureau does not exist for the caller: 404, so that ids cannot be probed. */
export function requireScope(actor: Actor, capability: Capability, verb: Verb | readonly Verb[], row: Placed): void {
  const verbs = typeof verb === 'string' ? [verb] : verb
  if (!verbs.some((one) => actorCan(actor, capability, one))) fail(commonProblems.forbidden, { capability })
  if (!reaches(scopeOf(actor, capability, ...verbs), row)) fail(commonProblems.notFound)
}

/** The person's id; commands of people only. */
export const personOf = (actor: Actor): string => actor.personId ?? fail(commonProblems.notSignedIn)
