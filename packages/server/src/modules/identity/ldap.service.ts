import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { LDAP_NAMES_SHOWN, type LdapAccount, type LdapSync, type ldapApi, ldapProblems } from '@changbai/contract/ldap.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail, ProblemError } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { type Ldap, LdapDown, type LdapEntry } from '../../platform/ldap.ts'
import type { Step } from '../../platform/mount.ts'
import { problemBody } from '../../platform/problem.ts'
import { THREE_ADMINISTRATORS } from './grant.service.ts'
import { rolesOf } from './grant.store.ts'
import { emailOf, isMassLeaving, type KnownEntry, phoneOf, planSync, type SyncPlan } from './ldap.domain.ts'
import {
  type AccountView,
  accountOfPerson,
  allAccounts,
  countAccounts,
  decideAccount,
  dropPasswords,
  insertSync,
  type LdapSyncRow,
  listAccounts,
  lockAccount,
  lockSync,
  markGone,
  recentSyncs,
  saveAccounts,
} from './ldap.store.ts'
import { addPerson, disablePerson } from './people.service.ts'
import { personById, personBySignIn } from './person.store.ts'
import { endSessions } from './session.service.ts'

type Api = typeof ldapApi

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'identity.ldap-sync': Record<string, never>
  }
  interface Events {
    /** People left the directory: their accounts are closed and their work waits to be handed over. */
    'ldap.left': { count: number; names: string }
    /** A synchronisation that could not be made, or that waits for a person's word. */
    'ldap.trouble': { problem: string }
  }
}

const SYNCS_SHOWN = 10

const toAccount = (row: AccountView): LdapAccount => ({
  entryId: row.entry_id,
  dn: row.dn,
  signIn: row.sign_in,
  name: row.name,
  unit: row.unit,
  state: row.state,
  presence: row.presence,
  person: row.here_id
    ? { id: row.here_id, name: row.here_name ?? '', active: row.here_active === true, administrator: row.here_administrator }
    : null,
  firstSeenAt: row.first_seen_at.toString(),
  seenAt: row.seen_at.toString(),
})
const oneAccount = async (ctx: Ctx, entryId: string): Promise<LdapAccount> => {
  const [row] = await listAccounts(ctx.db, { entryId, limit: 1 })
  return row ? toAccount(row) : fail(commonProblems.notFound)
}
const toSync = (row: LdapSyncRow & { asked_name: string | null }): LdapSync => ({
  id: row.id,
  at: row.at.toString(),
  cause: row.cause,
  askedBy: row.asked_name,
  outcome: row.outcome,
  problem: row.problem,
  found: row.found,
  counts: { ...NOTHING, ...row.counts },
  leavers: row.leavers,
})
const NOTHING = { added: 0, changed: 0, leaving: 0, back: 0, unusable: 0 }

export const readLdap =
  (ldap: Ldap | null) =>
  async (ctx: Ctx): Promise<Reply<Api['state']>> => ({
    settings: ldap && {
      url: ldap.config.url,
      encrypted: ldap.config.startTls || ldap.config.url.startsWith('ldaps:'),
      base: ldap.config.base,
      filter: ldap.config.filter,
      disabledFilter: ldap.config.disabledFilter ?? null,
      attributes: ldap.config.attributes,
    },
    ...(await countAccounts(ctx.db)),
    syncs: (await recentSyncs(ctx.db, SYNCS_SHOWN)).map(toSync),
  })

export async function readLdapAccounts(ctx: Ctx, input: Input<Api['accounts']>): Promise<Reply<Api['accounts']>> {
  const after = readCursor(input.after)
  const rows = await listAccounts(ctx.db, {
    state: input.state,
    q: input.q,
    after: after && { name: after[0], id: after[1] },
    limit: input.limit + 1,
  })
  const { items, next } = pageOf(rows, input.limit, (row) => [row.name, row.entry_id])
  return { items: items.map(toAccount), next }
}

const PURPOSE = 'ldap'
const sealed = (ctx: Ctx, text: string | null): string | null => (text === null ? null : ctx.crypto.seal(PURPOSE, text))
const opened = (ctx: Ctx, text: string | null): string | null => (text === null ? null : ctx.crypto.open(PURPOSE, text))

async function readKnown(ctx: Ctx): Promise<KnownEntry[]> {
  return (await allAccounts(ctx.db)).map((row) => ({
    entryId: row.entry_id,
    dn: row.dn,
    signIn: row.sign_in,
    name: row.name,
    unit: row.unit,
    phone: opened(ctx, row.phone),
    email: opened(ctx, row.email),
    presence: row.presence,
    linked: row.state === 'LINKED',
  }))
}
const countsOf = (plan: SyncPlan) => ({
  added: plan.added.length,
  changed: plan.changed.length,
  leaving: plan.leaving.length,
  back: plan.back.length,
  unusable: plan.unusable.length,
})
const isHeld = (plan: SyncPlan, known: readonly KnownEntry[]): boolean =>
  isMassLeaving(
    plan.leaving.filter((one) => one.known.linked).length,
    known.filter((one) => one.linked && one.presence === 'PRESENT').length,
  )

