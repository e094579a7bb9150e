import { ROLES, type Role } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type identityApi, identityProblems } from '@changbai/contract/identity.ts'
import { ldapProblems } from '@changbai/contract/ldap.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { scopeOf } from '../../platform/actor.ts'
import type { Ctx, Locale } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { maskPhone } from '../../platform/mask.ts'
import { countHolders, rolesOf } from './grant.store.ts'
import { accountOfPerson } from './ldap.store.ts'
import { setPassword } from './password.ts'
import { findPeople, insertPerson, listPeople, lockPerson, saveContact, setActive } from './person.store.ts'
import { endSessions, tellRightsChanged } from './session.service.ts'
import { clearFailures } from './session.store.ts'

type PersonListRow = Awaited<ReturnType<typeof listPeople>>[number]

const toRow = (row: PersonListRow): Reply<typeof identityApi.people>['items'][number] => ({
  id: row.id,
  name: row.name,
  signIn: row.sign_in,
  unit: row.unit,
  phone: row.phone,
  email: row.email,
  active: row.active,
  roles: row.roles as Reply<typeof identityApi.people>['items'][number]['roles'],
  lastSignInAt: row.last_sign_in_at?.toString() ?? null,
  lockedUntil: row.locked_until?.toString() ?? null,
  hasPassword: row.has_password,
  secondFactor: row.second_factor,
  createdAt: row.created_at.toString(),
})

export async function readPeople(ctx: Ctx, input: Input<typeof identityApi.people>): Promise<Reply<typeof identityApi.people>> {
  const after = readCursor(input.after)
  const rows = await listPeople(ctx.db, {
    q: input.q,
    active: input.active,
    role: input.role,
    after: after && { name: after[0], id: after[1] },
    limit: input.limit + 1,
  })
  const { items, next } = pageOf(rows, input.limit, (row) => [row.name, row.id])
  return { items: items.map((row) => toRow(row)), next }
}

const onePerson = async (ctx: Ctx, personId: string) => {
  const [row] = (await listPeople(ctx.db, { limit: 1, id: personId })).map((one) => toRow(one))
  return row ?? fail(commonProblems.notFound)
}

export async function readDirectory(
  ctx: Ctx,
  { q, role }: Input<typeof identityApi.directory>,
): Promise<Reply<typeof identityApi.directory>> {
  const scope = scopeOf(ctx.actor, 'iam.directory', 'R', 'r')
  const rows = await findPeople(ctx.db, q, role, scope.all ? null : scope.tenantIds)
  return { items: rows.map((row) => ({ personId: row.id, name: row.name, unit: row.unit, roles: row.roles as Role[] })) }
}

/** Where a person is reached from now on; the fact names what was changed and holds no number. */
export async function changeContact(
  ctx: Ctx,
  { personId, unit, phone, email }: Input<typeof identityApi.changeContact>,
): Promise<Reply<typeof identityApi.changeContact>> {
  const before = (await lockPerson(ctx.db, personId)) ?? fail(commonProblems.notFound)
  // whoever keeps accounts sees a masked number: sent back as it was shown, it stays
  const isKept = before.phone !== null && phone === maskPhone(before.phone)
  const contact = { unit: unit || null, phone: isKept ? before.phone : phone || null, email: email ?? null }
  const changed = (['unit', 'phone', 'email'] as const).filter((key) => before[key] !== contact[key])
  if (changed.length > 0) {
    await saveContact(ctx.db, personId, contact)
    await ctx.record({ kind: 'person.contact-changed', subject: { type: 'person', id: personId }, data: { changed } })
  }
  return onePerson(ctx, personId)
}

export interface NewPerson {
  name: string
  signIn: string
  /** Without one nobody can sign in before an entry link was used. */
  password?: string | undefined
  locale?: Locale | undefined
  unit?: string | undefined
  phone?: string | undefined
  email?: string | undefined
}

