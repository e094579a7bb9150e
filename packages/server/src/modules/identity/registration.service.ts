import type { Role } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { fileProblems } from '@changbai/contract/file.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import {
  type EntryLink,
  LETTER_BYTES_MAX,
  LETTER_EXTENSIONS,
  type RegistrationRow,
  type registrationApi,
  registrationProblems,
} from '@changbai/contract/registration.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx, Locale } from '../../platform/ctx.ts'
import { fail, failKeepingWrites } from '../../platform/fail.ts'
import { acceptedMediaType, fileInfo, storeFile } from '../../platform/files.ts'
import { newId } from '../../platform/ids.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { issueLink } from './entry-link.service.ts'
import { proposeGrant } from './grant.service.ts'
import { addPerson } from './people.service.ts'
import { personById } from './person.store.ts'
import {
  decideRegistration,
  insertRegistration,
  listRegistrations,
  lockRegistration,
  type Registration,
  type RegistrationView,
  waitingUnder,
} from './registration.store.ts'
import { lockFailures, saveFailures } from './session.store.ts'
import { addTenant, type NewTenant } from './tenant.service.ts'

type Api = typeof registrationApi

declare module '../../platform/ctx.ts' {
  interface Events {
    'registration.received': { registrationId: string; number: string; bureau: string }
    'registration.refused': { number: string; bureau: string; reason: string; emails: string[]; locale: Locale }
  }
}

/** What one address may try in a day: a house registers once, a machine is stopped. */
const TRIES_A_DAY = 10
const DAY_HOURS = 24

/** Counts every try, the refused ones too; a row that is locked, so that tries at the same moment all count. */
async function countTry(ctx: Ctx): Promise<void> {
  const key = `registration:${ctx.actor.address}`
  const row = await lockFailures(ctx.db, key, ctx.now)
  const isOver = Temporal.Instant.compare(row.last_at.add({ hours: DAY_HOURS }), ctx.now) <= 0
  const [tries, since] = isOver ? [0, ctx.now] : [row.failures, row.last_at]
  if (tries >= TRIES_A_DAY) fail(registrationProblems.tooMany)
  await saveFailures(ctx.db, { key, failures: tries + 1, last_at: since, locked_until: null })
}

const isLetterName = (name: string): boolean => {
  const extension = name.toLowerCase().split('.').at(-1) ?? ''
  return LETTER_EXTENSIONS.some((one) => one === extension)
}

/**
 * Ruling 6: a bureau registers itself with an official letter. Whoever asks gets a number and nothing else: the answer is the same whether the
 * bureau, the people or another registration are there already. The same letter sent twice is one registration.
 */
export async function registerBureau(ctx: Ctx, input: Input<Api['register']>): Promise<Reply<Api['register']>> {
  await countTry(ctx)
  const { name, creditCode, pm, tl, letter } = input
  if (pm.email.toLowerCase() === tl.email.toLowerCase() || pm.name === tl.name) failKeepingWrites(registrationProblems.samePerson)
  const bytes = Buffer.from(letter.base64, 'base64')
  if (bytes.length > LETTER_BYTES_MAX) failKeepingWrites(registrationProblems.letterTooLarge)
  if (bytes.length === 0 || !isLetterName(letter.name) || !acceptedMediaType(letter.name, bytes))
    failKeepingWrites(fileProblems.lyingType, { name: letter.name })

  const digest = sha256Hex(bytes)
  for (const waiting of await waitingUnder(ctx.db, creditCode)) {
    if ((await fileInfo(ctx.db, waiting.letter_id))?.digest === digest) return { number: waiting.number }
  }
  const id = newId()
  const number = await nextNumber(ctx.db, 'DJ', shanghaiDay(ctx.now))
  const stored = await storeFile(ctx, [bytes], { name: letter.name, purpose: 'registration', owner: { type: 'registration', id } })
  await insertRegistration(ctx.db, {
    id,
    number,
    name,
    credit_code: creditCode,
    pm_name: pm.name,
    pm_phone: pm.phone,
    pm_email: pm.email,
    tl_name: tl.name,
    tl_phone: tl.phone,
    tl_email: tl.email,
    letter_id: stored.id,
    locale: ctx.locale,
    address: ctx.actor.address,
    submitted_at: ctx.now,
    status: 'SUBMITTED',
    reason: null,
    decided_by: null,
    decided_at: null,
    tenant_id: null,
  })
  await ctx.record({
    kind: 'registration.received',
    subject: { type: 'registration', id },
    after: { number, name, creditCode, pm: pm.name, tl: tl.name, letter: digest },
  })
  await ctx.publish('registration.received', { registrationId: id, number, bureau: name })
  return { number }
}

async function toRow(ctx: Ctx, row: RegistrationView): Promise<RegistrationRow> {
  const letter = (await fileInfo(ctx.db, row.letter_id)) ?? fail(commonProblems.notFound)
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    creditCode: row.credit_code,
    pm: { name: row.pm_name, phone: row.pm_phone, email: row.pm_email },
    tl: { name: row.tl_name, phone: row.tl_phone, email: row.tl_email },
    letter: { fileId: letter.id, name: letter.name, sizeBytes: letter.sizeBytes, digest: letter.digest },
    submittedAt: row.submitted_at.toString(),
    status: row.status,
    reason: row.reason,
    decidedBy: row.decided_name,
    decidedAt: row.decided_at?.toString() ?? null,
    tenantId: row.tenant_id,
    tenantStatus: row.tenant_status,
    known: row.known,
  }
}