export const previewSync =
  (ldap: Ldap | null) =>
  async (step: Step): Promise<Reply<Api['preview']>> => {
    const found = await readFound(ldap).catch((error: unknown) => {
      if (error instanceof LdapDown) return fail(ldapProblems.unreachable, { reason: error.message })
      throw error
    })
    return step(async (ctx) => {
      const known = await readKnown(ctx)
      const plan = planSync(known, found)
      const named = ({ signIn, name }: { signIn: string; name: string }) => ({ signIn, name })
      await ctx.record({ kind: 'ldap.previewed', subject: { type: 'ldap', id: 'directory' }, data: { found: found.length } })
      return {
        found: found.length,
        counts: countsOf(plan),
        added: plan.added.slice(0, LDAP_NAMES_SHOWN).map(named),
        changed: plan.changed.slice(0, LDAP_NAMES_SHOWN).map(({ entry }) => named(entry)),
        leaving: plan.leaving.slice(0, LDAP_NAMES_SHOWN).map(({ known: one, why }) => ({ ...named(one), why, linked: one.linked })),
        back: plan.back.slice(0, LDAP_NAMES_SHOWN).map(named),
        unusable: plan.unusable.slice(0, LDAP_NAMES_SHOWN),
        held: isHeld(plan, known),
      }
    })
  }

const readFound = (ldap: Ldap | null): Promise<LdapEntry[]> => (ldap ? ldap.readAll() : fail(ldapProblems.off))

/** Asks the directory, then writes in one transaction what has changed; what could not be read is written down, too. */
export async function syncLdap(
  ldap: Ldap | null,
  step: Step,
  asked: { cause: 'NIGHTLY' | 'ASKED'; confirmLeavers: boolean },
): Promise<LdapSync> {
  const found = await readFound(ldap).catch((error: unknown) => {
    if (error instanceof LdapDown) return error
    throw error
  })
  return step((ctx) => (found instanceof LdapDown ? keepSync(ctx, asked.cause, failed(found)) : applySync(ctx, found, asked)))
}
const failed = (error: LdapDown) => ({ outcome: 'FAILED' as const, problem: error.message, found: 0, counts: NOTHING, leavers: [] })

async function keepSync(
  ctx: Ctx,
  cause: 'NIGHTLY' | 'ASKED',
  outcome: Pick<LdapSyncRow, 'outcome' | 'problem' | 'found' | 'counts' | 'leavers'>,
): Promise<LdapSync> {
  const id = newId()
  await insertSync(ctx.db, { id, at: ctx.now, cause, asked_by: ctx.actor.personId, ...outcome })
  await ctx.record({
    kind: outcome.outcome === 'DONE' ? 'ldap.synced' : outcome.outcome === 'HELD' ? 'ldap.held' : 'ldap.not-reached',
    subject: { type: 'ldap', id: 'directory' },
    data: { cause, found: outcome.found, ...outcome.counts, ...(outcome.problem ? { problem: outcome.problem } : {}) },
  })
  if (outcome.problem && cause === 'NIGHTLY') await ctx.publish('ldap.trouble', { problem: outcome.problem })
  const [row] = await recentSyncs(ctx.db, 1)
  return row ? toSync(row) : fail(commonProblems.notFound)
}

async function applySync(
  ctx: Ctx,
  found: readonly LdapEntry[],
  { cause, confirmLeavers }: { cause: 'NIGHTLY' | 'ASKED'; confirmLeavers: boolean },
): Promise<LdapSync> {
  await lockSync(ctx.db)
  const known = await readKnown(ctx)
  const plan = planSync(known, found)
  const counts = countsOf(plan)
  if (isHeld(plan, known) && !confirmLeavers) {
    const problem = `一次有 ${counts.leaving} 人离开目录，疑为检索范围有误，未作任何改动，请核对后确认 / ${counts.leaving} would leave at once; nothing was changed`
    return keepSync(ctx, cause, { outcome: 'HELD', problem, found: found.length, counts, leavers: [] })
  }
  const rows = [...plan.added, ...plan.changed.map(({ entry }) => entry)]
  await saveAccounts(
    ctx.db,
    rows.map(({ entryId, signIn, disabled, phone, email, ...rest }) => ({
      ...rest,
      phone: sealed(ctx, phone),
      email: sealed(ctx, email),
      entry_id: entryId,
      sign_in: signIn,
      presence: disabled ? 'DISABLED' : 'PRESENT',
      seen_at: ctx.now,
    })),
  )
  await markGone(
    ctx.db,
    plan.leaving.filter(({ why }) => why === 'GONE').map((one) => one.known.entryId),
  )
  const leavers: LdapSyncRow['leavers'] = []
  for (const { known: one, why } of plan.leaving.filter((leaving) => leaving.known.linked)) {
    const leaver = await closeLeaver(ctx, one, why)
    if (leaver) leavers.push(leaver)
  }
  if (leavers.length > 0)
    await ctx.publish('ldap.left', {
      count: leavers.length,
      names: leavers
        .slice(0, 10)
        .map(({ name }) => name)
        .join('、'),
    })
  return keepSync(ctx, cause, { outcome: 'DONE', problem: null, found: found.length, counts, leavers })
}

