import { CHAIN_START, chainOn, type Entry, type NewEntry } from '@changbai/verify/availability/chain.ts'
import { type Account as Merged, openAccount } from '@changbai/verify/availability/figures.ts'
import { type Folded, foldChain } from '@changbai/verify/availability/fold.ts'
import { asOfYear, endAt, type Known, knownOf, type Statement, statementOf } from '@changbai/verify/availability/statement.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type Account, chainOf, createAccount, insertEntries, instantText, lockAccount, saveAccount } from './chain.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    /** Something was written into the chain of an application: its figures may be others now. */
    'availability.changed': { applicationId: string; kinds: Entry['kind'][] }
  }
}

/** Stands for "goes on" in what is kept: later than any contract year. */
const FAR = 8_000_000_000_000_000

const keptOf = (folded: Folded): Known => knownOf(folded, FAR)
const goesOn = (kept: Known) => [...kept.outages, ...kept.unknown].some(({ to }) => to === FAR)

/** The statement of one year from what is kept; the same figures as from the chain, which the export proves. */
export function readKept(kept: Known, year: number, now: number): { known: Known; account: Merged; statement: Statement } {
  const asOf = asOfYear(year, now)
  const known = endAt(kept, FAR, asOf)
  const account = openAccount(known)
  return { known, account, statement: statementOf(known, year, asOf, account) }
}

/** The account of an application, held for writing; made when it is first needed. */
export async function holdAccount(ctx: Ctx, applicationId: string): Promise<Account> {
  const held = await lockAccount(ctx.db, applicationId)
  if (held) return held
  await createAccount(ctx.db, applicationId, CHAIN_START.head, keptOf(foldChain([])))
  return (await lockAccount(ctx.db, applicationId)) as Account
}

export interface Written {
  entries: Entry[]
  folded: Folded
}

/** Adds entries to the chain of an application and reads it anew. Nothing is added when there is nothing to say. */
export async function write(ctx: Ctx, applicationId: string, added: readonly NewEntry[]): Promise<Written> {
  const account = await holdAccount(ctx, applicationId)
  const before = await chainOf(ctx.db, applicationId)
  if (added.length === 0) return { entries: before, folded: foldChain(before) }
  const fresh = chainOn(
    applicationId,
    { seq: account.seq, head: account.head },
    instantText(ctx.now),
    ctx.actor.name,
    added,
    ctx.crypto.digestAlgorithm,
  )
  await insertEntries(ctx.db, applicationId, fresh, ctx.actor.personId)
  const entries = [...before, ...fresh]
  const folded = foldChain(entries)
  const last = fresh.at(-1) as Entry
  const kept = keptOf(folded)
  await saveAccount(ctx.db, applicationId, { seq: last.seq, head: last.digest }, kept, goesOn(kept))
  await ctx.publish('availability.changed', { applicationId, kinds: added.map(({ kind }) => kind) })
  return { entries, folded }
}

/** Puts a whole chain where none is yet: demo data, and measurements of a full house. */
export async function importChain(ctx: Ctx, applicationId: string, entries: readonly Entry[]): Promise<void> {
  const last = entries.at(-1)
  await holdAccount(ctx, applicationId)
  if (!last) return
  await insertEntries(ctx.db, applicationId, entries, null)
  const kept = keptOf(foldChain(entries))
  await saveAccount(ctx.db, applicationId, { seq: last.seq, head: last.digest }, kept, goesOn(kept))
}

export async function readFolded(ctx: Ctx, applicationId: string): Promise<Written> {
  const entries = await chainOf(ctx.db, applicationId)
  return { entries, folded: foldChain(entries) }
}