export async function readRegistrations(ctx: Ctx, { status }: Input<Api['registrations']>): Promise<Reply<Api['registrations']>> {
  const rows = await listRegistrations(ctx.db, { status })
  return { items: await Array.fromAsync(rows, (row) => toRow(ctx, row)) }
}
/** One of them, for whoever may read the list. */
export async function readRegistration(ctx: Ctx, id: string): Promise<RegistrationRow> {
  if (!actorCan(ctx.actor, 'tenant.manage', 'R')) fail(commonProblems.forbidden, { capability: 'tenant.manage' })
  const [row] = await listRegistrations(ctx.db, { id })
  return row ? toRow(ctx, row) : fail(commonProblems.notFound)
}
/** The letter is for those who read the registrations. */
export const maySeeRegistration = async (ctx: Ctx): Promise<boolean> => actorCan(ctx.actor, 'tenant.manage', 'R')

interface Founder {
  name: string
  signIn: string
  phone?: string | undefined
  email?: string | undefined
}

/** A bureau that is only proposed, its first two people without a password, their grants before the security administrator. */
async function foundBureau(
  ctx: Ctx,
  tenant: NewTenant,
  founders: { pm: Founder; tl: Founder },
  { reason, locale }: { reason: string; locale?: Locale },
) {
  if (founders.pm.signIn === founders.tl.signIn || founders.pm.name === founders.tl.name) fail(registrationProblems.samePerson)
  const made = await addTenant(ctx, tenant, 'PROPOSED')
  const seats: [Role, Founder][] = [
    ['APP_PROJECT_MANAGER', founders.pm],
    ['TENANT_APPROVER', founders.tl],
  ]
  const people: { personId: string; name: string; signIn: string; role: Role }[] = []
  for (const [role, founder] of seats) {
    const personId = await addPerson(ctx, { ...founder, unit: tenant.shortName, locale }, { temporary: false })
    await proposeGrant(ctx, { personId, role, tenantId: made.id, applicationId: null, reason })
    people.push({ personId, name: founder.name, signIn: founder.signIn, role })
  }
  return { tenant: made, people }
}

/** @clause 3.2.1-(1) */
export async function inviteBureau(ctx: Ctx, input: Input<Api['invite']>): Promise<Reply<Api['invite']>> {
  const { tenant, people } = await foundBureau(ctx, input, input, { reason: input.reason })
  const links: EntryLink[] = []
  for (const person of people) {
    const { path, expiresAt } = await issueLink(ctx, person.personId)
    links.push({ ...person, path, expiresAt: expiresAt.toString() })
  }
  return { tenant, links }
}

async function lockOpen(ctx: Ctx, id: string): Promise<Registration> {
  const registration = (await lockRegistration(ctx.db, id)) ?? fail(commonProblems.notFound)
  if (registration.status === 'SUBMITTED') return registration
  const by = registration.decided_by ? (await personById(ctx.db, registration.decided_by))?.name : ''
  return fail(registrationProblems.decided, { by })
}

async function close(ctx: Ctx, id: string, outcome: { status: 'TAKEN_ON' | 'REFUSED'; reason: string | null; tenantId: string | null }) {
  const { status, reason, tenantId } = outcome
  await decideRegistration(ctx.db, id, { status, reason, tenant_id: tenantId, decided_by: personOf(ctx.actor), decided_at: ctx.now })
  await ctx.record({
    kind: status === 'TAKEN_ON' ? 'registration.taken-on' : 'registration.refused',
    subject: { type: 'registration', id },
    tenantId,
    before: { status: 'SUBMITTED' },
    after: { status, tenantId },
    ...(reason ? { data: { reason } } : {}),
  })
  const [row] = await listRegistrations(ctx.db, { id })
  return row ? toRow(ctx, row) : fail(commonProblems.notFound)
}

/** Takes a registration on; its people hear of it, with their way in, when the security administrator has approved. */
export async function takeOnRegistration(ctx: Ctx, input: Input<Api['takeOn']>): Promise<RegistrationRow> {
  const registration = await lockOpen(ctx, input.registrationId)
  const { tenant } = await foundBureau(
    ctx,
    { code: input.code, name: registration.name, shortName: input.shortName, creditCode: registration.credit_code },
    {
      pm: { name: registration.pm_name, signIn: input.pmSignIn, phone: registration.pm_phone, email: registration.pm_email },
      tl: { name: registration.tl_name, signIn: input.tlSignIn, phone: registration.tl_phone, email: registration.tl_email },
    },
    { reason: `自助登记 ${registration.number}`, locale: registration.locale },
  )
  return close(ctx, registration.id, { status: 'TAKEN_ON', reason: null, tenantId: tenant.id })
}

export async function refuseRegistration(ctx: Ctx, { registrationId, reason }: Input<Api['refuse']>): Promise<RegistrationRow> {
  const registration = await lockOpen(ctx, registrationId)
  const row = await close(ctx, registrationId, { status: 'REFUSED', reason, tenantId: null })
  await ctx.publish('registration.refused', {
    number: registration.number,
    bureau: registration.name,
    reason,
    emails: [registration.pm_email, registration.tl_email],
    locale: registration.locale,
  })
  return row
}