/** Makes an account; @throws identityProblems.signInTaken, identityProblems.weakPassword */
export async function addPerson(ctx: Ctx, person: NewPerson, { temporary }: { temporary: boolean }): Promise<string> {
  const row = await insertPerson(ctx.db, {
    id: newId(),
    sign_in: person.signIn,
    name: person.name,
    unit: person.unit ?? null,
    phone: person.phone ?? null,
    email: person.email ?? null,
    locale: person.locale ?? null,
    created_at: ctx.now,
  })
  if (!row) return fail(identityProblems.signInTaken, { signIn: person.signIn })
  if (person.password !== undefined) await setPassword(ctx, { id: row.id, signIn: row.sign_in }, person.password, { temporary })
  await ctx.record({
    kind: 'person.created',
    subject: { type: 'person', id: row.id },
    after: { name: row.name, signIn: row.sign_in, unit: row.unit },
  })
  return row.id
}

export const createPerson = async (
  ctx: Ctx,
  input: Input<typeof identityApi.createPerson>,
): Promise<Reply<typeof identityApi.createPerson>> => onePerson(ctx, await addPerson(ctx, input, { temporary: true }))

const ADMINISTRATORS: readonly Role[] = ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN']

export async function disablePerson(
  ctx: Ctx,
  { personId, reason }: Input<typeof identityApi.disablePerson>,
): Promise<Reply<typeof identityApi.disablePerson>> {
  const person = (await lockPerson(ctx.db, personId)) ?? fail(commonProblems.notFound)
  for (const role of await rolesOf(ctx.db, personId)) {
    if (ADMINISTRATORS.includes(role) && (await countHolders(ctx.db, role)) <= 1)
      fail(identityProblems.lastAdministrator, { role: ROLES[role].zh })
  }
  await setActive(ctx.db, personId, false, ctx.now)
  await endSessions(ctx, { personId }, 'CLOSED')
  await tellRightsChanged(ctx, personId)
  await ctx.record({
    kind: 'person.disabled',
    subject: { type: 'person', id: personId },
    before: { active: person.active },
    after: { active: false },
    data: { reason },
  })
  await ctx.publish('person.disabled', { personId })
  return onePerson(ctx, personId)
}

export async function enablePerson(
  ctx: Ctx,
  { personId, reason }: Input<typeof identityApi.enablePerson>,
): Promise<Reply<typeof identityApi.enablePerson>> {
  const person = (await lockPerson(ctx.db, personId)) ?? fail(commonProblems.notFound)
  await setActive(ctx.db, personId, true, ctx.now)
  await ctx.record({
    kind: 'person.enabled',
    subject: { type: 'person', id: personId },
    before: { active: person.active },
    after: { active: true },
    data: { reason },
  })
  return onePerson(ctx, personId)
}

export async function resetPassword(
  ctx: Ctx,
  { personId, password }: Input<typeof identityApi.resetPassword>,
): Promise<Reply<typeof identityApi.resetPassword>> {
  const person = (await lockPerson(ctx.db, personId)) ?? fail(commonProblems.notFound)
  if (await accountOfPerson(ctx.db, personId)) fail(ldapProblems.elsewhere)
  await setPassword(ctx, { id: person.id, signIn: person.sign_in }, password, { temporary: true })
  await clearFailures(ctx.db, `person:${personId}`)
  await endSessions(ctx, { personId }, 'PASSWORD')
  await ctx.record({ kind: 'password.reset', subject: { type: 'person', id: personId } })
  return {}
}

/** A lasting password for a person who has none yet; for invented people only. */
export async function givePassword(ctx: Ctx, personId: string, password: string): Promise<void> {
  const person = (await lockPerson(ctx.db, personId)) ?? fail(commonProblems.notFound)
  await setPassword(ctx, { id: person.id, signIn: person.sign_in }, password, { temporary: false })
}

declare module '../../platform/ctx.ts' {
  interface Events {
    'person.disabled': { personId: string }
  }
}