/** Signed out and closed here the same night; grants and work wait for whoever hands them over. */
async function closeLeaver(ctx: Ctx, { entryId }: KnownEntry, why: 'DISABLED' | 'GONE'): Promise<LdapSyncRow['leavers'][number] | null> {
  const account = await lockAccount(ctx.db, entryId)
  const person = account?.person_id ? await personById(ctx.db, account.person_id) : undefined
  if (!person?.active) return null
  const leaver = { personId: person.id, signIn: person.sign_in, name: person.name, why }
  const reason = why === 'GONE' ? '已不在单位目录中' : '在单位目录中已停用'
  try {
    await disablePerson(ctx, { personId: person.id, reason })
    return { ...leaver, closed: true }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    // the last of an administrator's role: the account stays, the person is signed out and the directory lets nobody in
    await endSessions(ctx, { personId: person.id }, 'CLOSED')
    return { ...leaver, closed: false }
  }
}

/** Opens an account without any role, or binds the one of the same name; a role is granted as any other. */
export async function takeOnEntries(ctx: Ctx, { entryIds }: Input<Api['takeOn']>): Promise<Reply<Api['takeOn']>> {
  const result: { created: number; linked: number; refused: { entryId: string; message: string }[] } = {
    created: 0,
    linked: 0,
    refused: [],
  }
  for (const entryId of new Set(entryIds)) {
    try {
      result[await takeOn(ctx, entryId)] += 1
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      result.refused.push({ entryId, message: problemBody(error.kind, ctx.locale, error.params).title })
    }
  }
  return result
}

/** Every check comes before the first write: one that is refused has written nothing. */
async function takeOn(ctx: Ctx, entryId: string): Promise<'created' | 'linked'> {
  const account = (await lockAccount(ctx.db, entryId)) ?? fail(commonProblems.notFound)
  const { name, sign_in: signIn } = account
  if (account.state !== 'PENDING') fail(ldapProblems.decided, { name })
  if (account.presence !== 'PRESENT') fail(ldapProblems.absent, { name })
  const same = await personBySignIn(ctx.db, signIn)
  if (same && (await rolesOf(ctx.db, same.id)).some((role) => THREE_ADMINISTRATORS.has(role)))
    fail(ldapProblems.administrator, { name: same.name })
  if (same && (await accountOfPerson(ctx.db, same.id))) fail(ldapProblems.taken, { signIn })
  const personId =
    same?.id ??
    (await addPerson(
      ctx,
      {
        name,
        signIn,
        unit: account.unit?.slice(0, 100),
        phone: phoneOf(opened(ctx, account.phone)),
        email: emailOf(opened(ctx, account.email)),
      },
      { temporary: false },
    ))
  await decideAccount(ctx.db, entryId, { state: 'LINKED', person_id: personId, decided_by: personOf(ctx.actor), decided_at: ctx.now })
  // who was signed in by a local password signs in by the directory from now on
  if (same) await endSessions(ctx, { personId }, 'PASSWORD')
  await ctx.record({ kind: 'ldap.linked', subject: { type: 'person', id: personId }, after: { entryId, dn: account.dn, signIn } })
  return same ? 'linked' : 'created'
}

export async function ignoreEntry(ctx: Ctx, { entryId, ignored }: Input<Api['ignore']>): Promise<LdapAccount> {
  const account = (await lockAccount(ctx.db, entryId)) ?? fail(commonProblems.notFound)
  if (account.state === 'LINKED') fail(ldapProblems.decided, { name: account.name })
  const state = ignored ? 'IGNORED' : 'PENDING'
  await decideAccount(ctx.db, entryId, { state, person_id: null, decided_by: personOf(ctx.actor), decided_at: ctx.now })
  await ctx.record({
    kind: 'ldap.decided',
    subject: { type: 'ldap', id: entryId },
    before: { state: account.state },
    after: { state },
  })
  return oneAccount(ctx, entryId)
}

/** Back to a local account; without a password until one is set by an entry link or by the administrator. */
export async function releaseEntry(ctx: Ctx, { entryId }: Input<Api['release']>): Promise<LdapAccount> {
  const account = await lockAccount(ctx.db, entryId)
  if (!account?.person_id) return fail(commonProblems.notFound)
  await dropPasswords(ctx.db, account.person_id)
  await endSessions(ctx, { personId: account.person_id }, 'PASSWORD')
  await decideAccount(ctx.db, entryId, { state: 'IGNORED', person_id: null, decided_by: personOf(ctx.actor), decided_at: ctx.now })
  await ctx.record({ kind: 'ldap.released', subject: { type: 'person', id: account.person_id }, before: { entryId, dn: account.dn } })
  return oneAccount(ctx, entryId)
}
