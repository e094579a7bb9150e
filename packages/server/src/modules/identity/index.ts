import type { Role } from '@changbai/contract/capability.ts'
import { type Actor, anonymous } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx, Locale } from '../../platform/ctx.ts'
import type { Database } from '../../platform/db.ts'
import { remembered } from '../../platform/memo.ts'
import type { SignInPort } from '../../platform/mount.ts'
import { HOLDERS, personsHolding } from './grant.store.ts'
import { listTenants, localesOf, namesOfPersons, namesOfTenants, personById, saveLocale, tenantById } from './person.store.ts'
import { AGENT_MAX, sessionActor, touchSession } from './session.store.ts'
import { COOKIE } from './sign-in.service.ts'

export { accessJobs, identityCron } from './access.routes.ts'
export { auditIdentity, type IdentityAudit } from './audit.service.ts'
export { approveGrant, grantDirect, proposeGrant } from './grant.service.ts'
export { bureauHolders, daysHeld, grantsForClause, placesHeldAt } from './identity.clauses.ts'
export { incompatibleRole } from './identity.domain.ts'
export { identityRoutes } from './identity.routes.ts'
export { searchPeople } from './identity.search.ts'
export { ldapJobs } from './ldap.routes.ts'
export { newestSync } from './ldap.store.ts'
export { addPerson, disablePerson, enablePerson, givePassword, type NewPerson, readPeople, resetPassword } from './people.service.ts'
export { insertPerson } from './person.store.ts'
export { type Caller, peopleWithEmail, peopleWithPhone } from './phone.store.ts'
export { registerIdentityPorts } from './ports.ts'
export { maySeeRegistration, readRegistration } from './registration.service.ts'
export { endStolenSession } from './session.service.ts'
export { openSetUp } from './set-up.service.ts'
export { readSession } from './sign-in.service.ts'
export { singleSignOnJobs } from './single-sign-on.routes.ts'
export { addTenant, createTenant } from './tenant.service.ts'

const cookieValue = (header: string): string | undefined =>
  header
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1)

/** Somebody else’s browser holds the cookie of a session. */
export interface StolenSession {
  sessionId: string
  address: string
  agent: string
}

/** Who calls, from the session cookie; the idle clock moves with every call. */
export const sessionSignIn = (database: () => Database, onStolen: (stolen: StolenSession) => void = () => {}): SignInPort => ({
  async resolveActor(db, { cookie, address, agent, now }) {
    const secret = cookieValue(cookie)
    if (!secret) return anonymous(address)
    const row = await sessionActor(db, sha256Hex(secret), now, address)
    if (!row) return anonymous(address)
    // a browser does not become another one while a session lasts: whoever has the cookie now did not sign in with it
    if (agent !== undefined && agent.slice(0, AGENT_MAX) !== row.user_agent) {
      onStolen({ sessionId: row.session_id, address, agent: agent.slice(0, AGENT_MAX) })
      return anonymous(address)
    }
    return {
      kind: 'person',
      personId: row.person_id,
      name: row.name,
      grants: row.grants as Actor['grants'],
      address,
      sessionId: row.session_id,
    }
  },
  touch(actor, now) {
    if (actor.sessionId) touchSession(database(), actor.sessionId, now).catch(() => {})
  },
})

/** Active people holding the role where the work lies, delegates included. */
export const holdersOf = (
  ctx: Ctx,
  role: Role,
  place: { tenantId?: string | null; applicationId?: string | null } = {},
): Promise<string[]> => holdersOfEach(ctx, [role], place).then((found) => found.get(role) ?? [])

/** Likewise for several roles, in one read; a command that asks again is answered from what it has read. */
export async function holdersOfEach(
  ctx: Ctx,
  roles: readonly Role[],
  place: { tenantId?: string | null; applicationId?: string | null } = {},
): Promise<Map<Role, string[]>> {
  const { tenantId = null, applicationId = null } = place
  const known = await remembered(ctx.db, `${HOLDERS}${tenantId} ${applicationId}`, () => Promise.resolve(new Map<Role, string[]>()))
  const unknown = roles.filter((role) => !known.has(role))
  if (unknown.length > 0)
    for (const [role, ids] of await personsHolding(ctx.db, unknown, { tenantId, applicationId }, ctx.now)) known.set(role, ids)
  return new Map(roles.map((role) => [role, known.get(role) ?? []]))
}

/** Names by id; unknown ids are left out. */
export const personNames = (ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> => namesOfPersons(ctx.db, ids)
export const tenantNames = (ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> => namesOfTenants(ctx.db, ids)

/** The languages people have chosen; whoever has not is left out. */
export const personLocales = (ctx: Ctx, ids: readonly string[]): Promise<Map<string, Locale>> => localesOf(ctx.db, ids)
export const savePersonLocale = async (ctx: Ctx, id: string, locale: Locale): Promise<void> => void (await saveLocale(ctx.db, id, locale))

export interface PersonInfo {
  id: string
  name: string
  signIn: string
  phone: string | null
  email: string | null
  active: boolean
}
export async function findPerson(ctx: Ctx, id: string): Promise<PersonInfo | undefined> {
  const row = await personById(ctx.db, id)
  return row && { id: row.id, name: row.name, signIn: row.sign_in, phone: row.phone, email: row.email, active: row.active }
}
/** Every bureau that is one, for names to compare. */
export const bureaus = async (ctx: Ctx): Promise<{ id: string; code: string; name: string; shortName: string }[]> =>
  (await listTenants(ctx.db, null, undefined))
    .filter(({ status }) => status === 'ACTIVE')
    .map(({ id, code, name, short_name }) => ({ id, code, name, shortName: short_name }))
export async function findTenant(
  ctx: Ctx,
  id: string,
): Promise<{ id: string; name: string; shortName: string; active: boolean } | undefined> {
  const row = await tenantById(ctx.db, id)
  return row && { id: row.id, name: row.name, shortName: row.short_name, active: row.status === 'ACTIVE' }
}
